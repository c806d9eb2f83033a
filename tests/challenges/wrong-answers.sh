#!/bin/bash
# wrong-answers.sh [PATTERN]: is every wrong answer of wrong.tsv seen, and its cause named?  Prints a table, and
# fails unless each one is judged wrong with the message that is asked for.  BOARD, BOARD_CC and BOARD_LD as in with.sh.
set -eu -o pipefail
work=$BOARD/wrong
list() { grep -v '^#' tests/challenges/wrong.tsv; }

one() { # NUMBER
  local line name part pattern kind state message verdict=ok
  line=$(grep -v '^#' tests/challenges/wrong.tsv | sed -n "$1p")
  name=$(cut -f 1 <<< "$line") part=$(cut -f 2 <<< "$line")
  pattern=$(cut -f 5 <<< "$line") kind=$(cut -f 6 <<< "$line")
  [ "$pattern" != = ] || pattern=$name
  if bash tests/challenges/wrong.sh "$1" "$work/$1" 2> "$work/$1.err"; then
    IFS=$'\t' read -r _ state message < <(ANSWERS=$part "$BOARD/board" --source "$work/$1/nn.nw" --runner "$work/$1/runner" "$part")
    [ "$state" = wrong ] || verdict="NOT SEEN"
    if [ "$verdict" = ok ] && [ "$pattern" != - ] && ! grep -qF -e "$pattern" <<< "$message"; then verdict="NOT NAMED"; fi
  else
    verdict=ERROR message=$(head -3 "$work/$1.err" | tr "\n" " ")
  fi
  [ "$pattern" != - ] || kind="$kind, not named"
  printf '%03d\t%s\t%s\t%s\t%s\t%s\n' "$1" "$verdict" "$part" "$kind" "$name" "$message" > "$work/$1.result"
  rm -rf "$work/$1"
}
export work BOARD; export -f one
rm -rf "$work"
mkdir -p "$work"
list | awk -F'\t' -v p="${1:-}" '$1 ~ p { print NR }' | xargs -P 2 -n 1 bash -c 'set -eu -o pipefail; one "$1"' _
cat "$work"/*.result | sort | awk -F'\t' '
  { printf "%s %s%s\n   -> %s\n", $3, $5, $4 ~ /held-out/ ? " (held out)" : "", $6
    if ($2 != "ok") { bad++; printf "   %s\n", $2 }
    else if ($4 !~ /not named/) { named++; held += $4 ~ /held-out/ } }
  END { printf "%d wrong answers: the cause of %d is named, %d of these by no record of theirs", NR, named, held
    if (bad) printf "; %d FAILED", bad
    print ""; exit bad || !NR }'
