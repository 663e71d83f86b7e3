import type { RemainingCall } from './reader.ts';

/**
 * Calls of the given functions in optimised IR (as {@link repeatOptimising} has clang print it), with what clang
 * remarked about them. A function's address that is taken is no call: a callee's name stands right before its
 * arguments, and nothing else does.
 */
export function findRemainingCalls(ir: string, remarks: string, callees: readonly string[]): RemainingCall[] {
  const { definitions, attributes, calls } = readFunctions(ir, new Set(callees));
  const attributesOf = (name: string) => attributes.get(groupOf(definitions.get(name) ?? '')) ?? [];
  return calls.map(({ caller, callee, line }) => ({
    caller,
    callee,
    reason: findBan(attributesOf(callee)) ?? findReason(remarks, caller, callee),
    differences: compareAttributes(attributesOf(caller), attributesOf(callee)),
    calledAs: typeIn(line),
    definedAs: typeIn(definitions.get(callee) ?? ''),
  }));
}

/** Lines that define functions by name, attributes by the number of their group (`#3`), and lines that call. */
type Functions = {
  definitions: Map<string, string>;
  attributes: Map<string, string[]>;
  calls: { caller: string; callee: string; line: string }[];
};

function readFunctions(ir: string, wanted: ReadonlySet<string>): Functions {
  const found: Functions = { definitions: new Map(), attributes: new Map(), calls: [] };
  let caller = '';
  for (const line of ir.split('\n')) {
    if (line.startsWith('define ')) {
      caller = nameIn(line);
      found.definitions.set(caller, line);
    } else if (line.startsWith('attributes ')) {
      const [, group = '', words = ''] = /^attributes (#\d+) = \{(.*)\}$/.exec(line) ?? [];
      found.attributes.set(group, words.match(/"[^"]*"(?:="[^"]*")?|[^\s"]+/g) ?? []);
    } else if (line.startsWith(' ') && line.includes('@')) {
      const callee = nameIn(line);
      if (wanted.has(callee)) found.calls.push({ caller, callee, line });
    }
  }
  return found;
}

const called = /@(?:"([^"]*)"|([-$.\w]+))\(/;

/** The name that a definition gives, or that a call calls; empty where the line has neither. */
function nameIn(line: string): string {
  const [, quoted, plain] = called.exec(line) ?? [];
  return quoted ?? plain ?? '';
}

/** Return type and types of the parameters, without their attributes and names. */
function typeIn(line: string): string {
  const start = called.exec(line);
  if (start === null) return '';
  const returned = /(\{.*\}|\[.*\]|<.*>|[^\s]+)(?: \([^()]*\))? $/.exec(line.slice(0, start.index))?.[1] ?? '';
  const parameters = splitArguments(line.slice(start.index + start[0].length)).map((text) => /^\s*(\{.*?\}|\[.*?\]|<.*?>|[^\s]+)/.exec(text)?.[1] ?? '');
  return `${returned} (${parameters.join(', ')})`;
}

/** What stands between commas up to the parenthesis that closes; nested ones belong to attributes. */
function splitArguments(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === ')' && depth === 0) break;
    if ('([{<'.includes(character)) depth += 1;
    if (')]}>'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts.filter((part) => part.trim() !== '');
}

/** The number of the group of a definition's attributes, which stand behind its parameters. */
function groupOf(definition: string): string {
  return / (#\d+)(?= )(?!.*\))/.exec(definition)?.[1] ?? '';
}

/** LLVM says at most that attributes conflict where the callee's own forbid it. */
function findBan(attributes: readonly string[]): string | null {
  const ban = attributes.find((word) => word === 'noinline' || word === 'optnone');
  return ban === undefined ? null : `${ban} function attribute`;
}

/** `remark: a.rs:1:2: 'callee' not inlined into 'caller' because it should never be inlined (cost=never): noinline …`. */
function findReason(remarks: string, caller: string, callee: string): string | null {
  const start = `'${callee}' not inlined into '${caller}' because `;
  const line = remarks.split('\n').find((remark) => remark.includes(start));
  if (line === undefined) return null;
  const reason = line.slice(line.indexOf(start) + start.length).replace(/ \[-Rpass-missed=inline\]$/, '');
  return reason.replace(/^it should never be inlined \(cost=never\): /, '');
}

/** Attributes that LLVM wants to be alike before it inlines. */
const decisive =
  /^"?(?:sanitize_\w+|safestack|shadowcallstack|null_pointer_is_valid|strictfp|noprofile|no-builtins?(?:-\w+)?|target-(?:cpu|features)|denormal-fp-math\w*|use-sample-profile)(?!\w)/;

function compareAttributes(caller: readonly string[], callee: readonly string[]): string[] {
  const differing = [...caller.filter((word) => !callee.includes(word)), ...callee.filter((word) => !caller.includes(word))];
  const names = differing.filter((word) => decisive.test(word)).map((word) => word.replace(/^"([^"]*)".*$/, '$1'));
  return [...new Set(names)].sort();
}
