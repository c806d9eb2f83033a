# With chunks.awk: print the chunk whose name begins with CHUNK (from the environment) as it stands in nn.nw, and the
# chunks that it uses; exit 1 if there is none.
function show(title,    i, d, n, u) {
    if (shown[title]++) return
    for (i = 1; i <= count[title]; i++) {
        d = at[title, i]
        print (printed++ ? "\n" : "") "<<" title ">>="
        for (n = head[d] + 1; n <= last[d]; n++) print text[d, n]
        print "@"
    }
    for (u = 1; u <= uses; u++) if (use_in[u] == title) show(use_name[u])
}
END {
    for (d = 1; d <= definitions; d++) if (index(name[d], ENVIRON["CHUNK"]) == 1) show(name[d])
    exit !printed
}
