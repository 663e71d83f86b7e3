#!/bin/sh
# SPDX-License-Identifier: MIT
# cc-version.sh CC: the compiler's name, Clang or GCC, and its version as version.sh counts.
set -eu

name=GCC
case $("$1" --version) in
*"clang version"*) name=Clang ;;
esac
echo "$name $(sh "$(dirname "$0")/version.sh" "$1" --version)"
