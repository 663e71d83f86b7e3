import { KconfigError } from './errors.ts';
import type { Model } from './model.ts';
import { KeptOutput, type Output } from './output.ts';
import { type ParseInput, parseKconfig } from './parse.ts';

/** What a shell command printed; one character a byte. */
export type ProbeAnswer = { stdout: string; stderr: string };

/** Runs shell commands, in any order; gives an answer for each. */
export type ProbeRunner = (commands: readonly string[]) => Promise<ProbeAnswer[]>;

/** Answers that are known, by command. */
export type ProbeAnswers = Map<string, ProbeAnswer>;

/**
 * Parses, running the probes that `answers` has no answer for. Each round parses as far as the known answers lead and
 * then runs all commands met at once; a command that depends on an unknown answer waits for the next round. So
 * commands must be questions: how often and in which order they run is not promised. New answers go into `answers`.
 *
 * @param replace what a command prints, where that is not to be found out; null for all others. Does not go into `answers`
 */
export async function parseWithProbes(
  input: Omit<ParseInput, 'shell'>, answers: ProbeAnswers, run: ProbeRunner, replace: (command: string) => string | null = () => null,
): Promise<Model> {
  for (;;) {
    const missing = new Set<string>();
    const kept = new KeptOutput();
    const outcome = attempt({ ...input, output: kept, shell: (command) => replace(command) ?? ask(command, answers, missing, kept) });
    if (missing.size === 0) {
      pass(kept, input.output);
      if (outcome instanceof KconfigError) throw outcome;
      return outcome;
    }
    const commands = [...missing];
    const found = await run(commands);
    commands.forEach((command, index) => answers.set(command, found[index] ?? { stdout: '', stderr: '' }));
  }
}

function ask(command: string, answers: ProbeAnswers, missing: Set<string>, output: Output): string | null {
  const answer = answers.get(command);
  if (!answer) {
    missing.add(command);
    return null;
  }
  if (answer.stderr !== '') output.stderr(answer.stderr);
  return answer.stdout;
}

/** A mistake that was met while answers are missing may be none. */
function attempt(input: ParseInput): Model | KconfigError {
  try {
    return parseKconfig(input);
  } catch (error) {
    if (error instanceof KconfigError) return error;
    throw error;
  }
}

function pass(kept: KeptOutput, output: Output): void {
  if (kept.out !== '') output.stdout(kept.out);
  if (kept.err !== '') output.stderr(kept.err);
}
