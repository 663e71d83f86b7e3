import type { Artifact, Build, Built, Failure, Property } from '../src/property/contract.ts';
import { conclude } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { excuseUnlessBuilt, keepOrigins, requirePass, writerOf } from '../src/property/subject.ts';

const property: Property = {
  name: 'incremental-equals-clean',
  claim: 'turned off, built, turned on and built again, an object tree holds the bitcode and the Rust objects of a clean build',
  needs: 'incremental',
  judge: async (subject) => {
    const excuse = excuseUnlessBuilt(subject.build);
    if (excuse) return excuse;
    const rebuilt = requirePass(subject, 'incremental');
    if (rebuilt.build.outcome.kind === 'failed') return conclude([failedRebuild(rebuilt.build.outcome)]);
    const files = subject.build.artifacts.filter(({ kind }) => kinds.has(kind));
    const compared = await Promise.all(files.map((file) => compareFile(file, subject, rebuilt)));
    const changed = keepOrigins(compared.filter((file) => file !== null), subject.build);
    return conclude(changed.map((file) => changeFailure(file, subject.build)));
  },
};
export default property;

const kinds = new Set<Artifact['kind']>(['helper-bitcode', 'crate-bitcode', 'linked-bitcode', 'rust-object', 'exports']);

function failedRebuild({ target, summary }: Extract<Build['outcome'], { kind: 'failed' }>): Failure {
  return {
    summary: `rebuilding the object tree fails${target ? ` at ${target}` : ''}: ${summary}`,
    key: ['builds', normaliseMessage(summary)],
    evidence: [{ kind: 'log', where: target ?? 'the build', text: summary }],
  };
}

/** A file that is not the same; `after` null where it is gone. */
type Changed = Artifact & { before: string | null; after: string | null };

async function compareFile(file: Artifact, clean: Built, rebuilt: Built): Promise<Changed | null> {
  const [before, after] = [await clean.artifacts.digest(file.path), await rebuilt.artifacts.digest(file.path)];
  return before === after ? null : { ...file, before, after };
}

function changeFailure({ path, kind, before, after }: Changed, build: Build): Failure {
  const step = writerOf(build, path);
  const text = `SHA-256 ${before ?? 'of nothing'} in the clean build, ${after ?? 'of nothing'} after the rebuild`;
  return {
    summary: `${path} is ${after === null ? 'gone' : 'another'} after the option was turned off and on again`,
    key: [kind, after === null ? 'gone' : 'stale'],
    evidence: [{ kind: 'file', where: path, text }, ...(step ? [commandEvidence(step)] : [])],
  };
}
