#!/usr/bin/env bash
# handout-check.sh ARCHIVE: does the handout work, and is no answer in it?  Its PDF was just made in what became it.
set -eu -o pipefail
archive=$(realpath "$1") top=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/handout.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
stop() { echo "handout-check: $*" >&2; exit 1; }
tar -xzf "$archive" -C "$scratch"
cd "$scratch/nn"
unset BUILD MAKEFLAGS MAKELEVEL MFLAGS

# what was left out, trimmed; without short lines and those that stand elsewhere in the chapter or in its tests too
cat nn.nw "$top"/tests/*.[ch] | awk '{ gsub(/[ \t\r]/, "") } NR == FNR { known = known "\n" $0; next }
  length >= 16 && !index(known, $0)' - "$top/nn.nw" | sort -u > ../secrets
[ "$(wc -l < ../secrets)" -gt 50 ] || stop "too few lines were left out of nn.nw; that can't be right"
found() { case $1 in *.pdf) pdftotext "$1" -; pdftotext -layout "$1" - ;; *) cat "$1" ;; esac |
  tr -d ' \t\r\n\f\0' | LC_ALL=C grep -a -o -F -f ../secrets | sort -u; }
find . -type f | while IFS= read -r file; do
  if found "$file" > ../found; then stop "$file has what belongs to the answers: $(head -n 3 ../found)"; fi
done
# would it have been seen?  What is in the source and on the page must be found, if one looks for it.
[ "$(found "$top/nn.nw")" = "$(cat ../secrets)" ] || stop "the search for answers doesn't find them in nn.nw"
[ "$(found "$top/doc/nn.pdf" | wc -l)" -gt 30 ] || stop "the search for answers doesn't find them in doc/nn.pdf"

make test > ../said 2>&1 || stop "make test: $(tail -n 20 ../said)"
[ "$(make challenges 2>&1 | grep -c 'not begun')" = "$(grep -c '^[1-9]' tests/challenges/parts.tsv)" ] || stop "$(make challenges 2>&1)"
if grep -n 'make answers\|make grade\|teacher' README.md; then stop "README.md tells of what isn't in it"; fi
make check || stop "the handout is not in step with itself"
if make wrong-answers > ../said 2>&1 || ! grep -q 'not in this package' ../said; then stop "make wrong-answers: $(cat ../said)"; fi

# one answer pasted in is done; a change elsewhere is told, and put back
notangle -R"$(sed -n 's/^<<\(answer 2c: .*\)>>=/\1/p' "$top/nn.nw")" "$top/nn.nw" > ../answer
sed -i -e '/^<<challenge 2c: .*>>=/,/^@/{//!d}' -e '/^<<challenge 2c: .*>>=/r ../answer' -e 's/^<<\[\[matrix.c\]\]>>=/&\n\/* mine *\//' nn.nw
make challenges > ../said 2>&1
grep -q '^1 of 21 points' ../said && grep -q '+/\* mine \*/' ../said || stop "$(cat ../said)"
make restore challenge-2c
if grep -q 'mine \*/' nn.nw; then stop "make restore doesn't"; fi
echo "handout-check: the handout works, and none of the $(wc -l < ../secrets) lines that were left out is in it"
