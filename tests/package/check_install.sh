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

cmake --install "$build_dir" --prefix "$work/prefix" >/dev/null
configure -B "$work/installed" -DCMAKE_PREFIX_PATH="$work/prefix"
cmake --build "$work/installed"
"$work/installed/consumer"
if [[ -x $work/prefix/bin/flowdb ]]; then
  "$work/prefix/bin/flowdb" --version
fi
configure -B "$work/subproject" -DFLOWDB_AS_SUBPROJECT="$source_dir"
