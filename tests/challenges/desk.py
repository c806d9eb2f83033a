"""desk.py: the desk at which a student works on the challenges.  From the top folder, by way of make:

    desk.py board | part 2b | lines     the board, brought up to date: all parts, one, or those of one challenge (part 2); as it
                                        is, and is nothing wrong?
    desk.py debug 2b                    gdb at the first line of a part, in the case that is wrong
    desk.py structure                   is nn.nw still put together as it was handed out?
    desk.py build COMMAND...            build; where that fails, say in which challenge
    desk.py hint 2b | answer 2b         the next hint; the answer, if it has been earned
    desk.py reset 2b | restore          put the stub back; or all but the challenges; keep what was there
"""
import difflib
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import board
from nw import (HERE, PARTS, SAYS, challenge, chunks_of, names_in, pieces, pristine, read_lines, read_rows, stop, title,
                unbalanced, users, with_code)


def tell(*sentences):
    print(*filter(None, sentences), sep="\n", end="\n" * any(sentences), file=sys.stderr)


def replace(lines, kept, old=None):
    """Writes nn.nw, at once or not at all, with its mode, and keeps what it replaces in the first of kept-1.nw, ... that
    there isn't yet, old or all of it, byte for byte; returns that name"""
    name = next(name for name in (f"{kept}-{k}.nw" for k in range(1, 10000)) if not os.path.lexists(name))
    if old:
        Path(name).write_text("\n".join(old))
    else:
        shutil.copyfile("nn.nw", name)
    new = Path(".nn.nw.new")
    new.write_text("\n".join(lines))
    shutil.copymode("nn.nw", new)
    new.replace("nn.nw")
    return name


# -- nn.nw as a whole

def refuse_errors(lines, about=""):
    """what would make the build fail or do something strange"""
    chunks, bad = chunks_of(lines), []
    for part in PARTS:
        found, call = chunks.get(title(part), []), f"<<{title(part)}>>"
        near = [i for i, line in enumerate(lines, 1) if re.match(rf"\s*<<challenge {part}\b", line, re.I)
                and not (line[:1] == " " and line.lstrip() == call)]
        if not found and near:
            bad.append(f"nn.nw:{near[0]}: {lines[near[0] - 1].strip()} is misspelt; the heading must read {call}= , with nothing before or after it.")
        elif not found:
            bad.append(f"nn.nw: the chunk {call} is missing; make restore puts it back, with its stub.")
        elif len(found) > 1:
            bad.append(f"nn.nw:{found[-1].head}: {call} is defined twice, here and in line {found[0].head}; noweb joins the two. "
                       "Delete one of them.")
    bad += [f"nn.nw:{c.head}: <<{name}>> has no end; write an @ on a line of its own after its last line."
            for name, found in chunks.items() for c in found if not c.ended]
    bad += [sentence for part in PARTS for c in chunks.get(title(part), []) for sentence in misplaced(lines, chunks, part, c)]
    if any(about in sentence for sentence in bad):
        stop("\n".join(sentence for sentence in bad if about in sentence), 1)


def misplaced(lines, chunks, part, c):
    """what can't stand inside a function's body"""
    call = f"<<{title(part)}>>"
    inside = "\n".join(line for name in users(chunks, part) for u in chunks[name] for line in u.code)
    for n, line in zip(c.numbers, c.code):
        function = re.match(r"\s*(?:static\s+)?(?:void|bool|double)\s+(\w+)\s*\(", line)
        if function and re.search(rf"\b{function[1]}\b", inside):
            yield f"nn.nw:{n}: {SAYS['whole'].format(call, function[1])}"
        if re.match(r"\s*#\s*include\b", line):
            yield f"nn.nw:{n}: {SAYS['include'].format(call)}"
    end = c.numbers.stop
    if c.ended and lines[end - 1].strip() != "@":
        yield f"nn.nw:{end}: {SAYS['text'].format(call)}"


def edited():
    """what was written into tangled/: it's neither what was tangled last nor what is committed, as after a git checkout"""
    for line in read_lines("tangled/.sums") if os.path.exists("tangled/.sums") else []:
        known, _, name = line.partition("  ")
        path = Path("tangled", name)
        if name and path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != known and subprocess.run(
                ["sh", "-c", 'git show ":./$0" 2> /dev/null | cmp -s - "$0"', path]).returncode:
            yield (f"{path} was edited. It is made from nn.nw, and what you write there is neither compiled nor graded: "
                   "write into the chunk.")


