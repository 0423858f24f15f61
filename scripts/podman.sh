#!/bin/sh
# Makes sure that the tests find a real Podman; where there is none, installs Debian's when it may.
# Exits with 1, and one line that says why, when there is none to be had.
set -eu

missing=''
for program in podman runc conmon busybox; do
  command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
done
if [ -z "$missing" ]; then
  podman --version
  exit 0
fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Not installed:$missing. Install them (Debian: apt-get install podman runc conmon netavark busybox-static)." >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! {
  apt-get update &&
    apt-get install -y --no-install-recommends podman runc conmon netavark busybox-static
} >"$log" 2>&1; then
  echo "Podman could not be installed: $(tail -n 1 "$log")" >&2
  exit 1
fi
podman --version
