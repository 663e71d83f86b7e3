import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Evaluation } from '../../src/kconfig/evaluate.ts';
import { type Fill, fillNewSymbols } from '../../src/kconfig/fill.ts';
import { GlibcRandom } from '../../src/kconfig/glibc-random.ts';
import type { Model } from '../../src/kconfig/model.ts';
import { parseProbabilities } from '../../src/kconfig/probability.ts';
import { readConfig } from '../../src/kconfig/read.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { formatConfig } from '../../src/kconfig/write.ts';
import type { JudgeCase, JudgeResult } from './parity-judge.ts';

/** A run of the judge, and what the front end says it must give. */
export type ParityCase = { judged: JudgeCase; compute: (model: Model) => JudgeResult };

export function fixedCases(): ParityCase[] {
  const fills: [string, Fill][] = [
    ['allnoconfig', { kind: 'value', value: 0 }],
    ['allyesconfig', { kind: 'value', value: 2 }],
    ['allmodconfig', { kind: 'value', value: 1 }],
    ['alldefconfig', { kind: 'default' }],
  ];
  return fills.map(([name, fill]) => caseOf(name, `--${name}`, {}, (model) => fillAll(model, () => fill)));
}

export async function defconfigCases(tree: string, srcarch: string): Promise<ParityCase[]> {
  const folder = `arch/${srcarch}/configs`;
  const names = (await readdir(join(tree, folder)).catch(() => [])).filter((name) => name.endsWith('defconfig')).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = `${folder}/${name}`;
      const text = await readFile(join(tree, file), 'latin1');
      return caseOf(name, `--defconfig=${file}`, {}, (model) => fillAll(model, () => ({ kind: 'default' }), { file, text }));
    }),
  );
}

export function randomCase(seed: number): ParityCase {
  const probabilities = parseProbabilities(undefined);
  if (!probabilities) throw new Error('the default probabilities are wrong');
  const fill = (): Fill => ({ kind: 'random', random: new GlibcRandom(seed), probabilities });
  return caseOf(`randconfig seed ${seed}`, '--randconfig', { KCONFIG_SEED: String(seed) }, (model) => fillAll(model, fill));
}

/** Reading a whole configuration again. `file` is the name that the judge reads it by. */
export function reloadCase(name: string, input: string, resolver: Resolver, file: string): ParityCase {
  return {
    judged: { name: `${name}, reloaded`, option: '--olddefconfig', environment: {}, input },
    compute: () => {
      const { config, warnings } = resolver.resolveText(input, file);
      return { config, messages: warnings };
    },
  };
}

function caseOf(name: string, option: string, environment: Record<string, string>, compute: ParityCase['compute']): ParityCase {
  return { judged: { name, option, environment, input: null }, compute };
}

function fillAll(model: Model, fill: () => Fill, base?: { file: string; text: string }): JudgeResult {
  let messages = '';
  const warn = (text: string) => (messages += text);
  const evaluation = new Evaluation(model, warn);
  if (base) {
    readConfig(evaluation, base.text, { file: base.file, prefix: 'CONFIG_', warn, isStrict: false });
    evaluation.calculate(model.modules);
    for (const id of model.hashOrder) evaluation.calculate(id);
  }
  fillNewSymbols(evaluation, fill());
  const config = formatConfig(evaluation, 'CONFIG_');
  return { config, messages };
}
