import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { explain as explainSymbol } from '../../kconfig/explain.ts';
import { formatExplanation } from '../../kconfig/format-explanation.ts';
import { loadModel } from '../../kconfig/load.ts';
import { KeptOutput } from '../../kconfig/output.ts';
import { Resolver } from '../../kconfig/resolver.ts';
import { openTree } from '../../tree/open.ts';
import { arches, type Arch } from '../../tree/records.ts';
import { openToolchain, type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { places, readSetUp } from '../options.ts';
import { stopOnInterrupt } from '../stop.ts';

type ExplainOptions = { tree: string; arch: Arch; toolchain: ToolchainChoice; config?: string; json?: boolean };

/** `explain`, and a line of help for `conf`, which main.ts hands to the front end before any option is read. */
export function addKconfigCommands(program: Command, finish: (code: number) => void): void {
  program
    .command('explain')
    .description('why a symbol has its value, or cannot have another: who limits it, who selects it, from which line')
    .argument('<symbol>', 'RUST_INLINE_HELPERS, or SYMBOL=VALUE')
    .option('--tree <tree>', 'as for fuzz', 'debian:linux-source-7.3')
    .addOption(new Option('--arch <arch>', 'the architecture').choices([...arches]).default('x86_64'))
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchainChoices]).default('auto'))
    .option('--config <file>', 'a .config or a fragment; all at its defaults where left out')
    .option('--json', 'as JSON')
    .action(async (symbol: string, options: ExplainOptions) => finish(await explain(symbol, options)));
  program
    .command('conf')
    .description("the kernel's scripts/kconfig/conf, with its own options: kinfuzz conf --olddefconfig Kconfig")
    .helpOption(false);
}

async function explain(text: string, options: ExplainOptions): Promise<number> {
  const [, symbol, value] = /^(?:CONFIG_)?([A-Za-z0-9_]+)(?:=(.*))?$/.exec(text) ?? [];
  if (symbol === undefined) throw new UserError({ code: 'SYMBOL_MALFORMED', message: `"${text}" is neither SYMBOL nor SYMBOL=VALUE` });
  const setUp = readSetUp({}, (line) => process.stderr.write(`${line}\n`), stopOnInterrupt());
  const { tree } = await openTree(setUp, options.tree, places.embedded);
  const toolchain = await openToolchain(setUp, options.toolchain, tree.kind, true);
  const { model } = await loadModel({ tree, toolchain, arch: options.arch, cache: setUp.cache, signal: setUp.signal, output: new KeptOutput() });
  const resolver = new Resolver(model);
  resolver.resolveText(options.config === undefined ? '' : await readConfigFile(options.config));
  const explanation = explainSymbol(resolver.evaluation(), symbol, value ?? null);
  process.stdout.write(options.json ? `${JSON.stringify(explanation, null, 2)}\n` : formatExplanation(explanation));
  return exitCodes.clean;
}

async function readConfigFile(path: string): Promise<string> {
  return readFile(path, 'latin1').catch((error: unknown) => {
    throw new UserError({ code: 'CONFIG_UNREADABLE', message: error instanceof Error ? error.message : String(error), place: { file: path } });
  });
}
