#!/usr/bin/env bash
# Counts the instructions of flowdb's hot paths (valgrind's callgrind) and holds them against
# limits.txt: a regression shows whatever else the machine is doing.
#
#   tests/benchmark/instructions/run.sh
#
# Each path runs a few and many times; the difference is what one time takes.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cd "$here/../../.."

readonly few=200 many=1200
if ! command -v valgrind >/dev/null; then
  echo "instructions/run.sh: valgrind is missing: apt-get install valgrind" >&2
  exit 2
fi
tests/support/build_release.sh flowdb_hot_paths

work=$(mktemp -d "${TMPDIR:-/tmp}/flowdb-instructions-XXXXXX")
chmod 711 "$work"  # the server's own user has to pass
clean_up() {
  tests/support/postgres_cluster.sh stop "$work/cluster" || true
  rm -rf -- "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
tests/support/postgres_cluster.sh start "$work/cluster"
FLOWDB_BENCHMARK_POSTGRES=$(tests/support/postgres_cluster.sh socket_conninfo "$work/cluster")
export FLOWDB_BENCHMARK_POSTGRES

# Prints how many instructions `path` takes when it runs `times` times.
count() {
  local path=$1 times=$2 log=$work/callgrind.log
  if ! valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$log" \
    build/release/tests/benchmark/instructions/flowdb_hot_paths "$path" "$times" >&2; then
    cat "$log" >&2
    return 1
  fi
  sed -n 's/.*Collected : //p' "$log"
}

failed=0
printf '%-18s %14s %10s\n' path instructions limit
while read -r path limit; do
  if [[ -z $path || $path == '#'* ]]; then continue; fi
  once=$((($(count "$path" $many) - $(count "$path" $few)) / (many - few)))
  verdict=''
  if ((once > limit)); then
    verdict='  too many'
    failed=1
  fi
  printf '%-18s %14d %10d%s\n' "$path" "$once" "$limit" "$verdict"
done <"$here/limits.txt"
exit "$failed"
