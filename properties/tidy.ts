import type { Cleaned, Diagnostic, Failure, Property } from '../src/property/contract.ts';
import { conclude } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { excuseUnlessBuilt } from '../src/property/subject.ts';

const property: Property = {
  name: 'tidy',
  claim: 'a build writes nothing outside its object tree, git ignores its bitcode, and make clean removes it',
  judge: async ({ build, passes }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    const { clean } = passes ?? {};
    const cleaned = clean === undefined || 'impossible' in clean ? null : clean;
    return conclude([...build.diagnostics.filter(isRefusedWrite).map(writeFailure), ...(cleaned ? inspectCleaned(cleaned) : [])]);
  },
};
export default property;

/** The tree is mounted read-only, and so is everything but the object tree. */
function isRefusedWrite({ text }: Diagnostic): boolean {
  return text.includes('Read-only file system');
}

function writeFailure({ text, target, tool }: Diagnostic): Failure {
  return {
    summary: `the build tries to write outside its object tree: ${text.split('\n', 1)[0]}`,
    key: ['write', normaliseMessage(text.split('\n', 1)[0] ?? '')],
    evidence: [{ kind: 'log', where: target ?? tool, text }],
  };
}

function inspectCleaned({ failure, after, unignored }: Cleaned): Failure[] {
  if (failure !== null) return [{ summary: `make clean fails: ${failure}`, key: ['clean', normaliseMessage(failure)], evidence: [{ kind: 'log', where: 'make clean', text: failure }] }];
  const left = after.filter((path) => path.endsWith('.bc') && !isForLater(path));
  return [...listFailure('left', 'make clean leaves bitcode', left), ...listFailure('unignored', 'git does not ignore bitcode', unignored)];
}

/** `make clean` keeps what modules outside the tree are built with: these helpers go into each of their crates. */
function isForLater(path: string): boolean {
  return path === 'rust/helpers/helpers_module.bc';
}

function listFailure(key: string, what: string, paths: readonly string[]): Failure[] {
  if (paths.length === 0) return [];
  const some = `${paths.slice(0, 3).join(', ')}${paths.length > 3 ? `, … (${paths.length} files)` : ''}`;
  return [{ summary: `${what}: ${some}`, key: [key], evidence: paths.slice(0, 12).map((path) => ({ kind: 'file', where: path, text: what })) }];
}
