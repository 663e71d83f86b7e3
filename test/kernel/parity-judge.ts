import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildJudge, type Environment, judgePath } from '../../src/kconfig/environment.ts';
import { enterToolchain, placesInside } from '../../src/tree/enter.ts';
import type { Arch, Toolchain, Tree } from '../../src/tree/records.ts';
import { readCommand } from '../../src/util/process.ts';

/** One run of the kernel's `conf`: its option, and what differs in its environment. `input` is a `.config` text. */
export type JudgeCase = { name: string; option: string; environment: Record<string, string>; input: string | null };
export type JudgeResult = { config: string | null; messages: string };

const timeoutMs = 1_200_000;
const memo = 'parity-memo';

/** The kernel's own `conf`, built from the tree, with the answers of its probes recorded once. */
export class Judge {
  readonly environment: Environment;
  readonly #place: { tree: Tree; toolchain: Toolchain; objtree: string; signal: AbortSignal };

  private constructor(place: { tree: Tree; toolchain: Toolchain; objtree: string; signal: AbortSignal }, environment: Environment) {
    this.#place = place;
    this.environment = environment;
  }

  static async build(tree: Tree, toolchain: Toolchain, arch: Arch, objtree: string, signal: AbortSignal): Promise<Judge> {
    await mkdir(objtree, { recursive: true });
    const environment = await buildJudge({ tree, toolchain, arch, signal }, objtree);
    const judge = new Judge({ tree, toolchain, objtree, signal }, environment);
    await copyFile(join(import.meta.dirname, 'parity-memo.c'), join(objtree, `${memo}.c`));
    await mkdir(join(objtree, 'include/config'), { recursive: true });
    await writeFile(join(objtree, 'include/config/auto.conf'), '');
    await writeFile(join(objtree, memo), '');
    await judge.#run(`clang -O2 -shared -fPIC ${memo}.c -o ${memo}.so`, {});
    await judge.run([{ name: 'record', option: '--alldefconfig', environment: { KINFUZZ_MEMO_RECORD: '1' }, input: null }]);
    return judge;
  }

  /** What the probes of `conf` printed, by command. */
  async answers(): Promise<Map<string, string>> {
    const text = await readFile(join(this.#place.objtree, memo), 'latin1');
    const answers = new Map<string, string>();
    for (let at = 0; at < text.length; ) {
      const newline = text.indexOf('\n', at);
      const [command = 0, answer = 0] = text.slice(at, newline).split(' ').map(Number);
      at = newline + 1;
      answers.set(text.slice(at, at + command), text.slice(at + command, at + command + answer));
      at += command + answer;
    }
    return answers;
  }

  /** Runs cases one after another in one sandbox. */
  async run(cases: readonly JudgeCase[]): Promise<JudgeResult[]> {
    const { objtree, toolchain, tree } = this.#place;
    const folder = join(objtree, 'parity');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    const inside = placesInside(toolchain, { source: tree, objtree }).objtree;
    const lines = [`export LD_PRELOAD=${inside}/${memo}.so KINFUZZ_MEMO=${inside}/${memo}`];
    for (const [index, { option, environment, input }] of cases.entries()) {
      if (input !== null) await writeFile(join(folder, `${index}`), input, 'latin1');
      const own = { ...environment, KCONFIG_CONFIG: `parity/${index}` };
      const words = Object.entries(own).map(([name, value]) => `${name}=${quote(value)}`);
      lines.push(`${words.join(' ')} ./${judgePath} -s ${option} Kconfig >/dev/null 2>parity/${index}.err </dev/null`);
    }
    await this.#run(`${lines.join('\n')}\ntrue`, this.environment);
    return Promise.all(
      cases.map(async (_, index) => ({
        config: await readFile(join(folder, `${index}`), 'latin1').catch(() => null),
        messages: await readFile(join(folder, `${index}.err`), 'latin1'),
      })),
    );
  }

  async #run(script: string, environment: Environment): Promise<void> {
    const { tree, toolchain, objtree, signal } = this.#place;
    const sandbox = enterToolchain(toolchain, { source: tree, objtree }, environment);
    await readCommand({ argv: ['/bin/bash', '-c', script], sandbox, timeoutMs, signal });
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
