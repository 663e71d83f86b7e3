import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'modules-with-builtin-helpers',
  property: 'module-variant',
  defect: 'crates of modules are linked with the helpers for what is built in',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /\$\(if \$\(part-of-module\),_module\)\.bc/, replace: '.bc', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
