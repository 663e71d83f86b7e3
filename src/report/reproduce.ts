import { type Look, otherFlag, type Sign } from '../property/contract.ts';
import { formatFragment } from '../kconfig/config.ts';
import { findingFiles, type FindingRecord } from '../verdict/finding.ts';
import { looking, looks } from './look-functions.ts';
import { canBeTried, describeSign, formatSign, quote } from './looks.ts';
import { formatRepro } from './repro-line.ts';

/**
 * `reproduce.sh`: a script for any POSIX shell that builds a finding's configuration with the kernel's own make and tells by
 * its exit code whether the failure shows. It never guesses: what no simple look can tell ends with 125.
 */
export function formatScript(finding: FindingRecord): string {
  if (finding.tree.kind === 'embedded') return formatForEmbedded(finding);
  // What a smaller configuration shows is for its own build to say.
  const { minimized } = finding;
  const isSmall = minimized !== null && minimized.symptoms !== null;
  const symptoms = (isSmall ? (minimized.symptoms ?? []) : finding.symptoms).filter((signs) => signs.every(canBeTried));
  const required = isSmall ? [...minimized.base, ...minimized.causes] : finding.required;
  const signs = symptoms.flat();
  const kinds = [...new Set(signs.map(({ kind }) => kind))];
  return `${[
    formatHead(finding, { config: isSmall ? findingFiles.minimal : findingFiles.config, tools: toolsFor(kinds), canTell: symptoms.length > 0 }),
    formatSetUp(finding, { config: isSmall ? findingFiles.minimal : findingFiles.config, tools: toolsFor(kinds) }),
    building,
    kinds.length === 0 ? '' : looking,
    ...kinds.map((kind) => looks[kind]),
    formatResolution(required.map(({ symbol, value }): [string, string] => [symbol, value])),
    formatBuilds(new Set(signs.map(({ build }) => build))),
    symptoms.length === 0 ? formatSilence(finding) : formatTests(symptoms),
  ].filter((part) => part !== '').join('\n')}`;
}

function formatForEmbedded({ signature, summary, seed, passes, space }: FindingRecord): string {
  return `#!/bin/sh
#${comment(signature)}
#${comment(summary)}
#
# This was found in the embedded miniature tree, which no make builds. kinfuzz does:
printf '%s\\n' ${quote(formatRepro('npx kinfuzz', { seed, passes, space: space.source }))} >&2
exit 125
`;
}

/** One line, whatever a message may have in it. */
function comment(text: string): string {
  return ` ${text.replace(/\s+/g, ' ').trim()}`;
}

type Needs = { config: string; tools: readonly string[] };

function formatHead({ signature, summary, arch, tree, toolchain }: FindingRecord, { config, tools, canTell }: Needs & { canTell: boolean }): string {
  const seen = ['clang', 'rustc', 'bindgen', 'make', 'pahole'].flatMap((name) => (toolchain.tools[name] === undefined ? [] : [`#   ${name}:${comment(toolchain.tools[name])}`]));
  return `#!/bin/sh
# Does this failure show in a kernel?${comment(signature)}
#${comment(summary)}
#
# usage: reproduce.sh KERNEL-SOURCE [OBJTREE]
#
# Exit code: 0 it shows; 1 it does not; 125 that cannot be told here (a tool is missing, an option is lost in this
# tree, the build fails over something else). To git bisect run, 0 is the old state: with --term-old=broken --term-new=mended
# it finds what mended this; for what broke it, 0 and 1 have to change places.
#${canTell ? '' : '\n# No simple look tells this failure: the script builds, names what to look at, and ends with 125.\n#'}
# Builds the file ${config} beside this script, or $CONFIG, for ${arch}, in OBJTREE/this, and in OBJTREE/twin and others beside it what is
# compared; they are removed first. Without OBJTREE in a temporary directory. Fetches nothing, and writes nothing else.
#
# Needs ${[...base, ...tools].join(', ')} and what the kernel's build needs beside. Seen in${comment(tree.spec)}${tree.version === null ? '' : ` (${tree.version})`} with
${seen.join('\n')}
# LLVM=-22 or LLVM=/usr/lib/llvm-22/bin/ names other tools than LLVM=1, and RUST_LIB_SRC=… the sources of Rust's library, as for make.
`;
}

const base = ['make', 'clang', 'ld.lld', 'llvm-link', 'rustc', 'bindgen'];

const readers: Partial<Record<Look['kind'], string>> = { 'string': 'llvm-readelf', 'section': 'llvm-readelf', 'symbol': 'llvm-nm', 'unit-of-c': 'llvm-dwarfdump', 'attribute': 'llvm-dis', 'flag': 'llvm-dis' };

