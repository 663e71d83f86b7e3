import type { Evaluation } from './evaluate.ts';
import { isChoice, isLogical, type KconfigSymbol, type Model } from './model.ts';
import { parseLine } from './read.ts';
import { cComment, formatHeading, poundComment, quote } from './write.ts';

/** What `conf --syncconfig` leaves for the build, as texts (one character a byte). */
export type SyncFiles = {
  /** `include/config/auto.conf` */
  autoConf: string;
  /** `include/generated/autoconf.h` */
  header: string;
  /** `include/generated/rustc_cfg` */
  rustcCfg: string;
  /** Symbols whose values differ from those of the old `auto.conf`: their files under `include/config/` are touched. */
  touched: string[];
  /** What is wrong with the old `auto.conf`. */
  warnings: string;
};

/** Computes all symbols and compares them with an old `auto.conf`, empty where there is none. */
export function formatSyncFiles(evaluation: Evaluation, prefix: string, old: { file: string; text: string }): SyncFiles {
  const { symbols, hashOrder, root } = evaluation.model;
  for (const id of hashOrder) evaluation.calculate(id);
  const before = readAutoConf(evaluation.model, prefix, old);
  const title = root.prompt?.text ?? '';
  const files: SyncFiles = {
    autoConf: formatHeading(title, poundComment),
    header: formatHeading(title, cComment),
    rustcCfg: '',
    touched: before.unknown,
    warnings: before.warnings,
  };
  for (const id of hashOrder) {
    const symbol = symbols[id] as KconfigSymbol;
    if (isChoice(symbol)) continue;
    const isWritten = evaluation.isWritten[id] === 1;
    const value = evaluation.valueOf(id);
    if (hasChanged(symbol, isWritten, value, before.values.get(id))) files.touched.push(symbol.name as string);
    if (!isWritten || symbol.type === 'unknown' || (isLogical(symbol.type) && value === 'n')) continue;
    const name = `${prefix}${symbol.name}`;
    files.autoConf += `${name}=${value}\n`;
    files.header += formatDefine(name, symbol, value);
    files.rustcCfg += formatCfg(name, symbol, value);
  }
  return files;
}

/** `auto.conf.cmd`: which files and variables make the configuration old when they change. */
export function formatSyncCommand({ files, environment }: Model, autoConfName: string): string {
  const list = files.map((file) => `\t${file} \\\n`).join('');
  const variables = environment.map(([name, value]) => `\nifneq "$(${name})" "${value}"\n$(autoconfig): FORCE\nendif\n`);
  const rules = '\n$(autoconfig): $(deps_config)\n$(deps_config): ;\n';
  return `autoconfig := ${autoConfName}\n\ndeps_config := \\\n${list}${rules}${variables.join('')}`;
}

function hasChanged({ type }: KconfigSymbol, isWritten: boolean, value: string, before: string | undefined): boolean {
  if (!isWritten) return before !== undefined;
  return before === undefined ? !isLogical(type) || value !== 'n' : before !== value;
}

function formatDefine(name: string, { type }: KconfigSymbol, value: string): string {
  if (isLogical(type)) return `#define ${name}${value === 'm' ? '_MODULE' : ''} 1\n`;
  return `#define ${name} ${type === 'string' ? quote(value) : withPrefix(type, value)}\n`;
}

/** Strings to rustc, all of them; bools and tristates also without a value. */
function formatCfg(name: string, { type }: KconfigSymbol, value: string): string {
  return `${isLogical(type) ? `--cfg=${name}\n` : ''}--cfg=${name}=${quote(withPrefix(type, value))}\n`;
}

function withPrefix(type: KconfigSymbol['type'], value: string): string {
  return type === 'hex' && !/^0[xX]/.test(value) ? `0x${value}` : value;
}

/** Values are not escaped in this file, and wrong ones do not count. */
function readAutoConf(model: Model, prefix: string, old: { file: string; text: string }) {
  const values = new Map<number, string>();
  const unknown: string[] = [];
  let warnings = '';
  old.text.replace(/\n$/, '').split('\n').forEach((line, index) => {
    const entry = parseLine(line.replace(/\r$/, ''), prefix);
    if (entry === 'nothing') return;
    const warn = (words: string) => (warnings += `${old.file}:${index + 1}:warning: ${words}\n`);
    if (entry === 'garbage') {
      warn(`unexpected data: ${line}`);
      return;
    }
    const id = model.names.get(entry.name);
    if (id === undefined) {
      unknown.push(entry.name);
      return;
    }
    if (values.has(id)) warn(`override: reassigning to symbol ${entry.name}`);
    const { type } = model.symbols[id] as KconfigSymbol;
    if (isLogical(type)) {
      const letter = entry.value.charAt(0);
      if (letter === 'y' || letter === 'n' || (letter === 'm' && type === 'tristate')) values.set(id, letter);
    } else if (type !== 'unknown') values.set(id, entry.value);
  });
  return { values, unknown, warnings };
}
