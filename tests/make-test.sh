#!/usr/bin/env bash
# make-test.sh: does make do what it must, and no more?  Works on copies of what git knows, in a scratch folder.
set -u -o pipefail
export LC_ALL=C
unset MAKEFLAGS MFLAGS MAKELEVEL                # each make here begins as one that somebody types
scratch=$(mktemp -d "${TMPDIR:-/tmp}/make test.XXXXXX")     # a path with a space
trap 'rm -rf "$scratch"' EXIT
bad=0
fault() { echo "make-test: $*" >&2; bad=1; }
step() { printf 'make-test: %s (%s s)\n' "$*" "$SECONDS"; }
commit() { git add -A && git -c user.name=x -c user.email=x@y commit --allow-empty -qm x; }
# WHAT EXPECTED make's arguments: make, and what it says is exactly that; a * stands for anything
says() {
  local what=$1 expected=$2 said
  shift 2
  said=$(make "$@" 2>&1 | grep -v '^The \|^and on ' | tr '\n' ' ')
  # shellcheck disable=SC2053
  [[ ${said% } == $expected ]] || fault "$what: make $* should say '$expected' and says '${said% }'"
}
# PATTERN make's arguments: does it say this?
has() {
  local pattern=$1
  shift
  { make "$@" 2>&1 || true; } | grep "$pattern" > /dev/null || fault "make $* should say '$pattern'"
}

mkdir "$scratch/one" && git ls-files -z | tar --null -T - -cf - | tar -xf - -C "$scratch/one" || exit 1
# what make has made here needn't be made again: the clone below begins with nothing
[ ! -e build/nn.pages ] || tar -cf - build/{answers,data,figures,flags,lines,macros.tex,nn,nn.*,obj,src,stamp.tex,tangled} |
  tar -xf - -C "$scratch/one"
cd "$scratch/one" || exit 1
git init -q && commit
step "make"
make > "$scratch/said" 2>&1 || { tail "$scratch/said" >&2; exit 1; }
says "nothing has changed" ""
commit

step "a clone in another folder, another BUILD, killed three times: the same bytes"
git clone -q "$scratch/one" "$scratch/two"
for seconds in .7 3 7; do
  (cd "$scratch/two" && exec setsid make BUILD=build/x > /dev/null 2>&1) & pid=$!
  sleep $seconds
  kill -9 -- -$pid; wait $pid 2> /dev/null
done
(cd "$scratch/two" && make BUILD=build/x > "$scratch/said" 2>&1) || { tail "$scratch/said" >&2; fault "make BUILD=build/x fails in a clone"; }
[ -z "$(git -C "$scratch/two" status --short)" ] || fault "make leaves the clone with $(git -C "$scratch/two" status --short)"
left=$(find "$scratch/two" -name '*.dep' -o -name '*.new' -path '*/data/*' -o -name '.*.[0-9]*' -path '*/tangled/*')
[ -z "$left" ] || fault "half-made files stay: $left"

step "one line of prose: no experiment, no figure"
sed -i '0,/^@$/s//@\n% a new line of prose/' nn.nw
before=$SECONDS
make > "$scratch/said" 2>&1
seconds=$((SECONDS - before))
! grep 'experiment\|draw' "$scratch/said" >&2 || fault "a line of prose runs experiments or draws"
grep -q weave "$scratch/said" || fault "a line of prose isn't woven"
sed -i '0,/a new line of prose/s//a changed line of prose/' nn.nw
says "a changed word" "weave"
echo "make-test: a line of prose took $seconds s"

