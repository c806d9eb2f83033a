# Put the stub of a part back: PART in the environment.
#   awk -f chunks.awk -f reset.awk seal.tsv source=1 nn.nw
# Prints nn.nw with the stub in the place of the part's chunk, all else as it was.  Exit 1: it can't be done, and
# standard error says why; 2: the stub is there already.
BEGIN { FS = "\t"; part = ENVIRON["PART"] }
!source && $1 == "stub" && $2 == part { stub[++stubs] = substr($0, length($1 $2) + 3) }
!source && $1 ~ /^ch/ { if ($1 == "challenge" && $2 == part) { wanted = $4; before = previous } previous = $4 }
function refuse(sentence) { print sentence > "/dev/stderr"; exit 1 }
END {
    if (!stubs) refuse("tests/challenges/seal.tsv holds no stub of " part "; say make seal.")
    if (!count[wanted]) {
        print "nn.nw: the chunk <<" wanted ">> is missing. It belongs after <<" before ">>" \
              (count[before] ? " (line " head[at[before, 1]] ")" : "") "; put these lines there:\n\n<<" wanted ">>=" > "/dev/stderr"
        for (i = 1; i <= stubs; i++) print stub[i] > "/dev/stderr"
        refuse("@\n")
    }
    d = at[wanted, 1]
    if (count[wanted] > 1)
        refuse("nn.nw:" head[at[wanted, 2]] ": <<" wanted ">> is defined twice, here and in line " head[d] "; delete one of them first.")
    if (!ended[d])
        refuse("nn.nw:" head[d] ": <<" wanted ">> has no end; write an @ on a line of its own after its last line first.")
    same = last[d] - head[d] == stubs
    for (i = 1; i <= stubs && same; i++) same = text[d, head[d] + i] == stub[i]
    if (same) exit 2
    for (n = 1; n <= lines; n++) {
        if (n > head[d] && n <= last[d]) continue
        print raw[n]
        if (n == head[d]) for (i = 1; i <= stubs; i++) print stub[i] carriage
    }
}
