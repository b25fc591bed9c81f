#!/bin/sh
# Compiles main.c to module.wasm. On Debian: apt-get install clang lld wasi-libc libclang-rt-dev-wasm32
set -eu
cd "$(dirname "$0")"
"${CC:-clang}" --target=wasm32-wasi --sysroot="${WASI_SYSROOT:-/usr}" -O2 -Wall -Wextra -Wl,--strip-all -o module.wasm main.c
