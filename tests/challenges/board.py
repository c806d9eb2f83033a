"""board.py: runs the parts of the challenges, each in a process of its own under limits, and has them judged.  From the
top folder; BUILD is the folder with board/board and board/runner."""
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from nw import PARTS, POINTS, challenge, read_lines, stop

BOARD = Path(os.environ.get("BUILD", "build")).resolve() / "board"
# two seconds of computing; ten by the clock, of which the runner itself takes nine
LIMITS = ["timeout", "-s", "KILL", "10", "prlimit", "--cpu=2:3", "--core=0", "--nproc=0", f"--fsize={64 << 20}"]
UNPRIVILEGED = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


class Verdict(NamedTuple):
    state: str                               # not begun, wrong, done
    message: str
    details: str


def judge(*words, sent=b""):
    done = subprocess.run([BOARD / "board", *words], input=sent, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def run(runner, part, wall=lambda folder, scratch: []):
    """What the part sent and printed, and what is known of its end: that it was stopped; and if it wasn't, why it ended"""
    with tempfile.TemporaryDirectory(prefix="board.") as folder, tempfile.TemporaryFile() as numbers, \
            tempfile.TemporaryFile() as sent, tempfile.TemporaryFile() as printed:
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        scratch.chmod(0o777)
        os.chmod(folder, 0o755)
        # where anyone can reach it; by cp, as no other child may hold it open for writing
        subprocess.run(["cp", runner, f"{folder}/runner"], check=True)
        numbers.write(judge("numbers", part))
        numbers.seek(0)
        code = subprocess.run([*wall(folder, scratch), *LIMITS, f"{folder}/runner", part], stdin=numbers, stdout=sent,
                              stderr=printed, cwd=scratch, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                              start_new_session=True, **UNPRIVILEGED).returncode
        left = os.listdir(scratch)
        sent.seek(0)
        printed.seek(0)
        result, text = sent.read(), printed.read(1 << 16).decode("utf-8", "replace")
    number = -code if code < 0 else code - 128 if code > 128 else 0
    trouble = "writes to a file, which no part has to do" if left else ""
    undefined = re.search("runtime error: (.*)", text)
    otherwise = f"does what C leaves undefined: {undefined[1]}" if undefined else \
        f"is ended by a signal: {signal.strsignal(number)}" if number else ""     # Killed: by timeout, too
    return result, text, trouble, otherwise


def line_of(chunk, word, fault, printed):
    """For a fault, the first line that a report names, in the chunk if there is one; else the first that assigns to the
    word, or has it"""
    inside = range(chunk.head + 1, chunk.head + len(chunk.code) + 1)
    if fault:
        named = [int(n) for n in re.findall(r"\.nw:(\d+)", printed)]
        found = [n for n in named if n in inside] + named
    else:
        has = rf"(?<![\w.>]){re.escape(word)}(?!\w)"
        found = [n for end in (r".*(?<![=<>!])=(?!=)", "") for n, line in zip(inside, chunk.code) if re.search(has + end, line)]
    return (found + [chunk.head + 1])[0]


def verdict(runner, part, lines, **wall):
    sent, printed, trouble, otherwise = run(runner, part, **wall)
    first, *details = judge("judge", part, trouble, otherwise, sent=sent).decode("utf-8", "replace").split("\n")
    state, message, word, fault = first.split("\t")
    chunk = challenge(lines, part)
    stub = r"not_begun\(.*?\);|matrix_copy\((Z, X|dX, dZ)\);|/\*.*?\*/|//[^\n]*|\s"
    if state == "not begun" and chunk and re.sub(stub, "", "\n".join(chunk.code)):
        message, word, fault = f'remove the line not_begun("{part}"); from your code, and it is judged', "not_begun", "0"
    if message and chunk:
        message += f". nn.nw:{line_of(chunk, word, fault == '1', printed)}"
    own = re.split(r"^(?:=====|    #0 |AddressSanitizer:|.*runtime error: )", printed, flags=re.MULTILINE)[0].splitlines()
    details += ["\tyour code printed:"] * bool(own) + ["\t  " + re.sub(r"[\0-\x1f\x7f]", " ", line[:100]) for line in own[:12]]
    return Verdict(state, message, "\n".join(filter(None, details + ["\t  ..."] * (len(own) > 12))))


# -- for people

def paint(state, width=0):
    colour = {"done": 32, "wrong": 31}.get(state)
    shown = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
    return f"\033[{colour}m{state:{width}}\033[0m" if shown and colour else f"{state:{width}}"


def place(part, lines):
    chunk = challenge(lines, part)
    return f"nn.nw:{chunk.head}" if chunk else "nn.nw"


def say(part, v):
    return f"{part}: {v.message}" + (f"\n{v.details}" if v.details else "").replace("\n\t", "\n  ")


def table(verdicts, lines):
    earned = {p: PARTS[p].points * (v.state == "done") for p, v in verdicts.items()}
    print(f"part  {'what to write':38} {'state':10} points")
    for p, v in verdicts.items():
        print(f"{p:5} {PARTS[p].title:38} {paint(v.state, 10)} {earned[p]} of {PARTS[p].points}")
    print(f"\n{sum(earned.values())} of {POINTS} points\n")
    wrong = [p for p, v in verdicts.items() if v.state == "wrong"]
    fresh = [p for p, v in verdicts.items() if v.state == "not begun"]
    begun = [p for p in fresh if verdicts[p].message]    # it was, but still says that it isn't
    for p in (wrong or begun or fresh)[:1]:
        if wrong or begun:
            print(say(p, verdicts[p]), end="\n\n")
        print(f"next: {'mend ' * bool(wrong)}{p}, {place(p, lines)}, about {PARTS[p].minutes} minutes; "
              f"make challenge-{p} says all of it, make hint-{p} helps")
    if not wrong + fresh:
        print("All of it is done. Now use it: make build/nn, and build/nn train --optimizer adam --rate 0.01")


def one(p, v, lines):
    print(f"{p} {PARTS[p].title}: {paint(v.state)}, {PARTS[p].points * (v.state == 'done')} of {PARTS[p].points} points "
          f"({place(p, lines)}, about {PARTS[p].minutes} minutes)" + ("\n" + say(p, v) if v.message else ""))
    if v.state != "done":
        stop(f"make hint-{p} helps.", 1)


def short(verdicts):
    for group in sorted({p[0] for p in PARTS}):
        print(f"challenge {group}: " + ", ".join(f"{p} {paint(v.state)}" for p, v in verdicts.items() if p[0] == group))
    wrong = [say(p, v) for p, v in verdicts.items() if v.state == "wrong"]
    if wrong:
        stop("\n".join(wrong), 1)


def main(style, *parts):
    if not os.access(BOARD / "runner", os.X_OK):
        stop("There is no board yet: say make challenges.")
    lines = read_lines("nn.nw")
    verdicts = {p: verdict(BOARD / "runner", p, lines) for p in parts or PARTS}
    if style == "part":
        one(*parts, *verdicts.values(), lines)
    elif style == "board":
        table(verdicts, lines)
    else:
        short(verdicts)
