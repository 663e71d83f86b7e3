import { UserError } from '../util/errors.ts';
import type { SetUp } from './cache.ts';
import { openDebianToolchain } from './debian-root.ts';
import { type Check, examineToolchain } from './examine.ts';
import { findHostToolchain, installHostToolchain } from './host.ts';
import type { Toolchain, Tree } from './records.ts';

export const toolchainChoices = ['auto', 'host', 'debian'] as const;
export type ToolchainChoice = (typeof toolchainChoices)[number];

/**
 * Opens a toolchain that fits the tree, installing what is missing first. `auto` is the host for the embedded tree
 * where the host fits, and the Debian root otherwise.
 *
 * @throws UserError `TOOLCHAIN_UNFIT` before anything is built
 */
export async function openToolchain(setUp: SetUp, choice: ToolchainChoice, kind: Tree['kind'], isSandboxed: boolean): Promise<Toolchain> {
  if (choice === 'host' || (choice === 'auto' && kind === 'embedded')) {
    const host = await openHost(setUp, kind, isSandboxed);
    const unfit = await findUnfit(host, kind, setUp.signal);
    if (unfit.length === 0) return host;
    if (choice === 'host') throw refuse('host', unfit);
    setUp.say(`the host's own toolchain does not fit (${unfit.map(({ what }) => what).join(', ')}): using the debian one`);
  }
  const toolchain = await openDebianToolchain(setUp, { isSandboxed });
  const unfit = await findUnfit(toolchain, kind, setUp.signal);
  if (unfit.length > 0) throw refuse('debian', unfit);
  return toolchain;
}

async function openHost(setUp: SetUp, kind: Tree['kind'], isSandboxed: boolean): Promise<Toolchain> {
  const found = await findHostToolchain({ isSandboxed: false, signal: setUp.signal });
  const isWhole = (await examineToolchain(found, kind, setUp.signal)).every(({ state }) => state === 'fits');
  if (!isWhole || isSandboxed) {
    try {
      await installHostToolchain(setUp);
    } catch (error) {
      // With another distribution's package names, what is there may still do; what is not is told by the examination.
      if (!(error instanceof UserError) || (error.code === 'PACKAGES_MISSING' && !setUp.mayInstall)) throw error;
      setUp.say(`not everything could be installed: ${error.message}`);
    }
  }
  return findHostToolchain({ isSandboxed, signal: setUp.signal });
}

async function findUnfit(toolchain: Toolchain, kind: Tree['kind'], signal: AbortSignal): Promise<Check[]> {
  return (await examineToolchain(toolchain, kind, signal)).filter(({ state }) => state === 'does-not-fit');
}

function refuse(name: string, unfit: readonly Check[]): UserError {
  const lines = unfit.map(({ what, found, why, hint }) => `  ${what} (${found}): ${why}\n    ${hint}`);
  return new UserError({ code: 'TOOLCHAIN_UNFIT', message: `the ${name} toolchain does not fit:\n${lines.join('\n')}`, hint: 'kinfuzz doctor lists every tool' });
}
