"""Every operator, constant, condition, call and statement of the book's C, altered one at a time: which alterations
does no test see?  From the top folder, JOBS at a time:

    python3 tests/mutants.py [--part K/N] [--sample COUNT] [--again] [--sanitize] [MODULE...]

An alteration that doesn't compile is none; one that compiles to the object code of the original, or of another
alteration, is the same; one in tests/equivalent.tsv changes nothing that anybody could see, and the reason stands
there.  --again runs only those that survived last time; --sanitize is for these: under ASan and UBSan, as make
sanitize runs the same tests.  A module whose mutants have all been tried gets its line in tests/mutants-score.tsv;
one of which a sample was tried, with the size of the sample.  Fails where one survives.
"""
import collections, hashlib, multiprocessing, os, random, re, resource, shutil, signal, subprocess, sys, tempfile
from pathlib import Path

TOP, ALL = Path.cwd(), Path(os.environ.get("BUILD", "build"), "mutants-all").absolute()
SANITIZE = "-fsanitize=address,undefined -fno-sanitize-recover=all".split() if "--sanitize" in sys.argv else []
NOBODY = None if os.geteuid() else 65534    # a mutant of root's may rename a file over /dev/full
BASE, CC = ALL / ("sanitized" if SANITIZE else "unaltered"), os.environ.get("CC", "gcc")
FLAGS = "-std=c11 -D_XOPEN_SOURCE=700 -ffp-contract=off -fopenmp -w -Wno-psabi -Werror=int-conversion" \
        " -Werror=incompatible-pointer-types".split() + SANITIZE
LIBS = "-fuse-ld=gold -Wl,--wrap=calloc -lcriterion -lcsv -lm -fopenmp".split() + SANITIZE
MODULES = """base matrix plain product rng data layer loss network gradcheck complexstep train optimizers batchnorm
    dropout catch softmax recipe published bayes alone table files model options nn""".split()
OWN = {"plain": ["-include", "tests/plain.h"], "product": ["-march=native"]}
TWICE = {"plain", "layer", "loss"}          # complexstep.c includes them
PROGRAM = {"options", "nn"}                 # what the program's own tests must see
MORE = {"published": ["published"], "files": ["bad-input"], "table": ["bad-input"], "model": ["bad-input"]}    # at last
SLOW = "@(@(published|memory|bayes)/*|gradcheck/judges_*|product/@(large|equals)_*|model/every_altered_*|" \
       "init/*_layers|spirals/learnt_*)"
TOKEN = re.compile(r"""(?P<blank>\s+|/\*.*?\*/|//[^\n]*|^[ \t]*\#(?:[^\n\\]|\\.|\\\n)*) | (?P<text>"(?:[^"\\]|\\.)*"|
    '(?:[^'\\]|\\.)*') | (?P<number>\.?\d(?:[\w.]|(?<=[eEpP])[-+])*) | (?P<name>[A-Za-z_]\w*) |
    (?P<sign><<=|>>=|->|\+\+|--|&&|\|\||[-+*/%&|^<>=!]=|<<|>>|\.\.\.|.)""", re.X | re.S | re.M)
SIGNS = {"<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
         "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"], "<<": [">>"], ">>": ["<<"], "|": ["&"],
         "&": ["|"], "^": ["&"], "+=": ["-=", "="], "-=": ["+=", "="], "*=": ["/=", "="], "/=": ["*=", "="],
         "|=": ["&=", "="], "&=": ["|=", "="], "^=": ["="], "++": ["--"], "--": ["++"]}
WORDS = {"true": ["false"], "false": ["true"]}
PLAIN = "if for while switch do else return break continue case default sizeof const static struct enum typedef".split()


