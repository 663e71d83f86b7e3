import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCase, parseCase } from '../../src/corpus/cases.ts';
import { givenOfCase } from '../../src/corpus/given/case.ts';
import { givenOfFinding, parseFindingText } from '../../src/corpus/given/finding.ts';
import { openGiven } from '../../src/corpus/given/open.ts';
import { readGiven, readGivenText } from '../../src/corpus/given/read.ts';
import type { Given } from '../../src/corpus/given/records.ts';
import { formatFragment } from '../../src/kconfig/config.ts';
import { formatSeed, parseSeed } from '../../src/sampler/seed.ts';
import { formatUserError, UserError } from '../../src/util/errors.ts';
import { hashText } from '../../src/util/hash.ts';
import { makeFinding } from '../support/finding.ts';
import { anyMail, mangled, quote, wrap, writeMail } from './mail.ts';

/** As many as one likes: `KINFUZZ_RUNS=100000`. */
const numRuns = Number(process.env['KINFUZZ_RUNS'] ?? 400);
const timeout = Math.max(60_000, numRuns * 30);

const properties = ['builds', 'helpers-inlined', 'same-as-without'];
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const anySeed = fc.record({
  space: fc.record({ name: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/), hash: hex(6) }),
  tree: fc.record({ name: fc.stringMatching(/^[A-Za-z0-9.-]{1,20}$/), fingerprint: hex(8) }),
  toolchain: fc.record({ kind: fc.constantFrom('host', 'debian'), fingerprint: hex(8) }),
  runSeed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  cover: fc.constantFrom(0 as const, 2 as const, 3 as const),
  index: fc.integer({ min: 0, max: 999_999_999 }),
  config: hex(8),
});
const value = fc.oneof(fc.constantFrom('y', 'm', 'n', '""', '"a \\"b\\" c"', '"Debian clang version 22.1.8 (++20261101)"'), fc.integer().map(String), fc.nat().map((number) => `0x${number.toString(16)}`));
const anyConfig = fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,30}$/), value, { minKeys: 1, maxKeys: 30, noNullPrototype: true });
const head = '#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 7.3.4 Kernel Configuration\n#\n';
const withMail = (text: fc.Arbitrary<string>) => text.chain((whole) => fc.tuple(fc.constant(whole), anyMail(whole)));

const read = (bytes: Uint8Array) => readGiven('mail.eml', bytes, properties);

describe('what is put into a mail is found again', () => {
  test('a seed', async () => {
    await fc.assert(fc.asyncProperty(withMail(anySeed.map(formatSeed)), async ([seed, mail]) => {
      expect((await read(mail)).recipe).toEqual({ kind: 'seed', seed: parseSeed(seed) });
    }), { numRuns });
  }, timeout);

  test('a seed that was wrapped and quoted, again and again', () => {
    fc.assert(fc.property(anySeed, fc.array(fc.tuple(fc.integer({ min: 20, max: 90 }), fc.constantFrom('> ', '>', '>> ', '| ', '    ')), { maxLength: 3 }), (seed, styles) => {
      let text = `replay: npx kinfuzz repro ${formatSeed(seed)} --passes twin`;
      for (const [width, mark] of styles) text = quote(wrap(text, width), mark);
      fc.pre(text.split('\n').length < 8);
      expect(readGivenText('mail', text, properties).recipe).toEqual({ kind: 'seed', seed });
    }), { numRuns });
  }, timeout);

  test('a fragment', async () => {
    await fc.assert(fc.asyncProperty(anyConfig.chain((config) => fc.tuple(fc.constant(config), anyMail(formatFragment(Object.entries(config))))), async ([config, mail]) => {
      expect((await read(mail)).recipe).toEqual({ kind: 'config', assignments: config, isWhole: false });
    }), { numRuns });
  }, timeout);

  test('a whole .config', async () => {
    await fc.assert(fc.asyncProperty(anyConfig.chain((config) => fc.tuple(fc.constant(config), anyMail(head + formatFragment(Object.entries(config))))), async ([config, mail]) => {
      expect(await read(mail)).toMatchObject({ recipe: { kind: 'config', assignments: config, isWhole: true }, config });
    }), { numRuns });
  }, timeout);

  test('a seed of randconfig, with its architecture', async () => {
    const written = fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom('x86_64', 'arm64', 'um'), fc.boolean());
    const mails = written.chain(([seed, arch, isHex]) => fc.tuple(fc.constant({ seed, arch }), anyMail(`make ARCH=${arch} randconfig KCONFIG_SEED=${isHex ? `0x${seed.toString(16).toUpperCase()}` : seed}.`)));
    await fc.assert(fc.asyncProperty(mails, async ([{ seed, arch }, mail]) => {
      expect(await read(mail)).toMatchObject({ recipe: { kind: 'random', kconfigSeed: seed }, arch: { kind: 'known', arch } });
    }), { numRuns });
  }, timeout);
});

