#!/usr/bin/env bash
# mutants.sh BUILD: is every fault of tests/mpi/mutants.tsv seen by ranks.c on three processes?  BUILD has the objects.
set -u
export LC_ALL=C OMP_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
build=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
files="parallel.c train.c"
objects=$(ls "$build"/obj/*.o | grep -v '/\(nn\|tests\|ranks\|parallel\|train\|mpi\|optimizers\|batchnorm\|dropout\|catch\|softmax\)\.o$')
challenges=$(ls "$build"/answers/obj/{optimizers,batchnorm,dropout,catch,softmax}.o)
all=0 killed=0
while IFS=$'\t' read -r name chunk find replace; do
  case $name in ''|'#'*) continue ;; esac
  all=$((all + 1))
  rm -rf "$work/t"; mkdir "$work/t"
  CHUNK=$chunk FIND=$find REPLACE=$replace awk -f tests/mutate.awk nn.nw > "$work/nn.nw" \
    && sh tests/tangle.sh "$work/nn.nw" "$work/t" '' $files || { echo "ERROR $name: not found exactly once"; continue; }
  for file in $files; do
    mpicc -std=c11 -D_XOPEN_SOURCE=700 -O1 -ffp-contract=off -w -I"$build/src" -c "$work/t/$file" -o "$work/t/${file%.c}.o" || continue 2
  done
  mpicc "$work"/t/*.o $objects $challenges "$build/obj/ranks.o" -lcsv -lm -o "$work/t/ranks" || continue
  if timeout -k 5 20 mpirun -q --oversubscribe -n 3 "$work/t/ranks" > "$work/said" 2>&1 < /dev/null
  then echo "SURVIVED $name"
  else killed=$((killed + 1)); echo "killed $name: $(grep -m1 '^ranks: ' "$work/said" || echo "it hangs, or crashes")"; fi
done < tests/mpi/mutants.tsv
echo "$killed of $all mutants killed"
[ $killed = $all ]
