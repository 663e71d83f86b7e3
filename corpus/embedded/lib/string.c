// SPDX-License-Identifier: MIT
/* Compilers call these whether or not the source does. */

#include <linux/export.h>
#include <linux/string.h>

void *memset(void *destination, int byte, size_t count)
{
	volatile char *to = destination;

	while (count--)
		*to++ = (char)byte;
	return destination;
}
EXPORT_SYMBOL(memset);

void *memcpy(void *destination, const void *source, size_t count)
{
	volatile char *to = destination;
	const char *from = source;

	while (count--)
		*to++ = *from++;
	return destination;
}
EXPORT_SYMBOL(memcpy);

void *memmove(void *destination, const void *source, size_t count)
{
	volatile char *to = destination;
	const volatile char *from = source;

	if (destination <= source)
		return memcpy(destination, source, count);
	while (count--)
		to[count] = from[count];
	return destination;
}
EXPORT_SYMBOL(memmove);

int memcmp(const void *left, const void *right, size_t count)
{
	const volatile unsigned char *one = left, *other = right;

	for (; count--; one++, other++)
		if (*one != *other)
			return *one - *other;
	return 0;
}
EXPORT_SYMBOL(memcmp);

size_t strlen(const char *text)
{
	const volatile char *end = text;

	while (*end)
		end++;
	return (size_t)(end - text);
}
EXPORT_SYMBOL(strlen);
