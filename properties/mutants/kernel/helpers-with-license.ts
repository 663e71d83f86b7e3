import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-with-license',
  property: 'no-helper-identity',
  defect: 'a helper file says MODULE_LICENSE, and every crate with it',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/err.c', find: /(?<=linux\/err\.h>\n)/, replace: '#include <linux/module.h>\nMODULE_LICENSE("Proprietary");\n', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
