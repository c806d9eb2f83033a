#!/bin/bash
# wrong.sh NUMBER FOLDER: the runner FOLDER/runner with the wrong answer of that line of wrong.tsv (comments not
# counted) in it, and its source FOLDER/nn.nw.  BOARD, BOARD_CC and BOARD_LD as in with.sh.
set -eu
line=$(grep -v '^#' tests/challenges/wrong.tsv | sed -n "$1p")
field() { cut -f "$1" <<< "$line"; }
export FIND=$(field 3) REPLACE=$(field 4) CHUNK
part=$(field 2) folder=$2
mkdir -p "$folder"
# the answer's chunk, and those that it uses
chunks() {
  awk -v head="<<answer $part: " 'index($0, head) == 1 { inside = 1; sub(/^<</, ""); sub(/>>=.*/, ""); print; next }
    /^@( |$)/ { inside = 0 } inside && /^ *<<.*>>$/ { sub(/^ *<</, ""); sub(/>>$/, ""); print }' nn.nw
}
found=
while IFS= read -r CHUNK; do
  if awk -f tests/mutate.awk nn.nw > "$folder/nn.nw"; then found=yes; break; fi
done < <(chunks)
[ "$found" ] || { echo "wrong.tsv: '$FIND' is not found exactly once in answer $part" >&2; exit 1; }
module=$(awk -F'\t' -v part="$part" '$1 == part { print $2 }' tests/challenges/parts.tsv)
ANSWERS=$part sh tests/challenges/with.sh "$folder/nn.nw" "$folder" "$module"
