import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'builtin-with-module-helpers',
  property: 'module-variant',
  defect: 'built-in crates outside rust/ are linked with the helpers for modules',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /\$\(if \$\(part-of-module\),_module\)\.bc/, replace: '_module.bc', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
