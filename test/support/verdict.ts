import type { Verdict } from '../../src/verdict/records.ts';

/** A whole verdict record around the parts that a test is about. */
export function makeVerdict(parts: Partial<Verdict>): Verdict {
  return {
    kind: 'verdict', index: 0, seed: 'kf2_seed', arch: 'x86_64', config: 'c0ffee', inline: true, verdict: 'passed', failures: [], known: [], resolution: 'certified', dropped: [],
    fault: null, notApplicable: [], choices: { lto: 'none' }, passes: [],
    cost: { resolveMs: 1000, buildMs: 2000, judgeMs: 500, confirmMs: 0, twinMs: 0, againMs: 0, incrementalMs: 0, cleanMs: 0 }, ...parts,
  };
}