describe('of several things', () => {
  const seed = 'kf2_inline-helpers.b52e3b_linux-source-7.3.ee863f33_debian.3e738460_1c2_3_57336447_22a6';
  const whole = `${head}CONFIG_X86_64=y\nCONFIG_RUST=y\n# CONFIG_LTO is not set\n`;

  test('a seed counts before a whole configuration, which serves to compare', () => {
    const given = readGivenText('mail', `${whole}\nFAILED helpers-inlined:1a2b3c4d\nreplay: npx kinfuzz repro ${seed} --passes twin\n`, properties);
    expect(given).toMatchObject({ recipe: { kind: 'seed' }, config: { RUST: 'y', LTO: 'n' }, signatures: ['helpers-inlined:1a2b3c4d'], passes: ['twin'], tree: { name: 'linux-source-7.3', fingerprint: 'ee863f33' } });
    expect(given.aside).toEqual(['a whole .config of 3 assignments at mail:2:1, but for comparing']);
  });

  test('a whole configuration counts before a seed of randconfig, and that before a fragment', () => {
    const random = 'make ARCH=arm64 randconfig KCONFIG_SEED=0xBEEF\n';
    expect(readGivenText('mail', `${random}${whole}`, properties)).toMatchObject({ recipe: { isWhole: true }, arch: { arch: 'x86_64' }, aside: ['KCONFIG_SEED=0xBEEF at mail:1:28'] });
    expect(readGivenText('mail', `CONFIG_LTO=y\n${random}`, properties)).toMatchObject({ recipe: { kconfigSeed: 0xbeef }, aside: ['a fragment of 1 assignment at mail:1:1'] });
  });

  test('lines of prose between assignments do not part them, and a contradiction does', () => {
    const given = readGivenText('mail', 'With\n  CONFIG_A=y\nand\n  CONFIG_B=m\nit fails, and with\n  # CONFIG_A is not set\nit does not.\n', properties);
    expect(given.recipe).toMatchObject({ assignments: { A: 'y', B: 'm' } });
    expect(given.aside).toEqual(['a fragment of 1 assignment at mail:6:3']);
  });

  test('a damaged seed is told, and what is whole is taken', () => {
    expect(readGivenText('mail', `${seed.replace('debian', 'debain')}\n${seed}\n`, properties)).toMatchObject({ place: { line: 2, column: 1 }, aside: [expect.stringMatching(/^mail:1:1: this seed was damaged/)] });
  });

  test('0-day: the line of its mail tells the architecture of what is attached', async () => {
    const body = 'tree:   https://git.example/linux.git master\nconfig: arm64-randconfig-001-20261101 (attached as .config)\n';
    const mail = writeMail(body, '7bit', [{ name: '.config', content: Buffer.from('CONFIG_LTO_NONE=y\n'), encoding: 'base64' }], '\n');
    expect(await read(mail)).toMatchObject({ arch: { kind: 'known', arch: 'arm64' }, recipe: { assignments: { LTO_NONE: 'y' } } });
    const other = writeMail(body.replace('arm64', 'riscv'), '7bit', [{ name: '.config', content: Buffer.from('CONFIG_LTO_NONE=y\n'), encoding: 'base64' }], '\n');
    expect(await read(other)).toMatchObject({ arch: { kind: 'foreign', name: 'riscv' } });
  });

  test('values and comments that a mail has wrapped are put together', () => {
    expect(readGivenText('mail', `> ${head.replaceAll('\n', '\n> ')}CONFIG_CC_VERSION_TEXT="Debian clang version 22.1.8\n> (1)"\n> # CONFIG_A_LONG_NAME is\n> not set\n> CONFIG_B=y`, properties).recipe).toEqual({
      kind: 'config', isWhole: true, assignments: { CC_VERSION_TEXT: '"Debian clang version 22.1.8 (1)"', A_LONG_NAME: 'n', B: 'y' },
    });
  });
});

