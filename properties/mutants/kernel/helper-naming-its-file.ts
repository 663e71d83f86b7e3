import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helper-naming-its-file',
  property: 'no-helper-identity',
  defect: 'a helper prints the file that it is written in',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/err.c', find: /return IS_ERR\(ptr\);/, replace: 'if (!ptr)\n\t\t_printk("%s", __FILE__);\n\treturn IS_ERR(ptr);', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
