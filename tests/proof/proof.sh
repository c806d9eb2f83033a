#!/bin/sh
# proof.sh SOURCES BUILD ANSWERS: index arithmetic, by exhaustion; SOURCES has the C of the chapter, ANSWERS that of the
# challenges.  (A model checker would do it with symbols: CBMC isn't in Debian 12.)
set -eu
sources=$1 build=$2 answers=$3
mkdir -p "$build"
flags="-Wno-psabi -std=c11 -D_XOPEN_SOURCE=700 -Og -g -ffp-contract=off -w -fsanitize=address,undefined -fno-sanitize-recover=all"
others=$(ls "$sources"/*.c | grep -v '/\(product\|plain\|nn\|parallel\|batchnorm\|dropout\|optimizers\|catch\|softmax\)\.c$')
for large in 0 '1 << 20'; do
  sed "s/TALL = 128 \/ HIGH \* HIGH, DEEP = 264, BROAD = 512/TALL = 2 * HIGH, DEEP = 3, BROAD = 2 * WIDE/
       s/LARGE = 1 << 20/LARGE = $large/" "$sources/product.c" > "$build/product.c"
  [ "$(grep -c 'DEEP = 3, BROAD = 2 \* WIDE\|LARGE = '"$large" "$build/product.c")" = 2 ] || {
    echo "proof: the blocks of product.c have other names; see proof.sh" >&2; exit 1; }
  gcc $flags -fopenmp -I"$build" -I"$sources" tests/proof/products.c "$sources/matrix.c" "$sources/base.c" -lm -o "$build/products"
  "$build/products"
done
gcc $flags -I"$sources" tests/proof/models.c $others "$sources/plain.c" "$answers"/*.c -lcsv -lm -o "$build/models"
"$build/models"
