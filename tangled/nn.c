/* Generated from nn.nw; edit there. nn.c: the command line */
#include <csv.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "complexstep.h"
#include "files.h"
#include "gradcheck.h"
#include "options.h"
#include "published.h"

static volatile sig_atomic_t signalled;

static void note(int number)
{
    signalled = number;
}

typedef struct {
    const Options *o;
    Error *e;
    Dataset D, T;                        /* to train on, to test on */
    Model m;
    Output history, save;
    size_t every;                        /* log lines; 0: none */
    double lowest, *best;                /* test loss, its numbers */
    size_t best_epoch, size;
} Session;

static bool observe(void *context, const Epoch *epoch)
{
    Session *s = context;
    Network *net = &s->m.net;
    double loss = 0, right = 0;
    if (s->T.X.data && epoch->epoch == 0)
        scaling_apply(s->T.X, s->m.scaling);
    if (s->T.X.data && (s->history.file || s->o->stop_after > 0)) {
        loss = network_mean(net, s->T, bce.value);
        right = network_mean(net, s->T, accuracy);
    }
    FILE *file = s->history.file;
    if (file && epoch->epoch == 0) {
        fprintf(file, "epoch,loss,accuracy%s",
                s->T.X.data ? ",test_loss,test_accuracy" : "");
        for (size_t i = 1; i <= epoch->norms; i++)
            fprintf(file, ",norm%zu", i);
        fputc('\n', file);
    }
    if (file) {
        const double mean[] = { epoch->loss, epoch->accuracy, loss, right };
        char text[32];
        fprintf(file, "%zu", epoch->epoch);
        for (size_t i = 0; i < (s->T.X.data ? 4 : 2); i++)
            fprintf(file, ",%s", number_format(text, mean[i]));
        for (size_t i = 0; i < epoch->norms; i++)
            fprintf(file, ",%s", number_format(text, epoch->norm[i]));
        fputc('\n', file);
    }
    size_t t = epoch->epoch, epochs = s->o->recipe.epochs;
    if (t % (epochs / 100 + 1) == 0 && isatty(STDERR_FILENO))
        fprintf(stderr, "  epoch %5zu of %zu              \r", t, epochs);
    if (s->every && t % s->every == 0)
        printf("%s  epoch %5zu: loss=%.4f  acc=%.3f\n", t ? ""
               : "Means over each epoch, in training mode:\n", t,
               epoch->loss, epoch->accuracy);
    if (s->o->stop_after > 0 && loss < s->lowest) {
        s->lowest = loss;
        s->best_epoch = t;
        s->size = (size_t)(net->lasting + net->lasting_count - net->params);
        if (!s->best && !(s->best = allocate(s->size, sizeof *s->best,
                                             "numbers", s->e)))
            return false;
        memcpy(s->best, net->params, s->size * sizeof *s->best);
    }
    if (s->best && t - s->best_epoch >= s->o->stop_after)
        return false;
    return !signalled;
}

static bool recipe_suits(Options *o, Dataset D, Error *e)
{
    Recipe *r = &o->recipe;
    size_t *width = o->layers.width, rows = D.X.rows;
    double params = 0;
    width[0] = D.X.cols;
    r->width = width;
    r->count = o->layers.count;
    r->loss = &bce;
    for (size_t i = 1; i < r->count; i++)
        params += ((double)width[i - 1] + 1) * (double)width[i];
    if (params > 1e8)
        return fail(e, "--layers asks for %.0f parameters; give it fewer, "
                    "100000000 at most", params);
    if (o->folds > rows)
        return fail(e, "--folds %zu is more than the %zu rows; give it "
                    "at most that", (size_t)o->folds, rows);
    if (o->folds > 0)
        rows -= (rows + o->folds - 1) / o->folds;
    if (r->batch > rows)
        return fail(e, "--batch %zu is more than the %zu rows to train "
                    "on; give it at most that", (size_t)r->batch, rows);
    return true;
}

