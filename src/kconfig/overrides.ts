import type { Environment } from './environment.ts';

/**
 * What stands in for a tree's and a toolchain's own, so that a model shows what they would be like otherwise.
 * `probes`: what a shell command prints, by a text that the command contains; the first that fits counts.
 * `environment`: variables beside, or in the place of, those that `make` exports. `files`: texts, one character a byte, by their path.
 */
export type Overrides = { probes: Readonly<Record<string, string>>; environment: Environment; files: Readonly<Record<string, string>> };

export const noOverrides: Overrides = { probes: {}, environment: {}, files: {} };

/** The probe that stands in for a command; null where none does. */
export function findProbe({ probes }: Overrides, command: string): { text: string; stdout: string } | null {
  const text = Object.keys(probes).find((part) => command.includes(part));
  return text === undefined ? null : { text, stdout: `${probes[text]}\n` };
}
