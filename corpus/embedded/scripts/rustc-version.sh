#!/bin/sh
# SPDX-License-Identifier: MIT
# rustc-version.sh RUSTC: 1.96.0 is 109600.
set -eu

MAJOR=100000 sh "$(dirname "$0")/version.sh" "$1" --version
