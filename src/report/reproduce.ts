import type { Look, Sign } from '../property/contract.ts';
import { formatFragment } from '../kconfig/config.ts';
import { findingFiles, type FindingRecord } from '../verdict/finding.ts';
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

const looking = `# sign TREE has|lacks LOOK …: 0 so it is, 1 it is not, 2 nobody knows
sign() {
  tree=$1 wanted=$2
  shift 2
  if [ "$1" != message ] && [ ! -f "$out/$tree.built" ]; then return 2; fi
  "$@"
  case $wanted$? in has0 | lacks1) return 0 ;; has1 | lacks0 | has3 | lacks3) return 1 ;; esac
  return 2
}

# A symptom is all signs up to the next conclude; the failure shows by any of them.
result=1
holds=0
also() {
  sign "$@"
  case $? in
    0) say "so it is: $*" ;;
    1) say "it is not so: $*"; holds=1 ;;
    *) say "nobody knows: $*"; [ $holds = 1 ] || holds=2 ;;
  esac
}
conclude() {
  case $holds in 0) result=0 ;; 2) [ $result = 0 ] || result=125 ;; esac
  holds=0
}

# What looks say: 0 yes, 1 no, 2 nobody knows, 3 there is nothing of which that could be said.
`;

const looks: Record<Look['kind'], string> = {
  message: `# message PATTERN PLACE: a line, and soon below it another; a build that ended early may not have come to it
message() {
  PATTERN=$1 PLACE=$2 awk '
    BEGIN { pattern = ENVIRON["PATTERN"]; place = ENVIRON["PLACE"] }
    $0 ~ pattern { if (place == "") found = 1; else since = NR }
    since && NR <= since + 4 && $0 ~ place { found = 1 }
    END { exit !found }' "$out/$tree.log" && return 0
  [ -f "$out/$tree.built" ] && return 1
  return 2
}
`,
  string: `# string FILE SECTION TEXT: a string that ends so, in a section that begins so
string() {
  [ -f "$out/$tree/$1" ] || return 2
  names=$("\${before}llvm-readelf$after" -SW "$out/$tree/$1" 2>/dev/null) || return 2
  names=$(printf '%s\\n' "$names" | sed -n 's/^ *\\[ *[0-9][0-9]*\\] \\([^ ]*\\) .*/\\1/p' | sort -u)
  for name in $names; do
    case $name in "$2"*) ;; *) continue ;; esac
    strings=$("\${before}llvm-readelf$after" -p "$name" "$out/$tree/$1" 2>/dev/null) || return 2
    printf '%s\\n' "$strings" | TEXT=$3 awk 'BEGIN { t = ENVIRON["TEXT"] } /^\\[/ && substr($0, length($0) - length(t) + 1) == t { f = 1 } END { exit !f }' && return 0
  done
  return 1
}
`,
  symbol: `# symbol FILE NAME undefined|local|global|weak|any: hashes of Rust's names and the numbers of local ones do not count
symbol() {
  [ -f "$out/$tree/$1" ] || return 2
  symbols=$("\${before}llvm-nm$after" "$out/$tree/$1" 2>/dev/null) || return 2
  printf '%s\\n' "$symbols" | NAME=$2 AS=$3 awk '
    BEGIN { wanted = ENVIRON["NAME"]; as = ENVIRON["AS"] }
    NF >= 2 {
      name = $NF; type = $(NF - 1)
      gsub(/Cs[0-9A-Za-z]+_/, "C", name); gsub(/17h[0-9a-f]+E/, "E", name)
      kind = type ~ /^[Uvw]$/ ? "undefined" : type ~ /^[a-z]$/ ? "local" : "global"
      if (as == "local") { while (sub(/^__(pfx|cfi)_/, "", name)); while (sub(/[.][0-9]+$/, "", name)); if (name ~ /__UNIQUE_ID_/) sub(/_?[0-9]+$/, "", name) }
      if (name == wanted && (as == "any" || as == kind || as == "weak" && type ~ /^[VW]$/)) found = 1
    }
    END { exit !found }'
}
`,
  section: `# section FILE NAME: numbers at its end do not count, but for constructors, where they are priorities
section() {
  [ -f "$out/$tree/$1" ] || return 2
  names=$("\${before}llvm-readelf$after" -SW "$out/$tree/$1" 2>/dev/null) || return 2
  printf '%s\\n' "$names" | sed -n 's/^ *\\[ *[0-9][0-9]*\\] \\([^ ]*\\) .*/\\1/p' | NAME=$2 awk '
    { name = $0; if (name !~ /^[.](init|fini)_array/) while (sub(/[.][0-9]+$/, "", name)); if (name == ENVIRON["NAME"]) found = 1 }
    END { exit !found }'
}
`,
  words: `# words TARGET TOOL WORDS: by the command that kbuild recorded; where the tool was not run, nothing can be said of it
words() {
  file=$out/$tree/$(dirname "$1")/.$(basename "$1").cmd
  [ -f "$file" ] || return 2
  commands=$(sed -n 's/^savedcmd_[^ ]* := *//p' "$file" | tr ';|&' '\\n\\n\\n' | sed 's/^[ (]*//' | TOOL=$2 awk '
    { at = 1; while ($at ~ /^[A-Za-z_][A-Za-z0-9_]*=/) at++; name = $at; sub(/.*\\//, "", name); sub(/-[0-9]+$/, "", name) }
    name == ENVIRON["TOOL"] || (name == "ccache" && $(at + 1) ~ ENVIRON["TOOL"])' | sed 's/ [.]\\// /g')
  if [ -z "$commands" ]; then [ -n "$3" ] && return 3; return 1; fi
  case "$(printf '%s' "$commands" | tr '\\n' ' ') " in *" $3 "*) return 0 ;; esac
  [ -z "$3" ]
}
`,
  text: `# text FILE TEXT: a line of a file has it
text() {
  [ -f "$out/$tree/$1" ] || return 2
  grep -F -q -e "$2" "$out/$tree/$1"
}
`,
  'unit-of-c': `# unit_of_c FILE: a compile unit of C in the debug information
unit_of_c() {
  [ -f "$out/$tree/$1" ] || return 2
  units=$("\${before}llvm-dwarfdump$after" --debug-info --recurse-depth=0 "$out/$tree/$1" 2>/dev/null) || return 2
  printf '%s\\n' "$units" | grep -E -q 'DW_AT_language.*DW_L(ANG|NAME)_C[0-9]*\\)'
}
`,
  attribute: `# attribute FILE NAME: of a function with a body, in bitcode; what compilers add by themselves has a dot in its name
attribute() {
  [ -f "$out/$tree/$1" ] || return 2
  code=$("\${before}llvm-dis$after" -o - "$out/$tree/$1" 2>/dev/null) || return 2
  printf '%s\\n' "$code" | NAME=$2 awk '
    /^define / {
      name = $0; sub(/^[^@]*@/, "", name); sub(/[(].*/, "", name)
      if (name !~ /[.]/ && match($0, / #[0-9]+( |$)/)) { group = substr($0, RSTART + 1, RLENGTH - 1); sub(/ $/, "", group); used[group] = 1 }
    }
    /^attributes #/ && ($2 in used) { gsub(/[" ,={}]+/, " "); for (at = 3; at <= NF; at++) if ($at == ENVIRON["NAME"]) found = 1 }
    END { exit !found }'
}
`,
  flag: `# flag FILE NAME VALUE: of a bitcode module
flag() {
  [ -f "$out/$tree/$1" ] || return 2
  code=$("\${before}llvm-dis$after" -o - "$out/$tree/$1" 2>/dev/null) || return 2
  printf '%s\\n' "$code" | grep -F -q -e "!\\"$2\\", $3}"
}
`,
  warning: `# warning TARGET TOOL TEXT: by the command that kbuild recorded, run again without what silences it, and writing nothing
warning() {
  file=$out/$tree/$(dirname "$1")/.$(basename "$1").cmd
  [ -f "$file" ] || return 2
  commands=$(sed -n 's/^savedcmd_[^ ]* := *//p' "$file" | tr ';|&' '\\n\\n\\n' | sed 's/^[ (]*//; s/[ )]*$//' | TOOL=$2 awk '
    { at = 1; while ($at ~ /^[A-Za-z_][A-Za-z0-9_]*=/) at++; name = $at; sub(/.*\\//, "", name); sub(/-[0-9]+$/, "", name) }
    name == ENVIRON["TOOL"]' | sed 's/ -o  *[^ ]*//; s/ --*suppress-warnings / /; s/ -Wno-override-module / /')
  [ -n "$commands" ] || return 2
  case $2 in clang) more='-Woverride-module -Wno-error -emit-llvm -Xclang -disable-llvm-passes' ;; *) more= ;; esac
  said=$(printf '%s\\n' "$commands" | while IFS= read -r command; do (cd "$out/$tree" && sh -c "$command $more -o /dev/null" 2>&1) || exit 1; done) || return 2
  printf '%s\\n' "$said" | grep -F -q -e "$3"
}
`,
  ignored: `# ignored FILE: by the tree's own rules alone; those of a package that ignore all there is say nothing
ignored() {
  if grep -q -x '/[*]' "$kernel/.gitignore" 2>/dev/null; then return 2; fi
  [ -d "$out/git" ] || git init -q --bare "$out/git" >/dev/null 2>&1 || return 2
  (cd "$kernel" && git --git-dir="$out/git" --work-tree=. -c core.bare=false -c core.excludesFile=/dev/null check-ignore -q --no-index "$1" 2>/dev/null)
}
`,
  elf: `# elf FILE: by its first bytes
elf() {
  [ -f "$out/$tree/$1" ] || return 2
  [ "$(od -An -tx1 -N4 "$out/$tree/$1" | tr -d ' ')" = 7f454c46 ]
}
`,
  same: `# same FILE: as it is in this
same() {
  [ -f "$out/this/$1" ] || return 2
  cmp -s "$out/this/$1" "$out/$tree/$1"
}
`,
  newer: `# newer FILE OTHER: made after the other one, if that was made anew
newer() {
  [ -f "$out/$tree/$1" ] && [ -f "$out/$tree/$2" ] && [ -n "$(find "$out/$tree/$2" -newer "$out/this/$2")" ] || return 2
  [ -n "$(find "$out/$tree/$1" -newer "$out/$tree/$2")" ]
}
`,
  file: `# file FILE
file() {
  [ -e "$out/$tree/$1" ]
}
`,
};

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
    sed 's/^savedcmd_.*/& -DKINFUZZ_OTHER_FLAG/' "$file" >"$out/cmd" && cp "$out/cmd" "$file" || cannot "$file cannot be changed"
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
