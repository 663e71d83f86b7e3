import { quote } from './looks.ts';

/** What a line that replays depends on. `space`: the file or name that the user gave. */
export type Replayed = { seed: string; passes: readonly string[]; space: string | null };

/** The line that gives a candidate again. A space that is a file is not found by the name in the seed; a case names its own. */
export function formatRepro(command: string, replayed: Replayed): string {
  return [command, 'repro', replayed.seed, ...formatReplayOptions(replayed)].join(' ');
}

export function formatReplayOptions({ seed, passes, space }: Replayed): string[] {
  const isFile = space !== null && /\/|\.ya?ml$/.test(space);
  return [...(isFile && seed.startsWith('kf') ? [`--space ${/^[\w./+-]+$/.test(space) ? space : quote(space)}`] : []), ...(passes.length > 0 ? [`--passes ${passes.join(',')}`] : [])];
}
