/* bench.c: the package's own training, as the benchmark runs it.  What it is
   linked with multiplies the matrices: the package's products, those of
   blas.c, or a stage of stages.c. */
#include <math.h>
#include "published.h"
#include "unit.h"

enum { NETS = ARCHITECTURES };
typedef struct {
    size_t nets, epochs, batch;
    Network net[NETS];
    Dataset D;
    Optimizer o;
    Rng rng;
    Error e;
} Bench;

static void unit(void *context)
{
    Bench *b = context;
    for (size_t i = 0; i < b->nets; i++)
        if (!train(&b->net[i], b->D, &bce, &b->o, b->epochs, b->batch, &b->rng,
                   NULL, NULL, &b->e))
            stop("%s", b->e.text);
}

static void add_net(Bench *b, const size_t *width, size_t count)
{
    Network *net = &b->net[b->nets];
    if (!network_create(net, width, count, b->batch, &b->e))
        stop("%s", b->e.text);
    network_init(net, INIT_XAVIER, 42 + b->nets++);
}

/* rows x cols normal numbers, and labels 0, 1, 0, 1, ... */
static void generated(Bench *b, size_t rows, size_t cols)
{
    if (!dataset_create(&b->D, rows, cols, &b->e))
        stop("%s", b->e.text);
    for (size_t i = 0; i < rows * cols; i++)
        b->D.X.data[i] = rng_normal(&b->rng);
    for (size_t i = 0; i < rows; i++)
        b->D.Y.data[i] = (double)(i % 2);
}

/* the spirals of the main run with so many points */
static void points(Bench *b, size_t count)
{
    Scaling s;
    if (!spirals(&b->D, count / 2, 0.25, 7, &b->e)
        || !scaling_fit(&s, b->D.X, &b->e))
        stop("%s", b->e.text);
    scaling_apply(b->D.X, s);
    scaling_destroy(&s);
}

static double sum_of(const double *a, size_t by, const double *b, size_t by_b,
                     size_t count)
{
    double sum = 0;
    for (size_t j = 0; j < count; j++)
        sum += a[j * by] * b[j * by_b];
    return sum;
}

/* Are these the right products?  C: m x n, each number a sum of d terms */
static void check(size_t m, size_t n, size_t d, Rng *rng)
{
    static double a[64 * 64], b[64 * 64], c[3][64 * 64], room[64 * 64];
    for (size_t i = 0; i < 64 * 64; i++) {
        a[i] = rng_normal(rng);
        b[i] = rng_normal(rng);
    }
    Matrix C[3];
    for (size_t i = 0; i < 3; i++)
        C[i] = matrix_view(c[i], m, n);
    matmul(C[0], matrix_view(a, m, d), matrix_view(b, d, n));
    matmul_tn(C[1], matrix_view(a, d, m), matrix_view(b, d, n));
    matmul_nt(C[2], matrix_view(a, m, d), matrix_view(b, n, d),
              matrix_view(room, d, n));
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < n; k++) {
            double miss = fabs(sum_of(a + i * d, 1, b + k, n, d)
                               - AT(C[0], i, k))
                + fabs(sum_of(a + i, m, b + k, n, d) - AT(C[1], i, k))
                + fabs(sum_of(a + i * d, 1, b + k * d, 1, d)
                       - AT(C[2], i, k));
            if (!(miss < 1e-12))
                stop("wrong products of %zux%zux%zu", m, d, n);
        }
}

/* all shapes that have these numbers in them: whole tiles and none, one */
static void check_all(void)
{
    static const size_t some[] = { 1, 2, 3, 5, 8, 16, 17, 31, 32, 63, 64 };
    enum { SOME = sizeof some / sizeof *some };
    Rng rng = rng_create(7);
    for (size_t i = 0; i < SOME * SOME * SOME; i++)
        check(some[i % SOME], some[i / SOME % SOME],
              some[i / SOME / SOME], &rng);
}

int main(int argc, char **argv)
{
    static const size_t wide[] = { 784, 512, 256, 1 };
    Bench b = { .batch = 64, .o = sgd(0.05), .rng = rng_create(7) };
    const char *task = argc > 1 ? argv[1] : "";
    b.epochs = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    size_t size = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    if (!strcmp(task, "main") || !strcmp(task, "points")) {
        points(&b, size ? size : 400);
        add_net(&b, main_run.width, main_run.count);
    } else if (!strcmp(task, "four")) {
        points(&b, 400);
        for (size_t i = 0; i < NETS; i++)
            add_net(&b, architectures[i].width, architectures[i].count);
    } else if (!strcmp(task, "wide") || !strcmp(task, "width")) {
        const size_t same[] = { size, size, size, 1 };
        b.batch = 256;
        b.o.rate = 0.001;
        generated(&b, size ? 256 : 1024, size ? size : 784);
        add_net(&b, size ? same : wide, 4);
    } else if (!strcmp(task, "check")) {
        check_all();
        return 0;
    } else if (!strcmp(task, "version")) {
        puts(__VERSION__);
        return 0;
    } else
        stop("bench: no task \"%s\"", task);
    serve(unit, &b);
    for (size_t i = 0; i < b.nets; i++)
        network_destroy(&b.net[i]);
    dataset_destroy(&b.D);
}
