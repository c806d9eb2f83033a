/* Generated from nn.nw; edit there. nn.c: the command line */
#include <ctype.h>
#include <csv.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "complexstep.h"
#include "files.h"
#include "gradcheck.h"
#include "model.h"
#include "published.h"
#include "recipe.h"

typedef struct {
    const char *data, *test, *label, *drop, *layers, *activation;
    const char *history, *save, *model, *out;
    double separator, incomplete, init, optimizer, batchnorm;
    double rate, beta, dropout, epochs, batch, seed, folds, stop_after;
    double points, noise;
} Options;

typedef struct {
    const char *name;
    size_t offset;                       /* of its field in Options */
    const char *commands;                /* that take it, by a letter */
    enum { TEXT, WIDTHS, CHOICE, FLAG, WHOLE, DECIMAL } kind;
    double low, high;
    const char *usual, *help;            /* help: what, blank, words */
} Option;

enum { HIDDEN = 16, WIDEST = 65536 };    /* layers, units in one */

/* how many; more than HIDDEN: it's no such list */
static size_t widths_read(size_t width[HIDDEN], const char *text)
{
    size_t count = 0;
    bool more = strcmp(text, "none");
    for (char *end; more; text = end + 1) {
        unsigned long w = strtoul(text, &end, 10);
        if (*text < '0' || *text > '9' || !w || w > WIDEST
            || count == HIDDEN || (*end && *end != ','))
            return HIDDEN + 1;
        width[count++] = w;
        more = *end;
    }
    return count;
}

#define FIELD(name) #name, offsetof(Options, name)

static const Option option_table[] = {
    { FIELD(data), "tp", TEXT, 0, 0, NULL, "FILE with a table" },
    { FIELD(test), "t", TEXT, 0, 0, NULL, "FILE to measure on" },
    { FIELD(separator), "tp", CHOICE, 0, 0, "auto",
      "auto|tab|;|,|blank" },
    { FIELD(label), "tp", TEXT, 0, 0, NULL, "COLUMN (the last)" },
    { FIELD(incomplete), "tp", CHOICE, 0, 0, "refuse",
      "refuse|drop gaps" },
    { FIELD(drop), "tp", TEXT, 0, 0, NULL, "COLUMN,... not used" },
    { FIELD(layers), "t", WIDTHS, 1, WIDEST, "64,32,16",
      "WIDTH,...|none hidden" },
    { FIELD(activation), "tc", TEXT, 0, 0, "relu", "NAME" },
    { FIELD(init), "t", CHOICE, 0, 0, "xavier",
      "zeros|small|xavier|he|large" },
    { FIELD(batch), "t", WHOLE, 1, 1e9, "64", "ROWS of one step" },
    { FIELD(optimizer), "t", CHOICE, 0, 0, "sgd",
      "sgd|momentum|adam" },
    { FIELD(rate), "t", DECIMAL, 1e-300, 1e3, "0.05", "NUMBER" },
    { FIELD(batchnorm), "t", FLAG, 0, 0, NULL, " before activations" },
    { FIELD(beta), "t", DECIMAL, 0, 0.9999, "0.9", "NUMBER" },
    { FIELD(dropout), "t", DECIMAL, 0, 0.99, "0",
      "SHARE behind activations" },
    { FIELD(epochs), "t", WHOLE, 1, 1e9, "3000", "COUNT" },
    { FIELD(folds), "t", WHOLE, 2, 1e9, NULL,
      "COUNT parts, each left out once" },
    { FIELD(seed), "t", WHOLE, 0, 0x1p53, "42", "NUMBER" },
    { "stop-after", offsetof(Options, stop_after), "t", WHOLE, 1, 1e9,
      NULL, "EPOCHS without a better test" },
    { FIELD(save), "t", TEXT, 0, 0, NULL, "FILE for the model" },
    { FIELD(history), "t", TEXT, 0, 0, NULL, "FILE for all epochs" },
    { FIELD(model), "p", TEXT, 0, 0, NULL, "FILE with a model" },
    { FIELD(out), "sp", TEXT, 0, 0, NULL, "FILE (standard output)" },
    { FIELD(points), "s", WHOLE, 1, 1e7, "200", "COUNT" },
    { FIELD(noise), "s", DECIMAL, 0, 1e6, "0.25", "NUMBER" },
    { FIELD(seed), "s", WHOLE, 0, 0x1p53, "7", "NUMBER" },
};
enum { OPTIONS = sizeof option_table / sizeof *option_table };

