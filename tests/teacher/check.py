"""check.py: is the board right about answers, wrong answers, and code that goes astray?  Each target of teacher.mk is a function
here.  BUILD is the folder with board/; CC the board's compiler with its flags, OBJECTS its runner's, LD what the linker
needs; JUDGE names the judge's sources."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

sys.path.insert(0, "tests/challenges")
import board                                 # noqa: E402: from the folder above
from nw import HERE, PARTS, challenge, chunks_of, pieces, read_lines, read_rows, stop, title, with_code      # noqa: E402

TEACHER, WORK = Path(__file__).parent, board.BOARD / "check"
CC, LD, OBJECTS = (os.environ.get(name, "").split() for name in ("CC", "LD", "OBJECTS"))
NW = read_lines("nn.nw")
CHUNKS = chunks_of(NW)


def each(function, things):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, things))


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


def runner(folder, lines, command=run):
    """A runner in which the challenges come from these lines"""
    folder = folder if isinstance(folder, Path) else WORK / re.sub(r"[^\w/.]", "-", folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nn.nw").write_text("\n".join(lines))
    chunks = chunks_of(lines)
    modules = {PARTS[p].module for p in PARTS if chunks[title(p)][0].code != CHUNKS[title(p)][0].code}
    others = [o for o in OBJECTS if Path(o).stem not in modules]
    files = [f"{m}.c" for m in modules]
    steps = [(run, ["sh", "tests/tangle.sh", folder / "nn.nw", folder, "-L", *files]),
             (command, [*CC, "-O0", "-w", *(folder / f for f in files), *others, *LD, "-o", folder / "runner"])]
    for do, words in steps:
        done = do(*words)
        if done.returncode:
            raise RuntimeError(done.stderr[:4000])
    return folder / "runner"


def handed_out(file=None):
    """as students get it: without the section of the answers, and what is said of things that students lack"""
    yours = [p for p in PARTS if f'not_begun("{p}")' not in "\n".join(challenge(NW, p).code)]
    if yours:
        stop(f"Of {', '.join(yours)} nn.nw has no stub, but code of your own: put the stub back first (make reset-{yours[0]}).")
    begin = NW.index(r"\section{The challenges}")
    end = next(i for i in range(begin, len(NW)) if NW[i].startswith(r"\chapter{"))
    lacking = re.search(r"^\.PHONY: (.*)", (TEACHER / "teacher.mk").read_text(), re.MULTILINE)[1].replace(" ", "|")
    tests = re.findall(r"Test\((\w+), (\w+)", "".join(p.read_text() for p in Path("tests").glob("test_*.c")))
    lines = [re.sub(r"\\test\{(\w+)/(\w+)\}", lambda m: m[0] if m.groups() in tests else "a test of the teacher's", line)
             for line in NW[:begin] + NW[end:] if not re.match(rf"\[\[make ({lacking}|answer-2b)\b.*&", line)]
    lines = re.sub(r"^% teachers\n.*?^% everybody\n|^\\emph\{A teacher\}.*?\n\n", "", "\n".join(lines), flags=re.M | re.S).split("\n")
    if file:
        Path(file).write_text("\n".join(lines))
    return lines


def solved(parts, lines=None):
    """with the answers to these parts in"""
    chunks = chunks_of(lines or NW)
    return with_code(lines or NW, {p: chunks[title(p, "answer")][0].code for p in parts})


def mutated(part, find, replace):
    """with an answer in that has a fault in one line, or in a chunk that it uses"""
    at = [n - 1 for c in pieces(title(part, "answer"), CHUNKS) for n in c.numbers if find in NW[n - 1]]
    if len(at) != 1 or NW[at[0]].count(find) != 1:
        raise RuntimeError(f"'{find}' is not found exactly once in answer {part}")
    return solved([part], NW[:at[0]] + [NW[at[0]].replace(find, replace)] + NW[at[0] + 1:])


def judged(rows):
    """Rows of a name, an nn.nw, and a pattern for what must be said of some parts: are all as they should be?"""
    def one(row):
        name, lines, wanted = row
        built = runner(name, lines)
        said = {p: "{0.state}: {0.message}".format(board.verdict(built, p, lines)) for p in wanted}
        shutil.rmtree(built.parent)
        wrong = [f"\n   {p} SHOULD BE: {wanted[p]}" for p in wanted if not re.match(wanted[p], said[p])]
        return not wrong, name + "".join(f"\n   {p} -> {said[p]}" for p in wanted if wrong or "wrong" in said[p]) + "".join(wrong)
    good, lines = zip(*each(one, rows))
    print(*lines, f"{sum(good)} of {len(rows)} are as they should be", sep="\n")
    return all(good)


def answers_board():
    """all answers in: is each part done?"""
    return judged([("all answers", solved(PARTS), {p: "done" for p in PARTS})])


def stub_check():
    """each answer alone makes its own part done and leaves the others not begun"""
    return judged([(f"{p} alone", solved([p]), {q: "done" if q == p else "not begun" for q in PARTS}) for p in PARTS])


def wrong_answers():
    """each is seen, and its cause is named"""
    rows = read_rows(TEACHER / "wrong.tsv")
    kinds, named = [row[5] for row in rows], sum(row[4] != "-" for row in rows)
    print(f"{len(rows)} wrong answers, of which {kinds.count('held-out')} are held out; {named} are named, {named / len(rows):.1%}")
    if named < 0.95 * len(rows):
        return False
    return judged([(f"{part} {name}, {kind}", mutated(part, find, replace),
                    {part: "wrong: .*" + re.escape({"=": name, "-": ""}.get(must, must))})
                   for name, part, find, replace, must, kind in rows])


def refuses_root():
    """where nobody, as whom root runs what students wrote, can't reach it"""
    with tempfile.TemporaryDirectory() as tempfile.tempdir, redirect_stderr(StringIO()) as said:
        try:
            board.run(board.BOARD / "runner", "1a")
        except SystemExit:
            pass
        finally:
            tempfile.tempdir = None
    return not board.AS_NOBODY or said.getvalue().startswith("You are root")


