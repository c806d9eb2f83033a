/* Generated from nn.nw; edit there. nn.c: the command line */
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "complexstep.h"
#include "gradcheck.h"
#include "model.h"
#include "published.h"
#include "recipe.h"

static volatile sig_atomic_t signalled;

static void note(int number)
{
    signalled = number;
}

static void catch_signal(int number)
{
    struct sigaction new = { .sa_handler = note }, old;
    new.sa_flags = SA_RESTART;
    if (!sigaction(number, NULL, &old) && old.sa_handler != SIG_IGN)
        sigaction(number, &new, NULL);
}

typedef struct { size_t width[WIDTHS], count; } Widths;
typedef struct {
    uint64_t points, seed, epochs, batch, folds;
    double noise, rate, beta, dropout;
    Widths layers;                       /* the hidden ones */
    Init init;
    Method optimizer;
    bool batchnorm;
    const char *data, *test, *history, *save, *model, *out;
    char **words;                        /* what isn't an option */
    int word_count;
} Options;

typedef struct {
    const char *name;
    size_t offset;                       /* of its field in Options */
    const char *commands;                /* that take it */
    enum { TEXT, WHOLE, DECIMAL, LIST, START, STEP, FLAG } kind;
    double low, high;
    const char *wants;
} Option;

#define FIELD(name) #name, offsetof(Options, name)
#define SPIRALS " spirals "
#define TRAIN " train "
#define PREDICT " predict "

static const Option option_table[] = {
    { FIELD(points), SPIRALS, WHOLE, 1, 1e7, "a count up to 10000000" },
    { FIELD(noise), SPIRALS, DECIMAL, 0, 1e6, "a number from 0 to "
      "1000000" },
    { FIELD(seed), SPIRALS TRAIN, WHOLE, 0, 0x1p64, "a number below "
      "2^64" },
    { FIELD(data), TRAIN PREDICT, TEXT, 0, 0, "the name of a CSV "
      "file" },
    { FIELD(test), TRAIN, TEXT, 0, 0, "the name of a CSV file" },
    { FIELD(out), SPIRALS PREDICT, TEXT, 0, 0, "a name to "
      "write to" },
    { FIELD(layers), TRAIN, LIST, 1, WIDTHS - 2, "up to 16 widths "
      "from 1 to 65536 such as 64,32,16, or none" },
    { FIELD(rate), TRAIN, DECIMAL, DBL_MIN, 1000, "a number above 0 "
      "and up to 1000" },
    { FIELD(epochs), TRAIN, WHOLE, 1, 1e9, "a count up to 1000000000" },
    { FIELD(batch), TRAIN, WHOLE, 1, 1e9, "a count of rows, 1 or "
      "more" },
    { FIELD(init), TRAIN, START, 0, 0, "xavier or he" },
    { FIELD(folds), TRAIN, WHOLE, 2, 1e9, "a count of 2 or more" },
    { FIELD(optimizer), TRAIN, STEP, 0, 0, "sgd, momentum or adam" },
    { FIELD(beta), TRAIN, DECIMAL, 0, 0.9999, "a number from 0 to "
      "0.9999" },
    { FIELD(batchnorm), TRAIN, FLAG, 0, 0, "no value" },
    { FIELD(dropout), TRAIN, DECIMAL, 0, 0.99, "a number from 0 to "
      "0.99" },
    { FIELD(history), TRAIN, TEXT, 0, 0, "a name to write to" },
    { FIELD(save), TRAIN, TEXT, 0, 0, "a name to write to" },
    { FIELD(model), PREDICT, TEXT, 0, 0, "the name of a model file" },
};

