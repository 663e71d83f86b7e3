import { InfraError } from '../util/errors.ts';
import type { Mount, Sandbox } from '../util/sandbox.ts';
import { type Mounts, type Toolchain, type Tree, usualMounts } from './records.ts';

/** Host directories that a command may see: sources read-only, its own output writable. `mounts` where not the usual. */
export type Places = { source: Pick<Tree, 'directory' | 'edited'> | null; objtree: string | null; mounts?: Mounts; extra?: { readOnly?: Mount[]; writable?: Mount[] } };

/** The sandbox of a toolchain in which the tree is at `/src`, the objtree at `/obj`, and nothing else is writable. */
export function enterToolchain(toolchain: Toolchain, places: Places, env: Record<string, string> = {}): Sandbox {
  const { source, objtree, extra } = places;
  const mounts = places.mounts ?? usualMounts;
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
  if (!toolchain.isSandboxed && source?.edited) throw new InfraError('SANDBOX_NEEDED', 'without a sandbox a tree cannot be shown with other files');
  if (!toolchain.isSandboxed) return { kind: 'none', env: environment, cwd: objtree ?? source?.directory ?? '/' };
  return {
    kind: 'bubblewrap',
    root: toolchain.root,
    readOnly: [...(source ? mountTree(source, mounts.source) : []), ...(extra?.readOnly ?? [])],
    writable: [...(objtree ? [{ from: objtree, to: mounts.objtree }] : []), ...(extra?.writable ?? [])],
    env: environment,
    cwd: objtree ? mounts.objtree : source ? mounts.source : '/',
  };
}

/** What stands in the place of a file is mounted over it, so after the tree. */
function mountTree({ directory, edited }: Pick<Tree, 'directory' | 'edited'>, at: string): Mount[] {
  return [{ from: directory, to: at }, ...Object.entries(edited ?? {}).map(([path, from]) => ({ from, to: `${at}/${path}` }))];
}

/** The tree's and the objtree's paths as a command in that sandbox sees them. */
export function placesInside(toolchain: Toolchain, places: Places): { source: string; objtree: string } {
  return toolchain.isSandboxed
    ? (places.mounts ?? usualMounts)
    : { source: places.source?.directory ?? '', objtree: places.objtree ?? '' };
}
