import type { Artifact, Build, Built, Diagnostic, Evidence, Failure, Look, Property } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, cmdFileOf, excuseUnlessBuilt, executedSteps, requirePass, tidyPath } from '../src/property/subject.ts';
import { onlyWith } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'exports-right',
  claim: 'but for the helpers, Rust exports the same symbols, of the same versions, as with the option off, and modules need nothing more that is not exported',
  needs: 'twin',
  judge: async (subject) => {
    const excuse = excuseUnlessBuilt(subject.build);
    if (excuse) return excuse;
    const twin = requirePass(subject, 'twin');
    if (twin.build.outcome.kind !== 'succeeded') return notApplicable('the build with the option off has not succeeded');
    const [table, otherTable] = [await readSymvers(subject), await readSymvers(twin)];
    const isLinked = table !== null && otherTable !== null;
    const inTables = compareExports(await readExports(subject), await readExports(twin));
    return conclude([
      ...inTables,
      // What the tables lack the objects made of them cannot have.
      ...(inTables.length > 0 ? [] : compareExports(await readOffers(subject), await readOffers(twin))),
      // What Rust lists shows again where the kernel is linked.
      ...(isLinked && inTables.length === 0 ? compareSymvers(table, otherTable, subject.build) : []),
      ...(await (isLinked ? compareSums([sumsOf(table), sumsOf(otherTable)], [subject, twin]) : compareVersions([await readVersions(subject), await readVersions(twin)], [subject, twin]))),
      ...compareNeeds(await readMissing(subject), await readMissing(twin)),
      ...compareMessages(subject.build, twin.build),
    ]);
  },
};
export default property;

/** What each file of a build offers: file to symbols. The helpers' exports are the claim `helpers-internal`'s. */
type Exports = Map<string, Set<string>>;

async function readExports({ build, artifacts }: Built): Promise<Exports> {
  const tables = artifactsOf(build, 'exports').filter(({ path }) => !path.endsWith('exports_helpers_generated.h'));
  const read = tables.map(async ({ path }): Promise<[string, Set<string>]> => {
    const text = (await artifacts.text(path)) ?? '';
    const names = Array.from(text.matchAll(/EXPORT_SYMBOL\w*\(\s*(\w+)\s*\)/g), ([, name = '']) => name);
    return [tidyPath(path), new Set(names.filter((name) => !isHelper(name)))];
  });
  return new Map(await Promise.all(read));
}

/** What objects made of the tables offer; what is bitcode under LTO does not say. */
async function readOffers({ build, artifacts }: Built): Promise<Exports> {
  const objects = artifactsOf(build, 'c-object').filter(({ path }) => /(?:^|\/)exports\.o$/.test(path));
  const read = objects.map(async ({ path }): Promise<[string, Set<string>][]> => {
    if ((await artifacts.format(path)) !== 'elf') return [];
    const { symbols } = await artifacts.elf(path);
    const names = symbols.flatMap(({ name }) => /^__(?:export_symbol|ksymtab)_(.+)$/.exec(name)?.[1] ?? []);
    return [[tidyPath(path), new Set(names.filter((name) => !isHelper(name)))]];
  });
  return new Map((await Promise.all(read)).flat());
}

function compareExports(on: Exports, off: Exports): Failure[] {
  const tables = [...new Set([...on.keys(), ...off.keys()])].sort();
  return tables.flatMap((table) => [
    ...exportFailure('more', table, without(on.get(table), off.get(table))),
    ...exportFailure('fewer', table, without(off.get(table), on.get(table))),
  ]);
}

function exportFailure(how: 'more' | 'fewer', table: string, names: readonly string[]): Failure[] {
  if (names.length === 0) return [];
  return [
    {
      summary: `${table}: ${names.length} symbols are exported only with the option ${how === 'more' ? 'on' : 'off'}: ${nameSome(names)}`,
      key: ['exports', how, table],
      evidence: names.slice(0, 6).map((name): Evidence => ({ kind: 'symbol', where: table, text: `EXPORT_SYMBOL_RUST_GPL(${name})` })),
      symptoms: names.filter((name) => table.endsWith('.o') || isSteady(name)).slice(0, 6).map((name) => onlyWith(how === 'more' ? 'on' : 'off', lookFor(name, table))),
    },
  ];
}

/** Hashes in Rust's own names are the compiler's: another one has others. A look at symbols leaves them out. */
function isSteady(name: string): boolean {
  return normaliseMessage(name) === name;
}

function lookFor(name: string, table: string): Look {
  return table.endsWith('.o') ? { kind: 'symbol', file: table, name: `__export_symbol_${name}`, as: 'any' } : { kind: 'text', file: table, text: `EXPORT_SYMBOL_RUST_GPL(${name})` };
}