describe('what cannot be taken is refused in one clear error', () => {
  test.each([
    ['an empty text', '', /NOTHING_GIVEN/, 1, 1],
    ['a seed of another version', 'see kf1_a_b', /SEED_MALFORMED/, 1, 5],
    ['a configuration with a value that is none', 'CONFIG_A=y\n  CONFIG_B=maybe\n', /CONFIG_SYNTAX/, 2, 3],
    ['a configuration with a text that does not end', 'CONFIG_A=y\nCONFIG_B="x\nCONFIG_C=y\n', /CONFIG_SYNTAX/, 2, 1],
    ['a seed of randconfig that is no number', 'KCONFIG_SEED=0xZZ', /KCONFIG_SEED_MALFORMED/, 1, 1],
    ['a seed of randconfig on top of a file', 'KCONFIG_SEED=1 KCONFIG_ALLCONFIG=my.config', /KCONFIG_ALLCONFIG/, 1, 1],
    ['a probability that is none', 'KCONFIG_SEED=1 KCONFIG_PROBABILITY=101', /KCONFIG_PROBABILITY/, 1, 1],
  ])('%s', (_, text, code, line, column) => {
    const error = catchError(() => readGivenText('file', text, properties));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: expect.stringMatching(code), place: { file: 'file', line, column } });
    expect((error as UserError).hint).not.toBe('');
  });
});

