// SPDX-License-Identifier: MIT

#include <linux/bug.h>
#include <linux/export.h>
#include <linux/printk.h>
#include <linux/string.h>

#ifdef CONFIG_PRINTK

static char log_buffer[4096];
static size_t log_end;

int _printk(const char *format, ...)
{
	size_t length = strlen(format);

	if (log_end + length > sizeof(log_buffer))
		log_end = 0;
	if (length <= sizeof(log_buffer))
		memcpy(log_buffer + log_end, format, length);
	log_end += length;
	return (int)length;
}
EXPORT_SYMBOL(_printk);

#endif

#ifdef CONFIG_BUG

void __warn_slow(const char *file, int line)
{
	pr_info("%s:%d: this should not happen\n", file, line);
}
EXPORT_SYMBOL(__warn_slow);

#endif

/* What Rust's panic handler ends in. */
void __noreturn panic(const char *message);

void __noreturn panic(const char *message)
{
	pr_info("%s\n", message);
	for (;;)
		barrier();
}
EXPORT_SYMBOL(panic);
