#!/bin/bash
# The challenges from outside: bash tests/answers/options.sh PROGRAM ANSWERED
# PROGRAM has the challenges as they are in nn.nw, ANSWERED has the answers.  With FIRST=1 it ends at the first failure.
set -u
export LC_ALL=C
[ -x "${1:-}" ] && [ -x "${2:-}" ] || { echo "usage: bash options.sh PROGRAM ANSWERED" >&2; exit 2; }
top=$(cd "$(dirname "$0")/../.." && pwd) program=$(realpath "$1") answered=$(realpath "$2")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
passed=0 failed=0
check() { # NAME, then a command that must hold
    if "${@:2}"; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1))
    echo "options: $1"
    [ -z "${FIRST:-}" ] || exit 1
}
train() { # FILE OPTION...: what training says, in FILE
    timeout 60 "$answered" train --seed 42 "${@:2}" > "$1" 2>&1 || echo "status $?" >> "$1"
}
share() { awk '/^Final|^accuracy/ { print $(/^Final/ ? 4 : 2) + 0 }' "$1"; }
same() { cmp -s "$1" "$2"; }
differ() { ! cmp -s "$1" "$2"; }
above() { awk -v a="$(share "$1")" -v b="$2" 'BEGIN { exit !(a + 0 >= b) }'; }

train sgd --epochs 20
train named --epochs 20 --optimizer sgd
train m0 --epochs 20 --optimizer momentum --beta 0
train m9 --epochs 20 --optimizer momentum
train m9b --epochs 20 --optimizer momentum --beta 0.9
train m5 --epochs 20 --optimizer momentum --beta 0.5
train a9 --epochs 20 --optimizer adam --rate 0.01
train a5 --epochs 20 --optimizer adam --rate 0.01 --beta=0.5
train none --epochs 20 --dropout 0
train some --epochs 20 --dropout 0.1
train more --epochs 20 --dropout 0.2
train norm --epochs 20 --batchnorm
check '--optimizer sgd is not the default' same sgd named
check '--optimizer momentum --beta 0 is not sgd' same sgd m0
check '--beta 0.9 is not the default' same m9 m9b
check '--optimizer momentum changes nothing' differ sgd m9
check '--beta changes nothing in momentum' differ m9 m5
check '--beta changes nothing in adam' differ a9 a5
check '--dropout 0 changes something' same sgd none
check '--dropout changes nothing' differ sgd some
check '--dropout 0.2 is like 0.1' differ some more
check '--batchnorm changes nothing' differ sgd norm

train adam --epochs 100 --optimizer adam --rate 0.01
train all --epochs 100 --optimizer adam --rate 0.01 --batchnorm --dropout 0.1 --history h.csv
check 'Adam has not learnt the spirals' above adam 0.99
check 'all three at once have not learnt the spirals' above all 0.95
check 'the history has not seven norms, one a layer that learns' \
    [ "$(head -n 1 h.csv)" = epoch,loss,accuracy,norm1,norm2,norm3,norm4,norm5,norm6,norm7 ]
check 'the history has not a hundred epochs' [ "$(wc -l < h.csv)" = 101 ]
train folds --epochs 2 --folds 2 --batchnorm --dropout 0.1 --optimizer momentum
check 'folds with all three' grep -q '^Mean accuracy' folds

# a network with batch norm and dropout, saved, predicts what it did in memory, and what Python makes of it
train saved --epochs 40 --dropout 0.2 --batchnorm --layers 8,4 --save model
"$answered" spirals --out good.csv && "$answered" predict --model model --data good.csv --out p.csv > predicted
check "saved with dropout and batch norm: $(share saved) in memory, $(share predicted) from the file" \
    [ "$(share saved)" = "$(share predicted)" ]
check 'saved with dropout and batch norm: no share' above predicted 0.5
tail -n +2 good.csv | cut -d, -f1,2 > plain.csv
check 'Python reads another model' eval 'python3 "$top/tests/read_model.py" model plain.csv > q.csv &&
    paste -d, p.csv q.csv | awk -F, "NR > 1 && (\$1 - \$3 != 0 || \$2 != \$4) { bad = 1 } END { exit bad || NR != 401 }"'

# ten classes: learned, saved, known again, a probability for each
# the best epoch's running means come back, too
"$answered" spirals --seed 8 --out test.csv
train stopped --batchnorm --rate 1 --test test.csv --stop-after 20 --history stopped.h
check 'the best with batch norm is not kept' [ "$(sed -n 's/^Test accuracy: //p' stopped)" = "$(awk -F, -v \
    best="$(sed -n 's/^Epoch \([0-9]*\) was the best.*/\1/p' stopped)" '$1 == best { printf "%.4f", $5 }' stopped.h)" ]