static bool store(void *field, const Option *o, const char *text)
{
    switch (o->kind) {
    case TEXT:
        *(const char **)field = text;
        return *text;
    case DECIMAL:
        return number_parse(field, text)
            && *(double *)field >= o->low && *(double *)field <= o->high;
    case WHOLE: {
        errno = 0;
        uint64_t count = strtoull(text, NULL, 10);
        *(uint64_t *)field = count;
        return *text && !text[strspn(text, "0123456789")] && !errno
            && (double)count >= o->low && (double)count <= o->high;
    }
    case LIST: {
        Widths *w = field;
        w->count = 0;
        if (!strcmp(text, "none"))
            return true;
        for (;; text++) {
            char *end;
            unsigned long width = strtoul(text, &end, 10);
            if (*text < '0' || *text > '9' || !width || width > WIDEST
                || w->count == WIDTHS - 2)
                return false;
            w->width[w->count++] = width;
            text = end;
            if (*text != ',')
                return !*text;
        }
    }
    case START: {
        bool he = !strcmp(text, "he");
        *(Init *)field = he ? INIT_HE : INIT_XAVIER;
        return he || !strcmp(text, "xavier");
    }
    case STEP: {
        static const char *const name[] = { "sgd", "momentum", "adam" };
        for (int i = 0; i < 3; i++)
            if (!strcmp(text, name[i])) {
                *(Method *)field = (Method[]){ SGD, MOMENTUM, ADAM }[i];
                return true;
            }
        return false;
    }
    case FLAG:
        return *(bool *)field = !*text;
    }
    return false;
}

static const Option *find(const char *name, const char *command)
{
    size_t length = strcspn(name, "=");
    size_t count = sizeof option_table / sizeof *option_table;
    for (size_t i = 0; i < count; i++) {
        const Option *o = &option_table[i];
        if (strlen(o->name) == length && strstr(o->commands, command)
            && !strncmp(o->name, name, length))
            return o;
    }
    return NULL;
}

static bool options_read(Options *o, char **word, Error *e)
{
    const char *command = word[1];
    for (word += 2; *word; word++) {
        if (strncmp(*word, "--", 2)) {
            if (*command != 'e')
                return fail(e, "\"%.60s\" is no option of nn %s; options begin "
                            "with --, see nn --help", *word, command);
            o->words[o->word_count++] = *word;
            continue;
        }
        const Option *option = find(*word + 2, command);
        if (!option)
            return fail(e, "nn %s has no option %.60s; nn --help lists "
                        "what it has", command, *word);
        const char *text = strchr(*word, '=');
        text = text ? text + 1 : option->kind == FLAG ? ""
             : word[1] ? *++word : "--";
        if (!strncmp(text, "--", 2))
            return fail(e, "--%s has no value; give it %s", option->name,
                        option->wants);
        if (!store((char *)o + option->offset, option, text))
            return fail(e, "--%s can't be \"%.60s\"; give it %s",
                        option->name, text, option->wants);
    }
    return true;
}

static const char help[] =
"nn: a small neural network that tells two classes apart\n"
"usage: nn COMMAND [--OPTION VALUE]...    (defaults in parentheses)\n"
"  spirals      write two spirals: --points --noise --seed (7) --out\n"
"  train        learn: --data --layers --rate --epochs --batch --init"
" --seed\n"
"    --test --folds --history --save --optimizer --beta --batchnorm"
" --dropout\n"
"  predict      use a model: --model --data --out\n"
"  check        check every gradient three ways\n"
"  published    the published run, and the same run mended\n"
"  --data FILE     CSV with a label, 0 or 1, at the end (spirals)\n"
"  --layers LIST   widths of the hidden layers, or none (64,32,16)\n"
"  --rate NUMBER   learning rate (0.05)\n"
"  --epochs COUNT  passes over the data (3000)\n"
"  --batch COUNT   rows of one step (64);   --init xavier or he\n"
"  --seed NUMBER   of the first weights and the order (42)\n"
"  --optimizer     sgd, momentum or adam (sgd); --beta NUMBER (0.9)\n"
"  --batchnorm     before each ReLU;   --dropout SHARE behind it (0)\n"
"  --test FILE     CSV to measure the result on\n"
"  --folds COUNT   train that often, each time without one part\n"
"  --history FILE  CSV of epoch, loss, accuracy, gradient norms\n"
"  --save FILE     the trained model, which --model FILE reads\n"
"  --points COUNT  of each spiral (200);    --noise NUMBER (0.25)\n"
"  --out FILE      where to write (standard output)\n";

static int misuse(Error *e, const char *sentence)
{
    fail(e, "%s", sentence);
    return 2;
}

