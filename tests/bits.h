/* Doubles as their bits, and the checksum that record.py takes of them. */
#ifndef BITS_H
#define BITS_H

#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#define FNV1A_START 0xcbf29ce484222325u

/* FNV-1a with the eight bytes of one more word, the lowest first. */
static inline uint64_t fnv1a(uint64_t sum, uint64_t word)
{
    for (int byte = 0; byte < 8; byte++) {
        sum = (sum ^ (word & 0xff)) * 0x100000001b3u;
        word >>= 8;
    }
    return sum;
}

#endif
