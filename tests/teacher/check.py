"""check.py: is the board right about answers, wrong answers, and code that goes astray?

    check.py answers-board          all answers in: is each part done?
    check.py stub-check             each answer alone makes its own part done and leaves the others not begun
    check.py wrong-answers          each wrong answer of wrong.tsv is seen, and its cause is named
    check.py board-test             each piece of code in astray.tsv is reported as what it is; the judge is plain C
    check.py record FILE            writes what right and wrong answers make of the cases: expected.tsv
    check.py handed-out FILE        writes nn.nw as students get it
BUILD is the folder with board/; CC the board's compiler with its flags, OBJECTS its runner's, LD what the linker needs.
"""
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, "tests/challenges")
import board                                 # noqa: E402: from the folder above
from nw import HERE, PARTS, chunks_of, read_lines, read_rows, title, uses, with_code      # noqa: E402

TEACHER, WORK = Path(__file__).parent, board.BOARD / "check"
CC, LD, OBJECTS = (os.environ.get(name, "").split() for name in ("CC", "LD", "OBJECTS"))
NW = read_lines("nn.nw")


def each(function, things):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, things))


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


def runner(folder, lines, command=run):
    """A runner in which the challenges come from these lines"""
    folder = WORK / re.sub(r"[^\w/.]", "-", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nn.nw").write_text("\n".join(lines))
    clean, new = chunks_of(NW), chunks_of(lines)
    modules = {PARTS[p].module for p in PARTS if new[title(p)][0].code != clean[title(p)][0].code}
    objects = [folder / f"{m}.o" for m in modules] + [o for o in OBJECTS if Path(o).stem not in modules]
    steps = [(run, ["sh", "tests/tangle.sh", folder / "nn.nw", folder, "-L", *(f"{m}.c" for m in modules)]),
             *((command, [*CC, "-w", "-c", folder / f"{m}.c", "-o", folder / f"{m}.o"]) for m in modules),
             (command, [*CC, *objects, *LD, "-o", folder / "runner"])]
    for do, words in steps:
        done = do(*words)
        if done.returncode:
            raise RuntimeError(done.stderr[:4000])
    return folder / "runner"


def verdicts(name, lines, parts=PARTS):
    built = runner(name, lines)
    found = {p: board.verdict(built, p, lines) for p in parts}
    shutil.rmtree(built.parent)
    return found


def handed_out(file=None):
    """without the section of the answers, and without rows of tables about what students lack"""
    begin = NW.index(r"\section{The challenges}")
    end = next(i for i in range(begin, len(NW)) if NW[i].startswith(r"\chapter{"))
    lacking = re.search(r"^\.PHONY: (.*)", (TEACHER / "teacher.mk").read_text(), re.MULTILINE)[1].replace(" ", "|")
    lines = [line for line in NW[:begin] + NW[end:] if not re.match(rf"\[\[make ({lacking})\b.*&", line)]
    if file:
        Path(file).write_text("\n".join(lines))
    return lines


def solved(parts, lines=None):
    """nn.nw with the answers to these parts in"""
    chunks = chunks_of(lines or NW)
    return with_code(lines or NW, {p: chunks[title(p, "answer")][0].code for p in parts})


def mutated(part, find, replace):
    """nn.nw with an answer in that has a fault in one line, or in a chunk that it uses"""
    chunks, name = chunks_of(NW), title(part, "answer")
    at = [i for n in (name, *uses(chunks[name])) for c in chunks[n] for i in range(c.head, c.head + len(c.code)) if find in NW[i]]
    if len(at) != 1 or NW[at[0]].count(find) != 1:
        raise RuntimeError(f"'{find}' is not found exactly once in answer {part}")
    return solved([part], NW[:at[0]] + [NW[at[0]].replace(find, replace)] + NW[at[0] + 1:])


def answers_board():
    found = verdicts("answers", solved(PARTS))
    print("\n".join(f"{p}\t{v.state}\t{v.message}" for p, v in found.items()))
    return all(v.state == "done" for v in found.values())


def stub_check():
    def one(part):
        found = verdicts(part, solved([part]))
        return [p for p in PARTS if found[p].state != ("done" if p == part else "not begun")]
    wrong = dict(zip(PARTS, each(one, PARTS)))
    print("\n".join(f"{p} alone: " + (f"the board is wrong about {w}" if w else "done, the others not begun") for p, w in wrong.items()))
    return not any(wrong.values())


def wrong_answers():
    def one(row):
        name, part, find, replace, must, kind = row
        v = verdicts(f"{part} {name}", mutated(part, find, replace), [part])[part]
        good = v.state == "wrong" and (name if must == "=" else must) in v.message
        return good, f"{part} {name}{' (held out)' * (kind != 'signature')}\n   -> {v.message}" + "\n   NOT SEEN OR NOT NAMED" * (not good)
    rows = read_rows(TEACHER / "wrong.tsv")
    good, lines = zip(*each(one, rows))
    held = sum(row[5] != "signature" for row in rows)
    print(*lines, f"{len(rows)} wrong answers: the cause of {sum(good)} is named, {held} of these by no record of theirs", sep="\n")
    return all(good)


def board_test():
    def one(numbered):
        part, must, code = numbered[1]
        lines = with_code(NW, {part: [code]})
        found = verdicts(f"astray-{numbered[0]}", lines)
        must = must.replace("@", str(chunks_of(lines)[title(part)][0].head + 1))
        # a constructor runs before any of the others, too
        others = all(v.state == "not begun" for p, v in found.items() if p != part) or "constructor" in code
        if found[part].state != "done" and re.search(must, found[part].message) and others:
            return True
        print(f"FAILED: {part}, {code}\n   should say: {must}\n   but: {found}")
        return False
    good = each(one, enumerate(read_rows(TEACHER / "astray.tsv")))
    judge = [HERE / "board.h", *(HERE / f"{o.stem}.c" for o in (board.BOARD / "obj").glob("*.o"))]
    others = [f.name for f in judge if re.search(r"# *include <(?!(?:math|std\w+|string)\.h>)", f.read_text())]
    print(f"{sum(good)} of {len(good)} ways of going astray are reported as what they are; of the judge, no plain C: {others}")
    return all(good) and not others


def record(file):
    """The right numbers first: 2b is tried on what 2a makes."""
    text = ("# What the parts should make of their cases, and what typical faults make of them.  Written by make record:\n"
            '# part, tensor, fault ("-": none, these are the right numbers), the numbers of all cases, row by row\n')

    def numbers(built, part):
        return board.judge("record", part, sent=board.run(built, part)[0]).decode()

    def one(row):
        name, part, find, replace = row[:4]
        lines = numbers(runner(f"record {part} {name}", mutated(part, find, replace)), part).splitlines()
        return "".join(line.replace("\t-\t", f"\t{name}\t") + "\n" for line in lines if line not in text)
    board.EXPECTED = Path(file)
    built = runner("record", solved(PARTS))
    for part in ["", "2a", *(p for p in PARTS if p not in ("2a", "3a", "4a"))]:
        text += numbers(built, part) if part else ""
        board.EXPECTED.write_text(text)
    faults = each(one, [row for row in read_rows(TEACHER / "wrong.tsv") if row[5] == "signature"])
    board.EXPECTED.write_text(text + "".join(faults))
    return all(faults)


if __name__ == "__main__":
    sys.exit(not globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:]))