static bool data_read(Session *s)
{
    const Options *o = s->o;
    Error odd = { { 0 } };
    if (o->data ? !dataset_read(&s->D, &s->m.labels, o->data, &o->how,
                                0, &odd, s->e)
        : !spirals(&s->D, 200, 0.25, 7, s->e))
        return false;
    const char *zero = s->m.labels.name[0], *one = s->m.labels.name[1];
    if (*odd.text)
        fprintf(stderr, "nn: warning: %s\n", odd.text);
    if (strcmp(zero, "0") || strcmp(one, "1"))
        printf("1 is %s, 0 is %s\n", one, zero);
    return !o->test || (dataset_read(&s->T, &s->m.labels, o->test,
                                     &o->how, s->D.X.cols, NULL, s->e)
        && (s->T.Y.data || fail(s->e, "%.200s has no labels; a test "
                                "needs them", o->test)));
}

static bool train_once(Session *s)
{
    const Recipe *r = &s->o->recipe;
    Network *net = &s->m.net;
    s->every = 1;
    for (int k = 0; r->epochs > 10 * s->every; k++)
        s->every = k % 3 == 1 ? s->every / 2 * 5 : s->every * 2;
    if (!recipe_fit(net, &s->m.scaling, s->D, r, observe, s, s->e)
        || *s->e->text)
        return false;
    if (s->best) {
        memcpy(net->params, s->best, s->size * sizeof *s->best);
        printf("Epoch %zu was the best on the test set and is kept.\n",
               s->best_epoch);
    }
    printf("Final training accuracy: %.4f\n",
           network_mean(net, s->D, accuracy));
    if (s->T.X.data)
        printf("Test accuracy: %.4f\n", network_mean(net, s->T, accuracy));
    for (size_t i = 0; i < s->D.Y.rows; i++)
        AT(s->D.Y, i, 0) = 1;
    double ones = network_mean(net, s->D, accuracy);
    if (ones == 0 || ones == 1)
        printf("The network says %s for every row.\n",
               s->m.labels.name[ones == 1]);
    return (!s->history.file || output_close(&s->history, s->e))
        && (!s->save.file || (model_write(s->save.file, &s->m, s->e)
                              && output_close(&s->save, s->e)));
}

static bool validate(Session *s)
{
    size_t folds = s->o->folds;
    double *share = allocate(folds, sizeof *share, "accuracies", s->e);
    bool ok = share
        && recipe_validate(share, folds, s->D, &s->o->recipe, observe,
                           s, s->e);
    if (ok && !signalled) {
        double mean = 0, squares = 0, n = (double)folds;
        for (size_t k = 0; k < folds; k++) {
            printf("  fold %2zu: accuracy=%.4f\n", k + 1, share[k]);
            mean += share[k] / n;
        }
        for (size_t k = 0; k < folds; k++)
            squares += (share[k] - mean) * (share[k] - mean);
        printf("Mean accuracy: %.4f, standard deviation %.4f\n", mean,
               sqrt(squares / (n - 1)));
    }
    free(share);
    return ok;
}

static int run_train(Options *o, Error *e)
{
    Session s = { .o = o, .e = e, .lowest = INFINITY,
                  .m.labels = { { "0", "1" } } };
    static const int number[] = { SIGINT, SIGTERM, SIGHUP };
    for (size_t i = 0; i < 3; i++) {
        struct sigaction new = { .sa_handler = note }, old;
        new.sa_flags = SA_RESTART;
        if (!sigaction(number[i], NULL, &old) && old.sa_handler != SIG_IGN)
            sigaction(number[i], &new, NULL);
    }
    bool ok = data_read(&s) && recipe_suits(o, s.D, e)
        && (!o->history || output_open(&s.history, o->history, e))
        && (!o->save || output_open(&s.save, o->save, e))
        && (o->folds > 0 ? validate(&s) : train_once(&s));
    if (ok && signalled)
        fprintf(stderr, "nn: interrupted; %s\n", o->folds > 0
                ? "folds have no result until all are done" : "what you "
                "asked for is written, up to the last whole epoch");
    output_abandon(&s.history);
    output_abandon(&s.save);
    model_destroy(&s.m);
    dataset_destroy(&s.D);
    dataset_destroy(&s.T);
    free(s.best);
    return !ok ? 1 : signalled ? 128 + signalled : 0;
}

