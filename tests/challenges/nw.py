"""nw.py: nn.nw as noweb reads it, and the parts of the challenges"""
import json
import re
import subprocess
import sys
from collections import namedtuple
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAYS = json.loads((HERE / "sentences.json").read_text())       # what a page with the challenges says, too
Part = namedtuple("Part", "module title points minutes")


class Chunk(namedtuple("Chunk", "name head code ended")):
    """a definition of one: its heading's line, counted from 1; its lines, and their numbers; and whether an @ ends it, as all in this package"""
    @property
    def numbers(self):
        return range(self.head + 1, self.head + len(self.code) + 1)


def stop(sentence, status=2):
    print(sentence, file=sys.stderr)
    sys.exit(status)


def read_lines(path):
    try:
        text = Path(path).read_bytes()
        if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
            stop(f"{path} is in UTF-16; have your editor save it in UTF-8.")
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:           # an older editor's
            text = text.decode("latin-1")
        return re.split("\r\n|\r|\n", text)    # whatever ends its lines
    except OSError as e:
        stop(f"{path}: {e.strerror}")


def read_rows(path):
    """fields between tabs, but for lines that begin with #"""
    return [line.split("\t") for line in read_lines(path) if line and line[0] != "#"]


PARTS = {part: Part(module, name, int(points), int(minutes))
         for part, module, name, points, minutes in read_rows(HERE / "parts.tsv")}


def title(part, kind="challenge"):
    return f"{kind} {part}: {PARTS[part].title}"


def chunks_of(lines):
    """name -> its definitions, which nobody changes"""
    return chunks_in(tuple(lines))


@lru_cache(4)                                # one file is asked about many times
def chunks_in(lines):
    found, name = {}, None
    for number, line in enumerate(lines, 1):
        heading = line[:2] == "<<" and re.fullmatch(r"<<(.*)>>=[ \t]*", line)
        if heading:
            name = heading[1]
            found.setdefault(name, []).append(Chunk(name, number, [], False))
        elif name and line[:1] == "@" and re.match(r"@([ \t]|$)", line):
            found[name][-1] = found[name][-1]._replace(ended=True)
            name = None
        elif name:
            found[name][-1].code.append(line)
    return found


def challenge(lines, part):
    """the first definition of the part's chunk, or None"""
    return chunks_of(lines).get(title(part), [None])[0]


def with_code(lines, codes):
    """nn.nw with this code in these challenges"""
    lines = list(lines)
    for part, code in codes.items():
        old = challenge(lines, part)
        lines[old.head:old.head + len(old.code)] = code
    return lines


def names_in(name, chunks):
    """this chunk's, and those that it uses, if need be by way of others"""
    names = [name]
    for name in names:
        code = "\n".join(line for c in chunks.get(name, []) for line in c.code)
        # what isn't closed ends with its line: so each character is looked at once
        used = re.findall(r"(?<!@)<<(.*?)((?<!@)>>|$)", code, re.MULTILINE)
        names += [n for n in dict.fromkeys(n for n, closed in used if closed) if n not in names]
    return names


def pieces(name, chunks):
    """the definitions of these"""
    return [c for n in names_in(name, chunks) for c in chunks.get(n, [])]


def without_text(code):
    """C without comments and strings, line by line; what isn't closed ends with the code, or with its line"""
    return re.sub(r"/\*.*?(\*/|\Z)|//[^\n]*|\"(\\.|[^\"\\\n])*\"?|'(\\.|[^'\\\n])*'?",
                  lambda m: " " + "\n" * m[0].count("\n"), code, flags=re.DOTALL)


def unbalanced(code):
    """"opens a {" for the innermost bracket that isn't closed, "closes a }" for one that wasn't opened; or None"""
    opened, fellow = [], {")": "(", "}": "{", "]": "["}
    for c in without_text(code):
        if c in fellow.values():
            opened.append(c)
        elif c in fellow:
            if opened[-1:] == [fellow[c]]:
                opened.pop()
            elif fellow[c] in opened:
                break
            else:
                return SAYS["closes"].format(c)
    return SAYS["opens"].format(opened[-1]) if opened else None


def ungraded(code):
    """why a part is no piece of a function's body, and nothing else; or None"""
    # what would make text of code, or code of text, comes first
    word = re.search(SAYS["hidden"], code, re.MULTILINE) or re.search(SAYS["foreign"], without_text(code))
    return SAYS["directive" if "#" in word[0] else "ungraded"].format(word[0].strip()) if word else unbalanced(code)


C = re.compile(r"\s*((for|if|while) ?\(.*|.*[\w\])] ?([-+*/]?=|\+\+)[^$\\]*;|\}|.*\) ?\{)\s*")     # looks like a line of it


def around(lines, part):
    """the first line that looks like C in the text above a challenge's heading or below its end; or None"""
    chunk = challenge(lines, part)
    above = range(chunk.head - 2, -1, -1)
    below = range(chunk.head + len(chunk.code) + 1, len(lines))
    for found in (above, below):
        for i in found:
            if re.match(r"@|<<.*>>=", lines[i]):
                break
            if len(lines[i]) < 200 and C.fullmatch(lines[i]):
                return i + 1
    return None


def users(chunks, part):
    """names of the chunks that use a challenge's"""
    return [name for name, found in chunks.items() for c in found if f"<<{title(part)}>>" in "\n".join(c.code)]


def elsewhere(lines, part):
    """where code stands that takes part in a challenge without being in its chunk: a sentence; or None"""
    chunks, call = chunks_of(lines), f"<<{title(part)}>>"
    if not users(chunks, part):
        return f"{call} is used nowhere any more, so nothing in it is compiled; make restore puts it back"
    clean = chunks_of(pristine(needed=False))
    for name in users(chunks, part) if clean else []:
        known = [line for c in clean.get(name, []) for line in c.code]
        for c in chunks[name]:
            for i, line in enumerate(c.code, c.head + 1):
                if line not in known:
                    return f"nn.nw:{i} stands outside of the chunk {call}, and nobody is given points for it: move it there"
    return None


@lru_cache
def pristine(needed=True, part=""):
    """nn.nw as it was handed out: a handout has it in a file, a clone in git, for this part before the commit, if there is
    one, that took its stub out; where neither is, no lines, unless it's needed"""
    if Path(".pristine.nw").exists():
        return read_lines(".pristine.nw")
    show = 'git grep -qF "$0" HEAD -- nn.nw && at=HEAD || at=$(git log -1 --format=%h -S"$0" -- nn.nw)~; git show "$at:./nn.nw"'
    shown = subprocess.run(["sh", "-c", show, f'not_begun("{part}'], capture_output=True, text=True)     # if there is git
    if shown.returncode and needed:
        stop("There is neither a file .pristine.nw nor git, so I don't know what nn.nw was like.")
    return shown.stdout.split("\n") if shown.returncode == 0 else []
