"""What the benchmark's Python programs share: see unit.h."""
import sys
import time

import numpy as np

ARCHITECTURES = [[2, 4, 1], [2, 32, 1], [2, 32, 16, 1], [2, 64, 32, 16, 1]]


def spirals(n=200, noise=0.25, seed=7):
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 4 * np.pi, n)
    arms = []
    for turn in 0, np.pi:
        x = t * np.cos(t + turn) + rng.normal(0, noise, n)
        y = t * np.sin(t + turn) + rng.normal(0, noise, n)
        arms.append(np.column_stack([x, y]))
    X = np.vstack(arms)
    return (X - X.mean(axis=0)) / X.std(axis=0), np.repeat([0.0, 1.0], n)


def task():
    """X, y, widths of each network, batch, rate, epochs"""
    name, epochs = sys.argv[1], int(sys.argv[2])
    if name == "wide":
        X = np.random.default_rng(7).standard_normal((1024, 784))
        return X, np.arange(1024) % 2.0, [[784, 512, 256, 1]], 256, 0.001, epochs
    nets = ARCHITECTURES if name == "four" else ARCHITECTURES[-1:]
    return *spirals(), nets, 64, 0.05, epochs


def serve(unit):
    for _ in sys.stdin:
        start = time.perf_counter()
        unit()
        print(f"{time.perf_counter() - start:.9f}", flush=True)
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                print("memory", line.split()[1])


def version(name, number):
    """and what multiplies its matrices: the library that is loaded"""
    with open("/proc/self/maps") as maps:
        blas = "with OpenBLAS" if "openblas" in maps.read() else "without OpenBLAS"
    print(name, number, blas)
    sys.exit()
