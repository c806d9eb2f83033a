# Prints a source with one line of one chunk altered. CHUNK, FIND and REPLACE
# come from the environment, literally. Exits 1 unless FIND occurs exactly once.
BEGIN { chunk = "<<" ENVIRON["CHUNK"] ">>="; find = ENVIRON["FIND"]; times = 0 }
/^<<.*>>=[ \t]*$/ { inside = index($0, chunk) == 1 }
/^@( |$)/ { inside = 0 }
{
    line = $0
    if (inside && (at = index(line, find))) {
        rest = substr(line, at + length(find))
        line = substr(line, 1, at - 1) ENVIRON["REPLACE"] rest
        times += index(rest, find) ? 2 : 1
    }
    print line
}
END { exit times != 1 }
