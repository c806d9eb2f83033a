/* Every draw against what NumPy drew (reference/numpy.h), to the last bit; and
   a few properties that hold whoever drew the numbers. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "bits.h"
#include "reference/numpy.h"
#include "rng.h"

enum { GENERATORS = sizeof numpy_generators / sizeof numpy_generators[0] };

/* Runs the body for each recorded seed. */
#define FOR_EACH_SEED(want)                                                    \
    for (const struct numpy_generator *want = numpy_generators;                \
         want < numpy_generators + GENERATORS; want++)

static void check_words(uint64_t got, uint64_t want, uint64_t seed, const char *what)
{
    cr_assert(got == want, "seed %" PRIu64 ": %s is %016" PRIx64
              ", and NumPy says %016" PRIx64, seed, what, got, want);
}

static void check_doubles(double got, uint64_t want, uint64_t seed, const char *what)
{
    cr_assert(bits_of(got) == want, "seed %" PRIu64 ": %s is %.17g, and NumPy says %.17g",
              seed, what, got, double_of(want));
}

static bool is_permutation(const size_t *order, size_t count)
{
    bool seen[512] = { false };
    for (size_t i = 0; i < count; i++) {
        if (order[i] >= count || seen[order[i]]) {
            return false;
        }
        seen[order[i]] = true;
    }
    return true;
}

Test(rng, seeds_match_numpy, .timeout = 20)
{
    cr_assert(GENERATORS >= 20, "only %d seeds are recorded", (int)GENERATORS);
    FOR_EACH_SEED(want) {
        Rng r = rng_create(want->seed);
        for (int i = 0; i < 4; i++) {
            check_words(rng_next64(&r), want->raw[i], want->seed, "a word");
        }
    }
}

Test(rng, halves_come_low_first, .timeout = 20)
{
    FOR_EACH_SEED(want) {
        Rng r = rng_create(want->seed);
        for (int i = 0; i < 6; i++) {
            uint64_t got = i == 3 ? rng_next64(&r) : rng_next32(&r);
            check_words(got, want->halves[i], want->seed, "a half (or the word between)");
        }
        /* the same without NumPy: low and high half of one word, in this order */
        Rng a = rng_create(want->seed), b = a;
        uint64_t word = rng_next64(&a);
        check_words(rng_next32(&b), word & 0xffffffff, want->seed, "the low half");
        check_words(rng_next32(&b), word >> 32, want->seed, "the high half");
        check_words(rng_next64(&b), rng_next64(&a), want->seed, "the word after them");
    }
}

Test(rng, uniforms_match_numpy, .timeout = 20)
{
    FOR_EACH_SEED(want) {
        Rng r = rng_create(want->seed);
        for (int i = 0; i < 4; i++) {
            double u = rng_uniform(&r);
            check_doubles(u, want->uniform[i], want->seed, "a uniform number");
            cr_assert(u >= 0.0 && u < 1.0);
        }
    }
}

Test(rng, normals_match_numpy, .timeout = 20)
{
    FOR_EACH_SEED(want) {
        Rng r = rng_create(want->seed);
        for (int i = 0; i < 8; i++) {
            check_doubles(rng_normal(&r), want->normal[i], want->seed, "a normal number");
        }
    }
}

Test(rng, ten_thousand_normals, .timeout = 20)
{
    const double tail = 3.6541528853610088;
    int above = 0, below = 0;
    FOR_EACH_SEED(want) {
        Rng r = rng_create(want->seed);
        uint64_t sum = FNV1A_START;
        int up = 0, down = 0;
        for (int i = 0; i < 10000; i++) {
            double x = rng_normal(&r);
            sum = fnv1a(sum, bits_of(x));
            up += x > tail;
            down += x < -tail;
        }
        cr_assert(up == want->above && down == want->below,
                  "seed %" PRIu64 ": %d numbers in the upper and %d in the lower tail, "
                  "and NumPy has %d and %d", want->seed, up, down, want->above, want->below);
        check_words(sum, want->normals10000, want->seed, "the checksum of 10000 normals");
        above += up;
        below += down;
    }
    cr_assert(above >= 10 && below >= 10, "the tail was met too seldom: %d, %d", above, below);
}

/* All 768 constants, where a wrong last bit would take 10^15 draws to be seen;
   and they are made once: who alters them alters the numbers. */
