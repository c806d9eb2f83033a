"""grade.py: mark FILE, a student's nn.nw; the folder OUT gets results.json (Gradescope) and junit.xml.

Taken from the student's file: each challenge's chunk, with the chunks that it uses, as noweb puts them together.  It's
put into a copy of nn.nw without the answers, alone, and compiled and run behind walls (bubblewrap); the board, which is
outside, judges: first on the numbers that students have, as their own board does, then on new ones, made from SEED, which
is drawn where it isn't given.  What is right for these the answers say, behind the same walls; if they aren't right there,
nobody is marked.  Exit status: 0 graded, whatever the marks; 2 nothing to grade, or no walls; 1 a fault of the package.
"""
import json
import os
import re
import secrets
import socket
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import check
from check import board                      # which knows its folder, and nw's
from nw import PARTS, challenge, chunks_of, read_lines, stop, title, ungraded, with_code

LONGEST = 1000000                            # characters of a part's code
TAGS = {"wrong": "failure", "error": "error", "not begun": "skipped"}      # JUnit's, for the board's states and error
WALLS = ("bwrap --unshare-all --die-with-parent --new-session --uid 65534 --gid 65534 --clearenv --setenv PATH /usr/bin:/bin "
         "--setenv LC_ALL C --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 "
         "--proc /proc --dev /dev --tmpfs /tmp").split()
LIMITS = "prlimit --cpu=60 --as=2147483648 --fsize=16777216 --nproc=100 --core=0 timeout 300".split()


def wall(folder, scratch):
    """around a run: see board.run"""
    return [*WALLS, "--ro-bind", folder, folder, "--chdir", scratch]


def work(folder, *command, inside=()):
    """A command behind the walls that may write in the folder; it's in there, too, unless something else is inside"""
    here = [*inside, "--dir", os.getcwd(), "--chdir", os.getcwd()] if inside else ["--chdir", folder]
    return subprocess.run([*WALLS, "--bind", folder, folder, *here, *LIMITS, *command], env={"PATH": "/usr/bin:/bin"},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")


def layers(salt):
    """a socket to a process that has the layers of 4a; it ends when the socket does"""
    ours, theirs = socket.socketpair()
    with theirs:
        subprocess.Popen([board.BOARD / "layers", salt], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
    return ours


def judged(runner, part, lines, new):
    """by what students know, then on new numbers"""
    v = board.verdict(runner, part, lines, board.Way(wall, layers=layers))
    if v.state == "done":
        v = board.verdict(runner, part, lines, new)
        v = v._replace(message=v.message and f"right for the numbers of the handout, and not for others: {v.message}")
    return v


def answers(salt):
    """the way in which others are marked: with what the answers left, behind the same walls"""
    new = board.Way(wall, salt, {}, layers)
    for part in PARTS:                       # 2a before 2b, 5a before 5b
        sent, printed, *_ = board.run(board.BOARD / "answers/runner", part, new)
        if sent[:8] != b"numbers " or board.judge("judge", part, "", "", salt, sent=2 * sent)[:5] != b"done\t":
            stop("The answers themselves aren't right behind the walls here, so nothing is marked. "
                 f"{part}: {printed[:200] or sent[:80]}")
        new.answered[part] = sent
    return new


def mark(part, lines, clean, new):
    """(state, message)"""
    name, chunks = title(part), chunks_of(lines)
    found = chunks.get(name, [])
    if len(found) != 1:
        near = [f"; line {c[0].head} has <<{n}>>" for n, c in chunks.items() if n[:12] == name[:12] and not found]
        return "error", f"<<{name}>> is {f'defined {len(found)} times' if found else 'missing'}{''.join(near)}."
    if [line.strip() for line in found[0].code] == [line.strip() for line in challenge(clean, part).code]:
        return "not begun", ""
    with tempfile.TemporaryDirectory(prefix="grade.") as scratch:
        folder = Path(scratch)
        (folder / "student.nw").write_text("\n".join(lines))
        done = work(folder, "sh", "-c", 'notangle -L\'#line %L "nn.nw"%N\' "-R$0" student.nw > code', name)
        undefined = re.search("undefined chunk name: (<<.*>>)", done.stderr)
        if done.returncode or done.stderr:
            return "error", (f"{undefined[1]} is used, but defined nowhere." if undefined else
                             f"its chunks can't be put together: {done.stderr[:200]}")
        code = (folder / "code").read_text(errors="replace")
        if len(code) > LONGEST:
            return "error", f"it has {len(code)} characters, more than {LONGEST}"
        why = ungraded(re.sub(r'^#line \d+ "nn\.nw"$', "", code, flags=re.MULTILINE))
        if why:
            return "error", f"it {why}. nn.nw:{found[0].head}"
        # indented and with << quoted, noweb can't take it for anything but code
        put = [" " + line.replace("<<", "@<<").replace(">>", "@>>") for line in code.split("\n")]
        inside = [word for path in (board.BOARD.parent / "src", board.BOARD / "run") for word in ("--ro-bind", path, path)]
        try:
            runner = check.runner(folder, with_code(clean, {part: put}), lambda *words: work(folder, *words, inside=inside))
        except RuntimeError as e:
            said = re.sub(r"\S*/(?=nn\.nw:)", "", str(e))
            about = "; what stands outside of its chunks isn't taken" * ("undefined reference" in said)
            return "error", f"it doesn't compile{about}: " + re.sub(r"\A(.*\n)*?(?=.*(error:|undefined reference))", "", said)
        v = judged(runner, part, lines, new)
    return v.state, f"{v.message}\n{v.details}".replace("\n\t", "\n").strip()


def report(part, state, message, suite):
    """One part, as Gradescope has it, and in JUnit's suite; without characters that XML doesn't allow, and not too long"""
    message = re.sub("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]", "?", message)
    message = message[:4000] + "\n..." * (len(message) > 4000)
    name, points, done = f"{part} {PARTS[part].title}", PARTS[part].points, state == "done"
    output = f"{state}: {message}" if message else state
    print(f"{part}  {PARTS[part].title:34} {points * done} of {points}  {output.splitlines()[0]}")
    case = ET.SubElement(suite, "testcase", classname=f"challenge {part[0]}", name=name)
    if not done:
        ET.SubElement(case, TAGS[state], message=message.split("\n")[0] or state).text = message
    return {"number": part, "name": name, "score": points * done, "max_score": points,
            "status": "passed" if done else "failed", "output": output}


def write(path, marks, folder, salt):
    suite = ET.Element("testsuite", name="challenges", tests=str(len(PARTS)))
    tests = [report(part, *m, suite) for part, m in zip(PARTS, marks)]
    total, most = (sum(test[key] for test in tests) for key in ("score", "max_score"))
    results = {"score": total, "output": f"{total} of {most} points", "output_format": "text", "test_output_format": "text",
               "extra_data": {"seed": salt, "file": str(path)}, "tests": tests}
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"*/{tag}"))))
    ET.indent(suite)
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    ET.ElementTree(suite).write(folder / "junit.xml", encoding="utf-8", xml_declaration=True)
    print(f"{total} of {most} points; {folder}/results.json and {folder}/junit.xml have the details (SEED={salt})")


