#!/bin/sh
# SPDX-License-Identifier: MIT
# rust_is_available.sh RUSTC CC: succeeds where both run and rustc is new enough for the miniature core. There is no
# bindgen to ask for: the bindings are written by hand.
set -eu

[ "$(MAJOR=100000 sh "$(dirname "$0")/version.sh" "$1" --version)" -ge 109500 ]
"$2" --version >/dev/null
