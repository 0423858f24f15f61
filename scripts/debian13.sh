#!/bin/sh
# A Podman 5 and a Docker 26 for the tests, whatever the host has: Debian 13's, in a root of its own. Needs root.
#
#   debian13.sh build                 builds that root where it is missing (about a minute, 700 MB); prints its path
#   debian13.sh check                 says whether it was built
#   debian13.sh enter FOLDER COMMAND  runs a command in it, with FOLDER shared; its processes are the host's
#
# Exits with 1, and one line that says why, when it is not to be had.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/archipelago-health-monitor
root=$cache/debian-13-engines
suite=trixie
# Empty: debootstrap's own default.
mirror=${DEBIAN_MIRROR:-}

fail() {
  echo "$1" >&2
  exit 1
}

build() {
  [ "$(id -u)" = 0 ] || fail 'Debian 13 for the tests needs root.'
  mkdir -p "$cache"
  # Several tests may want it at once.
  exec 9>"$cache/lock"
  flock 9
  if [ ! -x "$root/usr/sbin/dockerd" ]; then
    log=$cache/debootstrap.log
    if ! command -v debootstrap >/dev/null 2>&1; then
      command -v apt-get >/dev/null 2>&1 || fail 'Debian 13 for the tests needs debootstrap.'
      { apt-get update && apt-get install -y --no-install-recommends debootstrap; } >"$log" 2>&1 ||
        fail "debootstrap could not be installed: $(tail -n 1 "$log")"
    fi
    unfinished=$(mktemp -d "$cache/unfinished.XXXXXX")
    trap 'rm -rf "$unfinished"' EXIT
    chmod 755 "$unfinished"
    debootstrap --variant=minbase --include=podman,runc,conmon,netavark,docker.io,docker-cli "$suite" "$unfinished" $mirror >"$log" 2>&1 ||
      fail "Debian 13 could not be built: $(tail -n 1 "$log")"
    rm -rf "$unfinished/var/cache/apt" "$unfinished/var/lib/apt/lists"
    mv -T "$unfinished" "$root"
  fi
  echo "$root"
}

# Engines cannot work in a plain chroot: the root has to be a mount, so it becomes one in a mount namespace of its own.
enter() {
  exec unshare --mount --propagation private sh -euc '
    root=$1 folder=$2
    shift 2
    mount --bind "$root" "$root"
    for system in proc sys dev; do mount --rbind "/$system" "$root/$system"; done
    mount -t tmpfs tmpfs "$root/run"
    mount -t tmpfs tmpfs "$root/tmp"
    mkdir -p "$root$folder" "$root/tmp/.host"
    mount --bind "$folder" "$root$folder"
    cd "$root"
    pivot_root . tmp/.host
    umount -l /tmp/.host
    exec "$@"
  ' sh "$root" "$@"
}

case "${1:-}" in
  build) build ;;
  check) [ "$(id -u)" = 0 ] && [ -x "$root/usr/sbin/dockerd" ] || fail 'it is not built here (as root: scripts/debian13.sh build)' ;;
  enter)
    shift
    enter "$@"
    ;;
  *) fail 'debian13.sh: say build, check, or enter FOLDER COMMAND.' ;;
esac
