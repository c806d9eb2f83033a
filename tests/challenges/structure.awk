# With chunks.awk: is nn.nw still put together as seal.tsv says?
#   awk -f chunks.awk -f structure.awk seal.tsv source=1 nn.nw
# An error is what would make the build fail or do something strange, and is why the exit status is 1; a warning is
# what a reader of the messages should know.  errors=1: print no warnings.
BEGIN { FS = "\t"; file = "nn.nw:" }
function error(sentence) { print sentence > "/dev/stderr"; bad = 1 }
function warn(sentence) {
    if (errors) return
    if (++warnings <= 5) print sentence > "/dev/stderr"
}
# what to call a chunk in a sentence
function call(title) { return "<<" title ">>" }
# the name without what is easily mistyped: case, spaces, and all but letters and digits
function core(title) { title = tolower(title); gsub(/[^a-z0-9]/, "", title); return title }
# is one name probably meant to be the other?
function like(a, b,    i, k, n, same) {
    if (part_of(b) != "" && substr(core(a), 1, 11) == substr(core(b), 1, 11)) return 1
    a = core(a); b = core(b)
    if (a == b) return 1
    if (length(a) > length(b) + 2 || length(b) > length(a) + 2) return 0
    # equal from both ends, but for two letters in between
    n = length(a) < length(b) ? length(a) : length(b)
    for (i = 0; i < n && substr(a, i + 1, 1) == substr(b, i + 1, 1); i++) same++
    for (k = 0; k < n - i && substr(a, length(a) - k, 1) == substr(b, length(b) - k, 1); k++) same++
    return n > 4 && same >= length(a) - 2 && same >= length(b) - 2
}
# where a heading of this chunk seems to be meant: its line, or 0
function near_heading(title,    n, start) {
    start = "<<" (part_of(title) != "" ? substr(title, 1, 12) : title)
    for (n = 1; n <= lines; n++)
        if ((n in prose) && prose[n] ~ /^[ \t]*<</ && index(prose[n], start)) return n
    return 0
}
function missing(title,    d, say, n) {
    for (d = 1; d <= definitions; d++)
        if (!(name[d] in sealed) && like(name[d], title)) {
            explained[name[d]] = 1
            error(file head[d] ": " call(name[d]) " is misspelt; its heading must read <<" title ">>= .")
            return
        }
    if ((n = near_heading(title)) > 0)
        error(file n ": this heading of " call(title) " is damaged; it must read <<" title ">>= , from the first column, and nothing after it.")
    else if (part_of(title) != "")
        error("nn.nw: the chunk " call(title) " is missing; make reset-" part_of(title) " says how to put it back.")
    else
        error("nn.nw: the chunk " call(title) " is missing; it was after " call(before[title]) \
              (count[before[title]] ? ", line " head[at[before[title], 1]] : "") ". Take it back from the package as you got it.")
}
!source && $1 == "chunk" { sealed[$4] = $3; sum[$4] = $2; order[++sealed_count] = $4; before[$4] = order[sealed_count - 1] }
!source && $1 == "challenge" { sealed[$4] = 1; order[++sealed_count] = $4; before[$4] = order[sealed_count - 1] }
END {
    if (!sealed_count) { print "tests/challenges/seal.tsv is missing or empty; say make seal" > "/dev/stderr"; exit 1 }
    # a chunk that runs on into the prose, or into the next one
    for (d = 1; d <= definitions; d++)
        if (!ended[d]) {
            open[name[d]] = 1
            error(file head[d] ": " call(name[d]) " has no end; write an @ on a line of its own after its last line" \
                  (d < definitions ? ", before line " head[d + 1] : "") ".")
        }
    for (i = 1; i <= sealed_count; i++) {
        title = order[i]
        if (!count[title]) missing(title)
        else if (count[title] > sealed[title]) {
            d = at[title, count[title]]
            sentence = file head[d] ": " call(title) " is defined again"
            if (part_of(title) != "" || sealed[title] == 1)
                sentence = file head[d] ": " call(title) " is defined twice, here and in line " head[at[title, 1]]
            sentence = sentence "; noweb joins the two. "
            if (used_by_part(title) != "" || part_of(title) != "")
                error(sentence (part_of(title) != "" ? "Delete one of them." : "Give yours another name."))
            else
                warn(sentence "Delete yours, or give it another name.")
        } else if (part_of(title) == "" && checksum(title) != sum[title] && !open[title]) {
            changed[++changes] = title
        }
    }
    for (i = 1; i <= changes; i++)
        warn(file head[at[changed[i], 1]] ": " call(changed[i]) " was changed, and is no part of a challenge." \
             (i > 1 ? "" : " Put it back (git diff nn.nw); grading won't see the change. Teachers: make seal."))
    for (u = 1; u <= uses; u++)
        if (!count[use_name[u]] && !(use_name[u] in sealed))
            error(file use_line[u] ": " call(use_name[u]) " is used here and defined nowhere. If it's C and no chunk, write @<< and @>>.")
    for (d = 1; d <= definitions; d++)
        if (!(name[d] in sealed) && !explained[name[d]] && !used[name[d]] && !told[name[d]]++)
            warn(file head[d] ": " call(name[d]) " is used nowhere, so nothing in it is compiled.")
    if (warnings > 5) print "nn.nw: and " warnings - 5 " more of these." > "/dev/stderr"
    exit bad
}
