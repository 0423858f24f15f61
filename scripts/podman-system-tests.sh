#!/bin/bash
# Runs Podman's own system tests twice on one engine, without and with this monitor healing its containers, and compares
# how each test ended. Fetches nothing. Needs root, the built package (npm run build), podman, runc, bats, jq, busybox.
#
#   podman-system-tests.sh FOLDER [NUMBER …]
#
# FOLDER is test/system of Podman's source, of the version that is installed here.
# NUMBER names files in it by their beginnings; what is said of none is what starts, stops and kills containers.
# LOGS=FOLDER keeps there what each run said. Exits with 1 when tests differ that should not, and with 2 when it cannot run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

# The tests take the parts of its name from these.
export PODMAN_TEST_IMAGE_REGISTRY=localhost PODMAN_TEST_IMAGE_USER=podman PODMAN_TEST_IMAGE_TAG=busybox
IMAGE=$PODMAN_TEST_IMAGE_REGISTRY/$PODMAN_TEST_IMAGE_USER/testimage:$PODMAN_TEST_IMAGE_TAG

# They leave a container down after it crashed and look at it then, which is just what a monitor is there to mend.
MAY_DIFFER=(
  'podman kill - test signal handling in containers'
  'podman healthcheck --health-on-failure'
)

fail() {
  echo "$1" >&2
  exit 2
}

tests=${1:-}
[ -n "$tests" ] || fail 'podman-system-tests.sh FOLDER [NUMBER …]: say where test/system of Podman is.'
[ -d "$tests" ] || fail "There is no folder $tests."
tests=$(cd "$tests" && pwd)
shift
[ $# -gt 0 ] || set -- 045 050 055 080 130 200 220
files=()
for number in "$@"; do
  found=("$tests/$number"*.bats)
  [ -f "${found[0]}" ] || fail "There is no test $number in $tests."
  files+=("${found[@]}")
done
[ "$(id -u)" = 0 ] || fail 'Podman as root is needed.'
for program in podman runc bats jq busybox node; do
  command -v "$program" >/dev/null || fail "Not installed: $program."
done
[ -f "$here/../dist/index.js" ] || fail 'The package is not built: npm run build.'

work=$(mktemp -d)
logs=${LOGS:-$work}
mkdir -p "$logs"
# The guard removes every trace when the pipe is closed: when this script ends, however that happens.
mkfifo "$work/alive"
sh "$here/engine-guard.sh" "$work" <"$work/alive" &
guard=$!
exec 9>"$work/alive"
monitor=''
finish() {
  [ -z "$monitor" ] || kill "$monitor" 2>/dev/null || true
  exec 9>&-
  wait "$guard" || true
}
trap finish EXIT

# What no machine is asked to share, and what also works where there is no journal, no network and no systemd.
cat >"$work/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:20000", "nproc=1024:2048"]
netns = "none"
[engine]
runtime = "runc"
events_logger = "file"
lock_type = "file"
cgroup_manager = "cgroupfs"
CONF
cat >"$work/podman" <<WRAPPER
#!/bin/sh
CONTAINERS_CONF=$work/containers.conf exec podman --root $work/root --runroot $work/runroot --tmpdir $work/tmp "\$@"
WRAPPER
chmod 700 "$work/podman"

import_image() {
  mkdir -p "$work/rootfs/bin" "$work/rootfs/tmp" "$work/rootfs/etc" "$work/rootfs/home/podman"
  cp "$(command -v busybox)" "$work/rootfs/bin/busybox"
  local applet
  for applet in $(busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$work/rootfs/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$work/rootfs/etc/passwd"
  tar -C "$work/rootfs" -cf "$work/image.tar" .
  "$work/podman" import --quiet --change 'CMD ["/bin/echo", "hello"]' --change 'ENV PATH=/bin' \
    "$work/image.tar" "$IMAGE" >/dev/null
}

# Says a line for each test: how it ended, and its name. One that stops the whole file is seen by those after it missing.
run_tests() {
  TMPDIR=$work PODMAN=$work/podman bats --tap "${files[@]}" >"$logs/$1.tap" 2>&1 9>&- || true
  sed -nE 's/^(ok|not ok) [0-9]+ (.*)$/\1\t\2/p' "$logs/$1.tap" |
    sed -E 's/^ok\t(.*[^ ]) +# skip.*/skipped\t\1/; s/ in [0-9]+ms$//' >"$work/$1.ends"
}

start_monitor() {
  "$work/podman" system service --time 0 "unix://$work/podman.sock" >/dev/null 2>&1 9>&- &
  # The guard ends it, and nobody is to be told of that.
  disown
  local tries
  for tries in $(seq 200); do
    [ ! -S "$work/podman.sock" ] || break
    sleep 0.1
  done
  (cd "$here/.." && exec node scripts/watch-podman.mjs "$work/podman.sock") >"$logs/monitor.log" 2>&1 9>&- &
  monitor=$!
  for tries in $(seq 200); do
    ! grep -q '^ready' "$logs/monitor.log" || return 0
    sleep 0.1
  done
  fail "The monitor does not begin: $(tail -n 1 "$logs/monitor.log")"
}

may_differ() {
  local name
  for name in "${MAY_DIFFER[@]}"; do [ "$name" != "$1" ] || return 0; done
  return 1
}

compare() {
  local alone watched name word differ=0
  while IFS=$'\t' read -r alone name; do
    watched=$(awk -F '\t' -v name="$name" '$2 == name { print $1; exit }' "$work/watched.ends")
    word=same
    if [ "$alone" != "${watched:-not run}" ]; then
      word='DIFFERS'
      if may_differ "$name"; then word='differs, as it may'; else differ=1; fi
    fi
    printf '%-7s | %-7s | %-18s | %s\n' "$alone" "${watched:-not run}" "$word" "$name"
  done <"$work/alone.ends"
  return $differ
}

import_image
run_tests alone
[ -s "$work/alone.ends" ] || fail "No test was run: $(tail -n 1 "$logs/alone.tap")"
start_monitor
run_tests watched
printf '%-7s | %-7s | %-18s | %s\n' alone watched '' test
compare
