#!/bin/bash
# Gives the program everything wrong that bad-input.tsv lists, and a few things
# that need more than a line: bash tests/bad-input.sh build/nn
# Prints a line for each case that fails, and at the end "N passed, N failed"; with FIRST=1 it ends at the first.
set -u
table=$(cd "$(dirname "$0")" && pwd)/bad-input.tsv
[ -x "${1:-}" ] || { echo "usage: bash bad-input.sh PROGRAM" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$1" "$scratch/nn" && chmod 755 "$scratch" "$scratch/nn"
NN=$scratch/nn
export LC_ALL=C ASAN_OPTIONS=${ASAN_OPTIONS:-}:allocator_may_return_null=1
passed=0 failed=0

nn() { timeout 60 "$NN" "$@"; }
# root may read and write everything, so in these cases it has lost that power
powerless=(setpriv --inh-caps=-all --bounding-set=-all)
[ "$(id -u)" = 0 ] && "${powerless[@]}" true 2> /dev/null || powerless=()
nobody() { timeout 60 "${powerless[@]}" "$NN" "$@"; }
# with little memory; the address sanitizer can't run like that
little() { shift; (ulimit -v 170000; timeout 60 "$NN" "$@"); }
sanitized=$(grep -c __asan_init "$NN")

begin() { cd "$scratch" && rm -rf here && cp -r good here && cd here || exit 2; }
listing() { find . -print , -type f ! -perm 000 -exec cksum {} + 2> /dev/null | sort; }
unchanged() { # is listing what it was before?
    after=$(listing)
    [ "$before" = "$after" ] || wrong+="files left or changed: $(diff <(echo "$before") <(echo "$after") | tr '\n' ' ')"
}
verdict() { # NAME WHAT-IS-WRONG (nothing: passed)
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: $2"
        [ -z "${FIRST:-}" ] || exit 1
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
    before=$(listing)
    eval "$run" > ../out 2> ../err < /dev/null
    got=$?
    err=$(< ../err) wrong=
    mapfile lines < ../err
    [ "$got" = "$status" ] || wrong="status $got, not $status; "
    # shellcheck disable=SC2053
    [[ $err == $sentence ]] || wrong+="it says: $err; "
    [[ ${#lines[@]} = 1 && ${lines[0]} = *$'\n' ]] || wrong+="${#lines[@]} lines, or one without an end; "
    unchanged
    verdict "$name" "$wrong"
done < <(sed 's/\t\t/\t:\t/' "$table")

# Files in every dialect: from each that is welcome the same is learned; the others get one sentence.
learn() { nn train --data d.csv --batch 2 --epochs 2 --layers 3 --save m "$@"; }
numbers() { tail -n +4 m; }
begin
printf '1.5,-2,0\n3,4,1\n-1,0.5,0\n2,20,1\n' > d.csv
learn > /dev/null || exit 2
numbers > ../learned
while IFS=$'\t' read -r name text options status said; do
    case $name in '#'* | '') continue ;; esac
    begin
    # shellcheck disable=SC2059
    printf "$text" > d.csv
    eval "learn $options" > ../out 2> ../err < /dev/null
    got=$? wrong=
    [ "$status" = - ] || [ "$got" = "$status" ] || wrong="status $got, not $status; "
    say=$(cat ../err ../out) say=${say%%Means*} say=${say%$'\n'}
    # shellcheck disable=SC2053
    [[ $say == $said ]] || wrong+="it says: $say; "
    [ "$status" != 0 ] || numbers | cmp -s - ../learned || wrong+="it learns something else"
    verdict "$name" "$wrong"
done < <(sed 's/\t\t/\t \t/; s/\t$/\t/' "${table%/*}/files.tsv")

# What follows isn't wrong: the same program must accept it.
accepts() { # NAME, then a command
    local name=$1 wrong=
    shift
    "$@" > ../out 2> ../err || wrong="status $?: $(cat ../err)"
    ls ./nn.part.* > /dev/null 2>&1 && wrong+=" a part is left"
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

accepts 'nn check, any seed, any network' eval 'for seed in 0 1 2 3 4; do nn check --seed $seed --layers 8,6,4; done > o &&
    [ "$(grep -c ^PASS o)" = 5 ] && nn check --layers none'
accepts 'help anywhere' eval 'nn --help train | cmp - h && nn train --rate --help | cmp - h'
accepts 'data from standard input' eval 'nn train --data - --epochs 1 < good.csv'
accepts 'a test in the history' eval 'nn spirals --seed 8 --out t.csv &&
    nn train --epochs 5 --test t.csv --history h > o && grep -q "^Test accuracy" o &&
    [ "$(head -1 h)" = epoch,loss,accuracy,test_loss,test_accuracy,norm1,norm2,norm3,norm4 ]'
accepts 'with a test or without, the same is learned' eval \
    'nn train --epochs 5 --history h2 > o2 && cut -d, -f1-3,6- h | cmp - h2 && grep Final o > f && grep Final o2 | cmp - f'
accepts 'stopped in time, the best is kept' eval 'nn train --rate 1 --layers 16,16 --test t.csv --history h \
    --stop-after 40 --save m > o && nn predict --model m --data t.csv --out p > o3 &&
    awk -F, "NR > 1 && (NR == 2 || \$4 < min) { min = \$4; best = \$1; right = \$5 }
        END { print best, right > \"best\"; exit \$1 != best + 40 }" h &&
    read -r epoch right < best && grep -q "^Epoch $epoch was the best" o &&
    grep -q "accuracy: $(printf %.4f "$right") of 400 rows" o3'
accepts 'names of the labels' eval 'sed "s/,0$/,not so/; s/,1$/,\"so, say\"/" good.csv > d.csv &&
    nn train --data d.csv --epochs 30 --save m > o && grep -q "^1 is so, say, 0 is not so$" o &&
    nn predict --model m --data plain.csv --out p && cut -d, -f2- p | sort -u > q &&
    printf "%s\n" "\"so, say\"" class "not so" | cmp - q && nn predict --model m --data d.csv > /dev/null'
accepts 'the majority throughout has a word' eval 'nn spirals --points 30 | head -45 > d.csv && nn train --data d.csv \
    --batch 44 --rate 1e-9 --init zeros --epochs 1 > o && grep -q "^The network says 0 for every row" o'
accepts 'a model by hand; one half is 1' eval 'printf "nn model 2 201ea50c\n0\n1\n2 linear 1\n0\n0\n1\n1\n0\n0\n0\n" > m &&
    nn predict --model m --data plain.csv | sort | uniq -c | tr -s " " > p && printf " 400 0.5,1\n 1 probability,class\n" | cmp - p'
# a reader in Python says the same, to the last digit
same_in_python() { # MODEL
    nn predict --model "$1" --data plain.csv --out p && python3 "${table%/*}/read_model.py" "$1" plain.csv > q &&
        python3 -c 'import sys
p, q = ([line.strip().split(",") for line in open(name)] for name in "pq")
sys.exit(p[0] != q[0] or len(p) != 401 or [(float(a), b) for a, b in p[1:]] != [(float(a), b) for a, b in q[1:]])'
}
command -v python3 > /dev/null && for name in relu tanh; do
    nn check --layers 3 --activation $name > /dev/null 2>&1 || continue
    accepts "a model with $name, read by Python" eval \
        "nn train --epochs 20 --layers 8,4 --activation $name --save m > o && same_in_python m"
done
accepts 'the field of a model: a grid, and paste' eval 'awk "BEGIN { print \"x,y\"; for (i = -52; i <= 52; i++) for (j = -52; j <= 52; j++)
    print j / 4 \",\" i / 4 }" > grid.csv; nn predict --model model --data grid.csv --out p.csv && paste -d, grid.csv p.csv > field.csv &&
    [ "$(wc -l < field.csv)" = 11026 ] && head -1 field.csv | grep -qx x,y,probability,class'

# standard output takes data or talk, whatever it is called and wherever it goes
nn train --epochs 3 --layers 3 --save m --history h > talk
whole() { cmp m m2 && { cat e; cmp talk e; }; }
for out in - /dev/stdout /dev/fd/1 /proc/self/fd/1 m2; do
    accepts "a model to $out, a file" eval "nn train --epochs 3 --layers 3 --save $out > m2 2> e; whole"
    accepts "a model to $out, at the end of one" eval "echo old > old; : > m2; nn train --epochs 3 --layers 3 --save $out >> m2 2> e; whole"
    accepts "a model to $out, with the errors" eval "nn train --epochs 3 --layers 3 --save $out > m2 2>&1; cmp m m2"
done
for out in - /dev/stdout /dev/fd/1; do
    accepts "a model to $out, a pipe" eval "nn train --epochs 3 --layers 3 --save $out 2> e | cat > m2; whole"
    accepts "spirals to $out, behind what is there" eval "echo old > s; nn spirals --out $out >> s; { echo old; cat good.csv; } | cmp - s"
    accepts "predictions to $out" eval "nn predict --model model --data good.csv --out $out > p 2> e;
        [ \"\$(wc -l < p)\" = 401 ] && ! grep -q accuracy p && [ \"\$(wc -l < e)\" = 1 ]"
done
accepts 'a warning does not get among the data' eval \
    "sed 's/^[^x,]*,/7,/' good.csv > d.csv; nn train --data d.csv --epochs 3 --save - > m2 2>&1; nn predict --model m2 --data d.csv > p"
accepts 'a model to a process' eval 'nn train --epochs 3 --layers 3 --save >(cat > m3) > e; for _ in $(seq 100); do
    cmp -s m m3 && break; sleep .05; done; cmp m m3 && cmp talk e'
accepts 'a model where the history has no room' eval \
    'nn train --epochs 3 --layers 3 --save m2 --history /dev/full > o; [ $? = 1 ] && cmp m m2'
accepts 'nothing is open' eval 'nn train --epochs 3 --layers 3 --save m2 --history h2 <&- >&- 2>&-; [ $? = 1 ] && cmp m m2 && cmp h h2'
accepts 'no standard error, where the talk would go' eval \
    'nn train --epochs 3 --layers 3 --save - --history h2 > m2 2>&- && cmp m m2 && cmp h h2'
accepts 'no standard error' eval 'nn predict --model model --data good.csv > p2 2>&- && [ "$(wc -l < p2)" = 401 ]'
accepts 'a name of 250 characters' eval "nn spirals --points 1 --out $(printf %0250d 1)"
[ "$sanitized" != 0 ] || accepts 'stacks of 256 KB' eval '(ulimit -s 256; export OMP_STACKSIZE=256k
    nn train --layers 512,512 --batch 400 --epochs 1 --save m2 && nn predict --model m2 --data good.csv --out p && nn check --layers 48,8)'

# a locale with a decimal comma changes nothing; its character map is just large enough
printf 'LC_NUMERIC\ndecimal_point "<U002C>"\nthousands_sep ""\ngrouping -1\nEND LC_NUMERIC\n' > locale.src
printf '<code_set_name> SMALL\n<mb_cur_min> 1\n<mb_cur_max> 2\n<comment_char> %%\n<escape_char> /\nCHARMAP\n%s\n%s\n' \
    '<U0000>..<U007F> /x00 ASCII' 'END CHARMAP' > charmap
if command -v localedef > /dev/null && localedef -c -i ./locale.src -f ./charmap ./xx_XX > /dev/null 2>&1 ||
    [ -e xx_XX/LC_NUMERIC ]; then
    accepts 'a locale with a decimal comma' eval 'LOCPATH=$PWD LC_ALL=xx_XX nn train --data good.csv --epochs 20 \
        --save c --history hc > oc && cmp a c && cmp ha hc && cmp oa oc'
fi

# Signals. A background job of a script has SIGINT ignored, hence env.
parts() { find . -name 'nn.part.*' "$@" | grep -q .; }
wait_for() { for _ in $(seq 200); do "$@" && return 0; sleep 0.05; done; return 1; }
start() { env --default-signal "$NN" "$@" > ../out 2> ../err < in & job=$!; }
train_long() { start train --epochs 100000000 --save model --history h.csv; }
# what has been started ends soon, with this status, says this and leaves nothing but what was there
ends() { # NAME STATUS SENTENCE
    local wrong='' got
    {
        timeout 10 tail -s .02 -f --pid=$job /dev/null || kill -KILL $job
        wait $job
    } 2> /dev/null
    got=$?
    # shellcheck disable=SC2053
    [[ $got == $2 ]] || wrong="status $got; "
    # shellcheck disable=SC2053
    [[ $(< ../err) == $3 ]] || wrong+="it says: $(< ../err); "
    ! grep '^Final' ../out > /dev/null || wrong+="a measurement that wasn't finished; "
    unchanged
    verdict "$1" "$wrong"
}
still() { begin; mkfifo in out; exec 9<> in; "$@"; before=$(listing); }
for signal in INT:130 TERM:143 HUP:129; do
    still :
    for from in in -; do
        start train --data $from
        sleep .2
        kill -"${signal%:*}" $job
        ends "SIG${signal%:*} in reading $from" "${signal#*:}" ''
    done
    head -c 65536 /dev/zero >&9         # the pipe is full
    start train --history in --epochs 100000000
    sleep .5
    wait_for grep -q '^State:.S' /proc/$job/status
    kill -"${signal%:*}" $job
    ends "SIG${signal%:*} in writing what nobody reads" "${signal#*:}" 'nn: could not write all of */in (Interrupted system call); *'
done
start train --epochs 1 --save out
sleep .2
kill -INT $job
ends 'SIGINT in opening a pipe' 130 ''
for signal in INT:130 TERM:143 HUP:129 QUIT:131 PIPE:141 XCPU:152 ALRM:142; do
    still :
    start spirals --points 3000000 --out good.csv
    wait_for parts -size +0
    kill -"${signal%:*}" $job
    ends "SIG${signal%:*} in writing" "${signal#*:}" ''
    case $signal in QUIT* | PIPE*)
        train_long
        wait_for parts -size +0
        kill -"${signal%:*}" $job
        ends "SIG${signal%:*} in training" "${signal#*:}" ''
    esac
done
still nn spirals --points 20000 --out big.csv
for first in INT STOP; do
    start train --data big.csv --layers 512,512,512 --save model --history h.csv
    wait_for parts
    sleep .2
    kill -$first $job
    if [ $first = STOP ]; then          # two at once
        kill -TERM $job; kill -INT $job; kill -CONT $job
        ends 'a second signal is the end' '1[34][03]' ''
    else
        ends 'SIGINT in a long epoch' 130 'nn: interrupted before an epoch was whole; nothing is written'
    fi
done
start train --test big.csv --layers 512,512,512 --save model --history h.csv
wait_for parts
sleep .4
kill -INT $job
ends 'SIGINT in measuring' 130 'nn: interrupted before an epoch was whole; nothing is written'
nn spirals --points 2 --out few.csv
before=$(listing)
start train --data few.csv --test big.csv --layers 512,512,512 --batch 4 --epochs 1
sleep .5
kill -INT $job
ends 'SIGINT in the last measurement' 130 'nn: interrupted*'
for signal in INT:130 TERM:143 HUP:129 XCPU:152; do
    begin
    cp model old
    : > in
    train_long
    wait_for parts -size +0
    kill -"${signal%:*}" "$job"
    wait "$job"
    got=$? wrong=
    [ "$got" = "${signal#*:}" ] || wrong="status $got; "
    [[ $(< ../err) == 'nn: interrupted; what you asked for is written, up to the last whole epoch' ]] ||
        wrong+="it says: $(< ../err); "
    parts && wrong+="a part is left; "
    grep -q '^Final' ../out && wrong+="a measurement that wasn't finished; "
    [ "$(tail -c 1 h.csv | od -An -c | tr -d ' ')" = '\n' ] || wrong+="the history is cut; "
    [ "$(awk -F, '{ print NF }' h.csv | sort -u)" = 7 ] || wrong+="the history is ragged; "
    cmp -s model old && wrong+="the model isn't saved; "
    nn predict --model model --data good.csv --out p.csv > ../out 2>&1 || wrong+="$(cat ../out)"
    verdict "SIG${signal%:*} in training" "$wrong"
done
begin
cp model old
: > in
train_long
wait_for parts -size +0
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
[[ $(< ../err) == 'nn: interrupted; folds have no result until all are done' ]] || wrong+="it says: $(< ../err); "
[ ! -s ../out ] || wrong+="it says: $(< ../out)"
verdict 'SIGINT in folds' "$wrong"

cd / && echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -ge 100 ]
