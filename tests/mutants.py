"""Is every fault seen?  Puts faults into the book's C, one at a time, and demands that a test fails.  From the top
folder, JOBS at a time:

    python3 tests/mutants.py --listed [NAME...]    those of tests/mutants.tsv and tests/answers/mutants.tsv
    python3 tests/mutants.py --ranks [NAME...]     those of tests/mpi/mutants.tsv, which ranks.c must see on three processes
    python3 tests/mutants.py [--part K/N] [--sample COUNT] [--again] [--sanitize] [MODULE...]

The last alters every operator, constant, condition, call and statement (alterations.py).  An alteration that
doesn't compile is none; one that compiles to the object code of the original, or of another alteration, is the same;
one in tests/equivalent.tsv changes nothing that anybody could see, and the reason stands there.  --again runs only
those that survived last time; --sanitize is for these: under ASan and UBSan, as make sanitize runs the same tests.  A
module whose alterations have all been tried gets its line in tests/mutants-score.tsv; one of which a sample was
tried, with the size of the sample.  Fails where one survives.
"""
import argparse, collections, hashlib, multiprocessing, os, random, re, resource, shutil, signal, subprocess, sys
import tempfile, time
from pathlib import Path
from alterations import alterations

TOP, ALL = Path.cwd(), Path(os.environ.get("BUILD", "build"), "mutants").absolute()
NOBODY = None if os.geteuid() else 65534    # a mutant of root's may rename a file over /dev/full
CC, JOBS = os.environ.get("CC", "gcc"), int(os.environ.get("JOBS", "2"))
FLAGS = "-std=c11 -D_XOPEN_SOURCE=700 -ffp-contract=off -fopenmp -w -Wno-psabi -Werror=int-conversion" \
        " -Werror=incompatible-pointer-types".split()
LIBS = "-lcsv -lm -fopenmp".split()
FAKE = ["-Wl,--wrap=calloc,--wrap=malloc", *["-fuse-ld=gold"] * bool(shutil.which("ld.gold"))]   # gold is quick
MODULES = """base matrix plain product rng data layer loss network gradcheck complexstep train optimizers batchnorm
    dropout catch softmax recipe published bayes alone table files model options nn""".split()
OWN = {"plain": ["-include", "tests/plain.h"]}
TWICE = {"plain", "layer", "loss"}          # complexstep.c includes them
PROGRAM = {"options", "nn"}                 # what the program's own tests must see
MORE = {"published": ["published"], "files": ["bad-input"], "table": ["bad-input"], "model": ["bad-input"],     # at last
        "options": ["answers/options", "bad-input"], "nn": ["answers/options", "bad-input", "published"]}
SLOW = "@(@(published|memory|bayes)/*|gradcheck/judges_*|product/@(large|equals)_*|model/every_altered_*|" \
       "init/*_layers|spirals/learnt_*)"
Fault = collections.namedtuple("Fault", "module line old new sources")      # sources: text of each module with it


def squeeze(text):
    return " ".join(text.split())


# -- the C as it is

def build(name, answers, option=""):
    """everything tangled, compiled and seen to pass, in a folder that is BASE from then on"""
    global BASE
    BASE = ALL / name
    (BASE / "tests").mkdir(parents=True, exist_ok=True)
    roots = sorted(set(re.findall(r"^<<\[\[(\w+\.[ch])\]\]>>=$", Path("nn.nw").read_text(), re.M)) - {"parallel.c"})
    subprocess.run(["sh", "tests/tangle.sh", "nn.nw", str(BASE), option, *roots], check=True,
                   env={**os.environ, "ANSWERS": "all" if answers else ""})
    suites = [*Path("tests").glob("test_*.c"), *(Path("tests/answers").glob("test_*.c") if answers else []),
              Path("tests/wrap.c"), Path("tests/forked.c")]
    todo = [(f, BASE / f"{f.stem}.o") for f in BASE.glob("*.c")] + [(f, BASE / "tests" / f"{f.stem}.o") for f in suites]
    headers = [h.stat().st_mtime for h in [*BASE.glob("*.h"), *Path("tests").glob("*.h"), *Path("tests/answers").glob("*.h")]]
    stale = [(f, o) for f, o in todo if not o.exists() or o.stat().st_mtime < max(f.stat().st_mtime, *headers)]
    # the tiles: quick here, where they serve all; soon compiled where altered
    levels = {"product": "-O3", **dict.fromkeys((f.stem for f in suites), "-O0")}
    with multiprocessing.Pool(JOBS) as pool:
        if not all(pool.starmap(compiles, [(f, o, levels.get(f.stem, "-O1")) for f, o in stale])):
            sys.exit("mutants: the source does not compile as it is; try make test")
    objects = [str(o) for o in BASE.glob("*.o") if o.stem != "plain"]
    for archive, members in ("base.a", [o for o in objects if Path(o).stem != "nn"] + [f"{BASE}/plain.o"]), ("main.a", objects):
        (BASE / archive).unlink(missing_ok=True)
        subprocess.run(["ar", "rcs", str(BASE / archive), *members], check=True)