def wide(lines, chunks, parts):
    """lines of these challenges that run off the page"""
    numbers = {n: None for part in parts for c in pieces(title(part), chunks) if c.ended for n in c.numbers}
    for n in numbers:
        if len(lines[n - 1]) > 72:
            yield f"nn.nw:{n} has {len(lines[n - 1])} columns; what is beyond 72 runs off the page."


def changes(lines, among=None):
    """what is unlike the file that was handed out, in chunks that are no part of a challenge: all, or those among these"""
    mine = chunks_of(lines)
    for name, found in chunks_of(pristine(needed=False)).items():
        old, new = ([line for c in chunks for line in c.code] for chunks in (found, mine.get(name, [])))
        if old != new and name[:10] != "challenge " and (among is None or name in among):
            diff = [line for line in difflib.unified_diff(old, new, n=0, lineterm="") if line[:2] not in ("--", "++", "@@")]
            yield "\n  ".join([f"nn.nw:{mine.get(name, found)[0].head}: <<{name}>> was changed, and is no part of a challenge:",
                              *diff[:10]])


def unseen(lines, among=None):
    """what was changed that grading won't see"""
    changed = list(changes(lines, among))
    tell(*changed[:5], changed and "Grading won't see that; make restore puts it back.")


def other_names():
    """what was saved under another name than nn.nw, and is newer"""
    here = Path("nn.nw")
    others = [path for path in sorted(Path().glob("*.nw*")) if not path.name.startswith(("nn.nw~", "kept-", "."))]
    if not here.exists():
        stop("nn.nw is missing, and no other name will do." +
             "".join(f" There is {path}: is it your work? Then rename it." for path in others[:1]))
    return [f"{path} is newer than nn.nw and differs from it; only what is saved as nn.nw is judged." for path in others
            if path.stat().st_mtime > here.stat().st_mtime and path.read_bytes() != here.read_bytes()]


def structure(parts=PARTS):
    tell(*other_names())
    lines = read_lines("nn.nw")
    chunks = chunks_of(lines)
    if not any(line.startswith("\\end{document}") for line in lines):
        stop(f"nn.nw ends with its line {len(lines)}, and its \\end{{document}} is missing: it was not saved whole. Save it again.")
    used = {n for name in chunks if re.search(r"^\[\[|\banswer\b", name) for n in names_in(name, chunks)}
    tell(*(f"nn.nw:{found[0].head}: <<{name}>> is used nowhere, so nothing in it is compiled." for name, found in chunks.items()
           if name not in used and name[:10] != "challenge "))
    of = {part: names_in(title(part), chunks)[1:] for part in PARTS}
    for name in {name: None for names in of.values() for name in names if len(chunks.get(name, [])) > 1}:
        having = [part for part in PARTS if name in of[part]]
        tell(len(having) > 1 and f"nn.nw:{chunks[name][1].head}: <<{name}>> is defined here and in line {chunks[name][0].head}, and used in "
             f"{' and '.join(having)}; noweb joins the two, so give one of them another name.")
    plain = {name: re.sub(r"\[\[.*?(\]\]|$)|\\.", "", name) for name in chunks}
    tell(*(f"nn.nw:{found[0].head}: the name <<{name}>> has a %, # or $, of which TeX makes something else: use words."
           for name, found in chunks.items() if re.search("[%#]", plain[name]) or plain[name].count("$") % 2))
    tell(*list(edited())[:3], *list(wide(lines, chunks, parts))[:3])
    if os.path.exists(".pristine.nw"):
        unseen(lines)
    refuse_errors(lines)


def restore():
    """what was handed out, with the challenges as they are, and with the student's own chunks"""
    lines, clean = read_lines("nn.nw"), pristine()
    mine, known = chunks_of(lines), chunks_of(clean)
    codes = {p: mine[title(p)][0].code for p in PARTS if [c.ended for c in mine.get(title(p), [])] == [True]}
    own = [line for name, found in mine.items() for c in found if name not in known and name[:10] != "challenge "
           for line in ("@", "", f"<<{name}>>=", *c.code)]
    if own and codes:                        # behind the last challenge
        codes[max(codes)] = codes[max(codes)] + own
    new = with_code(clean, codes)
    if new == lines:
        print("Nothing was changed outside of the challenges.")
        return
    print(f"nn.nw is as it was, but for your challenges and chunks. What it was is in {replace(new, 'kept-nn')}.")
    lost = [p for p in PARTS if p not in codes]
    if lost:
        print(f"I couldn't tell what your code for {', '.join(lost)} was; there the stub is back, and your code is in what was kept.")


