#!/usr/bin/python3
"""Record what NumPy draws, as a C header: record.py > numpy.h

Reads nothing but the table in NumPy's own library; needs NumPy only (recorded
with NumPy 1.24.2 of Debian 12, on a processor without AVX-512, where NumPy's
cos and sin are the C library's). Doubles are written as their 64 bits, sequences as an FNV-1a checksum over
their 64-bit values, lowest byte first.
"""
import struct
from pathlib import Path

import numpy as np

SEEDS = [0, 1, 2, 3, 7, 42, 43, 44, 45, 1234, 2024, 5489, 123456789,
         2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**53, 2**63 - 1,
         2**63, 2**64 - 2, 2**64 - 1, 0x0123456789ABCDEF, 0xDEADBEEFCAFEBABE,
         0xFFFFFFFF00000000, 314159265358979, 271828182845904523,
         # these meet refused pairs in the tail, and pairs that are just kept
         101, 621, 1409, 2027, 2708, 2833]
TAIL = 3.6541528853610088           # where the ziggurat's tail begins
# points, noise, seed of the spirals
SPIRALS = [(200, 0.25, 7), (200, 0.25, 42), (2, 0.25, 7), (2, 0.0, 0),
           (3, 1.5, 2**64 - 1), (37, 0.25, 1), (37, 0.0, 7), (100, 0.1, 2**32),
           (500, 0.25, 2024), (250, 0.3, 11)]


def bits(values):
    return [int(b) for b in np.atleast_1d(np.asarray(values, dtype=np.float64)).ravel().view(np.uint64)]


def fnv1a(words):
    h = 0xCBF29CE484222325
    for byte in np.asarray(words, dtype='<u8').ravel().tobytes():
        h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def c_list(words):
    lines = [', '.join(f'0x{w:016x}' for w in words[i:i + 3]) for i in range(0, len(words), 3)]
    return '{' + ',\n      '.join(lines) + '}'


def interleaved(seed):
    """Everything in turn from one generator, as a training run draws it."""
    g = np.random.default_rng(seed)
    words = []
    for turn in range(60):
        words += bits(g.standard_normal(3))
        words += [int(k) for k in g.permutation(turn % 23)]
        words += bits(g.random(2))
        words += [int(g.integers(0, 2**32, dtype=np.uint32))]
        words += [int(k) for k in g.permutation(64 + turn)]
    return words + [int(g.bit_generator.random_raw())]


def halves(seed):
    """Two halves, a third, a whole word, the half kept before it, another."""
    g = np.random.default_rng(seed)
    half = lambda: int(g.integers(0, 2**32, dtype=np.uint32))
    return [half(), half(), half(), int(g.bit_generator.random_raw()), half(), half()]


def generator(seed):
    new = lambda: np.random.default_rng(seed)
    normals = new().standard_normal(10000)
    return (f'    {{0x{seed:016x},\n'
            f'     {c_list([int(w) for w in new().bit_generator.random_raw(4)])},\n'
            f'     {c_list(halves(seed))},\n'
            f'     {c_list(bits(new().random(4)))},\n'
            f'     {c_list(bits(normals[:8]))},\n'
            f'     {{{", ".join(str(k) for k in new().permutation(10))}}},\n'
            f'     0x{fnv1a(new().permutation(400)):016x}, 0x{fnv1a(bits(normals)):016x},\n'
            f'     {int((normals > TAIL).sum())}, {int((normals < -TAIL).sum())},\n'
            f'     0x{fnv1a(interleaved(seed)):016x}}}')


def ziggurat():
    """The strips of the normal numbers, as bits: inside, scale and height of each."""
    library = (Path(np.__file__).parent / 'random/lib/libnpyrandom.a').read_bytes()
    def table(*first):
        assert library.count(b''.join(first)) == 1
        return struct.unpack_from('<256Q', library, library.index(b''.join(first)))
    number = lambda x: struct.pack('<d', x)
    tables = (table(struct.pack('<QQ', 0x000EF33D8025EF6A, 0)), table(number(8.68362706080130616677e-16)),
              table(number(1), number(0.977101701267671596263)))
    return [word for strip in zip(*tables) for word in strip]


def make_spirals(n, noise, seed):
    g = np.random.default_rng(seed)
    t = np.linspace(0, 4 * np.pi, n)
    x1 = t * np.cos(t) + g.normal(0, noise, n)
    y1 = t * np.sin(t) + g.normal(0, noise, n)
    x2 = t * np.cos(t + np.pi) + g.normal(0, noise, n)
    y2 = t * np.sin(t + np.pi) + g.normal(0, noise, n)
    return np.vstack([np.column_stack([x1, y1]), np.column_stack([x2, y2])])


def spirals(n, noise, seed):
    X = make_spirals(n, noise, seed)
    mean, std = X.mean(axis=0), X.std(axis=0)
    return (f'    {{{n}, {noise!r}, 0x{seed:016x},\n'
            f'     {c_list(bits(X[0]))}, {c_list(bits(X[-1]))},\n'
            f'     0x{fnv1a(bits(X)):016x},\n'
            f'     {{{float(mean[0])!r}, {float(mean[1])!r}}},\n'
            f'     {{{float(std[0])!r}, {float(std[1])!r}}}}}')


print(f'''/* Written by record.py with NumPy {np.__version__}; do not edit. */
#ifndef REFERENCE_NUMPY_H
#define REFERENCE_NUMPY_H
#include <stddef.h>
#include <stdint.h>

/* What default_rng(seed) draws, each member from a new generator. Doubles are
   bits, checksums FNV-1a over 64-bit values, lowest byte first. */
struct numpy_generator {{
    uint64_t seed;
    uint64_t raw[4];                /* bit_generator.random_raw */
    uint64_t halves[6];             /* 32, 32, 32, 64, 32, 32 bits */
    uint64_t uniform[4], normal[8];
    size_t permutation10[10];
    uint64_t permutation400, normals10000;      /* checksums */
    int above, below;               /* of the normals: beyond the tail's r */
    uint64_t interleaved;           /* checksum */
}};

static const struct numpy_generator numpy_generators[] = {{''')
print(',\n'.join(generator(s) for s in SEEDS))
print(f'''}};

/* The 256 strips of the normal numbers: checksum of inside, scale and height of each. */
static const uint64_t numpy_strips = 0x{fnv1a(ziggurat()):016x};

/* Spirals: raw points, mean and deviation of the columns. */
struct numpy_spirals {{
    size_t points;
    double noise;
    uint64_t seed;
    uint64_t first[2], last[2];     /* bits of the first and the last row */
    uint64_t rows;                  /* checksum of all rows */
    double mean[2], std[2];
}};

static const struct numpy_spirals numpy_spirals[] = {{''')
print(',\n'.join(spirals(*s) for s in SPIRALS))
print('''};
#endif''')
