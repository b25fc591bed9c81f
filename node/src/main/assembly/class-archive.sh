#!/bin/sh
# Makes the class archive of a distribution with a client that finds no gateway: what is loaded until then, every client loads.
#
#   class-archive.sh DISTRIBUTION JAVA_HOME
set -eu
cd "$1"
archive=lib/lilypad.jsa
rm -f "$archive"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
code=0
LILYPAD_HOME=$home LILYPAD_JAVA_HOME=$2 LILYPAD_JAVA_OPTS="-XX:ArchiveClassesAtExit=$archive -Xlog:disable" \
  bin/lilypad jobs list --gateway 127.0.0.1:1 >"$home/said" 2>&1 || code=$?
if [ "$code" != 125 ] || [ ! -s "$archive" ]; then
  cat "$home/said" >&2
  echo "no class archive: exit code $code (expected: 125, the gateway does not answer)" >&2
  exit 1
fi