static void history_row(FILE *file, const Epoch *epoch)
{
    char text[32];
    if (epoch->epoch == 0)
        {
            fputs("epoch,loss,accuracy", file);
            for (size_t i = 1; i <= epoch->norms; i++)
                fprintf(file, ",norm%zu", i);
            fputc('\n', file);
        }
    fprintf(file, "%zu", epoch->epoch);
    fprintf(file, ",%s", number_format(text, epoch->loss));
    fprintf(file, ",%s", number_format(text, epoch->accuracy));
    for (size_t i = 0; i < epoch->norms; i++)
        fprintf(file, ",%s", number_format(text, epoch->norm[i]));
    fputc('\n', file);
}

typedef struct {
    size_t epochs, every;                /* log lines; 0: none */
    FILE *history;                       /* NULL: none */
} Watch;

static bool watch(void *context, const Epoch *epoch)
{
    const Watch *w = context;
    if (w->history)
        history_row(w->history, epoch);
    size_t t = epoch->epoch;
    if (t % (w->epochs / 100 + 1) == 0 && isatty(STDERR_FILENO))
        fprintf(stderr, "  epoch %5zu of %zu                  \r", t,
                w->epochs);
    if (w->every && t % w->every == 0)
        printf("  epoch %5zu: loss=%.4f  acc=%.3f\n", t, epoch->loss,
               epoch->accuracy);
    return !signalled;
}

static bool recipe_write(Recipe *r, size_t width[WIDTHS],
                         const Options *o, Dataset D, Error *e)
{
    size_t count = o->layers.count + 2;
    size_t rows = D.X.rows, most = rows;
    double params = 0;
    width[0] = D.X.cols;
    for (size_t i = 1; i < count; i++) {
        width[i] = i + 1 < count ? o->layers.width[i - 1] : 1;
        params += ((double)width[i - 1] + 1) * (double)width[i];
    }
    if (params > 1e8)
        return fail(e, "--layers asks for %.0f parameters; give it fewer, "
                    "100000000 at most", params);
    if (o->folds > rows)
        return fail(e, "--folds %" PRIu64 " is more than the %zu rows; "
                    "give it at most that", o->folds, rows);
    if (o->folds)
        most = rows - (rows + o->folds - 1) / o->folds;
    if (o->batch > most)
        return fail(e, "--batch %" PRIu64 " is more than the %zu rows to "
                    "train on; give it at most that", o->batch, most);
    *r = (Recipe){ width, count, o->init, o->rate, o->epochs,
                   o->batch, o->seed, o->optimizer, o->beta,
                   o->batchnorm, o->dropout };
    return true;
}

static bool data_read(Dataset *D, Dataset *T, const Options *o,
                      Error *e)
{
    bool file = o->data && strcmp(o->data, "spirals");
    if (file ? !csv_read(D, o->data, 0, e)
        : !spirals(D, 200, 0.25, 7, e))
        return false;
    return !o->test || (csv_read(T, o->test, D->X.cols, e)
        && (T->Y.data || fail(e, "%s has no labels; a test needs them "
                              "in its last column", o->test)));
}

typedef struct {
    Dataset D, T;                        /* to train on, to test on */
    Model m;
    Output history, save;
} Run;

static bool train_once(Run *run, const Recipe *r, Error *e)
{
    Model *m = &run->m;
    Watch w = { r->epochs, 1, run->history.file };
    for (int k = 0; r->epochs > 10 * w.every; k++)
        w.every = k % 3 == 1 ? w.every / 2 * 5 : w.every * 2;
    if (!recipe_fit(&m->net, &m->scaling, run->D, r, watch, &w, e))
        return false;
    printf("Final training accuracy: %.4f\n",
           network_mean(&m->net, run->D, accuracy));
    if (run->T.X.data) {
        scaling_apply(run->T.X, m->scaling);
        printf("Test accuracy: %.4f\n",
               network_mean(&m->net, run->T, accuracy));
    }
    if (run->save.file)
        model_write(run->save.file, m);
    return (!run->history.file || output_close(&run->history, e))
        && (!run->save.file || output_close(&run->save, e));
}

