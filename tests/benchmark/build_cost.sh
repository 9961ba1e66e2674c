#!/usr/bin/env bash
# What flowdb costs a program to build: the time to compile a file that includes it, beside one that
# includes libpqxx; the time to link the quickstart; how much of the program is flowdb's.
#
#   tests/benchmark/build_cost.sh
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

tests/support/build_release.sh flowdb_example_quickstart
work=$(mktemp -d "${TMPDIR:-/tmp}/flowdb-build-cost-XXXXXX")
trap 'rm -rf -- "$work"' EXIT

# Prints the seconds of processor time that a command takes.
seconds() {
  local TIMEFORMAT='%U %S'
  { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}
median() { sort -n | awk '{ line[NR] = $1 } END { print line[int((NR + 1) / 2)] }'; }

compiler=${CXX:-c++}
echo '#include <flowdb/flowdb.hpp>' >"$work/flowdb.cpp"
echo '#include <pqxx/pqxx>' >"$work/pqxx.cpp"
for _ in 1 2 3 4 5; do
  seconds "$compiler" -std=c++20 -O2 -Iinclude -c "$work/flowdb.cpp" -o "$work/flowdb.o" \
    >>"$work/flowdb.seconds"
  if [[ -d /usr/include/pqxx ]]; then
    seconds "$compiler" -std=c++20 -O2 -c "$work/pqxx.cpp" -o "$work/pqxx.o" >>"$work/pqxx.seconds"
  fi
done
flowdb=$(median <"$work/flowdb.seconds")
printf '#include <flowdb/flowdb.hpp>   %5.2f s\n' "$flowdb"
if [[ -f $work/pqxx.seconds ]]; then
  pqxx=$(median <"$work/pqxx.seconds")
  printf '#include <pqxx/pqxx>           %5.2f s, flowdb %.2f times as much\n' "$pqxx" \
    "$(awk "BEGIN { print $flowdb / $pqxx }")"
fi

mapfile -t link < <(cd build/release && ninja -t commands examples/quickstart/quickstart | tail -n 1)
program=build/release/examples/quickstart/quickstart
for _ in 1 2 3 4 5; do
  rm -f "$program"
  (cd build/release && seconds bash -c "${link[0]}") >>"$work/link.seconds"
done
printf 'linking the quickstart         %5.2f s\n' "$(median <"$work/link.seconds")"
strip -o "$work/quickstart" "$program"
printf 'the quickstart, stripped       %5.2f MiB\n' \
  "$(stat -c %s "$work/quickstart" | awk '{ print $1 / 1048576 }')"