Test(rng, strips_match_numpy, .timeout = 20)
{
    Rng r = rng_create(1);
    uint64_t sum = FNV1A_START;
    rng_normal(&r);
    for (int i = 0; i < 256; i++) {
        sum = fnv1a(sum, r.strip[i].inside);
        sum = fnv1a(sum, bits_of(r.strip[i].scale));
        sum = fnv1a(sum, bits_of(r.strip[i].height));
    }
    check_words(sum, numpy_strips, 1, "the checksum of the strips");
    for (int i = 0; i < 256; i++) {
        r.strip[i].inside = UINT64_MAX;
        r.strip[i].scale = 0.0;
    }
    cr_assert(rng_normal(&r) == 0.0, "the strips were made again");
}

Test(rng, permutations_match_numpy, .timeout = 20)
{
    FOR_EACH_SEED(want) {
        Rng r = rng_create(want->seed);
        size_t order[400];
        rng_permutation(order, 10, &r);
        for (size_t i = 0; i < 10; i++) {
            cr_assert(order[i] == want->permutation10[i],
                      "seed %" PRIu64 ": place %zu of the permutation of 10 holds %zu, "
                      "and NumPy says %zu", want->seed, i, order[i], want->permutation10[i]);
        }
        r = rng_create(want->seed);
        rng_permutation(order, 400, &r);
        uint64_t sum = FNV1A_START;
        for (size_t i = 0; i < 400; i++) {
            sum = fnv1a(sum, order[i]);
        }
        cr_assert(is_permutation(order, 400));
        check_words(sum, want->permutation400, want->seed, "the checksum of a permutation");
    }
}

/* 65536 = 2^16 needs a mask of 17 bits; the first of these draws is the last place */
Test(rng, long_permutations_draw_every_bit, .timeout = 20)
{
    enum { COUNT = 65537 };
    static size_t order[COUNT];
    size_t bits = 0, missing = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        Rng r = rng_create(seed);
        rng_permutation(order, COUNT, &r);
        bits |= order[COUNT - 1];
        missing |= ~order[COUNT - 1];
    }
    cr_assert((bits & 0xffff) == 0xffff && (missing & 0xffff) == 0xffff,
              "of 40 draws up to 65536 a bit is never, or always, set: %zx, %zx", bits, missing);
}

Test(rng, short_permutations_draw_nothing, .timeout = 20)
{
    Rng r = rng_create(42), untouched = r;
    size_t order[2] = { 77, 88 };
    rng_permutation(order, 0, &r);
    rng_permutation(NULL, 0, &r);
    cr_assert(order[0] == 77 && order[1] == 88, "a permutation of nothing wrote something");
    rng_permutation(order, 1, &r);
    cr_assert(order[0] == 0 && order[1] == 88, "a permutation of one is 0");
    cr_assert(rng_next32(&r) == rng_next32(&untouched), "a draw was spent on no choice");
}

/* As record.py's interleaved(): everything in turn from one generator. */
Test(rng, one_stream_feeds_all, .timeout = 20)
{
    FOR_EACH_SEED(want) {
        Rng r = rng_create(want->seed);
        uint64_t sum = FNV1A_START;
        size_t order[128];
        for (size_t turn = 0; turn < 60; turn++) {
            for (int i = 0; i < 3; i++) {
                sum = fnv1a(sum, bits_of(rng_normal(&r)));
            }
            rng_permutation(order, turn % 23, &r);
            for (size_t i = 0; i < turn % 23; i++) {
                sum = fnv1a(sum, order[i]);
            }
            for (int i = 0; i < 2; i++) {
                sum = fnv1a(sum, bits_of(rng_uniform(&r)));
            }
            sum = fnv1a(sum, rng_next32(&r));
            rng_permutation(order, 64 + turn, &r);
            for (size_t i = 0; i < 64 + turn; i++) {
                sum = fnv1a(sum, order[i]);
            }
        }
        sum = fnv1a(sum, rng_next64(&r));
        check_words(sum, want->interleaved, want->seed, "the checksum of a mixed stream");
    }
}

Test(rng, a_copy_goes_the_same_way, .timeout = 20)
{
    Rng r = rng_create(7);
    rng_next32(&r); /* the copy must carry the half that is kept */
    Rng before = r;
    double first = rng_normal(&r);
    Rng after = r; /* with strips; `before` has none */
    cr_assert(rng_next32(&before) == rng_next32(&after));
    before = rng_create(7);
    rng_next32(&before);
    cr_assert(bits_of(rng_normal(&before)) == bits_of(first));
    for (int i = 0; i < 100; i++) {
        cr_assert(bits_of(rng_normal(&before)) == bits_of(rng_normal(&r)));
    }
}

