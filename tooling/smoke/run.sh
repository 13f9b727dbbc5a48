#!/bin/sh
# run.sh TARBALLS: installs the tarballs of a directory into an empty project, and runs the smoke tests there, as root.
# NPM_FLAGS: more options for npm install, such as --offline.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tarballs=$(cd "$1" && pwd)
project=$(mktemp -d "${TMPDIR:-/tmp}/ifdepd-smoke.XXXXXX")
trap 'rm -rf "$project"' EXIT
trap 'exit 1' HUP INT TERM

cp "$here"/*.mjs "$project"
cd "$project"
echo '{"private": true}' >package.json
# shellcheck disable=SC2086 # options
npm install --no-audit --no-fund ${NPM_FLAGS:-} "$tarballs"/*.tgz
IFDEPD_COMMAND="$project/node_modules/.bin/ifdepd" node --test --test-reporter=spec smoke.test.mjs
