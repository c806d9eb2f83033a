#!/bin/bash
# stub-check.sh: each answer alone must make exactly its own part done, and leave the others not begun.
# BOARD, BOARD_CC and BOARD_LD as in with.sh.
set -eu -o pipefail
work=$BOARD/alone bad=0
rm -rf "$work"
while IFS=$'\t' read -r part module title _; do
  case $part in '#'*) continue ;; esac
  ANSWERS=$part sh tests/challenges/with.sh nn.nw "$work" "$module"
  said=$(ANSWERS=$part "$BOARD/board" --runner "$work/runner")
  if awk -F'\t' -v part="$part" '/^\t/ { next } $2 != ($1 == part ? "done" : "not begun") { bad = 1 } { n++ }
      END { exit bad || n != 9 }' <<< "$said"; then
    echo "$part alone: done, the others not begun ($title)"
  else
    printf '%s alone is WRONG: %s\n%s\n' "$part" "$title" "$said"
    bad=1
  fi
  rm -r "$work"
done < tests/challenges/parts.tsv
exit $bad