/* A count of hits in `draws` trials lies within five deviations of its mean. */
static void check_count(double hits, double draws, double p, const char *what)
{
    double bound = 5.0 * sqrt(draws * p * (1.0 - p));
    cr_assert(fabs(hits - draws * p) <= bound,
              "%s: %.0f of %.0f, expected %.1f, five deviations are %.1f", what, hits,
              draws, draws * p, bound);
}

Test(rng, permutation_is_uniform, .timeout = 20)
{
    enum { DRAWS = 24000 };
    Rng r = rng_create(2024);
    int orders[256] = { 0 }, places[10][10] = { { 0 } };
    size_t order[10];
    for (int draw = 0; draw < DRAWS; draw++) {
        rng_permutation(order, 4, &r);
        cr_assert(is_permutation(order, 4));
        orders[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]]++;
        rng_permutation(order, 10, &r);
        cr_assert(is_permutation(order, 10));
        for (size_t i = 0; i < 10; i++) {
            places[i][order[i]]++;
        }
    }
    int seen = 0;
    for (size_t i = 0; i < 256; i++) {
        if (orders[i] > 0) {
            seen++;
            check_count(orders[i], DRAWS, 1.0 / 24, "one of the 24 orders of four");
        }
    }
    cr_assert(seen == 24, "%d of the 24 orders of four were seen", seen);
    for (size_t i = 0; i < 10; i++) {
        for (size_t j = 0; j < 10; j++) {
            check_count(places[i][j], DRAWS, 0.1, "a number in a place of ten");
        }
    }
}

Test(rng, uniforms_are_uniform, .timeout = 20)
{
    enum { DRAWS = 200000, BINS = 20 };
    Rng r = rng_create(5);
    int bins[BINS] = { 0 };
    for (int draw = 0; draw < DRAWS; draw++) {
        double u = rng_uniform(&r);
        cr_assert(u >= 0.0 && u < 1.0 && u * 0x1p53 == floor(u * 0x1p53));
        bins[(int)(u * BINS)]++;
    }
    for (int i = 0; i < BINS; i++) {
        check_count(bins[i], DRAWS, 1.0 / BINS, "a twentieth of [0,1)");
    }
}

/* The moments 1 to 4 are 0, 1, 0, 3; the variances of x, x^2, x^3, x^4 are
   1, 2, 15, 96. Bins and tails are held against the error function. */
Test(rng, normals_are_normal, .timeout = 20)
{
    enum { DRAWS = 300000, BINS = 32 };
    const double tail = 3.6541528853610088, draws = DRAWS;
    const double expected[4] = { 0.0, 1.0, 0.0, 3.0 };
    const double variance[4] = { 1.0, 2.0, 15.0, 96.0 };
    double moment[4] = { 0.0 }, far[2] = { 0.0 }, farther[2] = { 0.0 };
    int bins[BINS] = { 0 };
    Rng r = rng_create(99);
    for (int draw = 0; draw < DRAWS; draw++) {
        double x = rng_normal(&r), power = 1.0;
        for (int k = 0; k < 4; k++) {
            power *= x;
            moment[k] += power / draws;
        }
        far[x < 0.0] += fabs(x) > tail;
        farther[x < 0.0] += fabs(x) > 4.0;
        if (fabs(x) < 4.0) {
            bins[(int)((x + 4.0) * (BINS / 8.0))]++;
        }
    }
    for (int k = 0; k < 4; k++) {
        cr_assert(fabs(moment[k] - expected[k]) <= 5.0 * sqrt(variance[k] / draws),
                  "moment %d is %.6f, not %.0f", k + 1, moment[k], expected[k]);
    }
    for (int sign = 0; sign < 2; sign++) {
        check_count(far[sign], draws, 0.5 * erfc(tail / sqrt(2.0)), "beyond r, one sign");
        check_count(farther[sign], draws, 0.5 * erfc(4.0 / sqrt(2.0)), "beyond 4, one sign");
    }
    for (int i = 0; i < BINS; i++) {
        double left = (i * 8.0 / BINS - 4.0) / sqrt(2.0);
        double right = ((i + 1) * 8.0 / BINS - 4.0) / sqrt(2.0);
        check_count(bins[i], draws, 0.5 * (erfc(left) - erfc(right)), "a quarter of a unit");
    }
}
