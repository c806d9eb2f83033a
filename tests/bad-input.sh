#!/bin/bash
# Gives the program everything wrong that bad-input.tsv lists, and a few things
# that need more than a line: bash tests/bad-input.sh build/nn
# Prints a line for each case that fails, and at the end "N passed, N failed".
set -u
table=$(cd "$(dirname "$0")" && pwd)/bad-input.tsv
[ -x "${1:-}" ] || { echo "usage: bash bad-input.sh PROGRAM" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$1" "$scratch/nn" && chmod 755 "$scratch" "$scratch/nn"
NN=$scratch/nn
export LC_ALL=C ASAN_OPTIONS=${ASAN_OPTIONS:-}:allocator_may_return_null=1
passed=0 failed=0

nn() { timeout 20 "$NN" "$@"; }
# root may read everything, so these cases run as somebody else
nobody() {
    if [ "$(id -u)" = 0 ]; then
        timeout 20 setpriv --reuid=65534 --regid=65534 --clear-groups "$NN" "$@"
    else
        nn "$@"
    fi
}
# with little memory; the address sanitizer can't run like that
little() { shift; (ulimit -v 150000; timeout 20 "$NN" "$@"); }
sanitized=$(grep -c __asan_init "$NN")

begin() { rm -rf "$scratch/here"; mkdir "$scratch/here"; cd "$scratch/here" || exit 2; cp ../good/* .; }
listing() { find . -type f ! -perm 000 -exec cksum {} + 2> /dev/null | sort; find . | sort; }
verdict() { # NAME WHAT-IS-WRONG (nothing: passed)
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: $2"
    fi
}

mkdir "$scratch/good" && cd "$scratch/good" || exit 2
"$NN" spirals --out good.csv && "$NN" train --epochs 2 --layers 3 --save model > /dev/null || exit 2
tail -n +2 good.csv | cut -d, -f1,2 > plain.csv

while IFS=$'\t' read -r name make run status sentence; do
    case $name in '#'* | '') continue ;; esac
    case $run in little*) [ "$sanitized" = 0 ] || continue ;; esac
    begin
    eval "$make"
    listing > ../before
    eval "$run" > ../out 2> ../err < /dev/null
    got=$?
    listing > ../after
    err=$(cat ../err) wrong=
    [ "$got" = "$status" ] || wrong="status $got, not $status; "
    # shellcheck disable=SC2053
    [[ $err == $sentence ]] || wrong+="it says: $err; "
    [ "$(wc -l < ../err)" = 1 ] || wrong+="$(wc -l < ../err) lines; "
    cmp -s ../before ../after || wrong+="files left or changed: $(diff ../before ../after | tr '\n' ' ')"
    verdict "$name" "$wrong"
done < <(sed 's/\t\t/\t:\t/' "$table")

# What follows isn't wrong: the same program must accept it.
accepts() { # NAME, then a command
    local name=$1 wrong=
    shift
    "$@" > ../out 2> ../err || wrong="status $?: $(cat ../err)"
    ls ./*.part > /dev/null 2>&1 && wrong+=" a part is left"
    verdict "$name" "$wrong"
}
begin
accepts 'CRLF, BOM, header, no newline at the end' eval \
    "printf '\357\273\277a,b,c\r\n1,2,0\r\n3,4,1' > d.csv; nn train --data d.csv --batch 2 --epochs 2"
accepts 'no header' eval "printf '1,2,0\n3,4,1\n' > d.csv; nn train --data d.csv --batch 2 --epochs 2"
accepts 'data from a pipe' eval "cat good.csv | nn train --data /dev/stdin --epochs 1"
accepts 'no hidden layer' nn train --layers none --epochs 2 --save m
accepts 'its model predicts' nn predict --model m --data good.csv --out p.csv
accepts 'an equals sign' nn train --layers=4 --epochs=2
accepts 'folds' nn train --layers none --epochs 2 --folds 400
accepts 'one point' nn spirals --points 1 --out d.csv
accepts 'predictions without labels' eval 'nn predict --model model --data plain.csv > p2.csv'
accepts 'as many predictions as rows, and a header' eval '[ "$(wc -l < p2.csv)" = 401 ]'
accepts 'no accuracy without labels' eval '[ ! -s ../err ]'
accepts 'the help fits a screen' eval \
    'nn --help > h && [ "$(wc -l < h)" -le 23 ] && ! grep -q "^.\{80\}" h && nn train --help | cmp - h'
accepts 'the same bits twice' eval \
    'nn train --epochs 20 --save a --history ha > oa && nn train --epochs 20 --save b --history hb > ob && cmp a b && cmp ha hb && cmp oa ob'
accepts 'a history with a row for each epoch' eval \
    '[ "$(head -1 ha)" = epoch,loss,accuracy,norm1,norm2,norm3,norm4 ] && [ "$(wc -l < ha)" = 21 ]'

# Signals. A background job of a script has SIGINT ignored, hence env.
wait_for() { for _ in $(seq 200); do [ -s "$1" ] && return 0; sleep 0.05; done; return 1; }
train_long() { env --default-signal=INT "$NN" train --epochs 100000000 --save model --history h.csv > ../out 2> ../err & job=$!; }
for signal in INT:130 TERM:143; do
    begin
    cp model old
    train_long
    wait_for "h.csv.$job.part"
    kill -"${signal%:*}" "$job"
    wait "$job"
    got=$? wrong=
    [ "$got" = "${signal#*:}" ] || wrong="status $got; "
    [[ $(cat ../err) == 'nn: interrupted; what you asked for is written, up to the last whole epoch' ]] ||
        wrong+="it says: $(cat ../err); "
    ls ./*.part > /dev/null 2>&1 && wrong+="a part is left; "
    [ "$(tail -c 1 h.csv | od -An -c | tr -d ' ')" = '\n' ] || wrong+="the history is cut; "
    [ "$(awk -F, '{ print NF }' h.csv | sort -u)" = 7 ] || wrong+="the history is ragged; "
    cmp -s model old && wrong+="the model isn't saved; "
    nn predict --model model --data good.csv --out p.csv > ../out 2>&1 || wrong+="$(cat ../out)"
    verdict "SIG${signal%:*} in training" "$wrong"
done
begin
cp model old
train_long
wait_for "h.csv.$job.part"
kill -KILL "$job"
wait "$job" 2> /dev/null
wrong=
cmp -s model old || wrong="the old model is lost; "
[ ! -e h.csv ] || wrong+="half a history"
verdict 'SIGKILL in training' "$wrong"
begin
env --default-signal=INT "$NN" train --epochs 100000000 --folds 3 > ../out 2> ../err & job=$!
sleep 0.3
kill -INT "$job"
wait "$job"
got=$? wrong=
[ "$got" = 130 ] || wrong="status $got; "
[[ $(cat ../err) == 'nn: interrupted; folds have no result until all are done' ]] || wrong+="it says: $(cat ../err)"
verdict 'SIGINT in folds' "$wrong"

cd / && echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -ge 100 ]
