import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'messages-of-codegen-thrown-away',
  property: 'only-expected-suppressed',
  defect: 'what clang says where crates are compiled from bitcode is thrown away',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /-c \$\(patsubst %\.o,%\.m\.bc,\$@\) -o \$@ \\$/m, replace: '-c $(patsubst %.o,%.m.bc,$@) -o $@ 2>/dev/null \\', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
