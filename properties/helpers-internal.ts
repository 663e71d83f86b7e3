import type { ArtifactReader, BitcodeSymbol, ElfSymbol } from '../src/artifact/reader.ts';
import type { Artifact, Build, Evidence, Failure, Property, Sign } from '../src/property/contract.ts';
import { isLocal, type IsHelper, recogniseHelpers } from '../src/property/helpers.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import {
  artifactsOf,
  excuseUnlessBuilt,
  executedSteps,
  findUnlinked,
  isInlining,
  isSamePath,
  tidyPath,
  writerOf,
} from '../src/property/subject.ts';
import { shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'helpers-internal',
  claim: 'inlined helpers stay inside the object that uses them: none is global, weak, exported or undefined',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    if (!isInlining(build)) return notApplicable('helpers are not inlined');
    const isHelper = await recogniseHelpers(build, artifacts);
    const leaks = await Promise.all([
      ...artifactsOf(build, 'linked-bitcode').map(({ path }) => leaksOfBitcode(path, isHelper, artifacts)),
      ...artifactsOf(build, 'rust-object').map(({ path }) => leaksOfObject(path, isHelper, artifacts)),
      ...artifactsOf(build, 'exports').map(({ path }) => leaksOfHeader(path, isHelper, artifacts)),
      ...findExportsObjects(build).map(({ path }) => leaksOfExports(path, isHelper, artifacts)),
    ]);
    const helpers = await Promise.all(artifactsOf(build, 'helper-bitcode').map(({ path }) => inspectWeak(path, build, artifacts)));
    return conclude([...failuresOf(keepOwn(leaks.flat(), build), build), ...inspectHelperExports(build), ...helpers.flat()]);
  },
};
export default property;

type Kind = 'global' | 'weak' | 'undefined' | 'exported';
/** One symbol that one file shows to others. `as` is what the file says of it. */
type Leak = { kind: Kind; symbol: string; path: string; as: string };

/** That a crate is not linked with the helpers is the claim `module-variant`'s to report; then it calls them. */
function keepOwn(leaks: readonly Leak[], build: Build): Leak[] {
  const unlinked = findUnlinked(build);
  const isUnlinked = (file: string) => unlinked.some(({ path }) => isSamePath(path, file.replace(/\.m\.bc$/, '.o')));
  return leaks.filter(({ kind, path }) => kind !== 'undefined' || !isUnlinked(path));
}

async function leaksOfBitcode(path: string, isHelper: IsHelper, artifacts: ArtifactReader): Promise<Leak[]> {
  const { symbols } = await artifacts.bitcode(path);
  return symbols
    .filter((symbol) => isHelper(symbol.name) && !isLocal(symbol))
    .map((symbol) => ({ kind: kindOfLinkage(symbol), symbol: symbol.name, path, as: `linkage ${symbol.linkage}` }));
}

function kindOfLinkage({ isDefined, linkage }: BitcodeSymbol): Kind {
  if (!isDefined) return 'undefined';
  return /^(?:weak|linkonce)/.test(linkage) ? 'weak' : 'global';
}

/** An object that is not ELF is the claim `elf-for-objtool`'s to report. */
async function leaksOfObject(path: string, isHelper: IsHelper, artifacts: ArtifactReader): Promise<Leak[]> {
  if ((await artifacts.format(path)) !== 'elf') return [];
  const { symbols } = await artifacts.elf(path);
  return symbols.flatMap((symbol) => {
    const { name, binding, visibility, section } = symbol;
    if (!isHelper(name) || binding === 'local') return leaksOfName(name, path, isHelper);
    return [{ kind: kindOfBinding(symbol), symbol: name, path, as: `${binding} ${visibility} in ${section}` }];
  });
}

function kindOfBinding({ binding, section }: ElfSymbol): Kind {
  if (section === 'UNDEF') return 'undefined';
  return binding === 'weak' ? 'weak' : 'global';
}

/** `EXPORT_SYMBOL(name)` leaves `__export_symbol_name` in an object, and modpost makes `__ksymtab_name` of it. */
function leaksOfName(name: string, path: string, isHelper: IsHelper): Leak[] {
  const symbol = /^(?:__ksymtab_|__kstrtab_|__kstrtabns_|__export_symbol_)(.+)$/.exec(name)?.[1];
  return symbol !== undefined && isHelper(symbol) ? [{ kind: 'exported', symbol, path, as: name }] : [];
}

