#!/usr/bin/env bash
# handout.sh FOLDER: the package for students, in FOLDER and FOLDER.tar.gz; what the answers do is in it as recorded numbers
set -eu -o pipefail
to=$1
git ls-files > /dev/null || { echo "make handout: git's list of files tells the package's from yours, and git gives none; its reason is above" >&2; exit 1; }
rm -rf "$to" "$to.tar.gz"
mkdir -p "$to/figures/recorded"
git ls-files -z | grep -zEv '^tests/(answers|teacher)/|^doc/nn\.html$|^\.(ci|git)/|^\.[^/]*$' |
  tar -cf - .gitignore .editorconfig --null -T - | tar -xf - -C "$to"
for run in $(sed -n 's/^OUTCOMES *= //p' figures/figures.mk); do cp -rp "build/data/$run" "$to/figures/recorded/"; done
python3 tests/teacher/check.py handed-out "$to/nn.nw"
sed -i 's/ make answer-2b,//' "$to/tests/challenges/challenges.mk"
sed -i '/^To teach with them: /,/^$/{/./d}; s/; `make answers` leaves.*`//; s/; `teacher\/`: [^|]* |/ |/' "$to/README.md"
cp "$to/nn.nw" "$to/.pristine.nw"
# what is made here of the same files needn't be made again
tar -cf - build/{data,figures} | tar -xf - -C "$to"
make -C "$to"
rm -rf "$to/build"
tar --sort=name --mtime="@$(stat -c %Y nn.nw)" --owner=0 --group=0 --numeric-owner --mode=go-w \
  --transform "s,^\./,nn/,;s,^\.\$,nn," -C "$to" -cf - . | gzip -9n > "$to.tar.gz"
echo "The students' package is $to and $to.tar.gz."
