"""check.py: is the board right about answers, wrong answers, and code that goes astray?

    check.py answers-board          all answers in: is each part done?
    check.py stub-check             each answer alone makes its own part done and leaves the others not begun
    check.py wrong-answers [NAME]   each wrong answer of wrong.tsv is seen, and its cause is named
    check.py board-test             each piece of code in astray.tsv is reported as what it is; the judge is plain C
    check.py record FILE            writes what right and wrong answers make of the cases: expected.tsv
BUILD is the folder with board/; CC the board's compiler with its flags, LD what the linker needs.
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
from nw import HERE, PARTS, chunks_of, read_lines, title, uses      # noqa: E402

TEACHER, WORK = Path(__file__).parent, board.BOARD / "check"
CC, LD = os.environ.get("CC", "").split(), os.environ.get("LD", "").split()
NW = read_lines("nn.nw")


def rows(name):
    return [line.split("\t") for line in (TEACHER / name).read_text().splitlines() if line[:1] != "#"]


def run(*command, **env):
    return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, **env))


def runner(folder, lines, parts, answers="", command=run):
    """A runner in which the modules of these parts come from these lines; answers: see tests/tangle.sh"""
    folder, modules = WORK / folder, sorted({PARTS[p].module for p in parts})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nn.nw").write_text("\n".join(lines))
    others = [o for o in (board.BOARD / "run").glob("*.o") if o.stem not in modules]
    steps = [(run, ["sh", "tests/tangle.sh", folder / "nn.nw", folder, "-L", *(f"{m}.c" for m in modules)])]
    steps += [(command, [*CC, "-w", "-c", folder / f"{m}.c", "-o", folder / f"{m}.o"]) for m in modules]
    steps += [(command, [*CC, *others, *(folder / f"{m}.o" for m in modules), *LD, "-o", folder / "runner"])]
    for do, words in steps:
        done = do(*words, ANSWERS=answers) if do is run else do(*words)
        if done.returncode:
            raise RuntimeError(done.stderr[:4000])
    return folder / "runner"


def handed_out(file=None):
    """nn.nw as students get it: without the section of the answers, and without rows of tables about what they lack"""
    begin = NW.index(r"\section{The challenges}")
    end = next(i for i in range(begin, len(NW)) if NW[i].startswith(r"\chapter{"))
    lacking = re.search(r"^\.PHONY: (.*)", (TEACHER / "teacher.mk").read_text(), re.MULTILINE)[1].replace(" ", "|")
    lines = [line for line in NW[:begin] + NW[end:] if not re.match(rf"\[\[make ({lacking})\b.*&", line)]
    if file:
        Path(file).write_text("\n".join(lines))
    return lines


def in_chunk(name, code, rest=True):
    """nn.nw with this code at the beginning of the chunk, or in place of all of it"""
    chunk = chunks_of(NW)[name][0]
    return NW[:chunk.head] + [code] + NW[chunk.head + len(chunk.code) * (not rest):]


def mutated(part, find, replace):
    """nn.nw with a fault in one line of an answer, or of a chunk that the answer uses"""
    chunks, name = chunks_of(NW), title(part, "answer")
    for c in [c for n in (name, *uses(chunks[name])) for c in chunks[n]]:
        if "\n".join(c.code).count(find) == 1:
            at = next(i for i, line in enumerate(c.code) if find in line)
            return NW[:c.head + at] + [c.code[at].replace(find, replace)] + NW[c.head + at + 1:]
    raise RuntimeError(f"'{find}' is not found exactly once in answer {part}")


def answers_board():
    built = runner("all", NW, PARTS, "all")
    verdicts = {p: board.verdict(built, p, NW, "answer") for p in PARTS}
    print("\n".join(f"{p}\t{v.state}\t{v.message}" for p, v in verdicts.items()))
    return all(v.state == "done" for v in verdicts.values())


def stub_check():
    def one(part):
        built = runner(part, NW, [part], part)
        bad = [p for p in PARTS if board.verdict(built, p, NW).state != ("done" if p == part else "not begun")]
        print(f"{part} alone: " + (f"the board is wrong about {bad}" if bad else f"done, the others not begun ({PARTS[part].title})"))
        return not bad
    return all(each(one, PARTS))


def wrong_answers(pattern=""):
    listed = [row for row in rows("wrong.tsv") if re.search(pattern, row[0])]

    def one(numbered):
        name, part, find, replace, must, kind = numbered[1]
        built = runner(f"wrong-{numbered[0]}", mutated(part, find, replace), [part], part)
        v = board.verdict(built, part, read_lines(built.parent / "nn.nw"), "answer")
        fault = "" if v.state == "wrong" and (name if must == "=" else must) in v.message else \
            "   NOT SEEN\n" if v.state != "wrong" else "   NOT NAMED\n"
        print(f"{part} {name}{' (held out)' * (kind != 'signature')}\n   -> {v.message}\n{fault}", end="")
        shutil.rmtree(built.parent)
        return not fault
    good = each(one, enumerate(listed))
    held = sum(row[5] != "signature" for row in listed)
    print(f"{len(listed)} wrong answers: the cause of {sum(good)} is named, {held} of these by no record of theirs")
    return all(good) and listed


def board_test():
    def one(numbered):
        part, must, code = numbered[1]
        lines, name = in_chunk(title(part), code, rest=False), f"astray-{numbered[0]}"
        built = runner(name, lines, [part])
        verdicts = {p: board.verdict(built, p, lines) for p in PARTS}
        must = must.replace("@", str(chunks_of(lines)[title(part)][0].head + 1))
        bad = not re.search(must, verdicts[part].message)
        # the others (but a constructor runs before any of them)
        bad |= any(v.state != "not begun" for p, v in verdicts.items() if p != part and "constructor" not in code)
        if bad or verdicts[part].state == "done":
            print(f"FAILED: {part}, {code}\n   says: {verdicts[part].message}\n   not:  {must}\n   others: {verdicts}")
            return False
        shutil.rmtree(built.parent)
        return True
    good = each(one, enumerate(rows("astray.tsv")))
    print(f"{sum(good)} of {len(good)} ways of going astray, each reported as what it is")
    judge = [HERE / "board.h", *(HERE / o.with_suffix(".c").name for o in (board.BOARD / "obj").glob("*.o"))]
    others = {f.name: re.findall(r"# *include <(?!(?:math|std\w+|string)\.h>).*", f.read_text()) for f in judge}
    print(*(f"{name} is no plain C: {found}" for name, found in others.items() if found), sep="\n", end="")
    return all(good) and not any(others.values())


def record(file):
    """The right numbers first: 2b is tried on what 2a makes."""
    text = ("# What the parts should make of their cases, and what typical faults make of them.  Written by make record:\n"
            '# part, tensor, fault ("-": none, these are the right numbers), the numbers of all cases, row by row\n')

    def numbers(built, part):
        return board.judge("record", part, sent=board.run(built, part)[0]).decode()
    board.EXPECTED = Path(file)
    board.EXPECTED.write_text(text)
    built = runner("record", NW, PARTS, "all")
    for part in ["2a", *(p for p in PARTS if p not in ("2a", "3a", "4a"))]:
        text += numbers(built, part)
        board.EXPECTED.write_text(text)

    def one(numbered):
        name, part, find, replace = numbered[1][:4]
        lines = numbers(runner(f"record-{numbered[0]}", mutated(part, find, replace), [part], part), part).splitlines()
        return "".join(line.replace("\t-\t", f"\t{name}\t") + "\n" for line in lines if line not in text)
    faults = each(one, enumerate(row for row in rows("wrong.tsv") if row[5] == "signature"))
    board.EXPECTED.write_text(text + "".join(faults))
    return all(faults)


def each(function, things):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, things))


if __name__ == "__main__":
    sys.exit(0 if globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:]) else 1)