static bool validate(Dataset D, const Recipe *r, size_t folds, Error *e)
{
    Watch w = { .epochs = r->epochs };
    double *share = allocate(folds, sizeof *share, "accuracies", e);
    bool ok = share
        && recipe_validate(share, folds, D, r, watch, &w, e);
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

static int run_train(const Options *o, Error *e)
{
    Run run = { 0 };
    Recipe r;
    size_t width[WIDTHS];
    if (o->folds && (o->test || o->history || o->save))
        return misuse(e, "--folds makes a network for each fold; leave out "
                      "--test, --history and --save");
    if (o->batchnorm && o->save)
        return misuse(e, "a model file has no place for batch norm; leave "
                      "out --batchnorm or --save");
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
    catch_signal(SIGHUP);
    bool ok = data_read(&run.D, &run.T, o, e)
        && recipe_write(&r, width, o, run.D, e) && recipe_begun(&r, e)
        && (!o->history || output_open(&run.history, o->history, e))
        && (!o->save || output_open(&run.save, o->save, e))
        && (o->folds ? validate(run.D, &r, o->folds, e)
            : train_once(&run, &r, e));
    if (ok && signalled)
        fputs(o->folds ? "nn: interrupted; folds have no result until all "
              "are done\n" : "nn: interrupted; what you asked for is "
              "written, up to the last whole epoch\n", stderr);
    output_abandon(&run.history);
    output_abandon(&run.save);
    model_destroy(&run.m);
    dataset_destroy(&run.D);
    dataset_destroy(&run.T);
    return !ok ? 1 : signalled ? 128 + signalled : 0;
}

static int run_spirals(const Options *o, Error *e)
{
    Dataset D = { 0 };
    bool ok = spirals(&D, o->points, o->noise, o->seed, e)
        && csv_write(o->out, D, e);
    dataset_destroy(&D);
    return !ok;
}

static bool write_predictions(const char *path, Matrix Z, Error *e)
{
    Output o;
    for (size_t i = 0; i < Z.rows; i++)
        if (!isfinite(AT(Z, i, 0)))
            return fail(e, "row %zu of the data is too far from what the "
                        "model knows; remove it", i + 1);
    if (!output_open(&o, path, e))
        return false;
    fputs("probability,class\n", o.file);
    for (size_t i = 0; i < Z.rows; i++)
        {
            double z = AT(Z, i, 0);
            char text[32];
            fprintf(o.file, "%s,%d\n", number_format(text, sigmoid(z)), z >= 0);
        }
    return output_close(&o, e);
}

static int run_predict(const Options *o, Error *e)
{
    Model m = { 0 };
    Dataset D = { 0 };
    Matrix Z = { 0 };
    if (!o->model || !o->data)
        return misuse(e, "nn predict needs a model and a table; give it "
                      "--model FILE and --data FILE");
    bool ok = model_load(&m, o->model, e)
        && csv_read(&D, o->data, m.net.layer[0].d_in, e)
        && matrix_create(&Z, D.X.rows, 1, e);
    if (ok) {
        scaling_apply(D.X, m.scaling);
        network_predict(Z, &m.net, D.X);
        ok = write_predictions(o->out, Z, e);
    }
    if (ok && D.Y.data)
        fprintf(o->out ? stdout : stderr, "accuracy: %.4f of %zu rows\n",
                accuracy(Z, D.Y), D.X.rows);
    matrix_destroy(&Z);
    dataset_destroy(&D);
    model_destroy(&m);
    return !ok;
}

static bool tensor_check(Point *p, const char *name, Matrix x,
                         const double *grad, const double *exact)
{
    size_t count = x.rows * x.cols;
    Rng rng = rng_create(count);
    Verdict near = check_central(network_sample, p, x.data, grad, count);
    Verdict same = compare_gradients(grad, exact, count);
    double ratio = taylor_ratio(network_sample, p, x.data, grad, count,
                                &rng);
    bool ok = verdict_ok(near, 1e-6) && verdict_ok(same, 1e-12)
        && ratio > 3.6 && ratio < 4.4;
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(grad[i]));
    printf("  %-6s %3zu x %-3zu %8.2e  %8.2e  %6.4f  %8.2e %8zu  %s\n",
           name, x.rows, x.cols, largest, near.worst, ratio, same.worst,
           near.skipped, ok ? "ok" : "FAIL");
    return ok;
}