def reset(part):
    lines, name = read_lines("nn.nw"), title(part)
    refuse_errors(lines, name)
    code, stub = challenge(lines, part).code, challenge(pristine(part=part), part).code
    if code == stub:
        print(f"{part} is as it was at the beginning; nothing was changed.")
    else:
        kept = replace(with_code(lines, {part: stub}), f"kept-{part}", [f"<<{name}>>=", *code, "@", ""])
        print(f"The stub of {part} is back in nn.nw. What you wrote is in {kept}.")


# -- what the compiler says

ADVICE = {
    "implicit declaration": "Is the name right? Of C's headers, <stdio.h> and <math.h> are included; what others have, no part "
                            "needs.",
    r"invalid operands to binary \^": SAYS["power"],
    r"stray .\\\d": "There is " + SAYS["stray"],
    "invalid type argument of .->": "What stands before that -> is no pointer: write a dot, as in n.gamma.",
    "subscripted value is neither": "An entry of a matrix A is AT(A, i, k); where it has one row, AT(A, 0, k).",
}


def explain(said):
    """The first errors with the compiler's picture of the line, then where each is; and where brackets don't match, in
    which challenge, since the compiler notices that only further down"""
    lines = read_lines("nn.nw")
    chunks = chunks_of(lines)
    blocks = re.findall(r"^.*(?:error: |multiple definition|undefined reference).*\n(?: .*\n|.*note: in expansion of macro.*\n)*", said, re.MULTILINE)
    # two compilers at once speak as it happens; a reader reads from the top
    blocks.sort(key=lambda block: int((re.search(r"nn\.nw:(\d+)", block) or "00")[1]))
    tell(*blocks[:3] or [said],
         f"and {len(blocks) - 3} more; begin with the first, the others often go with it." * (len(blocks) > 3))
    for name in dict.fromkeys(re.findall("undefined chunk name: <<(.*)>>", said)):
        at = next((i for i, line in enumerate(lines, 1) if f"<<{name}>>" in line), 0)
        tell(f"nn.nw:{at}: <<{name}>> is used here and defined nowhere. If it's C and no chunk, write @<< and @>>.")
    for name in re.findall("Cyclic code chunks: <<(.*?)>> ->", said):
        tell(f"nn.nw:{chunks[name][0].head}: <<{name}>> uses itself; take <<{name}>> out of its lines.")
    tell(*(advice for pattern, advice in ADVICE.items() if re.search(pattern, "".join(blocks[:3]))))
    at_fault = dict.fromkeys(int(n) for n in re.findall(r"^nn\.nw:(\d+)", "".join(blocks[:3]), re.MULTILINE))
    for part in PARTS:
        for c in pieces(title(part), chunks):
            of = f"challenge {part}" if c.name == title(part) else f"<<{c.name}>>, which challenge {part} uses,"
            fault = unbalanced("\n".join(c.code))
            tell(*(f"nn.nw:{n} is line {n - c.head} of {of}." for n in at_fault if n in c.numbers),
                 fault and f"nn.nw:{c.head}: {of} {fault}.")
    named = [name for name, found in chunks.items() for c in found if any(n in c.numbers for n in at_fault)]
    changed = list(changes(lines, named)) if named and not os.path.exists(".pristine.nw") else []
    tell(*changed, changed and "If that was an accident, make restore puts it back.")


def build(*command):
    """-Oline: each compiler's messages stay together; WARN=1 shows warnings, too"""
    done = subprocess.run([*command, "-Oline"], stderr=subprocess.PIPE, text=True, errors="replace", close_fds=False)    # make's jobserver is in them
    if done.returncode:
        explain(done.stderr)
        sys.exit(1)
    if os.environ.get("WARN"):
        sys.stderr.write(done.stderr)


# -- help

