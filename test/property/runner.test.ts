import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ArtifactReader } from '../../src/artifact/reader.ts';
import { UnreadableArtifact } from '../../src/artifact/unreadable.ts';
import type { Property } from '../../src/property/contract.ts';
import { conclude } from '../../src/property/judgement.ts';
import { loadMutants } from '../../src/property/mutants.ts';
import { judgeBuild, loadProperties, readsClaim } from '../../src/property/runner.ts';
import { InfraError } from '../../src/util/errors.ts';
import { emptyBuild } from './builds.ts';

const subject = { build: emptyBuild, artifacts: {} as ArtifactReader };
const property = (name: string, judge: Property['judge']): Property => ({ name, claim: name, judge });
const passing = property('passing', () => Promise.resolve({ result: 'passed' }));
const throwing = (error: Error) =>
  property('throwing', async () => {
    throw error;
  });

describe('judgeBuild', () => {
  test('keeps the order of the properties', async () => {
    const other = property('other', () => Promise.resolve({ result: 'not-applicable', reason: 'none' }));
    const judgements = await judgeBuild([passing, other], subject);
    expect(judgements).toEqual([
      { property: 'passing', judgement: { result: 'passed' } },
      { property: 'other', judgement: { result: 'not-applicable', reason: 'none' } },
    ]);
  });

  test('an unreadable file is one failure, of the claim that files can be read', async () => {
    const error = new UnreadableArtifact('rust/a.o', 'llvm-readobj', 'cut short');
    const judgements = await judgeBuild([throwing(error), passing, throwing(error)], subject);
    expect(judgements.map(({ judgement }) => judgement.result)).toEqual(['not-applicable', 'passed', 'not-applicable', 'failed']);
    expect(judgements.at(-1)).toMatchObject({ property: readsClaim, judgement: { failures: [{ key: ['llvm-readobj', 'rust/a.o'] }] } });
  });

  test("the infrastructure's fault stays one", async () => {
    const error = new InfraError('TOOL_STOPPED', 'killed');
    await expect(judgeBuild([passing, throwing(error)], subject)).rejects.toBe(error);
  });

  test('a wrong property is never a finding', async () => {
    const error = new TypeError('x is undefined');
    await expect(judgeBuild([throwing(error)], subject)).rejects.toMatchObject({ code: 'PROPERTY_THREW' });
  });
});

describe('loading', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kinfuzz-load-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  const write = (file: string, text: string) => writeFile(join(directory, file), text);

  test('properties come sorted by name; other files do not count', async () => {
    await write('b-second.ts', "export default { name: 'b-second', claim: 'x', judge: async () => ({ result: 'passed' }) };");
    await write('a-first.ts', "export default { name: 'a-first', claim: 'x', judge: async () => ({ result: 'passed' }) };");
    await write('README.md', '# not one');
    expect((await loadProperties(directory)).map(({ name }) => name)).toEqual(['a-first', 'b-second']);
  });

  test.each([
    ['no default export', 'export const x = 1;', /no property/],
    ['a member missing', "export default { name: 'one', claim: 'x' };", /'judge' of a property is a function, here it is undefined/],
    ['a member of another type', "export default { name: 'one', claim: 1, judge() {} };", /'claim' of a property is a string/],
    ['a name that is not the file', "export default { name: 'two', claim: 'x', judge() {} };", /called 'two' but its file 'one'/],
    ['a file that does not load', "throw new Error('boom');", /does not load: Error: boom/],
  ])('%s is refused in words', async (_, text, message) => {
    await write('one.ts', text);
    const error: unknown = await loadProperties(directory).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(message), place: { file: join(directory, 'one.ts') } });
  });

  test('a missing directory is refused in words', async () => {
    await expect(loadMutants(join(directory, 'nowhere'))).rejects.toMatchObject({ code: 'DIRECTORY_MISSING' });
  });
});

describe('conclude', () => {
  test('nothing found is a pass', () => {
    expect(conclude([])).toEqual({ result: 'passed' });
  });

  test('failures of one key are one failure with the evidence of all', () => {
    const at = (where: string) => ({ summary: where, key: ['same'], evidence: [{ kind: 'file' as const, where, text: '' }] });
    const judgement = conclude([at('a'), { ...at('c'), key: ['other'] }, at('b'), at('a')]);
    expect(judgement).toMatchObject({ failures: [{ summary: 'a (and 2 more like it)' }, { key: ['other'] }] });
    const [first] = judgement.result === 'failed' ? judgement.failures : [];
    expect(first?.evidence.map(({ where }) => where)).toEqual(['a', 'b']);
  });
});