static bool store(void *field, const Option *o, const char *text)
{
    double *number = field;
    size_t width[HIDDEN], n;
    if (o->kind == TEXT || o->kind == WIDTHS)
        *(const char **)field = text;
    switch (o->kind) {
    case TEXT:
        return *text;
    case WIDTHS:
        return widths_read(width, text) <= HIDDEN;
    case CHOICE:
        *number = 0;
        for (const char *c = o->help;; c += n + 1, ++*number) {
            n = strcspn(c, "| ");
            if (n == strlen(text) && !strncmp(c, text, n))
                return true;
            if (c[n] != '|')
                return false;
        }
    case FLAG:
        *number = 1;
        return !*text;
    default:
        return number_parse(number, text) && *number >= o->low
            && *number <= o->high
            && (o->kind == DECIMAL || *number == floor(*number));
    }
}

static const Option *find(const char *word, char command)
{
    size_t length = strcspn(word, "=");
    for (const Option *o = option_table; o < option_table + OPTIONS; o++)
        if (strchr(o->commands, command) && !strncmp(word, "--", 2)
            && length == strlen(o->name) + 2
            && !strncmp(word + 2, o->name, length - 2))
            return o;
    return NULL;
}

static bool options_read(Options *out, char command, char **word,
                         Error *e)
{
    for (const Option *o = option_table; o < option_table + OPTIONS; o++)
        if (strchr(o->commands, command) && o->usual)
            store((char *)out + o->offset, o, o->usual);
    for (word += 2; *word; word++) {
        const Option *o = find(*word, command);
        if (!o)
            return fail(e, "\"%.60s\" is no option of this command; see "
                        "nn --help", *word);
        const char *text = strchr(*word, '=');
        char wanted[80] = "no value";
        text = text ? text + 1 : o->kind == FLAG ? ""
             : word[1] ? *++word : "--";
        if (strncmp(text, "--", 2)
            && store((char *)out + o->offset, o, text))
            continue;
        if (o->kind != FLAG)
            snprintf(wanted, sizeof wanted, o->high > 0
                     ? "%.*s from %.16g to %.16g" : "%.*s",
                     (int)strcspn(o->help, " "), o->help, o->low, o->high);
        return fail(e, strncmp(text, "--", 2)
                    ? "--%s can't be \"%.60s\"; give it %s"
                    : "--%s has no value%.0s; give it %s", o->name, text,
                    wanted);
    }
    return true;
}

static int misuse(Error *e, const char *sentence)
{
    fail(e, "%s", sentence);
    return 2;
}

static Dialect dialect(const Options *o)
{
    return (Dialect){ .separator = (int)o->separator, .label = o->label,
                      .drop = o->drop,
                      .skip_partial = o->incomplete > 0 };
}

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
    double lowest, *best;                /* test loss, and its numbers */
    size_t best_epoch;
} Session;

