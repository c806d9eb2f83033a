# With chunks.awk: what the board said, for people.
#   awk -f chunks.awk -f report.awk style=board kind=parts parts.tsv kind=said SAID kind= source=1 nn.nw
# style: board (the table), part (only=2b; exit 1 unless it is done), lines (a line for each challenge; exit 1 if a part
# is wrong).  colour=1: green for done, red for wrong.
BEGIN { FS = "\t" }
kind == "parts" && !/^#/ && NF { order[++parts] = $1; label[$1] = $3; points[$1] = $4; minutes[$1] = $5; total += $4 }
kind == "said" && /^\t/ { details[part] = details[part] "  " substr($0, 2) "\n"; next }
kind == "said" { part = $1; state[part] = $2; message[part] = $3 }
function paint(word) {
    if (!colour || word !~ /^(done|wrong)/) return word
    return "\033[" (word ~ /^done/ ? 32 : 31) "m" word "\033[0m"
}
function place(part,    d) {
    for (d = 1; d <= definitions; d++) if (part_of(name[d]) == part) return "nn.nw:" head[d]
    return "nn.nw"
}
function earned(part) { return state[part] == "done" ? points[part] : 0 }
# the board's message, which may begin with the part already
function say(part) {
    return (index(message[part], part " ") == 1 ? "" : part ": ") message[part]
}
function table(    i, part, sum, wrong, fresh) {
    printf "part  %-38s %-10s points\n", "what to write", "state"
    for (i = 1; i <= parts; i++) {
        part = order[i]
        printf "%-5s %-38s %s %s\n", part, label[part], paint(sprintf("%-10s", state[part])), earned(part) " of " points[part]
        sum += earned(part)
        if (state[part] == "not begun") { if (!fresh) fresh = part }
        else if (state[part] != "done" && !wrong) wrong = part
    }
    printf "\n%d of %d points\n", sum, total
    if (wrong) printf "\n%s\n%s\nnext: mend %s, %s; make challenge-%s says all of it, make hint-%s helps\n", \
        say(wrong), details[wrong], wrong, place(wrong), wrong, wrong
    else if (fresh) {
        # a part that was begun, but still says that it isn't
        for (i = 1; i <= parts; i++)
            if (state[order[i]] == "not begun" && message[order[i]] != "") { fresh = order[i]; print say(fresh); break }
        printf "next: %s, %s, about %d minutes; make hint-%s\n", fresh, place(fresh), minutes[fresh], fresh
    } else print "All of it is done. Now use it: make build/nn, and build/nn train --optimizer adam --rate 0.01"
    return 0
}
function one(part) {
    printf "%s %s: %s, %d of %d points (%s, about %d minutes)\n", part, label[part], paint(state[part]), \
        earned(part), points[part], place(part), minutes[part]
    if (message[part] != "") print say(part)
    printf "%s", details[part]
    if (state[part] == "done") return 0
    print "make hint-" part " helps."
    return 1
}
function each(    i, part, group, sentence, bad) {
    for (i = 1; i <= parts; i++) {
        part = order[i]
        if (substr(part, 1, 1) != group) {
            if (i > 1) print sentence
            group = substr(part, 1, 1)
            sentence = "challenge " group ":"
        } else sentence = sentence ","
        sentence = sentence " " part " " paint(state[part])
    }
    print sentence
    for (i = 1; i <= parts; i++) {
        part = order[i]
        if (state[part] == "done" || state[part] == "not begun") continue
        print say(part)
        bad = 1
    }
    return bad
}
END {
    for (i = 1; i <= parts; i++)
        if (!(order[i] in state)) { state[order[i]] = "unknown"; message[order[i]] = "the board said nothing about it" }
    if (style == "part") exit one(only)
    if (style == "lines") exit each()
    exit table()
}
