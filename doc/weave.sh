#!/usr/bin/env bash
# weave.sh FOLDER: typeset FOLDER/nn.tex until its references stand still.  Two passes are enough from
# nothing (the first one writes no PDF), and one where the references of the last weave are still right.
set -eu
folder=$1
# the date of the PDF is the one that the source bears
day=$(sed -n 's/^\\newcommand\\sourceDate{\(.*\)}.*/\1/p' nn.nw)
[ -n "$day" ] || { echo 'weave: nn.nw has no \sourceDate{year-month-day}' >&2; exit 1; }
SOURCE_DATE_EPOCH=$(date -u -d "$day" +%s)
export SOURCE_DATE_EPOCH FORCE_SOURCE_DATE=1 max_print_line=1000 TEXINPUTS=doc:$folder: PAGES=$folder/nn.pages
references() { cat "$folder"/nn.{aux,toc,ind} 2> /dev/null | grep -v 'lastpage\|lastsheet\|@abspage@last' | sort | sha256sum; }
# a weave that was killed has left half of its references
forget() { rm -f "$folder"/nn.{aux,toc,ind,pdf}; }
[ ! -e "$folder/weaving" ] || forget
touch "$folder/weaving"
draft=-draftmode
[ ! -e "$folder/nn.aux" ] || draft=
for pass in 1 2 3 4 5; do
  before=$(references || true)
  if ! lualatex $draft -interaction=nonstopmode -halt-on-error -output-directory="$folder" "$folder/nn.tex" \
      > "$folder/weave.out" 2>&1; then
    grep -A3 '^!' "$folder/nn.log" >&2 || tail -n 20 "$folder/weave.out" >&2
    macro=$(sed -n '/^! Undefined control/{n;s/.*\(\\[A-Za-z@]*\) *$/\1/p;}' "$folder/nn.log")
    [ -z "$macro" ] || grep -nF "$macro" nn.nw | sed 's/^\([0-9]*\):.*/nn.nw:\1: uses it/' >&2
    # the line of nn.tex that TeX stopped at, or the last before it that stands in nn.nw as it is, and only once
    at=$(sed -n 's/^l\.\([0-9]*\).*/\1/p' "$folder/nn.log" | head -n 1)
    awk -v at="${at:-0}" 'NR == FNR { times[$0]++; line[$0] = FNR; next } FNR > at { exit }
      length > 15 && times[$0] == 1 { nn = line[$0]; gap = at - FNR }
      END { if (nn) printf "nn.nw:%d: %s\n", nn + gap, gap ? "TeX stopped about here" : "TeX stopped here" }' nn.nw "$folder/nn.tex" >&2
    forget
    exit 1
  fi
  (cd "$folder" && makeindex -q -o nn.ind nn.idx && sed -E -i 's/\\hyperpage\{([0-9]+)\}, (\\nnbold\{\1\})/\2/' nn.ind)
  if [ -z "$draft" ] && [ "$before" = "$(references)" ]; then rm "$folder/weaving"; awk -f doc/breaks.awk "$folder/nn.pages" > /dev/null || true; exit 0; fi
  draft=
done
echo "weave: the references did not stand still in $pass passes" >&2
exit 1
