#!/usr/bin/env bash
# another.sh: does the answer to the exercise "Another activation" hold?  Its three places are put into a copy of
# the package, as a reader would put them there; then the test of tanh runs, and nn check.
set -eu
copy=build/another
mkdir -p $copy
[ -e $copy/build ] || { mkdir $copy/build; cp -rp build/{flags,lines,obj,src,tangled} $copy/build; }
tar cf - --exclude=./build --exclude=./.git . | (cd $copy && rm -rf nn.nw tests && tar xf -)
cd $copy
sed -i 's/^<<\(act on each number\|list the activations\) (answer)>>=/<<\1>>=/' nn.nw
notangle -R'test of tanh (answer)' ../../nn.nw >> tests/test_layer.c
echo "another activation: $(diff ../../nn.nw nn.nw | grep -c '^>') chunks of nn.nw, $(diff -rq ../../tests tests | grep -c differ) test"
make -s tangle build/tests build/nn
build/tests --filter 'tanh/*' 2>&1 | grep -q 'Tested: 1 | Passing: 1 ' || { echo "another: the test of tanh fails" >&2; exit 1; }
build/nn check --activation tanh > check.txt || { cat check.txt >&2; exit 1; }
build/nn train --activation tanh --epochs 20 > /dev/null
tail -n 1 check.txt