static int run_spirals(Options *o, Error *e)
{
    Dataset D = { 0 };
    bool ok = spirals(&D, o->points, o->noise, o->recipe.seed, e)
        && dataset_write(o->out, D, e);
    dataset_destroy(&D);
    return !ok;
}

static int run_predict(Options *o, Error *e)
{
    Model m = { 0 };
    Dataset D = { 0 };
    Matrix Z = { 0 };
    Output out = { 0 };
    bool ok = model_load(&m, o->model, e)
        && dataset_read(&D, &m.labels, o->data, &o->how,
                        m.net.layer[0].d_in, NULL, e)
        && matrix_create(&Z, D.X.rows, 1, e)
        && output_open(&out, o->out, e);
    if (ok) {
        scaling_apply(D.X, m.scaling);
        network_predict(Z, &m.net, D.X);
        fputs("probability,class\n", out.file);
        for (size_t i = 0; ok && i < Z.rows; i++) {
            double z = AT(Z, i, 0);
            if (!isfinite(z))
                ok = fail(e, "row %zu of the data is too far from what the "
                          "model knows; remove it", i + 1);
            const char *class = m.labels.name[z >= 0];
            char text[32];
            fprintf(out.file, "%s,", number_format(text, sigmoid(z)));
            if (strpbrk(class, ",\""))
                csv_fwrite(out.file, class, strlen(class));
            else
                fputs(class, out.file);
            fputc('\n', out.file);
        }
        ok = ok && output_close(&out, e);
    }
    if (ok && D.Y.data)
        fprintf(o->out ? stdout : stderr, "accuracy: %.4f of %zu rows\n",
                accuracy(Z, D.Y), D.X.rows);
    output_abandon(&out);
    matrix_destroy(&Z);
    dataset_destroy(&D);
    model_destroy(&m);
    return !ok;
}

static int run_published(Options *o, Error *e)
{
    (void)o;
    return !published_command(e);
}

static bool tensor_check(Point *p, char name, size_t number, Matrix x,
                         const double *grad, const double *exact)
{
    size_t count = x.rows * x.cols;
    Rng rng = rng_create(count);
    Verdict near = check_central(network_sample, p, x.data, grad,
                                 count);
    Verdict same = compare_gradients(grad, exact, count);
    double ratio = taylor_ratio(network_sample, p, x.data, grad, count,
                                &rng);
    bool ok = verdict_ok(near, 1e-6) && verdict_ok(same, 1e-12)
        && (ratio == 0 || (ratio > 3.6 && ratio < 4.4));
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(grad[i]));
    printf("  %c%-5.0zu %3zu x %-3zu %8.2e  %8.2e  %6.4f  %8.2e %8zu  %s\n",
           name, number, x.rows, x.cols, largest, near.worst, ratio,
           same.worst, near.skipped, ok ? "ok" : "FAIL");
    return ok;
}

