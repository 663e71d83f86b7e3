import { formatUserError, InfraError, UserError } from '../util/errors.ts';
import type { Verdict } from '../verdict/records.ts';

/** 0 clean, 1 findings, 2 the user's mistake, 3 infrastructure, 130 stopped by the user. */
export const exitCodes = { clean: 0, findings: 1, user: 2, infra: 3, stopped: 130 } as const;

/** A run with a failure has findings; one in which a candidate could not be judged, or none was, is not clean. */
export function exitCodeOf(verdicts: readonly Verdict[]): number {
  if (verdicts.some(({ verdict }) => verdict === 'failed')) return exitCodes.findings;
  const isBroken = verdicts.some(({ verdict, resolution }) => verdict === 'infra-error' || verdict === 'timed-out' || resolution === 'front-end-mismatch');
  return isBroken || !verdicts.some(({ verdict }) => verdict === 'passed') ? exitCodes.infra : exitCodes.clean;
}

/** Tells an error in one message on standard error and gives the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`kinfuzz: ${formatUserError(error)}\n`);
    return exitCodes.user;
  }
  if (error instanceof InfraError) {
    process.stderr.write(`kinfuzz: ${error.code}: ${error.message}${error.hint ? `\n  ${error.hint}` : ''}\n`);
    return exitCodes.infra;
  }
  process.stderr.write(`kinfuzz: unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.infra;
}
