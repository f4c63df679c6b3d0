#!/bin/sh
# Loads and checks all data as installed, and fails if a compiler was left behind.
set -eu
for tool in cc gcc clang make; do
  for folder in /usr/bin /usr/local/bin; do
    [ ! -e "${ROOT:-}$folder/$tool" ] || { echo "$folder/$tool is left" >&2; exit 1; }
  done
done
"${ROOT:-}/opt/kakunin/bin/kakunin" check
