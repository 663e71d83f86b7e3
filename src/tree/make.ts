import { type Places, placesInside } from './enter.ts';
import type { Arch, Toolchain } from './records.ts';

/** `make` on a kernel tree as every step of kinfuzz calls it; variables first, then the targets. */
export function makeArgv(toolchain: Toolchain, arch: Arch, places: Places, targets: readonly string[]): string[] {
  const { source, objtree } = placesInside(toolchain, places);
  return [
    toolchain.tools.make?.path ?? 'make',
    '-C', source,
    `O=${objtree}`,
    `ARCH=${arch}`,
    'LLVM=1',
    ...(toolchain.rustLibrary ? [`RUST_LIB_SRC=${toolchain.rustLibrary}`] : []),
    ...targets,
  ];
}
