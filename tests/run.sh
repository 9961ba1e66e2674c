#!/usr/bin/env bash
# Installs what is missing, builds, starts the servers that the tests need and runs every test.
#
#   tests/run.sh [--preset NAME] [argument for ctest]...
#
# The preset is dev unless named; CC and CXX choose another compiler, in a build folder of its own.
# FLOWDB_TEST_POSTGRES=<superuser's connection string> uses that server instead of a private one.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

preset=dev
if [[ ${1:-} == --preset ]]; then
  preset=${2:?--preset needs a name}
  shift 2
fi
build=build/$preset
if [[ -n ${CXX:-} ]]; then
  build+=-$(basename "${CXX%% *}")
fi
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
  export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS-pch_defines,time_macros}
fi

cmake/install_dependencies.sh
cmake --preset "$preset" -B "$build"
cmake --build "$build" --parallel "$(nproc)"
# ctest stops the servers itself, unless it is interrupted.
trap 'tests/support/test_servers.sh stop "$build/test_servers"' EXIT
# Tests wait for servers more than they compute; those that measure time run alone.
ctest --test-dir "$build" --output-on-failure --no-tests=error --parallel "$((2 * $(nproc)))" "$@"