function toolsFor(kinds: readonly Look['kind'][]): string[] {
  return [...new Set(kinds.flatMap((kind) => readers[kind] ?? []))];
}

function formatSetUp({ arch, targets }: FindingRecord, { config, tools }: Needs): string {
  const ofLlvm = ['clang', 'ld.lld', 'llvm-link', ...tools].map((name) => `"\${before}${name}$after"`);
  return `set -u
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MAKELEVEL KBUILD_OUTPUT KCONFIG_ALLCONFIG KCONFIG_CONFIG

say() { printf '%s\\n' "$*" >&2; }
cannot() { say "cannot be told: $*"; exit 125; }

case $# in 1 | 2) ;; *) say "usage: $0 KERNEL-SOURCE [OBJTREE]"; exit 125 ;; esac
here=$(cd "$(dirname "$0")" && pwd) || exit 125
kernel=$(cd "$1" 2>/dev/null && pwd) || cannot "there is no directory $1"
[ -f "$kernel/Kbuild" ] && [ -f "$kernel/rust/Makefile" ] || cannot "$kernel is no kernel with Rust"
config=\${CONFIG:-$here/${config}}
[ -f "$config" ] && [ -r "$config" ] || cannot "there is no $config"

case \${LLVM:=1} in */) before=$LLVM after= ;; -*) before= after=$LLVM ;; *) before= after= ;; esac
need() { for tool; do command -v "$tool" >/dev/null 2>&1 || cannot "there is no $tool"; done; }
need make rustc bindgen ${ofLlvm.join(' ')}
if grep -q '^CONFIG_DEBUG_INFO_BTF=y' "$config"; then need pahole; fi

if [ $# = 2 ]; then
  mkdir -p "$2" && out=$(cd "$2" && pwd) || cannot "$2 cannot be made"
else
  out=$(mktemp -d) || cannot 'no temporary directory can be made'
  trap 'rm -rf "$out"' EXIT
fi
trap 'exit 130' INT TERM
jobs=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
kbuild() { to=$1; shift; make -C "$kernel" O="$out/$to" ARCH=${arch} LLVM="$LLVM" "$@"; }
targets=${quote(targets.join(' '))}
`;
}

const building = `# Words by which tools say that the machine is at fault: no build that ends so tells anything.
faults='No space left on device|Disk quota exceeded|Cannot allocate memory|[Oo]ut of memory|std::bad_alloc|(^|[]:] )Killed|signal: (7|9|15)|Read-only file system|Input/output error|Too many open files|[Cc]annot fork|Resource temporarily unavailable|: not found$|Error 1(27|30|35|37|43)$'

# resolve TREE FILE: an empty object tree with the configuration of a file
resolve() {
  rm -rf "\${out:?}/$1" "$out/$1.built" && mkdir "$out/$1" && cp "$2" "$out/$1/.config" || cannot "$out cannot be written"
  say "resolving $2"
  kbuild "$1" olddefconfig >"$out/$1.out" 2>"$out/$1.log" </dev/null || { tail -n 5 "$out/$1.log" >&2; cannot 'make olddefconfig fails'; }
}

# make_targets TREE: builds; where that succeeds there is TREE.built
make_targets() {
  say "building in $out/$1"
  # shellcheck disable=SC2086
  if kbuild "$1" -k -j"$jobs" $targets >"$out/$1.out" 2>"$out/$1.log" </dev/null; then
    : >"$out/$1.built" || cannot "$out cannot be written"
  elif grep -E -q "$faults" "$out/$1.log"; then
    cannot "this machine fails: $(grep -E "$faults" "$out/$1.log" | head -n 1)"
  else
    say "the build fails: $(grep -E '(error|Error|ERROR)' "$out/$1.log" | head -n 1)"
  fi
}
`;

function formatResolution(required: readonly (readonly [string, string])[]): string {
  return `resolve this "$config"
# What the configuration asks for and the failure may need; what it does not ask for is not missed.
while IFS= read -r line; do
  grep -q -x -F -e "$line" "$config" || continue
  case $line in
    '# '*) name=\${line#\\# }; ! grep -q "^\${name%% *}=" "$out/this/.config" ;;
    *) grep -q -x -F -e "$line" "$out/this/.config" ;;
  esac || cannot "this tree, or its toolchain, does not have it so: $line"
done <<'END'
${formatFragment(required)}END
`;
}

