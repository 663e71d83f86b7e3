import type { Diagnostic, Failure, Property } from '../src/property/contract.ts';
import { conclude } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { excuseUnlessBuilt } from '../src/property/subject.ts';

const property: Property = {
  name: 'writes-inside',
  claim: 'a build writes nothing outside its object tree, nor tries to',
  judge: ({ build }) => Promise.resolve(excuseUnlessBuilt(build) ?? conclude(build.diagnostics.filter(isRefused).map(writeFailure))),
};
export default property;

/** The tree is mounted read-only, and so is everything but the object tree. */
function isRefused({ text }: Diagnostic): boolean {
  return text.includes('Read-only file system');
}

function writeFailure({ text, target, tool }: Diagnostic): Failure {
  const [line = ''] = text.split('\n', 1);
  return { summary: `a write outside the object tree was refused: ${line}`, key: [tool, normaliseMessage(line)], evidence: [{ kind: 'log', where: target ?? tool, text }] };
}
