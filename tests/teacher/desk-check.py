"""desk-check.py: plays a student in a scratch copy of the package, and looks at what is said"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP, BUILD = Path.cwd(), Path(os.environ.get("BUILD", "build")).resolve()
sys.path.insert(0, "tests/challenges")
import check                                 # noqa: E402
from nw import PARTS, chunks_of, read_lines, title       # noqa: E402

count, nw, old = 0, Path("nn.nw"), {}


def says(ends_well, command, *sentences):
    """The command ends so, and says each of these sentences."""
    global count
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENV)
    for sentence in sentences:
        if sentence not in done.stdout:
            sys.exit(f"desk-check: {command} doesn't say '{sentence}', but:\n{done.stdout}")
    if ends_well != (done.returncode == 0):
        sys.exit(f"desk-check: {command} ends with {done.returncode}, and says:\n{done.stdout}")
    count += 1
    return done.stdout


def head(name):
    return next(c[0].head for n, c in chunks_of(read_lines(nw)).items() if n.startswith(name))


def put(part, *code, instead=False):
    """nn.nw as it was, with this code in the challenge's chunk"""
    lines = list(HANDED_OUT)
    c = chunks_of(lines)[title(part)][0]
    lines[c.head:c.head + len(c.code) * instead] = code
    write(lines)


def write(lines):
    nw.write_text("\n".join(lines))


def answer(part):
    return chunks_of(HANDED_OUT)[title(part, "answer")][0].code


