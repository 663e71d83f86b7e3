import { normaliseMessage } from '../property/normalise.ts';
import { cmdFileOf } from '../property/subject.ts';
import type { Look, Sign } from '../property/contract.ts';

/**
 * A line of shell that a person can type in the objtree; what it prints is what the look is about. Null for what is said, which
 * no short line has said again.
 */
export function formatByHand(look: Look): string | null {
  switch (look.kind) {
    case 'message':
    case 'warning':
    case 'same':
    case 'newer':
      return null;
    case 'string':
      return `llvm-readelf -p ${look.section} ${look.file} | grep -F -e ${quote(look.text)}`;
    case 'symbol':
      return `llvm-nm ${look.file} | grep -e ${quote(` ${letters[look.as]} ${nameAsPattern(look.name)}`)}`;
    case 'section':
      return `llvm-readelf -SW ${look.file} | grep -F -e ${quote(look.name)}`;
    case 'words':
      return `grep -o -e ${quote(`[ /]${look.tool} .*${look.words === '' ? '' : ` ${asPattern(look.words)}`}`)} ${cmdFileOf(look.target)}`;
    case 'text':
      return `grep -F -e ${quote(look.text)} ${look.file}`;
    case 'unit-of-c':
      return `llvm-dwarfdump --debug-info --recurse-depth=0 ${look.file} | grep -e DW_LANG_C`;
    case 'attribute':
      return `llvm-dis -o - ${look.file} | grep -e ${quote(`^attributes .*${asPattern(look.name)}`)}`;
    case 'flag':
      return `llvm-dis -o - ${look.file} | grep -F -e ${quote(`!"${look.name}", ${look.value}}`)}`;
    case 'ignored':
      return `git check-ignore --no-index ${look.file}`;
    case 'elf':
      return `file ${look.file}`;
    case 'file':
      return `ls -l ${look.file}`;
  }
}

const places: Record<Sign['build'], string> = {
  'this': '',
  'twin': 'with the option off, ',
  'cleaned': 'after make clean, ',
  'toggled': 'with the option turned off and on again, ',
  'recompiled': 'with helpers compiled again, ',
  'recompiled-module': 'with the helpers for modules compiled again, ',
};

/** In words, for a person. */
export function describeSign(sign: Sign): string {
  const where = places[sign.build];
  const not = sign.shows ? '' : 'not ';
  const has = sign.shows ? 'has' : 'lacks';
  const says = sign.shows ? 'says' : 'does not say';
  switch (sign.kind) {
    case 'message':
      return `${where}the build ${says}: ${sign.text.split('\n', 1)[0] ?? ''}`;
    case 'string':
      return `${where}${sign.file} ${has} the string "${sign.text}" in ${sign.section}`;
    case 'symbol':
      return `${where}${sign.file} ${has} the ${sign.as === 'any' ? '' : `${sign.as} `}symbol ${sign.name}`;
    case 'section':
      return `${where}${sign.file} ${has} the section ${sign.name}`;
    case 'words':
      return sign.words === '' ? `${where}${sign.tool} is ${not}run for ${sign.target}` : `${where}${sign.tool} is ${not}told ${sign.words} for ${sign.target}`;
    case 'text':
      return `${where}${sign.file} ${says} ${sign.text}`;
    case 'unit-of-c':
      return `${where}${sign.file} ${has} a compile unit of C`;
    case 'attribute':
      return `${where}${sign.file} has ${sign.shows ? 'a' : 'no'} function with ${sign.name}`;
    case 'flag':
      return `${where}${sign.file} ${has} the flag ${sign.name} as ${sign.value}`;
    case 'warning':
      return `${where}${sign.tool} for ${sign.target}, asked again and not to be silent, ${says}: ${sign.text}`;
    case 'ignored':
      return `${where}git does ${not}ignore ${sign.file}`.replace('does ignore', 'ignores');
    case 'elf':
      return `${where}${sign.file} is ${not}ELF`;
    case 'file':
      return `${where}${sign.file} is ${not}there`;
    case 'same':
      return `${where}${sign.file} is ${not}as it was`;
    case 'newer':
      return `${where}${sign.file} is ${not}made after ${sign.than}`;
  }
}

