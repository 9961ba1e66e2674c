#!/usr/bin/env bash
# Measures flowdb beside libpq and SOCI: builds the benchmark (preset release), starts a private
# PostgreSQL cluster on one processor, runs the workloads on another and prints the table.
#
#   tests/benchmark/run.sh [--tls] [--together]
#
# --tls goes over TCP with TLS instead of a Unix socket; --together leaves client and server to one
# processor, where a round trip is a switch between processes and wakes no processor.
# Writes build/benchmark/results.json as well, and draws build/benchmark/ratios.svg where there is
# gnuplot. libpqxx, SOCI and SQLAlchemy take part where they are installed (libpqxx-dev;
# python3-sqlalchemy and python3-psycopg2).
set -euo pipefail

client_processor=0
server_processor=1
transport=socket
for argument in "$@"; do
  case "$argument" in
    --tls) transport=tls ;;
    --together) server_processor=$client_processor ;;
    *) echo "usage: tests/benchmark/run.sh [--tls] [--together]" >&2; exit 2 ;;
  esac
done
cd "$(dirname "$(readlink -f "$0")")/../.."

work=''
child=0
# Runs a program so that a signal to this script ends the program first, and at once.
run() {
  local status=0
  "$@" &
  child=$!
  wait "$child" || status=$?
  child=0
  return "$status"
}

clean_up() {
  trap '' INT TERM HUP
  if ((child != 0)); then
    kill -TERM "$child" 2>/dev/null || true
    wait "$child" || true
  fi
  if [[ -z $work ]]; then return; fi
  tests/support/postgres_cluster.sh stop "$work/cluster" || true
  rm -rf -- "$work"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts the cluster; sets FLOWDB_BENCHMARK_POSTGRES.
start_cluster() {
  local conninfo=conninfo
  work=$(mktemp -d "${TMPDIR:-/tmp}/flowdb-benchmark-XXXXXX")
  chmod 711 "$work"  # the server's own user has to pass
  FLOWDB_CLUSTER_SETTINGS="
fsync = off
shared_buffers = 256MB
autovacuum = off
max_wal_size = 4GB
checkpoint_timeout = 1h
max_parallel_workers_per_gather = 0
synchronize_seqscans = off" \
    run taskset -c "$server_processor" tests/support/postgres_cluster.sh start "$work/cluster"
  if [[ $transport == socket ]]; then conninfo=socket_conninfo; fi
  FLOWDB_BENCHMARK_POSTGRES=$(tests/support/postgres_cluster.sh "$conninfo" "$work/cluster")
  export FLOWDB_BENCHMARK_POSTGRES
}

taskset -c "$client_processor,$server_processor" true ||
  { echo "the benchmark needs processors $client_processor and $server_processor" >&2; exit 1; }
unset "${!PG@}"
run tests/support/build_release.sh flowdb_benchmark
start_cluster
results=build/benchmark/results.json
mkdir -p "$(dirname "$results")"
run taskset -c "$client_processor" build/release/tests/benchmark/flowdb_benchmark "$results"
echo "Every round is in $results."
if command -v gnuplot >/dev/null; then
  gnuplot -e "data='$results.ratios'; image='build/benchmark/ratios.svg'" tests/benchmark/ratios.gp
  echo "The ratios are drawn in build/benchmark/ratios.svg."
fi