static bool observe(void *context, const Epoch *epoch)
{
    Session *s = context;
    double loss = 0, right = 0;
    if (s->T.X.data && epoch->epoch == 0)
        scaling_apply(s->T.X, s->m.scaling);
    if (s->T.X.data && (s->history.file || s->o->stop_after > 0)) {
        loss = network_mean(&s->m.net, s->T, bce.value);
        right = network_mean(&s->m.net, s->T, accuracy);
    }
    if (s->history.file) {
        FILE *file = s->history.file;
        const double number[] = { epoch->loss, epoch->accuracy, loss, right };
        char text[32];
        if (epoch->epoch == 0)
            {
                fprintf(file, "epoch,loss,accuracy%s",
                        s->T.X.data ? ",test_loss,test_accuracy" : "");
                for (size_t i = 1; i <= epoch->norms; i++)
                    fprintf(file, ",norm%zu", i);
                fputc('\n', file);
            }
        fprintf(file, "%zu", epoch->epoch);
        for (size_t i = 0; i < (s->T.X.data ? 4 : 2); i++)
            fprintf(file, ",%s", number_format(text, number[i]));
        for (size_t i = 0; i < epoch->norms; i++)
            fprintf(file, ",%s", number_format(text, epoch->norm[i]));
        fputc('\n', file);
    }
    size_t t = epoch->epoch, epochs = (size_t)s->o->epochs;
    if (t % (epochs / 100 + 1) == 0 && isatty(STDERR_FILENO))
        fprintf(stderr, "  epoch %5zu of %zu                  \r", t, epochs);
    if (s->every && t == 0)
        puts("Means over each epoch, in training mode:");
    if (s->every && t % s->every == 0)
        printf("  epoch %5zu: loss=%.4f  acc=%.3f\n", t, epoch->loss,
               epoch->accuracy);
    const Network *net = &s->m.net;
    size_t learned = net->param_count, lasting = net->lasting_count;
    if (s->o->stop_after > 0 && loss < s->lowest) {
        s->lowest = loss;
        s->best_epoch = t;
        if (!s->best && !(s->best = allocate(learned + lasting,
                                 sizeof *s->best, "numbers", s->e)))
            return false;
        memcpy(s->best, net->params, learned * sizeof *s->best);
        memcpy(s->best + learned, net->lasting, lasting * sizeof *s->best);
    }
    if (s->best && (double)(t - s->best_epoch) >= s->o->stop_after)
        return false;
    return !signalled;
}

static bool recipe_write(Recipe *r, size_t width[HIDDEN + 2],
                         const Options *o, Dataset D, Error *e)
{
    size_t count = widths_read(width + 1, o->layers) + 2;
    double params = 0, rows = (double)D.X.rows;
    width[0] = D.X.cols;
    width[count - 1] = 1;
    for (size_t i = 1; i < count; i++)
        params += ((double)width[i - 1] + 1) * (double)width[i];
    if (params > 1e8)
        return fail(e, "--layers asks for %.0f parameters; give it fewer, "
                    "100000000 at most", params);
    if (o->folds > rows)
        return fail(e, "--folds %.0f is more than the %.0f rows; give it at "
                    "most that", o->folds, rows);
    if (o->folds > 0)
        rows -= ceil(rows / o->folds);
    if (o->batch > rows)
        return fail(e, "--batch %.0f is more than the %.0f rows to train on; "
                    "give it at most that", o->batch, rows);
    *r = (Recipe){
        .width = width, .count = count, .activation = o->activation,
        .loss = &bce, .init = (Init)o->init, .rate = o->rate,
        .epochs = (size_t)o->epochs, .batch = (size_t)o->batch,
        .seed = (uint64_t)o->seed, .method = (Method)o->optimizer,
        .beta = o->beta, .batchnorm = o->batchnorm > 0,
        .dropout = o->dropout
    };
    return true;
}

static bool data_read(Session *s)
{
    const Options *o = s->o;
    Dialect how = dialect(o);
    Error odd = { { 0 } };
    if (!o->data || !strcmp(o->data, "spirals")) {
        s->m.labels = (Labels){ { "0", "1" } };
        if (!spirals(&s->D, 200, 0.25, 7, s->e))
            return false;
    } else if (!dataset_read(&s->D, &s->m.labels, o->data, &how, 0, &odd,
                             s->e))
        return false;
    if (*odd.text)
        fprintf(stderr, "nn: warning: %s\n", odd.text);
    if (strcmp(s->m.labels.name[0], "0") || strcmp(s->m.labels.name[1], "1"))
        printf("1 is %s, 0 is %s\n", s->m.labels.name[1], s->m.labels.name[0]);
    return !o->test || (dataset_read(&s->T, &s->m.labels, o->test, &how,
                                     s->D.X.cols, NULL, s->e)
        && (s->T.Y.data || fail(s->e, "%.200s has no labels; a test "
                                "needs them", o->test)));
}

static double share_of_ones(Matrix Z, Matrix Y)
{
    double ones = 0;
    (void)Y;
    for (size_t i = 0; i < Z.rows; i++)
        ones += AT(Z, i, 0) >= 0;
    return ones / (double)Z.rows;
}

