import { attributeGroup, listTargets, parseAttributes } from './ir-attributes.ts';
import type { BitcodeFacts, BitcodeSymbol, BitcodeVariable, CompileUnit, ModuleFlag } from './reader.ts';

/** Arguments of `llvm-dis` whose output {@link parseBitcode} reads; the file's path comes last. */
export const bitcodeArguments = ['-o', '-'];

/**
 * Facts from the IR text that `llvm-dis` prints. Only lines at the left margin are looked at: what a module declares
 * and defines stands there, one a line, and the bodies of functions are indented.
 */
export function parseBitcode(ir: string): BitcodeFacts {
  const facts: BitcodeFacts = {
    triple: '', dataLayout: '', sourceFile: '', symbols: [], compileUnits: [], variables: [],
    assembly: assemblyOf(ir), moduleAssembly: [], flags: [], attributes: new Map(), targets: [], passed: [],
  };
  const metadata: Metadata = { units: [], files: new Map(), flags: new Map(), flagList: '' };
  const groups = new Map<string, ReadonlySet<string>>();
  const groupOf = new Map<string, string>();
  for (const line of topLevelLines(ir)) {
    const symbol = parseSymbol(line);
    if (symbol) facts.symbols.push(symbol);
    if (line.startsWith('define') && symbol) groupOf.set(symbol.name, attributeGroup(line));
    if (symbol && line.startsWith('@')) facts.variables.push(...variablesIn(line, symbol));
    else if (line.startsWith('!')) collectMetadata(line, metadata);
    else if (line.startsWith('attributes')) parseAttributes(line, groups);
    else if (line.startsWith('module asm')) facts.moduleAssembly.push(unescape(quotedPart(line)));
    else if (line.startsWith('target triple')) facts.triple = quotedPart(line);
    else if (line.startsWith('target datalayout')) facts.dataLayout = quotedPart(line);
    else if (line.startsWith('source_filename')) facts.sourceFile = quotedPart(line);
  }
  facts.compileUnits = metadata.units.map((unit) => parseUnit(unit, metadata.files));
  facts.flags = metadata.flagList.split(/,\s*/).flatMap((node) => metadata.flags.get(node) ?? []);
  facts.attributes = new Map([...groupOf].map(([function_, group]) => [function_, groups.get(group) ?? new Set()]));
  facts.targets = listTargets(groups.values());
  facts.passed = passedIn(ir, new Map(facts.variables.map(({ name: variable, strings }) => [variable, strings])));
  return facts;
}

/** Nodes by number (`!7`), as far as they matter, and the list of those that are module flags. */
type Metadata = { units: string[]; files: Map<string, string>; flags: Map<string, ModuleFlag>; flagList: string };

/** `call void asm sideeffect "nop", …` in a body, `module asm "nop"` outside. */
function assemblyOf(ir: string): string[] {
  return Array.from(ir.matchAll(/\basm (?:(?:sideeffect|alignstack|inteldialect|unwind) )*"([^"]*)"/g), ([, text = '']) => text);
}

