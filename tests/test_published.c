#include "check.h"

#include <malloc.h>
#include <stdlib.h>

#include "published.h"
#include "wrap.h"

Test(published, log_digit_for_digit, .timeout = 300)
{
    /* the first two lines of the published log, and its gradient check; the
       other lines take 3000 epochs: tests/published.sh compares them */
    Error e = { "" };
    Network net;
    Rng rng = rng_create(7);
    char check[32], *log = NULL;
    size_t length = 0;
    snprintf(check, sizeof check, "%.2e", published_check(&rng));
    cr_assert(strcmp(check, "1.14e-11") == 0,
              "Gradient check: max relative error = 1.14e-11 was published, this is %s",
              check);
    FILE *file = open_memstream(&log, &length);
    cr_assert(file != NULL);
    cr_assert(published_run(&net, &main_run, 501, true, &rng, published_print,
                            &(Log){ &main_run, file }, &e),
              "%s", e.text);
    fclose(file);
    cr_assert(strcmp(log, "  epoch     0: loss=0.6983  acc=0.505\n"
                          "  epoch   500: loss=0.6848  acc=0.560\n"
                          "Final training accuracy: 0.5600\n\n"
                          "Four architectures\n") == 0,
              "the log begins otherwise:\n%s", log);
    free(log);
    network_destroy(&net);
}

/* Which runs there are; each stops after its first epoch. */
typedef struct {
    Log log;                    /* says which is under way */
    size_t runs;
    const Architecture *shape[10];
    size_t epochs[10];
} Seen;

static bool see(void *context, const Epoch *now)
{
    Seen *s = context;
    cr_assert(s->runs < 10);
    s->epochs[s->runs] = now->epochs;
    s->shape[s->runs++] = s->log.shape;
    return false;
}

Test(published, five_runs_and_nothing_kept, .timeout = 60)
{
    size_t taken = 0;
    for (int time = 0; time < 20; time += (int)sparse(9)) { /* malloc's caches fill */
        Seen s = { .runs = 0 };
        Error e = { "" };
        Rng rng = rng_create(7);
        size_t before = mallinfo2().uordblks;
        cr_assert(published_runs(true, &rng, see, &s.log, &e), "%s", e.text);
        taken = mallinfo2().uordblks - before;
        cr_assert(s.runs == 5 && s.shape[0] == &main_run && s.epochs[0] == MAIN_EPOCHS);
        for (size_t i = 1; i < 5; i++) {
            cr_assert(s.shape[i] == &architectures[i - 1] && s.epochs[i] == ARCHITECTURE_EPOCHS, "run %zu", i);
        }
    }
    cr_assert(taken == 0, "%zu bytes are kept", taken);
}

Test(published, no_memory_is_an_error, .timeout = 60)
{
    Error e = { "" };
    Rng rng = rng_create(7);
    wrap_calls = 0;
    wrap_fail_at = 1;
    cr_assert(!published_runs(true, &rng, see, &(Seen){ .runs = 0 }.log, &e) && strstr(e.text, "memory"), "%s", e.text);
}

Test(published, factor_is_64_and_16, .timeout = 300)
{
    static const size_t rows[] = { 64, 16, 1 };
    for (size_t k = 0; k < 3; k++) {
        Error e = { "" };
        double factor = NAN, right = (double)rows[k];
        cr_assert(published_factor(&factor, rows[k], &e), "%s", e.text);
        cr_assert(fabs(factor / right - 1.0) < 1e-5,
                  "a batch of %zu: the loss rises %.9g times as fast as the published "
                  "gradient says, and not %zu times", rows[k], factor, rows[k]);
    }
}

Test(published, factor_is_for_1_to_64_rows, .timeout = 30)
{
    Error e = { "" };
    double factor = NAN;
    CHECK_STOPS(published_factor(&factor, 0, &e), "published_factor", "0");
    CHECK_STOPS(published_factor(&factor, 65, &e), "published_factor", "65");
}

/* Notes the mended run's figures at epochs 0 and 500; stops at 99 %. */
typedef struct {
    Network *net;
    Dataset D;
    double accuracy;
    char text[128];
} Mended;

static bool watch(void *context, const Epoch *epoch)
{
    Mended *m = context;
    if (epoch->epoch % 500 == 0) {
        size_t at = strlen(m->text);
        snprintf(m->text + at, sizeof m->text - at, "%zu: loss=%.4f  acc=%.3f\n",
                 epoch->epoch, epoch->batch_loss, network_mean(m->net, m->D, accuracy));
    }
    if (epoch->epoch >= 740) {
        m->accuracy = network_mean(m->net, m->D, accuracy);
    }
    return m->accuracy < 0.99;
}

Test(published, mended_run_reaches_the_limit, .timeout = 300)
{
    /* the gradient divided once, everything else the same, by train itself: the
       digits at epochs 0 and 500, and 99 % soon after epoch 740. The Bayes rule
       is right on 99.25 % of these points; so is the network after 3000 */
    Error e = { "" };
    Network net;
    Mended m = { .net = &net };
    cr_assert(published_data(&m.D, &e), "%s", e.text);
    cr_assert(network_create(&net, main_run.width, main_run.count, 64, &e), "%s", e.text);
    network_init(&net, INIT_XAVIER, 42);
    Rng rng = rng_create(7);
    published_check(&rng);
    Optimizer o = sgd(0.05);
    cr_assert(train(&net, m.D, &bce, &o, 800, 64, &rng, watch, &m, &e), "%s", e.text);
    cr_assert(strcmp(m.text, "0: loss=0.6979  acc=0.512\n"
                             "500: loss=0.2952  acc=0.938\n") == 0,
              "the mended run begins otherwise:\n%s", m.text);
    cr_assert(m.accuracy >= 0.99, "after 800 epochs only %.2f %% are right",
              100.0 * m.accuracy);
    network_destroy(&net);
    dataset_destroy(&m.D);
}

Test(published, mended_run_is_what_train_does, .timeout = 300)
{
    Error e = { "" };
    Dataset D;
    Network a, b;
    cr_assert(published_data(&D, &e), "%s", e.text);
    cr_assert(network_create(&b, main_run.width, main_run.count, 64, &e), "%s", e.text);
    network_init(&b, INIT_XAVIER, 42);
    Rng one = rng_create(7), two = one;
    Optimizer o = sgd(0.05);
    cr_assert(published_run(&a, &main_run, 5, false, &one, NULL, NULL, &e), "%s", e.text);
    cr_assert(train(&b, D, &bce, &o, 5, 64, &two, NULL, NULL, &e), "%s", e.text);
    check_bits(a.params, b.params, b.param_count, "five epochs: a parameter");
    network_destroy(&a);
    network_destroy(&b);
    dataset_destroy(&D);
}