/** The helpers' own table does no harm where nothing reads it ({@link inspectHelperExports}): an earlier config left it. */
async function leaksOfHeader(path: string, isHelper: IsHelper, artifacts: ArtifactReader): Promise<Leak[]> {
  if (isHelperExports(path)) return [];
  const text = (await artifacts.text(path)) ?? '';
  return Array.from(text.matchAll(/EXPORT_SYMBOL\w*\(\s*(\w+)\s*\)/g), ([line, name = '']) => ({ line, name }))
    .filter(({ name }) => isHelper(name))
    .map(({ line, name }) => ({ kind: 'exported', symbol: name, path, as: line }));
}

function findExportsObjects(build: Build): Artifact[] {
  return artifactsOf(build, 'c-object').filter(({ path }) => /(?:^|\/)exports\.o$/.test(path));
}

/** The object made of the tables: ELF, or bitcode under LTO. */
async function leaksOfExports(path: string, isHelper: IsHelper, artifacts: ArtifactReader): Promise<Leak[]> {
  const isBitcode = (await artifacts.format(path)) === 'bitcode';
  const { symbols } = await (isBitcode ? artifacts.bitcode(path) : artifacts.elf(path));
  return symbols.flatMap(({ name }) => leaksOfName(name, path, isHelper));
}

/** Reading the table of the helpers' exports is wrong even where it is empty. */
function inspectHelperExports(build: Build): Failure[] {
  const steps = executedSteps(build).filter(({ inputs }) => inputs.some(isHelperExports));
  return steps.map((step) => ({
    summary: `${step.target}: the table of exported helpers is in use though helpers are inlined`,
    key: ['exports-table'],
    evidence: [commandEvidence(step)],
  }));
}

/** Linked in, what is weak is internal, and what was to take its place never does. Names of compilers begin with an underscore. */
async function inspectWeak(path: string, build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const { symbols } = await artifacts.bitcode(path);
  const weak = symbols.filter(({ isDefined, linkage, name }) => isDefined && linkage.startsWith('weak') && /^[A-Za-z]\w*$/.test(name));
  const step = writerOf(build, path);
  return weak.map(({ name }) => ({
    summary: `${path}: ${name} is weak: inlined, it stays though another takes its place elsewhere`,
    key: ['replaceable', name],
    evidence: [{ kind: 'symbol', where: path, text: `${name}: linkage weak` }, ...(step ? [commandEvidence(step)] : [])],
    symptoms: [[shows({ kind: 'symbol', file: path, name, as: 'weak' })]],
  }));
}

function isHelperExports(path: string): boolean {
  return tidyPath(path).endsWith('exports_helpers_generated.h');
}

/**
 * One failure a kind: a step that leaves helpers visible leaves all of them so, in bitcode and object alike. Up to
 * three symbols are named in the key; which of many leak depends on the config.
 */
function failuresOf(leaks: readonly Leak[], build: Build): Failure[] {
  return [...Map.groupBy(leaks, ({ kind }) => kind)].map(([kind, group]) => {
    const symbols = [...new Set(group.map(({ symbol }) => symbol))].sort();
    const paths = [...new Set(group.map(({ path }) => path))];
    return {
      summary: `${describeCount(symbols)} ${kind} in ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ', …' : ''}`,
      key: [kind, ...(symbols.length > 3 ? ['many'] : symbols)],
      evidence: [...linkEvidence(paths, build), ...paths.slice(0, 4).flatMap((path) => evidenceOf(path, group))],
      symptoms: group.slice(0, 12).map(symptomOf),
    };
  });
}

function describeCount(symbols: readonly string[]): string {
  if (symbols.length > 3) return `${symbols.length} helpers are`;
  return `${symbols.join(', ')} ${symbols.length > 1 ? 'are' : 'is'}`;
}

function evidenceOf(where: string, leaks: readonly Leak[]): Evidence[] {
  const here = leaks.filter(({ path }) => path === where).slice(0, 2);
  return here.map(({ symbol, as }) => ({ kind: 'symbol', where, text: `${symbol}: ${as}` }));
}

function linkEvidence(paths: readonly string[], build: Build): Evidence[] {
  const links = executedSteps(build).filter(({ role }) => role === 'link');
  const isLeaky = (path: string) => paths.some((leaky) => isSamePath(leaky, path));
  const step = links.find(({ target, outputs }) => [target, ...outputs].some(isLeaky));
  return step ? [commandEvidence(step)] : [];
}

/** A leak of a header is a line of it; what is exported otherwise shows by a symbol of its own. */
function symptomOf({ kind, symbol, path: file, as }: Leak): Sign[] {
  if (kind !== 'exported') return [shows({ kind: 'symbol', file, name: symbol, as: kind === 'undefined' ? 'undefined' : 'global' })];
  return [shows(as.startsWith('EXPORT_SYMBOL') ? { kind: 'text', file, text: as } : { kind: 'symbol', file, name: as, as: 'any' })];
}
