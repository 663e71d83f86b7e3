import { type Command, Option } from 'commander';
import type { PassName } from '../../property/contract.ts';
import { collectPasses, parseDuration, places } from '../options.ts';

/** Options of every command that builds. */
export type BuildOptions = { out: string; timeout: number; keep?: boolean; passes: PassName[]; sandbox: boolean; mirror?: string };

export function addBuildOptions(command: Command, toolchains: readonly string[]): Command {
  return command
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchains]).default('auto'))
    .option('--mirror <url>', "Debian mirror to install from (default: the host's own)")
    .option('--out <directory>', 'where runs are kept', places.reports)
    .option('--timeout <duration>', 'time limit of one build', parseDuration, 30 * 60_000)
    .option('--passes <passes>', 'what to make beside each build, to compare: twin (the option off), again, incremental, clean', collectPasses, [])
    .option('--keep', 'leave the objtrees')
    .option('--no-sandbox', 'run builds on the bare host: what a tree runs can then reach everything');
}
