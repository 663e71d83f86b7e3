import type { Failure, Judgement } from './contract.ts';

/** Passed where nothing was found wrong. */
export function conclude(failures: readonly Failure[]): Judgement {
  const merged = mergeFailures(failures);
  return merged.length === 0 ? { result: 'passed' } : { result: 'failed', failures: merged };
}

export function notApplicable(reason: string): Judgement {
  return { result: 'not-applicable', reason };
}

/** Evidence is for reading: the first few pieces show the defect, hundreds hide it. */
const maxEvidence = 12;

/** Failures with one key are one defect met in several places: one failure with the evidence of all. */
function mergeFailures(failures: readonly Failure[]): Failure[] {
  const groups = Map.groupBy(failures, ({ key }) => JSON.stringify(key));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const more = group.length > 1 ? ` (and ${group.length - 1} more like it)` : '';
    const evidence = distinct(group.flatMap((failure) => failure.evidence)).slice(0, maxEvidence);
    const symptoms = distinct(group.flatMap(({ symptoms: own = [] }) => own)).slice(0, maxEvidence);
    return [{ ...first, summary: `${first.summary}${more}`, evidence, ...(symptoms.length > 0 ? { symptoms } : {}) }];
  });
}

function distinct<T>(pieces: readonly T[]): T[] {
  return [...new Map(pieces.map((piece) => [JSON.stringify(piece), piece])).values()];
}
