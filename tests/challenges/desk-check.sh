#!/usr/bin/env bash
# desk-check.sh: plays a student in a scratch copy of the package, and looks at what is said.  BUILD is the folder with
# what is built already, so that the copy needn't compile it again.
set -eu -o pipefail
top=$PWD build=${BUILD:-build} count=0
unset MAKEFLAGS MAKELEVEL MFLAGS BUILD    # the student's make is no part of this one
scratch=$(mktemp -d "${TMPDIR:-/tmp}/desk.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
{ git ls-files; find "$build" -maxdepth 1 -type f; find "$build/src" "$build/obj" "$build/board/src" "$build/board/obj" \
    "$build/board/run" -type f; find "$build/board" -maxdepth 1 -type f; } | tar -cf - -T - | tar -xf - -C "$scratch"
[ "$build" = build ] || mv "$scratch/$build" "$scratch/build"
cd "$scratch"
cp nn.nw .handed-out

# says ok|fails COMMAND SENTENCE...: the command ends like that, and says each of these sentences
says() {
  local want=$1 command=$2 got=ok sentence
  shift 2
  $command > .said 2>&1 || got=fails
  for sentence; do
    grep -qF -e "$sentence" .said || { echo "desk-check: $command doesn't say '$sentence', but:" >&2; cat .said >&2; exit 1; }
  done
  [ $got = "$want" ] || { echo "desk-check: $command: $got, and says:" >&2; cat .said >&2; exit 1; }
  count=$((count + 1))
}
again() { cp .handed-out nn.nw; }
heading() { grep -n "^<<$1.*>>=" nn.nw | cut -d: -f1; }           # its line
title() { sed -n "s/^<<\($1.*\)>>=\$/\1/p" nn.nw; }
# puts LINES NAME: at the beginning of a chunk; instead NAME LINES: in the place of all that it holds
puts() { LINES_IN=$2 awk -v head="<<$1" '{ print } index($0, head) == 1 && />>=$/ { print ENVIRON["LINES_IN"] }' nn.nw > .new; mv .new nn.nw; }
instead() {
  LINES_IN=$2 awk -v head="<<$1" '/^@( |$)/ { out = 0 } !out { print }
    index($0, head) == 1 && />>=$/ { print ENVIRON["LINES_IN"]; out = 1 }' nn.nw > .new
  mv .new nn.nw
}
answer_to() { awk -v head="<<answer $1: " '/^@( |$)/ { inside = 0 } inside { print } index($0, head) == 1 { inside = 1 }' nn.nw; }

step() { echo "desk-check: $*"; }
step "an untouched file, a right answer, a wrong one"
says ok "make test" "1a not begun, 1b not begun, 1c not begun" "2a not begun, 2b not begun, 2c not begun" \
  "3a not begun, 3b not begun" "4a not begun"
says ok "make challenges" "0 of 16 points" "next: 1a, nn.nw:$(heading 'challenge 1a')"
instead "challenge 2c" "$(answer_to 2c)"
says ok "make challenge-2c" "2c normalise by running statistics: done, 1 of 1 points"
says ok "make challenges" "1 of 16 points"
instead "challenge 3b" "matrix_copy(dX, dZ);"
says fails "make test" "Failing: 0" "2c done" "3b wrong" "nn.nw:"
again

step "code that doesn't compile"
puts "challenge 1a" "params[0] = grads[0]"
line=$(($(heading 'challenge 1a') + 1))
for command in "make challenges" "make test"; do
  says fails "$command" "nn.nw:$line:" "error: expected" "nn.nw:$line is line 1 of challenge 1a."
done
again
puts "challenge 2b" "for (size_t i = 0; i < X.rows; i++) {"
says fails "make challenges" "nn.nw:$(heading 'challenge 2b'): challenge 2b opens a brace that it doesn't close."
again
puts "challenge 2b" "}"
says fails "make challenge-2b" "nn.nw:$(heading 'challenge 2b'): challenge 2b closes a brace that it didn't open."
again
puts "challenge 3a" "if (mode == TRAINING <<my way>>"
says fails "make challenges" "nn.nw:$(($(heading 'challenge 3a') + 1)): <<my way>> is used here and defined nowhere."
again

step "chunks changed, doubled, lost, misspelt, without an end"
other=$(awk -F'\t' '$1 == "chunk" && $4 ~ /^\[\[matrix\.c/ { print $4; exit }' tests/challenges/seal.tsv)
awk -v head="<<$other>>=" '{ print } $0 == head { print "" }' nn.nw > .new
mv .new nn.nw
line=$(grep -nF "<<$other>>=" nn.nw | head -n 1 | cut -d: -f1)
says ok "make challenges" "nn.nw:$line: <<$other>> was changed, and is no part of a challenge."
again
printf '<<%s>>=\n@\n' "$(title 'challenge 3b')" >> nn.nw
line=$(heading 'challenge 3b' | tail -n 1)
says fails "make challenges" "nn.nw:$line: <<$(title 'challenge 3b' | head -n 1)>> is defined twice, here and in line $(heading 'challenge 3b' | head -n 1)"
again
lost=$(title 'challenge 1c')
awk -v head="<<challenge 1c: " 'index($0, head) == 1 { out = 1 } !out { print } out && /^@/ { out = 0 }' nn.nw > .new
mv .new nn.nw
says fails "make test" "nn.nw: the chunk <<$lost>> is missing; make reset-1c says how to put it back."
says fails "make reset-1c" "nn.nw: the chunk <<$lost>> is missing." "(line $(heading 'challenge 1b'))" "<<$lost>>=" 'not_begun("1c");'
again
line=$(heading 'challenge 2a')
sed "${line}s/normalise/normalize/" .handed-out > nn.nw
says fails "make challenges" "nn.nw:$line: <<$(title 'challenge 2a')>> is misspelt; its heading must read <<$(sed -n "${line}s/^<<\(.*\)>>=/\1/p" .handed-out)>>= ."
awk -v from="$line" 'NR > from && /^@$/ && !done { done = 1; next } { print }' .handed-out > nn.nw
says fails "make challenges" "nn.nw:$line: <<$(title 'challenge 2a')>> has no end; write an @ on a line of its own"
again

step "hints and answers"
says fails "make answer-2b" "2b is not begun, and you have read none of its three hints." "make hint-2b"
for n in 1 2 3; do
  says ok "make hint-2b" "2b, hint $n of 3"
  cp .said ".hint$n"
  [ $n = 3 ] || says fails "make answer-2b" "2b is not begun"
done
! cmp -s .hint1 .hint2 && ! cmp -s .hint2 .hint3
says ok "make hint-2b" "2b, hint 1 of 3" "2b, hint 2 of 3" "2b, hint 3 of 3" "These are all the hints for 2b."
says ok "make answer-2b" "<<$(title 'answer 2b')>>=" "$(answer_to 2b | head -n 1)"
says fails "make answer-3b" "3b is not begun, and you have read none"
instead "challenge 3b" "$(answer_to 3b)"
make board > .said 2>&1
says ok "make answer-3b" "<<$(title 'answer 3b')>>="
again

step "reset"
says ok "make reset-2b" "2b is as it was at the beginning; nothing was changed."
for n in 1 2; do
  puts "challenge 2b" "/* my work, number $n */"
  says ok "make reset-2b" "The stub of 2b is back in nn.nw. What you wrote is in kept-2b-$n.nw."
  cmp nn.nw .handed-out
  grep -qF "/* my work, number $n */" "kept-2b-$n.nw"
done
grep -qF "number 1" kept-2b-1.nw
cd "$top"
echo "desk-check: $count commands of a student, each answered as it should be"
