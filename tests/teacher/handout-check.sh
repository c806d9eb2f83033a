#!/usr/bin/env bash
# handout-check.sh ARCHIVE: does the handout work, and is no answer in it?  Unpacks it in a scratch folder, looks for
# every line of the answers in every file, runs the tests, and solves one part.  The README's first command isn't run
# again: handout.sh has just done that, in the clean folder that became the archive, and make check sees its PDF.
set -eu -o pipefail
archive=$(realpath "$1") top=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/handout.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
stop() { echo "handout-check: $*" >&2; exit 1; }
step() { echo "handout-check: $*"; }

tar -xzf "$archive" -C "$scratch"
cd "$scratch/nn"
find . -type f > ../files

step "no line of the answers is in it"
# what was left out, line by line, trimmed; without lines that stand elsewhere in the chapter or in its tests too
cat "$top"/tests/*.[ch] > ../elsewhere
awk '{ gsub(/^[ \t]+|[ \t\r]+$/, "") }
     FILENAME != ARGV[2] { known[$0]; next }
     $0 == "% handout: leave out" { out = 1; next }
     $0 == "% handout: go on" { out = 0; next }
     !out { known[$0]; next }
     length >= 12 { secret[++n] = $0 }
     END { for (i = 1; i <= n; i++) if (!(secret[i] in known)) { gsub(/[ \t]/, "", secret[i]); print secret[i] } }' \
  ../elsewhere "$top/nn.nw" > ../secrets
count=$(wc -l < ../secrets)
[ "$count" -gt 50 ] || stop "only $count lines were left out of nn.nw; that can't be right"
while IFS= read -r file; do
  case $file in *.pdf) pdftotext "$file" -; pdftotext -layout "$file" - ;; *) cat "$file" ;; esac |
    tr -d ' \t\r\n\f\0' > ../text
  if LC_ALL=C grep -a -o -F -f ../secrets ../text > ../found; then
    stop "$file has what belongs to the answers: $(head -n 3 ../found)"
  fi
done < ../files
# would it have been seen?  What is in the source and on the page must be found, if one looks for it.
seen() { tr -d ' \t\r\n\f\0' | LC_ALL=C grep -a -o -F -f ../secrets | sort -u | wc -l; }
[ "$(seen < "$top/nn.nw")" = "$(sort -u ../secrets | wc -l)" ] || stop "the search for answers doesn't find them in nn.nw"
[ "$(pdftotext "$top/doc/nn.pdf" - | seen)" -gt 30 ] || stop "the search for answers doesn't find them in doc/nn.pdf"

step "make test"
make test > ../test.out 2>&1 || { tail -n 20 ../test.out >&2; stop "make test fails in the handout"; }
tail -n 3 ../test.out
step "make check"
make check || stop "the handout is not in step with itself"
for target in answers wrong-answers; do
  if make "$target" > ../gone.out 2>&1; then stop "make $target should say that the answers are missing"; fi
  grep -q 'not in this package' ../gone.out || stop "make $target says: $(cat ../gone.out)"
done

step "all parts are not begun; with one answer pasted in, that one is done"
states() { make build/board/board > ../board.out 2>&1 || { cat ../board.out >&2; stop "the board doesn't build"; }
  build/board/board | awk -F'\t' '$1 != "" { printf "%s%s %s", n++ ? ", " : "", $1, $2 }'; }
none=$(states)
[ "$(grep -o 'not begun' <<< "$none" | wc -l)" = "$(grep -c '^[0-9]' tests/challenges/parts.tsv)" ] || stop "the board says: $none"
part=2c
awk -v part="$part" '
  FILENAME == ARGV[1] { if (/^<<answer / && substr($2, 1, 2) == part) take = 1
                        else if (/^@/) take = 0
                        else if (take) answer = answer $0 "\n"
                        next }
  /^@/ { if (skip) printf "%s", answer; skip = 0 }
  !skip
  /^<<challenge .*>>=/ && substr($2, 1, 2) == part { skip = 1 }' "$top/nn.nw" nn.nw > ../solved
cp ../solved nn.nw
one=$(states)
[ "$one" = "${none/$part not begun/$part done}" ] || stop "with the answer to $part in, the board says: $one"
echo "handout-check: the handout works, and none of the $count lines that were left out is in it"
