#!/bin/sh
# Everything the project checks of itself: tools and a container engine for the tests, then mvn verify. Further arguments go to Maven.
# With CI=true the formatter only checks; without it, it formats.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/deploy/jdk25.sh"
. "$root/deploy/docker.sh"

use_jdk_25
need mvn "install Apache Maven 3.8.7 or newer"
need npm "install Node.js 20 or newer with npm: independent libraries there check our signatures and content ids"
use_docker

# npm gives a broken download of an optional package (an EVM node is one) for a success, so what was installed is looked for.
install_npm() {
  tries=3
  until npm ci --no-audit --no-fund --prefer-offline --prefix "$1" && has_node "$1"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || missing "the npm packages of $1" "run: npm ci --prefix $1; without a package for this system, put anvil on the PATH"
    sleep 5
  done
}

has_node() {
  ! grep -q '"@foundry-rs/anvil' "$1/package.json" || command -v anvil >/dev/null 2>&1 \
    || ls "$1"/node_modules/@foundry-rs/*/bin/anvil >/dev/null 2>&1
}

cd "$root"
for package in */src/test/npm/package-lock.json chain-bridge/contracts/package-lock.json; do
  if [ -e "$package" ]; then
    echo "installing $(dirname "$package") ..."
    install_npm "$(dirname "$package")"
  fi
done

echo "verifying with $JAVA_HOME ..."
exec mvn -B verify "$@"