def main():
    path = Path(os.environ.get("FILE") or stop("say which file: make grade FILE=student.nw"))
    # many students' files have the name nn.nw, and a handout's folder is nn: then a folder above tells whose it is
    above = [folder.name for folder in path.absolute().parents if folder.name != "nn"]
    name = path.stem if path.name != "nn.nw" else above[0]
    folder = Path(os.environ.get("OUT") or board.BOARD.parent / "grade" / name)
    for old in (folder / "results.json", folder / "junit.xml"):
        if path.exists() and old.exists():   # of what can't be marked there are no marks
            old.unlink()
    lines, clean = read_lines(path), check.handed_out()
    salt = os.environ.get("SEED") or str(secrets.randbits(63))
    if not salt.isdecimal() or not 0 < int(salt) < 1 << 64:
        stop(f"SEED={salt}: a seed is a whole number from 1 on, below 2^64")
    if not any(line.startswith("<<challenge ") for line in lines):
        stop(f"{path}: this is no nn.nw: no line begins with <<challenge")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        stop(f"{folder}, which is to get the marks: {e.strerror}")
    board.refuse_root()
    walled = subprocess.run([*board.AS_NOBODY, *WALLS, "true"], capture_output=True, text=True)
    if walled.returncode:
        stop(f"Marks need walls, and bubblewrap can make none here ({walled.stderr.strip()}), so nothing was run. "
             "Grade on a machine that allows namespaces.")
    # 2b and 5b are given what 2a and 5a should make, so it's of other numbers
    new, other = answers(salt), answers(str(int(salt) ^ 1 << 62 or 1))
    write(path, check.each(lambda p: mark(p, lines, clean, other if p in ("2b", "5b") else new), PARTS), folder, salt)


main()
