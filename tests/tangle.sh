#!/bin/sh
# tangle.sh SOURCE FOLDER OPTION FILE...: tangle each file into the folder; with the option -L, with #line.
# A file whose text is the same keeps its time; so does a header that differs in its #line numbers only.
# Whatever noweb says on standard error is a failure.  ANSWERS, in the environment, lists parts of the
# challenges ("1a 2b", or "all"): there the answer is tangled in place of the challenge's own chunk.
# Plain C, without the option, says in its first line what it is made from; FOLDER/.sums knows what was
# tangled last, and a file that was edited since is kept, and told.
set -eu
source=$1 folder=$2 option=$3
shift 3
mkdir -p "$folder"
new=$(mktemp -d "${TMPDIR:-/tmp}/tangle.XXXXXX")
trap 'rm -rf "$new"' EXIT
# noweb's own tools tangle all files at once; a star in a name asks for #line
star=${option:+*}
{
  printf 's/\r$//\ns/^@defn \\[\\[\\(.*\\)\\]\\]$/@defn \\1%s/\n' "$star"
  for part in ${ANSWERS:-}; do
    [ "$part" != all ] || part='[0-9][a-z]'
    printf 's/^@use challenge \\(%s\\): /@use answer \\1: /\n' "$part"
  done
} > "$new/.sed"
PATH=$PATH:$(sed -n 's/^LIB=//p' "$(command -v noweb)")
{ markup ${option:+-t} "$source" | sed -f "$new/.sed" |
    (cd "$new" && mnt -t $option $(printf "%s$star " "$@")); } 2> "$new/.err" || true
if [ -s "$new/.err" ]; then
  echo "$source: cannot tangle: $(sed 's/\*>>/>>/' "$new/.err" | sort -u)" >&2
  exit 1
fi
note='Generated from nn.nw (MIT licence); edit there.'
[ -n "$option" ] || (cd "$new" && sed -i -s "1{s,^/\\* ,/* $note ,;t;s,^,/* $note */\n,}" "$@")

edited() { # FILE, plain: is it neither what was tangled last nor what is committed?
  [ -z "$option" ] && [ -e "$folder/$1" ] || return 1
  if (cd "$folder" && sha256sum "$1") | grep -qFf - "$folder/.sums" 2> /dev/null; then return 1; fi
  if git show ":./$folder/$1" 2> /dev/null | cmp -s - "$folder/$1"; then return 1; fi
  [ -e "$folder/.sums" ] || [ -n "$(find "$folder/$1" -newer "$source")" ]
}
keep() { # FILE, out of the way of the new text
  cp --backup=numbered "$folder/$1" "kept-$1"
  line=$(cmp "$folder/$1" "$new/$1" 2>&1 | sed -n 's/.* line \([0-9]*\)$/\1/p')
  there=$(sed -n "${line:-1}s/^ *//p" "$new/$1")
  there=$(sed 's/^ *//' "$source" | grep -nxF -- "$there" | cut -d: -f1)
  case $there in *[!0-9]*) there= ;; esac    # more than one
  echo "make: $folder/$1 was edited, at line ${line:-1}.  It is generated: put the edit into $source${there:+:$there}." >&2
  echo "make: It is kept in kept-$1, and $folder/$1 is as $source has it; say make again to go on." >&2
  stop=1
}

stop=0
for file; do
  case $file in *.h) ignored='^#line' ;; *) ignored= ;; esac
  if diff -q ${ignored:+-I "$ignored"} "$new/$file" "$folder/$file" > /dev/null 2>&1; then continue; fi
  if edited "$file"; then keep "$file"; fi
  cp "$new/$file" "$folder/.$file.$$"
  mv "$folder/.$file.$$" "$folder/$file"
done
if [ -z "$option" ]; then
  (cd "$folder" && sha256sum "$@" > ".sums.$$" && mv ".sums.$$" .sums)
fi
exit $stop
