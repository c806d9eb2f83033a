# Reads a noweb file as notangle does.  Set source=1 on the command line before its name; another script, given
# with a second -f, uses what is found.  Definition d (1 to definitions) of a chunk:
#   name[d], head[d] its heading's line, last[d] its last line of code, text[d, line] each line,
#   ended[d] whether an @ ended it (in this package it must)
# and for each chunk: count[name], at[name, 1...] its definitions; every use: use_name[u], use_line[u], use_in[u].
function begin_definition(title) {
    name[++definitions] = title
    head[definitions] = last[definitions] = FNR
    at[title, ++count[title]] = definitions
    inside = 1
}
function note_uses(line, d,    from, to, title) {
    while ((from = index(line, "<<")) > 0) {
        if (from > 1 && substr(line, from - 1, 1) == "@") { line = substr(line, from + 2); continue }
        line = substr(line, from + 2)
        if ((to = index(line, ">>")) == 0) return
        title = substr(line, 1, to - 1)
        line = substr(line, to + 2)
        use_name[++uses] = title; use_line[uses] = FNR; use_in[uses] = name[d]
        used[title] = 1
    }
}
# which challenge's part a chunk is: "2b", or ""
function part_of(title) {
    if (title !~ /^challenge [0-9][a-z]: /) return ""
    return substr(title, 11, 2)
}
# the challenge chunk that uses a chunk, if need be by way of others: its part, or ""
function used_by_part(title,    u, found, seen) {
    if (part_of(title) != "") return part_of(title)
    if (visited[title]) return ""
    visited[title] = 1
    for (u = 1; u <= uses && found == ""; u++)
        if (use_name[u] == title) found = used_by_part(use_in[u])
    visited[title] = 0
    return found
}
# a number of 40 bits that depends on every character of every definition, in order
function checksum(title,    i, d, line, k, h, s) {
    if (!("A" in code)) for (k = 1; k < 256; k++) code[sprintf("%c", k)] = k
    for (i = 1; i <= count[title]; i++) {
        d = at[title, i]
        for (line = head[d] + 1; line <= last[d]; line++) {
            s = text[d, line] "\n"
            for (k = 1; k <= length(s); k++) h = (h * 257 + code[substr(s, k, 1)]) % 1099511627689
        }
    }
    return sprintf("%.0f", h)
}
source { raw[lines = FNR] = $0; carriage = sub(/\r$/, "") ? "\r" : "" }
source && FNR == 1 { inside = 0 }
source && /^<<.*>>=[ \t]*$/ {
    title = $0
    sub(/>>=[ \t]*$/, "", title)
    begin_definition(substr(title, 3))
    next
}
source && /^@([ \t]|$)/ { if (inside) ended[definitions] = 1; inside = 0 }
source && inside { text[definitions, FNR] = $0; last[definitions] = FNR; note_uses($0, definitions) }
source && !inside { prose[FNR] = $0 }
