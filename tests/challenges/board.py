"""board.py: runs the parts of the challenges, each in a process of its own under limits, and has them judged.  From the
top folder; BUILD is the folder with board/board and board/runner."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from nw import HERE, PARTS, chunks_of, read_lines, stop, title

EXPECTED = HERE / "expected.tsv"
BOARD = Path(os.environ.get("BUILD", "build")).resolve() / "board"
SECONDS, IDLE, NOBODY = 2, 10, 65534         # of computing; by the clock; who root becomes
LIMITS = ["timeout", "-s", "KILL", str(IDLE), "prlimit", f"--cpu={SECONDS}:{SECONDS + 1}", "--core=0", "--nproc=0",
          f"--fsize={64 << 20}"]
UNPRIVILEGED = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


class Verdict(NamedTuple):
    state: str                               # not begun, wrong, done
    message: str
    details: str


def judge(*words, sent=b""):
    done = subprocess.run([BOARD / "board", EXPECTED, *words], input=sent, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def run(runner, part, wall=None):
    """What the part sent and printed, and what is known of its end: that it was stopped; and if it wasn't, why it ended"""
    with tempfile.TemporaryDirectory(prefix="board.") as folder, tempfile.TemporaryFile() as numbers, \
            tempfile.TemporaryFile() as sent, tempfile.TemporaryFile() as printed:
        here, scratch = Path(runner).resolve(), Path(folder) / "scratch"
        if wall or UNPRIVILEGED:             # where it can be reached; by cp, as no other child may hold it open for writing
            subprocess.run(["cp", here, folder], check=True)
            here = Path(folder) / here.name
        os.chmod(folder, 0o755)
        os.mkdir(scratch)
        os.chmod(scratch, 0o777)
        numbers.write(judge("numbers", part))
        numbers.seek(0)
        command = wall(folder, scratch) if wall else []
        process = subprocess.Popen([*command, *LIMITS, here, part], stdin=numbers, stdout=sent, stderr=printed, cwd=scratch,
                                   env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, start_new_session=True, **UNPRIVILEGED)
        begin, (_, status, usage) = time.monotonic(), os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        try:
            os.killpg(process.pid, signal.SIGKILL)     # what it may have left running
        except ProcessLookupError:
            pass
        left = os.listdir(scratch)
        sent.seek(0)
        printed.seek(0)
        result, text = sent.read(), printed.read(1 << 16).decode("utf-8", "replace")
    code = process.returncode
    number = -code if code < 0 else code - 128 if code > 128 else 0
    if code in (1, 125, 126, 127) and text.startswith(("bwrap:", "prlimit:", "timeout:")):
        trouble = f"could not be run ({text[:200].strip()})"
    elif number == signal.SIGXCPU or (number == signal.SIGKILL and usage.ru_utime + usage.ru_stime > 1):
        trouble = f"does not come to an end: stopped after {SECONDS} seconds"
    elif number == signal.SIGKILL and seconds > IDLE - 1:
        trouble = f"waits: stopped after {IDLE} seconds"
    elif number == signal.SIGXFSZ:
        trouble = "prints or writes more than 64 MB"
    else:
        trouble = "writes to a file, which no part has to do" if left else ""
    undefined = re.search("runtime error: (.*)", text)
    otherwise = f"does what C leaves undefined: {undefined[1]}" if undefined else \
        f"is ended by a signal: {signal.strsignal(number)}" if number else ""
    return result, text, trouble, otherwise


def line_with(chunk, word, whole=True):
    """The first line that assigns to it, or else the first that has it; or None"""
    pattern = rf"(?<![\w.>]){re.escape(word)}(?!\w)" if whole else re.escape(word)
    found = [[i for i, line in enumerate(chunk.code, chunk.head + 1) if word and re.search(pattern + end, line)]
             for end in (r".*(?<![=<>!])=(?!=)", "")]
    return (found[0] + found[1] + [None])[0]


def where(chunk, word, fault, trouble, printed):
    if not fault:
        line = line_with(chunk, word)
    else:
        named = [int(n) for n in re.findall(r"\.nw:(\d+)", printed)]
        inside = [n for n in named if chunk.head < n <= chunk.head + len(chunk.code)]
        look = "sleep" if "waits" in trouble else "open" if "file" in trouble else ""
        line = (inside + named + [None])[0] or line_with(chunk, look, whole=False)
    return line or chunk.head + 1


