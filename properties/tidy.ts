import type { Cleaned, Failure, Property, Sign } from '../src/property/contract.ts';
import { conclude } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { excuseUnlessBuilt, requirePass } from '../src/property/subject.ts';
import { lacks, shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'tidy',
  claim: 'git ignores the bitcode of a build, and make clean removes it',
  needs: 'clean',
  judge: (subject) => Promise.resolve(excuseUnlessBuilt(subject.build) ?? conclude(inspect(requirePass(subject, 'clean')))),
};
export default property;

function inspect({ failure, after, unignored }: Cleaned): Failure[] {
  if (failure !== null) return [{ summary: `make clean fails: ${failure}`, key: ['fails', normaliseMessage(failure)], evidence: [{ kind: 'log', where: 'make clean', text: failure }] }];
  const left = after.filter((path) => path.endsWith('.bc') && !isForLater(path));
  const symptoms = left.map((file): Sign[] => [{ kind: 'file', file, build: 'cleaned', shows: true }]);
  const open = unignored.map((file) => [shows({ kind: 'file', file }), lacks({ kind: 'ignored', file })]);
  return [...listFailure('left', 'make clean leaves bitcode', left).map((one) => ({ ...one, symptoms })), ...listFailure('unignored', 'git does not ignore bitcode', unignored).map((one) => ({ ...one, symptoms: open }))];
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