def alterations(source):
    """(from, to, text) for each: source[from:to] becomes text"""
    tokens = [m for m in TOKEN.finditer(source) if m.lastgroup != "blank"]
    words = [m.group() for m in tokens]
    partner, stack = {}, []
    for i, w in enumerate(words):
        if w in "([{":
            stack.append(i)
        elif w in ")]}":
            top = stack.pop()
            partner[top], partner[i] = i, top
    start, end = [m.start() for m in tokens], [m.end() for m in tokens]
    told = {i for i, w in enumerate(words) if w == "stop" for i in range(i, partner.get(i + 1, i))}
    braces, kind = 0, ""

    def edge(i, step):                      # how far a clause goes from i
        while words[i] not in ("&&", "||", ",", ";", "?", ":", "return", "=", "&=", "|=", "<none>"):
            if words[i] in ("([{" if step < 0 else ")]}"):
                break
            i = partner[i] + step if words[i] in (")]}" if step < 0 else "([{") else i + step
        return i - step

    for i, (m, w) in enumerate(zip(tokens, words)):
        before, after = words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
        if w in "{}":
            braces += 1 if w == "{" else -1
        if not braces and w == "(" and tokens[i - 1].lastgroup == "name":
            kind = source[source.rfind("\n\n", 0, start[i]) + 2:start[i]]
        if i in told:
            continue
        operand = tokens[i - 1].lastgroup in ("name", "number") and before not in PLAIN or before in (")", "]")
        if m.lastgroup == "number":
            value = w.lower().rstrip("u").lstrip("0") or "0"
            value = "0" + value if value[0] == "x" else value
            if re.fullmatch("[0-9]+|0x[0-9a-f]+", value):
                changes = {0: ["1"], 1: ["0", "2"]}.get(int(value, 0), [f"({w} + 1)", f"({w} - 1)", f"({w} / 4)"])
            else:
                by = 2 if abs(float.fromhex(value) if "x" in value else float(value)) > 1e-3 else 1000
                changes = [f"({w} * {by})", f"({w} / {by})"] if value.strip("0.") else ["1.0"]
            for c in changes:
                yield start[i], end[i], c
        elif w in SIGNS and (operand or w in ("++", "--")):
            for c in SIGNS[w]:
                yield start[i], end[i], c
        elif w in WORDS or w in "!-" or w == "~":
            yield start[i], end[i], WORDS.get(w, [""])[0]
        if w in ("&&", "||"):               # a clause less
            first, last = edge(i - 1, -1), edge(i + 1, 1)
            yield start[first], start[i + 1], ""
            if words[last + 1] not in ("&&", "||"):
                yield end[i - 1], end[last], ""
        if w == "?":
            yield start[i], start[i], "|| 1 "
            yield start[i], start[i], "&& 0 "
        if w in ("if", "while") and after == "(":
            inside = source[end[i + 1]:start[partner[i + 1]]]
            for c in ["|| 1", "&& 0"][w == "while":]:
                yield end[i + 1], start[partner[i + 1]], f"({inside}) {c}"
        if braces and m.lastgroup == "name" and after == "(" and w not in PLAIN and w != "AT" and w != "NTH":
            yield start[i], end[i], ""      # a call: its last argument instead
        begins = before in (";", "{", "}", "else") or before == ":" and "case" in words[max(i - 3, 0):i] \
            or before == ")" and words[partner[i - 1] - 1] in ("if", "for", "while", "switch")
        if braces and begins and w not in "{}":
            if before == ";" and any(w == "for" and i - 40 < k < i < partner[k + 1] for k, w in enumerate(words)):
                continue
            stop = i
            while words[stop] not in (";", "}"):
                stop = (partner[stop] if words[stop] in ("(", "[", "{") else stop) + 1
            if w in ("break", "continue") or w == "return" and after == ";" \
                    or (m.lastgroup != "name" or w not in PLAIN and tokens[i + 1].lastgroup != "name"
                        and not (after == "*" and words[i + 3] in "=;,[")):
                yield start[i], end[stop], ";"
            elif w == "return" and stop > i + 2:
                inside = source[start[i + 1]:end[stop - 1]]
                yield start[i + 1], end[stop - 1], f"!({inside})" if re.search(r"\bbool\b", kind) else "0"


def squeeze(text):
    return " ".join(text.split())


def mutants(module):
    source = (BASE / f"{module}.c").read_text()
    seen = set()
    for first, last, text in alterations(source):
        top, bottom = source.rfind("\n", 0, first) + 1, (source + "\n").find("\n", last)
        new = squeeze(source[top:first] + text + source[last:bottom])
        altered = source[:first] + text + source[last:]
        if altered not in seen:
            seen.add(altered)
            yield module, source.count("\n", 0, first) + 1, squeeze(source[top:bottom]), new, altered


def compile_one(job):
    """object code of a mutant, or None"""
    number, (module, line, old, new, source) = job
    folder = ALL / module / str(number)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{module}.c").write_text(source)
    digest = b""
    for name in [module] + ["complexstep"] * (module in TWICE):
        if name != module:
            shutil.copy(BASE / f"{name}.c", folder)
        if subprocess.run([CC, "-O2" if name == "product" else "-O1", *FLAGS, *OWN.get(name, []), f"-I{folder}", f"-I{BASE}",
                           "-c", f"{folder}/{name}.c", "-o", f"{folder}/{name}.o"], stderr=subprocess.DEVNULL, timeout=120).returncode:
            shutil.rmtree(folder)
            return number, None
        digest += (folder / f"{name}.o").read_bytes()
    return number, hashlib.sha1(digest).hexdigest()


