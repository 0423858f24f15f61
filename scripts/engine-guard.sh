#!/bin/sh
# Removes every trace of an engine that a test or a measurement set up in a folder of its own: containers, processes,
# mounts, files. It begins when its standard input closes: when whoever started it says so, or ends, however that happens.
#
#   engine-guard.sh FOLDER       the program FOLDER/podman or FOLDER/docker, where there is one, is its command line
set -u
folder=$1

# Ctrl-C in a terminal reaches all of its programs; this one has its work to do then.
trap '' HUP INT TERM
while read -r _; do :; done

# Fails when there is none. What runs in a container names no folder, but its monitor, whose child it is, does.
end_processes() {
  ended=1
  # Listed before grep begins, whose own command line names the folder.
  set -- /proc/[0-9]*/cmdline
  for file in $(grep -lsF "$folder" "$@"); do
    pid=${file#/proc/}
    pid=${pid%/cmdline}
    [ "$pid" != $$ ] || continue
    kill -KILL "$pid" $(cat "/proc/$pid/task/$pid/children" 2>/dev/null) 2>/dev/null
    ended=0
  done
  return $ended
}

# Leaves no control groups either, as long as that engine can still be used.
remove_containers() {
  [ ! -x "$folder/podman" ] || timeout --signal KILL 60 "$folder/podman" rm --all --force --time 0
  [ ! -x "$folder/docker" ] ||
    timeout --signal KILL 60 "$folder/docker" ps --all --quiet | timeout --signal KILL 60 xargs -r "$folder/docker" rm --force
}
remove_containers >/dev/null 2>&1

# After each container that ends, its monitor starts a process to clean up, which makes mounts and folders anew.
rounds=0
while end_processes; do
  rounds=$((rounds + 1))
  [ $rounds -lt 200 ] || break
  sleep 0.05
done
cut -d ' ' -f 5 /proc/self/mountinfo | grep "^$folder/" | sort -r | xargs -r -n 1 umount --lazy
rm -rf "$folder"
