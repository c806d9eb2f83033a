# With chunks.awk: nn.nw -> seal.tsv, what the chunks should be.  One line for each chunk: "chunk", checksum,
# number of definitions, name; of a challenge instead each line of its stub: "stub", its part, the line, and
# before them "challenge", its part, 1, name.
function refuse(sentence) { print "make seal: " sentence > "/dev/stderr"; refused = 1 }
END {
    print "# what the chunks of nn.nw should be; made by make seal"
    for (d = 1; d <= definitions; d++) {
        title = name[d]
        if (!ended[d]) refuse("nn.nw:" head[d] ": <<" title ">> has no end; write an @ on a line of its own after it.")
        if (done[title]++) continue
        part = part_of(title)
        if (part == "") { print "chunk\t" checksum(title) "\t" count[title] "\t" title; continue }
        print "challenge\t" part "\t" 1 "\t" title
        stub = ""
        for (line = head[d] + 1; line <= last[d]; line++) {
            print "stub\t" part "\t" text[d, line]
            stub = stub text[d, line]
        }
        if (count[title] > 1 || !index(stub, "not_begun(\"" part "\");"))
            refuse("nn.nw:" head[d] ": <<" title ">> is no stub: what would be sealed is somebody's work.")
    }
    exit refused
}
