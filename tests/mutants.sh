#!/bin/bash
# Is every fault seen? Applies each mutant of tests/mutants.tsv to nn.nw, builds
# what changed, runs the tests, and fails unless each mutant is killed. Those of
# tests/answers/mutants.tsv, where there is one, are faults in the answers to the
# challenges and in what uses them: the same, but with the answers tangled in and
# with the tests of tests/answers besides.
#
#   tests/mutants.sh [PATTERN]    from the top folder; only names that match
#
# CC, CFLAGS, LDLIBS and JOBS may be set. Works in build/mutants.
set -u -o pipefail
shopt -s extglob                # test_nn.c holds nn.c, which isn't tangled here
export LC_ALL=C
export CC=${CC:-gcc} JOBS=${JOBS:-2}
case $CC in *gcc*) threads=-fopenmp ;; *) threads= ;; esac
export CFLAGS=${CFLAGS:--std=c11 -D_XOPEN_SOURCE=700 -O3 -ffp-contract=off $threads}
export LDLIBS=${LDLIBS:--lcriterion -lcsv -lm $threads}
top=$PWD
tests=$top/tests
all=$top/build/mutants
# what takes long comes last
slow='@(@(published|memory|bayes)/*|gradcheck/judges_*|product/@(large|equals)_*|model/every_altered_*|init/*_layers|spirals/learnt_*)'
limit=60                        # seconds for one run of the tests

say() { printf '%s\n' "$*"; }
die() { say "mutants: $*" >&2; exit 2; }

# Which list, what it is tangled with, and its suites.
choose() { # chapter or answers
    work=$all/$1
    case $1 in
    chapter)
        list=$tests/mutants.tsv ANSWERS=
        suites=("$tests"/test_!(nn).c) ;;
    answers)
        list=$tests/answers/mutants.tsv ANSWERS=all
        suites=("$tests"/test_!(nn).c "$tests"/answers/test_*.c) ;;
    esac
    export work ANSWERS
}

roots() { sed -n 's/^<<\[\[\([a-z]*\.[ch]\)\]\]>>=$/\1/p' "$1" | sort -u | grep -v '^nn\.c$\|^parallel\.c$'; }

tangle() { # SOURCE FOLDER FILE...
    sh "$tests/tangle.sh" "$1" "$2" '' "${@:3}" 2> "$2/tangle.err"
}

# which lines of nn.nw are in which file: those of a fault are enough to tangle
lines() { # FILE...
    sh "$tests/tangle.sh" nn.nw "$work/lines" -L "$@" && (cd "$work/lines" &&
        awk '/^#line/ { n = $2; next } { print n++ "\t" FILENAME }' "$@" | sort -u > "$work/lines.tsv")
}

# the loops of plain.c have other names in the tests, as the Makefile says
compile() { # SOURCE OBJECT
    local names=
    [ "${1##*/}" != plain.c ] || names="-include $tests/plain.h"
    $CC $CFLAGS $names -w -I"$(dirname "$1")" -I"$work/base" -I"$tests" -c "$1" -o "$2"
}