function catchError(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const config = `${head}CONFIG_X86_64=y\nCONFIG_RUST=y\n`;
const finding = makeFinding({
  signature: 'helpers-inlined:1a2b3c4d', seed: 'kf2_inline-helpers.b52e3b_linux-source-7.3.ee863f33_debian.3e738460_1c2_3_57336447_22a6', passes: ['twin'],
  space: { name: 'inline-helpers', hash: 'b52e3b', source: 'inline-helpers' }, config: hashText(config),
});
const findingText = `${JSON.stringify(finding, null, 2)}\n`;
const remembered = formatCase({ name: 'a-case', state: 'open', signature: 'helpers-inlined:1a2b3c4d', arch: 'arm64', space: 'inline-helpers', passes: [], assignments: 'CONFIG_RUST=y\nCONFIG_LTO_CLANG_FULL=y\n', seen: [{ tree: 'embedded', fingerprint: '00000000', toolchain: 'host' }], gone: [], note: 'x', links: [] });

describe('records', () => {
  const home = mkdtempSync(join(tmpdir(), 'kinfuzz-given-'));
  const context = { corpus: home, properties };
  mkdirSync(join(home, 'cases'));
  mkdirSync(join(home, 'found'));
  writeFileSync(join(home, 'cases', 'a-case.yaml'), remembered);
  writeFileSync(join(home, 'found', 'finding.json'), findingText);
  writeFileSync(join(home, 'found', 'config'), config);
  writeFileSync(join(home, 'found', 'minimal.config'), 'CONFIG_RUST=y\n');
  writeFileSync(join(home, 'found', 'reproduce.sh'), '#!/bin/sh\n');

  test('a case is taken by its name and by its file', async () => {
    const byName = await openGiven('a-case', context);
    expect(byName).toMatchObject({ recipe: { kind: 'config', assignments: { RUST: 'y', LTO_CLANG_FULL: 'y' }, isWhole: false }, arch: { arch: 'arm64' }, signatures: ['helpers-inlined:1a2b3c4d'], tree: { name: 'embedded' } });
    expect(await openGiven(join(home, 'cases', 'a-case.yaml'), context)).toEqual(byName);
  });

  test('a finding is taken by its folder, its record, its configuration and its fragment', async () => {
    const byFolder = await openGiven(join(home, 'found'), context);
    expect(byFolder).toMatchObject({ recipe: { isWhole: true, assignments: { RUST: 'y' } }, signatures: ['helpers-inlined:1a2b3c4d'], passes: ['twin'], config: { RUST: 'y', X86_64: 'y' }, script: join(home, 'found', 'reproduce.sh'), aside: [] });
    for (const name of ['finding.json', 'config']) expect(await openGiven(join(home, 'found', name), context)).toEqual(byFolder);
    expect(await openGiven(join(home, 'found', 'minimal.config'), context)).toMatchObject({ recipe: { isWhole: false }, signatures: ['helpers-inlined:1a2b3c4d'], config: null });
  });

  test('the script of the miniature tree is no way to tell anything', () => {
    const record = parseFindingText(findingText, 'finding.json');
    const texts = { directory: '/x', name: 'config', text: config, whole: null, script: '/x/reproduce.sh' };
    expect(givenOfFinding(record, texts).script).toBe('/x/reproduce.sh');
    expect(givenOfFinding({ ...record, tree: { ...record.tree, kind: 'embedded', spec: 'embedded' } }, texts).script).toBeNull();
  });
});

describe('mangled inputs give a parse or one clear error', () => {
  const seed = finding.seed;
  const sources: [string, Buffer, (bytes: Buffer) => Promise<Given> | Given][] = [
    ['seed', Buffer.from(seed), (bytes) => readGivenText('seed', bytes.toString(), properties)],
    ['config', Buffer.from(config), read],
    ['mail', writeMail(`> it fails:\n> ${seed}\nARCH=arm64 KCONFIG_SEED=0x1 CONFIG_A=y\nCONFIG_B="a"\n`, 'quoted-printable', [{ name: 'config', content: Buffer.from(config), encoding: 'base64' }], '\n'), read],
    ['finding', Buffer.from(findingText), (bytes) => givenOfFinding(parseFindingText(bytes.toString(), 'finding.json'), { directory: '/x', name: 'config', text: config, whole: null, script: null })],
    ['case', Buffer.from(remembered), (bytes) => givenOfCase(parseCase(bytes.toString(), 'a-case.yaml'), 'a-case.yaml')],
  ];

  test.each(sources)('%s', async (_, valid, parse) => {
    let parsed = 0;
    let refused = 0;
    await fc.assert(fc.asyncProperty(mangled(valid), async (bytes) => {
      try {
        expect(['seed', 'config', 'random']).toContain((await parse(bytes)).recipe.kind);
        parsed += 1;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(error.code).toMatch(/^[A-Z_]+$/);
        // Nothing that a terminal would obey.
        expect(formatUserError(error)).toMatch(/^[A-Z_]+ [^:]+(?::\d+)*: .{5}/u);
        expect(formatUserError(error)).not.toMatch(/[^\P{Cc}\t\n]/u);
        refused += 1;
      }
    }), { numRuns });
    expect(Math.min(parsed, refused)).toBeGreaterThan(0);
  }, timeout);
});
