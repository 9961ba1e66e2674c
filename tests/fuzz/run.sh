#!/usr/bin/env bash
# Builds the fuzz targets and runs each for a while, from the corpus beside this script.
#   tests/fuzz/run.sh [SECONDS]      60 seconds each unless given
# What a target finds is kept in build/fuzz/findings.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

seconds=${1:-60}
cmake --preset fuzz
cmake --build build/fuzz --target flowdb_fuzzers --parallel "$(nproc)"
for source in tests/fuzz/*_fuzz.cpp; do
  name=$(basename "$source" _fuzz.cpp)
  found=build/fuzz/corpus/$name
  mkdir -p "$found" build/fuzz/findings
  echo "== $name"
  "build/fuzz/tests/fuzz/flowdb_${name}_fuzz" -max_total_time="$seconds" -timeout=10 -max_len=4096 \
    -verbosity=0 -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$name-" \
    "$found" "tests/fuzz/corpus/$name"
done
