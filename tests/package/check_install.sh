#!/usr/bin/env bash
# Builds and runs somebody else's program with flowdb: installed into a temporary folder and found by
# CMake and by pkg-config, unpacked from its Debian package, and built along by FetchContent.
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

# Debian's package holds the same, and names all that a program needs which links with it.
check_debian_package() {
  (cd "$build_dir" && cpack -G DEB -B "$work/packages" >"$work/cpack.log" 2>&1) ||
    { cat "$work/cpack.log" >&2; return 1; }
  local development=("$work"/packages/libflowdb-dev_*.deb)
  dpkg-deb --extract "${development[0]}" "$work/unpacked"
  configure -B "$work/from_package" -DCMAKE_PREFIX_PATH="$work/unpacked/usr"
  cmake --build "$work/from_package" --target consumer
  "$work/from_package/consumer"
  local needs
  needs=$(dpkg-deb --field "${development[0]}" Depends | tr -d ',')
  # shellcheck disable=SC2086  # a list
  dpkg-query --show $needs >/dev/null
  local command
  for command in "$work"/packages/flowdb_*.deb; do
    [[ -e $command ]] || continue
    dpkg-deb --field "$command" Depends | grep -q libpq5
    dpkg-deb --extract "$command" "$work/command"
    "$work/command/usr/bin/flowdb" --version
  done
}

check_pkg_config() {
  local found=$work/prefix flags
  found=$(dirname "$(find "$work/prefix" -name flowdb.pc)")
  read -ra flags < <(PKG_CONFIG_PATH=$found pkg-config --cflags --libs flowdb)
  "$compiler" -std=c++20 "$source_dir/tests/package/consumer/version.cpp" "${flags[@]}" \
    -o "$work/version"
  [[ $("$work/version") == $(PKG_CONFIG_PATH=$found pkg-config --modversion flowdb) ]]
}

cmake --install "$build_dir" --prefix "$work/prefix" >/dev/null
configure -B "$work/installed" -DCMAKE_PREFIX_PATH="$work/prefix"
cmake --build "$work/installed"
"$work/installed/consumer"
if [[ -x $work/prefix/bin/flowdb ]]; then
  "$work/prefix/bin/flowdb" --version
fi
for optional in prometheus:exposition status_server:status; do
  if [[ -e $build_dir/src/libflowdb_${optional%:*}.a ]]; then
    "$work/installed/${optional#*:}" >/dev/null
  fi
done
check_embedding
check_pkg_config
check_debian_package
configure -B "$work/subproject" -DFLOWDB_SOURCE_DIR="$source_dir"
# Optimisation would show nothing more here, and takes several times as long.
configure -B "$work/fetched" -DFLOWDB_SOURCE_DIR="$source_dir" -DFLOWDB_BY_FETCH_CONTENT=ON \
  -DFETCHCONTENT_SOURCE_DIR_FLOWDB="$source_dir" -DCMAKE_BUILD_TYPE=Debug \
  -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DCMAKE_UNITY_BUILD=ON
cmake --build "$work/fetched" --target consumer
"$work/fetched/consumer"