static bool train_once(Session *s, const Recipe *r)
{
    s->every = 1;
    for (int k = 0; r->epochs > 10 * s->every; k++)
        s->every = k % 3 == 1 ? s->every / 2 * 5 : s->every * 2;
    if (!recipe_fit(&s->m.net, &s->m.scaling, s->D, r, observe, s, s->e)
        || *s->e->text)
        return false;
    if (s->best) {
        Network *net = &s->m.net;
        memcpy(net->params, s->best, net->param_count * sizeof(double));
        memcpy(net->lasting, s->best + net->param_count,
               net->lasting_count * sizeof(double));
        printf("Epoch %zu was the best on the test set and is kept.\n",
               s->best_epoch);
    }
    double ones = network_mean(&s->m.net, s->D, share_of_ones);
    printf("Final training accuracy: %.4f\n",
           network_mean(&s->m.net, s->D, accuracy));
    if (ones == 0 || ones == 1)
        printf("The network says %s for every row.\n",
               s->m.labels.name[ones == 1]);
    if (s->T.X.data)
        printf("Test accuracy: %.4f\n",
               network_mean(&s->m.net, s->T, accuracy));
    if (s->save.file)
        model_write(s->save.file, &s->m);
    return (!s->history.file || output_close(&s->history, s->e))
        && (!s->save.file || output_close(&s->save, s->e));
}

static bool validate(Session *s, const Recipe *r)
{
    size_t folds = (size_t)s->o->folds;
    double *share = allocate(folds, sizeof *share, "accuracies", s->e);
    bool ok = share
        && recipe_validate(share, folds, s->D, r, observe, s, s->e);
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
    Session s = { .o = o, .e = e, .lowest = INFINITY };
    Recipe r;
    size_t width[HIDDEN + 2];
    if (o->folds > 0 && (o->test || o->history || o->save))
        return misuse(e, "--folds makes a network for each fold; leave out "
                      "--test, --history and --save");
    if (o->stop_after > 0 && !o->test)
        return misuse(e, "--stop-after looks at the loss on a test set; "
                      "give it --test FILE, too");
    static const int number[] = { SIGINT, SIGTERM, SIGHUP };
    for (size_t i = 0; i < 3; i++) {
        struct sigaction new = { .sa_handler = note }, old;
        new.sa_flags = SA_RESTART;
        if (!sigaction(number[i], NULL, &old) && old.sa_handler != SIG_IGN)
            sigaction(number[i], &new, NULL);
    }
    bool ok = data_read(&s) && recipe_write(&r, width, o, s.D, e)
        && (!o->history || output_open(&s.history, o->history, e))
        && (!o->save || output_open(&s.save, o->save, e))
        && (o->folds > 0 ? validate(&s, &r) : train_once(&s, &r));
    if (ok && signalled)
        fputs(o->folds > 0 ? "nn: interrupted; folds have no result until all "
              "are done\n" : "nn: interrupted; what you asked for is "
              "written, up to the last whole epoch\n", stderr);
    output_abandon(&s.history);
    output_abandon(&s.save);
    model_destroy(&s.m);
    dataset_destroy(&s.D);
    dataset_destroy(&s.T);
    free(s.best);
    return !ok ? 1 : signalled ? 128 + signalled : 0;
}

static int run_spirals(const Options *o, Error *e)
{
    Dataset D = { 0 };
    bool ok = spirals(&D, (size_t)o->points, o->noise,
                      (uint64_t)o->seed, e)
        && dataset_write(o->out, D, e);
    dataset_destroy(&D);
    return !ok;
}

static bool write_predictions(const char *path, Matrix Z,
                              const Model *m, Error *e)
{
    Output o;
    for (size_t i = 0; i < Z.rows; i++)
        if (!isfinite(AT(Z, i, 0)))
            return fail(e, "row %zu of the data is too far from what "
                        "the model knows; remove it", i + 1);
    if (!output_open(&o, path, e))
        return false;
    fputs("probability,class\n", o.file);
    for (size_t i = 0; i < Z.rows; i++) {
        double z = AT(Z, i, 0);
        const char *class = m->labels.name[z >= 0];
        char text[32];
        fprintf(o.file, "%s,", number_format(text, sigmoid(z)));
        if (strpbrk(class, ",\""))
            csv_fwrite(o.file, class, strlen(class));
        else
            fputs(class, o.file);
        fputc('\n', o.file);
    }
    return output_close(&o, e);
}

