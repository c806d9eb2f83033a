#!/usr/bin/env python3
"""run.py PROGRAMS OUT: the benchmark, all contenders of a task in turn.

PROGRAMS: the folder with the programs in C.  OUT: the file of what was measured,
tab-separated, which tables.awk reads:
  machine, cores, date, rounds, version NAME, skipped NAME: what and with what
  task    NAME  EPOCHS  FLOP                           of a unit of ours; 2 for a * b + c
  peak    TASK  NUMBER  GFLOP/s  LEAST  MOST           of a core, between the rounds of TASK
  part    TASK  NAME  PER CENT                         of our time
  share   TASK  PER CENT  LEAST  MOST                  ours, of the peak in the same round
  time    TASK  KEY  THREADS  LABEL  SECONDS  LEAST  MOST  RATIO  LEAST  MOST  KB
SECONDS: the median over the rounds of a unit's time.  RATIO: to ours in the same
round, with as many threads if ours can.  KB: the most memory that it held.
"""
import datetime
import os
import re
import subprocess
import sys
import time
from statistics import median

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = int(os.environ.get("ROUNDS", 7))
CORES = sorted(os.sched_getaffinity(0))
TASKS = ["main", "four", "wide"]
PEAK = 2    # units of 10^9 operations in a unit of peak


def python(name):
    return [sys.executable, "-B", os.path.join(HERE, f"bench_{name}.py")]


def flags():
    with open("/proc/cpuinfo") as info:
        return next((line.split() for line in info if line.startswith("flags")), [])


def openblas():
    """(version, the processor that it takes this one for), or None"""
    ask = ("import ctypes; b = ctypes.CDLL('libopenblas.so.0');"
           "b.openblas_get_config.restype = b.openblas_get_corename.restype = ctypes.c_char_p;"
           "print(b.openblas_get_config().decode().split()[1], b.openblas_get_corename().decode())")
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
    return said.stdout.split() if said.returncode == 0 else None


# An OpenBLAS that doesn't know the processor may leave its wide vectors idle.  NumPy,
# PyTorch and scikit-learn multiply with it too, so it is told, unless it takes it for one of these
WIDE = {"avx512f": ["SkylakeX", "Cooperlake", "Sapphirerapids"], "avx2": ["Haswell", "Zen", "Excavator"]}


def awaken():
    """OpenBLAS uses what the processor has; returns its version"""
    found = openblas()
    if not found:
        return None
    number, core = found
    best = next((cores for flag, cores in WIDE.items() if flag in flags()), [core])
    if core in best:
        return f"OpenBLAS {number} ({core})"
    os.environ["OPENBLAS_CORETYPE"] = best[0]
    return f"OpenBLAS {number} ({openblas()[1]}, set by hand; it takes the processor for {core})"


def contenders(programs):
    """(key, label, command, threads, package that it needs), as in the table"""
    def c(name):
        return [os.path.join(programs, name)]
    with open(os.path.join(HERE, "stages.c")) as source:
        stages = re.findall(r"^#ifdef STAGE_(\w+)\s*/\* (.*?) \*/", source.read(), re.M)
    return [
        ("ours", "this package", c("ours"), [1, 2], ""),
        ("float", "this package, in float", c("float"), [1, 2], ""),
        ("blas", "the same with OpenBLAS", c("blas"), [1, 2], "libopenblas-dev"),
        ("xsmm", "the same with libxsmm", c("xsmm"), [1], "libopenblas-dev libxsmm-dev"),
        ("numpy", "NumPy, the published code", python("numpy"), [1, 2], "python3-numpy"),
        ("torch", "PyTorch, with autograd", python("torch"), [1, 2], "python3-torch"),
        ("sklearn", "scikit-learn, MLPClassifier", python("sklearn"), [1, 2], "python3-sklearn"),
        ("fann", "FANN, tanh and squared error", c("fann"), [1], "libfann-dev"),
    ] + [("stage-" + s, label, c("stage-" + s), [1], "") for s, label in stages]


# what our time goes into, by how the names of the functions begin
PARTS = [("products", "mat(mul|rix)|multiply|part|pack"), ("transposes", "transpose"),
         ("ReLU", "relu"), ("biases", "linear_backward"), ("loss", "bce|accuracy|.*(exp|log1p)"),
         ("batches", "rng|dataset"), ("step", "sgd"), ("rest", "")]


