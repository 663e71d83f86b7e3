import type { Case } from '../corpus/cases.ts';
import { formatFragment, parseConfig, valueOf } from '../kconfig/config.ts';
import { type Explanation, explain } from '../kconfig/explain.ts';
import type { Model } from '../kconfig/model.ts';
import { Resolver } from '../kconfig/resolver.ts';
import type { Lost } from '../report/replay.ts';
import type { Candidate, Request } from '../sampler/records.ts';
import type { Space } from '../space/schema.ts';

/** What a case asks for: the pins of its space, and its own word on top. */
export function listWishes({ arch, assignments }: Pick<Case, 'arch' | 'assignments'>, space: Space): Request[] {
  const own = parseConfig(assignments);
  const pins = Object.entries({ ...space.pins, ...space.arches[arch]?.pins }).filter(([symbol]) => !Object.hasOwn(own, symbol));
  return [...pins.map(([symbol, value]): Request => ({ symbol, value, from: 'pin' })), ...Object.entries(own).map(([symbol, value]): Request => ({ symbol, value, from: 'case' }))];
}

/** A case in the place of a drawn candidate. It only has wishes: a tree that takes some of them no more is told, and judged all the same. */
export function makeCandidate(one: Pick<Case, 'arch' | 'assignments'>, space: Space, { index, replays }: { index: number; replays: string }): Candidate {
  return { index, runSeed: 0, cover: 0, arch: one.arch, choices: {}, requested: [], wished: listWishes(one, space), fill: [], replays };
}

/** The assignments by which a candidate has the configuration that it has, those of the pins aside. */
export function listAssignments({ arch, requested, wished, fill }: Pick<Candidate, 'arch' | 'requested' | 'wished' | 'fill'>, config: string, space: Space): string {
  const effective = parseConfig(config);
  const pins: Record<string, string> = { ...space.pins, ...space.arches[arch]?.pins };
  const asked = new Map([...requested, ...wished, ...fill].map(({ symbol, value }) => [symbol, value]));
  return formatFragment([...asked].filter(([symbol, value]) => pins[symbol] !== value && valueOf(effective, symbol) === value));
}

/** The lines of a fragment that a space's pins do not say already. */
export function leaveOutPins(fragment: string, arch: Case['arch'], space: Space): string {
  const pins: Record<string, string> = { ...space.pins, ...space.arches[arch]?.pins };
  return formatFragment(Object.entries(parseConfig(fragment)).filter(([symbol, value]) => pins[symbol] !== value));
}

/** Wishes that do not come about on a tree, and why. */
export function findLostWishes(model: Model, wishes: readonly Request[]): Lost[] {
  const resolver = new Resolver(model);
  const fragment = formatFragment(wishes.map(({ symbol, value }) => [symbol, value]));
  const effective = parseConfig(resolver.resolveText(Buffer.from(fragment).toString('latin1')).config);
  const evaluation = resolver.evaluation();
  return wishes.flatMap(({ symbol, value }): Lost[] => {
    const now = Buffer.from(valueOf(effective, symbol), 'latin1').toString();
    if (now === value) return [];
    if (!resolver.isDefined(symbol)) return [{ symbol, value, effective: now, kind: 'gone', why: 'no Kconfig file of this architecture defines it' }];
    return [{ symbol, value, effective: now, kind: 'impossible', why: tellWhy(explain(evaluation, symbol, value)) }];
  });
}

/** The innermost condition that stands against a symbol, else the answer in a sentence. */
function tellWhy({ prompts, verdict }: Explanation): string {
  const limits = prompts.map(({ conditions }) => conditions.find(({ limits: isLimit }) => isLimit));
  const isOpen = limits.includes(undefined);
  const [first] = limits;
  const text = isOpen || !first ? verdict : `${first.place}: ${first.text}`;
  return Buffer.from(text, 'latin1').toString();
}
