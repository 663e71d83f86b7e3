// Plain JavaScript for any Node from 20 on: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = dirname(dirname(fileURLToPath(import.meta.url)));
const pinnedNode = join(top, 'node_modules', 'node', 'bin', 'node');
const stamp = join(top, 'node_modules', '.kinfuzz-lock');

/** Installs the packages of the lock file, unless they are there. Says so first; needs the network only then. */
export function ensurePackages() {
  const lock = createHash('sha256').update(readFileSync(join(top, 'package-lock.json'))).digest('hex');
  const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (installed === lock && existsSync(pinnedNode)) return;
  const commands = [['npm', 'ci', '--no-audit', '--no-fund']];
  if (process.env.KINFUZZ_NO_INSTALL) {
    console.error('kinfuzz: the npm packages of package-lock.json are missing or out of date. Run:');
    for (const command of commands) console.error(`  ${command.join(' ')}`);
    process.exit(2);
  }
  console.error('kinfuzz: installing the npm packages of package-lock.json (Node 24 among them); once');
  for (const [file, ...args] of commands) run(file, args, top);
  // Where npm was told not to run install scripts, the pinned Node has not fetched its binary yet.
  if (!existsSync(pinnedNode)) run(process.execPath, ['installArchSpecificPackage'], join(top, 'node_modules', 'node'));
  if (!existsSync(pinnedNode)) fail('npm installed no Node 24 binary (package "node")');
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/**
 * Runs a script on the pinned Node and ends with its exit code. Signals reach the child by themselves when they come
 * from a terminal; those sent to this process alone are passed on.
 */
export function runOnPinnedNode(args) {
  return new Promise((resolve) => {
    const child = spawn(pinnedNode, ['--disable-warning=ExperimentalWarning', ...args], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
      });
    }
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code, signal) => resolve(signal ? 128 + 2 : (code ?? 3)));
  });
}

function run(file, args, cwd) {
  const { status, error } = spawnSync(file, args, { cwd, stdio: ['ignore', 2, 2] });
  if (error || status !== 0) {
    fail(`${file} ${args.join(' ')} failed${error ? `: ${error.message}` : ` with exit code ${status}`}`);
  }
}

function fail(message) {
  console.error(`kinfuzz: ${message}`);
  process.exit(3);
}
