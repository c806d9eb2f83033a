"""desk-check.py: plays the student of desk.txt in a scratch copy of the package, and looks at what is said"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, "tests/challenges")
import check                                 # noqa: E402
from nw import chunks_of, read_lines, title  # noqa: E402

CLEAN = check.NW


def write(lines):
    Path("nn.nw").write_text("\n".join(lines))


def do(verb, part="", code=""):
    """nn.nw as it was, but for one thing"""
    head, old, _ = chunks_of(CLEAN)[title(part)][0] if part else (0, [], None)
    end, name = head + len(old), title(part) if part else ""
    new = chunks_of(CLEAN)[title(part, "answer")][0].code if code[:6] == "answer" else [code]
    if verb in ("put", "instead"):
        chunk = [] if "chunk" not in code else ["<<my way>>", "@", "<<my way>>="]
        write(CLEAN[:head] + chunk + new + CLEAN[end if verb == "instead" else head:])
    elif verb == "double":
        write([*CLEAN, f"<<{name}>>=", "@"])
    elif verb == "lose":
        write(CLEAN[:head - 1] + CLEAN[end + 1:])
    elif verb == "misspell":
        write(CLEAN[:head - 1] + [f"<<{name}s>>="] + CLEAN[head:])
    elif verb == "unend":
        write(CLEAN[:end] + CLEAN[end + 1:])
    elif verb == "hand-out":
        Path(".pristine.nw").write_text("\n".join(CLEAN))
    elif verb == "change":
        write(re.sub(r"(?m)^<<\[\[matrix\.c.*>>=$", r"\g<0>\n/* changed */", Path("nn.nw").read_text()).split("\n"))
    elif verb == "clean":
        write(CLEAN)
    elif verb != "is-clean" or read_lines("nn.nw") != CLEAN:
        sys.exit(f"desk-check: {verb}: nn.nw isn't as it should be")


def fill(match):
    return title(match[1]) if match[1] else str(chunks_of(read_lines("nn.nw"))[title(match[2])][0].head + int(match[3] or 0))


def play(script):
    said, count, command = "", 0, ""
    for line in script.splitlines():
        run = re.fullmatch("= (ok|fails) (.*)", line)
        if run:
            command, count = run[2], count + 1
            done = subprocess.run(command.split(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENV)
            said = done.stdout
            if (done.returncode == 0) != (run[1] == "ok"):
                sys.exit(f"desk-check: {command} ends with {done.returncode}, and says:\n{said}")
        elif re.match(r"(put|instead|double|lose|misspell|unend|hand-out|change|clean|is-clean)\b", line):
            do(*line.split(" ", 2))
        elif line[:1] != "#" and re.sub(r"\{(?:name (\w\w)|(\w\w)(\+\d)?)\}", fill, line) not in said:
            sys.exit(f"desk-check: {command} doesn't say '{line}', but:\n{said}")
    return count


top, script = Path.cwd(), Path("tests/teacher/desk.txt").read_text()
ENV = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "BUILD", "CC")}
ENV["GIT_DIR"] = str(top / ".git")
with tempfile.TemporaryDirectory(prefix="desk.") as scratch:
    subprocess.run(["sh", "-c", 'git ls-files | tar -cf - -T - | tar -xf - -C "$0"', scratch], check=True)
    shutil.copytree(os.environ.get("BUILD", "build"), Path(scratch) / "build",
                    ignore=shutil.ignore_patterns("answers", "data", "check", "grade", "handout*"))
    os.chdir(scratch)
    count = play(script)
    os.chdir(top)
print(f"desk-check: {count} commands of a student, each answered as it should be")
