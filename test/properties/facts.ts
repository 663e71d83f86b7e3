import type {
  ArtifactReader,
  BitcodeFacts,
  BitcodeSymbol,
  CodeFunction,
  CompileUnit,
  ElfFacts,
  ElfLinkage,
  ElfSymbol,
  FileFormat,
  PartDigest,
  RemainingCall,
  SectionStrings,
} from '../../src/artifact/reader.ts';
import type { Build, Judgement, Property } from '../../src/property/contract.ts';
import { emptyBuild } from '../property/builds.ts';

/** Facts of one file, as far as a test cares. */
export type FileFacts = {
  format: FileFormat;
  elf?: ElfFacts;
  bitcode?: BitcodeFacts;
  compileUnits?: CompileUnit[];
  code?: CodeFunction[];
  encodedTypes?: string[];
  btfNames?: string[];
  linkage?: ElfLinkage;
  modinfo?: string[];
  digest?: string;
  parts?: PartDigest[];
  sectionStrings?: SectionStrings[];
  text?: string;
};

/** What repeating a step says, by the step's target. */
export type Repeated = {
  linkWarnings?: Record<string, string[]>;
  overrideWarnings?: Record<string, string[]>;
  remainingCalls?: Record<string, RemainingCall[]>;
};

/** A reader that knows its files by heart. */
export function recite(files: Record<string, FileFacts>, repeated: Repeated = {}): ArtifactReader {
  const known = <T>(path: string, value: T | undefined): Promise<T> =>
    value === undefined ? Promise.reject(new Error(`no such facts of ${path}`)) : Promise.resolve(value);
  return {
    format: (path) => Promise.resolve(files[path]?.format ?? 'missing'),
    elf: (path) => known(path, files[path]?.elf),
    layout: (path) => known(path, files[path]?.elf),
    bitcode: (path) => known(path, files[path]?.bitcode),
    compileUnits: (path) => known(path, files[path]?.compileUnits ?? files[path]?.bitcode?.compileUnits),
    code: (path) => known(path, files[path]?.code),
    encodedTypes: (path) => known(path, files[path]?.encodedTypes),
    btfNames: (path) => known(path, files[path]?.btfNames),
    linkage: (path) => known(path, files[path]?.linkage),
    modinfo: (path) => known(path, files[path]?.modinfo),
    digest: (path) => Promise.resolve(files[path]?.digest ?? null),
    parts: (path) => known(path, files[path]?.parts),
    sectionStrings: (path) => Promise.resolve(files[path]?.sectionStrings ?? []),
    text: (path) => Promise.resolve(files[path]?.text ?? null),
    linkWarnings: ({ target }) => Promise.resolve(repeated.linkWarnings?.[target] ?? []),
    overrideWarnings: ({ target }) => Promise.resolve(repeated.overrideWarnings?.[target] ?? []),
    remainingCalls: ({ target }, callees) => Promise.resolve((repeated.remainingCalls?.[target] ?? []).filter(({ callee }) => callees.includes(callee))),
  };
}

export function elf(symbols: Partial<ElfSymbol>[] = [], machine = 'EM_X86_64'): FileFacts {
  const whole: ElfSymbol = { name: '', binding: 'global', type: 'Function', visibility: 'default', section: '.text', value: 0, size: 1 };
  return {
    format: 'elf',
    elf: { machine, type: 'Relocatable', sections: [], symbols: symbols.map((symbol) => ({ ...whole, ...symbol })) },
    compileUnits: [],
  };
}

export function bitcode(symbols: Partial<BitcodeSymbol>[] = [], languages: string[] = [], more: Partial<BitcodeFacts> = {}): FileFacts {
  const whole: BitcodeSymbol = { name: '', kind: 'function', linkage: 'external', isDefined: true };
  const compileUnits = languages.map((language) => ({ name: 'unit', language, producer: 'test' }));
  const facts = {
    triple: '', dataLayout: '', sourceFile: '', compileUnits, variables: [], assembly: [], moduleAssembly: [], flags: [], attributes: new Map(), targets: [], passed: [],
  };
  return { format: 'bitcode', bitcode: { ...facts, symbols: symbols.map((symbol) => ({ ...whole, ...symbol })), ...more } };
}

export function judge(property: Property, build: Partial<Build>, files: Record<string, FileFacts> = {}, repeated: Repeated = {}): Promise<Judgement> {
  return property.judge({ build: { ...emptyBuild, ...build }, artifacts: recite(files, repeated) });
}

/** The keys of a failed judgement's failures; the result's name for any other. */
export function keysOf(judgement: Judgement): string[][] | string {
  return judgement.result === 'failed' ? judgement.failures.map(({ key }) => key) : judgement.result;
}
