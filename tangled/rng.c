/* Generated from nn.nw (MIT licence); edit there. rng.c: NumPy's random numbers */
#include "rng.h"

#include <math.h>

static Wide wide_add(Wide a, Wide b)
{
    uint64_t low = a.low + b.low;
    return (Wide){a.high + b.high + (low < a.low), low};
}

static Wide wide_product(uint64_t a, uint64_t b)
{
    const uint64_t digit = 0xffffffff;
    uint64_t a0 = a & digit, a1 = a >> 32;
    uint64_t b0 = b & digit, b1 = b >> 32;
    uint64_t units = a0 * b0;
    uint64_t cross = a1 * b0 + (units >> 32);
    uint64_t middle = a0 * b1 + (cross & digit);
    return (Wide){a1 * b1 + (cross >> 32) + (middle >> 32),
                  middle << 32 | (units & digit)};
}

static Wide wide_multiply(Wide a, Wide b)
{
    Wide product = wide_product(a.low, b.low);
    product.high += a.high * b.low + a.low * b.high;
    return product;
}

uint64_t rng_next64(Rng *r)
{
    const Wide a = {0x2360ED051FC65DA4, 0x4385DF649FCCF645};
    r->state = wide_add(wide_multiply(r->state, a), r->increment);
    uint64_t word = r->state.high ^ r->state.low;
    unsigned turn = (unsigned)(r->state.high >> 58);
    return word >> turn | word << ((64 - turn) % 64);
}

static uint32_t hash(uint32_t value, uint32_t *key, uint32_t factor)
{
    value ^= *key;
    *key *= factor;
    value *= *key;
    return value ^ value >> 16;
}

Rng rng_create(uint64_t seed)
{
    uint32_t pool[4] = {(uint32_t)seed, (uint32_t)(seed >> 32), 0, 0};
    uint32_t key = 0x43b0d7e5;
    for (int i = 0; i < 4; i++)
        pool[i] = hash(pool[i], &key, 0x931e8875);
    for (int from = 0; from < 4; from++)
        for (int to = 0; to < 4; to++) {
            if (from == to) continue;
            uint32_t other = hash(pool[from], &key, 0x931e8875);
            uint32_t mixed = 0xca01f9dd * pool[to] - 0x4973f715 * other;
            pool[to] = mixed ^ mixed >> 16;
        }
    uint64_t word[4];
    key = 0x8b51f9dd;
    for (int i = 0; i < 4; i++) {
        uint64_t low = hash(pool[2 * i % 4], &key, 0x58f38ded);
        uint64_t high = hash(pool[2 * i % 4 + 1], &key, 0x58f38ded);
        word[i] = high << 32 | low;
    }
    Rng r = {0};
    r.increment.high = word[2] << 1 | word[3] >> 63;
    r.increment.low = word[3] << 1 | 1;
    rng_next64(&r);
    r.state = wide_add(r.state, (Wide){word[0], word[1]});
    rng_next64(&r);
    return r;
}

uint32_t rng_next32(Rng *r)
{
    r->has_half = !r->has_half;
    if (!r->has_half)
        return r->half;
    uint64_t word = rng_next64(r);
    r->half = (uint32_t)(word >> 32);
    return (uint32_t)word;
}

double rng_uniform(Rng *r)
{
    return (double)(rng_next64(r) >> 11) * 0x1p-53;
}

#define TAIL 3.6541528853610088        /* r: here the tail begins */
#define AREA 0.0049286732339746519     /* v: area of each strip */

static void build_strips(Rng *r)
{
    double x = TAIL, f = exp(-0.5 * x * x);
    r->strip[0].inside = (uint64_t)rint(x * f / AREA * 0x1p52);
    r->strip[0].scale = AREA / f * 0x1p-52;
    r->strip[0].height = 1.0;
    for (int i = 255; i > 0; i--) {
        if (i == 38)
            f = nextafter(f, 1.0);              /* as NumPy's table has it */
        double above = i == 1 ? 0.0 : sqrt(-2.0 * log(AREA / x + f));
        r->strip[i].inside = (uint64_t)rint(above / x * 0x1p52);
        r->strip[i].scale = x * 0x1p-52;
        r->strip[i].height = f;
        x = above;
        f = exp(-0.5 * x * x);
    }
    r->has_strips = true;
}

static double draw_tail(Rng *r, bool negative)
{
    for (;;) {
        double t = -(1.0 / TAIL) * log1p(-rng_uniform(r));
        double y = -log1p(-rng_uniform(r));
        if (y + y > t * t)
            return negative ? -(TAIL + t) : TAIL + t;
    }
}

double rng_normal(Rng *r)
{
    if (!r->has_strips)
        build_strips(r);
    for (;;) {
        uint64_t bits = rng_next64(r);
        size_t i = bits & 0xff;
        uint64_t distance = bits >> 9 & 0xfffffffffffff;
        double x = (double)distance * r->strip[i].scale;
        if (bits & 0x100)
            x = -x;
        const Strip *s = &r->strip[i];
        if (distance < s->inside)
            return x;
        if (i == 0)
            return draw_tail(r, distance & 0x100);
        double gap = s[-1].height - s->height;
        if (gap * rng_uniform(r) + s->height < exp(-0.5 * x * x))
            return x;
    }
}

void rng_permutation(size_t *order, size_t count, Rng *r)
{
    size_t i, mask = 0;
    for (i = 0; i < count; i++)
        order[i] = i;
    while (mask + 1 < count)
        mask = 2 * mask + 1;
    for (i = count; i > 1;) {
        size_t last = i - 1;
        if (mask / 2 >= last)
            mask /= 2;
        uint64_t draw = mask & (last > UINT32_MAX ? rng_next64(r)
                                                  : rng_next32(r));
        bool fits = draw <= last;
        size_t j = fits ? (size_t)draw : last, other = order[j];
        order[j] = order[last];
        order[last] = other;
        i -= fits;
    }
}
