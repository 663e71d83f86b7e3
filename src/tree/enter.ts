import type { Mount, Sandbox } from '../util/sandbox.ts';
import { objectMount, sourceMount, type Toolchain } from './records.ts';

/** Host directories that a command may see: sources read-only, its own output writable. */
export type Places = { source: string | null; objtree: string | null; extra?: { readOnly?: Mount[]; writable?: Mount[] } };

/** The sandbox of a toolchain in which the tree is at `/src`, the objtree at `/obj`, and nothing else is writable. */
export function enterToolchain(toolchain: Toolchain, places: Places, env: Record<string, string> = {}): Sandbox {
  const { source, objtree, extra } = places;
  const environment = {
    PATH: toolchain.path.join(':'),
    HOME: '/tmp',
    LC_ALL: 'C',
    KBUILD_BUILD_TIMESTAMP: '1970-01-01',
    KBUILD_BUILD_USER: 'kinfuzz',
    KBUILD_BUILD_HOST: 'kinfuzz',
    ...toolchain.env,
    ...env,
  };
  if (!toolchain.isSandboxed) return { kind: 'none', env: environment, cwd: objtree ?? source ?? '/' };
  return {
    kind: 'bubblewrap',
    root: toolchain.root,
    readOnly: [...(source ? [{ from: source, to: sourceMount }] : []), ...(extra?.readOnly ?? [])],
    writable: [...(objtree ? [{ from: objtree, to: objectMount }] : []), ...(extra?.writable ?? [])],
    env: environment,
    cwd: objtree ? objectMount : source ? sourceMount : '/',
  };
}

/** The tree's and the objtree's paths as a command in that sandbox sees them. */
export function placesInside(toolchain: Toolchain, places: Places): { source: string; objtree: string } {
  return toolchain.isSandboxed
    ? { source: sourceMount, objtree: objectMount }
    : { source: places.source ?? '', objtree: places.objtree ?? '' };
}
