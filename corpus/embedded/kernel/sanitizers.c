// SPDX-License-Identifier: MIT
/*
 * The functions that instrumented code calls, without the tools behind them. Compiled without instrumentation. Their
 * types are of no interest: the compiler calls them on its own.
 */

#include <linux/compiler_types.h>
#include <linux/export.h>

#define STUB(name)                                                                                                    \
	void *name(void);                                                                                              \
	void *name(void)                                                                                               \
	{                                                                                                              \
		return (void *)0;                                                                                      \
	}                                                                                                              \
	EXPORT_SYMBOL(name)

#define FOR_SIZES(macro, prefix, suffix)                                                                              \
	macro(prefix##1##suffix);                                                                                      \
	macro(prefix##2##suffix);                                                                                      \
	macro(prefix##4##suffix);                                                                                      \
	macro(prefix##8##suffix);                                                                                      \
	macro(prefix##16##suffix)

#if defined(CONFIG_KASAN_GENERIC)

FOR_SIZES(STUB, __asan_load, _noabort);
FOR_SIZES(STUB, __asan_store, _noabort);
FOR_SIZES(STUB, __asan_report_load, _noabort);
FOR_SIZES(STUB, __asan_report_store, _noabort);
STUB(__asan_loadN_noabort);
STUB(__asan_storeN_noabort);
STUB(__asan_report_load_n_noabort);
STUB(__asan_report_store_n_noabort);
STUB(__asan_handle_no_return);
STUB(__asan_register_globals);
STUB(__asan_unregister_globals);
STUB(__asan_memset);
STUB(__asan_memcpy);
STUB(__asan_memmove);
STUB(__asan_alloca_poison);
STUB(__asan_allocas_unpoison);
STUB(__asan_set_shadow_00);
STUB(__asan_set_shadow_f1);
STUB(__asan_set_shadow_f2);
STUB(__asan_set_shadow_f3);
STUB(__asan_set_shadow_f5);
STUB(__asan_set_shadow_f8);

#elif defined(CONFIG_KASAN_SW_TAGS)

FOR_SIZES(STUB, __hwasan_load, _noabort);
FOR_SIZES(STUB, __hwasan_store, _noabort);
STUB(__hwasan_loadN_noabort);
STUB(__hwasan_storeN_noabort);
STUB(__hwasan_tag_memory);
STUB(__hwasan_memset);
STUB(__hwasan_memcpy);
STUB(__hwasan_memmove);
STUB(__hwasan_handle_vfork);
STUB(__hwasan_generate_tag);
STUB(__hwasan_tag_mismatch);
STUB(__hwasan_tls);

#elif defined(CONFIG_KCSAN)

FOR_SIZES(STUB, __tsan_read, );
FOR_SIZES(STUB, __tsan_write, );
FOR_SIZES(STUB, __tsan_unaligned_read, );
FOR_SIZES(STUB, __tsan_unaligned_write, );
FOR_SIZES(STUB, __tsan_read_write, );
FOR_SIZES(STUB, __tsan_unaligned_read_write, );
FOR_SIZES(STUB, __tsan_volatile_read, );
FOR_SIZES(STUB, __tsan_volatile_write, );
FOR_SIZES(STUB, __tsan_unaligned_volatile_read, );
FOR_SIZES(STUB, __tsan_unaligned_volatile_write, );
STUB(__tsan_read_range);
STUB(__tsan_write_range);
STUB(__tsan_func_entry);
STUB(__tsan_func_exit);
STUB(__tsan_init);
STUB(__tsan_memset);
STUB(__tsan_memcpy);
STUB(__tsan_memmove);

#elif defined(CONFIG_KMSAN)

FOR_SIZES(STUB, __msan_metadata_ptr_for_load_, );
FOR_SIZES(STUB, __msan_metadata_ptr_for_store_, );
STUB(__msan_metadata_ptr_for_load_n);
STUB(__msan_metadata_ptr_for_store_n);
STUB(__msan_get_context_state);
STUB(__msan_instrument_asm_store);
STUB(__msan_memset);
STUB(__msan_memcpy);
STUB(__msan_memmove);
STUB(__msan_poison_alloca);
STUB(__msan_unpoison_alloca);
STUB(__msan_chain_origin);
STUB(__msan_warning);

#endif

#if defined(CONFIG_UBSAN) && !defined(CONFIG_UBSAN_TRAP)
STUB(__ubsan_handle_out_of_bounds);
#endif
