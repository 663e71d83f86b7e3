import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InfraError, UserError } from '../util/errors.ts';
import { isExecutable, readTextIfAny } from '../util/files.ts';
import { hashText } from '../util/hash.ts';
import { hasSucceeded, runCommand } from '../util/process.ts';
import { compareVersions } from './apt.ts';
import { enterToolchain } from './enter.ts';
import { type Tool, toolNames, type Toolchain, type ToolName } from './records.ts';

/** A toolchain of which only the place is known. */
export type ToolchainPlace = Pick<Toolchain, 'kind' | 'root' | 'path' | 'env' | 'isSandboxed'>;

/** Finds every tool on the place's PATH and asks each for its version: once a run, about a second. */
export async function probeToolchain(place: ToolchainPlace, packages: string | null, signal: AbortSignal): Promise<Toolchain> {
  const kbuild = await findKbuildDirectory(place.root);
  const path = [...place.path];
  const bare: Toolchain = { ...place, path, tools: {}, rustLibrary: null, fingerprint: '' };
  await requireSandbox(bare, signal);
  const tools: Partial<Record<ToolName, Tool>> = {};
  for (const name of toolNames) {
    const file = await locateTool(bare, name, kbuild);
    if (file === null) continue;
    tools[name] = { path: file, version: await readVersion(bare, name, file, signal) };
  }
  const rustLibrary = tools.rustc ? await findRustLibrary(bare, tools.rustc, signal) : null;
  const versions = Object.entries(tools).map(([name, tool]) => [name, tool.version]);
  const identity = { kind: place.kind, versions, hasRustLibrary: rustLibrary !== null, packages };
  return { ...bare, tools, rustLibrary, fingerprint: hashText(JSON.stringify(identity)) };
}

/** @throws UserError `SANDBOX_BROKEN` with bubblewrap's own words */
async function requireSandbox(toolchain: Toolchain, signal: AbortSignal): Promise<void> {
  const sandbox = enterToolchain(toolchain, { source: null, objtree: null });
  const { exit, stderr } = await runCommand({ argv: ['/bin/true'], sandbox, timeoutMs: 30_000, signal });
  if (hasSucceeded(exit)) return;
  throw new UserError({ code: 'SANDBOX_BROKEN', message: `the sandbox cannot be entered: ${stderr.trim()}`, hint: 'in a container, allow it namespaces and mounts (docker run --privileged); as an ordinary user, allow user namespaces; or use --toolchain host --no-sandbox' });
}

/**
 * Whether each tool of the toolchain is still there, and answers as it did when the toolchain was opened: about a second.
 *
 * @throws InfraError `TOOL_MISSING`, `TOOL_CHANGED`
 */
export async function requireTools(toolchain: Toolchain, signal: AbortSignal): Promise<void> {
  for (const [name, tool] of Object.entries(toolchain.tools)) {
    if ((await existing(toolchain, tool.path)) === null) throw new InfraError('TOOL_MISSING', `${tool.path} is gone`, 'kinfuzz setup finds or installs a whole toolchain');
    // These have no version to ask for.
    if (name === 'conf' || name === 'objtool') continue;
    const version = await readVersion(toolchain, name as ToolName, tool.path, signal);
    if (version !== tool.version) throw new InfraError('TOOL_CHANGED', `${tool.path} was '${tool.version}' and is now '${version}'`);
  }
}

/** How each tool is asked for its version, and the words of the answer that tell versions apart. */
async function readVersion(toolchain: Toolchain, name: ToolName, file: string, signal: AbortSignal): Promise<string> {
  if (name === 'conf' || name === 'objtool') return /linux-kbuild-([^/]+)/.exec(file)?.[1] ?? 'unknown';
  const argv = name === 'rustc' ? [file, '--version', '--verbose'] : [file, '--version'];
  const sandbox = enterToolchain(toolchain, { source: null, objtree: null });
  const { exit, stdout } = await runCommand({ argv, sandbox, timeoutMs: 30_000, signal });
  if (!hasSucceeded(exit)) return 'does not run';
  const lines = stdout.split('\n');
  if (name === 'rustc') return lines.filter((line) => /^(rustc|LLVM version)/.test(line)).join('; ');
  return (lines.find((line) => /\d+\.\d+/.test(line)) ?? '').trim();
}

async function locateTool(toolchain: Toolchain, name: ToolName, kbuild: string | null): Promise<string | null> {
  if (name === 'conf') return kbuild && existing(toolchain, join(kbuild, 'scripts/kconfig/conf'));
  if (name === 'objtool') return kbuild && existing(toolchain, join(kbuild, 'tools/objtool/objtool.real-x86'));
  for (const directory of toolchain.path) {
    const file = await existing(toolchain, join(directory, name));
    if (file !== null) return file;
  }
  return null;
}

async function existing(toolchain: Toolchain, file: string): Promise<string | null> {
  return (await isExecutable(join(toolchain.root, file))) ? file : null;
}

/** `/usr/lib/linux-kbuild-VERSION` of the newest version there is; null without one. */
async function findKbuildDirectory(root: string): Promise<string | null> {
  const entries: string[] = await readdir(join(root, 'usr/lib')).catch(() => []);
  const newest = entries.filter((entry) => entry.startsWith('linux-kbuild-')).sort(compareVersions).at(-1);
  return newest === undefined ? null : `/usr/lib/${newest}`;
}

/** Debian keeps `core`'s sources at /usr/src/rustc-VERSION; rustup below the sysroot. */
async function findRustLibrary(toolchain: Toolchain, rustc: Tool, signal: AbortSignal): Promise<string | null> {
  const version = /rustc (\d+\.\d+\.\d+)/.exec(rustc.version)?.[1];
  const sandbox = enterToolchain(toolchain, { source: null, objtree: null });
  const { stdout } = await runCommand({ argv: [rustc.path, '--print', 'sysroot'], sandbox, timeoutMs: 30_000, signal });
  const places = [`/usr/src/rustc-${version}/library`, join(stdout.trim(), 'lib/rustlib/src/rust/library')];
  for (const place of places) {
    if ((await readTextIfAny(join(toolchain.root, place, 'core/src/lib.rs'))) !== null) return place;
  }
  return null;
}
