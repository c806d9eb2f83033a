#!/usr/bin/env python3
"""grade.py STUDENT.nw FOLDER: mark a student's nn.nw; FOLDER gets results.json (Gradescope) and junit.xml.

Taken from the student's file: the challenges' chunks, with the chunks of the student's own that they use, and nothing
else.  They go into a copy of the package without the answers, which is compiled and run in a jail (jail.sh).  The
board's program judges.  What a chunk must not do is get out of its function, for then it could run before the board
does, or instead of it: no line with #, no assembler, no attributes, and every bracket that it closes it has opened.
Exit status: 0 graded, whatever the marks; 2 there is nothing to grade; 1 the package itself doesn't work.
"""
import ctypes
import fcntl
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
BASE = TOP / "build/grade/base"              # the package without the answers, built: compiled once, not for each student
NOT_FOR_STUDENTS = shutil.ignore_patterns("answers", "wrong.tsv", "submissions", "*.py", "handout*.sh")
LARGEST = 4 << 20                            # bytes in a student's file
LONGEST = 100_000                            # characters in a part, its own chunks put in
MOST_USES = 1000                             # of chunks in a part
SHOWN = 4000                                 # characters of a part's output
MEMORY = 2 << 30                             # bytes, all processes together
BUILD_SECONDS, RUN_SECONDS = 90, 60          # of processor time, for each process
LATE = 300                                   # seconds by the clock: the machine may be busy with other things


class Refused(Exception):
    """What is wrong with a part before anything is compiled."""


class Failed(Exception):
    """Why there is no verdict: it doesn't compile, or the board didn't end well."""


def give_up(status, sentence):
    print(f"grade: {sentence}", file=sys.stderr)
    sys.exit(status)


# -- noweb: chunks and what they expand to

HEADING = re.compile(r"<<(.*)>>=\s*$")
USE = re.compile(r"(?<!@)<<(.*?)(?<!@)>>")
CHALLENGE = re.compile(r"challenge ([0-9][a-z]): ")


def chunks_of(lines):
    """The definitions of every chunk: name -> [(number of the heading's line, lines of code)]; lines count from 1."""
    found, code = {}, None
    for number, line in enumerate(lines, 1):
        heading = HEADING.match(line)
        if heading:
            code = []
            found.setdefault(heading[1], []).append((number, code))
        elif line == "@" or line.startswith(("@ ", "@\t")):
            code = None
        elif code is not None:
            code.append(line)
    return found


def expand(name, chunks, clean, within=(), uses=None):
    """The chunk's code as (line, number in the student's file).  Chunks of the package are the package's, not the
    student's: their lines have the number of their use.  Uses counts, lest chunks that double each other take for ever."""
    uses = [0] if uses is None else uses
    uses[0] += 1
    if uses[0] > MOST_USES:
        raise Refused(f"its chunks are used more than {MOST_USES} times")
    own = name in chunks and (name not in clean or not within)
    if name in within:
        raise Refused(f"<<{name}>> uses itself")
    if not own and name not in clean:
        raise Refused(f"<<{name}>> is used, but defined nowhere")
    total = 0
    for heading, code in chunks[name] if own else clean[name]:
        for number, line in enumerate(code, heading + 1):
            pieces = USE.split(line)          # text, name, text, name, ... text
            here = [(pieces[0], number)]
            for inner, rest in zip(pieces[1::2], pieces[2::2]):
                lines = list(expand(inner, chunks, clean, within + (name,), uses))
                if not (inner in chunks and inner not in clean):
                    lines = [(text, number) for text, _ in lines]
                lines = lines or [("", number)]
                here[-1] = (here[-1][0] + lines[0][0], here[-1][1])
                here += lines[1:]
                here[-1] = (here[-1][0] + rest, here[-1][1])
            for text, at in here:
                total += len(text) + 1
                if total > LONGEST:
                    raise Refused(f"it is longer than {LONGEST} characters")
                yield text.replace("@<<", "<<").replace("@>>", ">>"), at


# -- C: is this a piece of a function's body, and nothing else?

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|/\*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|[^\W\d]\w*|<[:%]|[:%]>|%:|\s+|.',
                   re.DOTALL)
SPELT = {"<:": "[", ":>": "]", "<%": "{", "%>": "}", "%:": "#"}
CLOSES = {")": "(", "]": "[", "}": "{"}
FORBIDDEN = {"asm", "__asm", "__asm__", "__attribute", "__attribute__", "_Pragma", "__pragma", "__declspec"}


