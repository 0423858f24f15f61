#!/bin/sh
# One small service of the demo. It does what the lines on its standard input say, answers health checks on file
# descriptor 3, and ends when its standard input is closed: so it never outlives the demo, however that ends.
health=ok
grown=0
echo "$1 is ready"
while read -r word rest; do
  case $word in
    health) echo "$health" >&3 ;;
    sick) health=$rest ;;
    well) health=ok ;;
    say) echo "$rest" ;;
    warn) echo "$rest" >&2 ;;
    exit) exit "$rest" ;;
    signal) kill -s "$rest" $$ ;;
    # Variables of their own: one long one would be copied each time.
    grow) grown=$((grown + 1)); eval "ballast$grown=\$(printf '%0${rest}d' 0)" ;;
  esac
done