linked() { # FOLDER: its own objects first, the archive for the rest
    $CC "$1"/*.o "$work"/base/test/*.o "$work/base/base.a" \
        -Wl,--wrap=calloc $LDLIBS -o "$1/run"
}

# Runs the tests of one folder, stopping at the first failure: first the suites
# that killed the last ones, as neighbours in the list are faults of one module.
# Status 0: all pass, 1: one failed, 124: hung, anything else: an error.
run() { # FOLDER
    local status filter last
    last=$(sed -n 's,.* killed by \(.*\)/.*,\1,p' "$all/results" | tail -n 4 | sort -u | paste -sd'|')
    ln -sfn "$tests" "$1/tests"
    for filter in "@(${last:=none})/*" "!(@($last)/*|$slow)" "$slow"; do
        (cd "$1" && timeout -k 5 $limit sh -c 'echo $$ > pid; exec "$@"' sh \
            ./run --fail-fast -j1 --filter "$filter") >> "$1/log" 2>&1
        status=$?
        rm -f "/tmp/criterion_$(cat "$1/pid").sock"   # or the next with this number can't begin
        [ $status -eq 0 ] || break
    done
    return $status
}

list() { grep -v -e '^#' -e '^$' "$list"; }

verdict() { # NUMBER NAME TEXT
    local line
    line=$(printf '%3d  %-34s %s' "$1" "$2" "$3")
    say "$line"
    say "$line" >> "$all/results"
}

one() { # NUMBER
    local name chunk find replace dir=$work/$1 file files killer changed=0
    IFS=$'\t' read -r name chunk find replace < <(list | sed -n "$1p")
    mkdir -p "$dir/t"
    if ! CHUNK=$chunk FIND=$find REPLACE=$replace \
        awk -f "$tests/mutate.awk" "$top/nn.nw" > "$dir/nn.nw"; then
        verdict "$1" "$name" "ERROR: '$find' isn't found exactly once in <<$chunk>>"
        return
    fi
    files=$(cmp "$top/nn.nw" "$dir/nn.nw" | sed 's/.* //' | join -t $'\t' -o 2.2 - "$work/lines.tsv")
    if ! tangle "$dir/nn.nw" "$dir/t" ${files:-$(roots nn.nw)}; then
        verdict "$1" "$name" "ERROR: does not tangle"
        return
    fi
    for file in "$dir"/t/*.[ch]; do
        cmp -s "$file" "$work/base/${file##*/}" && continue
        changed=1
        if [ "${file##*.}" = h ]; then
            verdict "$1" "$name" "ERROR: changes a header, ${file##*/}"
            return
        elif ! CFLAGS=${CFLAGS/-O3/-O1} compile "$file" "$dir/$(basename "$file" .c).o" 2> "$dir/cc.err"; then
            verdict "$1" "$name" "ERROR: does not compile: $(grep -m1 error "$dir/cc.err")"
            return
        fi
    done
    if [ $changed = 0 ]; then
        verdict "$1" "$name" "ERROR: changes nothing that is compiled"
        return
    fi
    if ! linked "$dir" 2> "$dir/cc.err"; then
        verdict "$1" "$name" "ERROR: does not link: $(head -1 "$dir/cc.err")"
        return
    fi
    run "$dir"
    case $? in
    0) verdict "$1" "$name" "SURVIVED: $find" ; return ;;
    124) verdict "$1" "$name" "killed: the tests hang" ;;
    *) killer=$(sed -n 's/^\[FAIL\] \([^:]*\)::\([^:]*\):.*/\1\/\2/p' "$dir/log" | head -1)
       if [ -z "$killer" ]; then
           verdict "$1" "$name" "ERROR: the tests don't run, see $dir/log"
           return
       fi
       verdict "$1" "$name" "killed by $killer" ;;
    esac
    rm -rf "$dir"
}

if [ "${1:-}" = --one ]; then
    choose "$2"
    one "$3"
    exit 0
fi

[ -f nn.nw ] || die "run me from the folder that holds nn.nw"
command -v notangle > /dev/null || die "notangle is missing; install the package noweb"
lists=(chapter)
[ ! -e "$tests/answers/mutants.tsv" ] || lists+=(answers)   # a handout has none
for name in "${lists[@]}"; do choose "$name"; list; done |
    awk -F'\t' 'NF < 3 || seen[$1]++ { print "mutants: a line of the lists is wrong: " $1; bad = 1 }
    END { exit bad }' >&2 || exit 2

# Builds everything as it is, sees that the tests pass, then goes through the list.
go_through() { # PATTERN
    local file numbers
    numbers=$(list | awk -F'\t' -v p="$1" '$1 ~ p { print NR }')
    [ -n "$numbers" ] || return 0
    mkdir -p "$work/base/test" "$work/0"
    cp -rp "$all"/chapter/base "$work" 2> /dev/null     # most of it is the same for the answers
    tangle nn.nw "$work/base" $(roots nn.nw) && lines $(roots nn.nw) || die "nn.nw does not tangle; try make tangle"
    for file in "$work"/base/*.c; do say "$file" "${file%.c}.o"; done > "$work/all"
    for file in "${suites[@]}" "$tests/wrap.c" "$tests/patience.c"; do
        say "$file" "$work/base/test/$(basename "$file" .c).o"
    done >> "$work/all"
    while read -r file object; do
        [ "$object" -nt "$file" ] || say "$file" "$object"
    done < "$work/all" > "$work/todo"
    xargs -P "$JOBS" -n 2 bash -c 'compile "$1" "$2"' _ < "$work/todo" ||
        die "the source does not compile as it is; try make test"
    ar rcs "$work/base/base.a" "$work"/base/*.o
    say 'int mutants_none;' > "$work/0/none.c"
    compile "$work/0/none.c" "$work/0/none.o" && linked "$work/0" || die "the tests do not link"
    run "$work/0" || { grep -m5 -F '[FAIL]' "$work/0/log" >&2
        die "the tests fail without any mutant (see $work/0/log); mend that first"; }
    xargs -P "$JOBS" -n 1 bash "$0" --one "${work##*/}" <<< "$numbers"
}

start=$SECONDS
rm -rf "$all"
mkdir -p "$all"
touch "$all/results"
export tests
export -f compile
for name in "${lists[@]}"; do
    choose "$name"
    go_through "${1:-}"
done
total=$(wc -l < "$all/results")
killed=$(grep -c ' killed' "$all/results")
grep -v ' killed' "$all/results"
say "$killed of $total mutants killed, in $((SECONDS - start)) s"
[ "$total" -gt 0 ] && [ "$killed" -eq "$total" ]
