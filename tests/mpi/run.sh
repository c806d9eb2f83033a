#!/usr/bin/env bash
# run.sh BUILD: nn and its twin for several processes, from outside.  Does the twin keep its promises?
set -u
export LC_ALL=C
top=$PWD build=$PWD/$1
bad=0
fault() { echo "mpi-test: $*" >&2; bad=1; }
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
on() { timeout -k 5 120 mpirun -q --oversubscribe -n "$@"; }
nn=$build/nn many=$build/mpi/nn

# -- a gradient of the whole batch in each step, and the same weights everywhere
for n in 1 2 3 4 7; do on $n "$build/mpi/ranks" || fault "ranks, on $n"; done

# -- one rank is nn, to the bit: what is printed, the history, the model
same() { # WHAT ONE OTHER OPTION...: on one rank each
  local what=$1 one=$2 other=$3
  shift 3
  "$one" train "$@" --save a --history b > c 2> d && on 1 "$other" train "$@" --save e --history f > g 2> h \
    && cmp a e && cmp b f && cmp c g && cmp d h || fault "one rank is not nn: $what"
}
"$nn" spirals --seed 8 --out t.csv
same "the main run, begun" "$nn" "$many" --epochs 60
same "stopped in time" "$nn" "$many" --epochs 60 --test t.csv --stop-after 3
same "a last batch of one" "$nn" "$many" --epochs 20 --batch 57
if [ -e "$build/answers/nn" ]; then
  same "with dropout and Adam" "$build/answers/nn" "$build/mpi/answers/nn" --epochs 40 --dropout 0.2 --optimizer adam --rate .01
  same "with batch norm" "$build/answers/nn" "$build/mpi/answers/nn" --epochs 40 --batchnorm
fi

# -- so many ranks give the same bits twice; even more of them than rows
for n in 2 3 7; do
  for k in 1 2; do on $n "$many" train --epochs 40 --batch 57 --save m$k --history h$k > o$k || fault "on $n ranks"; done
  cmp m1 m2 && cmp h1 h2 && cmp o1 o2 || fault "$n ranks give other bits the second time"
done
on 7 "$many" train --epochs 3 --batch 3 > o || fault "batches of 3 on 7 ranks"

# -- the main run learns what it learns on one
final() { sed -n 's/^Final training accuracy: \([0-9.]*\).*/\1/p' "$1"; }
"$nn" train > o1
on 2 "$many" train > o2
awk -v a="$(final o1)" -v b="$(final o2)" 'BEGIN { exit !(b != "" && (a - b) ^ 2 <= .0076 ^ 2) }' \
  || fault "the main run: $(final o1) on one rank, $(final o2) on two"
echo "  the main run: $(final o1) on one rank, $(final o2) on two"
"$nn" train --folds 4 --epochs 5 > o1
on 3 "$many" train --folds 4 --epochs 5 > o2
[ "$(wc -l < o1)" = "$(wc -l < o2)" ] || fault "folds: $(cat o2)"

# -- a failure is one sentence and a status, and the folder is as it was
rm -f -- *
"$nn" train --epochs 2 --save m --history h > /dev/null
listing() { find . -type f ! -name .out ! -name .err -exec sha256sum {} + | sort; }
before=$(listing)
judge() { # WHAT STATUS SENTENCE
  [ "$2" != 0 ] && [ "$2" != 124 ] || fault "$1: status $2"
  [ "$(grep -c '^nn: ' .err)" = 1 ] && grep -q "^nn: $3" .err || fault "$1: said $(cat .err)"
  [ "$(listing)" = "$before" ] || fault "$1: the folder has changed: $(ls -A)"
}
refuse() { # WHAT SENTENCE ARGUMENT...
  local what=$1 sentence=$2
  shift 2
  on 3 "$@" > .out 2> .err
  judge "$what" $? "$sentence"
}
refuse "no such file" "cannot read nofile" "$many" train --data nofile --save m
refuse "no such option" '"--nothing" is no option' "$many" train --nothing
refuse "a folder that isn't there" "cannot write nowhere/m" "$many" train --save nowhere/m
refuse "too large a rate" "training diverged in epoch 0" "$many" train --rate 1000 --epochs 20 \
  --layers 64,64,64,64,64,64,64,64,64,64,64,64 --save m --history h
refuse "batch norm" "--batchnorm needs the whole batch" "$many" train --batchnorm --save m
refuse "a full disk" "could not write all of /dev/full" "$many" train --epochs 2 --save /dev/full
refuse "a stub" "challenge 3a is not begun" "$many" train --dropout 0.2 --save m
# one rank alone
"$nn" spirals --out s.csv
before=$(listing)
alone() { printf 'if [ $OMPI_COMM_WORLD_RANK = %s ]; then %s; fi; exec "$@"' "$1" "$2"; }
refuse "a file that one rank lacks" "on rank 1: cannot read" \
  sh -c "$(alone 1 'shift 4; set -- '"$many"' train --data nofile')" sh "$many" train --data s.csv --save m
refuse "memory that one rank lacks" "on rank 2: not enough memory" \
  sh -c "$(alone 2 'ulimit -v 900000')" sh "$many" train --layers 9000,9000 --epochs 1 --save m
# killed, or interrupted: in the middle of a training
hurt() { # WHAT COMMAND
  # a busy machine may take longer than the second that mpirun grants
  timeout -k 5 60 mpirun -q --mca odls_base_sigkill_timeout 5 --oversubscribe -n 3 "$many" train --epochs 1000000000 --save m --history h > .out 2> .err & local job=$!
  for ((i = 0; i < 300; i++)); do find . -name 'nn.part.*' -size +0 | grep -q . && break; sleep .1; done    # it has trained for some epochs
  mpirun=$(pgrep -P $job)
  eval "$2"
  wait $job
  judge "$1" $? "interrupted; nothing is written"
}
hurt "Ctrl-C" 'kill -INT $mpirun'
hurt "a rank is killed" 'kill -KILL $(pgrep -P $mpirun | tail -n 1)'
hurt "a polite end" 'kill -TERM $mpirun'

# -- the other commands are rank 0's
on 3 "$many" spirals --out again.csv && cmp s.csv again.csv || fault "spirals"
on 3 "$many" predict --model m --data s.csv > p1 2> /dev/null && "$nn" predict --model m --data s.csv > p2 2> /dev/null && cmp p1 p2 || fault "predict"

[ $bad = 0 ] && echo "mpi-test: the same on 1, 2, 3, 4 and 7 processes"
exit $bad
