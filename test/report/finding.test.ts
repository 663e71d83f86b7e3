import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCommands, formatLog, formatReport } from '../../src/report/finding.ts';
import { quote } from '../../src/report/looks.ts';
import { formatScript } from '../../src/report/reproduce.ts';
import { findingSchema, type FindingRecord, nameFinding, parseFinding } from '../../src/verdict/finding.ts';
import * as v from 'valibot';
import { everySign, makeFinding } from '../support/finding.ts';

const minimized: FindingRecord['minimized'] = {
  base: [{ symbol: 'RUST', value: 'y' }, { symbol: 'RUST_INLINE_HELPERS', value: 'y' }],
  causes: [{ symbol: 'LTO_CLANG_FULL', value: 'y', before: 'n', place: 'arch/Kconfig:854', without: 'passes' }],
  isMinimal: true, isConfirmed: true, elements: 11, trials: 8, evidence: [{ kind: 'section', where: 'rust/kernel.o', text: '.modinfo: helpers.import_ns=PWM' }],
  symptoms: [[{ kind: 'string', file: 'rust/kernel.o', section: '.modinfo', text: 'helpers.import_ns=PWM', build: 'this', shows: true }]],
};

describe('what a maintainer gets', () => {
  test('the draft of a mail', () => {
    expect(formatReport(makeFinding({ minimized }), 'npx kinfuzz')).toMatchSnapshot();
  });

  test('the same where nothing was minimized, and no look tells', () => {
    expect(formatReport(makeFinding({ symptoms: [], passes: ['twin'], resolution: 'trusted' }), 'npx kinfuzz')).toMatchSnapshot();
  });

  test('the script', () => {
    expect(formatScript(makeFinding({ minimized }))).toMatchSnapshot();
  });

  test('commands and log', () => {
    const finding = makeFinding({});
    expect(formatCommands(finding)).toMatchSnapshot('commands');
    expect(formatLog(finding)).toMatchSnapshot('log');
    expect(formatLog(makeFinding({ evidence: [{ kind: 'log', where: 'a.o', text: 'error: x\nnote: y' }] }))).toBe('# a.o\nerror: x\nnote: y\n');
  });
});

/** The machine's POSIX shell, which is dash on Debian. */
const shell = (script: string, ...args: string[]) => execFileSync('sh', args, { input: script, encoding: 'utf8', stdio: 'pipe' });

test('the script with every look is one that sh reads', () => {
  expect(shell(formatScript(makeFinding({ symptoms: everySign })), '-n')).toBe('');
});

/** Texts that try to become shell. */
const nasty = fc.oneof(fc.string(), fc.constantFrom("'; exit 0; '", '$(exit 0)', '`exit 0`', '\nexit 0\n', '\r\nexit 0', '\u2028exit 0', "END\nexit 0\n", '\\', '"'));

test('nothing in a finding becomes a command of the script', () => {
  const text = nasty.map((given) => given.replaceAll('\0', ''));
  const symptoms = fc.record({ file: text, section: text, text }).map(({ file, section, text: said }): FindingRecord['symptoms'] => [[
    { kind: 'string', file, section, text: said, build: 'this', shows: true }, { kind: 'symbol', file, name: said, as: 'any', build: 'this', shows: true }, { kind: 'message', text: `error: x ${said}`, build: 'this', shows: true },
  ]]);
  fc.assert(fc.property(text, symptoms, fc.array(fc.record({ kind: fc.constantFrom('log', 'file'), where: text, text }), { maxLength: 2 }), (summary, signs, evidence) => {
    const finding = makeFinding({ summary, symptoms: signs, evidence, tree: { ...makeFinding({}).tree, spec: `/home/${summary}` } });
    for (const one of [finding, makeFinding({ ...finding, symptoms: [] })]) {
      const script = formatScript(one);
      shell(script, '-n');
      // Without arguments it does nothing but tell how it is used.
      expect(() => shell(script, '-s')).toThrow(expect.objectContaining({ status: 125 }));
    }
  }), { numRuns: 25 });
});

test('a word is quoted so that the shell gives it back', () => {
  fc.assert(fc.property(nasty.map((text) => text.replaceAll(/[\0\ud800-\udfff]/g, '')), (text) => {
    expect(shell(`printf %s ${quote(text)}x`)).toBe(`${text}x`);
  }), { numRuns: 50 });
});

test('a script that cannot look says why, and what can', () => {
  const script = formatScript(makeFinding({ property: 'reproducible', signature: 'reproducible:1a2b3c4d', symptoms: [], passes: ['again'] }));
  expect(script).toMatch(/^say 'no simple look tells this failure: it takes a second build, compared byte by byte\.'\nsay 'kinfuzz can tell: npx kinfuzz repro kf2_\S+ --passes again'$/m);
  expect(script.trimEnd()).toMatch(/\nexit 125$/);
});

test('of the embedded tree it says what does it', () => {
  const script = formatScript(makeFinding({ tree: { kind: 'embedded', spec: 'embedded', version: null, fingerprint: '0'.repeat(64) }, passes: ['twin'] }));
  expect(script).toContain('npx kinfuzz repro kf2_smallest.e8ff7c_seed --passes twin');
  expect(() => shell(script, '-s')).toThrow(expect.objectContaining({ status: 125 }));
});

test('a record is read as it was written', () => {
  const finding = makeFinding({ symptoms: everySign, minimized });
  expect(parseFinding(JSON.stringify(finding))).toEqual(finding);
  expect(v.safeParse(findingSchema, { ...finding, version: 2 }).success).toBe(false);
  expect(v.safeParse(findingSchema, { ...finding, more: 1 }).success).toBe(false);
  expect(nameFinding(finding.signature)).toBe('no-helper-identity-79052f01');
});
