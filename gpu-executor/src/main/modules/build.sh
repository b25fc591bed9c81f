#!/bin/sh
# Compiles the bundled modules and the tests' guest programs to WebAssembly (WASI preview 1).
#
#   build.sh          compile, and write the digests to bundled.txt and programs.sha256
#   build.sh check    compile to a scratch folder and compare with what is committed; exit 1 on a difference
#
# The output depends on the sources and on the compiler only: Debian 12's clang-14 and wasi-libc 0.0~git20220510.
set -eu
export LC_ALL=C

mode=${1:-build}
here=$(cd "$(dirname "$0")/../../.." && pwd)
modules=$here/src/main/resources/modules
programs=$here/src/test/resources/programs
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if ! command -v clang-14 >/dev/null || ! command -v wasm-ld-14 >/dev/null || [ ! -e /usr/lib/wasm32-wasi/libc.a ]; then
  echo "build.sh: no WebAssembly toolchain. On Debian 12:" >&2
  echo "  apt-get install clang-14 lld-14 wasi-libc libclang-rt-14-dev-wasm32" >&2
  exit 1
fi

# compile <output> <source>...     relative sources: no path of this machine gets into the output
compile() {
  output=$1
  shift
  clang-14 --target=wasm32-wasi --sysroot=/usr -fuse-ld="$(command -v wasm-ld-14)" -std=gnu11 -O2 \
    -Wall -Wextra -Werror -Wl,--strip-all -o "$output" "$@"
}

digest() {
  sha256sum "$1" | cut -d ' ' -f 1
}

# publish <compiled> <committed>
publish() {
  if [ "$mode" = check ]; then
    cmp "$1" "$2"
  else
    cp "$1" "$2"
    chmod 644 "$2"
  fi
}

while read -r name version digest; do
  if [ "$digest" = container ]; then
    echo "$name $version container" >>"$scratch/bundled.txt"
    continue
  fi
  cd "$modules/$name"
  compile "$scratch/$name.wasm" ./*.c
  publish "$scratch/$name.wasm" "$modules/$name/module.wasm"
  echo "$name $version $(digest "$scratch/$name.wasm")" >>"$scratch/bundled.txt"
done <"$modules/bundled.txt"
publish "$scratch/bundled.txt" "$modules/bundled.txt"

cd "$programs"
for source in *.c; do
  name=${source%.c}
  compile "$scratch/$name.wasm" "$source"
  publish "$scratch/$name.wasm" "$programs/$name.wasm"
  echo "$(digest "$scratch/$name.wasm")  $name.wasm" >>"$scratch/programs.sha256"
done
publish "$scratch/programs.sha256" "$programs/programs.sha256"
cat "$scratch/bundled.txt" "$scratch/programs.sha256"