def parts(record, task, ours):
    """How our time divides, as perf sees it: it looks 5000 times a second."""
    data = record.file.name + ".perf"
    command = ["perf", "record", "-q", "-F", "5000", "-o", data] + ours + [task, str(EPOCHS[task])]
    show = ["perf", "report", "-q", "-i", data, "--no-children", "--fields=sample,symbol", "-t", "\t"]
    try:
        subprocess.run(command, input=100 * "\n", text=True, check=True, capture_output=True,
                       env=dict(os.environ, OMP_NUM_THREADS="1"))
        said = subprocess.run(show, text=True, check=True, capture_output=True).stdout
        os.remove(data)
    except (OSError, subprocess.CalledProcessError):
        return print("  where the time goes: skipped (perf isn't there, or may not look; apt-get install linux-perf)")
    count = dict.fromkeys((name for name, _ in PARTS), 0)
    for samples, function in re.findall(r"(\d+)\s*\t\S+ (\w*)", said):
        count[next(name for name, pattern in PARTS if re.match(pattern, function))] += int(samples)
    for name in count:
        record.line("part", task, name, 100 * count[name] / sum(count.values()))
    print("  our time:", ", ".join(f"{name} {100 * n / sum(count.values()):.1f} %" for name, n in count.items()))


class Program:
    """One contender at one task, pinned.  Those that start at once begin anew for
    each turn, because the memory that a process happens to get may be slow for all
    of its life; those in Python are started here, and wait for their turns."""

    def __init__(self, command, task, epochs, size="", threads=1):
        ours = os.path.basename(command[0]) in ("ours", "float")
        self.command = command + [task, str(epochs)] + ([str(size)] if size else [])
        self.cores = CORES[:2][-threads:]       # one thread: the second core
        # PyTorch is at its best when OpenMP has one thread and OpenBLAS two
        self.env = dict(os.environ, OMP_NUM_THREADS=str(threads if ours else 1),
                        OPENBLAS_NUM_THREADS=str(threads))
        self.stays = command[0] == sys.executable
        self.times, self.memory = [], 0
        self.start()
        if not self.stays:
            self.end()

    def start(self):
        self.process = subprocess.Popen(
            self.command, env=self.env, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: os.sched_setaffinity(0, self.cores))
        for _ in range(2):      # rehearsals: after two it has all the memory that it will want
            self.unit()

    def turn(self):
        if not self.stays:
            self.start()
        self.times.append(self.unit())
        if not self.stays:
            self.end()

    def unit(self):
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line:
            said = self.process.stderr.read().strip().splitlines() or ["it ended"]
            self.process.wait()
            raise RuntimeError(said[-1])
        return float(line)

    def end(self):
        for line in self.process.communicate()[0].splitlines():
            self.memory = max(self.memory, int(line.split()[1]))


def rounds(programs):
    """Everybody in turn, each round beginning with another."""
    for k in range(ROUNDS):
        k %= len(programs)
        for program in programs[k:] + programs[:k]:
            time.sleep(0.05)    # threads that wait for work have gone to sleep
            program.turn()
    for program in programs:
        if program.stays:
            program.end()


def three(numbers):
    return median(numbers), min(numbers), max(numbers)


def flop(widths, rows):
    """of an epoch: three products for each layer, two for the first"""
    weights = [a * b for a, b in zip(widths, widths[1:])]
    return 2 * rows * (3 * sum(weights) - weights[0])


FOUR = [[2, 4, 1], [2, 32, 1], [2, 32, 16, 1], [2, 64, 32, 16, 1]]
FLOP = {
    "main": flop(FOUR[-1], 400),
    "four": sum(flop(w, 400) for w in FOUR),
    "wide": flop([784, 512, 256, 1], 1024),
}
EPOCHS = {"main": 200, "four": 100, "wide": 2}


