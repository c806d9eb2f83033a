#!/bin/sh
# with.sh SOURCE FOLDER MODULE...: a runner of the board, FOLDER/runner, in which these modules come from SOURCE
# and everything else from $BOARD/run.  ANSWERS as in tests/tangle.sh; BOARD_CC is the compiler with its flags, BOARD_LD
# what the linker needs.
set -eu
source=$1 folder=$2
shift 2
sh tests/tangle.sh "$source" "$folder" -L $(printf '%s.c ' "$@")
objects=$(ls "$BOARD"/run/*.o)
for module; do
  $BOARD_CC -w -c "$folder/$module.c" -o "$folder/$module.o"
  objects=$(printf '%s\n' "$objects" | grep -v "/$module\.o$")
  objects="$objects $folder/$module.o"
done
$BOARD_CC $objects $BOARD_LD -o "$folder/runner"
