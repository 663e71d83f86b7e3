import type { Build, Diagnostic, Step } from './contract.ts';
import { normaliseMessage } from './normalise.ts';
import { isInlining, isSamePath } from './subject.ts';

/** What objtool says of one place in an object, without the place. */
export type Complaint = {
  /** The function or section, its mangling freed of hashes; empty where none is named. */
  place: string;
  /** The rest of the message: what stays the same wherever the same thing is wrong. */
  kind: string;
  target: string;
  text: string;
};

/**
 * What objtool says of Rust code, be it a warning or, where the kernel wants that, an error that ends the build. The
 * claim `objtool-clean` is about these alone, so `builds` leaves them to it: a defect is found once, whatever
 * OBJTOOL_WERROR makes of it.
 */
export function findComplaints(build: Build): Complaint[] {
  return build.diagnostics.filter((diagnostic) => isComplaint(diagnostic, build)).map(readComplaint);
}

/** Steps by which objtool has looked at anything, whether it was content or not. */
export function findChecks({ steps }: Build): Step[] {
  return steps.filter(({ role, exit }) => role === 'check' && exit !== null);
}

/** That it was called the wrong way, or crashed, is no complaint. */
export function isComplaint({ tool, target, text }: Diagnostic, build: Build): boolean {
  if (tool !== 'objtool' || target === null || !saying.test(text)) return false;
  return isMadeOfRust(target, build) || isRustName(readPlace(text).name, build);
}

/** In a file that is linked of several objects (vmlinux.o, a module's) only names tell what is Rust. */
function isMadeOfRust(target: string, { steps, artifacts }: Build): boolean {
  const isTarget = (path: string) => isSamePath(path, target);
  return (
    artifacts.some(({ kind, path }) => kind === 'rust-object' && isTarget(path)) ||
    steps.some((step) => step.role === 'crate' && step.exit !== null && isTarget(step.target))
  );
}

/** As rustc mangles names, new way and old, behind the marks of compiler and objtool; helpers are C unless inlined. */
function isRustName(name: string, build: Build): boolean {
  const plain = name.replace(/^__(?:pfx|cfi)_/, '');
  return /^(?:_R[A-Z]|_ZN\d)/.test(plain) || (isInlining(build) && plain.startsWith('rust_helper_'));
}

const saying = /^(?:\S+: )?(?:warning|error): objtool(?: \[[^\]]*\])?: /;

function readComplaint({ target, text }: Diagnostic): Complaint {
  const { name, rest } = readPlace(text);
  // Which function comes next is a matter of luck.
  const kind = normaliseMessage(rest.replace(/\b(next function) \S+/, '$1'));
  return { place: normaliseMessage(name), kind, target: target ?? '', text };
}

/** Takes `x.o: warning: objtool: f+0x12: …` and `…: f() …` apart. */
function readPlace(text: string): { name: string; rest: string } {
  const message = (text.split('\n', 1)[0] ?? '').replace(saying, '');
  const [whole = '', name = ''] = /^([^\s()+:]+)(?:\+0x[0-9a-f]+(?: \([^)]*\))?:|\(\):?) /.exec(message) ?? [];
  return { name, rest: message.slice(whole.length) };
}
