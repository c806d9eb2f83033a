#!/bin/sh
# tangle.sh SOURCE FOLDER OPTION FILE...: tangle each file into the folder.  A file whose text is the
# same keeps its time; so does a header that differs in its #line numbers only.  Whatever notangle says
# on standard error is a failure.  ANSWERS, in the environment, lists parts of the challenges ("1a 2b", or
# "all"): there the answer is tangled in place of the challenge's own chunk.
# Plain C, without an OPTION, says in its first line what it is made from; FOLDER/.sums knows what was
# tangled last, and a file that was edited since is kept, and told.
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
note='Generated from nn.nw (MIT licence); edit there.'

edited() { # FILE, plain: is it neither what was tangled last nor what is committed?
  [ -z "$option" ] && [ -e "$folder/$1" ] || return 1
  if (cd "$folder" && sha256sum "$1") | grep -qFf - "$folder/.sums" 2> /dev/null; then return 1; fi
  if git show ":./$folder/$1" 2> /dev/null | cmp -s - "$folder/$1"; then return 1; fi
  [ -e "$folder/.sums" ] || [ -n "$(find "$folder/$1" -newer "$source")" ]
}
keep() { # FILE, out of the way of the new text
  cp --backup=numbered "$folder/$1" "kept-$1"
  line=$(cmp "$folder/$1" "$new" 2>&1 | sed -n 's/.* line \([0-9]*\)$/\1/p')
  there=$(sed -n "${line:-1}s/^ *//p" "$new")
  there=$(sed 's/^ *//' "$source" | grep -nxF -- "$there" | cut -d: -f1)
  case $there in *[!0-9]*) there= ;; esac    # more than one
  echo "make: $folder/$1 was edited, at line ${line:-1}.  It is generated: put the edit into $source${there:+:$there}." >&2
  echo "make: It is kept in kept-$1, and $folder/$1 is as $source has it; say make again to go on." >&2
  stop=1
}

stop=0
for file; do
  notangle $option ${ANSWERS:+-filter "sed -f '$new.sed'"} -R"[[$file]]" "$source" 2> "$new.err" | tr -d '\r' > "$new"
  if [ -s "$new.err" ] || [ ! -s "$new" ]; then
    echo "$source: cannot tangle $file: $(cat "$new.err")" >&2
    exit 1
  fi
  if [ -z "$option" ]; then
    case $(head -n 1 "$new") in /\**) sed -i "1s,^/\* ,/* $note ," "$new" ;; *) sed -i "1i /* $note */" "$new" ;; esac
  fi
  case $file in
    *.h) if [ -e "$folder/$file" ]; then
           grep -v '^#line' "$new" > "$new.a"
           grep -v '^#line' "$folder/$file" > "$new.b" || true
           if cmp -s "$new.a" "$new.b"; then continue; fi
         fi ;;
  esac
  if ! cmp -s "$new" "$folder/$file"; then
    if edited "$file"; then keep "$file"; fi
    chmod 644 "$new"
    cp "$new" "$folder/.$file.$$"
    mv "$folder/.$file.$$" "$folder/$file"
  fi
done
if [ -z "$option" ]; then
  (cd "$folder" && sha256sum "$@" > ".sums.$$" && mv ".sums.$$" .sums)
fi
exit $stop
