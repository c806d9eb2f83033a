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
unset BUILD MAKEFLAGS MAKELEVEL MFLAGS

step "no line of the answers is in it"
# what was left out, trimmed; without short lines and those that stand elsewhere in the chapter or in its tests too
cat nn.nw "$top"/tests/*.[ch] | awk '{ gsub(/[ \t\r]/, "") } NR == FNR { known[$0]; next }
  length >= 16 && !($0 in known)' - "$top/nn.nw" | sort -u > ../secrets
[ "$(wc -l < ../secrets)" -gt 50 ] || stop "too few lines were left out of nn.nw; that can't be right"
found() { case $1 in *.pdf) pdftotext "$1" -; pdftotext -layout "$1" - ;; *) cat "$1" ;; esac |
  tr -d ' \t\r\n\f\0' | LC_ALL=C grep -a -o -F -f ../secrets | sort -u; }
find . -type f | while IFS= read -r file; do
  if found "$file" > ../found; then stop "$file has what belongs to the answers: $(head -n 3 ../found)"; fi
done
# would it have been seen?  What is in the source and on the page must be found, if one looks for it.
[ "$(found "$top/nn.nw")" = "$(cat ../secrets)" ] || stop "the search for answers doesn't find them in nn.nw"
[ "$(found "$top/doc/nn.pdf" | wc -l)" -gt 30 ] || stop "the search for answers doesn't find them in doc/nn.pdf"

step "make test, make check, and what isn't there"
make test > ../test.out 2>&1 || { tail -n 20 ../test.out >&2; stop "make test fails in the handout"; }
tail -n 3 ../test.out
make check || stop "the handout is not in step with itself"
if make wrong-answers > ../gone.out 2>&1 || ! grep -q 'not in this package' ../gone.out; then stop "make wrong-answers: $(cat ../gone.out)"; fi

step "all parts are not begun; with one answer pasted in, that one is done; a change elsewhere is put back"
[ "$(make challenges 2>&1 | grep -c 'not begun')" = 9 ] || stop "$(make challenges 2>&1)"
part=2c
notangle -R"$(sed -n "s/^<<\(answer $part: .*\)>>=/\1/p" "$top/nn.nw")" "$top/nn.nw" > ../answer
sed -i -e "/^<<challenge $part: .*>>=/,/^@/{//!d}" -e "/^<<challenge $part: .*>>=/r ../answer" nn.nw
sed -i 's/^<<\[\[matrix.c\]\]>>=/&\n\/* mine *\//' nn.nw
make challenges > ../said 2>&1
grep -q '^1 of 16 points' ../said && grep -q '+/\* mine \*/' ../said || stop "$(cat ../said)"
make restore
! grep -q 'mine \*/' nn.nw && make challenge-$part
echo "handout-check: the handout works, and none of the $(wc -l < ../secrets) lines that were left out is in it"