/** modpost's table of a linked kernel, of C and Rust: symbol to its version, and to who exports it, how and in which namespace. */
type Symvers = Map<string, { sum: string; as: string }>;

/** Null where no kernel was linked. The helpers' exports are the claim `helpers-internal`'s. */
async function readSymvers({ artifacts }: Built): Promise<Symvers | null> {
  const table = await artifacts.text('Module.symvers');
  if (table === null) return null;
  const rows = table.split('\n').map((line) => line.split('\t'));
  return new Map(rows.flatMap(([sum = '', name = '', ...as]): [string, { sum: string; as: string }][] => (name === '' || isHelper(name) ? [] : [[name, { sum, as: as.join(' ').trim() }]])));
}

/** Under TRIM_UNUSED_KSYMS the table holds what modules need, and that is another thing without helpers. */
function compareSymvers(on: Symvers, off: Symvers, build: Build): Failure[] {
  const isTrimmed = build.config['TRIM_UNUSED_KSYMS'] === 'y';
  const commands = executedSteps(build).filter(({ role }) => role === 'modpost').map(commandEvidence);
  const other = [...on].filter(([name, { as }]) => off.has(name) && off.get(name)?.as !== as).map(([name]) => name);
  const [more, lost] = isTrimmed ? [[], []] : [[...on.keys()].filter((name) => !off.has(name)), [...off.keys()].filter((name) => !on.has(name))];
  const show = (name: string): Evidence => ({ kind: 'symbol', where: 'Module.symvers', text: `${name}: with the option on ${on.get(name)?.as ?? 'not exported'}, off ${off.get(name)?.as ?? 'not exported'}` });
  const failure = (how: string, names: readonly string[]): Failure[] =>
    names.length === 0 ? [] : [{ summary: `Module.symvers: ${names.length} symbols are exported ${how}: ${nameSome(names)}`, key: ['symvers', how], evidence: [...names.slice(0, 6).map(show), ...commands] }];
  return [...failure('otherwise than with the option off', other), ...failure('only with the option on', more), ...failure('only with the option off', lost)];
}

/** Versions of exported symbols: symbol to sum. */
type Versions = Map<string, string>;

/** All zero without CONFIG_MODVERSIONS. */
function sumsOf(table: Symvers): Versions {
  return new Map([...table].map(([name, { sum }]) => [name, sum]));
}

