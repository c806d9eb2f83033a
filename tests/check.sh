#!/usr/bin/env bash
# check.sh "FILE...": is what is committed in step with nn.nw, and does nn.nw hang together?
set -u
bad=0
fault() { echo "check: $*" >&2; bad=1; }

# the roots are exactly the files, and the answers, which are used in place of the challenges
want=$({ printf '<<[[%s]]>>\n' $1; sed -n 's/^\(<<answer .*>>\|<<.* (answer)>>\)=$/\1/p' nn.nw; } | sort)
have=$(noroots nn.nw 2>&1 | sort)
[ "$want" = "$have" ] || fault "the roots of nn.nw are not the files expected:" \
  "$(diff <(echo "$want") <(echo "$have") | grep '^[<>]' | tr '\n' ' ')"

# the parts of the challenges: the same in tests/challenges/parts.tsv, in chunks and in the text
parts=$(awk -F'\t' '/^[0-9]/ { print $1 ": " $3 }' tests/challenges/parts.tsv | sort)
same() { # SED-SCRIPT WHERE
  local found
  found=$(sed -n "$1" nn.nw | sort)
  [ "$parts" = "$found" ] || fault "tests/challenges/parts.tsv and $2 in nn.nw name different parts:" \
    "$(diff <(echo "$parts") <(echo "$found") | grep '^[<>]' | tr '\n' ' ')"
}
same 's/^<<challenge \(.*\)>>=$/\1/p' "the challenges' chunks"
same 's/^ \+<<challenge \(.*\)>>$/\1/p' "the uses of these chunks"
same 's/^\\begin{challenge}{\(..\)}{\(.*\)}$/\1: \2/p' "the text"
if grep -q '^<<answer ' nn.nw; then same 's/^<<answer \(.*\)>>=$/\1/p' "the answers"; fi   # a handout has none

# tangled/ is what nn.nw gives, and nothing else
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
sh tests/tangle.sh nn.nw "$fresh" '' $1 && diff -rq -x .sums "$fresh" tangled >&2 \
  || fault "tangled/ is not in step with nn.nw: say make tangle, and commit it"

# the PDF was woven from this nn.nw
sum=$(sha256sum nn.nw | cut -d' ' -f1)
pdftotext -layout doc/nn.pdf - | tr -d ' \n' | grep -q "$sum" || fault "doc/nn.pdf was woven from another nn.nw: run make"
# and the page of the web edition, by what is in doc/web, with the tests that there are
if [ -e doc/nn.html ]; then
  by=$({ cd doc/web && cat book.mjs build.mjs noweb.mjs latex.mjs math.mjs figure.mjs fonts.mjs page.mjs dom.mjs formulas.css style.css live.css
         cd ../.. && ls tests/test_*.c tests/answers/test_*.c 2> /dev/null | LC_ALL=C sort | xargs cat; } | sha256sum | cut -d' ' -f1)
  grep -q "<meta name=source content=\"$sum $by\">" doc/nn.html \
    || if command -v node > /dev/null; then fault "doc/nn.html is not in step with nn.nw, doc/web or the tests: run make web"; else
      echo "check: doc/nn.html is not in step with nn.nw, doc/web or the tests, and node, which makes it, is missing: apt-get install nodejs npm" >&2; fi
fi
if [ -e build/nn.log ]; then
  grep -n 'Warning:\|Font Warning\|undefined' build/nn.log | grep -v 'Package: \|infwarerr' && fault "LaTeX warned (build/nn.log)"
  awk -f doc/breaks.awk build/nn.pages || fault "pages break where they mustn't (build/nn.pages)"
  awk '/^Overfull/ { if (substr($3, 2) + 0 > 2) { print; n++ } } END { exit n > 0 }' build/nn.log || fault "boxes are overfull (build/nn.log)"
fi
noweave -delay -filter doc/index.awk -filter doc/ccolor.awk -index -filter doc/uses.awk -filter doc/hoist.awk nn.nw 2>&1 > /dev/null | grep . && fault "noweave warned"

# the README's three numbers are those of the table in the PDF: learned, unseen, possible
pdftotext -layout doc/nn.pdf - | sed -n 's/^ *the network of the main run  *\([0-9.]*\)  *\([0-9.]*\).*/\1 %\n\2 %/p
  s/^ *the Bayes rule  *[0-9.]*  *\([0-9.]*\).*/\1 %/p' | diff - <(grep -o '[0-9.]* %' README.md) >&2 \
  || fault "the README's figures are not those of the table of what is possible in the PDF"

# every test that the text names exists
for name in $(tr '\n' ' ' < nn.nw | grep -o '\\test{[^}]*}\|begin{proved}{[^}]*}' | sed 's/.*{//; s/}//; s/,/ /g'); do
  grep -q "Test(${name%/*}, ${name#*/}[,)]" tests/test_*.c tests/answers/test_*.c 2> /dev/null || fault "the text names a test that does not exist: $name"
done

# and so does every chunk
sed -n 's/.*\$\\langle\$\\emph{\(.*\)}\$\\rangle.*/\1/p' nn.nw | while read -r name; do
  grep -qF "<<$name>>=" nn.nw || echo "$name"
done | { ! grep . ; } || fault "the text names a chunk that does not exist, as above"

# every number in the running text has something behind it
python3 tests/digits.py nn.nw tests/digits.tsv >&2 || fault "numbers in the text that nothing stands behind (tests/digits.py)"

# code that can be printed, prose that can be compared line by line
awk '/^<<.*>>=$/ { code = 1; next } /^@($| )/ { code = 0 }
     length > (code ? 72 : 100) { print FILENAME ":" FNR ": wider than " (code ? "72 columns of code" : "100 columns"); n++ }
     END { exit n > 0 }' nn.nw || bad=1
[ $bad = 0 ] && echo "check: everything is in step"
exit $bad
