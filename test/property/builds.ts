import type { Build, Step } from '../../src/property/contract.ts';

/** A build that did nothing and succeeded. */
export const emptyBuild: Build = {
  pipeline: 'embedded',
  arch: 'x86_64',
  config: {},
  objtree: '/nowhere',
  steps: [],
  artifacts: [],
  diagnostics: [],
  outcome: { kind: 'succeeded' },
  ms: 0,
};

/** A step from its command line. */
export function makeStep(target: string, role: Step['role'], line: string, paths: Pick<Step, 'inputs' | 'outputs'>): Step {
  const argv = line.split(' ');
  return { index: 0, target, role, tool: argv[0] ?? '', argv, ...paths, exit: 0 };
}
