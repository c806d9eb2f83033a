"""play.py SCRIPT FILE: plays a student (desk.txt) or who marks their work (grade.txt) in a scratch copy of the package, and
looks at what is said.  Lines of a script:

    = ok make test          a command, which ends well; "fails": which doesn't
    1a...wrong              what must be said by it, with anything in the place of "..."
    put 1a CODE             into FILE: first in this part; "instead 1a CODE", all of it; "solve", all answers; "tables",
                            recorded numbers; "sub PATTERN => TEXT", anywhere.  After a command, from a fresh nn.nw.
A ¶ is the end of a line; {1a} the line of 1a's heading in FILE, {1a+1} the next; {name 1a} is the chunk's name, and
{answer 1a} its answer; {top} and {tmp} are folders; {<} is a line of 400,000.  What make grade reports, into the folder of
FILE's name or OUT, must agree, and it may write nothing else.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import check                                 # which knows nw's folder
from nw import challenge, chunks_of, read_lines, title, with_code

FILE = Path(sys.argv[2])
MARK = "grade-was-here"                      # what a submission tries to write has this name


def filled(text, tmp):
    def value(m):
        if m[3]:
            return str(challenge(read_lines(FILE), m[3]).head + int(m[4] or 0))
        if m[1] == "answer":
            return "\n".join(chunks_of(check.NW)[title(m[2], "answer")][0].code)
        return title(m[2]) if m[1] == "name" else {"top": os.getcwd(), "tmp": str(tmp)}[m[5]]
    text = re.sub(r"\{([<'\"\\@/([])\}", lambda m: m[1] * 400_000, text.replace("¶", "\n"))
    return re.sub(r"\{(?:(name|answer) (\w\w)|(\d\w)(\+\d)?|(top|tmp))\}", value, text)


def tables():
    """code for each part that has recorded numbers: they are written one after the other, and nothing is computed"""
    codes = {}
    recorded = Path("tests/challenges/expected.inc").read_text()
    for part, name, numbers in re.findall(r'"(\w+)", "(\S+)", "-", .*?\{ (.*?), \}', recorded):
        to, of = (name, "count") if part[0] == "1" else (f"{name}.data", f"{name}.rows * {name}.cols")
        each = f"{name} = t[n++];" if name in ("o->t", "loss") else f"for (size_t i = 0; i < {of}; i++) {to}[i] = t[n++];"
        codes.setdefault(part, []).append(f"{{ static const double t[] = {{ {numbers} }}; static size_t n; {each} }}")
    return codes


def change(lines, verb, what, tmp):
    """the file after one change"""
    if verb == "solve":
        return check.solved(check.PARTS, lines)
    if verb == "tables":
        return with_code(lines, tables())
    if verb == "sub":
        pattern, text = filled(what, tmp).split(" => ")
        return re.sub(pattern, text, "\n".join(lines), count=1, flags=re.M).split("\n")
    part, _, code = what.partition(" ")
    old = challenge(lines, part).code if verb == "put" else []
    return with_code(lines, {part: filled(code, tmp).split("\n") + old})


def written():
    """what would show that a file of the package was written"""
    return {p: p.lstat().st_mtime_ns for p in Path().rglob("*") if not p.parts[0].startswith(("build", FILE.name, "-"))}


def faults_of_marks(said, tmp, before):
    folder = Path(re.search("; (.*)/results.json and ", said)[1])
    results, suite = json.loads((folder / "results.json").read_text()), ET.parse(folder / "junit.xml").getroot()
    tags = [case[0].tag if len(case) else "" for case in suite]
    counts = [(suite.get(tag + "s", suite.get(tag)), str(tags.count(tag))) for tag in ("failure", "error", "skipped")]
    if results["score"] != sum(t["score"] for t in results["tests"]) or f"\n{results['output']};" not in said \
            or any(a != b for a, b in counts):
        yield f"the score is {results['score']}, and junit.xml has {suite.attrib}"
    for test, case, tag in zip(results["tests"], suite, tags, strict=True):
        expected = case.get("name"), "failed" if tag else "passed", test["max_score"] * (not tag)
        if (test["name"], test["status"], test["score"]) != expected or any((c.text or "") not in test["output"] for c in case):
            yield f"{test} in results.json, {ET.tostring(case, 'unicode')} in junit.xml"
    marks = [*Path("..").rglob(MARK), *filter(os.path.lexists, (Path(f, MARK) for f in ("/", "/tmp", "/nn")))]
    if marks or written() != before or any(tmp.iterdir()):
        yield f"files of the package were written, or {marks}, or {list(tmp.iterdir())}"


def play(script, tmp, env):
    said, count, command, lines, before = "", 0, "", check.NW, written()
    for line in script.splitlines():
        verb, _, what = line.partition(" ")
        faults = []
        if verb == "=":
            well, _, command = what.partition(" ")
            done = subprocess.run(shlex.split(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, env=env)
            said, count, lines = done.stdout, count + 1, check.NW
            faults = [f"it ends with {done.returncode}"] * ((done.returncode == 0) != (well == "ok"))
            if command.startswith("make grade") and well == "ok" and not faults:
                faults = list(faults_of_marks(said, tmp, before))
        elif verb in ("put", "instead", "sub", "solve", "tables"):
            lines = change(lines, verb, what, tmp)
            FILE.write_text("\n".join(lines))
        elif line[:1] != "#" and not re.search(re.escape(filled(line, tmp)).replace(r"\.\.\.", ".*"), said):
            faults = [f"it doesn't say '{filled(line, tmp)}'"]
        if faults:
            sys.exit("\n".join([f"play: {command}", *faults, "but it says:", said]))
    return count


def main():
    top, script = Path.cwd(), Path(sys.argv[1]).read_text()
    with tempfile.TemporaryDirectory(prefix="play.") as scratch:
        package, tmp = Path(scratch, "nn"), Path(scratch, "tmp")
        package.mkdir()
        tmp.mkdir()
        os.chmod(scratch, 0o755)
        tmp.chmod(0o777)                     # whoever the code runs as could write here, if it got out
        if subprocess.run(["sh", "-c", 'git ls-files > /dev/null && git ls-files -z | tar -cf - --null -T - | tar -xf - -C "$0"', package]).returncode:
            sys.exit("play: git's list of files tells the package's from yours, and git gives none; its reason is above")
        built = os.environ.get("BUILD", "build")
        shutil.copytree(built, package / "build", ignore=lambda folder, names: {"check"} if folder != built else
                        {*names} - {"board", "flags", "lines", "nn", "obj", "src", "tangled", "tests"})
        os.chdir(package)
        env = {"PATH": os.environ["PATH"], "HOME": scratch, "GIT_DIR": str(top / ".git"), "TMPDIR": str(tmp),
               **{name: os.environ[name] for name in ("PATIENCE", "CI") if name in os.environ}}
        count = play(script, tmp, env)
    print(f"{sys.argv[1]}: {count} commands, each answered as it should be")


main()
