"""grade-check.py [NAME...]: does grade.py give the stored submissions the marks that they deserve?

A submission, submissions/NAME.txt, says what a student did to nn.nw; the student's file is made of today's nn.nw.
    # a sentence about it
    == total 3
    == 1a done                        the part, the state that the board must give it, and where there is a colon
    answer                            a pattern that its message must match: @1 is the number of its first line.
    == 1b wrong: ends the program     The lines are the part's code; "answer" stands for the answer to this part,
    exit(0);                          "answer 2c" for another's.  %TOP% is the package's folder, %TMP% a scratch folder.
    == all done                       the same for all parts; what follows may say otherwise for some
    == end                            lines for the end of the file
A part that isn't named is left as it is, and not begun.  Besides the marks, nothing may be written but the report.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

sys.path[:0] = ["tests/challenges", "tests/teacher"]
import check                                 # noqa: E402: from the folders above
from nw import PARTS, chunks_of, title, with_code    # noqa: E402

TAGS = {"done": None, "wrong": "failure", "error": "error", "not begun": "skipped"}
MARK = "grade-was-here"                      # a file that a submission tries to write has this name
ANSWERS = {p: check.run("notangle", f"-R{title(p, 'answer')}", "nn.nw").stdout.splitlines() for p in PARTS}


def read(path):
    """total; part -> (state, pattern, code); and what stands at the end of the file"""
    total, wanted, end, into = None, {p: ("not begun", "", None) for p in PARTS}, [], []
    for line in path.read_text().splitlines():
        head = re.fullmatch(r"== (\w+)(?: ([^:]*))?(?:: (.*))?", line)
        if not head:
            into.append(line)
        elif head[1] == "total":
            total = int(head[2])
        else:
            into = end if head[1] == "end" else []
            for part in PARTS if head[1] == "all" else {head[1]} - {"end"}:
                wanted[part] = head[2], head[3] or "", into
    return total, wanted, end


def filled(code, part, scratch):
    for line in code:
        word = re.fullmatch(r"answer(?: (\w\w))?", line)
        yield from ANSWERS[word[1] or part] if word else [line.replace("%TOP%", os.getcwd()).replace("%TMP%", scratch)]


def written():
    """every file of the package, but for build/, and what would show that it was written"""
    found = {p: p.lstat().st_mtime_ns for p in Path().rglob("*") if p.parts[0] not in ("build", ".git")}
    return found | {p: 0 for p in (*Path("build").rglob(MARK), *(Path(f, MARK) for f in ("/", "/tmp", "/nn"))) if os.path.lexists(p)}


def faults(total, wanted, lines, folder):
    """what is not as it should be in the two reports"""
    results, suite = json.loads((folder / "results.json").read_text()), ET.parse(folder / "junit.xml").getroot()
    counts = {tag: sum(TAGS[w[0]] == tag for w in wanted.values()) for tag in ("failure", "error", "skipped")}
    if results["score"] != total or [int(suite.get(a)) for a in ("failures", "errors", "skipped")] != list(counts.values()):
        yield f"the score is {results['score']}, should be {total}; junit.xml has {suite.attrib}"
    for (part, (state, pattern, _)), test, case in zip(wanted.items(), results["tests"], suite, strict=True):
        pattern = state + f".*({pattern})".replace("@1", str(chunks_of(lines)[title(part)][0].head + 1))
        earned = PARTS[part].points * (state == "done")
        if (test["number"], test["score"], test["status"]) != (part, earned, "passed" if state == "done" else "failed") \
                or not re.match(pattern, test["output"], re.DOTALL):
            yield f"{part} should be {pattern}; results.json says: {test}"
        if case.get("name") != test["name"] or [c.tag for c in case] != [t for t in [TAGS[state]] if t] \
                or any((c.text or "") not in test["output"] for c in case):
            yield f"{part} should be {pattern}; junit.xml says: {ET.tostring(case, 'unicode')}"


def main(*names):
    bad, before = 0, written()
    paths = [p for p in sorted(Path("tests/teacher/submissions").glob("*.txt")) if not names or p.stem in names]
    for path in paths:
        begin, (total, wanted, end) = time.monotonic(), read(path)
        with tempfile.TemporaryDirectory(prefix="grade-check.") as scratch:
            os.chmod(scratch, 0o777)         # whoever the code runs as could write here, if it got out
            folder = check.WORK / path.stem
            lines = with_code(check.handed_out(), {p: filled(code, p, scratch) for p, (_, _, code) in wanted.items() if code is not None})
            lines += filled(end, None, scratch)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "student.nw").write_text("\n".join(lines))
            done = subprocess.run([sys.executable, "tests/teacher/grade.py"], capture_output=True, text=True,
                                  env=dict(os.environ, FILE=str(folder / "student.nw"), OUT=str(folder), TMPDIR=scratch))
            wrong = [f"exit status {done.returncode}: {done.stderr}"] if done.returncode or done.stderr else \
                list(faults(total, wanted, lines, folder))
            wrong += [f"{left} was left in the scratch folder" for left in os.listdir(scratch)]
        print(f"{path.stem:10} {total:2} points, {time.monotonic() - begin:4.1f} s", *wrong, sep="\n  " if wrong else "", flush=True)
        bad += bool(wrong)
    after = written()
    changed = [str(p) for p in before.keys() | after.keys() if before.get(p) != after.get(p) or p.name == MARK]
    if bad or changed or not paths:
        sys.exit(f"grade-check: {bad} of {len(paths)} submissions are not graded as they should be; written: {changed}")
    print(f"{len(paths)} submissions, each graded as it should be, and no file but the reports was written")


main(*sys.argv[1:])
