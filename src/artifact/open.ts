import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Build, Step } from '../pipeline/records.ts';
import type { Toolchain } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { readTextIfAny } from '../util/files.ts';
import { bitcodeArguments, parseBitcode } from './bitcode.ts';
import { btfArguments, encodeArguments, parseEncoding, parseNames } from './btf.ts';
import { codeArguments, parseCode } from './code.ts';
import { dwarfArguments, parseCompileUnits } from './dwarf.ts';
import { elfArguments, layoutArguments, linkageArguments, parseElf, parseLinkage } from './elf.ts';
import { isRegular, readFormat } from './format.ts';
import { digestIr, digestSections, sectionArguments } from './parts.ts';
import type { ArtifactReader, FileFormat } from './reader.ts';
import { findRemainingCalls } from './remaining-calls.ts';
import { repeatLink, repeatOptimising, repeatReading } from './repeat.ts';
import { listDataSections, parseSectionStrings, stringArguments } from './section-strings.ts';
import { enterObjtree } from './tools.ts';
import { UnreadableArtifact } from './unreadable.ts';

/**
 * The files of a build, each read at most once for each kind of fact, however many properties ask. Once `signal` is
 * given, tools that run are ended and no other is started.
 */
export function openArtifacts(build: Pick<Build, 'objtree'>, toolchain: Toolchain, signal: AbortSignal): ArtifactReader {
  const { objtree } = build;
  const tools = enterObjtree(objtree, toolchain, signal);
  const format = once((path) => readFormat(join(objtree, path)));

  const read = async <T>(path: string, expected: FileFormat, run: () => Promise<T>): Promise<T> => {
    const found = await format(path);
    if (found === expected) return run();
    throw new UnreadableArtifact(path, 'kinfuzz', `expected ${expected}, found ${found}`);
  };

  const elf = once((path) =>
    read(path, 'elf', async () => {
      const json = await tools.read('llvm-readobj', elfArguments, path);
      return parseOrBlame(() => parseElf(json));
    }),
  );
  const layout = once((path) =>
    read(path, 'elf', async () => {
      const json = await tools.read('llvm-readobj', layoutArguments, path);
      return parseOrBlame(() => parseElf(json));
    }),
  );
  const repeat = (step: Step, change: (argv: readonly string[]) => string[]) => tools.repeat(step, change(step.argv.slice(1)));

  return {
    format,
    elf,
    layout,
    bitcode: once((path) =>
      read(path, 'bitcode', async () => parseBitcode(await tools.read('llvm-dis', bitcodeArguments, path))),
    ),
    compileUnits: once((path) =>
      read(path, 'elf', async () => parseCompileUnits(await tools.read('llvm-dwarfdump', dwarfArguments, path))),
    ),
    code: once((path) => read(path, 'elf', async () => parseCode(await tools.read('llvm-objdump', codeArguments, path)))),
    encodedTypes: once((path) =>
      read(path, 'elf', async () => parseEncoding(await tools.read('pahole', encodeArguments, path))),
    ),
    btfNames: (path, base) => read(path, 'elf', async () => parseNames(await tools.read('pahole', btfArguments(base), path))),
    linkage: once((path) =>
      read(path, 'elf', async () => {
        const json = await tools.read('llvm-readobj', linkageArguments, path);
        return parseOrBlame(() => parseLinkage(json));
      }),
    ),
    modinfo: once((path) =>
      read(path, 'elf', async () => {
        const dump = await tools.read('llvm-readobj', stringArguments(['.modinfo']), path);
        return parseSectionStrings(dump).flatMap(({ strings }) => strings);
      }),
    ),
    digest: once(async (path) => ((await isRegular(join(objtree, path))) ? hashFile(join(objtree, path)) : null)),
    parts: async (path) => {
      if ((await format(path)) === 'bitcode') return digestIr(await tools.read('llvm-dis', bitcodeArguments, path));
      return read(path, 'elf', async () => {
        const [json, bytes] = [await tools.read('llvm-readobj', sectionArguments, path), await readFile(join(objtree, path))];
        return parseOrBlame(() => digestSections(json, bytes));
      });
    },
    sectionStrings: once(async (path) => {
      const sections = listDataSections(await elf(path));
      return sections.length === 0 ? [] : parseSectionStrings(await tools.read('llvm-readobj', stringArguments(sections), path));
    }),
    text: once(async (path) => ((await isRegular(join(objtree, path))) ? readTextIfAny(join(objtree, path)) : null)),
    linkWarnings: async (step) => warningsIn((await repeat(step, repeatLink)).stderr, /^warning: /),
    overrideWarnings: async (step) => warningsIn((await repeat(step, repeatReading)).stderr, /\[-Woverride-module\]$/),
    remainingCalls: async (step, callees) => {
      const { stdout, stderr } = await repeat(step, repeatOptimising);
      return findRemainingCalls(stdout, stderr, callees);
    },
  };
}

function warningsIn(log: string, pattern: RegExp): string[] {
  return log.split('\n').filter((line) => pattern.test(line));
}

function once<T>(read: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (path) => {
    const before = known.get(path);
    if (before) return before;
    const promise = read(path);
    known.set(path, promise);
    return promise;
  };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A tool that succeeds and prints what we do not understand is another tool than we know: no fault of the build. */
function parseOrBlame<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new InfraError('TOOL_OUTPUT', `unexpected output of llvm-readobj: ${String(error)}`);
  }
}
