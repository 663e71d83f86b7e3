import type { Evidence, Step } from './contract.ts';

/** The command as a line for a shell. */
export function formatCommand({ argv }: Pick<Step, 'argv'>): string {
  return argv.map(quoteWord).join(' ');
}

export function commandEvidence(step: Pick<Step, 'argv' | 'target'>): Evidence {
  return { kind: 'command', where: step.target, text: formatCommand(step) };
}

/** Whether the compiler is told to leave LTO bitcode in its output: the last of `-flto…` and `-fno-lto` counts. */
export function isLtoEffective(argv: readonly string[]): boolean {
  const last = argv.findLast((word) => word === '-fno-lto' || word === '-flto' || word.startsWith('-flto='));
  return last !== undefined && last !== '-fno-lto';
}

/** Whether the C compiler sees the macro defined: the last of `-D` and `-U` counts. */
export function isMacroDefined(argv: readonly string[], macro: string): boolean {
  const switches = joinOption(argv, ['-D', '-U']);
  const last = switches.findLast((word) => word.replace(/=.*/s, '').slice(2) === macro);
  return last?.startsWith('-D') ?? false;
}

/** What the C compiler puts for the macro, a string without its quotes; null where it is not defined. */
export function macroValue(argv: readonly string[], macro: string): string | null {
  if (!isMacroDefined(argv, macro)) return null;
  const definition = joinOption(argv, ['-D']).findLast((word) => word.startsWith(`-D${macro}=`)) ?? '';
  return definition.slice(macro.length + 3).replace(/^"(.*)"$/, '$1');
}

/** Whether rustc is given `--cfg NAME`, in either spelling. */
export function hasCfg(argv: readonly string[], name: string): boolean {
  return argv.some((word, index) => word === `--cfg=${name}` || (word === '--cfg' && argv[index + 1] === name));
}

/** Whether rustc is to leave bitcode in its object files. */
export function hasPluginLto(argv: readonly string[]): boolean {
  const last = argv.findLast((word) => /^(?:-C)?linker-plugin-lto(?:=|$)/.test(word));
  return last !== undefined && !/=(?:n|no|off)$/.test(last);
}

/** Options that may stand apart from their value (`-D MODULE`), each joined with it; other words are dropped. */
function joinOption(argv: readonly string[], options: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    const option = options.find((candidate) => word.startsWith(candidate));
    if (!option) return [];
    return [word === option ? `${option}${argv[index + 1] ?? ''}` : word];
  });
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
