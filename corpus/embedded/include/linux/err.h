/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_ERR_H
#define _LINUX_ERR_H

#include <linux/types.h>

#define MAX_ERRNO 4095
#define ENOMEM 12

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline bool IS_ERR(const void *pointer)
{
	return unlikely((unsigned long)pointer >= (unsigned long)-MAX_ERRNO);
}

static inline long PTR_ERR(const void *pointer)
{
	return (long)pointer;
}

#endif
