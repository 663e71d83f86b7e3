import { hasSucceeded, runCommand } from '../util/process.ts';
import { enterToolchain } from './enter.ts';
import type { Toolchain, ToolName, Tree } from './records.ts';

/** One line of `kinfuzz doctor`. `limits`: builds go ahead, but some options are out of reach. */
export type Check = { what: string; found: string; state: 'fits' | 'limits' | 'does-not-fit'; why: string; hint: string };

/** Judges every tool that a tree of this kind needs. Nothing is built with a toolchain that has a `does-not-fit`. */
export async function examineToolchain(toolchain: Toolchain, kind: Tree['kind'], signal: AbortSignal): Promise<Check[]> {
  const clang = majorIn(toolchain.tools.clang?.version, /clang version (\d+)/);
  const checks = [checkPresence(toolchain, 'clang', 'the C compiler'), checkRustc(toolchain, clang)];
  for (const name of ['ld.lld', 'llvm-link', 'llvm-dis', 'llvm-nm', 'llvm-objcopy', 'llvm-readobj', 'llvm-objdump', 'llvm-dwarfdump'] as const) {
    checks.push(checkLlvmTool(toolchain, name, clang));
  }
  if (kind === 'kernel') {
    checks.push(checkPresence(toolchain, 'make', 'the build'), checkSources(toolchain), await checkBindgen(toolchain, clang, signal));
  } else {
    checks.push(checkPresence(toolchain, 'conf', "the kernel's own Kconfig tool, of Debian's linux-kbuild"));
    checks.push(checkOptional(toolchain, 'objtool', 'x86_64 objects are then not checked by it'));
  }
  checks.push(checkOptional(toolchain, 'pahole', 'DEBUG_INFO_BTF is then out of reach'));
  return checks;
}

function checkPresence(toolchain: Toolchain, name: ToolName, use: string): Check {
  const tool = toolchain.tools[name];
  if (tool && tool.version !== 'does not run') return { what: name, found: tool.version, state: 'fits', why: '', hint: '' };
  return { what: name, found: tool ? tool.version : 'missing', state: 'does-not-fit', why: `needed: ${use}`, hint: installHint(toolchain, name) };
}

function checkOptional(toolchain: Toolchain, name: ToolName, consequence: string): Check {
  const check = checkPresence(toolchain, name, '');
  return check.state === 'fits' ? check : { ...check, state: 'limits', why: consequence };
}

function checkLlvmTool(toolchain: Toolchain, name: ToolName, clang: number | null): Check {
  const check = checkPresence(toolchain, name, 'same LLVM as clang');
  const major = majorIn(toolchain.tools[name]?.version, /(?:LLD|LLVM version|version) (\d+)/);
  if (check.state !== 'fits' || major === clang) return check;
  return { ...check, state: 'does-not-fit', why: `LLVM ${major ?? '?'}, but clang is ${clang ?? 'missing'}: they read each other's bitcode`, hint: installHint(toolchain, name) };
}

/** Bitcode of rustc and clang is linked together: RUSTC_CLANG_LLVM_COMPATIBLE asks for one major. */
function checkRustc(toolchain: Toolchain, clang: number | null): Check {
  const check = checkPresence(toolchain, 'rustc', 'the Rust compiler');
  const major = majorIn(toolchain.tools.rustc?.version, /LLVM version: (\d+)/);
  if (check.state !== 'fits' || major === clang) return check;
  return { ...check, state: 'does-not-fit', why: `its LLVM is ${major ?? '?'}, clang's is ${clang ?? 'missing'}; RUST_INLINE_HELPERS needs one LLVM`, hint: installHint(toolchain, 'rustc') };
}

function checkSources(toolchain: Toolchain): Check {
  const found = toolchain.rustLibrary;
  const base = { what: 'rust sources', found: found ?? 'missing' };
  if (found !== null) return { ...base, state: 'fits', why: '', hint: '' };
  return { ...base, state: 'does-not-fit', why: 'the kernel compiles `core` from the sources of this very rustc', hint: 'install the package rust-src of the same version' };
}

/**
 * bindgen 0.71.1 with libclang 22 yields opaque types and 75 compile errors in the kernel crate; a bindgen with
 * another libclang than the compiler's fails on unknown warning options. The kernel's `rustavailable` only warns.
 */
async function checkBindgen(toolchain: Toolchain, clang: number | null, signal: AbortSignal): Promise<Check> {
  const check = checkPresence(toolchain, 'bindgen', "Rust bindings of the kernel's headers");
  if (check.state !== 'fits') return check;
  const version = /(\d+)\.(\d+)\.(\d+)/.exec(check.found)?.slice(1).map(Number) ?? [0, 0, 0];
  const libclang = await readLibclangMajor(toolchain, signal);
  const found = `${check.found}, libclang ${libclang ?? 'not found'}`;
  const hint = installHint(toolchain, 'bindgen');
  if (libclang !== clang) {
    return { ...check, found, state: 'does-not-fit', why: `it loads libclang ${libclang ?? '?'}, the compiler is clang ${clang ?? '?'}`, hint: 'set LIBCLANG_PATH to the lib directory of that clang, or use --toolchain debian' };
  }
  const isOld = version[0] === 0 && ((version[1] ?? 0) < 72 || (version[1] === 72 && (version[2] ?? 0) < 1));
  if ((libclang ?? 0) >= 22 && isOld) return { ...check, found, state: 'does-not-fit', why: 'libclang 22 needs bindgen 0.72.1 or later: older ones make types opaque', hint };
  return { ...check, found };
}

/** bindgen prints the message of a pragma, and so its libclang's version: the kernel's own trick. */
async function readLibclangMajor(toolchain: Toolchain, signal: AbortSignal): Promise<number | null> {
  const script = String.raw`f=$(mktemp /tmp/kinfuzz-XXXXXX.h) && printf '#pragma message("clang version " __clang_version__)\n' > $f && bindgen $f; rm -f $f`;
  const sandbox = enterToolchain(toolchain, { source: null, objtree: null });
  const { exit, stderr } = await runCommand({ argv: ['sh', '-c', script], sandbox, timeoutMs: 60_000, signal });
  return hasSucceeded(exit) ? majorIn(stderr, /clang version (\d+)/) : null;
}

function majorIn(text: string | undefined, pattern: RegExp): number | null {
  const digits = pattern.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

function installHint(toolchain: Toolchain, name: ToolName): string {
  if (toolchain.kind === 'debian') return 'delete the root (kinfuzz toolchain list) and run: kinfuzz toolchain install debian';
  if (name === 'bindgen') return 'Debian 12 has no bindgen that fits: use --toolchain debian';
  return 'run: kinfuzz toolchain install host, or use --toolchain debian';
}
