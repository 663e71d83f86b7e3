import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-defining-module',
  property: 'module-variant',
  defect: 'the source of helpers defines MODULE, so that those for what is built in are compiled as if for modules',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/helpers.c', find: /#define __rust_helper __always_inline/, replace: '#define __rust_helper __always_inline\n#ifndef MODULE\n#define MODULE\n#endif', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
