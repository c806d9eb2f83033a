"""desk.py: the desk at which a student works on the challenges.  From the top folder, by way of make:

    desk.py board | part 2b             the board, brought up to date: all parts, or one
    desk.py lines                       a line for each challenge, as the board is
    desk.py structure                   is nn.nw still put together as it was handed out?
    desk.py build COMMAND...            build; where that fails, say in which challenge
    desk.py hint 2b                     the next hint
    desk.py answer 2b                   the answer, if it has been earned
    desk.py reset 2b                    put the stub back, keep what was there
    desk.py restore                     put back all but the challenges, keep what was there
    desk.py watch                       the board again at each save
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import board
from nw import HERE, PARTS, chunks_of, part_that_uses, pristine, read_lines, stop, title, unbalanced, uses

HINTS = 3


def write(lines):
    """nn.nw, at once or not at all, with its mode"""
    shutil.copymode("nn.nw", ".nn.nw.new") if Path(".nn.nw.new").write_text("\n".join(lines)) else None
    os.replace(".nn.nw.new", "nn.nw")


def keep(name, text):
    """in the first file of that name that there isn't yet: name-1.nw, ..."""
    for k in range(1, 1000):
        try:
            with open(f"{name}-{k}.nw", "x") as f:
                f.write(text)
            return f"{name}-{k}.nw"
        except FileExistsError:
            pass


# -- nn.nw as a whole

def errors(lines):
    """what would make the build fail or do something strange"""
    chunks = chunks_of(lines)
    for part in PARTS:
        name = title(part)
        found, call = chunks.get(name, []), f"<<{name}>>"
        near = [i for i, line in enumerate(lines, 1) if re.match(rf"\s*<<challenge {part}\b", line) and line.lstrip() != call]
        if not found and near:
            yield f"nn.nw:{near[0]}: {call} is misspelt; its heading must read {call}= , with nothing before or after it."
        elif not found:
            yield f"nn.nw: the chunk {call} is missing; make restore puts it back."
        if len(found) > 1:
            yield (f"nn.nw:{found[-1].head}: {call} is defined twice, here and in line {found[0].head}; noweb joins the two. "
                   "Delete one of them.")
    for name, found in chunks.items():
        for c in found:
            if not c.ended:
                yield f"nn.nw:{c.head}: <<{name}>> has no end; write an @ on a line of its own after its last line."


def is_own(name, clean):
    """a chunk that the student made, or may change"""
    return name not in clean or name[:10] == "challenge "


def changes(lines):
    """what is unlike the file that was handed out, in chunks that are no part of a challenge"""
    clean, mine = chunks_of(read_lines(".pristine.nw")), chunks_of(lines)
    for name, found in clean.items():
        old, new = ([line for c in chunks for line in c.code] for chunks in (found, mine.get(name, [])))
        if old != new and not is_own(name, clean):
            diff = [line for line in difflib.unified_diff(old, new, n=0, lineterm="")][2:]
            place = mine[name][0].head if new else found[0].head
            yield f"nn.nw:{place}: <<{name}>> was changed, and is no part of a challenge:\n" + \
                "\n".join("  " + line for line in diff if line[:2] != "@@")[:600]


def structure():
    lines = read_lines("nn.nw")
    bad, chunks = list(errors(lines)), chunks_of(lines)
    used = {name for found in chunks.values() for c in found for name in uses(c)}
    for name, found in chunks.items():
        if name not in used and not re.match(r"\[\[|answer |challenge ", name):
            print(f"nn.nw:{found[0].head}: <<{name}>> is used nowhere, so nothing in it is compiled.", file=sys.stderr)
    changed = list(changes(lines)) if os.path.exists(".pristine.nw") else []
    if changed:
        print("\n".join(changed[:5]) + "\nGrading won't see that; make restore puts it back.", file=sys.stderr)
    if bad:
        stop("\n".join(bad), 1)


