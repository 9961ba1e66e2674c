#!/usr/bin/env bash
# The servers of one test run. STATE_DIR/postgres_url then holds the superuser's URL, STATE_DIR/root
# the name of the temporary folder in which tests make further clusters.
#
#   test_servers.sh start STATE_DIR   FLOWDB_TEST_POSTGRES=<url> makes it use that server instead
#   test_servers.sh stop STATE_DIR    ends all of them, those that tests left behind as well
set -euo pipefail
shopt -s nullglob

cluster_script=$(dirname "$(readlink -f "$0")")/postgres_cluster.sh

stop() {
  local root cluster
  [[ -f $state/root ]] || return 0
  root=$(<"$state/root")
  for cluster in "$root"/*/; do
    # A folder that holds no cluster is one whose creation was cut short.
    rmdir "$cluster" 2>/dev/null || "$cluster_script" stop "${cluster%/}"
  done
  rmdir "$root" 2>/dev/null || true
  rm -f "$state/root" "$state/postgres_url"
}

start() {
  local root
  stop
  mkdir -p "$state"
  root=$(mktemp -d "${TMPDIR:-/tmp}/flowdb-tests-XXXXXX")
  chmod 711 "$root"
  printf '%s\n' "$root" >"$state/root"
  if [[ -n ${FLOWDB_TEST_POSTGRES:-} ]]; then return; fi
  "$cluster_script" start "$root/shared"
  (umask 077 && "$cluster_script" conninfo "$root/shared" >"$state/postgres_url")
}

state=$2
case "$1" in
  start) start ;;
  stop) stop ;;
  *) echo "usage: test_servers.sh start|stop STATE_DIR" >&2; exit 2 ;;
esac