static bool check_after(bool *passed, size_t steps, Error *e)
{
    static const size_t width[] = { 2, 8, 6, 4, 1 };
    Recipe r = { width, 5, INIT_XAVIER, 0.05, steps, 12, 99,
                 .method = SGD };
    Dataset D = { 0 };
    Model m = { 0 };
    double *grads = NULL;
    bool ok = spirals(&D, r.batch / 2, 0.25, 7, e)
        && recipe_fit(&m.net, &m.scaling, D, &r, NULL, NULL, e);
    if (ok) {
        size_t n = r.batch, params = m.net.param_count;
        grads = allocate(params + 5 * n, sizeof *grads, "gradients", e);
        Matrix dX = matrix_view(grads + params, n, 2);
        Matrix exact_dX = matrix_view(grads + params + 2 * n, n, 2);
        Matrix dZ = matrix_view(grads + params + 4 * n, n, 1);
        if ((ok = grads)) {
            Matrix Z = network_forward(&m.net, D.X, TRAINING);
            bce.both(dZ, Z, D.Y);
            network_backward(dX, &m.net, dZ);
            ok = complex_gradient(grads, exact_dX, &m.net, D.X, D.Y, &bce,
                                  e);
        }
        Point p = { .net = &m.net, .D = D, .loss = &bce };
        if (ok)
            printf("After %zu steps\n  tensor   shape    max |g|   central  "
                   "Taylor   complex  skipped\n", steps);
        for (size_t i = 0; ok && i < m.net.depth; i++) {
            const Layer *l = &m.net.layer[i];
            if (layer_params(l))
                {
                    char W[] = "W1", b[] = "b1";
                    const double *dW = l->dW.data, *db = l->db.data;
                    W[1] = b[1] = (char)('1' + i / 2);
                    *passed &= tensor_check(&p, W, l->W, dW,
                                            grads + (dW - m.net.grads));
                    *passed &= tensor_check(&p, b, l->b, db,
                                            grads + (db - m.net.grads));
                }
        }
        if (ok)
            *passed &= tensor_check(&p, "X", D.X, dX.data, exact_dX.data);
    }
    free(grads);
    model_destroy(&m);
    dataset_destroy(&D);
    return ok;
}

static int run_check(const Options *o, Error *e)
{
    bool passed = true;
    (void)o;
    if (!check_after(&passed, 0, e) || !check_after(&passed, 20, e))
        return 1;
    printf("%s: central < 1e-6, Taylor 3.6 to 4.4, complex < 1e-12, "
           "for every tensor\n", passed ? "PASS" : "FAIL");
    return !passed;
}

static int run_published(const Options *o, Error *e)
{
    (void)o;
    return !published_command(e);
}

typedef struct {
    const char *name;
    int (*run)(const Options *o, Error *e);
    Options defaults;
} Command;

static const Command command_table[] = {
    { "predict", run_predict, { 0 } },
    { "check", run_check, { 0 } },
    { "published", run_published, { 0 } },
    { "spirals", run_spirals, { .seed = 7, .points = 200,
                                .noise = 0.25 } },
    { "train", run_train, { .seed = 42, .rate = 0.05, .epochs = 3000,
                            .batch = 64, .init = INIT_XAVIER,
                                .beta = 0.9,
                            .layers = { { 64, 32, 16 }, 3 } } },
};

static int run(char **word, Error *e)
{
    size_t count = sizeof command_table / sizeof *command_table;
    for (size_t i = 0; i < count; i++) {
        const Command *c = &command_table[i];
        Options o = c->defaults;
        o.words = word + 2;
        if (!strcmp(word[1], c->name))
            return options_read(&o, word, e) ? c->run(&o, e) : 2;
    }
    fail(e, "\"%.60s\" is no command; nn --help lists the six that "
         "there are", word[1]);
    return 2;
}

int main(int argc, char **argv)
{
    Error e = { { 0 } };
    int status = 0;
    if (argc < 2)
        status = misuse(&e, "no command; nn --help lists the commands");
    else if (!strcmp(argv[argc - 1], "--help"))
        fputs(help, stdout);
    else
        status = run(argv, &e);
    Output standard;
    output_open(&standard, NULL, &e);
    if (!output_close(&standard, *e.text ? NULL : &e) && !status)
        status = 1;
    if (*e.text)
        fprintf(stderr, "nn: %s\n", e.text);
    return status;
}
