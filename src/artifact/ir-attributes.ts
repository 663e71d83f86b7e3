import type { FunctionTarget } from './reader.ts';

/** `#7` at the end of a function's `define` line; names and sections are quoted and may hold anything. */
export function attributeGroup(line: string): string {
  return line.replaceAll(/"[^"]*"/g, '""').match(/#\d+\b/g)?.at(-1) ?? '';
}

/**
 * Reads `attributes #7 = { nounwind "frame-pointer"="all" "target-features"="+a,-b" }` as the words `nounwind`,
 * `frame-pointer=all`, `+a`, `-b`. Many functions share a group, and so they share its set.
 */
export function parseAttributes(line: string, groups: Map<string, ReadonlySet<string>>): void {
  const [, group, body] = /^attributes (#\d+) = \{ (.*) \}$/.exec(line) ?? [];
  if (group === undefined || body === undefined) return;
  const words = Array.from(body.matchAll(/"([^"]*)"(?:="([^"]*)")?|[^\s"]+/g), ([word, name, value]) => {
    if (name === 'target-features') return (value ?? '').split(',');
    return name === undefined ? word : value === undefined ? name : `${name}=${value}`;
  });
  groups.set(group, new Set(words.flat()));
}

/** The targets that groups of attributes name, each once; many say nothing of that. */
export function listTargets(groups: Iterable<ReadonlySet<string>>): FunctionTarget[] {
  const cpuIn = (words: readonly string[]) => words.find((word) => word.startsWith('target-cpu='))?.slice('target-cpu='.length) ?? '';
  const targets = Array.from(groups, (words): FunctionTarget => ({ cpu: cpuIn([...words]), features: [...words].filter((word) => /^[+-]/.test(word)) }));
  const known = new Map(targets.map((target) => [[target.cpu, ...target.features].join(), target]));
  return [...known.values()].filter(({ cpu, features }) => cpu !== '' || features.length > 0);
}
