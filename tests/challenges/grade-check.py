#!/usr/bin/env python3
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
    == jail                           without a jail (see jail.sh) it would do harm here, and is left out
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
import grade                                 # noqa: E402: from the folder of this file

STORE = grade.HERE / "submissions"
TAGS = {"done": None, "wrong": "failure", "error": "error", "not begun": "skipped"}
MARK = "grade-was-here"                      # a file that a submission tries to write has this name
TOO_LONG = 600                               # seconds, for the slowest machine


def parts():
    """part -> (title, points)"""
    rows = [line.split("\t") for line in (grade.HERE / "parts.tsv").read_text().splitlines() if line[:1] != "#"]
    return {row[0]: (row[2], int(row[3])) for row in rows}


class Submission:
    def __init__(self, name, known):
        self.name, self.total, self.end, self.jail = name, None, [], False
        self.state, self.pattern, self.code = {p: "not begun" for p in known}, {p: "" for p in known}, {}
        into = None
        for line in (STORE / f"{name}.txt").read_text().splitlines():
            head = re.fullmatch(r"== (\w+)(?: ([^:]*))?(?:: (.*))?", line)
            if not head:
                if into is not None:
                    into.append(line)
            elif head[1] == "total":
                self.total = int(head[2])
            elif head[1] == "jail":
                self.jail = True
            elif head[1] == "end":
                into = self.end
            else:
                into = []
                for part in known if head[1] == "all" else [head[1]]:
                    self.state[part], self.pattern[part], self.code[part] = head[2], head[3] or "", into
        if self.total is None or set(self.state) != set(known) or not set(self.state.values()) <= set(TAGS):
            sys.exit(f"grade-check: {name}.txt has no total, or a part or a state that there isn't")

    def write(self, path, scratch):
        """The student's file; part -> number of its first line."""
        whole = grade.chunks_of((grade.TOP / "nn.nw").read_text().split("\n"))
        answers = {name[7:9]: [line.replace("<<", "@<<").replace(">>", "@>>")
                               for line, _ in grade.expand(name, whole, whole)]
                   for name in whole if name.startswith("answer ")}

        def filled(code, part):
            for line in code:
                word = re.fullmatch(r"answer(?: (\w\w))?", line)
                if word:
                    yield from answers[word[1] or part]
                else:
                    yield line.replace("%TOP%", str(grade.TOP)).replace("%TMP%", str(scratch))

        lines, first, skip = [], {}, False
        for line in grade.clean_source():
            if line == "@":
                skip = False
            if skip:
                continue
            lines.append(line)
            challenge = re.match(r"<<challenge (\w\w): .*>>=", line)
            if challenge and challenge[1] in self.code:
                part, skip = challenge[1], True
                first[part] = len(lines) + 1
                lines += filled(self.code[part], part)
        path.write_text("\n".join(lines + list(filled(self.end, None))) + "\n")
        return first


def faults(sub, known, first, folder):
    """What is not as it should be in the two reports."""
    results = json.loads((folder / "results.json").read_text())
    suite = ET.parse(folder / "junit.xml").getroot()
    if results["score"] != sub.total:
        yield f"results.json gives {results['score']} points, not {sub.total}"
    if [t["number"] for t in results["tests"]] != list(known):
        yield "results.json has other parts"
    if [c.get("name") for c in suite] != [f"{p} {title}" for p, (title, _) in known.items()]:
        yield "junit.xml has other parts"
    for attribute, states in (("tests", TAGS), ("failures", ["wrong"]), ("errors", ["error"]), ("skipped", ["not begun"])):
        if int(suite.get(attribute)) != sum(sub.state[p] in states for p in known):
            yield f"junit.xml has {attribute}={suite.get(attribute)}"
    for (part, (_, points)), test, case in zip(known.items(), results["tests"], suite):
        state = sub.state[part]
        got = re.match("not begun|wrong|done|error", test["output"])
        right = got and got[0] == state and test["max_score"] == points
        right = right and test["score"] == (points if state == "done" else 0)
        right = right and test["status"] == ("passed" if state == "done" else "failed")
        pattern = sub.pattern[part].replace("@1", str(first.get(part)))
        if not right or not re.search(pattern, test["output"], re.DOTALL):
            yield f"{part} should be {state}{pattern and ', ' + pattern}; results.json says: {test}"
        if [child.tag for child in case] != [tag for tag in [TAGS[state]] if tag]:
            yield f"{part} should be {state}; junit.xml says: {ET.tostring(case, 'unicode')}"
        elif pattern and state != "done" and not re.search(pattern, case[0].text, re.DOTALL):
            yield f"{part}: the message in junit.xml is: {case[0].text}"


