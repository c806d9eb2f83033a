# Print one hint: part=2b level=1 doc/numbers.tsv hints.txt.  {eq:x} becomes "equation (14.1)", {sec:x} "section 14.3";
# a label that the weave didn't number is named as it is.
BEGIN { FS = "\t" }
FILENAME ~ /\.tsv$/ { number[$1] = $2; next }
/^#/ { next }
/^= / { inside = $0 == "= " part " " level; if (inside) { print part ", hint " level " of 3\n"; found = 1 }; next }
inside {
    if ($0 == "" && !begun) next
    begun = 1
    for (line = $0; match(line, /\{(eq|sec):[a-z0-9-]+\}/); ) {
        label = substr(line, RSTART + 1, RLENGTH - 2)
        word = label ~ /^eq/ ? "equation" : "section"
        if (label in number) word = word " " (word == "equation" ? "(" number[label] ")" : number[label])
        else word = "the " word " " label
        line = substr(line, 1, RSTART - 1) word substr(line, RSTART + RLENGTH)
    }
    if (line == "") blank++
    else { for (; blank > 0; blank--) print ""; print "  " line }
}
END { if (!found) { print "tests/challenges/hints.txt has no hint " level " for " part > "/dev/stderr"; exit 1 } }
