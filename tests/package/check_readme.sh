#!/usr/bin/env bash
# Compiles every block of C++ in the README, and compares its first program with quickstart. A block
# without #include is taken as the inside of a function that has a `flowdb::DatabaseManager& db`.
# Usage: check_readme.sh SOURCE_DIR COMPILER [FLAG...]
set -euo pipefail

source_dir=$1
shift
compile=("$@")
work=$(mktemp -d "${TMPDIR:-/tmp}/flowdb-readme-XXXXXX")
trap 'rm -rf -- "$work"' EXIT

awk -v folder="$work" '
  /^```/ && inside { inside = 0; close(file); next }
  /^```cpp$/ { inside = 1; file = sprintf("%s/%02d_line_%d.txt", folder, ++count, FNR); next }
  inside { print >file }
' "$source_dir/README.md"

blocks=("$work"/*.txt)
if ! diff -u "$source_dir/examples/quickstart/main.cpp" "${blocks[0]}"; then
  echo "the README's first program is not examples/quickstart/main.cpp" >&2
  exit 1
fi
for block in "${blocks[@]}"; do
  program=${block%.txt}.cpp
  if grep -q '^#include' "$block"; then
    cp "$block" "$program"
  else
    cat - "$block" >"$program" <<'PRELUDE'
#include <chrono>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <flowdb/flowdb.hpp>
#include <flowdb/logging.hpp>

using namespace std::chrono_literals;

void readme([[maybe_unused]] flowdb::DatabaseManager& db) {
PRELUDE
    echo "}" >>"$program"
  fi
  "${compile[@]}" -fsyntax-only -Wall -Wextra "$program"
done
echo "${#blocks[@]} blocks of C++ compile"
