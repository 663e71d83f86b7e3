import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import builds from '../../properties/builds.ts';
import objtoolClean from '../../properties/objtool-clean.ts';
import { readDiagnostics } from '../../src/pipeline/embedded/run.ts';
import type { Property } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { decideJudgements } from '../../src/verdict/decide.ts';
import { judge } from '../properties/facts.ts';
import { readGroups, readMessages, type Said } from './messages.ts';

const groups = readGroups();
const messages = readMessages();

/** The signatures of a build of one step that said this. */
async function sign(tool: string, { exit, text }: Said): Promise<string[]> {
  const step = { ...makeStep('x.o', 'other', tool, { inputs: [], outputs: [] }), exit };
  const diagnostics = readDiagnostics(step, { exit: { kind: 'exited', code: exit }, stderr: text });
  const outcome = exit === 0 ? ({ kind: 'succeeded' } as const) : ({ kind: 'failed', step, target: step.target, summary: `${tool} exited with ${exit}` } as const);
  const named = [builds, objtoolClean].map(async (property: Property) => ({ property: property.name, judgement: await judge(property, { outcome, steps: [step], diagnostics }) }));
  return decideJudgements(await Promise.all(named)).failures.map(({ signature }) => signature).sort();
}

const signatures = new Map(await Promise.all(groups.map(async ({ defect, tool }) => [defect, await Promise.all((messages[defect] ?? []).map((said) => sign(tool, said)))] as const)));

describe('one defect has one signature, whatever the architecture, place, hash or wording', () => {
  test.each(groups.map(({ defect }) => defect))('%s', (defect) => {
    const found = signatures.get(defect) ?? [];
    expect(found.length).toBeGreaterThan(1);
    for (const one of found) expect(one).toHaveLength(1);
    expect([...new Set(found.flat())]).toHaveLength(1);
  });
});

test('two defects have two', () => {
  const owners = Map.groupBy(groups, ({ defect }) => signatures.get(defect)?.[0]?.[0]);
  expect([...owners.values()].filter(({ length }) => length > 1).map((same) => same.map(({ defect }) => defect))).toEqual([]);
});

/** A message of a defect, and the same defect as another build would tell it. */
const told = fc.constantFrom(...groups.flatMap(({ defect, tool }) => (messages[defect] ?? []).map((said) => ({ defect, tool, said }))));
const line = fc.integer({ min: 1, max: 99_999 });
const digits = (alphabet: string, size: number) => fc.array(fc.constantFrom(...alphabet), { minLength: size, maxLength: size }).map((all) => all.join(''));
const hexadecimal = '0123456789abcdef';
const word = digits('abcdefghijklmnopqrstuvwxyz', 9);
const folders = fc.oneof(fc.constant(''), fc.constant('./'), fc.array(word, { maxLength: 4 }).map((names) => `/${names.map((name) => `${name}/`).join('')}`));

test('lines, columns, folders, addresses, hashes and the depth of make never change the signature', async () => {
  const elsewhere = fc.record({
    at: fc.tuple(line, line), folder: folders, address: digits(hexadecimal, 9), crate: digits('0123456789abcXYZ', 8), hash: digits(hexadecimal, 16), depth: fc.integer({ min: 1, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(told, elsewhere, async ({ defect, tool, said }, { at, folder, address, crate, hash, depth }) => {
      const text = said.text
        .replaceAll(/(?<![\w/.])(?:\.{0,2}\/)?(?:[\w.]+\/)*(\w+\.(?:c|h|S|rs|o|ll|lds|bc))\b/g, `${folder}$1`)
        .replaceAll(/(\.(?:c|h|S|rs|lds|bc)):\d+:\d+/g, `$1:${at[0]}:${at[1]}`)
        .replaceAll(/\[(\S*)Makefile:\d+:/g, `[$1Makefile:${at[0]}:`)
        .replaceAll(/\b0x[0-9a-f]+/g, `0x${address}`)
        .replaceAll(/Cs[0-9A-Za-z]+_/g, `Cs${crate}_`)
        .replaceAll(/::h[0-9a-f]{16}\b/g, `::h${hash}`)
        .replaceAll(/^make: /gm, `make[${depth}]: `);
      expect(await sign(tool, { ...said, text })).toEqual(signatures.get(defect)?.[0]);
    }),
    { numRuns: 600 },
  );
});

test('another name in its place is another defect', async () => {
  const names = /(?<=')missing_\w+|undeclared(?=')|(?<=symbol: )\w+$|(?<=`)rust_helper_\w+|(?<=")n\w+_exported|(?<=')(?:twice|double_use|idle|greedy|bogus)(?=')|(?<=-)fodd\w*/m;
  // Of many, the first by name tells the defect.
  const named = told.filter(({ defect, said }) => names.test(said.text) && !defect.startsWith('many '));
  await fc.assert(
    fc.asyncProperty(named, word, async ({ tool, defect, said }, other) => {
      const name = names.exec(said.text)?.[0] ?? '';
      const renamed = await sign(tool, { ...said, text: said.text.replaceAll(new RegExp(String.raw`\b${name}\b`, 'g'), other) });
      expect(renamed).toHaveLength(1);
      expect(renamed).not.toEqual(signatures.get(defect)?.[0]);
    }),
    { numRuns: 300 },
  );
});

test('another tool that says the same is another defect', async () => {
  const own = told.filter(({ tool, said }) => said.text.startsWith(`${tool}: `));
  await fc.assert(
    fc.asyncProperty(own, async ({ tool, defect, said }) => {
      expect(await sign('llvm-objcopy', { ...said, text: said.text.replaceAll(`${tool}: `, 'llvm-objcopy: ') })).not.toEqual(signatures.get(defect)?.[0]);
    }),
  );
});
