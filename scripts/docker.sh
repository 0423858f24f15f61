#!/bin/sh
# Makes sure that the tests find a real Docker; where there is none, installs Debian's when it may. The tests start a daemon
# of their own. Exits with 1, and one line that says why, when there is none to be had.
set -eu

missing=''
for program in dockerd docker containerd runc busybox; do
  command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
done
if [ -z "$missing" ]; then
  dockerd --version
  exit 0
fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Not installed:$missing. Install them (Debian: apt-get install docker.io busybox-static)." >&2
  exit 1
fi

# Debian starts a daemon with the package.
was_running=$(pgrep -x dockerd || true)
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! {
  apt-get update &&
    apt-get install -y --no-install-recommends docker.io busybox-static
} >"$log" 2>&1; then
  echo "Docker could not be installed: $(tail -n 1 "$log")" >&2
  exit 1
fi
if [ -z "$was_running" ] && command -v systemctl >/dev/null 2>&1; then
  systemctl disable --now docker.service docker.socket >/dev/null 2>&1 || true
fi
dockerd --version
