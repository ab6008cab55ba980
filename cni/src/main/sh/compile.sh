#!/bin/sh
# Compiles the CNI program: compile.sh OUTPUT FLAG...
# CC names the compiler, NARU_VERSION the version it tells.
set -eu
cd "$(dirname "$0")/../../.."
output=$1
shift
mkdir -p "$(dirname "$output")"
exec "${CC:-gcc}" -std=c11 -D_GNU_SOURCE "-DNARU_VERSION=\"${NARU_VERSION:-unknown}\"" \
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Werror -fstack-protector-strong \
  "$@" -o "$output" src/main/c/*.c