static int run_predict(const Options *o, Error *e)
{
    Model m = { 0 };
    Dataset D = { 0 };
    Matrix Z = { 0 };
    Dialect how = dialect(o);
    if (!o->model || !o->data)
        return misuse(e, "nn predict needs a model and a table; give it "
                      "--model FILE and --data FILE");
    bool ok = model_load(&m, o->model, e)
        && dataset_read(&D, &m.labels, o->data, &how, m.net.layer[0].d_in,
                        NULL, e)
        && matrix_create(&Z, D.X.rows, 1, e);
    if (ok) {
        scaling_apply(D.X, m.scaling);
        network_predict(Z, &m.net, D.X);
        ok = write_predictions(o->out, Z, &m, e);
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
    Verdict near = check_central(network_sample, p, x.data, grad,
                                 count);
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

static bool check_after(bool *passed, size_t steps, const Options *o,
                        Error *e)
{
    static const size_t width[] = { 2, 8, 6, 4, 1 };
    Recipe r = {
        .width = width, .count = 5, .activation = o->activation,
        .loss = &bce, .init = INIT_XAVIER, .rate = 0.05,
        .epochs = steps, .batch = 12, .seed = 99, .method = SGD
    };
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
            r.loss->gradient(dZ, Z, D.Y);
            network_backward(dX, &m.net, dZ);
            ok = complex_gradient(grads, exact_dX, &m.net, D.X, D.Y, r.loss, e);
        }
        Point p = { &m.net, D, r.loss };
        if (ok)
            printf("After %zu steps\n  tensor   shape    max |g|   central  "
                   "Taylor   complex  skipped\n", steps);
        for (size_t i = 0, number = 0; ok && i < m.net.depth; i++) {
            const Layer *l = &m.net.layer[i];
            if (layer_params(l))
                {
                    char W[8], b[8];
                    snprintf(W, sizeof W, "W%zu", ++number % 100);
                    snprintf(b, sizeof b, "b%zu", number % 100);
                    *passed &= tensor_check(&p, W, l->W, l->dW.data,
                                            grads + (l->dW.data - m.net.grads));
                    *passed &= tensor_check(&p, b, l->b, l->db.data,
                                            grads + (l->db.data - m.net.grads));
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
    if (!check_after(&passed, 0, o, e) || !check_after(&passed, 20, o, e))
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

static const struct {
    const char *name;
    char mark;
    int (*run)(const Options *o, Error *e);
    const char *help;
} command_table[] = {
    { "spirals", 's', run_spirals, "write two spirals" },
    { "train", 't', run_train, "learn from a table, or two spirals" },
    { "predict", 'p', run_predict, "apply a model to a table" },
    { "check", 'c', run_check, "check every gradient three ways" },
    { "published", '-', run_published, "the published run, and mended" },
};
enum { COMMANDS = sizeof command_table / sizeof *command_table };

static void help(void)
{
    puts("usage: nn COMMAND [--OPTION VALUE]...");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %c: %-11s%s\n", command_table[i].mark,
               command_table[i].name, command_table[i].help);
    puts("options, with the letters of their commands:");
    for (size_t i = 0; i < OPTIONS; i++) {
        const Option *o = &option_table[i];
        char text[80];
        snprintf(text, sizeof text, o->usual ? "%2s --%s %s (%s)"
                 : "%2s --%s %s", o->commands, o->name, o->help,
                 o->usual);
        printf(i % 2 ? "%s\n" : "%-47s", text);
    }
}

static int run(char **word, Error *e)
{
    Options o = { 0 };
    if (!word[1])
        return misuse(e, "no command; nn --help lists the commands");
    for (size_t i = 1; word[i]; i++)
        if (!strcmp(word[i], "--help")) {
            help();
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
    Output standard;
    output_open(&standard, NULL, &e);
    if (!output_close(&standard, *e.text ? NULL : &e) && !status)
        status = 1;
    for (char *c = e.text; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    if (*e.text)
        fprintf(stderr, "nn: %s\n", e.text);
    return status;
}