def passes(module):
    folder = BASE / "none"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    compiles(BASE / f"{module}.c", folder / f"{module}.o", level_of(module))
    link(folder, module)
    if killer := run(folder, module, []):
        sys.exit(f"mutants: the tests fail without any mutant; mend that first ({killer})")


def level_of(module):
    return "-Og" if module == "product" else "-O1"


def compiles(source, target, level):
    return subprocess.run([CC, level, *FLAGS, *OWN.get(target.stem, []), f"-I{source.parent}", f"-I{BASE}", "-Itests",
                           "-c", str(source), "-o", str(target)], stderr=subprocess.DEVNULL, timeout=300).returncode == 0


def link(folder, module):
    objects = [str(o) for o in folder.glob("*.o")]
    if module in PROGRAM:
        for base, name in (BASE, "nn"), (Path(f"{BASE}-stubs"), "stubs"):
            if base.exists():
                subprocess.run([CC, *objects, f"{base}/main.a", *LIBS, "-o", f"{folder}/{name}"], check=True)
        return
    if not (folder / "tests").exists():
        (folder / "tests").symlink_to(TOP / "tests")
    suites = [str(o) for o in (BASE / "tests").glob("*.o") if not (folder / o.name).exists()]
    return subprocess.run([CC, *objects, *suites, f"{BASE}/base.a", *FAKE, *LIBS, "-o", f"{folder}/run"], check=True)


# -- one fault

def compile_one(job):
    """object code of a fault, or None"""
    number, fault = job
    folder = FAULTS / str(number)
    folder.mkdir(parents=True, exist_ok=True)
    for module, text in fault.sources.items():
        (folder / f"{module}.c").write_text(text)
    modules = sorted(fault.sources)
    if TWICE.intersection(modules) and "complexstep" not in modules:
        shutil.copy(BASE / "complexstep.c", folder)
        modules.append("complexstep")
    digest = hashlib.sha1()
    for module in modules:
        target = folder / f"{module}.o"
        if not compiles(folder / f"{module}.c", target, level_of(module)):
            shutil.rmtree(folder)
            return number, None
        digest.update(target.read_bytes())
    return number, digest.hexdigest()


def unaltered(modules):
    texts = {module: (BASE / f"{module}.c").read_text() for module in modules}
    return compile_one((-1, Fault(min(modules), 0, "", "", texts)))[1]


def try_one(job):
    number, module, killers = job
    folder = FAULTS / str(number)
    link(folder, module)
    killer = run(folder, module, killers)
    shutil.rmtree(folder)
    return number, killer


def try_all(pool, faults, todo, killers):
    """number and killer of each; the tests come first that have killed most in this module"""
    for at in range(0, len(todo), 4 * JOBS):
        batch = [(n, faults[n].module, [k for k, _ in killers[faults[n].module].most_common(12)])
                 for n in todo[at:at + 4 * JOBS]]
        for n, killer in pool.imap_unordered(try_one, batch):
            if killer and re.fullmatch(r"\w+/\w+", killer):
                killers[faults[n].module][killer] += 1
            yield n, killer


