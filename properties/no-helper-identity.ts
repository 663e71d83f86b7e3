import type { ArtifactReader, BitcodeFacts, BitcodeVariable } from '../src/artifact/reader.ts';
import type { Artifact, Build, Evidence, Failure, Property, Sign } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { commandEvidence, macroValue } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, executedSteps, isInlining, isSamePath, writerOf } from '../src/property/subject.ts';
import { shows } from '../src/property/symptoms.ts';

/**
 * Helpers become part of other units, and must speak as these do. What says which unit they were compiled as has no
 * business in their bitcode: `KBUILD_MODNAME` and its like, entries for a module's own tables, assembly that belongs to
 * no function (llvm-link puts it into every crate). A `__used` string of such a table reaches every crate, used or not.
 *
 * Files of the helpers are looked for in objects alone: a helper that is not used may name its own, and on arm64 BUG()
 * does so in assembly. A header's name is no identity of theirs; C code that inlines it shows it too. Records for
 * KASAN's runtime name the unit as debug information would, and the kernel's runtime does not read it
 * (mm/kasan/generic.c).
 */
const property: Property = {
  name: 'no-helper-identity',
  claim: 'nothing says in helper bitcode, or in an object linked with it, which unit the helpers were compiled as',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    if (!isInlining(build)) return notApplicable('helpers are not inlined');
    const helpers = artifactsOf(build, 'helper-bitcode');
    const traces = (await Promise.all(helpers.map((helper) => traceHelper(helper, build, artifacts)))).flat();
    return conclude([...Map.groupBy(traces, ({ kind }) => kind).values()].flatMap((group) => inspectKind(group, build)));
  },
};
export default property;

type Kind = 'modname' | 'modinfo' | 'metadata' | 'file-name' | 'assembly';
/**
 * Something that tells of the unit. `what` is the same whichever of the two helper bitcodes has it; `text` is what an
 * object would hold of it, as llvm-readobj prints it, and null where that cannot be told by a string.
 */
type Mark = { kind: Kind; what: string; text: string | null; where: string };
/** A mark of a helper bitcode, and the objects where it has been found. */
type Trace = Mark & { helper: string; reached: { path: string; section: string }[] };

async function traceHelper({ path }: Artifact, build: Build, artifacts: ArtifactReader): Promise<Trace[]> {
  const facts = await artifacts.bitcode(path);
  const contents = await readLinked(path, build, artifacts);
  const marks = findMarks(facts, readNames(path, build)).map((mark) => ({ ...mark, helper: path, reached: whereIn(contents, mark) }));
  return [...marks, ...findFiles(contents, facts, path)];
}

/** What make calls the unit, by the macros that tell C code. */
function readNames(path: string, build: Build): string[] {
  const argv = writerOf(build, path)?.argv ?? [];
  const macros = ['KBUILD_MODNAME', '__KBUILD_MODNAME', 'KBUILD_BASENAME', 'KBUILD_MODFILE'];
  return [...new Set(macros.flatMap((macro) => macroValue(argv, macro) || []))];
}

function findMarks({ symbols, variables, moduleAssembly }: BitcodeFacts, names: readonly string[]): Mark[] {
  const isNamed = (name: string) => names.some((unit) => name.includes(`kmod_${unit}__`));
  return [
    ...variables.flatMap(({ name, section, strings }) => strings.flatMap((text) => markOfString(dotted(text), { name, section }, names))),
    ...variables.flatMap(({ name, section }) => (section !== null && tables.test(section) ? [{ kind: 'metadata' as const, what: section, text: null, where: name }] : [])),
    ...symbols.filter(({ name }) => isNamed(name)).map(({ name }) => ({ kind: 'modname' as const, what: nameless(name, names), text: null, where: name })),
    ...moduleAssembly.filter((line) => !typeIds.test(line)).map((line) => ({ kind: 'assembly' as const, what: normaliseMessage(line), text: line, where: '' })),
  ];
}

