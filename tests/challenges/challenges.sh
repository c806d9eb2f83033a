#!/bin/sh
# The desk at which a student works on the challenges.  From the top folder, by way of make:
#   challenges.sh board           the table of all parts, and what to do next
#   challenges.sh part 2b         one part, with all that the board says about it
#   challenges.sh structure       is nn.nw still put together as it was handed out?
#   challenges.sh build COMMAND   build; where that fails, say in which challenge
#   challenges.sh lines           one line for each challenge; fails if a part is wrong (make test)
#   challenges.sh hint 2b         the next hint
#   challenges.sh answer 2b       the answer, if it has been earned
#   challenges.sh reset 2b        put the stub back, keep what was there
#   challenges.sh watch           the board again at each save
#   challenges.sh seal            write seal.tsv; with -, to standard output
# BUILD is the folder with the board (build), BOARD the program itself.
set -eu
LC_ALL=C
export LC_ALL
here=tests/challenges
board=${BOARD:-${BUILD:-build}/board/board}
seen=.hints                     # part, how many of its hints were read
numbers=doc/numbers.tsv          # written by the weave
[ -e $numbers ] || numbers=/dev/null
tab=$(printf '\t')
new=
trap '[ -z "$new" ] || rm -f $new' EXIT
trap 'exit 130' HUP INT TERM

die() { echo "$*" >&2; exit 2; }

# nn.nw read as notangle does, by the scripts named; then their own arguments
read_nw() { # SCRIPT.awk [ARGUMENT...]
    script=$1
    shift
    awk -f $here/chunks.awk -f "$here/$script" "$@"
}

known() { # PART
    grep -q "^$1$tab" $here/parts.tsv 2> /dev/null && case $1 in [0-9][a-z]) true ;; *) false ;; esac ||
        die "There is no part $1; the parts are $(grep -v '^#' $here/parts.tsv | cut -f1 | tr '\n' ' ' | sed 's/ $/./')"
}

structure() { read_nw structure.awk $here/seal.tsv source=1 nn.nw || exit 1; }

# what the board says, into the file $said; stops where there is no board
judge() { # [PART]
    [ -x "$board" ] || die "There is no board yet: say make challenges."
    said=$(mktemp "${TMPDIR:-/tmp}/board.XXXXXX")
    new="$new $said"
    "$board" --source nn.nw "$@" > "$said" || die "The board stopped before its end; this is a fault of the board, not of your code."
}

report() { # STYLE [PART]: by report.awk, in colour only where somebody can see it
    colour=
    if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then colour=1; fi
    read_nw report.awk style="$1" only="${2:-}" colour=$colour kind=parts $here/parts.tsv kind=said "$said" kind= source=1 nn.nw
}

hints_seen() { # PART
    [ ! -e $seen ] || awk -v part="$1" '$1 == part { n = $2 } END { print n + 0 }' $seen
}

hint() { # PART
    known "$1"
    n=$(hints_seen "$1")
    n=${n:-0}
    if [ "$n" -ge 3 ]; then
        for level in 1 2 3; do read_nw hint.awk part="$1" level=$level $numbers $here/hints.txt; echo; done
        echo "These are all the hints for $1. make answer-$1 shows the answer."
        return
    fi
    n=$((n + 1))
    read_nw hint.awk part="$1" level=$n $numbers $here/hints.txt
    new=$(mktemp ./.hints.XXXXXX)
    { [ ! -e $seen ] || grep -v "^$1 " $seen || true; echo "$1 $n"; } > "$new"
    mv "$new" $seen
    new=
    echo
    case $n in
    3) echo "That was the last of three. If it doesn't help, make answer-$1 shows the answer." ;;
    *) echo "Hint $n of 3; make hint-$1 again gives the next." ;;
    esac
}

