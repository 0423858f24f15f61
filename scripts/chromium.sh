#!/bin/sh
# Prints the path of a Chromium for the browser tests; where there is none, installs Debian's when it may.
# Exits with 1, and one line that says why, when there is none to be had.
set -eu

for candidate in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -n "$candidate" ] && [ -x "$candidate" ]; then
    echo "$candidate"
    exit 0
  fi
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo 'No Chromium here: install one (Debian: apt-get install chromium), or set CHROMIUM to its path.' >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core; } >"$log" 2>&1; then
  echo "Chromium could not be installed: $(tail -n 1 "$log")" >&2
  exit 1
fi
echo /usr/bin/chromium
