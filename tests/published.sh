#!/bin/bash
# Do the long runs print what was published? Runs `nn published` (some 10 s) and
# compares: the lines below must come in this order, each from its first letter, and no others.
#
#   tests/published.sh [PROGRAM]        build/nn if none is named
set -u -o pipefail
export LC_ALL=C
program=${1:-build/nn}
[ -x "$program" ] || { echo "$program is missing; try make tangle && make test" >&2; exit 2; }

"$program" published | awk '
    NR == FNR { if ($0 != "") wanted[++n] = $0; next }
    $0 == "" { blank++; next }
    !bad && index($0, wanted[++at]) != 1 { bad = at; got = $0 }
    END {
        if (!bad && at == n && blank == 4) { print n " lines came out digit for digit"; exit 0 }
        print "not \"" wanted[bad ? bad : at + 1] "\" but \"" got "\"" > "/dev/stderr"
        exit 1
    }' <(cat <<'LINES'
The published run, the gradient divided twice, as published
Gradient check: max relative error = 1.14e-11
  epoch     0: loss=0.6983  acc=0.505
  epoch   500: loss=0.6848  acc=0.560
  epoch  1000: loss=0.6800  acc=0.608
  epoch  1500: loss=0.6787  acc=0.615
  epoch  2000: loss=0.6701  acc=0.613
  epoch  2500: loss=0.6762  acc=0.610
Final training accuracy: 0.6225
Four architectures
  Shallow: [4]           acc=0.580  loss=0.6841
  Medium: [32]           acc=0.618  loss=0.6679
  Deep: [32, 16]         acc=0.580  loss=0.6801
  Deeper: [64, 32, 16]   acc=0.613  loss=0.6803
The published run, the gradient divided once
Gradient check: max relative error = 1.14e-11
  epoch     0: loss=0.6979  acc=0.512
  epoch   500: loss=0.2952  acc=0.938
  epoch  1000: loss=0.0251  acc=0.988
  epoch  1500: loss=0.0222  acc=0.993
  epoch  2000: loss=0.0175  acc=0.993
  epoch  2500: loss=0.0193  acc=0.993
Final training accuracy: 0.9925
Four architectures
  Shallow: [4]           acc=0.570
  Medium: [32]           acc=0.560
  Deep: [32, 16]         acc=0.988
  Deeper: [64, 32, 16]   acc=0.993
LINES
) -
