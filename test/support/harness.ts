import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Toolchain, ToolName } from '../../src/tree/records.ts';

/** A machine that a test may break: a disk of its own, tools of its own, a clock of its own. The real ones stay as they are. */
export type Harness = {
  /** Where the candidate's files go. */
  work: string;
  /** The host's toolchain, each tool called through a link in `tools`, where nothing else is on PATH. */
  toolchain: Toolchain;
  tools: string;
  /** Mounts `work`'s file system anew with these options; false where something forbids it just now. */
  remount: (options: string) => boolean;
  /** How much is written there, in bytes and in files. */
  used: () => { bytes: number; files: number };
  /** What the toolchain runs just now: name and process. */
  processes: () => { name: string; pid: number }[];
  setClock: (seconds: number) => void;
  remove: () => void;
};

/** A file system in memory: nothing of it is used until something is written. */
const diskSize = '4g';

/** Whether this user may mount, without which a disk cannot be filled or made read-only. */
export function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-mount-'));
  try {
    const isMounted = tryRun('mount', '-t', 'tmpfs', 'none', directory);
    return isMounted && tryRun('umount', directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** @param shim the compiled `clock.c` */
export function openHarness(host: Toolchain, { name, hasDisk, shim }: { name: string; hasDisk: boolean; shim: string }): Harness {
  // Sandboxes have a /tmp of their own, in which they would not see the tools.
  const home = join(homedir(), '.cache');
  mkdirSync(home, { recursive: true });
  const tools = mkdtempSync(join(home, 'kinfuzz-tools-'));
  const disk = mkdtempSync(join(tmpdir(), 'kinfuzz-disk-'));
  if (hasDisk) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskSize}`, 'none', disk]);
  linkTools(host, tools);
  const clock = join(tools, 'clock');
  const setClock = (seconds: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    writeFileSync(clock, bytes, { flag: 'r+' });
  };
  writeFileSync(clock, Buffer.alloc(8));
  const preloaded = join(tools, 'clock.so');
  copyFileSync(shim, preloaded);
  const marker = `KINFUZZ_HARNESS=${process.pid}-${name}`;
  const env = { ...host.env, KINFUZZ_HARNESS: `${process.pid}-${name}`, LD_PRELOAD: preloaded, KINFUZZ_CLOCK: clock };
  const linked = Object.entries(host.tools).map(([tool, found]) => [tool, { ...found, path: join(tools, tool) }]);
  return {
    work: join(disk, 'work'),
    toolchain: { ...host, env, path: [tools], tools: Object.fromEntries(linked) as Toolchain['tools'] },
    tools,
    remount: (options) => tryRun('mount', '-o', `remount,${options}`, disk),
    used: () => {
      const { blocks, bfree, bsize, files, ffree } = statfsSync(disk);
      return { bytes: (blocks - bfree) * bsize, files: files - ffree };
    },
    processes: () => listProcesses(marker),
    setClock,
    remove: () => {
      if (hasDisk) execFileSync('umount', ['-l', disk]);
      for (const directory of [tools, disk]) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Every ordinary command, and the toolchain's tools over them. */
function linkTools(host: Toolchain, directory: string): void {
  const others = new Set<string>(Object.keys(host.tools));
  for (const name of readdirSync('/usr/bin')) if (!others.has(name)) symlinkSync(join('/usr/bin', name), join(directory, name));
  for (const [name, tool] of Object.entries(host.tools)) symlinkSync(tool.path, join(directory, name));
}

/** Puts a tool back where it was. */
export function mendTool(host: Toolchain, directory: string, name: ToolName): void {
  rmSync(join(directory, name), { force: true });
  symlinkSync(host.tools[name]?.path ?? '', join(directory, name));
}

/** Processes whose environment has the marker: those of the commands in this harness, and none else's. */
function listProcesses(marker: string): { name: string; pid: number }[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).flatMap((entry) => {
    try {
      const environment = readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0');
      return environment.includes(marker) ? [{ pid: Number(entry), name: readlinkSync(`/proc/${entry}/exe`).split('/').at(-1) ?? '' }] : [];
    } catch {
      // It has ended, or is another user's.
      return [];
    }
  });
}

function tryRun(file: string, ...args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
