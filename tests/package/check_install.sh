#!/usr/bin/env bash
# Installs flowdb into a temporary folder, builds and runs a program against it, and configures the
# same program with flowdb as a subproject.
# Usage: check_install.sh SOURCE_DIR BUILD_DIR COMPILER
set -euo pipefail

source_dir=$1 build_dir=$2 compiler=$3
work=$(mktemp -d "${TMPDIR:-/tmp}/flowdb-install-XXXXXX")
trap 'rm -rf -- "$work"' EXIT

configure() {
  cmake -S "$source_dir/tests/package/consumer" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" "$@"
}

# What is embedded is in the program: it is all there when the files are gone, follows a change of a
# file, and a file that comes or goes.
check_embedding() {
  local migrations=$work/installed/migrations
  local embedding=$work/installed/embedding
  mv "$migrations" "$work/hidden"
  "$embedding" 'rpa_db:V001__Create_orders.sql,later/V002__Fill_orders.SQL' \
    'Reports:V1__Empty.sql' 'archive:V1__Empty.sql' 'none:'
  cmp <("$embedding" --print rpa_db V001__Create_orders.sql) \
    "$work/hidden/rpa_db/V001__Create_orders.sql"
  cmp <("$embedding" --print rpa_db later/V002__Fill_orders.SQL) \
    "$work/hidden/rpa_db/later/V002__Fill_orders.SQL"
  mv "$work/hidden" "$migrations"
  echo "SELECT 1;" >"$migrations/Reports/V2__New.sql"
  rm "$migrations/rpa_db/later/V002__Fill_orders.SQL"
  printf -- '-- changed\r\n\\ "\377\0' >>"$migrations/rpa_db/V001__Create_orders.sql"
  cmake --build "$work/installed" --target embedding
  "$embedding" 'rpa_db:V001__Create_orders.sql' 'Reports:V1__Empty.sql,V2__New.sql'
  cmp <("$embedding" --print rpa_db V001__Create_orders.sql) \
    "$migrations/rpa_db/V001__Create_orders.sql"
}

cmake --install "$build_dir" --prefix "$work/prefix" >/dev/null
configure -B "$work/installed" -DCMAKE_PREFIX_PATH="$work/prefix"
cmake --build "$work/installed"
"$work/installed/consumer"
if [[ -x $work/prefix/bin/flowdb ]]; then
  "$work/prefix/bin/flowdb" --version
fi
check_embedding
configure -B "$work/subproject" -DFLOWDB_AS_SUBPROJECT="$source_dir"
