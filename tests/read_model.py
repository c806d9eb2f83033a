# python3 read_model.py MODEL TABLE: what nn predict says of a table of inputs
import sys
from fractions import Fraction
from math import exp, sqrt, tanh

def take(count): return [next(numbers) for _ in range(count)]
def fma(a, b, c): return float(Fraction(a) * Fraction(b) + Fraction(c))
def linear(row, W, b):
    z = [0.0] * len(b)
    for x, w in zip(row, W): z = [fma(x, v, s) for v, s in zip(w, z)]
    return [s + v for s, v in zip(z, b)]

act = {"relu": lambda x: max(x, 0.0), "tanh": tanh}
lines = open(sys.argv[1]).read().split("\n")
rows = [list(map(float, row.split(","))) for row in open(sys.argv[2])]
layers, numbers = lines[3].split(), map(float, lines[4:-1])
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
print("probability,class")
for (z,) in rows:
    e = exp(-abs(z))
    print(repr((1 if z >= 0 else e) / (1 + e)), lines[1 + (z >= 0)], sep=",")
