# With chunks.awk: what the compiler said about nn.nw, made short, and which chunk each line is in.
#   awk -f chunks.awk -f where.awk source=1 nn.nw source=0 MESSAGES
# The first three errors are shown with the compiler's picture of the line; then, for each, where it is; and where
# braces don't match, in which challenge, since the compiler notices that only further down.
function contains(n,    d) {
    for (d = 1; d <= definitions; d++) if (head[d] < n && n <= last[d]) return d
    return 0
}
function place(n,    d, part) {
    if (!(d = contains(n)) || (part = used_by_part(name[d])) == "") return ""
    if (part == part_of(name[d])) return "nn.nw:" n " is line " n - head[d] " of challenge " part "."
    return "nn.nw:" n " is line " n - head[d] " of <<" name[d] ">>, which challenge " part " uses."
}
# braces and parentheses that a definition opens and doesn't close; below zero: closes one too many
function balance(d, left, right,    n, k, c, line, quote, comment, depth) {
    for (n = head[d] + 1; n <= last[d]; n++) {
        line = text[d, n]
        quote = ""
        for (k = 1; k <= length(line); k++) {
            c = substr(line, k, 1)
            if (comment) { if (c == "*" && substr(line, k + 1, 1) == "/") { comment = 0; k++ } }
            else if (quote != "") { if (c == "\\") k++; else if (c == quote) quote = "" }
            else if (c == "\"" || c == "'") quote = c
            else if (c == "/" && substr(line, k + 1, 1) == "*") { comment = 1; k++ }
            else if (c == "/" && substr(line, k + 1, 1) == "/") break
            else if (c == left) depth++
            else if (c == right) { if (--depth < 0) return depth }
        }
    }
    return depth
}
function judge(d, left, right, what,    depth, whose) {
    if ((depth = balance(d, left, right)) == 0) return
    whose = part_of(name[d]) != "" ? "challenge " part_of(name[d]) : "<<" name[d] ">>"
    print "nn.nw:" head[d] ": " whose (depth > 0 ? " opens a " what " that it doesn't close." : " closes a " what " that it didn't open.")
}
source { next }
# one block for each error; what belongs to none is kept for the case that there is no error at all
{ everything = everything $0 "\n" }
/: (fatal )?error: / || /multiple definition|undefined reference/ {
    block[++errors] = $0 "\n"
    if (match($0, /nn\.nw:[0-9]+/)) line[errors] = substr($0, RSTART + 6, RLENGTH - 6) + 0
    shown = 1
    next
}
/: note: |: In function |^In file |^cc1: |^collect2: /  { shown = 9; next }
errors && shown < 4 && /^ / { block[errors] = block[errors] $0 "\n"; shown++ }
END {
    if (!errors) { printf "%s", everything; exit }
    for (i = 1; i <= errors && i <= 3; i++) printf "%s", block[i]
    if (errors > 3) print "and " errors - 3 " more; begin with the first, the others often go with it."
    for (i = 1; i <= errors && i <= 3; i++)
        if ((sentence = place(line[i])) != "" && !said[sentence]++) print sentence
    for (d = 1; d <= definitions; d++)
        if (used_by_part(name[d]) != "") { judge(d, "{", "}", "brace"); judge(d, "(", ")", "parenthesis") }
}
