#!/usr/bin/env bash
# Fails when the README's table of messages has one that the library cannot say.
# Usage: check_troubleshooting.sh SOURCE_DIR LIBRARY
set -euo pipefail

source_dir=$1 library=$2
mapfile -t messages < <(sed -n '/^## Troubleshooting/,/^## /s/^| `\([^`]*\)` |.*/\1/p' "$source_dir/README.md")
if ((${#messages[@]} < 10)); then
  echo "the README's table of messages was not found" >&2
  exit 1
fi
failed=0
for message in "${messages[@]}"; do
  if ! grep --quiet --text --fixed-strings -- "$message" "$library"; then
    echo "no message of the library contains: $message" >&2
    failed=1
  fi
done
echo "${#messages[@]} messages checked"
exit "$failed"
