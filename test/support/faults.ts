import { chmodSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Toolchain, ToolName } from '../../src/tree/records.ts';
import type { Random } from '../../src/util/random.ts';
import { type Harness, mendTool } from './harness.ts';

/**
 * A fault of the machine. `inject` breaks it at once and says what it did; `mend` makes it whole again. What cannot be done just now
 * (nothing is there to be cut, nothing runs that could be killed) is tried again until it can, or until `isOver`.
 */
export type Fault = {
  /** It takes a disk of its own. */
  needsDisk?: boolean;
  inject: (harness: Harness, random: Random, isOver: () => boolean) => Promise<string>;
  mend?: (harness: Harness, host: Toolchain) => void;
};

const patienceMs = 10;

export const faults = {
  'full disk': {
    needsDisk: true,
    async inject(harness, random, isOver) {
      const slack = random.below(512 * 1024);
      await until(isOver, () => harness.remount(`size=${Math.ceil((harness.used().bytes + slack) / 4096) * 4096 + 4096}`));
      return `${slack >> 10} KiB are left`;
    },
    mend: (harness) => void harness.remount('size=4g'),
  },
  'no inodes': {
    needsDisk: true,
    async inject(harness, random, isOver) {
      const slack = 1 + random.below(20);
      await until(isOver, () => harness.remount(`nr_inodes=${harness.used().files + slack}`));
      return `${slack} files are left`;
    },
    mend: (harness) => void harness.remount('nr_inodes=100000'),
  },
  'killed compiler': {
    async inject(harness, random, isOver) {
      const many = random.below(2) === 0 ? 1 : 2 + random.below(30);
      const killed: string[] = [];
      for (let count = 0; count < many && !isOver(); count += 1) {
        await until(isOver, () => {
          const running = harness.processes().filter(({ name }) => name !== 'bwrap');
          const victim = running[random.below(running.length)];
          if (victim === undefined || !kill(victim.pid)) return false;
          killed.push(victim.name);
          return true;
        });
      }
      return killed.join(' ');
    },
  },
  'exit 137': replaceTool((path) => writeFileSync(path, '#!/bin/sh\nexit 137\n', { mode: 0o755 })),
  'missing tool': replaceTool(() => {}),
  'forbidden tool': replaceTool((path) => {
    writeFileSync(path, 'nothing that could be run\n');
    chmodSync(path, 0o644);
  }),
  'truncated object': {
    async inject(harness, random, isOver) {
      const cut: string[] = [];
      const many = random.below(2) === 0 ? 1 : 3;
      await until(isOver, () => {
        const files = listObjects(harness.work);
        for (const file of random.shuffle(files).slice(0, many)) {
          const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
          const rest = random.below(3) === 0 ? 0 : random.below(size);
          if (size === 0 || !tryTo(() => truncateSync(file, rest))) continue;
          cut.push(`${file.slice(harness.work.length + 1)} to ${rest}/${size}`);
        }
        return cut.length > 0;
      });
      return cut.join(', ');
    },
  },
  'clock jump': {
    inject(harness, random) {
      const days = random.below(8000) - 4000;
      harness.setClock(days * 86_400);
      const then = Date.now() / 1000 + days * 86_400;
      for (const file of listObjects(harness.work)) if (random.below(2) === 0) tryTo(() => utimesSync(file, then, then));
      return Promise.resolve(`by ${days} days`);
    },
    mend: (harness) => harness.setClock(0),
  },
  'read-only output': {
    needsDisk: true,
    async inject(harness, _random, isOver) {
      // Refused while a file is open for writing.
      await until(isOver, () => harness.remount('ro'));
      return '';
    },
    mend: (harness) => void harness.remount('rw'),
  },
  /** The harness does nothing here: the task has a short time limit. */
  'time limit': { inject: () => Promise.resolve('') },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** Tools that the embedded tree's builds, its probes and their readers run. */
const used = [
  'clang', 'rustc', 'llvm-link', 'ld.lld', 'llvm-nm', 'llvm-objcopy', 'llvm-readobj', 'llvm-dis', 'llvm-objdump', 'llvm-dwarfdump', 'objtool', 'pahole', 'conf',
] as const satisfies readonly ToolName[];

function replaceTool(put: (path: string) => void): Fault {
  return {
    inject(harness, random) {
      const name = used[random.below(used.length)] ?? 'clang';
      const path = join(harness.tools, name);
      rmSync(path, { force: true });
      put(path);
      return Promise.resolve(name);
    },
    mend: (harness, host) => used.forEach((name) => mendTool(host, harness.tools, name)),
  };
}

async function until(isOver: () => boolean, attempt: () => boolean): Promise<void> {
  while (!isOver() && !attempt()) await sleep(patienceMs);
}

function kill(pid: number): boolean {
  return tryTo(() => process.kill(pid, 'SIGKILL'));
}

/** What the pipeline makes, in all of the candidate's object trees. */
function listObjects(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && /\.(?:o|bc|ko|rmeta|h)$|^vmlinux$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** Builds and tests are at it at the same time: what is gone by now is another's to miss. */
function tryTo(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
