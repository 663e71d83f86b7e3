import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { formatCase } from '../../src/corpus/cases.ts';
import type { Reproduction } from '../../src/report/reproduction.ts';
import { parseSeed } from '../../src/sampler/seed.ts';
import { hashText } from '../../src/util/hash.ts';
import { quote, wrap, writeMail } from '../corpus/mail.ts';
import { runKinfuzz } from '../support/command.ts';
import { makeFinding } from '../support/finding.ts';

const home = mkdtempSync(join(tmpdir(), 'kinfuzz-repro-'));
const write = (name: string, content: string | Buffer) => {
  writeFileSync(join(home, name), content);
  return join(home, name);
};
const signature = 'helpers-inlined:00000000';
let seed: string;
let config: string;

async function repro(...args: string[]): Promise<{ code: number | null; record: Reproduction; stderr: string }> {
  const { code, stdout, stderr } = await runKinfuzz(['repro', '--json', '--out', home, ...args]).done;
  return { code, record: JSON.parse(stdout || 'null') as Reproduction, stderr };
}

beforeAll(async () => {
  const folder = join(home, 'sampled');
  const { stdout } = await runKinfuzz(['sample', '--seed', '5', '--runs', '1', '--json', '--out', folder]).done;
  ({ seed } = JSON.parse(stdout) as { seed: string });
  config = readFileSync(join(folder, '0000-x86_64.config'), 'utf8');
});

describe('every kind of input is reproduced', () => {
  test('a mail that quotes a wrapped seed, tells the failure, and has the configuration attached', async () => {
    const body = quote(wrap(`FAILED ${signature} (1 of 1)\n  replay: npx kinfuzz repro ${seed}`, 50), '> ');
    const mail = writeMail(`${body}\nIs that so?\n`, 'quoted-printable', [{ name: 'config', content: Buffer.from(config), encoding: 'base64' }], '\r\n');
    const { code, record } = await repro(write('a.eml', mail));
    expect(record).toMatchObject({ outcome: 'passes-now', given: { kind: 'seed', aside: [expect.stringContaining('a.eml[config]:2:1, but for comparing')] }, expected: { signatures: [signature] }, config: { isSame: true, changed: [] }, differs: [] });
    expect(code).toBe(0);
  });

  test('a .config', async () => {
    const { code, record } = await repro(write('a.config', config), '--bisect-exit');
    expect(record).toMatchObject({ outcome: 'passes', given: { kind: 'config' }, arch: 'x86_64', config: { isSame: true, hash: hashText(config), lost: [] }, verdict: { resolution: 'certified', seed: '' } });
    expect(code).toBe(0);
  });

  test('a case', async () => {
    const { tree } = parseSeed(seed);
    const text = formatCase({ name: 'a-case', state: 'open', signature, arch: 'arm64', space: 'inline-helpers', passes: [], assignments: 'CONFIG_RUST_INLINE_HELPERS=y\nCONFIG_SAMPLES=y\nCONFIG_SAMPLES_RUST=y\nCONFIG_SAMPLE_RUST_MINIMAL=y\n', seen: [{ tree: 'embedded', fingerprint: tree.fingerprint, toolchain: 'host' }], gone: [], links: [] });
    const { code, record } = await repro(write('a-case.yaml', text));
    expect(record).toMatchObject({ outcome: 'passes-now', arch: 'arm64', verdict: { inline: true } });
    expect(code).toBe(0);
  });

  test("a finding's folder, whose tree was another", async () => {
    const folder = join(home, 'found');
    mkdirSync(folder);
    write('found/finding.json', JSON.stringify(makeFinding({
      signature, seed, space: { name: 'inline-helpers', hash: '0', source: 'inline-helpers' }, config: hashText(config),
      tree: { kind: 'embedded', spec: 'embedded', version: null, fingerprint: 'f'.repeat(64) }, toolchain: { kind: 'host', fingerprint: 'f'.repeat(64), tools: {} },
    })));
    write('found/config', config);
    const { code, record } = await repro(folder);
    expect(record).toMatchObject({ outcome: 'passes-now', config: { isSame: true }, differs: [expect.stringMatching(/^the tree is embedded/), expect.stringMatching(/^the toolchain is host/)] });
    expect(code).toBe(0);
  });

  test('a seed of randconfig, as conf draws it', async () => {
    const { code, stdout, stderr } = await runKinfuzz(['repro', 'KCONFIG_SEED=0xBEEF', '--arch', 'arm64', '--print-config', '--out', home]).done;
    expect(stdout).toContain('CONFIG_ARM64=y\n');
    expect(stderr).not.toContain('differs:');
    expect(code).toBe(0);
  });

  test('what standard input has', () => {
    const stdout = execFileSync(process.execPath, ['bin/kinfuzz.js', 'repro', '-', '--print-config', '--arch', 'x86_64', '--out', home], { encoding: 'utf8', input: 'with\n> CONFIG_SAMPLES=y\n> CONFIG_SAMPLES_RUST=y\nit fails\n', stdio: ['pipe', 'pipe', 'ignore'] });
    expect(stdout).toContain('CONFIG_SAMPLES_RUST=y\n');
    expect(stdout).toContain('CONFIG_RUST_INLINE_HELPERS=y\n');
  });
});

