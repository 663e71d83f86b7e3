import type { Build, Failure, Property } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { type Complaint, findChecks, findComplaints } from '../src/property/objtool.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { isSamePath } from '../src/property/subject.ts';
import { shows } from '../src/property/symptoms.ts';

/**
 * Also judges builds that failed: with OBJTOOL_WERROR the same complaint that is a warning elsewhere ends the build, and
 * it is to be the same finding. How strict objtool is the configuration decides; nothing it says is left out.
 */
const property: Property = {
  name: 'objtool-clean',
  claim: 'objtool has nothing to say about Rust code',
  judge: async ({ build }) => {
    const { kind } = build.outcome;
    if (kind !== 'succeeded' && kind !== 'failed') return notApplicable(`the build came to no end: ${kind}`);
    const complaints = findComplaints(build);
    if (complaints.length === 0 && kind === 'failed') return notApplicable('the build has failed, and not for objtool');
    if (complaints.length === 0 && findChecks(build).length === 0) return notApplicable('objtool is not run');
    return conclude([...Map.groupBy(complaints, (complaint) => complaint.kind).values()].flatMap((group) => inspectKind(group, build)));
  },
};
export default property;

/** A cause that shows in a few places has a failure for each; one that shows in many is told once, without the places. */
function inspectKind(complaints: readonly Complaint[], build: Build): Failure[] {
  const places = Map.groupBy(complaints, ({ place }) => place);
  if (places.size > 3) return [describe(complaints, ['many'], `${places.size} places: `, build)];
  return [...places].map(([place, group]) => describe(group, place === '' ? [] : [place], place === '' ? '' : `${place}: `, build));
}

function describe(complaints: readonly Complaint[], where: readonly string[], told: string, build: Build): Failure {
  const [first] = complaints;
  const targets = [...new Set(complaints.map(({ target }) => target))];
  const checks = findChecks(build).filter(({ target }) => targets.some((path) => isSamePath(path, target)));
  return {
    summary: `${targets.slice(0, 3).join(', ')}: ${told}${first?.kind ?? ''}`,
    key: [first?.kind ?? '', ...where],
    evidence: [...complaints.slice(0, 6).map(({ target, text }) => ({ kind: 'log' as const, where: target, text })), ...checks.slice(0, 2).map(commandEvidence)],
    // Which function comes next is a matter of luck.
    symptoms: complaints.map(({ text }) => [shows({ kind: 'message', text: text.replace(/\b(next function) \S+/, '$1') })]),
  };
}
