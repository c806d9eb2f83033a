"""board.py: runs the parts of the challenges, each in a process of its own under limits, and has them judged.  From the
top folder; BUILD is the folder with board/board and board/runner."""
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

from nw import PARTS, SAYS, around, challenge, chunks_of, elsewhere, pieces, read_lines, stop, title, ungraded, without_text

BOARD = Path(os.environ.get("BUILD", "build")).resolve() / "board"
# two seconds of computing; fifteen by the clock, of which the runner itself takes nine
CLOCK, LIMITS = ["timeout", "-s", "KILL", "15"], ["prlimit", "--cpu=2:3", "--core=0", "--nproc=0", f"--fsize={64 << 20}"]
AS_NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups".split() if os.geteuid() == 0 else []
Verdict = namedtuple("Verdict", "state message details case")     # not begun, wrong, done; details: of which case
# how a part is run: what stands around it; a salt, if it's on new numbers, and what a runner with the answers sent, part by
# part; and who has the layers of 4a, if not the runner itself
Way = namedtuple("Way", "wall salt answered layers", defaults=[lambda folder, scratch: [], "0", {}, None])


def judge(*words, sent=b""):
    return subprocess.run([BOARD / "board", *words], input=sent, stdout=subprocess.PIPE, check=True).stdout


def numbers_of(part, way):
    if way.layers and part == "4a":
        return way.layers(way.salt)
    numbers = tempfile.TemporaryFile()
    numbers.write(judge("numbers", part, way.salt, sent=way.answered.get({"2b": "2a", "5b": "5a"}.get(part), b"")))
    numbers.seek(0)
    return numbers


def refuse_root(runner="/"):
    """where root can't be nobody, or nobody can't reach the runner: what a student wrote is never run as root"""
    why = AS_NOBODY and subprocess.run([*AS_NOBODY, "ls", runner], capture_output=True, text=True).stderr
    if why:
        stop(f"You are root, and what students wrote is only run as nobody, who can't do it ({why.strip()}). Work as an "
             "ordinary user, or in a folder for temporary files that is open to all: TMPDIR=/tmp")


def run(runner, part, way=Way(), case=()):
    """What the part sent and printed, and what is known of its end: that it was stopped; and if it wasn't, why it ended"""
    with tempfile.TemporaryDirectory(prefix="board.") as folder, numbers_of(part, way) as numbers, \
            tempfile.TemporaryFile() as sent, tempfile.TemporaryFile() as printed:
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        scratch.chmod(0o777)
        os.chmod(folder, 0o755)
        # where anyone can reach it; by cp, as no other child may hold it open for writing
        subprocess.run(["cp", runner, f"{folder}/runner"], check=True)
        command = [*AS_NOBODY, *CLOCK, *way.wall(folder, scratch), *LIMITS, f"{folder}/runner", part, *case]
        code = subprocess.run(command, stdin=numbers, stdout=sent, stderr=printed, cwd=scratch, start_new_session=True,
                              env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).returncode
        if code in (126, 127):               # it could not be begun
            refuse_root(f"{folder}/runner")
        left = os.listdir(scratch)
        sent.seek(0)
        printed.seek(0)
        result, text = sent.read(), printed.read(1 << 16).decode("utf-8", "replace")
    number = -code if code < 0 else code - 128 if code > 128 else 0
    trouble = "writes to a file, which no part has to do" if left else ""
    undefined = re.search("runtime error: ([^\0\n]{1,300})", text)
    otherwise = SAYS["undefined"].format(undefined[1]) if undefined else \
        f"is ended by a signal: {signal.strsignal(number)}" if number else ""     # Killed: by timeout, too
    return result, text, trouble, otherwise


def line_of(chunk, word, printed):
    """The first that assigns to the word, or has it; without one, the first that a report names, in the chunk if possible"""
    named = [int(n) for n in re.findall(r"\.nw:(\d+)", printed)]
    found = [n for n in named if n in chunk.numbers] + named
    if word:
        has = rf"(?<![\w.>]){re.escape(word)}(?!\w)"
        found = [n for end in (r".*(?<![=<>!])=(?!=)", "") for n, line in zip(chunk.numbers, chunk.code) if re.search(has + end, line[:1000])]
    return (found + [chunk.head + 1])[0]


def verdict(runner, part, lines, way=Way()):
    sent, printed, trouble, otherwise = run(runner, part, way)
    said = judge("judge", part, trouble, otherwise, way.salt, sent=way.answered.get(part, b"") + sent)
    first, *details = said.decode("utf-8", "replace").split("\n")
    state, message, word, case = first.split("\t")
    chunk = challenge(lines, part)
    stub = r"not_begun\( *\);|matrix_copy\((Z, X|dX, dZ)\);|\s"
    if state == "not begun" and re.sub(stub, "", without_text("\n".join(chunk.code))):
        own = re.findall(r'not_begun\("(.*?)"\)', "\n".join(chunk.code))
        message, word = (SAYS["stub"].format(own[0]), "not_begun") if own else (SAYS["other stub"], "")
    if message:
        message += ". "[message.endswith("?"):] + f"nn.nw:{line_of(chunk, word, printed)}"
    where = "all cases"
    if printed and state == "wrong" and any(details):
        printed, where = run(runner, part, way, [case])[1], "this case"
    own = re.split(r"={65}|nn\.nw:[\d:]* runtime error: |=====$|    #0 0x|^AddressSanitizer:", printed, flags=re.M)[0].splitlines()
    details += [f"\tyour code printed, in {where}:"] * bool(own) + ["\t  " + re.sub(r"[\0-\x1f\x7f-\x9f]", " ", line[:100]) for line in own[:12]]
    return Verdict(state, message, "\n".join(filter(None, details + ["\t  ..."] * (len(own) > 12))), case)


