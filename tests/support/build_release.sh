#!/usr/bin/env bash
# Installs what is missing and builds targets of the preset release, for the scripts that measure and
# try for long.
#
#   tests/support/build_release.sh TARGET...
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
fi
cmake/install_dependencies.sh
cmake --preset release >/dev/null
cmake --build build/release --parallel "$(nproc)" --target "$@"
