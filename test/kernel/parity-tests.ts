import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/*
 * npm run parity:tests -- TREE [pytest arguments]
 *
 * Runs the Kconfig tests that a kernel tree ships (scripts/kconfig/tests; needs python3-pytest) with `kinfuzz conf` in
 * the place of conf. They expect it at scripts/kconfig/conf below the current directory.
 */

const [tree, ...more] = process.argv.slice(2);
if (tree === undefined) {
  process.stderr.write('usage: npm run parity:tests -- TREE [pytest arguments]\n');
  process.exitCode = 2;
} else {
  process.exitCode = runTests(resolve(tree, 'scripts/kconfig/tests'));
}

function runTests(tests: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'kinfuzz-parity-tests-'));
  try {
    const conf = join(folder, 'scripts/kconfig/conf');
    mkdirSync(join(folder, 'scripts/kconfig'), { recursive: true });
    const main = resolve(import.meta.dirname, '../../src/kconfig/conf-main.ts');
    writeFileSync(conf, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(conf, 0o755);
    const argv = ['-B', '-m', 'pytest', '-p', 'no:cacheprovider', ...more, tests];
    return spawnSync('python3', argv, { cwd: folder, stdio: 'inherit' }).status ?? 3;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
