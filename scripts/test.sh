#!/bin/sh
# Everything `npm test` does: finds or installs what the tests need, builds, checks types and style, runs the tests.
# What cannot be had is said in a line and its tests are left out; with CI=true it is a failure.
set -eu

for tool in podman docker chromium prometheus servers sshd; do
  if ! sh "scripts/$tool.sh"; then
    [ "${CI:-}" != true ] || exit 1
    echo "The tests that need $tool are left out."
  fi
done

npm run --silent build
npm run --silent typecheck
npm run --silent lint
exec npx vitest run "$@"
