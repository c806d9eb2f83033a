# python3 read_model.py MODEL TABLE: what nn predict says of a table of inputs; made with KERNEL=plain, it rounds twice
import sys
from os import environ
from fractions import Fraction
from functools import reduce
from math import exp, sqrt, tanh

def take(count): return [next(numbers) for _ in range(count)]
def fma(a, b, c): return float(Fraction(a) * Fraction(b) + Fraction(c)) if environ.get("KERNEL") != "plain" else a * b + c
def linear(row, W, b):
    z = [0.0] * len(b)
    for x, w in zip(row, W): z = [fma(x, v, s) for v, s in zip(w, z)]
    return [s + v for s, v in zip(z, b)]

act = {"relu": lambda x: max(x, 0.0), "tanh": tanh}
lines = open(sys.argv[1]).read().split("\n")
count = int(lines.pop(1)) if lines[0].startswith("nn model 3") else 2
names, lines = lines[1:count + 1], lines[count + 1:]
rows = [list(map(float, row.split(","))) for row in open(sys.argv[2])]
layers, numbers = lines[0].split(), map(float, lines[1:-1])
d = int(layers[0])
mean, std = take(d), take(d)
rows = [[(x - m) / s for x, m, s in zip(row, mean, std)] for row in rows]
for name, width in zip(layers[1::2], map(int, layers[2::2])):
    if name == "linear":
        W, b = [take(width) for _ in range(d)], take(width)
        rows = [linear(row, W, b) for row in rows]
    elif name == "batchnorm":
        gamma, beta, mean, var = take(d), take(d), take(d), take(d)
        gamma = [g * (1 / sqrt(v + 1e-5)) for g, v in zip(gamma, var)]
        rows = [[g * (x - m) + b for x, g, b, m in
                 zip(row, gamma, beta, mean)] for row in rows]
    elif name == "dropout": take(1)
    else: rows = [[act[name](x) for x in row] for row in rows]
    d = width
print(*(names if count > 2 else ["probability"]), "class", sep=",")
for z in rows:
    e = [exp(x - max(z)) for x in z] if count > 2 else [exp(-abs(z[0]))]
    p = [x / reduce(float.__add__, e) for x in e] if count > 2 else [(1 if z[0] >= 0 else e[0]) / (1 + e[0])]
    print(*map(repr, p), names[z.index(max(z)) if count > 2 else z[0] >= 0], sep=",")
