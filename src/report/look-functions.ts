import type { Look } from '../property/contract.ts';

/** The shell of `reproduce.sh` that judges what looks say. */
export const looking = `# sign TREE has|lacks LOOK …: 0 so it is, 1 it is not, 2 nobody knows
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

/** A function of that shell for each kind of look; its arguments are those that `formatSign` gives. */
export const looks: Record<Look['kind'], string> = {
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
