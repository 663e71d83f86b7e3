import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import builds from '../../properties/builds.ts';
import objtoolClean from '../../properties/objtool-clean.ts';
import { readDiagnostics } from '../../src/pipeline/embedded/run.ts';
import { decideJudgements } from '../../src/verdict/decide.ts';
import { formatByHand, messagePattern, placePattern } from '../../src/report/looks.ts';
import { readGroups, readMessages, type Said } from '../messages/messages.ts';
import { judge } from '../properties/facts.ts';
import { makeStep } from '../property/builds.ts';

const groups = readGroups();
const messages = readMessages();

type Patterns = { line: RegExp; place: RegExp };

/** The patterns by which a script would look for what was said. */
async function patternsOf(tool: string, { exit, text }: Said): Promise<Patterns[]> {
  const step = { ...makeStep('x.o', 'other', tool, { inputs: [], outputs: [] }), exit };
  const diagnostics = readDiagnostics(step, { exit: { kind: 'exited', code: exit }, stderr: text });
  const outcome = exit === 0 ? ({ kind: 'succeeded' } as const) : ({ kind: 'failed', step, target: step.target, summary: `${tool} exited with ${exit}` } as const);
  const named = [builds, objtoolClean].map(async (property) => ({ property: property.name, judgement: await judge(property, { outcome, steps: [step], diagnostics }) }));
  const signs = decideJudgements(await Promise.all(named)).failures.flatMap(({ symptoms = [] }) => symptoms.flat());
  return signs.flatMap((sign) => (sign.kind === 'message' ? [{ line: new RegExp(messagePattern(sign.text)), place: new RegExp(placePattern(sign.text)) }] : []));
}

const isSaid = ({ line, place }: Patterns, { text }: Said) => {
  const lines = text.split('\n');
  return lines.some((one, at) => line.test(one) && lines.slice(at, at + 5).some((below) => place.test(below)));
};

describe('what was said once is recognised when it is said again', () => {
  test.each(groups.map(({ defect, tool }) => [defect, tool] as const))('%s', async (defect, tool) => {
    const said = messages[defect] ?? [];
    const patterns = await Promise.all(said.map((one) => patternsOf(tool, one)));
    // In the message itself at least.
    for (const [at, one] of said.entries()) for (const pattern of patterns[at] ?? []) expect(isSaid(pattern, one) ? '' : String(pattern.line)).toBe('');
  });
});

test('and what another defect says is not taken for it', async () => {
  const wrong: string[] = [];
  for (const { defect, tool } of groups) {
    const [first] = messages[defect] ?? [];
    for (const pattern of first ? await patternsOf(tool, first) : []) {
      for (const other of groups) if (other.defect !== defect && (messages[other.defect] ?? []).some((one) => isSaid(pattern, one))) wrong.push(`${defect}: ${pattern.line} is said of: ${other.defect}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('a pattern matches what it was made of', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const [line = ''] = text.trimStart().split('\n', 1);
    expect(new RegExp(messagePattern(text)).test(line)).toBe(true);
  }));
});

test('places, numbers and hashes do not count', () => {
  const pattern = messagePattern('/obj/rust/kernel.o: warning: objtool: _RNvMNtCse297zByDW5v_6kernel3foo+0x1f: unreachable instruction');
  expect(pattern).toMatchInlineSnapshot(`"(^|[^A-Za-z0-9_-])kernel[.]o.*warning.*objtool.*_RNvMNtCs[0-9A-Za-z]+_6kernel3foo.*unreachable.*instruction"`);
  expect(new RegExp(pattern).test('rust/kernel.o: warning: objtool: _RNvMNtCsabc_6kernel3foo+0x2: unreachable instruction')).toBe(true);
  expect(new RegExp(pattern).test('rust/kernel.o: warning: objtool: _RNvMNtCsabc_6kernel3bar+0x2: unreachable instruction')).toBe(false);
});

test('by hand', () => {
  expect([
    formatByHand({ kind: 'string', file: 'rust/kernel.o', section: '.modinfo', text: 'import_ns=PWM' }),
    formatByHand({ kind: 'symbol', file: 'rust/kernel.o', name: '__sanitizer_cov_stack_depth', as: 'undefined' }),
    formatByHand({ kind: 'words', target: 'rust/kernel.o', tool: 'clang', words: '-mllvm -enable-fs-discriminator=true' }),
    formatByHand({ kind: 'section', file: 'a.o', name: '.init_array.0' }),
    formatByHand({ kind: 'text', file: 'a.h', text: "it's" }),
  ]).toMatchInlineSnapshot(`
    [
      "llvm-readelf -p .modinfo rust/kernel.o | grep -F -e 'import_ns=PWM'",
      "llvm-nm rust/kernel.o | grep -e ' [Uvw] __sanitizer_cov_stack_depth$'",
      "grep -o -e '[ /]clang .* -mllvm -enable-fs-discriminator=true' rust/.kernel.o.cmd",
      "llvm-readelf -SW a.o | grep -F -e '.init_array.0'",
      "grep -F -e 'it'\\''s' a.h",
    ]
  `);
});