def restore():
    """what was handed out, with the student's own chunks; those that the challenges use stand behind them"""
    lines = read_lines("nn.nw")
    clean, mine = pristine(), chunks_of(lines)
    known, put, lost = chunks_of(clean), [], []
    for part in sorted(PARTS, key=lambda p: -known[title(p)][0].head):     # from below, so that numbers stay right
        found, there = mine.get(title(part), []), known[title(part)][0]
        if len(found) == 1 and found[0].ended:
            clean[there.head:there.head + len(there.code)] = found[0].code
        else:
            lost.append(part)
    for name, found in mine.items():
        for c in [c for c in found if is_own(name, known) and name not in known and c.ended and name[:10] != "challenge "]:
            put += [f"<<{name}>>=", *c.code, "@", ""]
    at = max(c[0].head for n, c in chunks_of(clean).items() if n[:10] == "challenge ")
    at = next(i for i in range(at, len(clean)) if clean[i] == "@") + 1
    clean[at:at] = ["", *put][:-1] if put else []
    if clean == lines:
        print("Nothing was changed outside of the challenges.")
        return
    kept = keep("kept-nn", "\n".join(lines))
    write(clean)
    print(f"nn.nw is as it was, but for your challenges and chunks. What it was is in {kept}.")
    if lost:
        print(f"I couldn't tell what your code for {', '.join(sorted(lost))} was; there the stub is back.")


def reset(part):
    lines, name = read_lines("nn.nw"), title(part)
    stub, found = chunks_of(pristine(part))[name][0], chunks_of(lines).get(name, [])
    if len(found) != 1 or not found[0].ended:
        stop("\n".join(e for e in errors(lines) if name in e), 1)
    chunk = found[0]
    if chunk.code == stub.code:
        print(f"{part} is as it was at the beginning; nothing was changed.")
        return
    kept = keep(f"kept-{part}", "\n".join([f"<<{name}>>=", *chunk.code, "@", ""]))
    write(lines[:chunk.head] + stub.code + lines[chunk.head + len(chunk.code):])
    print(f"The stub of {part} is back in nn.nw. What you wrote is in {kept}.")


# -- what the compiler says

def place(number, chunks):
    for name, found in chunks.items():
        for c in found:
            part = part_that_uses(name, chunks)
            if part and c.head < number <= c.head + len(c.code):
                of = f"challenge {part}" if name == title(part) else f"<<{name}>>, which challenge {part} uses"
                return f"nn.nw:{number} is line {number - c.head} of {of}."


def explain(said):
    """The first three errors with the compiler's picture of the line, then where each is; and where brackets don't match,
    in which challenge, since the compiler notices that only further down"""
    lines, blocks, kind = read_lines("nn.nw"), [], ""
    chunks = chunks_of(lines)
    for line in said.splitlines():
        undefined = re.search("undefined chunk name: <<(.*)>>", line)
        if undefined:
            at = next((i for i, text in enumerate(lines, 1) if f"<<{undefined[1]}>>" in text), 0)
            blocks.append([f"nn.nw:{at}: <<{undefined[1]}>> is used here and defined nowhere. "
                           "If it's C and no chunk, write @<< and @>>."])
        elif re.search(": (fatal )?error: |multiple definition|undefined reference", line):
            blocks.append([line])
        if not line.startswith(" "):
            kind = line
        elif blocks and "error: " in kind and len(blocks[-1]) < 4:
            blocks[-1].append(line)
    print("\n".join(line for b in blocks[:3] for line in b) if blocks else said, file=sys.stderr)
    if len(blocks) > 3:
        print(f"and {len(blocks) - 3} more; begin with the first, the others often go with it.", file=sys.stderr)
    numbers = [re.search(r"nn\.nw:(\d+)", b[0]) for b in blocks[:3]]
    for sentence in dict.fromkeys(place(int(n[1]), chunks) for n in numbers if n):
        print(sentence or "", end="\n" * bool(sentence), file=sys.stderr)
    for name, found in chunks.items():
        for c in found:
            part, fault = part_that_uses(name, chunks), unbalanced("\n".join(c.code), "{}()")
            if part and fault:
                of, what = f"challenge {part}" if name == title(part) else f"<<{name}>>", "brace" if fault[1] in "{}" else "parenthesis"
                print(f"nn.nw:{c.head}: {of} {fault[0]} a {what} that it "
                      + ("doesn't close." if fault[0] == "opens" else "didn't open."), file=sys.stderr)


