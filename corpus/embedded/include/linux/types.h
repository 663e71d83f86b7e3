/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
typedef signed long long s64;
typedef _Bool bool;
typedef __SIZE_TYPE__ size_t;
typedef unsigned int gfp_t;

typedef struct { int counter; } atomic_t;
typedef struct { atomic_t refs; } refcount_t;

struct list_head { struct list_head *next, *prev; };

#define NULL ((void *)0)
#define true 1
#define false 0

#endif
