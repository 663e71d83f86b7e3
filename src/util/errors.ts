/** Where in a text an error was seen; lines and columns count from 1. */
export type Place = { file: string; line?: number; column?: number };

/** What a {@link UserError} says: a stable code, a place, a cause and the next step. */
export type Complaint = { code: string; message: string; place?: Place; hint?: string };

/** The user's mistake. Ends the program with exit code 2 and one message. */
export class UserError extends Error {
  readonly code: string;
  readonly place: Place | undefined;
  readonly hint: string | undefined;

  constructor(complaint: Complaint) {
    super(complaint.message);
    this.name = 'UserError';
    this.code = complaint.code;
    this.place = complaint.place;
    this.hint = complaint.hint;
  }
}

/** The infrastructure's fault (full disk, missing tool, killed process). Never a finding; exit code 3. */
export class InfraError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.name = 'InfraError';
    this.code = code;
    this.hint = hint;
  }
}

/** An error as plain data, fit to cross a process boundary; `complaint` where it is the user's mistake. */
export type PlainError = { code: string; message: string; stack: string; complaint: Complaint | null };

/** Turns anything thrown into plain data; a class and a `code` would be lost between processes. */
export function formatPlainError(thrown: unknown): PlainError {
  if (!(thrown instanceof Error)) return { code: 'UNKNOWN', message: String(thrown), stack: '', complaint: null };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
  return { code, message: thrown.message, stack: thrown.stack ?? '', complaint: thrown instanceof UserError ? complaintOf(thrown) : null };
}

function complaintOf({ code, message, place, hint }: UserError): Complaint {
  return { code, message, ...(place ? { place } : {}), ...(hint ? { hint } : {}) };
}

/** `CODE file:line:column: message` and the hint on a line of its own; what a terminal would obey is shown as `?`. */
export function formatUserError(error: UserError): string {
  const { place } = error;
  const where = place ? ` ${[place.file, place.line, place.column].filter((part) => part !== undefined).join(':')}` : '';
  const text = `${error.code}${where}: ${error.message}${error.hint ? `\n  ${error.hint}` : ''}`;
  return text.replaceAll(/[^\P{C}\n\t]|[\u2028\u2029]/gu, '?');
}

/** For the default branch of an exhaustive switch. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
