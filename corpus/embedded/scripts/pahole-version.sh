#!/bin/sh
# SPDX-License-Identifier: MIT
# pahole-version.sh PAHOLE: 1.24 is 124.
set -eu

version=$(sh "$(dirname "$0")/version.sh" "$1" --version)
echo $((version / 10000 * 100 + version / 100 % 100))
