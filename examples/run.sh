#!/usr/bin/env bash
# Installs what is missing, builds the example flows, starts a private PostgreSQL cluster and runs
# quickstart, rpa1, rpa2 and rpa3 on it. Fails unless every figure is as it should be; leaves
# nothing running, and nothing behind but build/examples.
#
#   examples/run.sh                   everything
#   examples/run.sh --built DIR       with the programs of a build folder that is there already
#
# FLOWDB_EXAMPLE_POSTGRES=<connection string> uses the database that it names instead of a private
# cluster; its user must be allowed to create tables there.
#
# SurveyHub, which rpa2 reads, is a SQL Server database. FLOWDB_EXAMPLE_SQLSERVER=<connection string>
# names one: rpa2 only reads there, but where it has no table survey_responses, one with the sample's
# six rows is made first (and stays). Without it the project's own TDS server, a test program, stands
# in: it speaks SQL Server's protocol to the same driver and has a second database of the private
# cluster answer.
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
tds_server=0

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
  if ((tds_server != 0)); then
    kill -TERM "$tds_server" 2>/dev/null || true
    wait "$tds_server" || true
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
  run cmake/install_dependencies.sh --without-tests
  run cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DFLOWDB_BUILD_TESTS=OFF \
    -DFLOWDB_BUILD_EXAMPLES=ON -DFLOWDB_INSTALL=OFF --log-level=WARNING
  run cmake --build "$build" --parallel "$(nproc)" --target \
    flowdb_example_quickstart flowdb_example_rpa1 flowdb_example_rpa2 flowdb_example_rpa3 \
    flowdb_tds_server
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

# Starts a cluster with two empty databases and leaves libpq's variables for its superuser behind:
# a password on a command line would be everybody's to see.
start_cluster() {
  local database
  unset "${!PG@}"
  run tests/support/postgres_cluster.sh start "$work/cluster"
  cluster_url=$(tests/support/postgres_cluster.sh conninfo "$work/cluster")
  [[ $cluster_url =~ ^postgresql://([^:]+):([^@]+)@([^:]+):([0-9]+)/postgres(.*)$ ]]
  export PGUSER=${BASH_REMATCH[1]} PGPASSWORD=${BASH_REMATCH[2]} PGHOST=${BASH_REMATCH[3]} \
    PGPORT=${BASH_REMATCH[4]} PGSSLMODE=require
  for database in rpa_db survey_hub; do
    run "$(find_createdb)" "$database"
  done
}

# Has the cluster's survey_hub served as SQL Server would; sets sqlserver.
start_tds_server() {
  (umask 077 && head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/tds_password")
  "$build/tests/support/tds_server/flowdb_tds_server" --postgres dbname=survey_hub --user flow \
    --password-file "$work/tds_password" --port-file "$work/tds_port" >/dev/null &
  tds_server=$!
  until [[ -e $work/tds_port ]]; do
    if ! kill -0 "$tds_server" 2>/dev/null; then
      echo "the TDS server did not start" >&2
      exit 1
    fi
    sleep 0.05
  done
  sqlserver="sqlserver://flow:$(<"$work/tds_password")@127.0.0.1:$(<"$work/tds_port")"
  sqlserver+='/survey_hub?driver=FreeTDS'
}

# The flows' settings: those of examples/project, and files of our own for those that are secret.
configure_flows() {
  unset "${!DEVELOPMENT_@}"
  (umask 077 && printf '%s\n' "$connection_string" >"$work/connection_string" &&
    printf '%s\n' "$sqlserver" >"$work/survey_hub")
  export FLOWDB_PROJECT_ROOT=$repository/examples/project
  export FLOWDB_ENVIRONMENT=development
  export DEVELOPMENT_GLOBAL_RPA_DB_CONNECTION_STRING_FILE=$work/connection_string
  export DEVELOPMENT_GLOBAL_SURVEYHUB_CONNECTION_STRING_FILE=$work/survey_hub
}

run_flow() {
  printf '\n== %s\n' "$*"
  run "$build/examples/$1/$1" "${@:2}"
}

if [[ -z $build ]]; then
  build=$repository/build/examples
  build_flows
fi
connection_string=${FLOWDB_EXAMPLE_POSTGRES:-}
sqlserver=${FLOWDB_EXAMPLE_SQLSERVER:-}
unset FLOWDB_EXAMPLE_POSTGRES FLOWDB_EXAMPLE_SQLSERVER
work=$(mktemp -d "${TMPDIR:-/tmp}/flowdb-example-XXXXXX")
chmod 711 "$work"  # the server's own user has to pass
if [[ -z $connection_string || -z $sqlserver ]]; then
  start_cluster
  if [[ -z $sqlserver ]]; then start_tds_server; fi
  unset "${!PG@}"
fi
if [[ -z $connection_string ]]; then
  connection_string=${cluster_url%/postgres*}/rpa_db${cluster_url##*/postgres}
fi
configure_flows
run_flow quickstart
run_flow rpa1
run_flow rpa2 --make-sample
run_flow rpa2
run_flow rpa3
printf '\nAll figures are as they should be: %s; %s; %s\n' 'rpa1 575 pieces, 6243.75, average 12.15' \
  'rpa2 3 valid and 2 invalid users, 6 surveys from SurveyHub' \
  'rpa3 8 of 8 orders, 577.23.'
