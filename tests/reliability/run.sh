#!/usr/bin/env bash
# The big trial: many processes migrate one database at the same time while some of them are killed
# and some of their sessions are ended; round after round, each on an empty database. Prints its seed;
# the same seed gives the same kills.
#
#   tests/reliability/run.sh [PROCESSES [ROUNDS [SEED]]]     default: 32 processes, 50 rounds
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
fi
cmake/install_dependencies.sh
cmake --preset release
cmake --build build/release --parallel "$(nproc)" --target flowdb_migration_trial
exec build/release/tests/reliability/flowdb_migration_trial "${@:-32}"
