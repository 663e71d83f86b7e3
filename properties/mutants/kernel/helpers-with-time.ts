import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-with-time',
  property: 'reproducible',
  defect: 'a helper holds the time of its compilation',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /-c -g0 /, replace: '-DNOW=$(shell date +%s%N) -c -g0 ', times: 1 },
    { file: 'rust/helpers/err.c', find: /return IS_ERR\(ptr\);/, replace: '#ifdef NOW\n\tif (!ptr)\n\t\t_printk("%lu", NOW);\n#endif\n\treturn IS_ERR(ptr);', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
