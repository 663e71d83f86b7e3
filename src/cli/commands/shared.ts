import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PassName } from '../../property/contract.ts';
import type { Arch } from '../../tree/records.ts';
import { type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { collectArches, collectPasses, parseDuration, places } from '../options.ts';

/** Options of every command that draws candidates. */
export type SpaceOptions = { tree: string; space: string; arch?: Arch[]; cover?: 2 | 3; toolchain: ToolchainChoice };

export function addSpaceOptions(command: Command, hasCover = true): Command {
  command
    .option('--tree <tree>', 'embedded, debian:linux-source-7.3, debian:linux-source-7.2, or a directory', 'embedded')
    .option('--space <space>', 'a space of corpus/spaces, or a .yaml file', 'inline-helpers')
    .option('--arch <arch>', 'only these architectures: x86_64, arm64, um', collectArches)
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchainChoices]).default('auto'));
  if (hasCover) command.addOption(new Option('--cover <strength>', 'first all pairs (2) or triples (3) of values').argParser(parseCover));
  return command;
}

function parseCover(text: string): 2 | 3 {
  if (text !== '2' && text !== '3') throw new InvalidArgumentError('2 (pairs) or 3 (triples) is wanted.');
  return text === '2' ? 2 : 3;
}

export function timeLimit(): Option {
  return new Option('--timeout <duration>', 'time limit of one build').argParser(parseDuration).default(30 * 60_000, '30m');
}

/** Options of every command that builds. */
export type BuildOptions = { out: string; timeout: number; keep?: boolean; passes: PassName[]; sandbox: boolean; mirror?: string };

export function addBuildOptions(command: Command, out = places.reports): Command {
  return command
    .option('--mirror <url>', "Debian mirror to install from (default: the host's own)")
    .option('--out <directory>', 'where runs are kept', out)
    .addOption(timeLimit())
    .option('--passes <passes>', 'what to make beside each build, to compare: twin (the option off), again, incremental, clean', collectPasses, [])
    .option('--keep', 'leave the objtrees')
    .option('--no-sandbox', 'run builds on the bare host: what a tree runs can then reach everything');
}
