import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/util/process.ts';
import type { Sandbox } from '../../src/util/sandbox.ts';

const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-process-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const bare: Sandbox = { kind: 'none', env: { PATH: '/usr/bin:/bin' }, cwd: directory };
const boxed: Sandbox = {
  kind: 'bubblewrap', root: '/', readOnly: [], writable: [{ from: directory, to: '/obj' }], env: { PATH: '/usr/bin:/bin' }, cwd: '/obj',
};
const hasBwrap = existsSync('/usr/bin/bwrap');
const sandboxes: [string, Sandbox][] = [['bare', bare], ...(hasBwrap ? [['bubblewrap', boxed] as [string, Sandbox]] : [])];
const sh = (script: string) => ['sh', '-c', script];

describe.each(sandboxes)('%s', (_, sandbox) => {
  test('an exit code is data', async () => {
    const { exit, stdout, stderr } = await runCommand({ argv: sh('echo out; echo err >&2; exit 7'), sandbox, timeoutMs: 10_000 });
    expect(exit).toEqual({ kind: 'exited', code: 7 });
    expect([stdout, stderr]).toEqual(['out\n', 'err\n']);
  });

  test('a crash is told apart from an exit', async () => {
    const { exit } = await runCommand({ argv: sh('kill -SEGV $$'), sandbox, timeoutMs: 10_000 });
    expect(exit).toEqual({ kind: 'signalled', signal: 'SIGSEGV' });
  });

  test('the time limit ends children too', async () => {
    const mark = `31.4${process.pid % 1000}${sandbox.kind === 'none' ? 1 : 2}`;
    const { exit } = await runCommand({ argv: sh(`sleep ${mark} & sleep ${mark}`), sandbox, timeoutMs: 300 });
    expect(exit).toEqual({ kind: 'timed-out', afterMs: 300 });
    await expect.poll(() => countProcesses(`sleep\0${mark}`), { timeout: 3000 }).toBe(0);
  });

  test('cancelling ends it', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const { exit } = await runCommand({ argv: sh('sleep 30'), sandbox, timeoutMs: 60_000, signal: stop.signal });
    expect(exit).toEqual({ kind: 'cancelled' });
  });
});

test('a missing program is the infrastructure\'s fault', async () => {
  const missing = runCommand({ argv: ['no-such-program-here'], sandbox: bare, timeoutMs: 1000 });
  await expect(missing).rejects.toMatchObject({ code: 'TOOL_MISSING' });
});

describe.runIf(hasBwrap)('the sandbox', () => {
  test('has no network', async () => {
    const { stdout } = await runCommand({ argv: sh('ls /sys/class/net 2>/dev/null; cat /proc/net/dev | tail -n +3'), sandbox: boxed, timeoutMs: 10_000 });
    expect(stdout.split('\n').filter((line) => line.includes(':') && !line.trim().startsWith('lo:'))).toEqual([]);
  });

  test('writes nowhere but in its own directory', async () => {
    const { stdout } = await runCommand({ argv: sh('for f in /etc /usr /home /var; do touch $f/x 2>/dev/null && echo $f; done; touch /obj/x && echo obj'), sandbox: boxed, timeoutMs: 10_000 });
    expect(stdout).toBe('obj\n');
  });

  test('sees no environment of ours', async () => {
    process.env['KINFUZZ_TEST_SECRET'] = 'secret';
    const { stdout } = await runCommand({ argv: ['env'], sandbox: boxed, timeoutMs: 10_000 });
    expect(stdout).not.toContain('secret');
  });
});

function countProcesses(words: string): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readCommandLine(name).includes(words)).length;
}

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended between the listing and the look.
    return '';
  }
}
