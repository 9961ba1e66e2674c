#!/usr/bin/env bash
# Installs what is missing, builds the example flows, starts a private PostgreSQL cluster and runs
# quickstart, rpa1 and rpa3 on it. Fails unless every figure is as it should be; leaves nothing
# running, and nothing behind but build/examples.
#
#   examples/run.sh                   everything
#   examples/run.sh --built DIR       with the programs of a build folder that is there already
#
# FLOWDB_EXAMPLE_POSTGRES=<connection string> uses the database that it names instead of a private
# cluster; its user must be allowed to create tables there.
set -euo pipefail

build=''
if [[ ${1:-} == --built && $# == 2 && -d $2 ]]; then
  build=$(readlink -f -- "$2")
elif (($# > 0)); then
  echo "usage: examples/run.sh [--built DIR]" >&2
  exit 2
fi
cd "$(dirname "$(readlink -f "$0")")/.."
repository=$PWD

work=''  # our temporary folder
child=0  # the program that is running now

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

build_flows() {
  run cmake/install_dependencies.sh
  run cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DFLOWDB_BUILD_TESTS=OFF \
    -DFLOWDB_BUILD_EXAMPLES=ON -DFLOWDB_INSTALL=OFF --log-level=WARNING
  run cmake --build "$build" --parallel "$(nproc)" --target \
    flowdb_example_quickstart flowdb_example_rpa1 flowdb_example_rpa3
}

# createdb of the newest PostgreSQL, from where tests/support/postgres_cluster.sh takes the server.
find_createdb() {
  local installed=(/usr/lib/postgresql/*/bin/createdb)
  if [[ -n ${FLOWDB_POSTGRES_BIN:-} ]]; then
    echo "$FLOWDB_POSTGRES_BIN/createdb"
  elif [[ -x ${installed[0]} ]]; then
    printf '%s\n' "${installed[@]}" | sort -V | tail -n 1
  else
    command -v createdb
  fi
}

# Starts a cluster with an empty database; sets connection_string.
start_cluster() {
  local url
  unset "${!PG@}"
  run tests/support/postgres_cluster.sh start "$work/cluster"
  url=$(tests/support/postgres_cluster.sh conninfo "$work/cluster")
  [[ $url =~ ^postgresql://([^:]+):([^@]+)@([^:]+):([0-9]+)/postgres(.*)$ ]]
  # The password goes through the environment, for a command line is everybody's to see.
  PGUSER=${BASH_REMATCH[1]} PGPASSWORD=${BASH_REMATCH[2]} PGHOST=${BASH_REMATCH[3]} \
    PGPORT=${BASH_REMATCH[4]} PGSSLMODE=require run "$(find_createdb)" rpa_db
  connection_string=${url%/postgres*}/rpa_db${url##*/postgres}
}

# The flows' settings: those of examples/project, and a file of our own for the one that is secret.
configure_flows() {
  unset "${!DEVELOPMENT_@}"
  (umask 077 && printf '%s\n' "$connection_string" >"$work/connection_string")
  export FLOWDB_PROJECT_ROOT=$repository/examples/project
  export FLOWDB_ENVIRONMENT=development
  export DEVELOPMENT_GLOBAL_RPA_DB_CONNECTION_STRING_FILE=$work/connection_string
}

run_flow() {
  printf '\n== %s\n' "$1"
  run "$build/examples/$1/$1"
}

if [[ -z $build ]]; then
  build=$repository/build/examples
  build_flows
fi
connection_string=${FLOWDB_EXAMPLE_POSTGRES:-}
unset FLOWDB_EXAMPLE_POSTGRES
work=$(mktemp -d "${TMPDIR:-/tmp}/flowdb-example-XXXXXX")
chmod 711 "$work"  # the server's own user has to pass
if [[ -z $connection_string ]]; then
  start_cluster
fi
configure_flows
run_flow quickstart
run_flow rpa1
run_flow rpa3
printf '\nAll figures are as they should be: rpa1 575 pieces, 6243.75, average 12.15; %s\n' \
  'rpa3 8 of 8 orders, 577.23.'
