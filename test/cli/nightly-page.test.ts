import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseShell } from 'shell-quote';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeProgram } from '../../src/cli/program.ts';

const page = readFileSync(join(import.meta.dirname, '../../src/cli/NIGHTLY.md'), 'utf8');
const blocks = [...page.matchAll(/^`([^`\n]+)`\n\n```(\w+)\n(.*?)^```$/gms)].map(([, path = '', language, text = '']) => ({ name: path.split('/').at(-1) ?? '', language, text }));
const units = blocks.filter(({ language }) => language === 'ini');
const workflow = blocks.find(({ language }) => language === 'yaml')?.text ?? '';

type Step = { run?: string; uses?: string; if?: string; shell?: string; with?: Record<string, unknown> };
const steps = (): Step[] => (parse(workflow) as { jobs: { night: { steps: Step[] } } }).jobs.night.steps;

/** The words after `npx kinfuzz`, of each time that it is called. */
function callsIn(text: string): string[][] {
  return [...text.matchAll(/npx kinfuzz ([^|;`\n]+)/g)].map(([, words = '']) => parseShell(words).filter((word) => typeof word === 'string'));
}

/** What our own command line makes of the words; it does nothing. */
async function understand(words: readonly string[]): Promise<{ command: string; options: Record<string, unknown> }> {
  const program = makeProgram(() => {});
  const seen: { command: string; options: Record<string, unknown> }[] = [];
  for (const command of program.commands) {
    command.configureOutput({ writeErr: () => {} });
    command.action(() => { seen.push({ command: command.name(), options: command.opts() }); });
  }
  await program.parseAsync(words, { from: 'user' });
  return seen[0] ?? { command: '', options: {} };
}

test('the page has all that it speaks of', () => {
  expect(blocks.map(({ name }) => name)).toEqual(['kinfuzz-nightly.service', 'kinfuzz-nightly-resume.service', 'kinfuzz-nightly.timer', 'kinfuzz.yml']);
});

test('our own command line understands each command of the page', async () => {
  const calls = callsIn(page);
  expect(calls.length).toBeGreaterThanOrEqual(6);
  for (const words of calls) expect(await understand(words)).toMatchObject({ command: 'nightly' });
  await expect(understand(['nightly', '--tyme', '8h'])).rejects.toMatchObject({ code: 'commander.unknownOption' });
});

describe('the units', () => {
  const commandOf = (name: string) => callsIn(units.find((unit) => unit.name === name)?.text ?? '')[0] ?? [];

  test('differ in what they may begin alone', async () => {
    const { options: night } = await understand(commandOf('kinfuzz-nightly.service'));
    const { options: rest } = await understand(commandOf('kinfuzz-nightly-resume.service'));
    expect(night).toMatchObject({ time: 7 * 3_600_000, disk: 40 * 1024 ** 3 });
    expect(rest).toEqual({ ...night, unfinished: true });
  });

  const hasSystemd = (() => {
    try {
      return execFileSync('systemd-analyze', ['--version'], { stdio: 'pipe' }).length > 0;
    } catch {
      return false;
    }
  })();

  // A container has no systemd as a rule, and installing one for its parser alone would be much; the other tests here do not need it.
  test.skipIf(!hasSystemd)('are such that systemd takes them', () => {
    const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-units-'));
    // systemd looks whether the program is there.
    for (const { name, text } of units) writeFileSync(join(directory, name), text.replaceAll('/usr/bin/npx', '/bin/true'));
    const verify = (name: string) => {
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', join(directory, name)], { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${directory}:` } });
      // Of what it does not know it only warns.
      return { status, complaints: stderr.split('\n').filter((line) => line.includes(directory)) };
    };
    for (const { name } of units) expect(verify(name)).toEqual({ status: 0, complaints: [] });
    writeFileSync(join(directory, 'wrong.service'), '[Service]\nType=oneshot\nExecStart=/bin/true\nOOMPolizy=continue\n');
    expect(verify('wrong.service').complaints).toHaveLength(1);
  });
});

describe('the workflow', () => {
  test('says for each step what to do, and keeps what a failed night has found', () => {
    for (const step of steps()) expect([step.run, step.uses].filter((what) => what !== undefined)).toHaveLength(1);
    const of = (action: string) => steps().find(({ uses }) => uses?.startsWith(`${action}@`));
    expect(of('actions/cache/save')).toMatchObject({ if: 'always()', with: of('actions/cache/restore')?.with && { path: of('actions/cache/restore')?.with?.['path'], key: of('actions/cache/restore')?.with?.['key'] } });
    // Without pipefail, which only an explicit bash has, tee's success would be the night's.
    expect(steps().find(({ run }) => run?.includes('tee'))).toMatchObject({ shell: 'bash' });
  });

  test('ends a night before the job would be ended', async () => {
    const { jobs: { night } } = parse(workflow) as { jobs: { night: { 'timeout-minutes': number } } };
    const [words = []] = callsIn(steps().find(({ run }) => run?.includes('tee'))?.run ?? '');
    const { options } = await understand(words);
    expect(Number(options['time'])).toBeLessThan(night['timeout-minutes'] * 60_000 - 45 * 60_000);
  });
});