describe('what cannot be built here', () => {
  test('says which line forbids what was asked for, and counts as untested for git bisect', async () => {
    const file = write('lost.config', 'CONFIG_DEBUG_INFO_DWARF5=y\nCONFIG_DEBUG_INFO_BTF=y\nCONFIG_LTO_CLANG_FULL=y\n');
    const { code, record } = await repro(file, '--arch', 'x86_64');
    expect(record).toMatchObject({ outcome: 'cannot-be-built', verdict: null, exitCode: 3 });
    expect(record.reasons.join()).toMatch(/(?:DEBUG_INFO_BTF|LTO_CLANG_FULL)=y became n: .*Kconfig[.\w]*:\d+/);
    expect(code).toBe(3);
    expect((await repro(file, '--arch', 'x86_64', '--bisect-exit')).code).toBe(125);
  });

  test('is also what is for another architecture', async () => {
    const { code, record } = await repro(write('riscv.config', 'CONFIG_RISCV=y\nCONFIG_RUST=y\n'));
    expect(record).toMatchObject({ outcome: 'cannot-be-built', arch: null, reasons: [expect.stringMatching(/^it is for riscv/)] });
    expect(code).toBe(3);
  });
});

test('git bisect is told how to go on, for these commits', async () => {
  const { code, stdout } = await runKinfuzz(['repro', seed, '--property', signature, '--git-bisect', 'v7.2', "o'clock"]).done;
  expect(stdout).toMatch(new RegExp(`^# .*\\ngit bisect start\\ngit bisect bad 'o'\\\\''clock'\\ngit bisect good v7\\.2\\ngit bisect run node \\S*/bin/kinfuzz\\.js repro ${seed} --tree \\. --bisect-exit --property ${signature}\\ngit bisect reset\\n$`));
  expect(code).toBe(0);
});

test('two configurations of which the bad one passes are refused', async () => {
  const file = write('fine.config', config);
  const { code, stderr } = await repro('--bisect-config', file, file);
  expect(stderr).toMatch(/BAD_PASSES .*fine\.config: it does not fail/);
  expect(code).toBe(2);
});

describe('of the miniature tree with a defect', () => {
  const tree = join(home, 'tree');
  const helper = join(tree, 'rust/helpers/bug.c');
  const git = (...args: string[]) => execFileSync('git', ['-C', tree, '-c', 'user.name=t', '-c', 'user.email=t@mail.example', ...args], { encoding: 'utf8' }).trim();
  const commit = (file: string, text: string) => {
    appendFileSync(file, text);
    git('add', '.');
    git('commit', '--quiet', '-m', text.trim());
    return git('rev-parse', 'HEAD');
  };
  let commits: string[];

  beforeAll(() => {
    cpSync('corpus/embedded', tree, { recursive: true });
    git('init', '--quiet');
    commits = [commit(helper, '/* nothing */\n'), commit(helper, '/* still nothing */\n'), commit(helper, '#ifdef CONFIG_RUST_DEBUG_ASSERTIONS\n#error no assertions\n#endif\n'), commit(helper, '/* too late */\n')];
  });

  test('git bisect finds the commit that brought it', async () => {
    const file = write('bad.config', 'CONFIG_RUST_DEBUG_ASSERTIONS=y\n');
    const [good = '', , first, bad = ''] = commits;
    const { code, stdout } = await runKinfuzz(['repro', file, '--arch', 'x86_64', '--tree', `embedded:${tree}`, '--out', home, '--json', '--git-bisect', 'run', good, bad]).done;
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'git-bisect', good, bad, first: [first], tested: expect.arrayContaining([{ commit: first, subject: expect.stringContaining('#error') as string, state: 'bad' }]) as unknown });
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  test('what tells two configurations apart is found', async () => {
    const fine = write('good.config', 'CONFIG_SAMPLE_RUST_MINIMAL=y\n');
    const file = write('worse.config', 'CONFIG_SAMPLE_RUST_PRINT=m\nCONFIG_RUST_DEBUG_ASSERTIONS=y\nCONFIG_LTO_CLANG_THIN=y\n');
    const { code, stdout } = await runKinfuzz(['repro', '--bisect-config', fine, file, '--arch', 'x86_64', '--tree', `embedded:${tree}`, '--out', home, '--json']).done;
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'minimized', good: fine, failure: { property: 'builds' }, causes: [{ symbol: 'RUST_DEBUG_ASSERTIONS', value: 'y', base: 'n', without: 'passes' }], isMinimal: true, isConfirmed: true });
    expect(code).toBe(1);
  });
});