def check(sub, known, jailed):
    """Grades one submission; returns what is wrong and how long it took."""
    folder = grade.TOP / "build/grade/check" / sub.name
    folder.mkdir(parents=True, exist_ok=True)
    for report in ("results.json", "junit.xml"):
        (folder / report).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="grade-check.") as scratch:
        os.chmod(scratch, 0o777)             # whoever the code runs as could write here, if it got out
        student = folder / "student.nw"
        first, begin = sub.write(student, scratch), time.monotonic()
        text = student.read_bytes()
        done = subprocess.run([sys.executable, grade.HERE / "grade.py", student, folder], capture_output=True, text=True,
                              timeout=TOO_LONG, env=dict(os.environ, TMPDIR=scratch))
        seconds = time.monotonic() - begin
        wrong = [f"exit status {done.returncode}: {done.stderr}"] if done.returncode else \
            list(faults(sub, known, first, folder))
        if jailed and done.stderr:           # that it found no jail, say
            wrong.append(f"grade.py says: {done.stderr}")
        wrong += [f"{left} was left in the scratch folder" for left in os.listdir(scratch)]
    if student.read_bytes() != text:
        wrong.append("the student's file was changed")
    return wrong, seconds


def files():
    """Every file of the package and what would show that it was written; in build/ only those with our name."""
    found = {}
    for folder, inner, names in os.walk(grade.TOP):
        if folder == str(grade.TOP):
            inner[:] = [name for name in inner if name != ".git"]
        for name in names + inner:
            path = Path(folder) / name
            if MARK in name or (grade.TOP / "build" not in path.parents and name not in inner):
                found[path] = (path.lstat().st_size, path.lstat().st_mtime_ns)
    for folder in ("/tmp", "/nn", "/"):
        if os.path.lexists(f"{folder}/{MARK}"):
            found[Path(folder) / MARK] = None
    return found


def main():
    known, names = parts(), sys.argv[1:] or sorted(path.stem for path in STORE.glob("*.txt"))
    subs = [Submission(name, known) for name in names]
    jailed = subprocess.run(["sh", grade.HERE / "jail.sh", "run", grade.HERE, "true"]).returncode == 0
    if not jailed:
        print("grade-check: this machine allows no jail; left out:", *[sub.name for sub in subs if sub.jail])
        subs = [sub for sub in subs if not sub.jail]
    before, bad = files(), 0
    with ThreadPoolExecutor(2) as pool:
        for sub, (wrong, seconds) in zip(subs, pool.map(lambda sub: check(sub, known, jailed), subs)):
            print(f"{sub.name:10} {sub.total:2} points, {seconds:4.1f} s{'' if not wrong else ': WRONG'}", flush=True)
            for sentence in wrong:
                print("  " + sentence)
            bad += bool(wrong)
    after = files()
    changed = [path for path in before.keys() | after.keys() if before.get(path, 0) != after.get(path, 0) or MARK in path.name]
    for path in changed:
        print(f"grade-check: {path} was written")
    if bad or changed or not subs:
        sys.exit(f"grade-check: {bad} of {len(subs)} submissions are not graded as they should be")
    print(f"{len(subs)} submissions, each graded as it should be, and no file but the reports was written")


if __name__ == "__main__":
    main()
