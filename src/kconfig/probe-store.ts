import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { readTextIfAny, writeAtomic } from '../util/files.ts';
import { hashText } from '../util/hash.ts';
import type { Environment } from './environment.ts';
import type { ProbeAnswers } from './probes.ts';

/** What was found out about a tree's environment and a toolchain's answers, kept for the next run. */
export type Stored = { environment: Environment | null; answers: ProbeAnswers };

const version = 1;

/**
 * One file of a cache folder, for one toolchain, architecture and state of the tree's build scripts, and for variables
 * that stand in for those of the tree: commands see them.
 */
export class ProbeStore {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(cache: string, tree: Tree, toolchain: Toolchain, arch: Arch, variables: Environment): Promise<ProbeStore> {
    const scripts = tree.kind === 'kernel' ? await digestScripts(tree.directory) : '';
    const replaced = Object.keys(variables).length > 0 ? [variables] : [];
    const key = hashText(JSON.stringify([version, toolchain.fingerprint, toolchain.isSandboxed ? '' : tree.directory, arch, scripts, ...replaced]));
    return new ProbeStore(join(cache, 'probes', `${key.slice(0, 32)}.json`));
  }

  async load(): Promise<Stored> {
    const text = await readTextIfAny(this.#path);
    const stored = text === null ? null : parseStored(text);
    return { environment: stored?.environment ?? null, answers: new Map(stored?.answers ?? []) };
  }

  /** What another process has stored meanwhile stays. */
  async save({ environment, answers }: Stored): Promise<void> {
    const others = await this.load();
    const all = [...new Map([...others.answers, ...answers])].sort(([left], [right]) => (left < right ? -1 : 1));
    await writeAtomic(this.#path, JSON.stringify({ environment, answers: all }));
  }
}

type StoredText = { environment: Environment; answers: [string, { stdout: string; stderr: string }][] };

/** A file that is not whole counts as none. */
function parseStored(text: string): StoredText | null {
  try {
    const { environment, answers } = JSON.parse(text) as Partial<StoredText>;
    return environment && Array.isArray(answers) ? { environment, answers } : null;
  } catch {
    return null;
  }
}

const scriptName = /^(Makefile|Kbuild)|\.(sh|py|pl|mk|include)$/;

/** Changes when a Makefile or script changes that probes, or the environment, could come from. */
async function digestScripts(tree: string): Promise<string> {
  const folders = [...(await namesIn(join(tree, 'arch'))).map((name) => join('arch', name)), 'scripts', 'scripts/kconfig', 'scripts/basic', '.'];
  const hash = createHash('sha256');
  for (const folder of folders.sort()) {
    for (const name of (await namesIn(join(tree, folder))).filter((entry) => scriptName.test(entry)).sort()) {
      const text = await readFile(join(tree, folder, name)).catch(() => null);
      if (text) hash.update(`${folder}/${name}\0${text.length}\0`).update(text);
    }
  }
  return hash.digest('hex');
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
