#!/usr/bin/env python3
"""mpi.py PROGRAM OUT: the time of a sum and of a step on one rank and on two, and PyTorch's, in turns.

OUT, tab-separated, which mpi.awk reads: machine, date, rounds, version NAME TEXT, and
  ours or torch   sum or step   RANKS   SIZE   SECONDS   LEAST   MOST      the median over the rounds
"""
import datetime
import os
import subprocess
import sys
from collections import defaultdict
from statistics import median

program, out = sys.argv[1:]
ROUNDS = int(os.environ.get("ROUNDS", 7))
HERE = os.path.dirname(os.path.abspath(__file__))
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", OMPI_ALLOW_RUN_AS_ROOT="1",
                  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", PYTHONDONTWRITEBYTECODE="1")
if "avx512f" in open("/proc/cpuinfo").read():
    os.environ["OPENBLAS_CORETYPE"] = "SkylakeX"     # an OpenBLAS older than the processor leaves its wide vectors idle
torch = [sys.executable, os.path.join(HERE, "bench_ddp.py")]
commands = {("ours", r): ["mpirun", "--bind-to", "core", "-n", str(r), program] for r in (1, 2)}
version = subprocess.run([*torch, "version"], capture_output=True, text=True)
if version.returncode == 0:
    commands.update({("torch", r): [*torch, str(r)] for r in (1, 2)})
else:
    print("  PyTorch: skipped; apt-get install python3-torch")
found = defaultdict(list)
for k in range(ROUNDS):
    for (who, ranks), command in commands.items():
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{' '.join(command)}: {run.stderr}")
        for line in run.stdout.splitlines():
            what, size, seconds = line.split("\t")
            found[who, what, ranks, int(size)].append(float(seconds))
with open("/proc/cpuinfo") as info:
    model = next((" ".join(line.split(":")[1].split()) for line in info if line.startswith("model name")), os.uname().machine)
with open(out, "w") as file:
    print("# what make bench-mpi measured; figures/bench/mpi.py says what the columns are", file=file)
    print("machine", model, sep="\t", file=file)
    print("date", datetime.date.today().isoformat(), sep="\t", file=file)
    print("rounds", ROUNDS, sep="\t", file=file)
    mpirun = subprocess.run(["mpirun", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    print("version", "mpi", mpirun.split(")")[-1].strip(), sep="\t", file=file)
    if version.returncode == 0:
        print("version", "torch", version.stdout.strip(), sep="\t", file=file)
    for key, times in found.items():
        print(*key, *(f"{t:.4g}" for t in (median(times), min(times), max(times))), sep="\t", file=file)
        print("  {:6}{:5}  {} ranks {:8d}  {:10.3g} s".format(*key, median(times)))
