/* Generated from nn.nw (MIT licence); edit there. rng.h: NumPy's random numbers */
#ifndef RNG_H
#define RNG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct { uint64_t high, low; } Wide;        /* 128 bits */
typedef struct { uint64_t inside; double scale, height; } Strip;
typedef struct {
    Wide state, increment;
    uint32_t half;                /* kept by rng_next32 */
    bool has_half;
    Strip strip[256];             /* filled by the first rng_normal */
    bool has_strips;
} Rng;
/* The generator that NumPy's default_rng(seed) makes; every seed is
   good. It owns no memory: copy it, forget it. */
Rng rng_create(uint64_t seed);
/* 64 random bits: PCG64 XSL-RR (O'Neill 2014). */
uint64_t rng_next64(Rng *r);
/* 32 random bits: the low half of a 64-bit draw; the next call gives
   the high half of the same draw. */
uint32_t rng_next32(Rng *r);
/* Uniform on [0, 1): a multiple of 2^-53. */
double rng_uniform(Rng *r);
/* Normal, mean 0 and variance 1: the ziggurat of Marsaglia and Tsang
   (2000), with NumPy's tables. */
double rng_normal(Rng *r);
/* order: count numbers, the caller's. They become a permutation of
   0 .. count-1, each equally likely (Fisher and Yates). */
void rng_permutation(size_t *order, size_t count, Rng *r);
#endif
