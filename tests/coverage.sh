#!/bin/bash
# Which lines and branches of the book's C do the tests run?  bash tests/coverage.sh BUILD MODULE...  runs what was built
# there with --coverage: all suites, with the answers where they are, and the program's own tests.  Fails below the limits.
set -u
export LC_ALL=C LINES_LIMIT=${LINES_LIMIT:-98} BRANCHES_LIMIT=${BRANCHES_LIMIT:-95} PATIENCE=${PATIENCE:-5}
umask 0                         # some cases run as nobody, who counts as well
build=$1 answers=
shift
[ ! -e "$build/answers/nn" ] || answers=answers/
find "$build" -name "*.gcda" -delete
chmod 777 "$build"/obj "$build"/answers/obj 2> /dev/null
bash tests/run.sh "$build/${answers}tests" tests ${answers:+tests/answers} > "$build/said" 2>&1 &&
    bash tests/bad-input.sh "$build/nn" >> "$build/said" 2>&1 &&
    bash tests/commands.sh "$build/nn" >> "$build/said" 2>&1 &&
    { [ -z "$answers" ] || bash tests/answers/options.sh "$build/nn" "$build/answers/nn" >> "$build/said" 2>&1; } &&
    "$build/nn" published > "$build/published" ||
    { tail -n 20 "$build/said"; echo "coverage: a test fails; see $build/said" >&2; exit 1; }
for module; do
    object=$build/obj/$module.o
    [ -z "$answers" ] || [ ! -e "$build/answers/obj/$module.o" ] || object=$build/answers/obj/$module.o
    [ "$module" != plain ] || object=$build/obj/loops.o
    gcov -b -n "$object.gcda" 2> /dev/null | awk -v module="$module" '
        /^File/ { ours = /nn\.nw/ }
        ours && sub(/^Lines executed:/, "") { lines = $3; run = $1 * lines / 100; sub(/of /, "") }
        ours && sub(/^Taken at least once:/, "") { branches = $3; taken = $1 * branches / 100 }
        END { print module, run, lines + 0, taken + 0, branches + 0 }'
done | awk '
    function share(part, all) { return all ? sprintf("%6.1f", 100 * part / all) : "     -" }
    BEGIN { print "module         lines  run %   branches  taken %" }
    { printf "%-12s %7d %s    %7d   %s\n", $1, $3, share($2, $3), $5, share($4, $5)
      run += $2; lines += $3; taken += $4; branches += $5 }
    END { printf "%-12s %7d %s    %7d   %s\n", "all", lines, share(run, lines), branches, share(taken, branches)
          exit !(100 * run >= ENVIRON["LINES_LIMIT"] * lines && 100 * taken >= ENVIRON["BRANCHES_LIMIT"] * branches) }' ||
    { echo "coverage: less than $LINES_LIMIT % of the lines, or $BRANCHES_LIMIT % of the branches" >&2; exit 1; }
