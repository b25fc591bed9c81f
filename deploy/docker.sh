# Sourced by verify.sh after jdk25.sh: sees to it that a container engine answers, that there is a static busybox to make test
# images of, and a registry to push them to. With CI=true, as root on Debian or Ubuntu, it installs and starts what is missing;
# otherwise it says what to do.

DOCKER_LOG=${DOCKER_LOG:-/tmp/lilypad-dockerd.log}

engine_answers() {
  command -v docker >/dev/null 2>&1 && docker version >/dev/null 2>&1
}

has_busybox() {
  [ -x /bin/busybox ] || [ -x /usr/bin/busybox ]
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
  if ! DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null 2>&1; then
    apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null \
      || missing "$what: apt-get could not install $*" "run: apt-get install $*"
  fi
}

start_engine() {
  echo "starting dockerd, its log is $DOCKER_LOG ..."
  nohup dockerd >"$DOCKER_LOG" 2>&1 </dev/null &
  tries=60
  while ! engine_answers; do
    tries=$((tries - 1))
    if [ "$tries" = 0 ]; then
      tail -n 20 "$DOCKER_LOG" >&2
      missing "an answer of the container engine within 60 s" "read $DOCKER_LOG; dockerd needs root, cgroups and iptables"
    fi
    sleep 1
  done
}
