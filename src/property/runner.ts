import { UnreadableArtifact } from '../artifact/unreadable.ts';
import { InfraError } from '../util/errors.ts';
import type { Build, Failure, Judgement, Property, Subject } from './contract.ts';
import { loadByFile } from './load.ts';

/** `property` is a property's name, or {@link readsClaim}. */
export type NamedJudgement = { property: string; judgement: Judgement };

/** The one claim that has no file of its own: the toolchain's tools can read what the properties had to look at. */
export const readsClaim = 'reads';

/**
 * The properties of a directory, one a file.
 *
 * @throws UserError as {@link loadByFile} does
 */
export function loadProperties(directory: string): Promise<Property[]> {
  const members = { name: 'string', claim: 'string', judge: 'function' } as const;
  return loadByFile<Property>(directory, { what: 'property', members });
}

/**
 * Every property's judgement, in the order given; those that need a pass which was not asked for have none. A property
 * that meets an unreadable file is not applicable, and a
 * last judgement, {@link readsClaim}, fails with each such file once: one broken file is one failure, not five.
 *
 * @throws InfraError from a property or the reader; `PROPERTY_THREW` where a property itself is wrong;
 * `NOTHING_TO_JUDGE` where a build with Rust shows no Rust object, so that every claim would hold
 */
export async function judgeBuild(properties: readonly Property[], subject: Subject): Promise<NamedJudgement[]> {
  requireObjects(subject.build);
  const unreadable = new Map<string, UnreadableArtifact>();
  const judgements: NamedJudgement[] = [];
  for (const property of properties.filter(({ needs }) => needs === undefined || subject.passes?.[needs] !== undefined)) {
    const judgement = await judgeOrExcuse(property, subject, unreadable);
    judgements.push({ property: property.name, judgement });
  }
  if (unreadable.size > 0) {
    const failures = [...unreadable.values()].map(unreadableFailure);
    judgements.push({ property: readsClaim, judgement: { result: 'failed', failures } });
  }
  return judgements;
}

function requireObjects({ config, outcome, artifacts, objtree }: Build): void {
  if (outcome.kind !== 'succeeded' || config['RUST'] !== 'y' || artifacts.some(({ kind }) => kind === 'rust-object')) return;
  throw new InfraError('NOTHING_TO_JUDGE', `the build succeeded with RUST=y, but there is no Rust object in ${objtree}`);
}

async function judgeOrExcuse(
  property: Property,
  subject: Subject,
  unreadable: Map<string, UnreadableArtifact>,
): Promise<Judgement> {
  const pass = property.needs === undefined ? undefined : subject.passes?.[property.needs];
  if (pass !== undefined && 'impossible' in pass) return { result: 'not-applicable', reason: pass.impossible };
  try {
    return await property.judge(subject);
  } catch (error) {
    if (error instanceof InfraError) throw error;
    if (error instanceof UnreadableArtifact) {
      unreadable.set(error.path, error);
      return { result: 'not-applicable', reason: `${error.path} cannot be read` };
    }
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new InfraError('PROPERTY_THREW', `the property ${property.name} threw: ${told}`);
  }
}

function unreadableFailure({ path, tool, reason }: UnreadableArtifact): Failure {
  return {
    summary: `${tool} cannot read ${path}`,
    key: [tool, path],
    evidence: [{ kind: 'file', where: path, text: reason }],
  };
}
