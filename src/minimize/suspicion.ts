import type { Config } from '../kconfig/config.ts';
import type { Assignment } from '../kconfig/resolver.ts';

/** What makes an assignment suspicious. */
export type Clues = {
  /** What the failure says in short: property and summary. */
  summary: string;
  /** And in full: the evidence, whole command lines among it. */
  words: string;
  /** Options that bring what the summary names to a command line. */
  bringing: ReadonlySet<string>;
  /** Options in the dependency files of what the evidence names. */
  dependencies: ReadonlySet<string>;
  /** Options that the space is about. */
  mentioned: ReadonlySet<string>;
  /** Configurations that are known to pass. */
  passing: readonly Config[];
};

/**
 * How likely each assignment is part of the cause, beside the others; only the order in which things are tried depends
 * on it. An option counts more if Makefiles give a word of the summary to tools because of it, if it can change what the
 * evidence names, if the space is about it, and if a word of its name is in the summary, or at least in the evidence, and in few
 * other names; its value counts less with each configuration that passes with it.
 */
export function weigh(elements: readonly Assignment[], { summary, words, bringing, dependencies, mentioned, passing }: Clues): Map<string, number> {
  const [short, spoken] = [summary, words].map((text) => new Set(splitWords(text)));
  const names = new Map<string, number>();
  for (const { symbol } of elements) for (const word of new Set(splitWords(symbol))) names.set(word, (names.get(word) ?? 0) + 1);
  return new Map(elements.map(({ symbol, value }) => {
    const told = Math.max(0, ...splitWords(symbol).map((word) => (short?.has(word) ? factors.summary : spoken?.has(word) ? factors.told : 0) / (names.get(word) ?? 1)));
    const seen = passing.filter((config) => (config[symbol] ?? 'n') === value).length;
    const weight = (bringing.has(symbol) ? factors.bringing : 1) * (dependencies.has(symbol) ? factors.dependency : 1) * (mentioned.has(symbol) ? factors.mentioned : 1) * (1 + told);
    return [symbol, weight / (1 + seen)];
  }));
}

const factors = { bringing: 16, dependency: 8, mentioned: 4, summary: 8, told: 4 };

/** Words of three letters or more: `-flto` and `LTO_CLANG` share one. What names a tool is in every command. */
function splitWords(text: string): string[] {
  return text.replaceAll(/(?<=\s)-f(?:no-)?/g, '').toLowerCase().split(/[^a-z0-9]+/).filter((word) => word.length > 2 && !/^\d+$|^(?:clang|llvm|rustc)$/.test(word));
}
