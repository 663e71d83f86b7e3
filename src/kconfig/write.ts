import type { Evaluation } from './evaluate.ts';
import { isLogical, type KconfigSymbol } from './model.ts';
import { type Shown, typeCode } from './plan.ts';

/** The lines that head every generated file. */
export function formatHeading(title: string, [before, each, after]: readonly [string, string, string]): string {
  return `${before}\n${each} Automatically generated file; DO NOT EDIT.\n${each} ${title}\n${after}\n`;
}

export const poundComment = ['#', '#', '#'] as const;
export const cComment = ['/*', ' *', ' */'] as const;

/**
 * The `.config` text of an evaluation, byte for byte as `conf` writes it (scripts/kconfig/confdata.c: conf_write).
 * Computes what is not computed yet. `visit` sees each symbol once, written or not.
 */
export function formatConfig(evaluation: Evaluation, prefix: string, visit?: (symbol: KconfigSymbol) => void): string {
  const { symbols, root, plan } = evaluation.model;
  const lines = linesFor(evaluation, prefix);
  let out = formatHeading(root.prompt?.text ?? '', poundComment);
  let isAfterMenu = false;
  for (const entry of plan.walk) {
    if (entry < 0) {
      const { text, isEnd, visibility, condition } = plan.shown[~entry] as Shown;
      if (evaluation.evaluate(visibility) === 0 || evaluation.evaluate(condition) === 0) continue;
      out += isEnd ? `# end of ${text}\n` : `\n#\n# ${text}\n#\n`;
      isAfterMenu = isEnd;
      continue;
    }
    evaluation.calculate(entry);
    if (visit) visit(symbols[entry] as KconfigSymbol);
    if (evaluation.isWritten[entry] === 0) continue;
    if (isAfterMenu) out += '\n';
    isAfterMenu = false;
    const type = plan.types[entry] as number;
    out +=
      type === typeCode.bool || type === typeCode.tristate
        ? (lines[entry * 3 + (evaluation.tristates[entry] as number)] ??= formatAssignment(evaluation, symbols[entry] as KconfigSymbol, prefix))
        : formatAssignment(evaluation, symbols[entry] as KconfigSymbol, prefix);
  }
  return out;
}

/** A symbol's line in a `.config`; nothing for symbols without a type. */
export function formatAssignment(evaluation: Evaluation, symbol: KconfigSymbol, prefix: string): string {
  if (symbol.type === 'unknown') return '';
  const value = evaluation.valueOf(symbol.id);
  if (isLogical(symbol.type) && value === 'n') return `# ${prefix}${symbol.name} is not set\n`;
  return `${prefix}${symbol.name}=${symbol.type === 'string' ? quote(value) : value}\n`;
}

export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Lines of bools and tristates are the same each time; an evaluation keeps them for the prefix it last had. */
function linesFor(evaluation: Evaluation, prefix: string): (string | undefined)[] {
  if (evaluation.lines.prefix !== prefix) evaluation.lines = { prefix, texts: [] };
  return evaluation.lines.texts;
}
