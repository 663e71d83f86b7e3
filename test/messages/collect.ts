/**
 * Makes messages.yaml anew: has the tools say what groups.yaml wants to hear. The host's toolchain and, if it is installed, that of
 * real kernels; what comes from a tool that is not there is kept as it was.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { locateCache } from '../../src/tree/cache.ts';
import { findHostToolchain } from '../../src/tree/host.ts';
import { enterToolchain } from '../../src/tree/enter.ts';
import { openDebianToolchain } from '../../src/tree/debian-root.ts';
import type { Toolchain } from '../../src/tree/records.ts';
import { formatExit, runCommand } from '../../src/util/process.ts';
import { type Group, readGroups, readMessages, type Said, type Words } from './messages.ts';

const { signal } = new AbortController();
const host = await findHostToolchain({ isSandboxed: true, signal });
const cache = locateCache(process.env);
const debian = existsSync(join(cache, 'toolchains')) ? await openDebianToolchain({ cache, mayInstall: false, mirror: null, say: () => {}, signal }, { isSandboxed: true }) : null;
const kbuild = dirname(dirname(dirname(host.tools.conf?.path ?? '')));
const before = readMessages();

const all: Record<string, Said[]> = {};
for (const group of readGroups()) {
  all[group.defect] = await Promise.all(group.variants.map(async (words, index) => (await say(group, words)) ?? before[group.defect]?.[index] ?? { exit: 0, text: '' }));
  for (const { exit, text } of all[group.defect] ?? []) if (exit === 0 && text === '') process.stderr.write(`${group.defect}: nothing was said\n`);
}
writeFileSync(new URL('messages.yaml', import.meta.url), `# Made by collect.ts: what the tools said of each of groups.yaml's defects, one entry a variant.\n${stringify(all, { lineWidth: 0 })}`);

async function say(group: Group, words: Words): Promise<Said | null> {
  const toolchain = words['in'] === 'debian' ? debian : host;
  if (toolchain === null) return null;
  const objtree = await mkdtemp(join(tmpdir(), 'kinfuzz-messages-'));
  try {
    return await run(toolchain, objtree, group, words);
  } finally {
    await rm(objtree, { recursive: true, force: true });
  }
}

async function run(toolchain: Toolchain, objtree: string, { run: script }: Group, words: Words): Promise<Said> {
  const tools = { OBJTOOL: join(kbuild, 'tools/objtool/objtool.real-x86'), MODPOST: join(kbuild, 'scripts/mod/modpost.real-lsb-64'), RUST_BACKTRACE: '0' };
  const sandbox = enterToolchain(toolchain, { source: null, objtree }, { ...tools, ...words });
  writeFileSync(join(objtree, 'run.sh'), `set -e\nmkdir -p samples\n${script}`);
  const through = words['make'] === undefined ? 'sh run.sh' : `printf 'x.o:\\n\\t@sh run.sh\\n' >run.mk; make -f run.mk x.o`;
  const { exit, stderr } = await runCommand({ argv: ['sh', '-c', through], sandbox, timeoutMs: 60_000, signal });
  if (exit.kind !== 'exited' && exit.kind !== 'signalled') throw new Error(formatExit(exit));
  return { exit: exit.kind === 'exited' ? exit.code : 255, text: dropFrames(stderr) };
}

/** Of a stack dump a few frames are enough. */
function dropFrames(text: string): string {
  return text.replaceAll(/^ *#(?:[3-9]|\d\d) 0x.*\n/gm, '');
}

process.stdout.write(`${Object.keys(all).length} defects, ${Object.values(all).flat().length} messages (${readFileSync(new URL('messages.yaml', import.meta.url)).length} bytes)\n`);
