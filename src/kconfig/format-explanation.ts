import type { Cause, ExplainedCondition, ExplainedDefault, ExplainedSource, Explanation } from './explain.ts';

/** At most so many selects are listed that do not hold. */
const shownSources = 8;

/** An explanation as a tree that a person reads. */
export function formatExplanation(explanation: Explanation): string {
  const { symbol, type, value, requested, wanted } = explanation;
  const asked = requested !== null && requested !== value ? ` (requested: ${requested})` : '';
  const lines = [`${symbol} = ${value}${asked}  ${type}${wanted === null ? '' : `, wanted: ${wanted}`}`, `  ${explanation.verdict}`];
  lines.push(`  defined at ${explanation.definitions.join(', ')}`);
  for (const { text, place, visible, conditions } of explanation.prompts) {
    lines.push(`  prompt "${text}" at ${place}: visible ${visible}`, ...formatConditions(conditions, '    '));
  }
  lines.push(...formatValues('default', explanation.defaults), ...formatValues('range', explanation.ranges));
  lines.push(...formatSources('selected by', explanation.selectedBy), ...formatSources('implied by', explanation.impliedBy));
  if (explanation.choice) {
    const { place, chosen, default: preset } = explanation.choice;
    lines.push(`  member of the choice at ${place}: ${chosen ?? 'nothing'} is chosen, ${preset ?? 'nothing'} is the default`);
  }
  return `${lines.join('\n')}\n`;
}

function formatConditions(conditions: readonly ExplainedCondition[], indent: string): string[] {
  return conditions.flatMap(({ text, value, place, limits, because }) => [
    `${indent}${limits ? '✗' : '✓'} ${value}  ${text}  (${place})`,
    ...because.flatMap((cause) => formatCause(cause, `${indent}    `)),
  ]);
}

function formatCause({ symbol, value, place, conditions }: Cause, indent: string): string[] {
  return [`${indent}${symbol} = ${value}  (${place})`, ...formatConditions(conditions, `${indent}  `)];
}

function formatValues(title: string, values: readonly ExplainedDefault[]): string[] {
  return values.map(({ value, place, condition, holds, isUsed }) => {
    const when = condition === 'y' ? '' : ` if ${condition}`;
    return `  ${title} ${value}${when} at ${place}: ${isUsed ? 'used' : holds === 'n' ? 'does not hold' : 'an earlier one holds'}`;
  });
}

/** Those that hold first, and not all of the others. */
function formatSources(title: string, sources: readonly ExplainedSource[]): string[] {
  const holding = sources.filter(({ value }) => value !== 'n');
  const others = sources.filter(({ value }) => value === 'n');
  const shown = [...holding, ...others.slice(0, shownSources)];
  const lines = shown.map(({ symbol, place, value, condition }) => {
    return `  ${title} ${symbol}${condition === 'y' ? '' : ` if ${condition}`} at ${place}: ${value}`;
  });
  const rest = others.length - shownSources;
  return rest > 0 ? [...lines, `  and ${rest} more that do not hold`] : lines;
}
