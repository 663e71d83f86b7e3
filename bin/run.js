#!/usr/bin/env node
// `npm test`, `npm run check` and the like: installs what is missing, then runs the tools one after another.
import { join } from 'node:path';
import { ensurePackages, runOnPinnedNode, top } from './packages.js';

const modules = join(top, 'node_modules');
const setup = [join(top, 'src', 'cli', 'main.ts'), 'setup'];
const vitest = [join(modules, 'vitest', 'vitest.mjs'), 'run'];
const types = [join(modules, 'typescript', 'bin', 'tsc'), '-p', top];
const lint = [join(modules, 'oxlint', 'bin', 'oxlint'), '--deny-warnings', '-c', join(top, '.oxlintrc.json'), top];

const scripts = {
  check: [types, lint, [...vitest, '--project', 'fast']],
  test: [setup, types, lint, [...vitest, '--project', 'fast', '--project', 'embedded']],
  bench: [[join(top, 'test', 'bench', 'kconfig.ts')], [join(top, 'test', 'bench', 'sampling.ts')], [join(top, 'test', 'bench', 'gates.ts')], [join(top, 'test', 'bench', 'minimize.ts')]],
  parity: [[join(top, 'test', 'kernel', 'parity.ts')]],
  'parity:tests': [[join(top, 'test', 'kernel', 'parity-tests.ts')]],
  'test:kernel': [[...setup, '--tree', 'debian:linux-source-7.3'], [...vitest, '--project', 'kernel']],
};

const [name, ...rest] = process.argv.slice(2);
const commands = scripts[name];
if (!commands) {
  console.error(`usage: run.js ${Object.keys(scripts).join(' | ')}`);
  process.exit(2);
}
process.chdir(top);
ensurePackages();
for (const [index, command] of commands.entries()) {
  const code = await runOnPinnedNode(index === commands.length - 1 ? [...command, ...rest] : command);
  if (code !== 0) process.exit(code);
}