/** Those of Rust where no kernel was linked, as gendwarfksyms leaves them in the `.cmd` files. */
async function readVersions({ build, artifacts }: Built): Promise<Versions> {
  if (build.config['MODVERSIONS'] !== 'y') return new Map();
  const objects = artifactsOf(build, 'rust-object').filter(({ path }) => tidyPath(path).startsWith('rust/'));
  const texts = await Promise.all(objects.map(({ path }) => artifacts.text(cmdFileOf(path))));
  const sums = texts.flatMap((text) => Array.from((text ?? '').matchAll(/^#SYMVER (\S+) (\S+)$/gm), ([, name = '', sum = '']): [string, string] => [name, sum]));
  return new Map(sums.filter(([name]) => !isHelper(name)));
}

async function compareVersions([on, off]: [Versions, Versions], builds: [Built, Built]): Promise<Failure[]> {
  const lost = [...off.keys()].filter((name) => !on.has(name));
  const more = [...on.keys()].filter((name) => !off.has(name));
  return [...(await compareSums([on, off], builds)), ...versionFailure('a version only with the option off', lost, on, off), ...versionFailure('a version only with the option on', more, on, off)];
}

/** Merged functions are a failure of their own. */
async function compareSums([on, off]: [Versions, Versions], builds: [Built, Built]): Promise<Failure[]> {
  const other = [...off].filter(([name, sum]) => on.has(name) && on.get(name) !== sum).map(([name]) => name);
  if (other.length === 0) return [];
  const [merged, alsoMerged] = [await readMerged(on, builds[0]), await readMerged(off, builds[1])];
  const isMerged = (name: string) => merged.has(name) && alsoMerged.has(name);
  return [
    ...versionFailure('another version than with the option off', other.filter((name) => !isMerged(name)), on, off),
    ...versionFailure('another version than with the option off, and one place in the code with another symbol', other.filter(isMerged), on, off),
  ];
}

/**
 * Symbols with versions of which another one names the same place: LLVM has made one of equal functions. gendwarfksyms gives
 * all of them the version of the one that the debug information tells of first (set_die, scripts/gendwarfksyms/symbols.c).
 */
async function readMerged(versions: Versions, { build, artifacts }: Built): Promise<Set<string>> {
  const objects = artifactsOf(build, 'rust-object').filter(({ path }) => tidyPath(path).startsWith('rust/'));
  const read = objects.map(async ({ path }): Promise<string[]> => {
    if ((await artifacts.format(path)) !== 'elf') return [];
    const { symbols } = await artifacts.elf(path);
    const versioned = symbols.filter(({ name, section }) => section !== 'UNDEF' && versions.has(name));
    return [...Map.groupBy(versioned, ({ section, value }) => `${section} ${value}`).values()].filter((some) => some.length > 1).flatMap((some) => some.map(({ name }) => name));
  });
  return new Set((await Promise.all(read)).flat());
}

function versionFailure(how: string, names: readonly string[], on: Versions, off: Versions): Failure[] {
  if (names.length === 0) return [];
  const show = (name: string): Evidence => ({ kind: 'symbol', where: name, text: `with the option on ${on.get(name) ?? 'no version'}, off ${off.get(name) ?? 'no version'}` });
  return [{ summary: `${names.length} exported symbols have ${how}: ${nameSome(names)}`, key: ['versions', how], evidence: names.slice(0, 6).map(show) }];
}

/** What modules need and nobody exports: symbol to the modules that need it. */
type Missing = Map<string, string[]>;

/** Empty where no kernel was linked to tell what it exports: then nothing is known. */
async function readMissing(built: Built): Promise<Missing> {
  const exported = await readExported(built);
  const missing: Missing = new Map();
  if (exported === null) return missing;
  for (const { path } of artifactsOf(built.build, 'module')) {
    const { symbols } = await built.artifacts.elf(path);
    for (const { name, section, binding } of symbols) {
      if (section !== 'UNDEF' || binding === 'weak' || exported.has(name) || isHelper(name)) continue;
      missing.set(name, [...(missing.get(name) ?? []), path]);
    }
  }
  return missing;
}

/** By modpost's table, or by the records that it reads; null where there is neither. */
async function readExported({ build, artifacts }: Built): Promise<Set<string> | null> {
  const table = await artifacts.text('Module.symvers');
  if (table !== null) return new Set(table.split('\n').flatMap((line) => line.split('\t')[1] ?? []));
  if ((await artifacts.format('vmlinux.o')) !== 'elf') return null;
  const modules = artifactsOf(build, 'module').map(({ path }: Artifact) => path);
  const facts = await Promise.all(['vmlinux.o', ...modules].map((path) => artifacts.elf(path)));
  return new Set(facts.flatMap(({ symbols }) => symbols).flatMap(({ name }) => /^__(?:export_symbol|ksymtab)_(.+)$/.exec(name)?.[1] ?? []));
}

function compareNeeds(on: Missing, off: Missing): Failure[] {
  const names = [...on.keys()].filter((name) => !off.has(name)).sort();
  if (names.length === 0) return [];
  const modules = [...new Set(names.flatMap((name) => on.get(name) ?? []))];
  return [
    {
      summary: `${nameSome(modules)}: ${names.length} symbols are needed that nothing exports, with the option on alone: ${nameSome(names)}`,
      key: ['needs', ...(names.length > 3 ? ['many'] : names.map(normaliseMessage))],
      evidence: names.slice(0, 6).map((name): Evidence => ({ kind: 'symbol', where: (on.get(name) ?? []).join(', '), text: `${name}: undefined, and not exported` })),
    },
  ];
}

function compareMessages(on: Build, off: Build): Failure[] {
  const known = new Set(off.diagnostics.filter(isOfModpost).map(normalise));
  const fresh = on.diagnostics.filter(isOfModpost).filter((diagnostic) => !known.has(normalise(diagnostic)));
  return fresh.map((diagnostic) => ({
    summary: `modpost complains with the option on alone: ${diagnostic.text}`,
    key: ['modpost', normalise(diagnostic)],
    evidence: [{ kind: 'log', where: 'modpost', text: diagnostic.text }],
    symptoms: [onlyWith('on', { kind: 'message', text: diagnostic.text })],
  }));
}

function isOfModpost({ tool }: Diagnostic): boolean {
  return tool === 'modpost';
}

function normalise({ text }: Diagnostic): string {
  return normaliseMessage(text);
}

function isHelper(name: string): boolean {
  return name.startsWith('rust_helper_');
}

function without(names: ReadonlySet<string> | undefined, others: ReadonlySet<string> | undefined): string[] {
  return [...(names ?? [])].filter((name) => !others?.has(name)).sort();
}

function nameSome(names: readonly string[]): string {
  return [...names.slice(0, 3), ...(names.length > 3 ? ['…'] : [])].join(', ');
}