def verdict(runner, part, lines, wall=None):
    sent, printed, trouble, otherwise = run(runner, part, wall)
    first, *details = judge("judge", part, trouble, otherwise, sent=sent).decode("utf-8", "replace").split("\n")
    state, message, word, fault = first.split("\t")
    chunk = (chunks_of(lines).get(title(part)) or [None])[0]
    stub = r"not_begun\(.*?\);|matrix_copy\((Z, X|dX, dZ)\);|/\*.*?\*/|//[^\n]*|\s"
    if state == "not begun" and chunk and re.sub(stub, "", "\n".join(chunk.code)):
        message = f'remove the line not_begun("{part}"); from your code, and it is judged'
        word, fault = "not_begun", "0"
    if message and chunk and "nn.nw:" not in message:
        message += f". nn.nw:{where(chunk, word, fault == '1', trouble, printed)}"
    own = re.split(r"^(?:=====|    #0 |AddressSanitizer:|.*runtime error: )", printed, flags=re.MULTILINE)[0].splitlines()
    own = [re.sub(r"[\0-\x1f\x7f]", " ", line[:100]) for line in own]
    if own:
        details += ["\tyour code printed:", *("\t  " + line for line in own[:12]), *["\t  ..."][:len(own) > 12]]
    return Verdict(state, message, "\n".join(filter(None, details)))


# -- for people

def paint(state, width=0):
    colour = {"done": 32, "wrong": 31}.get(state)
    shown = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
    return f"\033[{colour}m{state:{width}}\033[0m" if shown and colour else f"{state:{width}}"


def place(part, lines):
    found = chunks_of(lines).get(title(part))
    return f"nn.nw:{found[0].head}" if found else "nn.nw"


def say(part, v):
    return f"{part}: {v.message}" + (f"\n{v.details}" if v.details else "").replace("\n\t", "\n  ")


def table(verdicts, lines):
    earned = {p: PARTS[p].points * (v.state == "done") for p, v in verdicts.items()}
    print(f"part  {'what to write':38} {'state':10} points")
    for p, v in verdicts.items():
        print(f"{p:5} {PARTS[p].title:38} {paint(v.state, 10)} {earned[p]} of {PARTS[p].points}")
    print(f"\n{sum(earned.values())} of {sum(p.points for p in PARTS.values())} points\n")
    wrong = [p for p, v in verdicts.items() if v.state == "wrong"]
    fresh = [p for p, v in verdicts.items() if v.state == "not begun"]
    begun = [p for p in fresh if verdicts[p].message]    # it was, but still says that it isn't
    if wrong:
        p = wrong[0]
        print(f"{say(p, verdicts[p])}\n\nnext: mend {p}, {place(p, lines)}; make challenge-{p} says all of it, make hint-{p} helps")
    elif fresh:
        p = (begun + fresh)[0]
        print((say(p, verdicts[p]) + "\n" if begun else "")
              + f"next: {p}, {place(p, lines)}, about {PARTS[p].minutes} minutes; make hint-{p}")
    else:
        print("All of it is done. Now use it: make build/nn, and build/nn train --optimizer adam --rate 0.01")


def main(style="board", *parts):
    if not os.access(BOARD / "runner", os.X_OK):
        stop("There is no board yet: say make challenges.")
    lines = read_lines("nn.nw")
    verdicts = {p: verdict(BOARD / "runner", p, lines) for p in parts or PARTS}
    if style == "board":
        table(verdicts, lines)
    elif style == "part":
        (p, v), = verdicts.items()
        print(f"{p} {PARTS[p].title}: {paint(v.state)}, {PARTS[p].points * (v.state == 'done')} of {PARTS[p].points} points "
              f"({place(p, lines)}, about {PARTS[p].minutes} minutes)" + ("\n" + say(p, v) if v.message else ""))
        if v.state != "done":
            stop(f"make hint-{p} helps.", 1)
    else:
        for group in sorted({p[0] for p in PARTS}):
            print(f"challenge {group}: " + ", ".join(f"{p} {paint(v.state)}" for p, v in verdicts.items() if p[0] == group))
        wrong = [say(p, v) for p, v in verdicts.items() if v.state == "wrong"]
        if wrong:
            stop("\n".join(wrong), 1)
