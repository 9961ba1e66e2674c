#!/usr/bin/env bash
# A private PostgreSQL cluster in a folder of its own: TLS, SCRAM, a random password, a free port on
# 127.0.0.1. Called by root, the server runs as an unprivileged user.
#
#   postgres_cluster.sh start DIR             creates the cluster in DIR (new or empty), starts it
#   postgres_cluster.sh standby DIR PRIMARY   the same as a standby that streams from the cluster in
#                                             PRIMARY, whose certificates and password it shares
#   postgres_cluster.sh follow DIR PRIMARY    makes a cluster a standby of PRIMARY, on its old port;
#                                             its own data are gone
#   postgres_cluster.sh promote DIR           makes a standby a primary
#   postgres_cluster.sh conninfo DIR          prints the superuser's postgresql:// URL
#   postgres_cluster.sh socket_conninfo DIR   the same by way of the Unix socket in DIR, without TLS
#   postgres_cluster.sh halt DIR              shuts the server down and keeps the data
#   postgres_cluster.sh kill DIR              ends all its processes at once, as a power cut would
#   postgres_cluster.sh restart DIR           starts it again, on the same port, from any state
#   postgres_cluster.sh stop DIR              shuts the server down and removes DIR
#
# DIR/root.crt is the certificate of the authority, DIR/server.log the log. In the environment:
# FLOWDB_CLUSTER_SETTINGS, further lines for postgresql.conf; FLOWDB_POSTGRES_BIN, the folder of
# the server's programs.
set -euo pipefail
shopt -s nullglob
umask 022
unset "${!PG@}"

fail() { printf 'postgres_cluster.sh: %s\n' "$*" >&2; exit 1; }

