import type { Command } from 'commander';
import { isDirectory } from '../../util/files.ts';
import { listDebianRoots, locateDebianRoot, openDebianToolchain } from '../../tree/debian-root.ts';
import { type Check, examineToolchain } from '../../tree/examine.ts';
import { findHostToolchain, installHostToolchain } from '../../tree/host.ts';
import { openTree } from '../../tree/open.ts';
import type { Toolchain } from '../../tree/records.ts';
import { openToolchain, toolchainChoices, type ToolchainChoice } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import { isOnPath } from '../../tree/host-packages.ts';
import { exitCodes } from '../exit-codes.ts';
import { places, readSetUp } from '../options.ts';
import { stopOnInterrupt } from '../stop.ts';

/** `doctor`, `setup` and `toolchain`: what is there, what fits, and getting what is not. */
export function addToolchainCommands(program: Command, finish: (code: number) => void): void {
  program
    .command('doctor')
    .description('list every tool that a tree needs, its version, and whether it fits')
    .option('--tree <tree>', 'the tree to be built', 'embedded')
    .option('--toolchain <toolchain>', toolchainChoices.join(', '), 'auto')
    .action(async (options: { tree: string; toolchain: ToolchainChoice }) => finish(await doctor(options)));
  program
    .command('setup')
    .description('install what a tree needs, and nothing else')
    .option('--tree <tree>', 'the tree to be built', 'embedded')
    .option('--toolchain <toolchain>', toolchainChoices.join(', '), 'auto')
    .option('--mirror <url>', 'Debian mirror to install from')
    .action(async (options: { tree: string; toolchain: ToolchainChoice; mirror?: string }) => finish(await setup(options)));
  const toolchain = program.command('toolchain').description('install, list or show toolchains');
  toolchain
    .command('install')
    .argument('<name>', 'host or debian')
    .option('--mirror <url>', 'Debian mirror to install from')
    .action(async (name: string, options: { mirror?: string }) => finish(await install(name, options)));
  toolchain.command('list').action(async () => finish(await list()));
  toolchain.command('show').argument('<name>', 'host or debian').action(async (name: string) => finish(await show(name)));
}

/** Installs nothing: a doctor looks. */
async function doctor({ tree, toolchain }: { tree: string; toolchain: ToolchainChoice }): Promise<number> {
  const setUp = { ...readSetUp({}, tell, stopOnInterrupt()), mayInstall: false };
  const kind = tree === 'embedded' ? 'embedded' : 'kernel';
  const isHost = toolchain === 'host' || (toolchain === 'auto' && kind === 'embedded');
  if (!(await isOnPath('bwrap'))) {
    print([{ what: 'bubblewrap', found: 'missing', state: 'does-not-fit', why: 'every build runs in it', hint: 'install the package bubblewrap, or let kinfuzz do it: kinfuzz setup' }]);
    return exitCodes.user;
  }
  const found = isHost ? await findHostToolchain({ isSandboxed: true, signal: setUp.signal }) : await openDebianToolchain(setUp, { isSandboxed: true });
  const checks = await examineToolchain(found, kind, setUp.signal);
  process.stdout.write(`toolchain ${found.kind} (${found.root}) for a tree of kind ${kind}\n`);
  print(checks);
  if (tree !== 'embedded') {
    const { tree: opened } = await openTree(setUp, tree, places.embedded);
    process.stdout.write(`tree ${opened.spec}: Linux ${opened.version}, ${opened.fingerprint.slice(0, 8)}\n`);
  }
  return checks.some(({ state }) => state === 'does-not-fit') ? exitCodes.user : exitCodes.clean;
}

async function setup(options: { tree: string; toolchain: ToolchainChoice; mirror?: string }): Promise<number> {
  const setUp = readSetUp(options, tell, stopOnInterrupt());
  const { tree } = await openTree(setUp, options.tree, places.embedded);
  const toolchain = await openToolchain(setUp, options.toolchain, tree.kind, true);
  tell(`ready: tree ${tree.spec}, toolchain ${toolchain.kind}`);
  return exitCodes.clean;
}

async function install(name: string, options: { mirror?: string }): Promise<number> {
  const setUp = readSetUp(options, tell, stopOnInterrupt());
  if (name === 'host') await installHostToolchain(setUp);
  else if (name === 'debian') await openDebianToolchain(setUp, { isSandboxed: true });
  else throw unknownToolchain(name);
  tell(`installed: ${name}`);
  return exitCodes.clean;
}

async function list(): Promise<number> {
  const setUp = readSetUp({}, tell, stopOnInterrupt());
  process.stdout.write('host    /\n');
  const current = locateDebianRoot(setUp.cache);
  for (const root of await listDebianRoots(setUp.cache)) process.stdout.write(`debian  ${root}${root === current ? '' : ' (of an earlier recipe)'}\n`);
  if (!(await isDirectory(current))) process.stdout.write('debian  not installed: kinfuzz toolchain install debian\n');
  return exitCodes.clean;
}

async function show(name: string): Promise<number> {
  const setUp = { ...readSetUp({}, tell, stopOnInterrupt()), mayInstall: false };
  let toolchain: Toolchain;
  if (name === 'host') toolchain = await findHostToolchain({ isSandboxed: await isOnPath('bwrap'), signal: setUp.signal });
  else if (name === 'debian') toolchain = await openDebianToolchain(setUp, { isSandboxed: true });
  else throw unknownToolchain(name);
  process.stdout.write(`${JSON.stringify(toolchain, null, 2)}\n`);
  return exitCodes.clean;
}

function unknownToolchain(name: string): UserError {
  return new UserError({ code: 'UNKNOWN_TOOLCHAIN', message: `there is no toolchain "${name}"`, hint: 'known: host, debian' });
}

function print(checks: readonly Check[]): void {
  const marks = { fits: 'ok  ', limits: 'note', 'does-not-fit': 'NO  ' };
  for (const { what, found, state, why, hint } of checks) {
    process.stdout.write(`${marks[state]} ${what.padEnd(16)} ${found}${why ? `\n       ${why}` : ''}${hint ? `\n       ${hint}` : ''}\n`);
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
