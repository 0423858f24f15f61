#!/bin/sh
# Makes sure that the tests find a real Prometheus and its promtool; where there is none, installs Debian's when it may.
# Exits with 1, and one line that says why, when there is none to be had.
set -eu

if command -v prometheus >/dev/null 2>&1 && command -v promtool >/dev/null 2>&1; then
  prometheus --version 2>&1 | head -n 1
  exit 0
fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo 'Not installed: prometheus, promtool. Install them (Debian: apt-get install prometheus).' >&2
  exit 1
fi

# Debian starts a server with the package; the tests start one of their own.
was_running=$(pgrep -x prometheus || true)
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends prometheus; } >"$log" 2>&1; then
  echo "Prometheus could not be installed: $(tail -n 1 "$log")" >&2
  exit 1
fi
if [ -z "$was_running" ] && command -v systemctl >/dev/null 2>&1; then
  systemctl disable --now prometheus >/dev/null 2>&1 || true
fi
prometheus --version 2>&1 | head -n 1
