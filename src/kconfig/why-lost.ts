import { explain, type ExplainedCondition } from './explain.ts';
import type { Assignment, Resolver } from './resolver.ts';

/** An assignment that did not come about. `effective`: what there is instead; `why`: the lines that forbid it, in words. */
export type Lost = Assignment & { effective: string; isGone: boolean; why: string };

/**
 * Which of some assignments a `.config` text does not get, and why: the symbol is gone, or which `depends on` of which line
 * limits it. The resolver has that text afterwards; all texts have one character a byte.
 */
export function explainLost(resolver: Resolver, text: string, wanted: readonly Assignment[], effective: Readonly<Record<string, string>>): Lost[] {
  const lost = wanted.filter(({ symbol, value }) => (effective[symbol] ?? 'n') !== (value === '' ? (effective[symbol] ?? 'n') : value));
  if (lost.length === 0) return [];
  resolver.resolveText(text);
  return lost.map(({ symbol, value }) => {
    const now = effective[symbol] ?? 'n';
    if (!resolver.isDefined(symbol)) return { symbol, value, effective: now, isGone: true, why: 'no Kconfig file of this architecture defines it in this tree' };
    const { prompts, verdict } = explain(resolver.evaluation(), symbol, value);
    const limits = prompts.flatMap(({ conditions }) => conditions.filter((condition) => condition.limits));
    return { symbol, value, effective: now, isGone: false, why: limits.length > 0 && value !== 'n' ? limits.map(formatLimit).join('; ') : verdict };
  });
}

function formatLimit({ text, place, because }: ExplainedCondition): string {
  const causes = because.map(({ symbol, value }) => `${symbol}=${value}`);
  return `${text} (${place})${causes.length > 0 ? `, and ${causes.join(', ')}` : ''}`;
}