answer() { # PART
    known "$1"
    CHUNK="answer $1: "
    export CHUNK
    if ! read_nw chunk.awk source=1 nn.nw > /dev/null; then
        die "The answers aren't in this package; whoever gave it to you has them."
    fi
    n=$(hints_seen "$1")
    state=unknown
    if [ "${n:-0}" -lt 3 ]; then
        state="not done (or its code does not compile)"
        if [ -x "$board" ]; then judge "$1"; state=$(awk -F"$tab" -v part="$1" '$1 == part { print $2 }' "$said"); fi
        if [ "$state" != done ]; then
            case ${n:-0} in 0) read=none ;; 1) read=one ;; *) read=two ;; esac
            die "$1 is $state, and you have read $read of its three hints. The answer is shown when the part is done, or after the third hint: make hint-$1"
        fi
    fi
    read_nw chunk.awk source=1 nn.nw
    echo
    echo "The derivation is beside it in doc/nn.pdf, in the appendix of answers."
}

reset() { # PART
    known "$1"
    new=$(mktemp ./.nn.nw.XXXXXX)
    cp -p nn.nw "$new"          # keeps its mode
    PART=$1
    CHUNK="challenge $1: "
    export PART CHUNK
    status=0
    read_nw reset.awk $here/seal.tsv source=1 nn.nw > "$new" || status=$?
    case $status in
    0) ;;
    2) echo "$1 is as it was at the beginning; nothing was changed."; return ;;
    *) exit 1 ;;
    esac
    # the first number that is free; ln never overwrites
    mine=$(mktemp ./.kept.XXXXXX)
    new="$new $mine"
    read_nw chunk.awk source=1 nn.nw > "$mine"
    chmod 644 "$mine"
    k=1
    while ! ln "$mine" "kept-$1-$k.nw" 2> /dev/null; do
        [ -e "kept-$1-$k.nw" ] || die "What you wrote can't be kept in kept-$1-$k.nw; nothing was changed."
        k=$((k + 1))
    done
    mv "${new%% *}" nn.nw
    echo "The stub of $1 is back in nn.nw. What you wrote is in kept-$1-$k.nw."
}

watch() {
    command -v entr > /dev/null || die "make watch needs entr; install it with: apt-get install entr"
    clear=
    interactive=-n
    if [ -t 1 ]; then clear=-c; fi
    if [ -t 0 ]; then interactive=; fi
    [ -n "$interactive" ] || echo "Watching nn.nw; q or Ctrl-C ends it."
    # entr ends with 2 where the file was away for a moment, as with editors that save by renaming
    while :; do
        status=0
        echo nn.nw | entr $clear $interactive ${MAKE:-make} --no-print-directory challenges || status=$?
        [ $status = 2 ] && [ -e nn.nw ] || break
    done
}

seal() { # [-]
    new=$(mktemp ./.seal.XXXXXX)
    read_nw seal.awk source=1 nn.nw > "$new" || exit 1
    if [ "${1:-}" = - ]; then cat "$new"; return; fi
    chmod 644 "$new"
    cmp -s "$new" $here/seal.tsv || mv "$new" $here/seal.tsv
}

build() { # COMMAND...; WARN=1 shows warnings, too
    new=$(mktemp "${TMPDIR:-/tmp}/build.XXXXXX")
    if "$@" 2> "$new"; then
        [ -z "${WARN:-}" ] || cat "$new" >&2
        return
    fi
    if grep -q 'nn\.nw:[0-9]*:' "$new"; then read_nw where.awk source=1 nn.nw source=0 "$new" >&2; else cat "$new" >&2; fi
    exit 1
}

case ${1:-} in
structure) structure ;;
build) shift; build "$@" ;;
board) judge; report board ;;
part)  known "$2"; judge "$2"; report part "$2" ;;
lines) judge; report lines ;;
hint | answer | reset) "$1" "$2" ;;
watch) watch ;;
seal)  seal "${2:-}" ;;
*) die "usage: challenges.sh board | part 2b | lines | hint 2b | answer 2b | reset 2b | watch | seal" ;;
esac
