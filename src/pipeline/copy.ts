import { enterToolchain, placesInside } from '../tree/enter.ts';
import type { Toolchain } from '../tree/records.ts';
import { readCommand } from '../util/process.ts';

/**
 * Copies an objtree into an empty directory, times to the nanosecond: what was up to date stays so.
 *
 * @throws InfraError where the copy is not whole
 */
export async function copyObjtree(toolchain: Toolchain, from: string, to: string, signal: AbortSignal): Promise<void> {
  const origin = toolchain.isSandboxed ? '/run/origin' : from;
  const places = { source: null, objtree: to, extra: { readOnly: [{ from, to: origin }] } };
  const argv = ['cp', '-a', '--reflink=auto', `${origin}/.`, placesInside(toolchain, places).objtree];
  await readCommand({ argv, sandbox: enterToolchain(toolchain, places), timeoutMs: 10 * 60_000, signal });
}