def look_through(code):
    """Refuses a part that isn't whole in itself.  Code is what expand gives."""
    text = "\n".join(line for line, _ in code) + "\n"
    if re.search(r"\?\?[=/'()!<>-]", text):
        raise Refused("it has a trigraph, ?? with a sign after it; please write the sign itself")
    text = re.sub(r"\\[ \t\f\v]*\n", "", text)
    opened, before = [], ""
    for token in TOKEN.findall(text):
        token = SPELT.get(token, token)
        if token[0].isspace() or (token[:2] in ("//", "/*") and token != "/*"):
            continue
        if token == "#":
            raise Refused("it has a line with #, which isn't graded: for a number write a constant, for code a chunk")
        if token in FORBIDDEN:
            raise Refused(f"it has {token}, which isn't graded")
        if token == "/*" or token in "\"'":
            raise Refused(f"a {'comment' if token == '/*' else 'string or character'} has no end")
        if token == "[" and before == "[":
            raise Refused("it has [[, an attribute, which isn't graded")
        if token in "([{":
            opened.append(token)
        elif token in CLOSES and (not opened or opened.pop() != CLOSES[token]):
            raise Refused(f"it closes a {token} that it has not opened")
        before = token
    if opened:
        raise Refused(f"it opens a {opened[-1]} that it does not close")


# -- the student's parts

def clean_source():
    """The package's nn.nw without the answers."""
    out, lines = False, []
    for line in (TOP / "nn.nw").read_text().split("\n"):
        if line in ("% handout: leave out", "% handout: go on"):
            out = line == "% handout: leave out"
        elif not out:
            lines.append(line)
    if any(line.startswith("<<answer ") for line in lines):
        give_up(1, "nn.nw has answers outside of the lines that leave them out of a handout")
    return lines


def student_lines(path):
    try:
        if not path.is_file():
            give_up(2, f"{path}: there is no such file" if not path.exists() else f"{path}: this is no file")
        if path.stat().st_size > LARGEST:
            give_up(2, f"{path}: {path.stat().st_size} bytes are too many for an nn.nw")
        data = path.read_bytes()
    except OSError as e:
        give_up(2, f"{path}: {e.strerror}")
    if b"\0" in data:
        give_up(2, f"{path}: this is no text but a binary file")
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not any(line.startswith("<<challenge ") for line in lines):
        give_up(2, f"{path}: this is no nn.nw: no line begins with <<challenge")
    return lines


def parts_of(lines, clean):
    """What the student wrote: part -> code, and what is refused: part -> why.  Untouched parts are in neither."""
    chunks, written, refused = chunks_of(lines), {}, {}
    for name in clean:
        if not CHALLENGE.match(name):
            continue
        part = CHALLENGE.match(name)[1]
        try:
            found = chunks.get(name, [])
            if len(found) > 1:
                raise Refused(f"<<{name}>> is defined {len(found)} times, in lines "
                              + " and ".join(str(at) for at, _ in found) + "; noweb would join them. Delete all but one")
            if not found:
                near = [f"; line {d[0][0]} has <<{n}>>" for n, d in chunks.items() if n.startswith(f"challenge {part}")]
                raise Refused(f"<<{name}>> is missing{''.join(near)}")
            code = list(expand(name, chunks, clean))
            if [line.strip() for line, _ in code] == [line.strip() for line in clean[name][0][1]]:
                continue
            look_through(code)
            written[part] = code
        except Refused as e:
            refused[part] = f"{e}."
        except RecursionError:
            refused[part] = "its chunks use each other too deeply."
    return written, refused


def merged(lines, clean, parts):
    """A clean nn.nw with these parts in, at the end, so that all other lines keep their numbers; and for each line
    that is the student's its number in the student's file."""
    lines, numbers = list(lines), {}
    for name in clean:
        part = CHALLENGE.match(name) and CHALLENGE.match(name)[1]
        if part not in parts:
            continue
        for heading, code in clean[name]:
            for at in range(heading, heading + 1 + len(code)):
                lines[at - 1] = ""
        lines.append(f"<<{name}>>=")
        for text, number in parts[part]:
            # indented and with << quoted: noweb can't take it for anything but code
            lines.append(" " + text.replace("<<", "@<<").replace(">>", "@>>"))
            numbers[len(lines)] = number
        lines.append("@")
    return "\n".join(lines) + "\n", numbers