/** Under KCFI, clang writes the types of functions whose address a file takes into it, as assembly. */
const typeIds = /^\.(?:weak|set) __kcfi_typeid_/;

/** Tables with an entry for each thing that a module or built-in unit has, exports, starts or ends with. */
const tables = /^(?:__param|__modver|__versions|_{2,3}k(?:symtab|crctab)|\.export_symbol|\.initcall|\.exitcall|\.init\.setup|\.gnu\.linkonce\.this_module)/;

function markOfString(text: string, { name: where, section }: Pick<BitcodeVariable, 'name' | 'section'>, names: readonly string[]): Mark[] {
  if (section === '.modinfo') {
    const prefix = names.find((name) => text.startsWith(`${name}.`));
    return [{ kind: 'modinfo', what: prefix === undefined ? text : text.slice(prefix.length + 1), text, where }];
  }
  // A message of printk begins with its level: `\x016`, here with the first of the two as a dot.
  const said = text.replace(/^\.[0-9c]/, '');
  const isNamed = names.some((name) => said === name || said.startsWith(`${name}:`) || said.startsWith(`${name}.`) || said.includes(`[${name}]`) || (isNoWord(name) && isWithin(said, name)));
  return isNamed ? [{ kind: 'modname', what: nameless(said, names), text, where }] : [];
}

/** `helpers` may stand in any sentence, `helpers_module` in none. */
function isNoWord(name: string): boolean {
  return /^\w+_\w+$/.test(name);
}

/** As a whole word, and not in a path. */
function isWithin(said: string, name: string): boolean {
  return new RegExp(String.raw`(?<![\w/])${name}(?![\w/])`).test(said);
}

/** The two helper bitcodes have names of their own for the same thing. */
function nameless(text: string, names: readonly string[]): string {
  return normaliseMessage([...names].sort((left, right) => right.length - left.length).reduce((rest, name) => rest.replaceAll(name, '<unit>'), text));
}

/** As llvm-readobj prints it. */
function dotted(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '.');
}

type Content = { path: string; section: string; strings: string[] };

/** What is in the objects that the helpers became part of. */
async function readLinked(helper: string, build: Build, artifacts: ArtifactReader): Promise<Content[]> {
  const links = executedSteps(build).filter(({ role, inputs }) => role === 'link' && inputs.some((input) => isSamePath(input, helper)));
  const isMade = ({ path }: Artifact) => links.some(({ target, outputs }) => [target, ...outputs].some((output) => isSamePath(output, path)));
  const contents = await Promise.all([
    ...artifactsOf(build, 'rust-object').filter(isMade).map((object) => readObject(object, artifacts)),
    ...artifactsOf(build, 'linked-bitcode').filter(isMade).map((crate) => readAssembly(crate, artifacts)),
  ]);
  return contents.flat();
}

/** An object that is no ELF is the claim `elf-for-objtool`'s to report. */
async function readObject({ path }: Artifact, artifacts: ArtifactReader): Promise<Content[]> {
  const sections = (await artifacts.format(path)) === 'elf' ? await artifacts.sectionStrings(path) : [];
  return sections.map((section) => ({ path, ...section }));
}

/** What an assembler makes of it an object does not tell any more. */
async function readAssembly({ path }: Artifact, artifacts: ArtifactReader): Promise<Content[]> {
  return [{ path, section: 'assembly', strings: (await artifacts.bitcode(path)).moduleAssembly }];
}

/** Binary data may stand right before a string, and nothing behind it. */
function whereIn(contents: readonly Content[], { text }: Mark): Trace['reached'] {
  return contents.filter(({ strings }) => text !== null && strings.some((string) => string.endsWith(text)));
}

/** Who tells of bugs, and of sleeping where that is forbidden, is told the file where no table has it. */
const reporters = /^(?:asm$|__might_|__cant_|__warn|warn_slowpath|__bug|panic|lockdep_)/;

