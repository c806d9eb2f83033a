#!/usr/bin/env bash
# handout.sh FOLDER: the package without the answers to the challenges, in FOLDER and in FOLDER.tar.gz.
# It takes the files that git knows, as they are in this folder, less those below; and of each file what is not
# between a line "handout: leave out" and a line "handout: go on".
set -eu -o pipefail
stop() { echo "make handout: $*" >&2; exit 1; }
[ $# = 1 ] || stop "say where: handout.sh FOLDER"
to=$1

# what holds answers, or is the teacher's; dot files but two
left_out='^tests/answers/|^tests/teacher/|^tests/challenges/(handout|handout-check|desk-check|jail|wrong-answers|stub-check)\.sh$|^tests/challenges/grade(-check)?\.py$|^tests/challenges/wrong\.tsv$|^tests/challenges/submissions/|^\.(ci|git[a-hj-z]).*/|^\.[^/]*$'
files=$(git ls-files 2> /dev/null) || stop "this folder is no git clone, so I can't tell the package's files from yours"
rm -rf "$to" "$to.tar.gz"
grep -Ev "$left_out" <<< "$files" > "$to.files" || true
printf '%s\n' .gitignore .editorconfig | { grep -Fx "$files" || true; } >> "$to.files"
grep -qx nn.nw "$to.files" || stop "run me in the folder that holds nn.nw"
tar -cf - -T "$to.files" | { mkdir -p "$to"; tar -xf - -C "$to"; }
rm "$to.files"
# what the answers do is shown there, but can't be run
mkdir "$to/figures/recorded"
for run in optimizers batchnorm dropout; do
  [ -e "build/data/$run.done" ] || stop "build/data has no $run; say make handout"
  for file in "$run.done" $(< "build/data/$run.done"); do cp "build/data/$file" "$to/figures/recorded/"; done
done

while IFS= read -r file; do
  awk -v file="$file" '
    /^[%#] handout: (leave out|go on)$/ {
      if (out == (/leave out$/ != 0)) { bad = 1; exit }
      out = !out; next
    }
    !out
    END { if (bad || out) { print "make handout: " file ":" FNR ": the lines that say what to leave out do not alternate" > "/dev/stderr"; exit 1 } }
  ' "$file" > "$to/$file.new"
  cat "$to/$file.new" > "$to/$file"
  rm "$to/$file.new"
done < <(cd "$to" && grep -rlE '^[%#] handout: ' .)
! grep -n '^<<answer ' "$to/nn.nw" >&2 || stop "these answers in nn.nw would have stayed; put them between the lines that leave out"

cat >> "$to/Makefile" <<'END'

# -- this is a handout: the answers to the challenges, and what needs them, are not in it; what they do is recorded
answers answers-board wrong-answers stub-check record record-check handout handout-check grade grade-check desk-check:
	@echo "make: '$@' needs the answers to the challenges, which are not in this package" >&2; exit 1
END
make -C "$to" seal
make -C "$to"
rm -rf "$to/build"
tar --sort=name --mtime="@$(stat -c %Y nn.nw)" --owner=0 --group=0 --numeric-owner --mode=go-w \
  --transform "s,^\./,nn/,;s,^\.\$,nn," -C "$to" -cf - . | gzip -9n > "$to.tar.gz"
echo "The students' package is $to and $to.tar.gz."
