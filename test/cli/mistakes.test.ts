import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'kinfuzz-cli-'));

/** Runs the command line as a user does, with an empty cache and without the right to install. */
function kinfuzz(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], {
    encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: join(home, 'cache'), KINFUZZ_NO_INSTALL: '1' },
  });
  return { status, stdout, stderr };
}

function kernel(name: string, files: Record<string, string>): string {
  const directory = join(home, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(directory, file, '..'), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  return directory;
}
const makefile = 'VERSION = 7\nPATCHLEVEL = 0\nSUBLEVEL = 3\nEXTRAVERSION =\n';
const option = 'config RUST_INLINE_HELPERS\n\tbool "x"\n';
const space = (text: string) => {
  const file = join(home, `space-${text.length}.yaml`);
  writeFileSync(file, text);
  return file;
};
const text = (name: string, words: string) => {
  writeFileSync(join(home, name), words);
  return join(home, name);
};
const garbage = join(home, 'garbage');
mkdirSync(garbage);
writeFileSync(join(garbage, 'run.db'), 'no database');
const tiny = 'space: tiny\ndescription: x\ntargets: []\narches: { um: { weight: 1 } }\naxes:\n  a:\n    b: { set: { NO_SUCH_SYMBOL: y } }\n';

describe('the user\'s mistakes: one clear error, exit code 2', () => {
  test.each([
    ['an unknown tree', ['fuzz', '--tree', '/no/such/tree'], /UNKNOWN_TREE: .*neither a directory/],
    ['an unknown Debian tree', ['fuzz', '--tree', 'debian:linux-source-2.4'], /UNKNOWN_TREE.*linux-source-2\.4[^]*known: debian:linux-source-7\.3/],
    ['a directory without a kernel', ['fuzz', '--tree', home], /NOT_A_KERNEL .*Makefile/],
    ['a kernel without the option', ['fuzz', '--tree', kernel('old', { Makefile: makefile, 'lib/Kconfig.debug': 'config X\n' })], /OPTION_MISSING .*lib\/Kconfig\.debug: Linux 7\.0\.3 has no RUST_INLINE_HELPERS/],
    ['a tree built in itself', ['fuzz', '--tree', kernel('dirty', { Makefile: makefile, 'lib/Kconfig.debug': option, '.config': '' })], /TREE_NOT_CLEAN[^]*mrproper/],
    ['sources that are not there and may not be fetched', ['fuzz', '--tree', 'debian:linux-source-7.3'], /TREE_MISSING/],
    ['an unknown space', ['fuzz', '--space', 'nothing'], /UNKNOWN_SPACE.*nothing[^]*inline-helpers/],
    ['a space with an unknown symbol', ['fuzz', '--space', space(tiny)], /SPACE_SYMBOL .*space-\d+\.yaml:7:\d+: .*NO_SUCH_SYMBOL/],
    ['a malformed seed', ['repro', 'kf2_nonsense'], /SEED_MALFORMED: "kf2_nonsense" is no seed: it has 2 parts/],
    ['nothing to reproduce', ['repro'], /NOTHING_GIVEN: what is to be reproduced\?/],
    ['two things to reproduce', ['repro', 'one', 'two'], /TOO_MUCH_GIVEN: .*2 are given/],
    ['a file to reproduce that is not there', ['repro', '/no/such/mail.eml'], /GIVEN_UNREADABLE \/no\/such\/mail\.eml: there is no such file/],
    ['a case that is none', ['repro', 'no-such-case'], /UNKNOWN_CASE: "no-such-case"/],
    ['a text without anything to reproduce', ['repro', text('prose.txt', 'it fails\n')], /NOTHING_GIVEN .*prose\.txt:1:1: [^]*kf2_…/],
    ['a fragment with a line that is none', ['repro', text('b.config', 'CONFIG_A=y\nCONFIG_B\n')], /CONFIG_SYNTAX .*b\.config:2:1: "CONFIG_B" is no assignment/],
    ['a fragment of no architecture', ['repro', text('a.config', 'CONFIG_A=y\n')], /ARCH_UNKNOWN .*a\.config:1:1[^]*--arch/],
    ['a seed of randconfig that is none', ['repro', 'KCONFIG_SEED=zero'], /KCONFIG_SEED_MALFORMED the command line:1:1: "zero"/],
    ['a folder that is no finding', ['repro', garbage], /FINDING_MISSING .*finding\.json/],
    ['one configuration to tell apart', ['repro', '--bisect-config', text('a.config', 'CONFIG_A=y\n')], /TWO_WANTED: --bisect-config takes two configurations, and 1 is given/],
    ['one commit to bisect between', ['repro', text('a.config', 'CONFIG_A=y\n'), '--git-bisect', 'v7.2'], /TWO_WANTED: --git-bisect takes two commits, and 1 are given/],
    ['commits to bisect between, and no repository', ['repro', text('a.config', 'CONFIG_A=y\n'), '--git-bisect', 'run', 'v7.2', 'v7.3'], /TREE_WANTED[^]*--tree/],
    ['a seed to minimize that is none', ['minimize', 'kf2_nonsense'], /SEED_MALFORMED/],
    ['a corpus to merge that is none', ['corpus', 'merge', garbage, '--corpus', join(home, 'corpus')], /CORPUS_UNKNOWN .*garbage: there is no such corpus[^]*cases\/ in it/],
    ['nothing to minimize', ['minimize', ''], /NOTHING_GIVEN: nothing was given[^]*a seed, a case/],
    ['a configuration to minimize that is not there', ['minimize', join(home, 'none.config')], /GIVEN_UNREADABLE .*none\.config/],
    ['a case to minimize that is not there', ['minimize', 'no-such-case'], /UNKNOWN_CASE[^]*cases: /],
    ['a draw of randconfig to minimize', ['minimize', 'KCONFIG_SEED=0x1', '--arch', 'x86_64', '--property', 'builds'], /CONFIG_WANTED[^]*--print-config/],
    ['a configuration of an unknown architecture', ['minimize', text('strange.config', 'CONFIG_X=y\n'), '--property', 'builds'], /ARCH_UNKNOWN[^]*--arch/],
    ['a property that is none', ['minimize', space('CONFIG_X=y\n'), '--property', 'nice'], /UNKNOWN_PROPERTY: there is no property nice[^]*helpers-inlined/],
    ['a signature that was cut short', ['minimize', text('strange.config', 'CONFIG_X=y\n'), '--property', 'builds:1a2b'], /SIGNATURE_MALFORMED: "builds:1a2b" is no signature[^]*property:1a2b3c4d/],
    ['a signature to reproduce that is none', ['repro', 'no-such-case', '--property', 'builds:zzz'], /SIGNATURE_MALFORMED/],
    ['a signature of what cannot be read, of a case that is not there', ['repro', 'no-such-case', '--property', 'reads:1a2b3c4d'], /UNKNOWN_CASE/],
    ['a run that is not there', ['fuzz', '--resume', join(home, 'nothing')], /RUN_UNKNOWN .*nothing/],
    ['an architecture nobody builds', ['fuzz', '--arch', 'vax'], /"vax" is none of x86_64, arm64, um/],
    ['a pass that is none', ['fuzz', '--passes', 'twin,thrice'], /"thrice" is none of twin, again, incremental, clean/],
    ['a time that is none', ['fuzz', '--time', 'soon'], /90s, 10m or 8h/],
    ['a time that no timer holds', ['fuzz', '--timeout', '600h'], /longer than 24 days/],
    ['a tree without a name', ['fuzz', '--tree', ''], /UNKNOWN_TREE: the name of the tree is empty/],
    ['a directory for a space', ['fuzz', '--space', home], /UNKNOWN_SPACE .*cannot be read: EISDIR/],
    ['a weight that no draw can have', ['fuzz', '--space', space(tiny.replace('weight: 1', 'weight: 0.5'))], /SPACE_SHAPE .*:4:\d+: arches\.um\.weight/],
    ['a journal that is none', ['fuzz', '--resume', garbage], /RUN_UNKNOWN .*run\.db: this is no journal/],
    ['a resumed run of another seed', ['fuzz', '--resume', garbage, '--seed', '1'], /--seed cannot go with --resume/],
    ['a place that cannot be written', ['fuzz', '--out', '/proc/nowhere'], /OUT_UNWRITABLE \/proc\/nowhere/],
    ['a toolchain that a doctor does not know', ['doctor', '--toolchain', 'gcc'], /Allowed choices are auto, host, debian/],
    ['a mutant that is none', ['mutants', '--only', 'no-internalize,mule'], /UNKNOWN_MUTANT: there is no mutant "mule"[^]*helpers-noinline/],
    ['a property that is none', ['mutants', '--property', 'beauty'], /UNKNOWN_PROPERTY: there is no property "beauty"[^]*helpers-inlined/],
    ['mutants of an unknown tree', ['mutants', '--tree', '/no/such/tree'], /UNKNOWN_TREE: .*neither a directory/],
    ['a corpus where nothing is built', ['fuzz', '--space', 'gating', '--corpus', home], /CORPUS_CONFIG: --corpus is for candidates that are built/],
    ['no candidates', ['fuzz', '--runs', '0'], /a whole number from 1/],
    ['an unknown toolchain', ['fuzz', '--toolchain', 'gcc'], /Allowed choices are auto, host, debian/],
    ['an unknown option', ['fuzz', '--fast'], /unknown option '--fast'/],
    ['an unknown command', ['frobnicate'], /unknown command 'frobnicate'/],
  ])('%s', (_, args, pattern) => {
    const { status, stdout, stderr } = kinfuzz(...args);
    expect(stderr).toMatch(pattern);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

test('help is no mistake', () => {
  expect(kinfuzz('--help')).toMatchObject({ status: 0 });
  expect(kinfuzz('fuzz', '--help').stdout).toContain('--resume');
});

test('nothing is left behind by a mistake', () => {
  kinfuzz('fuzz', '--space', 'nothing', '--out', join(home, 'out'));
  kinfuzz('fuzz', '--known', '/nowhere', '--out', join(home, 'out'));
  expect(readdirSync(home)).not.toContain('out');
});