/** `where`: who else is told the file; empty where it is the place of a bug. */
function findFiles(contents: readonly Content[], { variables, passed, assembly }: BitcodeFacts, helper: string): Trace[] {
  const records = variables.filter(({ name }) => name.startsWith('___asan_gen_')).flatMap(({ strings }) => strings);
  const found = contents.flatMap(({ path, section, strings }) =>
    strings.filter((text) => !records.some((record) => text.endsWith(record))).flatMap((text) => (/rust\/helpers\/[\w/-]+\.\w+$/.exec(text) ?? []).map((file) => ({ file, path, section }))),
  );
  return [...Map.groupBy(found, ({ file }) => file)].flatMap(([file, reached]) => {
    const callees = passed.filter(({ text }) => text.endsWith(file)).map(({ callee }) => callee);
    const others = callees.filter((callee) => !reporters.test(callee));
    const isOfBug = others.length < callees.length || others.length === 0 || assembly.some((text) => text.includes(file));
    return [...(isOfBug ? [''] : []), ...new Set(others)].map((where) => ({ kind: 'file-name' as const, what: file, text: file, where, helper, reached }));
  });
}

/** A kind with a few marks has a failure for each; one with many is told once. Each file that bugs are told to be in is the same defect. */
function inspectKind(traces: readonly Trace[], build: Build): Failure[] {
  if (traces[0]?.kind === 'file-name') return [...Map.groupBy(traces, ({ where }) => where)].map(([callee, group]) => inspectFiles(callee, group, build));
  const marks = Map.groupBy(traces, ({ what }) => what);
  if (marks.size > 3) return [describe(traces, 'many', build)];
  return [...marks].map(([what, group]) => describe(group, what, build));
}

function inspectFiles(callee: string, traces: readonly Trace[], build: Build): Failure {
  const files = [...new Set(traces.map(({ what }) => what))].sort().join(', ');
  const failure = describe(traces, files, build);
  return callee === '' ? { ...failure, key: ['file-name'] } : { ...failure, summary: `${failure.summary}, for ${callee}()`, key: ['file-name', callee] };
}

function describe(traces: readonly Trace[], what: string, build: Build): Failure {
  const [first] = traces;
  const helpers = [...new Set(traces.map(({ helper }) => helper))];
  const objects = [...new Set(traces.flatMap(({ reached }) => reached.map(({ path }) => path)))];
  const reach = objects.length > 0 ? `, which reaches ${objects.slice(0, 3).join(', ')}${objects.length > 3 ? ` and ${objects.length - 3} more` : ''}` : '';
  const steps = helpers.map((path) => writerOf(build, path)).filter((step) => step !== null);
  return {
    summary: `${helpers.join(', ')}: ${first ? told[first.kind] : ''} ${what === 'many' ? 'in many places' : `'${what}'`}${reach}`,
    key: [first?.kind ?? '', what],
    evidence: [...traces.filter(({ kind }) => kind !== 'file-name').slice(0, 4).map(markEvidence), ...traces.flatMap(reachEvidence).slice(0, 4), ...steps.slice(0, 1).map(commandEvidence)],
    symptoms: traces.flatMap(symptomsOf),
  };
}

const told: Record<Kind, string> = {
  'modname': "the unit's name",
  'modinfo': 'module information',
  'metadata': "an entry of a module's table",
  'file-name': 'a file of the helpers',
  'assembly': 'assembly of no function',
};

function markEvidence({ helper, where, text }: Trace): Evidence {
  return { kind: 'symbol', where: helper, text: [where, text].filter((part) => part !== '' && part !== null).join(': ') };
}

function reachEvidence({ reached, text }: Trace): Evidence[] {
  return reached.slice(0, 2).map(({ path, section }) => ({ kind: 'section', where: path, text: `${section}: ${text}` }));
}

/** In objects; what is in bitcode alone takes a disassembler to see. */
function symptomsOf({ reached, text }: Trace): Sign[][] {
  const isInObject = ({ section }: Trace['reached'][number]) => section !== 'assembly';
  return text === null ? [] : reached.filter(isInObject).map(({ path, section }) => [shows({ kind: 'string', file: path, section, text })]);
}