static bool check_after(size_t steps, bool *passed, const Options *o,
                        Error *e)
{
    static const size_t width[] = { 2, 8, 6, 4, 1 };
    Recipe r = {
        .width = width, .count = 5,
        .activation = o->recipe.activation,
        .loss = &bce, .init = INIT_XAVIER, .rate = 0.05,
        .epochs = steps, .batch = 12, .seed = 1, .method = SGD
    };
    Dataset D = { 0 };
    Model m = { 0 };
    double *grads = NULL;
    bool ok = spirals(&D, r.batch / 2, 0.25, 7, e)
        && recipe_fit(&m.net, &m.scaling, D, &r, NULL, NULL, e);
    if (ok) {
        Rng rng = rng_create(0);
        for (size_t i = 0; i < m.net.depth; i++)
            for (size_t k = 0; k < m.net.layer[i].b.cols; k++)
                AT(m.net.layer[i].b, 0, k) += 0.1 * rng_normal(&rng);
        size_t n = r.batch, params = m.net.param_count;
        grads = allocate(params + 5 * n, sizeof *grads, "gradients", e);
        Matrix dX = matrix_view(grads + params, n, 2);
        Matrix exact_dX = matrix_view(grads + params + 2 * n, n, 2);
        Matrix dZ = matrix_view(grads + params + 4 * n, n, 1);
        if ((ok = grads)) {
            Matrix Z = network_forward(&m.net, D.X, TRAINING);
            r.loss->gradient(dZ, Z, D.Y);
            network_backward(dX, &m.net, dZ);
            ok = complex_gradient(1e-20, grads, exact_dX, &m.net, D.X, D.Y,
                                  r.loss, e);
        }
        if (ok) {
            Point p = { .net = &m.net, .D = D, .loss = r.loss };
            printf("After %zu steps\n  tensor   shape    max |g|   central  Taylor"
                   "   complex  skipped\n", steps);
            for (size_t i = 0, number = 0; i < m.net.depth; i++) {
                const Layer *l = &m.net.layer[i];
                if (!layer_params(l))
                    continue;
                *passed &= tensor_check(&p, 'W', ++number, l->W, l->dW.data,
                                        grads + (l->dW.data - m.net.grads));
                *passed &= tensor_check(&p, 'b', number, l->b, l->db.data,
                                        grads + (l->db.data - m.net.grads));
            }
            *passed &= tensor_check(&p, 'X', 0, D.X, dX.data, exact_dX.data);
        }
    }
    free(grads);
    model_destroy(&m);
    dataset_destroy(&D);
    return ok;
}

static int run_check(Options *o, Error *e)
{
    bool passed = true;
    for (size_t steps = 0; steps <= 20; steps += 20)
        if (!check_after(steps, &passed, o, e))
            return 1;
    printf("%s: central < 1e-6, Taylor 3.6 to 4.4, complex < 1e-12, "
           "for every tensor\n", passed ? "PASS" : "FAIL");
    return !passed;
}

static const struct {
    const char *name;
    char mark;
    int (*run)(Options *o, Error *e);
    const char *help;
} command_table[] = {
    { "spirals", 's', run_spirals, "write two spirals" },
    { "train", 't', run_train, "learn from a table, or two spirals" },
    { "predict", 'p', run_predict, "apply a model to a table" },
    { "check", 'c', run_check, "check every gradient three ways" },
    { "published", '-', run_published, "the published run, mended" },
};
enum { COMMANDS = sizeof command_table / sizeof *command_table };

static int run(char **word, Error *e)
{
    Options o = { 0 };
    if (!word[1]) {
        fail(e, "no command; nn --help lists the commands");
        return 2;
    }
    for (size_t i = 1; word[i]; i++)
        if (!strcmp(word[i], "--help")) {
            puts("usage: nn COMMAND [--OPTION VALUE]...");
            for (size_t k = 0; k < COMMANDS; k++)
                printf("  %c: %-11s%s\n", command_table[k].mark,
                       command_table[k].name, command_table[k].help);
            options_help();
            return 0;
        }
    for (size_t i = 0; i < COMMANDS; i++)
        if (!strcmp(word[1], command_table[i].name))
            return options_read(&o, command_table[i].mark, word, e)
                ? command_table[i].run(&o, e) : 2;
    fail(e, "\"%.60s\" is no command; nn --help lists the five that "
         "there are", word[1]);
    return 2;
}

int main(int argc, char **argv)
{
    Error e = { { 0 } };
    int status = argc > 0 ? run(argv, &e) : 2;
    Output standard = { .file = stdout, .path = "standard output" };
    if (!output_close(&standard, *e.text ? NULL : &e) && !status)
        status = 1;
    for (char *c = e.text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = '?';
    if (*e.text)
        fprintf(stderr, "nn: %s\n", e.text);
    return status;
}