/** `call void @f(ptr noundef @.str.7, i32 3)` in a body: the text behind `@.str.7` is passed to `f`; `asm` for assembly. */
function passedIn(ir: string, strings: ReadonlyMap<string, string[]>): BitcodeFacts['passed'] {
  return Array.from(ir.matchAll(/^ .*?\bcall [^"@\n]*(?:@([-$.\w]+)\(|\basm )(.*@\.str.*)$/gm)).flatMap(([, callee = 'asm', given = '']) => {
    const variables = Array.from(given.matchAll(/@(\.str[.\w]*)/g), ([, variable = '']) => variable);
    return variables.flatMap((variable) => strings.get(variable) ?? []).map((text) => ({ text, callee }));
  });
}

function* topLevelLines(ir: string): Generator<string> {
  for (let start = 0; start < ir.length; ) {
    const newline = ir.indexOf('\n', start);
    const end = newline < 0 ? ir.length : newline;
    if (/[@!admst]/.test(ir.charAt(start))) yield ir.slice(start, end);
    start = end + 1;
  }
}

const linkages =
  'private|internal|available_externally|linkonce_odr|linkonce|weak_odr|weak|common|appending|extern_weak|external';
const name = String.raw`@("[^"]*"|[-$.\w]+)`;
// A struct type before a function's name can be quoted, and its quoted name can hold an `@`.
const functionLine = new RegExp(String.raw`^(define|declare) (?:(${linkages}) )?(?:"[^"]*"|[^"@])*${name}\(`);
const conventions = / (\w+cc|aarch64_(?:sve_)?vector_pcs|cc\d+) /;
const globalLine = new RegExp(
  String.raw`^${name} = (?:(${linkages}) )?(?:"[^"]*"|[^"])*?\b(global|constant|alias|ifunc) `,
);

/** `isDefined` says that the module's object would hold the symbol: a body for inlining alone is none. */
function parseSymbol(line: string): BitcodeSymbol | null {
  const asFunction = functionLine.exec(line);
  if (asFunction) {
    const [, verb, linkage = 'external', quoted = ''] = asFunction;
    const isDefined = verb === 'define' && linkage !== 'available_externally';
    const convention = conventions.exec(line.slice(0, line.indexOf(`@${quoted}(`)))?.[1];
    return { name: unquote(quoted), kind: 'function', linkage, isDefined, ...(convention === undefined ? {} : { convention }) };
  }
  const asGlobal = globalLine.exec(line);
  if (!asGlobal) return null;
  const [, quoted = '', linkage, word] = asGlobal;
  // A variable that is declared says so; one that is defined for all to see has no linkage word.
  const isDeclared = linkage === 'external' || linkage === 'extern_weak' || linkage === 'available_externally';
  const kind = word === 'global' || word === 'constant' ? 'variable' : 'alias';
  return { name: unquote(quoted), kind, linkage: linkage ?? 'external', isDefined: !isDeclared };
}

/** A leading `\01` asks the code generator to leave the name alone and is no part of it. */
function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  return Buffer.from(unescape(text.slice(1, -1)), 'latin1').toString('utf8').replace(/^\x01/, '');
}

/** The text behind the escapes, a character for each byte. */
function unescape(text: string): string {
  return text.replace(/\\([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function variablesIn(line: string, symbol: BitcodeSymbol): BitcodeVariable[] {
  const strings = stringsOf(line);
  const section = /, section "([^"]*)"/.exec(line)?.[1] ?? null;
  return strings.length > 0 || section !== null ? [{ name: symbol.name, section, strings }] : [];
}

function stringsOf(line: string): string[] {
  return Array.from(line.matchAll(/\bc"([^"]*)"/g), ([, text = '']) => unescape(text).replace(/\0$/, ''));
}

function quotedPart(line: string): string {
  return /"([^"]*)"/.exec(line)?.[1] ?? '';
}

function collectMetadata(line: string, metadata: Metadata): void {
  // Coverage (-fprofile-arcs) names the source in a unit of which nothing is written.
  if (line.includes('!DICompileUnit(') && !line.includes('emissionKind: NoDebug')) metadata.units.push(line);
  const file = /^(!\d+) = (?:distinct )?!DIFile\(filename: "([^"]*)"/.exec(line);
  if (file?.[1]) metadata.files.set(file[1], file[2] ?? '');
  const [, node, behaviour, flag = '', value = ''] = /^(!\d+) = !\{i32 (\d), !"([^"]*)", (.+)\}$/.exec(line) ?? [];
  if (node) metadata.flags.set(node, { behaviour: Number(behaviour), name: flag, value });
  metadata.flagList ||= /^!llvm\.module\.flags = !\{(.*)\}$/.exec(line)?.[1] ?? '';
}

function parseUnit(line: string, files: Map<string, string>): CompileUnit {
  const language = /\b(?:language|sourceLanguageName): (\w+)/.exec(line)?.[1] ?? '';
  const producer = /\bproducer: "([^"]*)"/.exec(line)?.[1] ?? '';
  const file = /\bfile: (!\d+)/.exec(line)?.[1] ?? '';
  return { name: files.get(file) ?? '', language, producer };
}