def debug(part):
    """by hand, where the verdict can't help; a report of the sanitizers stops there, too"""
    v, chunk, numbers = board.verdict_here(part, read_lines("nn.nw")), challenge(read_lines("nn.nw"), part), f"{board.BOARD}/{part}.numbers"
    if not shutil.which("gdb"):
        stop("gdb is missing; install it with: apt-get install gdb")
    Path(numbers).write_bytes(board.judge("numbers", part))
    print(board.say(part, v) if v.message else f"{part}: {v.state}", f"\nIn gdb, next goes on by a line, print shows a value, continue runs on, quit ends.\n", sep="\n", flush=True)
    # a report is made deep inside of the sanitizer: up to the line that it's about
    Path(numbers).with_suffix(".gdb").write_text(f"""break on_report
commands
python
f = gdb.newest_frame()
while f and not {chunk.head} < f.find_sal().line <= {chunk.head + len(chunk.code)}:
    f = f.older()
if f:
    f.select()
    gdb.execute("frame")
end
end
break nn.nw:{chunk.head + 1}
run {part} {v.case} < {shlex.quote(numbers)} > /dev/null
""")
    os.execvp("gdb", ["gdb", "-q", "-iex", "set debuginfod enabled off", "-x", f"{board.BOARD}/{part}.gdb", f"{board.BOARD}/runner"])


def hints_seen():
    text = Path(".hints").read_text(errors="replace") if os.path.exists(".hints") else ""
    return {part: int(n) for part, n in re.findall(r"^(\d[a-z])\t([0-3])$", text, re.M)}


def hints_of(part):
    """{eq:x} is a label of nn.nw, which the weave has numbered"""
    numbers = dict(read_rows("doc/numbers.tsv")) if os.path.exists("doc/numbers.tsv") else {}
    text = re.sub(r"\{(eq:.*?)\}", lambda m: f"equation ({numbers.get(m[1], m[1])})", (HERE / "hints.txt").read_text())
    for level, hint in re.findall(rf"^= {part} (.)\n(.*?)\n(?=^= |\Z)", text, re.M | re.S):
        yield f"{part}, hint {level} of 3\n\n" + re.sub("^(?=.)", "  ", hint, flags=re.M) + "\n"


def hint(part):
    seen, texts = hints_seen(), list(hints_of(part))
    shows = f"make answer-{part} shows the answer." if title(part, "answer") in chunks_of(read_lines("nn.nw")) else ""
    n = seen.get(part, 0)
    if n == 3:
        print(*texts, f"These are all the hints for {part}. {shows}".rstrip(), sep="\n")
        return
    Path(".hints").write_text("".join(f"{p}\t{k}\n" for p, k in {**seen, part: n + 1}.items()))
    print(texts[n], f"Hint {n + 1} of 3; make hint-{part} again gives the next." if n < 2 else
          "That was the last of three." + (f" If it doesn't help, {shows}" if shows else ""), sep="\n")


def answer(part):
    lines, seen, state = read_lines("nn.nw"), hints_seen().get(part, 0), "not done (or its code does not compile)"
    if title(part, "answer") not in chunks_of(lines):
        stop("The answers aren't in this package; whoever gave it to you has them.")
    if seen < 3 and os.path.exists(board.BOARD / "runner"):
        refuse_errors(lines, title(part))
        state = board.verdict_here(part, lines).state
    if seen < 3 and state != "done":
        stop(f"{part} is {state}, and you have read {('none', 'one', 'two')[seen]} of its three hints. The answer is shown "
             f"when the part is done, or after the third hint: make hint-{part}")
    print(f"<<{title(part, 'answer')}>>=", flush=True)
    subprocess.run(["notangle", f"-R{title(part, 'answer')}", "nn.nw"], check=True)
    print("@\n\nThe derivation is beside it in doc/nn.pdf, in the appendix of answers.")


command, words = sys.argv[1], sys.argv[2:]
if command in ("part", "hint", "answer", "reset", "debug"):
    of = [p for p in PARTS if words and words[0] in (p, p[0])]
    if not of or (len(of) > 1 and command != "part"):
        stop((f"There is no part {words[0]}" if words else f"Which part? Say make {command.replace('part', 'challenge')}-2b") +
             f"; the parts are {' '.join(PARTS)}.")
    words = of
if command in ("board", "part", "debug"):
    structure(words or PARTS)
    build(*os.environ["MAKE"].split(), "board")
    if not os.path.exists(".pristine.nw"):   # in a clone anything else may be changed
        lines = read_lines("nn.nw")
        unseen(lines, {n for p in PARTS for n in names_in(f"[[{PARTS[p].module}.c]]", chunks_of(lines))})
try:
    if command in ("board", "part", "lines"):
        board.main(command, *words)
    else:
        globals()[command](*words)
    print(end="", flush=True)
except BrokenPipeError:                      # head, say, has read enough
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
