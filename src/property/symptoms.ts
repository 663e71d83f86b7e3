import type { Look, Sign } from './contract.ts';

/** What the build itself has. */
export function shows(look: Look): Sign {
  return { ...look, build: 'this', shows: true };
}

/** What it has not. */
export function lacks(look: Look): Sign {
  return { ...look, build: 'this', shows: false };
}

/** What it has with the option on alone, or with the option off alone. */
export function onlyWith(side: 'on' | 'off', look: Look): Sign[] {
  return [
    { ...look, build: 'this', shows: side === 'on' },
    { ...look, build: 'twin', shows: side === 'off' },
  ];
}

/** Whether words can be looked for on a command line as they are: nothing that a shell quotes, and no place of this build. */
export function arePlain(words: string): boolean {
  return /^[\w=+,.:@ -]+$/.test(words);
}
