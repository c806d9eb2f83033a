#!/bin/bash
# record.sh FILE: makes expected.tsv, from the answers and from those wrong answers that are signatures.
# BOARD, BOARD_CC and BOARD_LD as in with.sh.
set -eu -o pipefail
work=$BOARD/record
rm -rf "$work"
mkdir -p "$work"
new=$work/expected.tsv
record() { "$BOARD/board" --record --expected "$new" --runner "$@"; }
modules=$(grep -v '^#' tests/challenges/parts.tsv | cut -f 2 | sort -u)
ANSWERS=all sh tests/challenges/with.sh nn.nw "$work/all" $modules
echo '# What the parts should make of their cases, and what typical faults make of them.  Written by make record:
# part, number of the case, tensor, fault ("-": none, these are the right numbers), the numbers row by row' > "$new"
right=$(record "$work/all/runner" 2a)           # 2b needs them
printf '%s\n' "$right" >> "$new"
right=$(record "$work/all/runner" 1a 1b 1c 2b 2c 3b)
printf '%s\n' "$right" >> "$new"
cp "$new" "$work/right"

one() { # NUMBER: its numbers, where they aren't right
  local name part
  IFS=$'\t' read -r name part _ < <(grep -v '^#' tests/challenges/wrong.tsv | sed -n "$1p")
  bash tests/challenges/wrong.sh "$1" "$work/$1"
  ANSWERS=$part record "$work/$1/runner" "$part" |
    awk -F'\t' -v OFS='\t' -v name="$name" 'NR == FNR { right[$0]; next } !($0 in right) { $4 = name; print }' "$work/right" - > "$work/$1.tsv"
  [ -s "$work/$1.tsv" ] || { echo "record: '$name' ($part) gives the right numbers" >&2; return 1; }
  rm -r "$work/$1"
}
export work new BOARD; export -f one record
numbers=$(grep -v '^#' tests/challenges/wrong.tsv | awk -F'\t' '$6 == "signature" { print NR }')
xargs -P 2 -n 1 bash -c 'set -eu -o pipefail; one "$1"' _ <<< "$numbers"
for i in $numbers; do cat "$work/$i.tsv"; done >> "$new"
cp "$new" "$1"
