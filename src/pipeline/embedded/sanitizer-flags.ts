import { isOn, type Setting, when } from './setting.ts';

/** Where the shadow of address zero would lie; the architectures' own KASAN_SHADOW_OFFSET. */
const shadowOffsets = { x86_64: '0xdffffc0000000000', arm64: '0xdfff800000000000', um: '0x100000000000' } as const;

/** Instrumentation of C code. It is not among the flags of code generation: there the bitcode says what it needs. */
export function instrumentC(setting: Setting): string[] {
  return [
    ...(isOn(setting, 'KASAN_GENERIC')
      ? ['-fsanitize=kernel-address', '-mllvm', `-asan-mapping-offset=${shadowOffsets[setting.arch]}`]
      : when(setting, 'KASAN_SW_TAGS', '-fsanitize=kernel-hwaddress')),
    ...kasanParameters(setting).flatMap((parameter) => ['-mllvm', parameter]),
    ...when(setting, 'KCSAN', '-fsanitize=thread', '-fno-optimize-sibling-calls', '-mllvm', '-tsan-compound-read-before-write=1', '-mllvm', '-tsan-distinguish-volatile=1'),
    ...(isOn(setting, 'KCSAN') && !isOn(setting, 'KCSAN_WEAK_MEMORY') ? ['-mllvm', '-tsan-instrument-func-entry-exit=0'] : []),
    ...when(setting, 'KMSAN', '-fsanitize=kernel-memory'),
    ...when(setting, 'KMSAN_CHECK_PARAM_RETVAL', '-fsanitize-memory-param-retval'),
    ...when(setting, 'UBSAN_BOUNDS', '-fsanitize=array-bounds'),
    ...when(setting, 'UBSAN_TRAP', '-fsanitize-trap=undefined'),
  ];
}

/** Instrumentation of Rust code: of KASAN alone. */
export function instrumentRust(setting: Setting): string[] {
  if (!isOn(setting, 'KASAN_GENERIC') && !isOn(setting, 'KASAN_SW_TAGS')) return [];
  const kind = isOn(setting, 'KASAN_GENERIC') ? 'kernel-address' : 'kernel-hwaddress';
  const offset = isOn(setting, 'KASAN_GENERIC') ? [`-Cllvm-args=-asan-mapping-offset=${shadowOffsets[setting.arch]}`] : [];
  const parameters = kasanParameters(setting).map((parameter) => `-Cllvm-args=${parameter}`);
  return [`-Zsanitizer=${kind}`, `-Zsanitizer-recover=${kind}`, ...offset, ...parameters];
}

function kasanParameters(setting: Setting): string[] {
  const isInline = isOn(setting, 'KASAN_INLINE');
  const stack = isOn(setting, 'KASAN_STACK') ? 1 : 0;
  if (isOn(setting, 'KASAN_GENERIC')) {
    return [
      `-asan-instrumentation-with-call-threshold=${isInline ? 10000 : 0}`,
      `-asan-stack=${stack}`,
      '-asan-globals=1',
      '-asan-kernel-mem-intrinsic-prefix=1',
    ];
  }
  if (!isOn(setting, 'KASAN_SW_TAGS')) return [];
  return [
    isInline ? `-hwasan-mapping-offset=${shadowOffsets[setting.arch]}` : '-hwasan-instrument-with-calls=1',
    `-hwasan-instrument-stack=${stack}`,
    '-hwasan-use-short-granules=0',
    '-hwasan-inline-all-checks=0',
    '-hwasan-kernel-mem-intrinsic-prefix=1',
  ];
}
