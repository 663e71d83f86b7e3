#!/bin/sh
# SPDX-License-Identifier: MIT
# version.sh TOOL OPTION... [LINE]: the first version number that the tool prints (in a line that holds LINE, where
# that is given; it is told from an option by its lack of a dash) as one integer: 22.1.8 is 220108. Prints 0 where
# there is none. rustc counts 1.96.0 as 109600: MAJOR says what a major version is worth.
set -u

tool=${1:-}
[ -n "$tool" ] && shift
line=
options=
for word; do
	case $word in
	-*) options="$options $word" ;;
	*) line=$word ;;
	esac
done

# shellcheck disable=SC2086 # the options are words of their own
version=$("$tool" $options 2>/dev/null | grep -F -- "$line" | sed -n 's/^[^0-9]*\([0-9][0-9]*\)\.\([0-9][0-9]*\)\(\.\([0-9][0-9]*\)\)\{0,1\}.*/\1 \2 \4/p' | head -n 1)
# shellcheck disable=SC2086
set -- $version
echo $((${1:-0} * ${MAJOR:-10000} + ${2:-0} * 100 + ${3:-0}))
