/* The spirals against what NumPy made of them (reference/numpy.h). */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>

#include "bits.h"
#include "data.h"
#include "reference/numpy.h"

enum { SPIRALS = sizeof numpy_spirals / sizeof numpy_spirals[0] };

#define FOR_EACH_SPIRALS(want)                                                 \
    for (const struct numpy_spirals *want = numpy_spirals;                     \
         want < numpy_spirals + SPIRALS; want++)

static void check_row(const double *got, const uint64_t *want, size_t points,
                      uint64_t seed, const char *which)
{
    for (int j = 0; j < 2; j++) {
        cr_assert(bits_of(got[j]) == want[j],
                  "%zu points, seed %" PRIu64 ": column %d of the %s row is %.17g, and "
                  "NumPy says %.17g", points, seed, j, which, got[j], double_of(want[j]));
    }
}

Test(data, spirals_equal_numpy, .timeout = 20)
{
    FOR_EACH_SPIRALS(want) {
        Dataset D;
        Error e;
        size_t n = want->points;
        cr_assert(spirals(&D, n, want->noise, want->seed, &e), "spirals: %s", e.text);
        cr_assert(D.X.rows == 2 * n && D.X.cols == 2 && D.Y.rows == 2 * n && D.Y.cols == 1);
        check_row(&AT(D.X, 0, 0), want->first, n, want->seed, "first");
        check_row(&AT(D.X, 2 * n - 1, 0), want->last, n, want->seed, "last");
        uint64_t sum = FNV1A_START;
        for (size_t i = 0; i < 2 * n; i++) {
            sum = fnv1a(sum, bits_of(AT(D.X, i, 0)));
            sum = fnv1a(sum, bits_of(AT(D.X, i, 1)));
            cr_assert(AT(D.Y, i, 0) == (i < n ? 0.0 : 1.0), "the label of row %zu", i);
        }
        cr_assert(sum == want->rows, "%zu points, noise %g, seed %" PRIu64 ": the checksum "
                  "of all rows is %016" PRIx64 ", and NumPy says %016" PRIx64, n,
                  want->noise, want->seed, sum, want->rows);
        dataset_destroy(&D);
    }
}

Test(data, scaling_equals_numpy, .timeout = 20)
{
    FOR_EACH_SPIRALS(want) {
        Dataset D;
        Scaling s;
        Error e;
        cr_assert(spirals(&D, want->points, want->noise, want->seed, &e), "%s", e.text);
        cr_assert(scaling_fit(&s, D.X, &e), "%s", e.text);
        for (size_t j = 0; j < 2; j++) {
            double mean = s.mean.data[j], std = s.std.data[j];
            cr_assert(fabs(mean - want->mean[j]) <= 1e-13, "column %zu: mean %.17g, and "
                      "NumPy says %.17g", j, mean, want->mean[j]);
            if (want->std[j] > 1e-12) { /* else only rounding errors: no spread */
                cr_assert(fabs(std - want->std[j]) <= 1e-13 * want->std[j], "column %zu: "
                          "deviation %.17g, and NumPy says %.17g", j, std, want->std[j]);
            }
        }
        scaling_destroy(&s);
        dataset_destroy(&D);
    }
}