find_programs() {
  local candidates=(/usr/lib/postgresql/*/bin/initdb) found
  if [[ -n ${FLOWDB_POSTGRES_BIN:-} ]]; then
    programs=$FLOWDB_POSTGRES_BIN
  elif ((${#candidates[@]} > 0)); then
    programs=$(dirname "$(printf '%s\n' "${candidates[@]}" | sort -V | tail -n 1)")
  elif found=$(command -v initdb); then
    programs=$(dirname "$(readlink -f "$found")")
  else
    fail "no PostgreSQL server is installed; run cmake/install_dependencies.sh"
  fi
  [[ -x $programs/initdb && -x $programs/pg_ctl ]] || fail "no initdb and pg_ctl in $programs"
}

# Sets `as_server`, the command prefix that runs a program as the user who owns the cluster.
choose_user() {
  as_server=(env LC_ALL=C HOME="$directory")  # no certificates or passwords of the caller's
  if ((EUID != 0)); then return; fi
  server_user=nobody
  if getent passwd postgres >/dev/null; then server_user=postgres; fi
  as_server=(setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" --clear-groups
    "${as_server[@]}")
}

make_certificates() {
  local key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
  {
    openssl req -x509 "${key[@]}" -days 3650 -subj "/CN=flowdb test authority" \
      -keyout authority.key -out root.crt
    openssl req -new "${key[@]}" -subj "/CN=localhost" -keyout server.key -out server.csr
    openssl x509 -req -days 3650 -in server.csr -CA root.crt -CAkey authority.key \
      -CAcreateserial -out server.crt \
      -extfile <(echo "subjectAltName=DNS:localhost,IP:127.0.0.1")
  } >/dev/null 2>openssl.log || fail "openssl: $(<openssl.log)"
  rm -f authority.key server.csr root.srl openssl.log
  chmod 600 server.key
}

# Paths are relative to the data folder, so that neither the length of DIR nor its characters matter.
write_settings() {
  cat >>data/postgresql.conf <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = '..'
max_connections = 200
password_encryption = 'scram-sha-256'
ssl = on
ssl_cert_file = '../server.crt'
ssl_key_file = '../server.key'
fsync = off
dynamic_shared_memory_type = mmap
log_min_messages = warning
log_statement = none
lc_messages = 'C'
${FLOWDB_CLUSTER_SETTINGS:-}
SETTINGS
  cat >data/pg_hba.conf <<RULES
local   all         all scram-sha-256
hostssl all         all 127.0.0.1/32 scram-sha-256
hostssl replication all 127.0.0.1/32 scram-sha-256
RULES
}

initialise() {
  head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >password
  chmod 600 password
  make_certificates
  touch server.log
  if ((EUID == 0)); then chown -R "$server_user" .; fi
  # In a session of its own: a signal from the terminal would make it leave shared memory behind.
  setsid --wait "${as_server[@]}" "$programs/initdb" --pgdata=data --username=postgres \
    --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 \
    --no-sync --no-instructions >initdb.log 2>&1 || fail "initdb: $(<initdb.log)"
  rm initdb.log
  write_settings
}

# The copy brings the primary's settings along, and is told where to stream from.
copy_primary() {
  cp -p -- "$primary"/{root.crt,server.crt,server.key,password} .
  touch server.log
  if ((EUID == 0)); then chown -R "$server_user" .; fi
  local source
  source="host=127.0.0.1 port=$(<"$primary/port") user=postgres sslmode=require"
  PGPASSWORD=$(<password) "${as_server[@]}" "$programs/pg_basebackup" --pgdata=data \
    --dbname="$source application_name=standby" --write-recovery-conf --checkpoint=fast --no-sync \
    --no-password >basebackup.log 2>&1 || fail "pg_basebackup: $(<basebackup.log)"
  rm basebackup.log
  # Promoted, it must not wait for standbys that it has not.
  sed -i '/^synchronous_standby_names/d' data/postgresql.auto.conf
  if ((EUID == 0)); then chown "$server_user" data/postgresql.auto.conf; fi
}

launch() {
  "${as_server[@]}" "$programs/pg_ctl" start --silent --wait --timeout=60 --pgdata=data \
    --log=server.log --options="-p $1" >/dev/null 2>&1 </dev/null && wait_until_ready
}

# A standby takes connections a little later than it counts as started.
wait_until_ready() {
  local limit=$((SECONDS + 60))
  until [[ $(sed -n 8p data/postmaster.pid 2>/dev/null) == ready* ]]; do
    ((SECONDS < limit)) && [[ -e data/postmaster.pid ]] || return 1
    sleep 0.02
  done
}

# Prints the ids of the server's processes: all of them work in the data folder, and nothing else
# does. Only their own user may look there.
processes() {
  "${as_server[@]}" bash -c 'for link in /proc/[0-9]*/cwd; do
    if [[ $link -ef data ]]; then echo "${link//[!0-9]/}"; fi
  done'
}

start_on_free_port() {
  local port
  for _ in {1..20}; do
    # Below the range that outgoing connections take their ports from.
    port=$((20000 + RANDOM % 12000))
    : >server.log
    if launch "$port"; then
      echo "$port" >port
      return
    fi
    grep -q 'Address already in use' server.log || break
  done
  fail "the server did not start: $(tail -n 20 server.log)"
}

# Creates the cluster whose data `$1` makes.
start_cluster() {
  if [[ -e $directory ]]; then
    [[ -d $directory && -z $(ls -A -- "$directory") ]] || fail "$directory is not an empty folder"
  fi
  mkdir -p -- "$directory"
  cd -- "$directory"
  trap remove_cluster EXIT
  trap 'exit 130' INT TERM
  : >.flowdb-cluster
  chmod 711 .
  "${as_server[@]}" test -r "$directory/.flowdb-cluster" ||
    fail "the user $server_user cannot enter $directory; choose a folder under /tmp"
  "$1"
  start_on_free_port
  trap - EXIT INT TERM
}

kill_cluster() {
  local ids
  # Several rounds, for the postmaster may fork while it is being looked at.
  while mapfile -t ids < <(processes) && ((${#ids[@]} > 0)); do
    kill -KILL "${ids[@]}" 2>/dev/null || true
  done
  clear_remains
}

# Removes what a killed server leaves: its lock files and its System V segment, whose id stands on
# the seventh line.
clear_remains() {
  local segment
  [[ -f data/postmaster.pid ]] || return 0
  read -r _ segment < <(sed -n 7p data/postmaster.pid) || true
  if [[ -n ${segment:-} ]]; then ipcrm -m "$segment" 2>/dev/null || true; fi
  rm -f data/postmaster.pid .s.PGSQL.*
}

halt_cluster() {
  "${as_server[@]}" "$programs/pg_ctl" stop --silent --mode=fast --wait --timeout=20 \
    --pgdata=data >/dev/null 2>&1 || true
  kill_cluster
}

restart_cluster() {
  halt_cluster
  launch "$(<port)" || fail "the server did not start again: $(tail -n 20 server.log)"
}

follow_primary() {
  halt_cluster
  rm -rf data
  copy_primary
  launch "$(<port)" || fail "the standby did not start: $(tail -n 20 server.log)"
}

promote_standby() {
  "${as_server[@]}" "$programs/pg_ctl" promote --silent --wait --timeout=60 --pgdata=data \
    >/dev/null 2>&1 || fail "the standby was not promoted: $(tail -n 20 server.log)"
}

remove_cluster() {
  halt_cluster
  cd /
  rm -rf -- "$directory"
}

print_conninfo() {
  printf 'postgresql://postgres:%s@127.0.0.1:%s/postgres?sslmode=require\n' \
    "$(<password)" "$(<port)"
}

print_socket_conninfo() {
  printf 'postgresql://postgres:%s@/postgres?host=%s&port=%s\n' \
    "$(<password)" "$directory" "$(<port)"
}

usage='usage: postgres_cluster.sh start|promote|conninfo|socket_conninfo|halt|kill|restart|stop DIR
       postgres_cluster.sh standby|follow DIR PRIMARY'
[[ -n ${2:-} ]] || fail "$usage"
command=$1 directory=$2 primary=${3:-}
if [[ $command == standby || $command == follow ]]; then (($# == 3)); else (($# == 2)); fi || fail "$usage"
[[ $directory == /* ]] || directory=$PWD/$directory
[[ -z $primary || $primary == /* ]] || primary=$PWD/$primary
find_programs
choose_user
if [[ -n $primary ]]; then
  [[ -f $primary/.flowdb-cluster && $primary != "$directory" ]] || fail "no other cluster in $primary"
fi
if [[ $command != start && $command != standby ]]; then
  if [[ $command == stop && ! -e $directory ]]; then exit 0; fi
  [[ -f $directory/.flowdb-cluster ]] || fail "no cluster in $directory"
  cd -- "$directory"
fi
case "$command" in
  start) start_cluster initialise ;;
  standby) start_cluster copy_primary ;;
  follow) follow_primary ;;
  promote) promote_standby ;;
  conninfo) print_conninfo ;;
  socket_conninfo) print_socket_conninfo ;;
  halt) halt_cluster ;;
  kill) kill_cluster ;;
  restart) restart_cluster ;;
  stop) remove_cluster ;;
  *) fail "unknown command '$command'; $usage" ;;
esac
