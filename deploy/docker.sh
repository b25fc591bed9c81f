# Sourced by verify.sh after jdk25.sh: sees to it that a container engine answers, that there is a static busybox to make test
# images of, and a registry to push them to. With CI=true, as root on Debian or Ubuntu, it installs and starts what is missing;
# otherwise it says what to do.

DOCKER_LOG=${DOCKER_LOG:-/tmp/lilypad-dockerd.log}

engine_answers() {
  command -v docker >/dev/null 2>&1 && docker version >/dev/null 2>&1
}

# An image of it alone has no libraries.
has_busybox() {
  for busybox in /bin/busybox /usr/bin/busybox; do
    if [ -x "$busybox" ]; then
      ! ldd "$busybox" 2>/dev/null | grep -q '=>'
      return
    fi
  done
  return 1
}

use_docker() {
  if ! has_busybox; then
    install_packages "a static busybox" busybox-static
  fi
  if ! command -v docker-registry >/dev/null 2>&1; then
    install_packages "a container registry" docker-registry
  fi
  if engine_answers; then
    return 0
  fi
  if ! command -v dockerd >/dev/null 2>&1; then
    install_packages "a container engine" docker.io iptables
  fi
  command -v docker >/dev/null 2>&1 || install_packages "Docker's command line" docker-cli
  may_install || missing "an answer of the container engine" \
    "start it (as root: systemctl start docker, or: dockerd &), or set DOCKER_HOST to the socket of one that runs"
  start_engine
}

may_install() {
  [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ]
}

install_packages() {
  what=$1
  shift
  if ! may_install || ! command -v apt-get >/dev/null 2>&1; then
    missing "$what" "install it, on Debian and Ubuntu: sudo apt-get install $*"
  fi
  echo "installing $* ..."
  if ! apt_get install -y "$@" 2>/dev/null; then
    apt_get update && apt_get install -y "$@" || missing "$what: apt-get could not install $*" "run: apt-get install $*"
  fi
}

# A machine that has just booted updates itself, and keeps the lock.
apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 "$@" >/dev/null
}

start_engine() {
  echo "starting dockerd, its log is $DOCKER_LOG ..."
  nohup dockerd >"$DOCKER_LOG" 2>&1 </dev/null &
  daemon=$!
  tries=300
  while ! engine_answers; do
    tries=$((tries - 1))
    if [ "$tries" = 0 ] || ! kill -0 "$daemon" 2>/dev/null; then
      tail -n 20 "$DOCKER_LOG" >&2
      missing "an answer of the container engine" "read $DOCKER_LOG; dockerd needs root, cgroups and iptables"
    fi
    sleep 1
  done
}
