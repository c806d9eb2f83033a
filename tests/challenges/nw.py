"""nw.py: nn.nw as noweb reads it, and the parts of the challenges"""
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent


class Part(NamedTuple):
    module: str
    title: str
    points: int
    minutes: int


class Chunk(NamedTuple):                     # a definition of one
    head: int                                # its heading's line; lines count from 1
    code: list
    ended: bool                              # by an @, as all are in this package


def read_parts():
    rows = [line.split("\t") for line in (HERE / "parts.tsv").read_text().splitlines() if line[0] != "#"]
    return {row[0]: Part(row[1], row[2], int(row[3]), int(row[4])) for row in rows}


PARTS = read_parts()


def stop(sentence, status=2):
    print(sentence, file=sys.stderr)
    sys.exit(status)


def title(part, kind="challenge"):
    return f"{kind} {part}: {PARTS[part].title}"


def read_lines(path):
    try:
        return Path(path).read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except OSError as e:
        stop(f"{path}: {e.strerror}")


def chunks_of(lines):
    """name -> its definitions"""
    found, code = {}, None
    for number, line in enumerate(lines, 1):
        heading = re.fullmatch(r"<<(.*)>>=[ \t]*", line)
        if heading:
            code = []
            found.setdefault(heading[1], []).append(Chunk(number, code, False))
        elif re.match(r"@([ \t]|$)", line):
            if code is not None:
                found[name][-1] = found[name][-1]._replace(ended=True)
            code = None
        elif code is not None:
            code.append(line)
        name = heading[1] if heading else name if found else None
    return found


def uses(chunk):
    return re.findall(r"(?<!@)<<(.*?)(?<!@)>>", "\n".join(chunk.code))


def part_that_uses(name, chunks, seen=()):
    """the challenge whose chunk this is, or which uses it, if need be by way of others; or None"""
    if name[:10] == "challenge " and name[10:12] in PARTS:
        return name[10:12]
    users = [n for n, found in chunks.items() if n not in seen and any(name in uses(c) for c in found)]
    return next(filter(None, (part_that_uses(n, chunks, (*seen, name)) for n in users)), None)


def without_text(code):
    """C without comments and strings"""
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(\\.|[^\"\\\n])*\"|'(\\.|[^'\\\n])*'", " ", code, flags=re.DOTALL)


def unbalanced(code, pairs="(){}[]"):
    """("opens", "{") for the first bracket that isn't closed, ("closes", "}") for one that wasn't opened; or None"""
    opened = []
    for c in without_text(code):
        if c in pairs[::2]:
            opened.append(c)
        elif c in pairs[1::2] and (not opened or opened.pop() + c not in pairs):
            return "closes", c
    return ("opens", opened[-1]) if opened else None


def pristine(part=None):
    """nn.nw as it was handed out: a handout has it in a file; elsewhere it's the newest that git knows (in which the
    part is a stub)"""
    if os.path.exists(".pristine.nw"):
        return read_lines(".pristine.nw")
    git = lambda *words: subprocess.run(["git", *words], capture_output=True, text=True).stdout    # noqa: E731
    for commit in git("rev-list", "HEAD", "--", "nn.nw").split():
        lines = git("show", f"{commit}:nn.nw").split("\n")
        if not part or any("not_begun(" in line for c in chunks_of(lines).get(title(part), []) for line in c.code):
            return lines
    stop("There is neither a file .pristine.nw nor git, so I don't know what nn.nw was like.")
