#!/bin/sh
# tangle.sh SOURCE FOLDER OPTION FILE...: tangle each file into the folder.  A file whose text is the
# same keeps its time; so does a header that differs in its #line numbers only.  Whatever notangle says
# on standard error is a failure.  ANSWERS, in the environment, lists parts of the challenges ("1a 2b", or
# "all"): there the answer is tangled in place of the challenge's own chunk.
set -eu
source=$1 folder=$2 option=$3
shift 3
mkdir -p "$folder"
new=$(mktemp "${TMPDIR:-/tmp}/tangle.XXXXXX")
trap 'rm -f "$new" "$new".*' EXIT
for part in ${ANSWERS:-}; do
  [ "$part" != all ] || part='[0-9][a-z]'
  printf 's/^@use challenge \\(%s\\): /@use answer \\1: /\n' "$part"
done > "$new.sed"
for file; do
  notangle $option ${ANSWERS:+-filter "sed -f '$new.sed'"} -R"[[$file]]" "$source" > "$new" 2> "$new.err" || true
  if [ -s "$new.err" ] || [ ! -s "$new" ]; then
    echo "$source: cannot tangle $file: $(cat "$new.err")" >&2
    exit 1
  fi
  case $file in
    *.h) if [ -e "$folder/$file" ]; then
           grep -v '^#line' "$new" > "$new.a"
           grep -v '^#line' "$folder/$file" > "$new.b" || true
           if cmp -s "$new.a" "$new.b"; then continue; fi
         fi ;;
  esac
  if ! cmp -s "$new" "$folder/$file"; then
    chmod 644 "$new"
    cp "$new" "$folder/.$file.$$"
    mv "$folder/.$file.$$" "$folder/$file"
  fi
done