def board_test():
    """each piece of code in astray.tsv is reported as what it is; the judge is plain C"""
    rows = []
    for number, (part, must, code) in enumerate(read_rows(TEACHER / "astray.tsv")):
        lines = with_code(NW, {part: code.split("¶")})
        others = {} if "constructor" in code else {p: "not begun" for p in PARTS}     # it runs before any of the others, too
        must = "(?!done).*" + must.replace("@", str(challenge(lines, part).head + 1))
        rows.append((f"astray {number}: {code}", lines, {**others, part: must}))
    judge = [HERE / "board.h", *(HERE / f"{name}.c" for name in os.environ["JUDGE"].split())]
    others = [f.name for f in judge if re.search(r"# *include <(?!(?:math|std\w+|string)\.h>)", f.read_text())]
    print(f"of the judge, no plain C: {others}")
    # where systems put a program that can stand anywhere, the sanitizer may want to be
    fixed = (board.BOARD / "runner").read_bytes()[16] == 2
    print(f"the runner stands where it was linked: {fixed}")
    return judged(rows) and not others and fixed and refuses_root()


def record(file):
    """2b is tried on what was recorded of 2a: where that is new, say it twice"""
    def numbers(name, lines, part):
        built = runner(f"record {part} {name}", lines)
        return board.judge("record", part, sent=board.run(built, part)[0]).decode().splitlines()

    def one(row):
        name, part, find, replace = row[:4]
        made = numbers(name, mutated(part, find, replace), part)
        return [line.replace('"-"', f'"{name}"') for line in made if line not in right]
    right = ["/* What the parts should make of their cases, and what typical faults make of them.  Written by make record. */"]
    right += sum(each(lambda p: numbers("right", solved([p]), p), [p for p in PARTS if p not in ("3a", "4a")]), [])
    faults = each(one, [row for row in read_rows(TEACHER / "wrong.tsv") if row[5] == "signature"])
    Path(file).write_text("".join(line + "\n" for line in right + sum(faults, [])))
    return all(faults)


if __name__ == "__main__":
    LD += ["-fuse-ld=gold"] * bool(shutil.which("ld.gold"))     # in half the time; grade.py needs what ld says of errors
    sys.exit(not globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:]))