/** What is built, for the looks that there are. */
function formatBuilds(wanted: ReadonlySet<Sign['build']>): string {
  const isOff = wanted.has('twin') || wanted.has('toggled');
  const isAgain = wanted.has('toggled') || wanted.has('recompiled') || wanted.has('recompiled-module');
  const recompiled = (['recompiled-module', 'recompiled'] as const).filter((name) => wanted.has(name));
  return ['make_targets this\n', isOff ? off : '', wanted.has('twin') ? twin : '', wanted.has('cleaned') ? cleaned : '', isAgain ? again : '', wanted.has('toggled') ? toggled : '', ...recompiled.map(formatRecompiled)].join('');
}

const off = `sed 's/^CONFIG_RUST_INLINE_HELPERS=y$/# CONFIG_RUST_INLINE_HELPERS is not set/' "$out/this/.config" >"$out/off.config" || cannot "$out cannot be written"
`;

const twin = `resolve twin "$out/off.config"
make_targets twin
`;

const cleaned = `if [ -f "$out/this.built" ]; then
  rm -rf "\${out:?}/cleaned" "$out/cleaned.built" && cp -a "$out/this" "$out/cleaned" || cannot "$out cannot be written"
  if kbuild cleaned clean >"$out/cleaned.out" 2>"$out/cleaned.log" </dev/null; then : >"$out/cleaned.built"; fi
fi
`;

const again = `# begin TREE, end TREE: what is built between them is TREE, begun with what this has, at the place of this, which commands name
begin() {
  rm -rf "\${out:?}/$1" "$out/$1.built" "$out/first" && cp -a "$out/this" "$out/first" || cannot "$out cannot be written"
  for kind in built log out; do mv "$out/this.$kind" "$out/first.$kind" || cannot "$out cannot be written"; done
}
end() {
  mv "$out/this" "$out/$1" && mv "$out/first" "$out/this" || cannot "$out cannot be written"
  for kind in built log out; do
    if [ -f "$out/this.$kind" ]; then mv "$out/this.$kind" "$out/$1.$kind"; fi
    mv "$out/first.$kind" "$out/this.$kind" || cannot "$out cannot be written"
  done
}
`;

const toggled = `if [ -f "$out/this.built" ]; then
  cp "$out/this/.config" "$out/on.config" || cannot "$out cannot be written"
  begin toggled
  for file in "$out/off.config" "$out/on.config"; do
    rm -f "$out/this.built"
    cp "$file" "$out/this/.config" || cannot "$out cannot be written"
    kbuild this olddefconfig >"$out/this.out" 2>"$out/this.log" </dev/null || cannot 'make olddefconfig fails'
    make_targets this
    [ -f "$out/this.built" ] || break
  done
  end toggled
fi
`;

/** With one job: with more, what lacks a dependency may find it made all the same. */
function formatRecompiled(name: 'recompiled' | 'recompiled-module'): string {
  return `if [ -f "$out/this.built" ]; then
  begin ${name}
  for helpers in ${name === 'recompiled' ? 'helpers.bc helpers_module.bc' : 'helpers_module.bc'}; do
    file=$out/this/rust/helpers/.$helpers.cmd
    sed 's/^savedcmd_.*/& ${otherFlag}/' "$file" >"$out/cmd" && cp "$out/cmd" "$file" || cannot "$file cannot be changed"
  done
  many=$jobs jobs=1
  make_targets this
  jobs=$many
  end ${name}
fi
`;
}

function formatTests(symptoms: FindingRecord['symptoms']): string {
  const tests = symptoms.map((signs) => [...signs.map((sign) => `#${comment(describeSign(sign))}`), ...signs.map((sign) => `also ${formatSign(sign)}`), 'conclude'].join('\n'));
  return `${tests.join('\n\n')}

case $result in
  0) say 'the failure shows' ;;
  1) say 'the failure does not show' ;;
  *) say 'cannot be told: not all that has to be looked at is there' ;;
esac
exit $result
`;
}

/** What properties do of which no look is a short form. */
const beyondLooks: Record<string, string> = {
  'btf-unchanged': 'it takes all types of two builds counted, one with the option on and one with it off',
  'reproducible': 'it takes a second build, compared byte by byte',
  'writes-inside': 'it takes sources that cannot be written to',
};

function formatSilence({ property, evidence, seed, passes, space }: FindingRecord): string {
  const places = [...new Set(evidence.map(({ kind, where }) => `${kind} ${where}`))];
  return `say ${quote(`no simple look tells this failure: ${beyondLooks[property] ?? 'what was seen has no short form'}.`)}
say ${quote(`kinfuzz can tell: ${formatRepro('npx kinfuzz', { seed, passes, space: space.source })}`)}
say '${findingFiles.report} has what was seen. Look, in '"$out"'/this, at'
${places.map((place) => `say ${quote(comment(place))}`).join('\n')}
trap - EXIT
exit 125
`;
}