# -- compile and run

def children(pid):
    """The process and all that it started, with their memory: pid -> bytes."""
    parent, size = {}, {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as f:
                    fields = f.read().rpartition(")")[2].split()
            except OSError:
                continue
            parent[int(entry)] = int(fields[1])
            size[int(entry)] = int(fields[21]) * resource.getpagesize()
    found = {pid: size.get(pid, 0)}
    while True:
        more = {p: size[p] for p, q in parent.items() if q in found and p not in found}
        if not more:
            return found
        found.update(more)


def run(jail, use, folder, command):
    """Runs a command in the jail; gives its exit status and output, or fails with what it did too much of."""
    seconds = BUILD_SECONDS if use == "build" else RUN_SECONDS

    def limit():
        for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 64 << 20)):
            resource.setrlimit(what, (most, most))
        if use == "build":                   # the sanitizers of what is run reserve terabytes, and look after themselves
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(["sh", HERE / "jail.sh", *jail, use, folder, *command], stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=subprocess.STDOUT, preexec_fn=limit, start_new_session=True,
                                   env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TMPDIR": "/tmp", "HOME": "/"})
        trouble, end = None, time.monotonic() + LATE
        while process.poll() is None and not trouble:
            time.sleep(0.03)
            if time.monotonic() > end:
                trouble = f"it took longer than {LATE} seconds"
            elif sum(children(process.pid).values()) > MEMORY:
                trouble = f"it used more than {MEMORY >> 20} MB of memory"
        # nothing stays, neither what was too long nor what the command left behind
        for left in [p for p in children(os.getpid()) if p != os.getpid()]:
            try:
                os.kill(left, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait()
        if trouble:
            raise Failed(trouble)
        out.seek(0)
        return process.returncode, out.read(1 << 20).decode("utf-8", "replace")


def prepare_base(source):
    """Brings BASE up to date and builds the board in it, of our code only."""
    BASE.mkdir(parents=True, exist_ok=True)
    lock = open(BASE.parent / "lock", "w")
    fcntl.flock(lock, fcntl.LOCK_EX)

    def copy(file, to):                      # what is the same keeps its time, so that it isn't compiled again
        if not os.path.exists(to) or Path(file).read_bytes() != Path(to).read_bytes():
            shutil.copyfile(file, to)
        return to

    copy(TOP / "Makefile", BASE / "Makefile")
    for folder in ("doc", "tests", "figures", "tangled"):
        shutil.copytree(TOP / folder, BASE / folder, copy_function=copy, ignore=NOT_FOR_STUDENTS, dirs_exist_ok=True)
    nw = BASE / "nn.nw"
    text = "\n".join(source)
    if not nw.exists() or nw.read_text() != text:
        nw.write_text(text)
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    made = subprocess.run(["make", "-C", BASE, "build/board/board"], env=env, capture_output=True, text=True)
    if made.returncode:
        give_up(1, f"the package's own board doesn't build:\n{made.stdout[-1000:]}{made.stderr[-1000:]}")
    lock.close()


def judge(parts, all_parts, jail, source, clean):
    """Builds the board with these parts in and asks it; part -> (state, message with details)."""
    text, numbers = merged(source, clean, parts)

    def place(output):                       # lines of the copy -> lines of the student's file
        return re.sub(r"nn\.nw:(\d+)(:\d+)?",
                      lambda m: f"nn.nw:{numbers[int(m[1])]}" if int(m[1]) in numbers else m[0], output)

    with tempfile.TemporaryDirectory(prefix="grade.") as scratch:
        copy = Path(scratch) / "nn"
        shutil.copytree(BASE, copy)
        (copy / "nn.nw").write_text(text)
        if os.getuid() == 0:                 # what compiles is nobody
            for folder, _, files in os.walk(copy):
                for path in [folder] + [os.path.join(folder, f) for f in files]:
                    os.chown(path, 65534, 65534)
        os.chmod(scratch, 0o755)
        status, output = run(jail, "build", copy, ["make", "-s", "-j2", "build/board/board"])
        if status:
            raise Failed("it doesn't compile:\n" + place(output)[:SHOWN])
        board = ["build/board/board", *(parts if len(parts) == 1 else [])]
        status, output = run(jail, "run", copy, board)
    verdicts, part = {}, None
    for line in place(output).split("\n"):
        fields = line.split("\t", 2)
        if fields[0] in all_parts and len(fields) > 1:
            part = fields[0]
            if part in verdicts or fields[1] not in ("not begun", "wrong", "done"):
                raise Failed("the board's output isn't the board's")
            verdicts[part] = [fields[1], fields[2] if len(fields) > 2 else ""]
        elif line.startswith("\t") and part:
            verdicts[part][1] += "\n" + line[1:]
    if status or not set(parts) <= set(verdicts):
        raise Failed(f"it ended the board (exit status {status}), so nothing is known of it: {output[-300:]}")
    return {part: tuple(verdict) for part, verdict in verdicts.items()}


def grade(path):
    """Part -> (state, message); states are the board's, and error."""
    source = clean_source()
    clean = chunks_of(source)
    all_parts = [CHALLENGE.match(name)[1] for name in clean if CHALLENGE.match(name)]
    written, refused = parts_of(student_lines(path), clean)
    verdicts = {part: ("not begun", "") for part in all_parts}
    verdicts.update({part: ("error", why) for part, why in refused.items()})
    if not written:
        return verdicts
    prepare_base(source)
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: what loses its parent becomes our child
    jail = []
    try:
        if run(jail, "run", HERE, ["true"])[0]:
            jail = ["--plain"]
            print("grade: this machine allows no namespaces, so the student's code can read its files and use its "
                  "network; grade where that does no harm, in a container", file=sys.stderr)
        found = judge(written, all_parts, jail, source, clean)
        verdicts.update({part: found[part] for part in written})
    except Failed:
        for part, code in written.items():   # one by one, so that one part's error costs no other
            try:
                verdicts[part] = judge({part: code}, all_parts, jail, source, clean)[part]
            except Failed as e:
                verdicts[part] = ("error", str(e))
    return verdicts


# -- reports

def plain(text):
    """Without characters that XML doesn't allow, and not too long."""
    text = re.sub("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)
    return text if len(text) <= SHOWN else text[:SHOWN] + "\n..."


def report(verdicts, folder):
    rows = []
    for line in (HERE / "parts.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            part, module, title, points, _ = line.split("\t")
            state, message = verdicts[part]
            rows.append((part, title, int(points), state, plain(message)))
    total, most = sum(r[2] for r in rows if r[3] == "done"), sum(r[2] for r in rows)
    tests = [{"number": part, "name": f"{part} {title}", "score": points if state == "done" else 0, "max_score": points,
              "status": "passed" if state == "done" else "failed",
              "output": state if not message else f"{state}: {message}"} for part, title, points, state, message in rows]
    results = {"score": total, "output": f"{total} of {most} points", "output_format": "text",
               "test_output_format": "text", "tests": tests}
    (folder / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=True) + "\n")
    count = {state: str(sum(r[3] == state for r in rows)) for state in ("not begun", "wrong", "error")}
    suite = ET.Element("testsuite", name="challenges", tests=str(len(rows)), failures=count["wrong"],
                       errors=count["error"], skipped=count["not begun"])
    for part, title, points, state, message in rows:
        case = ET.SubElement(suite, "testcase", classname=f"challenge {part[0]}", name=f"{part} {title}")
        tag = {"wrong": "failure", "error": "error", "not begun": "skipped"}.get(state)
        if tag:
            ET.SubElement(case, tag, message=message.split("\n")[0] or state).text = message
    ET.indent(suite)
    ET.ElementTree(suite).write(folder / "junit.xml", encoding="utf-8", xml_declaration=True)
    for part, title, points, state, message in rows:
        print(f"{part}  {title:34} {points if state == 'done' else 0} of {points}  {state}"
              + (f": {message.splitlines()[0]}" if message else ""))
    print(f"{total} of {most} points; {folder}/results.json and {folder}/junit.xml have the details")


def main():
    if len(sys.argv) not in (2, 3) or not sys.argv[1]:
        give_up(2, "say which file: make grade FILE=student.nw [OUT=folder]")
    path = Path(sys.argv[1])
    folder = Path(sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] else TOP / "build/grade" / path.stem)
    verdicts = grade(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        report(verdicts, folder)
    except OSError as e:
        give_up(2, f"{folder}: {e.strerror}")


if __name__ == "__main__":
    main()