def growing():
    """(task, size, epochs, flop of an epoch) of the tasks that are ours alone"""
    for half in range(4, 13):
        points = round(10 ** (half / 2) / 2) * 2
        work = flop(FOUR[-1], points)
        yield "points", points, max(1, 40000 // points), work
    for power in range(4, 12):
        width = 2 ** power
        work = flop([width, width, width, 1], 256)
        yield "width", width, max(1, round(3e8 / work)), work


class Record:
    def __init__(self, path):
        self.file = open(path, "w")

    def line(self, *fields):
        text = (f"{x:.4g}" if isinstance(x, float) else str(x) for x in fields)
        print(*text, sep="\t", file=self.file, flush=True)

    def peak(self, name, number, program):
        self.line("peak", name, number, *three([PEAK / t for t in program.times]))


def wrong(record, list_):
    """The contenders that do not multiply as they should: they don't run."""
    found = set()
    for key, label, command, _, _ in list_:
        if key in ("ours", "blas", "xsmm") or key.startswith("stage-"):
            try:
                run = subprocess.run(command + ["check"], capture_output=True, text=True)
            except OSError:
                continue            # measure() says that it's missing
            if run.returncode:
                said = (run.stderr.strip().splitlines() or ["it ended"])[-1]
                print(f"  {label}: skipped ({said})")
                record.line("skipped", label, said)
                found.add(key)
    return found


def measure(record, task, list_, peak, skipped):
    """One task, all contenders; prints and records."""
    epochs, work, entries = EPOCHS[task], EPOCHS[task] * FLOP[task], []
    for key, label, command, threads, package in list_:
        for t in threads if task == "wide" else [1]:
            if key in skipped:
                continue
            if t > len(CORES):
                print(f"  {label}: skipped with {t} threads, for want of cores")
                continue
            try:
                program = Program(command, task, epochs, threads=t)
                entries.append((key, label, t, program))
            except (OSError, RuntimeError) as e:
                skipped.add(key)
                e = "it wasn't built" if isinstance(e, OSError) else e
                hint = f"; apt-get install {package}" if package else ""
                print(f"  {label}: skipped ({e}{hint})")
                record.line("skipped", label, f"{e}{hint}")
    core = Program(peak, "double", PEAK)
    floats = Program(peak, "float", PEAK) if task == "main" else None
    rounds([e[-1] for e in entries] + [p for p in (core, floats) if p])
    ours = {t: program for key, _, t, program in entries if key == "ours"}
    record.line("task", task, epochs, work)
    record.peak(task, "double", core)
    if floats:
        record.peak(task, "float", floats)
    if ours:
        share = [work / t / 1e9 / (PEAK / p) * 100
                 for t, p in zip(ours[1].times, core.times)]
        record.line("share", task, *three(share))
    print(f"\n{task}: {epochs} epochs{'':21}threads   seconds     / ours    least     most       KB")
    for key, label, t, program in entries:
        base = ours.get(t, ours.get(1))
        ratio = three([a / b for a, b in zip(program.times, base.times)]) if base else ("",) * 3
        spread = three(program.times)
        record.line("time", task, key, t, label, *spread, *ratio, program.memory)
        print(f"  {label:32}{t:10d}{spread[0]:10.4f} " +
              ("{:10.2f}{:9.2f}{:9.2f}".format(*ratio) if base else " " * 28) +
              f"{program.memory:9d}")
        if key == "stage-rows" and base and ratio[0] < 0.9:    # 1 with KERNEL=plain
            sys.exit("make bench: the tiles are slower than plain loops; does this compiler understand fma?")
    if ours:
        parts(record, task, list_[0][2])
        print("  ours does {:.0f} % ({:.0f} to {:.0f}) of the peak of {:.1f} GFLOP/s".format(
            *three(share), PEAK / median(core.times)))


def growth(record, ours, peak):
    runs = list(growing())
    core = Program(peak, "double", PEAK)
    programs = [Program(ours, task, epochs, size) for task, size, epochs, _ in runs]
    rounds(programs + [core])
    record.peak("growth", "double", core)
    print("\ngrowth, ours alone             GFLOP/s   ns per example")
    for (task, size, epochs, work), program in zip(runs, programs):
        examples = size if task == "points" else 256
        rates = three([epochs * work / t * 1e-9 for t in program.times])
        times = three([t / epochs / examples * 1e9 for t in program.times])
        record.line(task, size, *times, *rates, program.memory)
        print(f"  {task:8}{size:9d}{rates[0]:19.2f}{times[0]:17.1f}")


def versions(record, list_, programs):
    def model():
        with open("/proc/cpuinfo") as info:
            for line in info:
                if line.startswith("model name"):
                    return " ".join(line.split(":", 1)[1].split())
        return os.uname().machine
    record.line("machine", model())
    record.line("cores", len(CORES))
    record.line("date", datetime.date.today().isoformat())
    record.line("rounds", ROUNDS)
    print(f"{model()}, {len(CORES)} cores, {datetime.date.today()}, {ROUNDS} rounds")
    found = []
    for key, _, command, _, _ in list_:
        if key in ("blas", "xsmm") or key.startswith("stage"):
            continue
        try:
            run = subprocess.run(command + ["version"], capture_output=True, text=True)
        except OSError:
            continue
        if run.returncode == 0:
            name = {"ours": os.environ.get("CC", "gcc") + " ", "fann": "FANN "}.get(key, "")
            found.append((key, name + run.stdout.strip()))
    found.append(("python", "Python " + sys.version.split()[0]))
    blas = awaken()
    if blas:
        found.append(("openblas", blas))
    ask = ["dpkg-query", "-W", "-f", "libxsmm ${Version}", "libxsmm-dev"]
    if os.path.exists(os.path.join(programs, "xsmm")):
        found.append(("xsmm", subprocess.run(ask, capture_output=True, text=True).stdout))
    for key, text in found:
        record.line("version", key, text)
        print(" ", text)


def main():
    programs, out = sys.argv[1:]
    list_, peak = contenders(programs), [os.path.join(programs, "peak")]
    record = Record(out)
    record.line("# what make bench measured; figures/bench/run.py says what the columns are")
    versions(record, list_, programs)
    skipped = wrong(record, list_)
    for task in TASKS:
        measure(record, task, list_, peak, skipped)
    growth(record, list_[0][2], peak)


if __name__ == "__main__":
    main()
