import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'single-modules-alone-with-module-helpers',
  property: 'module-variant',
  defect: 'only crates that are a module by themselves are linked with the helpers for modules, not those of a module of several objects',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /helpers\$\(if \$\(part-of-module\),_module\)\.bc/, replace: 'helpers$(if $(is-single-obj-m),_module).bc', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