def play():
    says(True, "make test", "1a not begun, 1b not begun, 1c not begun", "3a not begun, 3b not begun", "4a not begun")
    says(True, "make challenges", "0 of 16 points", f"next: 1a, nn.nw:{head('challenge 1a')}")
    put("2c", *answer("2c"), instead=True)
    says(True, "make challenge-2c", "2c normalise by running statistics: done, 1 of 1 points")
    says(True, "make challenges", "1 of 16 points")
    put("3b", "matrix_copy(dX, dZ);", instead=True)
    says(False, "make test", "Failing: 0", "2c not begun", "3b wrong", "nn.nw:")
    says(False, "make challenge-1A", "There is no part 1A; the parts are 1a 1b 1c")

    # code that doesn't compile
    put("1a", "params[0] = grads[0]")
    at = head("challenge 1a") + 1
    for command in "make challenges", "make test":
        says(False, command, f"nn.nw:{at}:", "error: expected", f"nn.nw:{at} is line 1 of challenge 1a.")
    put("2b", "for (size_t i = 0; i < X.rows; i++) {")
    says(False, "make challenges", f"nn.nw:{head('challenge 2b')}: challenge 2b opens a brace that it doesn't close.")
    put("2b", "}")
    says(False, "make challenge-2b", f"nn.nw:{head('challenge 2b')}: challenge 2b closes a brace that it didn't open.")
    put("3a", "if (mode == TRAINING <<my way>>")
    says(False, "make challenges", f"nn.nw:{head('challenge 3a') + 1}: <<my way>> is used here and defined nowhere.")

    # chunks doubled, lost, misspelt, without an end
    name, at = title("3b"), len(HANDED_OUT)
    write([*HANDED_OUT, f"<<{name}>>=", "@"])
    says(False, "make challenges", f"nn.nw:{at + 1}: <<{name}>> is defined twice, here and in line {head('challenge 3b')}")
    c, name = chunks_of(HANDED_OUT)[title("1c")][0], title("1c")
    write(HANDED_OUT[:c.head - 1] + HANDED_OUT[c.head + len(c.code) + 1:])
    says(False, "make test", f"nn.nw: the chunk <<{name}>> is missing; make restore puts it back.")
    says(False, "make reset-1c", f"nn.nw: the chunk <<{name}>> is missing")
    says(True, "make restore", "nn.nw is as it was", "kept-nn-1.nw", "I couldn't tell what your code for 1c was")
    assert read_lines(nw) == HANDED_OUT
    c, name = chunks_of(HANDED_OUT)[title("2a")][0], title("2a")
    write(HANDED_OUT[:c.head - 1] + [f"<<{name.replace('normalise', 'normalize')}>>="] + HANDED_OUT[c.head:])
    says(False, "make challenges", f"nn.nw:{c.head}: <<{name}>> is misspelt; its heading must read <<{name}>>= ,")
    write(HANDED_OUT[:c.head + len(c.code)] + HANDED_OUT[c.head + len(c.code) + 1:])
    says(False, "make challenges", f"nn.nw:{c.head}: <<{name}>> has no end; write an @ on a line of its own")

    # changed elsewhere: noticed where there is a pristine copy, and put back
    write(HANDED_OUT)
    shutil.copy("nn.nw", ".pristine.nw")
    put("2c", "<<my way>>", "@", "<<my way>>=", *answer("2c"), instead=True)
    lines, mine = read_lines(nw), nw.read_text()
    name, found = next((n, c) for n, c in chunks_of(lines).items() if n.startswith("[[matrix.c"))
    write([*lines[:found[0].head], "/* changed */", *lines[found[0].head:]])
    says(True, "make challenges", f"nn.nw:{found[0].head}: <<{name}>> was changed, and is no part of a challenge:",
         "+/* changed */", "1 of 16 points")
    says(True, "make restore", "nn.nw is as it was, but for your challenges and chunks. What it was is in kept-nn-2.nw.")
    assert chunks_of(read_lines(nw)) != chunks_of(HANDED_OUT) and "/* changed */" not in nw.read_text()
    assert [c.code for c in chunks_of(read_lines(nw))["my way"]] == [answer("2c")], mine
    says(True, "make restore", "Nothing was changed outside of the challenges.")
    says(True, "make challenges", "1 of 16 points")
    Path(".pristine.nw").unlink()
    write(HANDED_OUT)

    # hints and answers
    says(False, "make answer-2b", "2b is not begun, and you have read none of its three hints.", "make hint-2b")
    hints = set()
    for n in 1, 2, 3:
        hints.add(says(True, "make hint-2b", f"2b, hint {n} of 3"))
        if n < 3:
            says(False, "make answer-2b", "2b is not begun")
    assert len(hints) == 3
    says(True, "make hint-2b", "2b, hint 1 of 3", "2b, hint 2 of 3", "2b, hint 3 of 3", "These are all the hints for 2b.")
    says(True, "make answer-2b", f"<<{title('2b', 'answer')}>>=", answer("2b")[0])
    says(False, "make answer-3b", "3b is not begun, and you have read none")
    put("3b", *answer("3b"), instead=True)
    says(True, "make board && make answer-3b", f"<<{title('3b', 'answer')}>>=")

    # reset
    write(HANDED_OUT)
    says(True, "make reset-2b", "2b is as it was at the beginning; nothing was changed.")
    for n in 1, 2:
        put("2b", f"/* my work, number {n} */")
        says(True, "make reset-2b", f"The stub of 2b is back in nn.nw. What you wrote is in kept-2b-{n}.nw.")
        assert read_lines(nw) == HANDED_OUT and f"/* my work, number {n} */" in Path(f"kept-2b-{n}.nw").read_text()


ENV = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "BUILD", "CC", "LD")}
HANDED_OUT = check.NW
with tempfile.TemporaryDirectory(prefix="desk.") as scratch:
    subprocess.run(["git", "clone", "-q", "--no-checkout", TOP, scratch], check=True)
    for file in check.run("git", "ls-files").stdout.splitlines():
        (Path(scratch) / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, Path(scratch) / file)
    shutil.copytree(BUILD, Path(scratch) / "build", symlinks=True, ignore=shutil.ignore_patterns(
        "answers", "data", "figures", "check", "grade", "handout*", "clang", "sanitize", "valgrind", "bench"))
    os.chdir(scratch)
    play()
    os.chdir(TOP)
print(f"desk-check: {count} commands of a student, each answered as it should be")
