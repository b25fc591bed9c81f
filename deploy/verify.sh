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

cd "$root"
for package in */src/test/npm/package-lock.json chain-bridge/contracts/package-lock.json; do
  if [ -e "$package" ]; then
    echo "installing $(dirname "$package") ..."
    npm ci --no-audit --no-fund --prefix "$(dirname "$package")"
  fi
done

echo "verifying with $JAVA_HOME ..."
exec mvn -B verify "$@"
