#!/bin/sh
# Makes sure that the tests find OpenSSH's client and server; where there are none, installs Debian's when it may.
# Exits with 1, and one line that says why, when there are none to be had.
set -eu

if command -v ssh >/dev/null 2>&1 && [ -x /usr/sbin/sshd ]; then
  ssh -V 2>&1
  exit 0
fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo 'Not installed: ssh, /usr/sbin/sshd. Install them (Debian: apt-get install openssh-server).' >&2
  exit 1
fi

# Debian starts a server with the package; the tests start their own.
was_running=$(pgrep -x sshd || true)
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends openssh-client openssh-server; } >"$log" 2>&1; then
  echo "OpenSSH could not be installed: $(tail -n 1 "$log")" >&2
  exit 1
fi
if [ -z "$was_running" ] && command -v systemctl >/dev/null 2>&1; then
  systemctl disable --now ssh ssh.socket >/dev/null 2>&1 || true
fi
ssh -V 2>&1
