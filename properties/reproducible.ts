import type { Artifact, Build, Built, Evidence, Failure, Passes, Property } from '../src/property/contract.ts';
import { conclude } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { excuseUnlessBuilt, keepOrigins, requirePass, writerOf } from '../src/property/subject.ts';

const property: Property = {
  name: 'reproducible',
  claim: 'two clean builds in different places give the same bitcode and the same Rust objects, at another place too unless debug information, KASAN or coverage names it',
  needs: 'again',
  judge: async (subject) => {
    const excuse = excuseUnlessBuilt(subject.build);
    if (excuse) return excuse;
    const again = requirePass(subject, 'again');
    if (again.build.outcome.kind === 'failed') return conclude([failedAgain(again.build.outcome)]);
    const files = subject.build.artifacts.filter(({ kind }) => kinds.has(kind));
    const compared = await Promise.all(files.map((file) => compareFile(file, subject, again)));
    const changed = keepOrigins(compared.filter(({ parts }) => parts.length > 0), subject.build);
    return conclude(changed.flatMap((file) => file.parts.map((part) => differs(part, file, subject.build))));
  },
};
export default property;

const kinds = new Set<Artifact['kind']>(['helper-bitcode', 'crate-bitcode', 'linked-bitcode', 'rust-object']);

function failedAgain({ target, summary }: Extract<Build['outcome'], { kind: 'failed' }>): Failure {
  return {
    summary: `at another place the build fails: ${summary}`,
    key: ['builds', normaliseMessage(summary)],
    evidence: [{ kind: 'log', where: target ?? 'the build', text: summary }],
  };
}

/** A file and its parts that are not the same. */
type Compared = Artifact & { parts: string[] };

async function compareFile(file: Artifact, first: Built, again: Passes['again']): Promise<Compared> {
  const { path } = file;
  if ((await first.artifacts.digest(path)) === (await again.artifacts.digest(path))) return { ...file, parts: [] };
  if ((await again.artifacts.format(path)) !== (await first.artifacts.format(path))) return { ...file, parts: ['the format'] };
  const left = new Map((await first.artifacts.parts(path)).map(({ part, digest }) => [part, digest]));
  const right = new Map((await again.artifacts.parts(path)).map(({ part, digest }) => [part, digest]));
  const parts = [...new Set([...left.keys(), ...right.keys()])].filter((part) => left.get(part) !== right.get(part));
  return { ...file, parts: parts.filter((part) => !(again.isElsewhere && namesSource(part))) };
}

/** Bitcode says of which file it was made; ThinLTO's summary tells local symbols apart by that. Neither gets into objects. */
function namesSource(part: string): boolean {
  return part === 'header' || part === 'summary';
}

function differs(part: string, { path, kind }: Artifact, build: Build): Failure {
  const step = writerOf(build, path);
  const where: Evidence = { kind: part.startsWith('.') ? 'section' : 'file', where: path, text: `${part}: not the same in a second build` };
  return { summary: `${path}: ${part} is not the same in a second build`, key: [kind, part], evidence: [where, ...(step ? [commandEvidence(step)] : [])] };
}
