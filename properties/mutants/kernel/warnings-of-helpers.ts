import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'warnings-of-helpers',
  property: 'same-as-without',
  defect: 'the flags that helpers are to be spared are not taken out, so that each is warned of',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /\$\(filter-out \$\(CFLAGS_REMOVE_helpers\/helpers\.o\), \$\(c_flags\)\)/, replace: '$(c_flags)', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
