import { type Command, runCommand } from '../util/process.ts';
import { Asker, NoAnswer } from './ask.ts';
import { formatConfUsage, parseConfOptions } from './conf-options.ts';
import { type ConfIo, readerOf } from './conf-io.ts';
import { ConfRun, Stop } from './conf-run.ts';
import { KconfigError } from './errors.ts';
import { fillNewSymbols, type Fill } from './fill.ts';
import { GlibcRandom } from './glibc-random.ts';
import type { Model } from './model.ts';
import { parseProbabilities } from './probability.ts';
import { parseWithProbes, type ProbeAnswer } from './probes.ts';
import { parseNumber } from './values.ts';

/**
 * Does what the kernel's `scripts/kconfig/conf` does with the same arguments, environment and input: its modes, files,
 * messages and exit codes (scripts/kconfig/conf.c). Of several mistakes in Kconfig files it reports the first.
 */
export async function runConf(argv: readonly string[], io: ConfIo): Promise<number> {
  const { output } = io;
  const options = parseConfOptions(io.program, argv);
  for (const complaint of options.complaints) output.stderr(complaint);
  if (options.wantsHelp) {
    output.stdout(formatConfUsage(io.program));
    return 1;
  }
  const seed = options.randomSeeds > 0 ? readSeed(io) : 0;
  for (let count = 0; count < options.randomSeeds; count++) output.stdout(`KCONFIG_SEED=0x${seed.toString(16).toUpperCase()}\n`);
  if (options.kconfig === null) {
    output.stderr(`${io.program}: Kconfig file missing\n`);
    output.stdout(formatConfUsage(io.program));
    return 1;
  }
  try {
    const model = await parse(options.kconfig, io);
    return resolveAndWrite(new ConfRun(model, options, io), seed);
  } catch (error) {
    if (error instanceof Stop) return error.code;
    if (error instanceof NoAnswer) return 1;
    if (!(error instanceof KconfigError)) throw error;
    output.stderr(error.report);
    return 1;
  }
}

function parse(root: string, io: ConfIo): Promise<Model> {
  const { environment, directory, output } = io;
  const reader = readerOf(directory, environment['srctree']);
  return parseWithProbes({ root, reader, environment, output }, new Map(), (commands) => Promise.all(commands.map(runProbe)));

  async function runProbe(command: string): Promise<ProbeAnswer> {
    const shell: Command = {
      argv: ['/bin/sh', '-c', Buffer.from(command, 'latin1').toString()],
      sandbox: { kind: 'none', env: { ...environment }, cwd: directory },
      timeoutMs: probeTimeoutMs,
    };
    const { stdout, stderr } = await runCommand(shell);
    return { stdout: Buffer.from(stdout).toString('latin1'), stderr: Buffer.from(stderr).toString('latin1') };
  }
}

const probeTimeoutMs = 600_000;

function resolveAndWrite(run: ConfRun, seed: number): number {
  const { evaluation, options, io } = run;
  const { mode } = options;
  run.readInput();
  run.stopOnReadWarnings();
  const canWrite = mode !== 'syncconfig' || run.checkSilentUpdate();
  switch (mode) {
    case 'allnoconfig':
    case 'allyesconfig':
    case 'allmodconfig':
    case 'alldefconfig':
    case 'defconfig':
    case 'randconfig':
      fillNewSymbols(evaluation, fillOf(run, seed));
      run.isChanged = true;
      break;
    case 'yes2modconfig':
      run.rewriteTristates(2, 1);
      break;
    case 'mod2yesconfig':
      run.rewriteTristates(1, 2);
      break;
    case 'mod2noconfig':
      run.rewriteTristates(1, 0);
      break;
    case 'oldaskconfig':
    case 'oldconfig':
    case 'listnewconfig':
    case 'helpnewconfig':
    case 'syncconfig':
      ask(run);
      break;
    default:
  }
  run.stopOnUnmetDependencies();
  if (mode === 'savedefconfig') return run.writeDefconfig() ? 0 : 1;
  if (mode === 'listnewconfig' || mode === 'helpnewconfig') return 0;
  if (canWrite && !run.writeConfig()) {
    io.output.stderr('\n*** Error during writing of the configuration.\n\n');
    return 1;
  }
  if (!run.writeSyncFiles(mode === 'syncconfig') && mode === 'syncconfig') {
    io.output.stderr('\n*** Error during sync of the configuration.\n\n');
    return 1;
  }
  return 0;
}

function fillOf({ options, io }: ConfRun, seed: number): Fill {
  if (options.mode === 'allnoconfig') return { kind: 'value', value: 0 };
  if (options.mode === 'allyesconfig') return { kind: 'value', value: 2 };
  if (options.mode === 'allmodconfig') return { kind: 'value', value: 1 };
  if (options.mode !== 'randconfig') return { kind: 'default' };
  const probabilities = parseProbabilities(io.environment['KCONFIG_PROBABILITY']);
  if (!probabilities) {
    io.output.stderr('KCONFIG_PROBABILITY: Numerical result out of range\n');
    throw new Stop(1);
  }
  return { kind: 'random', random: new GlibcRandom(seed), probabilities };
}

function ask({ evaluation, options, io, prefix }: ConfRun): void {
  const { output } = io;
  const dialogue = {
    print: (text: string) => output.stdout(text),
    complain: (text: string) => output.stderr(text),
    readLine: () => io.readLine(),
    isEchoing: !io.isTerminal,
  };
  const { root } = evaluation.model;
  const telling = options.mode === 'listnewconfig' ? 'list' : options.mode === 'helpnewconfig' ? 'help' : 'new';
  const asker = new Asker(evaluation, dialogue, options.mode === 'oldaskconfig' ? 'all' : telling, prefix);
  if (options.mode === 'oldaskconfig') {
    asker.askAll(root);
    asker.mode = 'new';
  }
  asker.visitAllNew(root);
}

/** `KCONFIG_SEED` as C's strtol reads it; anything else, and one is drawn. */
function readSeed(io: ConfIo): number {
  const text = io.environment['KCONFIG_SEED'];
  const parsed = text ? parseNumber(text, 0) : null;
  return parsed?.isWhole ? Number(BigInt.asUintN(32, BigInt(parsed.value))) : io.drawSeed() >>> 0;
}
