#!/usr/bin/env bash
# Fails if a public header pulls in a header of the libraries below flowdb.
# Usage: check_public_headers.sh INCLUDE_DIR COMPILER [FLAG...]
set -euo pipefail

include_dir=$1
shift
compile=("$@")
# These hand out types of SOCI, spdlog and prometheus-cpp on purpose.
exempt=" soci.hpp logging.hpp prometheus.hpp "
forbidden='(/soci/[^"]*|/libpq[^"/]*\.h|/postgres_ext\.h|/sql(ext)?\.h|/spdlog/[^"]*'
forbidden+='|/prometheus/[^"]*|/nlohmann/json\.hpp)'

# Prints the forbidden headers that the header named reaches, directly or not.
forbidden_below() {
  local preprocessed
  preprocessed=$(echo "#include <flowdb/$1>" | "${compile[@]}" -E -x c++ -)
  sed -nE "s@^# [0-9]+ \"([^\"]*$forbidden)\".*@\1@p" <<<"$preprocessed" | sort -u
}

if [[ -z $(forbidden_below soci.hpp) ]]; then
  echo "check_public_headers.sh does not see SOCI below flowdb/soci.hpp, so it proves nothing" >&2
  exit 1
fi
failed=0 checked=0
while IFS= read -r header; do
  if [[ $exempt == *" $header "* ]]; then continue; fi
  checked=$((checked + 1))
  found=$(forbidden_below "$header")
  if [[ -n $found ]]; then
    printf 'flowdb/%s pulls in:\n%s\n' "$header" "$found" >&2
    failed=1
  fi
done < <(cd "$include_dir/flowdb" && find . -name '*.hpp' -printf '%P\n' | sort)
echo "$checked public headers checked"
exit "$failed"
