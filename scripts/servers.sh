#!/bin/sh
# Prints where PostgreSQL, PgBouncer, Redis and nginx are, for the tests that ask real servers; where one is missing,
# installs Debian's when it may. Exits with 1, and one line that says why, when one is not to be had.
set -eu

PATH="$PATH:/usr/sbin"

folder_of() {
  for candidate in "$(command -v "$1" || true)" /usr/lib/postgresql/*/bin/"$1"; do
    if [ -x "$candidate" ]; then
      dirname "$candidate"
      return
    fi
  done
}

missing=
for server in postgres pgbouncer redis-server nginx; do
  [ -n "$(folder_of $server)" ] || missing="$missing $server"
done

if [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed:$missing. Install them (Debian: apt-get install postgresql pgbouncer redis-server nginx-light)." >&2
    exit 1
  fi
  # Debian starts a server with each package; the tests start their own.
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  policy=/usr/sbin/policy-rc.d
  made=
  if [ ! -e "$policy" ]; then
    made=$policy
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  trap 'rm -f "$log" $made' EXIT
  packages=$(echo "$missing" | sed 's/postgres/postgresql/; s/nginx/nginx-light/')
  # shellcheck disable=SC2086 # a list
  if ! { apt-get update && apt-get install -y --no-install-recommends $packages; } >"$log" 2>&1; then
    echo "Servers could not be installed: $(tail -n 1 "$log")" >&2
    exit 1
  fi
fi

for server in postgres pgbouncer redis-server nginx; do
  folder_of $server
done