step "a figure, and what has gone"
# from here on the chapter needn't be typeset to see that it would be
mkdir "$scratch/bin"
printf '#!/bin/sh\ncase $* in *nn.tex) exec cp doc/nn.pdf build ;; esac\nexec %s "$@"\n' "$(command -v lualatex)" > "$scratch/bin/lualatex"
chmod 755 "$scratch/bin/lualatex"
PATH=$scratch/bin:$PATH
echo >> figures/norms.tex
says "one figure's .tex" "draw norms weave"
says "one figure" build/figures/norms.pdf figure-norms
cp -p figures/plot.lua "$scratch"
touch figures/plot.lua
[ "$(make -n figures | grep -c 'echo "draw')" = "$(ls build/figures/*.pdf | wc -l)" ] || fault "plot.lua changed, and not all figures are drawn"
mv "$scratch/plot.lua" figures
rm build/figures/cover.pdf
says "a deleted figure" "draw cover" figures
rm build/data/published/log.tsv
says "a deleted data file" "experiment published draw *" figures
touch tests/data/wdbc.csv
says "wdbc.csv" "experiment wdbc*weave"
gone=(build/src/loss.c build/macros.tex build/nn.tex doc/numbers.tsv doc/cover.png doc/page.png tangled/loss.c)
rm "${gone[@]}"
make > /dev/null 2>&1
ls "${gone[@]}" > /dev/null || fault "what was deleted isn't made again"

step "other flags, a suite that has gone"
debug=(BUILD=build/debug OPT=-O0)               # quick to compile
make build/debug/tests "${debug[@]}" > /dev/null
for flags in OPT=-O1 ARCH= KERNEL=plain EXTRA=-DX CC=clang; do
  [ $flags != CC=clang ] || command -v clang > /dev/null || continue
  has ' loss.c$' build/debug/obj/loss.o "${debug[@]}" $flags
  says "$flags again" "" build/debug/obj/loss.o "${debug[@]}" $flags
done
if [ "$(uname -m)" = x86_64 ]; then
  kernel=$(make CC='gcc -mno-fma -mno-avx512f' --eval='kernel: ; @echo $(KERNEL)' kernel)
  [ "$kernel" = plain ] || fault "a processor without fused multiplication gets KERNEL=$kernel"
fi
if grep -qw avx2 /proc/cpuinfo; then
  readelf -n build/nn | grep -q 'ISA needed.*x86-64-v3' || fault "an older processor won't refuse build/nn, but run it"
fi
rm tests/test_loss.c
make build/debug/tests "${debug[@]}" > /dev/null
! ./build/debug/tests --list 2>&1 | grep '^loss:' || fault "tests/test_loss.c was deleted, and its tests are still there"
git checkout -q tests

step "make test brings all up to date, and says so; an edit of tangled/ is told and kept"
sed -i '/^<<challenge 1a: .*>>=$/a /* begun */' nn.nw
LANGUAGE=de LC_ALL=C.UTF-8 make test > "$scratch/said" 2>&1
for line in '^gcc optimizers.c$' 'Synthesis: Tested'; do
  grep -q "$line" "$scratch/said" || fault "make test, asked in German, should say '$line'"
done
[ build/nn -nt nn.nw ] || fault "build/nn is older than nn.nw after make test"
rm build/board/src/loss.c
says "a file of the board" "*gcc loss.c, for the board*" board
says "the board again" "" board
cp tangled/loss.c "$scratch/loss.c"
echo 'int edited;' >> tangled/loss.c
has 'tangled/loss.c was edited' test
grep -q 'int edited' kept-loss.c || fault "the edit of tangled/loss.c isn't kept"
says "after an edit was told" "" tangle
sed -i 's/$/\r/' nn.nw                          # as editors on Windows end lines
says "CR and LF" "" tangle
cmp tangled/loss.c "$scratch/loss.c" || fault "tangled/loss.c isn't what nn.nw gives"
sed -i 's/\r$//' nn.nw

step "what root has made, and no git"
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$scratch"
  said=$(setpriv --reuid=65534 --regid=65534 --clear-groups make test 2>&1)
  [[ $said == *"you can't write ., which is $(id -un)'s; say: sudo chown -R 65534 $PWD."* ]] || fault "make test says '$said' where root was before"
fi
for target in handout desk-check; do GIT_DIR=/none has "git gives none; its reason is above" $target; done

step "what README lets one borrow"
cat > tangled/you.c <<'C'
#include <stdio.h>
#ifdef _XOPEN_SOURCE
#include "model.h"
int main(void) { Error e; Model m; puts(model_load(&m, "none", &e) ? "" : e.text); }
#else
#include "train.h"
int main(void)
{
    Error e;
    Dataset D;
    Network net;
    Optimizer o = sgd(.05);
    Rng rng = rng_create(1);
    bool ok = spirals(&D, 9, .25, 7, &e) && network_create(&net, (size_t[]){ 2, 4, 1 }, 3, 6, &e);
    network_init(&net, INIT_HE, 42);
    ok = ok && train(&net, D, &bce, &o, 2, 6, &rng, NULL, NULL, &e);
    printf("%s: %g\n", ok ? "learned" : e.text, network_mean(&net, D, bce.value));
}
#endif
C
(cd tangled && while read -r line; do $line -w -std=c11 -o "$scratch/you" && "$scratch/you"; done) \
  < <(grep '^cc ' README.md) > "$scratch/said" 2>&1
[[ $(cat "$scratch/said") == "learned: "[01].*"cannot read none"* ]] || fault "README's lines to borrow by: $(cat "$scratch/said")"
rm tangled/you.c

step "for editors"
if command -v ctags > /dev/null; then
  make tags
  [ "$(grep -c '	nn.nw	' tags)" -gt 500 ] || fault "make tags finds $(grep -c '	nn.nw	' tags) names in nn.nw"
fi
make compile_commands.json && python3 -m json.tool compile_commands.json > /dev/null || fault "compile_commands.json is no JSON"
make debug > /dev/null && [ -x build/debug/nn ] || fault "make debug makes no build/debug/nn"
has '^gcc -std=c11 .*loss.c' build/obj/loss.o V=1 -W nn.nw OPT=-O2
[ -z "$(git status --short | grep '^??')" ] || fault "make leaves files that git doesn't know: $(git status --short | grep '^??')"
[ $bad = 0 ] && step "make does what it must"
exit $bad
