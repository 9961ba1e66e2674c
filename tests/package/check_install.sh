#!/usr/bin/env bash
# Builds and runs somebody else's program with flowdb, in the ways and the words of the README:
# installed into a temporary folder and found by CMake and by pkg-config, unpacked from its Debian
# package, and built along.
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

# The README's own words: project_of_readme FOLDER NUMBER writes a project around the NUMBERth block
# of CMake in it, and around its first program.
project_of_readme() {
  mkdir -p "$work/$1"
  awk '/^```/ && inside { exit } inside { print } /^```cpp$/ { inside = 1 }' \
    "$source_dir/README.md" | tee "$work/$1/my_flow.cpp" >"$work/$1/my_flow_tests.cpp"
  {
    echo 'cmake_minimum_required(VERSION 3.25)'
    echo 'project(my_project LANGUAGES CXX)'
    echo 'add_executable(my_flow my_flow.cpp)'
    echo 'add_executable(my_flow_tests EXCLUDE_FROM_ALL my_flow_tests.cpp)'
    awk -v number="$2" '
      /^```/ && inside { exit }
      inside { print }
      /^```cmake$/ && ++count == number { inside = 1 }
    ' "$source_dir/README.md" | sed 's|<where you keep it>|nowhere|'
    echo 'target_link_libraries(my_flow PRIVATE flowdb::flowdb)'
  } >"$work/$1/CMakeLists.txt"
}

configure_project() {
  cmake -S "$work/$1" -B "$work/$1/build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" "${@:2}"
}

# Built, and started: it says which setting it misses.
check_project() {
  cmake --build "$work/$1/build" --target my_flow
  check_flow "$work/$1/build/my_flow"
}

check_flow() {
  (cd "$work" && ! env -i "$1" 2>&1) | grep DEVELOPMENT_GLOBAL_RPA_DB_CONNECTION_STRING
}

check_pkg_config() {
  local by_readme flags
  by_readme=$(grep -o 'g++ -std=c++20 my_flow.cpp [^`]*' "$source_dir/README.md")
  (
    cd "$work/by_find_package"
    PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name flowdb.pc)")
    export PKG_CONFIG_PATH
    CXX=$compiler bash -c "${by_readme/#g++/\$CXX} -o my_flow"
    read -ra flags < <(pkg-config --cflags --libs flowdb)
    "$compiler" -std=c++20 "$source_dir/tests/package/consumer/version.cpp" "${flags[@]}" -o version
    [[ $(./version) == $(pkg-config --modversion flowdb) ]]
  )
  check_flow "$work/by_find_package/my_flow"
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
project_of_readme by_find_package 3
configure_project by_find_package -DCMAKE_PREFIX_PATH="$work/prefix"
check_project by_find_package
check_pkg_config
check_debian_package

configure -B "$work/subproject" -DFLOWDB_SOURCE_DIR="$source_dir"
configure -B "$work/subproject_fetched" -DFLOWDB_SOURCE_DIR="$source_dir" \
  -DFLOWDB_BY_FETCH_CONTENT=ON -DFETCHCONTENT_SOURCE_DIR_FLOWDB="$source_dir"
project_of_readme by_add_subdirectory 1
ln -s "$source_dir" "$work/by_add_subdirectory/flowdb"
configure_project by_add_subdirectory
# Optimisation would show nothing more here, and takes several times as long.
project_of_readme by_fetch_content 2
configure_project by_fetch_content -DFETCHCONTENT_SOURCE_DIR_FLOWDB="$source_dir" \
  -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DCMAKE_UNITY_BUILD=ON
check_project by_fetch_content