def limits(long):
    seconds = (30 if long else 4) * (8 if SANITIZE else 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (-1, -1) if SANITIZE else (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def say(command, folder, long=False, **more):
    """status and words of a command, which may hang; more is for its environment"""
    with tempfile.TemporaryFile("w+", errors="replace") as out:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                   start_new_session=True, preexec_fn=lambda: limits(long), user=NOBODY,
                                   env={**os.environ, "LC_ALL": "C", "PATIENCE": "9", "FIRST": "1", "ASAN_OPTIONS": "detect_leaks=0",
                                        **more})
        try:
            status = process.wait(timeout=300)
        except subprocess.TimeoutExpired:
            status = 124
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        out.seek(0)
        return status, out.read()


def inside(folder):
    """what test_nn.c, which includes nn.c, finds, or None"""
    own = folder / "inside"
    own.mkdir()
    if (folder / "options.o").exists():
        shutil.copy(folder / "options.o", own)
    shutil.copy("tests/test_nn.c", folder)
    if not compiles(folder / "test_nn.c", own / "test_nn.o", "-O1"):
        sys.exit("mutants: tests/test_nn.c does not compile")
    link(own, "test_nn")
    status, said = say(["./run", "--filter", "nn/*"], own)
    return "test_nn: " + squeeze(said)[:60] if status else None


def run(folder, module, killers):
    """what kills the program in this folder, or None"""
    def scripts(*names):
        for name in names:
            script = TOP / f"tests/{name}.sh"
            programs = ["./stubs", "./nn"] if name == "answers/options" else ["./nn"]
            status, said = say(["bash", script, *programs], folder, True) if script.exists() else (0, "")
            if status < 0:                  # it itself, which no mutant can do
                raise RuntimeError(f"tests/{name}.sh was ended by signal {-status}")
            if status:
                return f"{name}: " + squeeze(said)[:60]

    if module in PROGRAM:
        if LISTED:
            return inside(folder) or scripts("commands", "bad-input")
        return scripts("commands") or inside(folder) or scripts(*MORE[module])
    known = "|".join(killers[:4]) or "none"
    more = "|".join(killers[4:] + [f"{module}/*"])
    for wanted in (f"@({known})", f"@({more})", f"!(@({known}|{more})|{SLOW})", SLOW):
        few = {} if wanted == SLOW else {"SPARSE": "1"}      # of what is the same many times over: those are slow
        status, said = say(["./run", "--fail-fast", "--filter", wanted], folder, wanted == SLOW, **few)
        if status:
            found = re.search(r"\[FAIL\] (\w+)::(\w+)", said)
            return f"{found[1]}/{found[2]}" if found else "time" if status == 124 else "crash: " + squeeze(said)[-60:]
        if wanted[:2] == "!(" and module != "plain" and not LISTED:
            link(folder, "nn")
            if killer := scripts("commands"):
                return killer
    return None if LISTED else scripts(*MORE.get(module, []))


# -- the lists made by hand

def of_list(path):
    """name of each fault, and the fault or why it is none"""
    copies, chunks, chunk = collections.defaultdict(list), collections.defaultdict(list), None
    for file in BASE.glob("*.[ch]"):        # where each line of nn.nw is tangled to
        number = 0
        for at, line in enumerate(file.read_text().splitlines()):
            if line.startswith("#line "):
                number = int(line.split()[1])
            else:
                copies[number].append((file, at))
                number += 1
    for number, line in enumerate(Path("nn.nw").read_text().splitlines(), 1):
        if begins := re.match(r"<<(.*)>>=\s*$", line):
            chunk = begins[1]
        elif re.match(r"@( |$)", line):
            chunk = None
        elif chunk:
            chunks[chunk].append((number, line))
    for row in path.read_text().splitlines():
        if row and row[0] != "#":
            name, chunk, old, new = (row.split("\t") + [""])[:4]
            found = [number for number, line in chunks[chunk] for _ in range(line.count(old))]
            if len(found) == 1:
                yield name, in_sources(copies[found[0]], old, new)
            else:
                yield name, f"'{old}' isn't found exactly once in <<{chunk}>>"


def rows_of(path, only):
    rows = [(name, fault) for name, fault in of_list(path) if not only or name in only]
    if twice := [n for n, k in collections.Counter(n for n, _ in rows).items() if k > 1]:
        sys.exit(f"mutants: {path} has several of the name {twice[0]}")
    return rows


def tell(name, killer, fault):
    """a line for a fault of a list, and its first word"""
    verdict = f"ERROR: {fault}" if isinstance(fault, str) else f"killed by {killer}" if killer else f"SURVIVED: {fault.old}"
    print(f"{name:34} {verdict}", flush=True)
    return verdict.split()[0]


def in_sources(copies, old, new):
    sources = {}
    for file, at in copies:
        lines = file.read_text().splitlines()
        if old in lines[at]:
            if file.suffix == ".h":
                return f"changes a header, {file.name}"
            lines[at] = lines[at].replace(old, new)
            sources[file.stem] = "\n".join(lines) + "\n"
    return Fault(min(sources), 0, old, new, sources) if sources else "is in no file"


def listed(only):
    start, count = time.monotonic(), collections.Counter()
    for name, path in ("chapter", Path("tests/mutants.tsv")), ("answers", Path("tests/answers/mutants.tsv")):
        if path.exists():                   # a handout has no answers
            build(name, name == "answers", "-L")
            rows = rows_of(path, only)
            if rows:
                passes("base")
            count += try_list(rows)
    return fails(count, start)


def fails(count, start):
    print(f"{count['killed']} of {count.total()} mutants killed, in {time.monotonic() - start:.0f} s")
    return not count.total() or count["killed"] < count.total()


def try_list(rows):
    count, as_it_is = collections.Counter(), {}
    with multiprocessing.Pool(JOBS) as pool:
        faults = {n: f for n, (_, f) in enumerate(rows) if isinstance(f, Fault)}
        count.update(tell(name, None, f) for name, f in rows if isinstance(f, str))
        todo = []
        for n, digest in pool.imap(compile_one, faults.items(), chunksize=4):
            modules = frozenset(faults[n].sources)
            if modules not in as_it_is:
                as_it_is[modules] = unaltered(modules)
            if digest is None:
                count[tell(rows[n][0], None, "does not compile")] += 1
            elif digest == as_it_is[modules]:
                count[tell(rows[n][0], None, "changes nothing that is compiled")] += 1
            else:
                todo.append(n)
        for n, killer in try_all(pool, faults, todo, collections.defaultdict(collections.Counter)):
            count[tell(rows[n][0], killer, faults[n])] += 1
    return count


def on_ranks(only):
    """those of what shares the work, with the objects that make mpi-mutants has made"""
    global BASE
    start, count, built = time.monotonic(), collections.Counter(), ALL.parent / "mpi"
    BASE, rest = built / "src", FAULTS / "rest.a"
    objects = {o.stem: str(o) for folder in ("obj", "answers/obj") for o in (built / folder).glob("*.o")}
    subprocess.run(["ar", "rcs", rest, *objects.values()], check=True)
    for name, fault in rows_of(Path("tests/mpi/mutants.tsv"), only):
        killer = None
        if isinstance(fault, Fault):
            folder = FAULTS / name
            folder.mkdir()
            for module, text in fault.sources.items():
                (folder / f"{module}.c").write_text(text)
            subprocess.run(["mpicc", "-O1", *FLAGS, f"-I{BASE}", *folder.glob("*.c"), objects["ranks"], rest, "-lcsv", "-lm",
                            "-o", folder / "ranks"], check=True)
            status, said = say(["timeout", "-k", "5", "20", "mpirun", "-q", "--oversubscribe", "-n", "3", folder / "ranks"], folder)
            found = re.search("^ranks: .*", said, re.M)
            killer = status and (squeeze(found[0]) if found else "time" if status == 124 else "crash")
        count[tell(name, killer, fault)] += 1
    return fails(count, start)


# -- every alteration

def every_fault(module):
    source = (BASE / f"{module}.c").read_text()
    seen = set()
    for first, last, text in alterations(source):
        top, bottom = source.rfind("\n", 0, first) + 1, (source + "\n").find("\n", last)
        new = squeeze(source[top:first] + text + source[last:bottom])
        altered = source[:first] + text + source[last:]
        if altered not in seen:
            seen.add(altered)
            yield Fault(module, source.count("\n", 0, first) + 1, squeeze(source[top:bottom]), new, {module: altered})


def tally(verdicts):
    return collections.Counter("survived" if v == "SURVIVED" else "equivalent" if v.startswith("equi") else "none"
                               if v.startswith(("the same", "does not")) else "killed" for v in verdicts)


def keep_score(module, count, sample=""):
    path, head = Path("tests/mutants-score.tsv"), "# module\tkilled\tsurvived\tequivalent\tonly a sample"
    rows = {line.split("\t")[0]: line for line in path.read_text().splitlines()[1:]} if path.exists() else {}
    if not sample or rows.get(module, "").count("\t") != 3:
        rows[module] = "\t".join([module, *(str(count[k]) for k in ("killed", "survived", "equivalent")), *[sample] * bool(sample)])
    path.write_text("\n".join([head, *(rows[m] for m in MODULES if m in rows)]) + "\n")


def try_every(module, chosen, again, pool, excused):
    """counts what became of the chosen faults of a module; its record has a line for each fault ever tried"""
    record = ALL / f"{module}.tsv"
    last = {tuple(line.split("\t")[1:]): line.split("\t")[0] for line in record.read_text().splitlines()} \
        if record.exists() else {}
    before = {f[1:4]: last.get((str(f.line), f.old, f.new)) for f in every_fault(module)}
    text = squeeze((BASE / f"{module}.c").read_text())
    verdict = {n: "equivalent" for n, f in chosen.items()
               if (f.module, f.old, f.new) in excused and text.count(f.old) == 1}
    if again:
        verdict = {n: before[f[1:4]] for n, f in chosen.items() if before[f[1:4]] not in ("SURVIVED", None)} | verdict
    seen, todo = {unaltered([module]): "the same code"}, []
    for n, digest in pool.imap(compile_one, [j for j in chosen.items() if j[0] not in verdict], chunksize=4):
        if digest in seen or digest is None:
            verdict[n] = seen.get(digest, "does not compile")
            shutil.rmtree(FAULTS / str(n), ignore_errors=True)
        else:
            seen[digest] = "the same as another"
            todo.append(n)

    def write_down():
        before.update({f[1:4]: verdict[n] for n, f in chosen.items() if n in verdict})
        record.write_text("".join(f"{v}\t{f[0]}\t{f[1]}\t{f[2]}\n" for f, v in before.items() if v))

    killers = {module: collections.Counter(v for v in verdict.values() if re.fullmatch(r"\w+/\w+", v))}
    for n, killer in try_all(pool, chosen, todo, killers):
        f = chosen[n]                       # a line that stands there twice: one may be excused, the other killed
        verdict[n] = killer or ("equivalent" if (f.module, f.old, f.new) in excused else "SURVIVED")
        write_down()
        if verdict[n] == "SURVIVED":
            print(f"{module}.c:{f.line}: {f.old}\n    {f.new}", flush=True)
    write_down()
    return tally(verdict.values()), tally(before.values()) if all(before.values()) else None, len(before)


def every(of, part, sample, again):
    kind, answers = "sanitized" if SANITIZE else "unaltered", Path("tests/answers").is_dir()
    if answers and PROGRAM.intersection(of):
        build(kind + "-stubs", False)
    build(kind, answers)
    for module in {"nn" if module in PROGRAM else "base" for module in of}:
        passes(module)
    excused = {tuple(line.split("\t")[:3]) for file in Path("tests").rglob("equivalent.tsv") for line in file.read_text().splitlines()
               if line and line[0] != "#"}
    faults = [f for module in of for f in every_fault(module)]
    if part:
        k, n = map(int, part.split("/"))
        faults = faults[k - 1::n]
    if sample:
        faults = random.Random(os.environ.get("SEED", "1")).sample(faults, sample)
    total = collections.Counter()
    with multiprocessing.Pool(JOBS) as pool:
        for module in of:
            chosen = dict(enumerate(f for f in faults if f.module == module))
            count, whole, size = try_every(module, chosen, again, pool, excused)
            print(f"{module}: {count['killed']} killed, {count['survived']} survived, "
                  f"{count['equivalent']} equivalent", flush=True)
            if whole or sample:
                keep_score(module, whole or count, "" if whole else f"{len(chosen)} of {size}")
            total.update(count)
    print(f"{total['killed']} of {total['killed'] + total['survived']} mutants killed; "
          f"{total['equivalent']} change nothing, as tests/equivalent.tsv tells")
    return total["survived"] > 0


def main():
    global LISTED, SANITIZE, FAULTS
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("--listed", action="store_true")
    options.add_argument("--ranks", action="store_true")
    options.add_argument("--sanitize", action="store_true")
    options.add_argument("--again", action="store_true")
    options.add_argument("--part")
    options.add_argument("--sample", type=int)
    options.add_argument("only", nargs="*")
    o = options.parse_args()
    LISTED, SANITIZE = o.listed, o.sanitize
    if SANITIZE:
        FLAGS.extend("-fsanitize=address,undefined -fno-sanitize-recover=all".split())
        LIBS.extend(FLAGS[-2:])
    with tempfile.TemporaryDirectory(prefix="mutants.") as name:
        FAULTS = Path(name)
        FAULTS.chmod(0o755)                 # for NOBODY
        if LISTED:
            return listed(o.only)
        if o.ranks:
            return on_ranks(o.only)
        OWN["product"] = ["-march=native"]  # the tiles of this processor; the lists have faults in all
        return every(o.only or MODULES, o.part, o.sample, o.again)


if __name__ == "__main__":
    sys.exit(main())
