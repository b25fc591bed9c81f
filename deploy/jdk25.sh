# Sourced by the scripts beside it: finds a JDK 25 (with compiler) and exports JAVA_HOME, or says what is missing.

is_jdk_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25' "$1/release"
}

use_jdk_25() {
  for candidate in "${LILYPAD_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/java/*25* /opt/*jdk*25* \
    /opt/java/* "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25* \
    /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    if [ -n "$candidate" ] && is_jdk_25 "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  missing "a JDK 25 (looked at LILYPAD_JAVA_HOME, JAVA_HOME, /usr/lib/jvm, /usr/java, /opt, ~/.sdkman, ~/.jdks)" \
    "install one, such as temurin-25-jdk, or set LILYPAD_JAVA_HOME to it"
}

# Says what is missing and what to do, and ends the script.
missing() {
  echo "missing: $1" >&2
  echo "next:    $2" >&2
  exit 1
}

need() {
  command -v "$1" >/dev/null 2>&1 || missing "the program '$1'" "$2"
}
