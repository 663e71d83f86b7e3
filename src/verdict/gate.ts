import { findLimits, listConditions } from '../kconfig/limits.ts';
import { placeOf } from '../kconfig/explain.ts';
import type { Resolver } from '../kconfig/resolver.ts';
import type { Evidence } from '../property/contract.ts';
import type { Candidate, Request } from '../sampler/records.ts';
import { formatRule, listGates, unmetRules } from '../space/gates.ts';
import type { LoadedSpace } from '../space/load.ts';
import type { GateRule, Space } from '../space/schema.ts';
import { shortHash } from '../util/hash.ts';
import type { SignedFailure } from './records.ts';

/** Whether a symbol could be set to `y`, and whether the space says so: it does where no rule is unmet. */
export type GateJudgement = { symbol: string; isReachable: boolean; unmet: readonly GateRule[] };

/** A configuration to be judged: a candidate, or the witness of a proof that failed. */
export type Judged = Pick<Candidate, 'arch' | 'choices' | 'requested' | 'wished' | 'fill'>;

/** Failures of the gates carry this name in the place of a property's. */
export const gateProperty = 'gating';

/** Resolves a configuration and judges all gates of a space. */
export function judgeGates(resolver: Resolver, space: Space, { arch, choices, requested, wished, fill }: Judged): GateJudgement[] {
  const gates = listGates(space);
  const isGate = ({ symbol }: Request) => space.gates !== undefined && Object.hasOwn(space.gates, symbol);
  const { lost } = resolver.check([...requested, ...wished.filter(isGate)], [...wished.filter((wish) => !isGate(wish)), ...fill]);
  const refused = new Set(lost.map(({ symbol }) => symbol));
  const stranger = requested.find(({ symbol }) => refused.has(symbol));
  if (stranger) throw new Error(`a candidate was thought to have ${stranger.symbol}=${stranger.value}, and has not: ${JSON.stringify({ arch, choices, lost })}`);
  return gates.map(([symbol, rules]) => ({ symbol, isReachable: !refused.has(symbol), unmet: unmetRules(rules, arch, choices) }));
}

/** Whether the tree says what the space says. */
export function isAsExpected({ isReachable, unmet }: GateJudgement): boolean {
  return isReachable === (unmet.length === 0);
}

/**
 * Why what was judged last is not as the space says, one failure for each reason: a rule that the tree does not have, or
 * a condition that the space does not have. `kernel` is the architecture whose Kconfig was read.
 */
export function explainGate(resolver: Resolver, { space, placeOf: placeIn }: LoadedSpace, kernel: string, { symbol, isReachable, unmet }: GateJudgement, wished: readonly Request[]): SignedFailure[] {
  const rules = space.gates?.[symbol] ?? [];
  const say = (path: readonly (string | number)[], text: string): Evidence => {
    const { file, line } = placeIn(['gates', symbol, ...path]);
    return { kind: 'file', where: line === undefined ? file : `${file}:${line}`, text };
  };
  const through = new Set(wished.map((wish) => wish.symbol));
  if (isReachable) {
    const told = [...through].flatMap((name) => describeSymbol(resolver, name));
    return unmet.map((rule) => {
      const words = `it ${formatRule(rule)}: ${rule.reason}`;
      return sign(['reachable', symbol, formatRule(rule)], `${symbol} can be y on ${kernel}, though ${words}`, [say([rules.indexOf(rule)], `${symbol}: ${words}`), ...told]);
    });
  }
  const whole = `${symbol} cannot be y on ${kernel}, though all that it needs is there`;
  const told = [say([], `${symbol} can be y where its ${rules.length} rules are met, and they are`), ...describeSymbol(resolver, symbol)];
  const limits = findLimits(resolver.checked(), symbol, through);
  if (limits.length === 0) return [sign(['unreachable', symbol, 'no condition'], `${whole}: it is asked for in vain`, told)];
  return limits.map((limit) => sign(['unreachable', symbol, limit.symbol, limit.text], `${whole}: ${limit.symbol} ${limit.shown} (${limit.place})`, [
    ...told, ...(limit.symbol === symbol ? [] : describeSymbol(resolver, limit.symbol)),
  ]));
}

/** Where a symbol is defined, and all that its prompts depend on: what the tree says. */
function describeSymbol(resolver: Resolver, name: string): Evidence[] {
  const { model } = resolver;
  const places = (model.symbols[model.names.get(name) ?? -1]?.menus ?? []).map(placeOf);
  if (places.length === 0) return [{ kind: 'symbol', where: name, text: 'no Kconfig file of this architecture defines it' }];
  const conditions = listConditions(resolver.checked(), name).map(({ shown, place }) => `${place}: ${shown}`);
  return [{ kind: 'symbol', where: name, text: [`${places.join(', ')}: config ${name}`, ...conditions].join('\n') }];
}

function sign(key: readonly string[], summary: string, evidence: Evidence[]): SignedFailure {
  return { property: gateProperty, signature: `${gateProperty}/${shortHash(JSON.stringify(key))}`, summary, evidence };
}