def code_of(chunk):
    """its C, but for what it uses"""
    return "\n".join(re.sub("<<.*?>>", "", line[:1000]) for line in chunk.code)


def seen(part, lines):
    """what is no error in C, but hardly what was meant"""
    for c in pieces(title(part), chunks_of(lines)):
        code = without_text(code_of(c))
        sizes = ["count", *re.findall(SAYS["sizes"], code)]
        integers = [*sizes, *re.findall(SAYS["integers"], code)]
        for n, line in zip(c.numbers, code.split("\n")):
            below = re.search(SAYS["is below"].format("|".join(sizes)), line)
            quotient = re.search(SAYS["is quotient"].format("|".join(integers)), line)
            if "^" in line:
                yield f"\tnn.nw:{n}: {SAYS['power']}"
            if below:
                yield f"\tnn.nw:{n}: {SAYS['below'].format(*3 * below.groups())}"
            if quotient:
                yield f"\tnn.nw:{n}: {SAYS['quotient'].format(quotient[1])}"


def warnings(part, lines):
    """what the compiler says of the chunk, though it compiles; what has no value it only sees where it optimises"""
    own = {n for c in pieces(title(part), chunks_of(lines)) for n in (c.head, *c.numbers)}
    cc = os.environ.get("BOARD_CC", "").split()
    said = cc and subprocess.run([*cc, "-fno-sanitize=all", "-S", "-o", "/dev/null", BOARD.parent / "src" / f"{PARTS[part].module}.c"], capture_output=True,
                                 text=True, errors="replace", env={**os.environ, "LC_ALL": "C"}).stderr
    return [f"\tgcc warns: {at[0]}" for at in re.finditer(r"^nn\.nw:(\d+):.*warning: .*", said or "", re.M) if int(at[1]) in own]


def verdict_here(part, lines):
    """of what the board was built with; code that isn't in the part's chunk makes nothing done, nor does what isn't graded"""
    v = verdict(BOARD / "runner", part, lines)
    if v.state == "wrong":
        v = v._replace(details="\n".join(filter(None, [*list(seen(part, lines))[:3], *warnings(part, lines)[:3], v.details])))
    text = around(lines, part) if v.state == "not begun" else None
    why = v.state == "done" and ungraded("\n".join(code_of(c) for c in pieces(title(part), chunks_of(lines))))
    astray = elsewhere(lines, part) or why and f"it {why}. nn.nw:{challenge(lines, part).head}"
    if astray:
        return v._replace(state="wrong" if v.state == "done" else v.state, message=astray, details="")
    return v._replace(message=f"nn.nw:{text} looks like code, but stands in the text: the chunk is between its heading, "
                              f"nn.nw:{challenge(lines, part).head}, and its @") if text else v


# -- for people

def paint(state):
    colour = {"done": 32, "wrong": 31}.get(state)
    shown = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
    return f"\033[{colour}m{state:10}\033[0m" if shown and colour else f"{state:10}"


def say(part, v):
    return f"{part}: {v.message}" + (f"\n{v.details}" if v.details else "").replace("\n\t", "\n  ")


def table(verdicts, lines):
    """what is done, and what is next: what is wrong; what was begun, but still says that it isn't; the others"""
    earned = {p: PARTS[p].points * (v.state == "done") for p, v in verdicts.items()}
    print(f"part  {'what to write':38} {'state':10} points")
    for p, v in verdicts.items():
        print(f"{p:5} {PARTS[p].title:38} {paint(v.state)} {earned[p]} of {PARTS[p].points}")
    print(f"\n{sum(earned.values())} of {sum(PARTS[p].points for p in verdicts)} points")
    left = [p for p in verdicts if not earned[p]]
    left.sort(key=lambda p: (verdicts[p].state != "wrong", not verdicts[p].message, p))
    for p in left[:1]:
        head, verb = challenge(lines, p).head, "mend " * (verdicts[p].state == "wrong")
        print("\n" + (say(p, verdicts[p]) + "\n\n" if verdicts[p].message else "") + f"next: {verb}{p}, "
              f"nn.nw:{head}, about {PARTS[p].minutes} minutes; make hint-{p} helps")
    if not left and len(verdicts) == len(PARTS):
        print("\nAll of it is done. Now use it: make build/nn, and build/nn train --optimizer adam --rate 0.01")


def main(style, *parts):
    lines = read_lines("nn.nw")
    verdicts = {p: verdict_here(p, lines) for p in parts or PARTS}
    table(verdicts, lines)
    fails = {"board": (), "part": ("wrong", "not begun"), "lines": ("wrong",)}[style]
    sys.exit(any(v.state in fails for v in verdicts.values()))
