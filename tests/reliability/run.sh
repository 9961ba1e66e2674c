#!/usr/bin/env bash
# The trials in their long form: each tries, for minutes, to bring about what must never happen.
# Builds (preset release), starts the servers that they need and reports a line for each; a failed
# one tells how the same is run again.
#
#   tests/reliability/run.sh [--duration SECONDS] [--seed N] [TRIAL | SETTING=NUMBER]...
#   tests/reliability/run.sh --list
#
# --duration is for each trial that goes on for a time, instead of its own. Without a TRIAL all are
# run, and then each fuzz target for a minute, where clang is installed.
# FLOWDB_TEST_POSTGRES=<superuser's connection string> uses that server instead of a private one.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

build=build/release
tests/support/build_release.sh flowdb_reliability

everything=1
skip=0
for argument in "$@"; do
  if ((skip)); then skip=0; continue; fi
  case "$argument" in
    --duration | --seed | --server) skip=1 ;;
    *) everything=0 ;;
  esac
done

trap 'tests/support/test_servers.sh stop "$build/test_servers"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
tests/support/test_servers.sh start "$build/test_servers"
status=0
"$build/tests/reliability/flowdb_reliability" "$@" || status=$?
if ((everything)) && command -v clang++ >/dev/null; then
  tests/fuzz/run.sh 60 || status=$?
fi
exit "$status"
