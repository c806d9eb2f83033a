#!/bin/bash
# Says the program what it said when commands.txt was recorded?  Each line there that begins with $ is run (bash, in a
# folder of its own), and what it prints must be what follows it, to the last digit:
#   bash tests/commands.sh [--record] build/nn
set -u
export LC_ALL=C
[ "${1:-}" != --record ] || { record=1; shift; }
[ -x "${1:-}" ] || { echo "usage: bash commands.sh [--record] PROGRAM" >&2; exit 2; }
list=$(cd "$(dirname "$0")" && pwd)/commands.txt NN=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
nn() { timeout 20 "$NN" "$@"; }
grep '^[$#]' "$list" | while IFS= read -r line; do
    echo "$line"
    case $line in \$*) eval "${line#??}" 2>&1 < /dev/null || {
        status=$?
        echo "status $status"
        [ "$status" -lt 124 ] || break      # it hangs, or crashes
    } ;; esac
done > ../"${scratch##*/}.said"
said=$scratch.said
if [ "${record:-}" ]; then
    cp "$said" "$list"
fi
diff "$list" "$said" | head -5
wrong=${PIPESTATUS[0]}
rm -f "$said"
exit "$wrong"
