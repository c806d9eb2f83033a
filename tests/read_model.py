"""read_model.py MODEL TABLE: what nn predict says of a table of inputs, without a header"""
import sys
from fractions import Fraction
from math import exp, sqrt, tanh

def fma(a, b, c): return float(Fraction(a) * Fraction(b) + Fraction(c))

lines = open(sys.argv[1]).read().split("\n")
rows = [[float(x) for x in line.split(",")] for line in open(sys.argv[2])]
sizes, numbers = lines[3].split(), map(float, lines[4:-1])
take = lambda count: [next(numbers) for _ in range(count)]
d = int(sizes[0])
mean, std = take(d), take(d)
rows = [[(x - m) / s for x, m, s in zip(row, mean, std)] for row in rows]
for name, width in zip(sizes[1::2], map(int, sizes[2::2])):
    if name == "linear":
        W, b = [take(width) for _ in range(d)], take(width)
        for i, row in enumerate(rows):
            z = [0.0] * width
            for x, w in zip(row, W): z = [fma(x, v, s) for v, s in zip(w, z)]
            rows[i] = [s + v for s, v in zip(z, b)]
    elif name == "batchnorm":
        gamma, beta, mean, var = take(d), take(d), take(d), take(d)
        scale = [g * (1 / sqrt(v + 1e-5)) for g, v in zip(gamma, var)]
        rows = [[s * (x - m) + b for s, x, m, b in zip(scale, row, mean, beta)] for row in rows]
    elif name == "dropout": take(1)
    else: rows = [[{"relu": lambda x: max(x, 0.0), "tanh": tanh}[name](x) for x in row] for row in rows]
    d = width
print("probability,class")
for (z,) in rows:
    e = exp(-abs(z))
    print(repr((1 if z >= 0 else e) / (1 + e)), lines[2] if z >= 0 else lines[1], sep=",")