/** The arguments of the shell function for a sign in `reproduce.sh`: which tree, whether it has to be so, and what. */
export function formatSign({ build, shows, ...look }: Sign): string {
  return [build, shows ? 'has' : 'lacks', look.kind.replaceAll('-', '_'), ...argumentsOf(look).map(quote)].join(' ');
}

/** False where nothing is left of a message that two builds would have in common. */
export function canBeTried(sign: Sign): boolean {
  return sign.kind !== 'message' || messagePattern(sign.text) !== '';
}

function argumentsOf(look: Look): string[] {
  switch (look.kind) {
    case 'message':
      return [messagePattern(look.text), placePattern(look.text)];
    case 'string':
      return [look.file, look.section.replace(/[\d.]+$/, ''), look.text];
    case 'symbol':
      return [look.file, stripHashes(look.name), look.as];
    case 'section':
      return [look.file, look.name];
    case 'words':
      return [look.target, look.tool, look.words];
    case 'text':
      return [look.file, look.text];
    case 'attribute':
      return [look.file, look.name];
    case 'flag':
      return [look.file, look.name, look.value];
    case 'warning':
      return [look.target, look.tool, look.text];
    case 'unit-of-c':
    case 'ignored':
    case 'elf':
    case 'file':
    case 'same':
      return [look.file];
    case 'newer':
      return [look.file, look.than];
  }
}

/**
 * An extended regular expression for a message's first line: its words in their order, but for those that name places, numbers,
 * hashes or the architecture; the hashes in Rust's names are any.
 */
export function messagePattern(text: string): string {
  const headline = (text.trimStart().split('\n', 1)[0] ?? '').replace(/<\w+>/g, ' ');
  const stable = normaliseMessage(headline).replace(/<\w+>/g, ' ');
  const [whole, parts] = [new Set(wordsOf(stable)), new Set(partsOf(stable))];
  const kept = wordsOf(headline).flatMap((word) => (whole.has(normaliseMessage(word)) ? [word] : partsOf(word).filter((part) => parts.has(part))));
  const words = kept.map((word) => word.replace(/[.$]/g, '[$&]').replace(/Cs[0-9A-Za-z]+_/g, 'Cs[0-9A-Za-z]+_').replace(/17h[0-9a-f]{16}E/g, '17h[0-9a-f]+E'));
  return words.length === 0 ? '' : `(^|[^A-Za-z0-9_-])${words.join('.*')}`;
}

/** The file that rustc points at below its message's first line, as a regular expression; empty where there is none. */
export function placePattern(text: string): string {
  const file = /^ *--> (?:\S*\/)?(\S+?):\d+:\d+$/m.exec(text)?.[1];
  return file === undefined ? '' : `--> (.*/)?${file.replace(/[^\w-]/g, '[$&]')}:`;
}

function wordsOf(text: string): string[] {
  return text.match(/(?<![\w.$])[A-Za-z_][\w.$-]*/g)?.map((word) => word.replace(/[.$-]+$/, '')) ?? [];
}

function partsOf(text: string): string[] {
  return text.match(/(?<![\w$])[A-Za-z_]\w+/g) ?? [];
}

/** As the shell's own function strips them from what `llvm-nm` says. */
function stripHashes(name: string): string {
  return name.replace(/Cs[0-9A-Za-z]+_/g, 'C').replace(/17h[0-9a-f]+E/g, 'E');
}

function nameAsPattern(name: string): string {
  return `${asPattern(name).replace(/Cs[0-9A-Za-z]+_/g, 'Cs[0-9A-Za-z]*_').replace(/17h[0-9a-f]{16}E/g, '17h[0-9a-f]*E')}$`;
}

/** What `llvm-nm` has before a name. */
const letters = { undefined: '[Uvw]', local: '[a-tx-z]', global: '[A-TV-ZW]', weak: '[VW]', any: '.' };

/** A basic regular expression that matches this text alone. */
function asPattern(text: string): string {
  return text.replace(/[.[\]*^$\\]/g, String.raw`\$&`);
}

/** One word for a shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