def limits(long=False):
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30) if SANITIZE or long else (4, 4))
    resource.setrlimit(resource.RLIMIT_AS, (-1, -1) if SANITIZE else (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def say(command, folder, long=False):
    """status and words of a command, which may hang"""
    with tempfile.TemporaryFile("w+", errors="replace") as out:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                   start_new_session=True, preexec_fn=lambda: limits(long), user=NOBODY, env={**os.environ, "PATIENCE": "9", "ASAN_OPTIONS": "detect_leaks=0"})
        try:
            status = process.wait(timeout=300)
        except subprocess.TimeoutExpired:
            status = 124
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        Path(f"/tmp/criterion_{process.pid}.sock").unlink(missing_ok=True)     # or the next with this number can't begin
        out.seek(0)
        return status, out.read()


def run(folder, module, killers):
    """what kills the program in this folder, or None"""
    def scripts(*names):
        for name in names:
            status, said = say(["bash", TOP / f"tests/{name}.sh", "./nn"], folder, name == "published")
            if status:
                return f"{name}: " + squeeze(said)[:60]

    if module in PROGRAM:
        return scripts("commands", "bad-input")
    known = "|".join(killers[:4]) or "none"
    more = "|".join(killers[4:] + [f"{module}/*"])
    for wanted in (f"@({known})", f"@({more})", f"!(@({known}|{more})|{SLOW})", SLOW):
        status, said = say(["./run", "--fail-fast", "-j1", "--filter", wanted], folder)
        if status:
            found = re.search(r"\[FAIL\] (\w+)::(\w+)", said)
            return f"{found[1]}/{found[2]}" if found else "time" if status == 124 else "crash: " + squeeze(said)[-60:]
        if wanted[:2] == "!(" and module != "plain":
            link(folder, "nn")
            if killer := scripts("commands"):
                return killer
    return scripts(*MORE.get(module, []))


def link(folder, module):
    objects = [str(o) for o in folder.glob("*.o")]
    if module in PROGRAM:
        return subprocess.run([CC, *objects, f"{BASE}/main.a", "-fuse-ld=gold", "-lcsv", "-lm", "-fopenmp", *SANITIZE, "-o", f"{folder}/nn"],
                              check=True)
    (folder / "tests").symlink_to(TOP / "tests")
    return subprocess.run([CC, *objects, *map(str, (BASE / "tests").glob("*.o")), f"{BASE}/base.a", *LIBS,
                           "-o", f"{folder}/run"], check=True)


def try_one(job):
    number, module, killers = job
    folder = ALL / module / str(number)
    link(folder, module)
    killer = run(folder, module, killers)
    shutil.rmtree(folder)
    return number, killer


def build_base():
    """everything as it is, with the answers to the challenges where they are"""
    (BASE / "tests").mkdir(parents=True, exist_ok=True)
    text = Path("nn.nw").read_text()
    roots = sorted(set(re.findall(r"^<<\[\[(\w+\.[ch])\]\]>>=$", text, re.M)) - {"parallel.c"})
    answered = Path("tests/teacher").is_dir()
    subprocess.run(["sh", "tests/tangle.sh", "nn.nw", str(BASE), "", *roots], check=True,
                   env={**os.environ, **({"ANSWERS": "all"} if answered else {})})
    suites = [*Path("tests").glob("test_*.c"), *Path("tests/answers").glob("test_*.c"), Path("tests/wrap.c"),
              Path("tests/patience.c")]
    todo = [(f, BASE / f"{f.stem}.o") for f in BASE.glob("*.c")]
    todo += [(f, BASE / "tests" / f"{f.stem}.o") for f in suites]
    headers = max(h.stat().st_mtime for h in [*BASE.glob("*.h"), *Path("tests").glob("*.h"), *Path("tests/answers").glob("*.h")])
    todo = [(f, o) for f, o in todo if not o.exists() or o.stat().st_mtime < max(f.stat().st_mtime, headers)]
    for at in range(0, len(todo), jobs):
        running = [subprocess.Popen([CC, "-O3", *FLAGS, *OWN.get(f.stem, []), f"-I{BASE}", "-Itests", "-c", str(f), "-o", str(o)])
                   for f, o in todo[at:at + jobs]]
        if any([p.wait() for p in running]):
            sys.exit("mutants: the source does not compile as it is; try make test")
    objects = [str(o) for o in BASE.glob("*.o") if o.stem != "plain"]
    for name, members in ("base.a", [o for o in objects if Path(o).stem != "nn"] + [f"{BASE}/plain.o"]), ("main.a", objects):
        (BASE / name).unlink(missing_ok=True)
        subprocess.run(["ar", "rcs", str(BASE / name), *members], check=True)
    for module in {"nn" if module in PROGRAM else "base" for module in chosen}:
        folder = ALL / "none"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(BASE / f"{module}.o", folder)
        link(folder, module)
        if killer := run(folder, module, []):
            sys.exit(f"mutants: the tests fail without any mutant; mend that first ({killer})")


def tally(verdicts):
    return collections.Counter("survived" if v == "SURVIVED" else "equivalent" if v.startswith("equi") else "none"
                               if v.startswith(("the same", "does not")) else "killed" for v in verdicts)


def keep_score(module, count, sample=""):
    path, head = Path("tests/mutants-score.tsv"), "# module\tkilled\tsurvived\tequivalent\tonly a sample"
    rows = {line.split("\t")[0]: line for line in path.read_text().splitlines()[1:]} if path.exists() else {}
    if not sample or rows.get(module, "").count("\t") != 3:
        rows[module] = "\t".join([module, *(str(count[k]) for k in ("killed", "survived", "equivalent")), *[sample] * bool(sample)])
    path.write_text("\n".join([head, *(rows[m] for m in MODULES if m in rows)]) + "\n")


def main():
    global jobs, chosen
    jobs = int(os.environ.get("JOBS", "2"))
    arguments = sys.argv[1:]
    take = {a: arguments.pop(arguments.index(a) + 1) for a in ("--part", "--sample") if a in arguments}
    again = "--again" in arguments
    chosen = [a for a in arguments if a[0] != "-"] or MODULES
    build_base()
    excused = {tuple(line.split("\t")[:3]) for file in Path("tests").rglob("equivalent.tsv") for line in file.read_text().splitlines()
               if line and line[0] != "#"}
    every = [(n, m) for module in chosen for n, m in enumerate(mutants(module))]
    if "--part" in take:
        k, n = map(int, take["--part"].split("/"))
        every = every[k - 1::n]
    if "--sample" in take:
        every = sorted(random.Random(os.environ.get("SEED", "1")).sample(every, int(take["--sample"])))
    total = collections.Counter()
    with multiprocessing.Pool(jobs) as pool:
        for module in chosen:
            list_of = {n: m for n, m in every if m[0] == module}
            record = ALL / f"{module}.tsv"
            last = {tuple(line.split("\t")[1:]): line.split("\t")[0] for line in record.read_text().splitlines()} \
                if record.exists() else {}
            before = {m[1:4]: last.get((str(m[1]), m[2], m[3])) for m in mutants(module)}
            shutil.rmtree(ALL / module, ignore_errors=True)
            text = squeeze((BASE / f"{module}.c").read_text())
            verdict = {n: "equivalent" for n, m in list_of.items()
                       if (m[0], m[2], m[3]) in excused and text.count(m[2]) == 1}
            if again:
                verdict = {n: before[m[1:4]] for n, m in list_of.items()
                           if before[m[1:4]] not in ("SURVIVED", None)} | verdict
            seen = {compile_one((-1, (module, 0, "", "", (BASE / f"{module}.c").read_text())))[1]: "the same code"}
            todo = []
            for n, digest in pool.imap(compile_one, [j for j in list_of.items() if j[0] not in verdict], chunksize=4):
                if digest in seen or digest is None:
                    verdict[n] = seen.get(digest, "does not compile")
                    shutil.rmtree(ALL / module / str(n), ignore_errors=True)
                else:
                    seen[digest] = "the same as another"
                    todo.append(n)

            def write_down():
                before.update({m[1:4]: verdict[n] for n, m in list_of.items() if n in verdict})
                record.write_text("".join(f"{v}\t{m[0]}\t{m[1]}\t{m[2]}\n" for m, v in before.items() if v))

            killers = collections.Counter(v for v in verdict.values() if re.fullmatch(r"\w+/\w+", v))
            for at in range(0, len(todo), 4 * jobs):
                best = [k for k, _ in killers.most_common(12)]
                for n, killer in pool.imap_unordered(try_one, [(n, module, best) for n in todo[at:at + 4 * jobs]]):
                    m = list_of[n]         # a line that stands there twice: one may be excused, the other killed
                    killer = killer or "equivalent" * ((m[0], m[2], m[3]) in excused)
                    verdict[n] = killer or "SURVIVED"
                    killers.update([killer] if killer and re.fullmatch(r"\w+/\w+", killer) else [])
                    write_down()
                    if not killer:
                        print(f"{module}.c:{list_of[n][1]}: {list_of[n][2]}\n    {list_of[n][3]}", flush=True)
            write_down()
            count = tally(verdict.values())
            print(f"{module}: {count['killed']} killed, {count['survived']} survived, "
                  f"{count['equivalent']} equivalent", flush=True)
            if all(before.values()):
                keep_score(module, tally(before.values()))
            elif "--sample" in take:
                keep_score(module, count, f"{len(list_of)} of {len(before)}")
            total.update(count)
    print(f"{total['killed']} of {total['killed'] + total['survived']} mutants killed; "
          f"{total['equivalent']} change nothing, as tests/equivalent.tsv tells")
    return total["survived"] > 0


if __name__ == "__main__":
    sys.exit(main())
