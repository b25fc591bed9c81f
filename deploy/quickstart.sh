#!/bin/sh
# From a fresh checkout to a first paid job: builds, starts a market on this machine, runs cowsay, prints its result.
#
#   deploy/quickstart.sh           the market is stopped at the end; its data was temporary
#   deploy/quickstart.sh --keep    the market goes on with its data in ~/.lilypad (or $LILYPAD_HOME); says how to stop it
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/deploy/jdk25.sh"

keep=no
case ${1:-} in
  "") ;;
  --keep) keep=yes ;;
  *) missing "a known option instead of '$1'" "deploy/quickstart.sh [--keep]" ;;
esac

use_jdk_25
need mvn "install Apache Maven 3.8.7 or newer"

echo "1/4 building with $JAVA_HOME (the first time takes some minutes) ..."
(cd "$root" && mvn -q -DskipTests package)
lilypad=$(ls -d "$root"/node/target/lilypad-*-dist/lilypad/bin/lilypad)

if [ "$keep" = yes ]; then
  data=${LILYPAD_HOME:-$HOME/.lilypad}
  mkdir -p "$data"
else
  data=$(mktemp -d "${TMPDIR:-/tmp}/lilypad-quickstart-XXXXXX")
fi
log=$data/quickstart.log

echo "2/4 starting a market in $data ..."
: >"$log"
if [ "$keep" = yes ]; then
  "$lilypad" up --json --data-dir "$data" >>"$log" 2>&1 &
else
  "$lilypad" up --json --data-dir "$data" --port 0 >>"$log" 2>&1 &
fi
node=$!

stop() {
  if [ -n "${node:-}" ] && kill -0 "$node" 2>/dev/null; then
    kill "$node"
    wait "$node" 2>/dev/null || true
  fi
  if [ "$keep" = no ]; then
    rm -rf "$data"
  fi
}
trap stop EXIT
trap 'exit 130' INT TERM

waited=0
until grep -q '"event":"ready"' "$log"; do
  if ! kill -0 "$node" 2>/dev/null || [ "$waited" -ge 600 ]; then
    echo "the market did not start; its log:" >&2
    cat "$log" >&2
    exit 1
  fi
  sleep 0.1
  waited=$((waited + 1))
done
gateway=$(sed -n 's/.*"event":"ready","gateway":"\([^"]*\)".*/\1/p' "$log" | tail -1)

echo "3/4 running a job: lilypad run cowsay:v0.0.4 -i Message='Hello from the pond'"
results=$data/results-$(date +%Y%m%d-%H%M%S)
"$lilypad" run cowsay:v0.0.4 -i Message='Hello from the pond' --gateway "$gateway" --data-dir "$data" \
  --output-dir "$results"

echo "4/4 its verified result:"
cat "$results/stdout"
if [ "$keep" = yes ]; then
  trap - EXIT
  echo "The market goes on at $gateway as process $node; stop it with: kill $node"
  echo "Another job: $lilypad run wordcount --input-file README.md --gateway $gateway --data-dir $data"
else
  echo "The market is stopped and its data removed. To keep one: deploy/quickstart.sh --keep"
fi
