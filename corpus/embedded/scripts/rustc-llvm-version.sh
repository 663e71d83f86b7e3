#!/bin/sh
# SPDX-License-Identifier: MIT
# rustc-llvm-version.sh RUSTC: the version of the LLVM inside, as version.sh counts.
set -eu

sh "$(dirname "$0")/version.sh" "$1" --version --verbose "LLVM version"