def build(*command):
    """WARN=1 shows warnings, too"""
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        explain(done.stderr)
        sys.exit(1)
    if os.environ.get("WARN"):
        sys.stderr.write(done.stderr)


# -- help

def hints_seen():
    seen = Path(".hints").read_text().split() if os.path.exists(".hints") else []
    return {part: int(n) for part, n in zip(seen[::2], seen[1::2])}


def hint_text(part, level):
    """{eq:x} and {sec:x} are labels of nn.nw, which the weave has numbered"""
    numbers = Path("doc/numbers.tsv")
    number = dict(line.split("\t") for line in numbers.read_text().splitlines()) if numbers.exists() else {}

    def words(label):
        kind = "equation" if label[1] == "eq" else "section"
        n = number.get(label[0][1:-1])
        return f"the {kind} {label[0][1:-1]}" if not n else f"equation ({n})" if kind == "equation" else f"section {n}"
    text = re.search(rf"^= {part} {level}\n(.*?)(?=^= |\Z)", (HERE / "hints.txt").read_text(), re.M | re.S)[1].strip("\n")
    return f"{part}, hint {level} of {HINTS}\n\n" + re.sub("^(?=.)", "  ", re.sub(r"\{(eq|sec):[a-z0-9-]+\}", words, text), flags=re.M)


def hint(part):
    seen = hints_seen()
    n = seen.get(part, 0) + 1
    if n > HINTS:
        print("\n\n".join(hint_text(part, i) for i in range(1, HINTS + 1))
              + f"\n\nThese are all the hints for {part}. make answer-{part} shows the answer.")
        return
    Path(".hints").write_text("".join(f"{p} {k}\n" for p, k in {**seen, part: n}.items()))
    print(hint_text(part, n) + "\n\n" + (f"Hint {n} of {HINTS}; make hint-{part} again gives the next." if n < HINTS else
          f"That was the last of three. If it doesn't help, make answer-{part} shows the answer."))


def answer(part):
    lines, n = read_lines("nn.nw"), hints_seen().get(part, 0)
    chunks = chunks_of(lines)
    if title(part, "answer") not in chunks:
        stop("The answers aren't in this package; whoever gave it to you has them.")
    if n < HINTS:
        state = "not done (or its code does not compile)"
        if (board.BOARD / "runner").exists():
            state = board.verdict(board.BOARD / "runner", part, lines).state
        if state != "done":
            stop(f"{part} is {state}, and you have read {('none', 'one', 'two')[n]} of its three hints. The answer is shown "
                 f"when the part is done, or after the third hint: make hint-{part}")
    names = [title(part, "answer")]
    for name in names:                       # grows by the chunks that it uses
        names += [u for c in chunks[name] for u in uses(c) if u not in names]
        for c in chunks[name]:
            print("\n".join([f"<<{name}>>=", *c.code, "@", ""]))
    print("The derivation is beside it in doc/nn.pdf, in the appendix of answers.")


def watch():
    if not shutil.which("entr"):
        stop("make watch needs entr; install it with: apt-get install entr")
    flags = ["-c"] * sys.stdout.isatty() + ["-n"] * (not sys.stdin.isatty())
    print("Watching nn.nw; q or Ctrl-C ends it.", flush=True)
    # entr ends with 2 where the file was away for a moment, as with editors that save by renaming
    while subprocess.run(["entr", *flags, *os.environ.get("MAKE", "make").split(), "--no-print-directory", "challenges"],
                         input=b"nn.nw\n").returncode == 2 and os.path.exists("nn.nw"):
        pass


if __name__ == "__main__":
    command, words = sys.argv[1], sys.argv[2:]
    if command in ("part", "hint", "answer", "reset") and words[0] not in PARTS:
        stop(f"There is no part {words[0]}; the parts are {' '.join(PARTS)}.")
    if command in ("board", "part"):
        structure()
        build(*os.environ["MAKE"].split(), "board")
    if command in ("board", "part", "lines"):
        board.main(command, *words)
    else:
        globals()[command](*words)
