import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-of-no-kernel',
  property: 'hardening-survives',
  defect: 'kbuild takes neither helper bitcode for a kernel object, so that sanitizers stay out',
  arch: 'x86_64',
  needs: { KASAN: 'y', KASAN_GENERIC: 'y', DEBUG_INFO_BTF: 'n' },
  edits: [
    { file: 'rust/Makefile', find: /: private part-of-(?:builtin|module) := y\n(?=\$\(obj\)\/helpers)/, replace: ': private part-of-nothing := y\n', times: 2 },
  ],
  isFromNothing: false,
};
export default mutant;