digits=$top/tests/data/digits.csv
train ten --data "$digits" --layers 32 --init he --rate 0.1 --batch 32 --epochs 10 --save ten.model
check 'ten classes are not told' grep -qx '10 classes, 0 to 9' ten
check 'ten classes are not learned' above ten 0.98
"$answered" predict --model ten.model --data "$digits" --out ten.csv > told
check 'ten classes from a file' [ "$(share ten)" = "$(share told)" ]
check 'ten probabilities' [ "$(head -n 1 ten.csv)" = 0,1,2,3,4,5,6,7,8,9,class ]
check 'ten probabilities have not the sum 1' awk -F, 'NR > 1 { s = 0; for (k = 1; k <= 10; k++) s += $k
    if (s < 1 - 1e-12 || s > 1 + 1e-12 || NF != 11) exit 1 }' ten.csv
check 'Python reads ten classes' eval 'tail -n +2 "$digits" | head -n 40 | cut -d, -f1-64 > plain.csv &&
    python3 "$top/tests/read_model.py" ten.model plain.csv > q.csv && head -n 41 ten.csv | cmp - q.csv'
printf '1,2,a\n3,4,"b, c"\n5,6,d\n2,2,a\n4,4,"b, c"\n6,6,d\n' > three.csv
train three --data three.csv --test three.csv --epochs 300 --batch 6 --save three.model --history three.h
check 'the mode is not said' eval 'grep -q "^Means .* in training mode:" three && grep -q "^Final .*, in evaluation mode" three'
check 'three classes are not told' grep -qx '3 classes, a to d' three
check 'three classes are not learned' above three 1
check 'it says the same of all three classes' eval '! grep "The network says" three'
train equal --data three.csv --init zeros --rate 1e-9 --epochs 1 --batch 6
check 'a network that knows nothing says the first class' [ "$(grep 'The network says' equal)" = 'The network says a for every row.' ]
"$answered" predict --model three.model --data three.csv > told 2> err
check 'names of three classes' [ "$(head -n 1 told)" = 'a,"b, c",d,class' ]
check 'three classes are not known again' [ "$(cut -d, -f4- told | tail -n +2 | tr '\n' ' ')" = 'a "b, c" d a "b, c" d ' ]
check 'the check of softmax' eval '"$answered" check --classes 3 --layers 5,4 | grep -q ^PASS'
check 'the points of the check have all three classes, each as often' eval \
    '"$answered" check --classes 3 --layers none --init zeros | grep -q "^  b1 .* 1.44e-02 "'

# a challenge that is not begun is named before any work is done
stub() { # PART SENTENCE-OF OPTION...
    grep -qF "not_begun(\"$1\");" "$top/nn.nw" || return 0
    timeout 20 "$program" train --epochs 100000000 --history stub.csv "${@:2}" > out 2> err
    [ $? = 1 ] && [ ! -e stub.csv ] && [ ! -s out ] && [ "$(cat err)" = "nn: challenge $1 is not begun; write its chunk \
in nn.nw, or do without it" ]
}
check 'the stub of momentum' stub 1a --optimizer momentum
check 'the stub of Adam' stub 1b --optimizer adam
check 'the stub of batch norm' stub 2a --batchnorm
not_softmax() { # COMMAND...: what it says on standard error
    grep -qF 'not_begun("5c");' "$top/nn.nw" || return 0
    ! timeout 20 "$program" "$@" > out 2> err && grep -qx \
        'nn: challenge 5c is not begun; write its chunk in nn.nw, or do without it' err
}
check 'the stub of softmax in training' not_softmax train --data three.csv --epochs 3 --batch 2
check 'the stub of softmax in the check' not_softmax check --classes 3
check 'the stub of softmax in predictions' not_softmax predict --model three.model --data three.csv
no_rows() {
    grep -qF 'not_begun("5a");' "$top/nn.nw" || return 0
    cut -d, -f1,2 three.csv > two.csv
    ! "$program" predict --model three.model --data two.csv > out 2> err && [ ! -s out ] && grep -q 'challenge 5a is not begun' err
}
check 'nothing is written by stubs' no_rows
check 'two classes need no softmax' eval '"$program" train --epochs 2 --layers 3 --save two.model > out &&
    "$program" predict --model two.model --data good.csv --out p.csv > out'
check 'the stub of dropout' stub 3a --dropout 0.1
echo "options: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -ge 34 ]
