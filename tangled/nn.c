/* Generated from nn.nw (MIT licence); edit there. nn.c: the command line */
#include <csv.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "complexstep.h"
#include "files.h"
#include "gradcheck.h"
#include "options.h"
#include "parallel.h"
#include "published.h"
#include "softmax.h"

static volatile sig_atomic_t patient;
static void hear(int number)
{
    bool polite = number != SIGPIPE && number != SIGQUIT;
    if (patient && polite && !interrupted())
        interrupt(number);
    else {
        outputs_remove();
        signal(number, SIG_DFL);
        raise(number);
    }
}
typedef struct {
    const Options *o;
    Error *e, odd[2];                    /* of D, T: to be remarked */
    Dataset D, T;                        /* to train on, to test on */
    Model m;
    Output history, save;
    double loss, accuracy;               /* on T, after this epoch */
    double lowest, *best;                /* loss on T, its numbers */
    size_t best_epoch, size;
} Session;
static bool observe(void *context, const Epoch *epoch)
{
    Session *s = context;
    Network *net = epoch->net;
    const Loss *loss = s->o->recipe.loss;
    size_t t = epoch->epoch, epochs = epoch->epochs, every = 1;
    if (s->T.X.data && t == 0)
        scaling_apply(s->T.X, s->m.scaling);
    if (s->T.X.data && (s->history.file || s->o->stop_after)) {
        s->loss = network_mean(net, s->T, loss->value);
        s->accuracy = network_mean(net, s->T, loss->accuracy);
    }
    if (ranks_leave())
        return false;
    FILE *file = s->history.file;
    size_t means = s->T.X.data ? 4 : 2;
    if (file && t == 0) {
        fputs(means == 2 ? "epoch,loss,accuracy"
              : "epoch,loss,accuracy,test_loss,test_accuracy", file);
        for (size_t i = 1; i <= epoch->norms; i++)
            fprintf(file, ",norm%zu", i);
        fputc('\n', file);
    }
    if (file) {
        const double mean[] = { epoch->loss, epoch->accuracy, s->loss,
                                s->accuracy };
        char text[32];
        fprintf(file, "%zu", t);
        for (size_t i = 0; i < means; i++)
            fprintf(file, ",%s", number_format(text, mean[i]));
        for (size_t i = 0; i < epoch->norms; i++)
            fprintf(file, ",%s", number_format(text, epoch->norm[i]));
        fputc('\n', file);
    }
    for (int k = 0; epochs > 10 * every; k++)
        every = k % 3 == 1 ? every / 2 * 5 : every * 2;
    if (t % (epochs / 100 + 1) == 0 && isatty(STDERR_FILENO))
        fprintf(stderr, "  epoch %5zu of %zu              \r", t, epochs);
    if (!s->o->folds && t % every == 0)
        printf("%s" EPOCH_LINE,
               t ? "" : "Means over each epoch, in training mode:\n", t,
               epoch->loss, epoch->accuracy);
    size_t patience = s->o->stop_after;
    if (!s->o->folds && (!patience || !s->best || s->loss < s->lowest)) {
        s->lowest = s->loss;
        s->best_epoch = t;
        s->size = (size_t)(net->lasting + net->lasting_count - net->params);
        if (!s->best) {
            s->best = allocate(s->size, sizeof *s->best, "numbers", s->e);
            if (!ranks_agree(s->best != NULL, s->e))
                return false;
        }
        memcpy(s->best, net->params, s->size * sizeof *s->best);
    }
    return !patience || t - s->best_epoch < patience;
}
static bool recipe_suits(Options *o, Dataset D, Error *e)
{
    size_t *width = o->width, rows = D.X.rows, folds = o->folds;
    size_t left = folds > rows ? 0 : folds == 0 ? rows
        : rows - (rows + folds - 1) / folds;
    double params = 0;
    width[0] = D.X.cols;
    width[o->recipe.count - 1] = D.Y.cols;
    o->recipe.width = width;
    o->recipe.loss = D.Y.cols > 1 ? &softmax : &bce;
    for (size_t i = 1; i < o->recipe.count; i++)
        params += ((double)width[i - 1] + 1) * (double)width[i];
    if (params > 1e8)
        return fail(e, "--layers asks for %.0f parameters; give it "
                    "fewer, 100000000 at most", params);
    if (*width > WIDEST)
        return fail(e, "%zu inputs are more than a model can have, %d; see "
                    "--drop", *width, WIDEST);
    if (o->recipe.batchnorm && ranks_count() > 1)
        return fail(e, "--batchnorm needs the whole batch on one rank, not "
                    "%zu; use mpirun -n 1, or nn itself", ranks_count());
    size_t batch = (size_t)o->recipe.batch;
    bool uneven = folds && rows % folds;
    bool alone = batch == 1 || left % batch == 1
        || (uneven && (left + 1) % batch == 1);
    if (o->recipe.batchnorm && alone)
        return fail(e, "--batchnorm needs two rows in a batch, and "
                    "--batch %zu leaves one alone; choose another", batch);
    return o->recipe.batch <= left
        || fail(e, "%zu rows to train on are too few for --batch %zu%s; "
                "use smaller numbers", left, (size_t)o->recipe.batch,
                folds ? " and --folds" : "");
}
static bool data_read(Session *s)
{
    const Options *o = s->o;
    if (o->data ? !dataset_read(&s->D, &s->m.labels, o->data, &o->how,
                                0, s->odd, s->e)
        : !spirals(&s->D, 200, 0.25, 7, s->e))
        return false;
    size_t classes = s->m.labels.count;
    if (o->test && !dataset_read(&s->T, &s->m.labels, o->test, &o->how,
                                 s->D.X.cols, s->odd + 1, s->e))
        return false;
    if (o->test && !s->T.Y.data)
        return fail(s->e, "%.200s has no labels; a test needs them",
                    o->test);
    return dataset_one_hot(&s->D, classes, s->e)
        && dataset_one_hot(&s->T, classes, s->e);
}
static void say(FILE *file, const char *before, Error what)
{
    for (unsigned char *c = (unsigned char *)what.text; *c; c++) {
        if (*c < ' ' || *c == 127)
            *c = '?';
        if (c[0] == 194 && c[1] >= 128 && c[1] < 160)
            c[0] = c[1] = '?';
    }
    fprintf(file, "%s%s\n", before, what.text);
}

static void say_labels(Session *s)
{
    char (*name)[LABEL] = s->m.labels.name;
    size_t n = s->m.labels.count;
    for (size_t i = 0; i < 2; i++)
        if (*s->odd[i].text)
            say(stdout, "Warning: ", s->odd[i]);
    if (n > 2)
        fail(s->odd, "%zu classes, %s to %s", n, *name, name[n - 1]);
    else
        fail(s->odd, "1 is %s, 0 is %s", name[1], name[0]);
    if (n > 2 || strcmp(name[0], "0") || strcmp(name[1], "1"))
        say(stdout, "", *s->odd);
}
static bool train_once(Session *s)
{
    Network *net = &s->m.net;
    if (!recipe_fit(net, &s->m.scaling, s->D, &s->o->recipe, observe, s,
                    s->e) || *s->e->text)
        return false;
    if (!s->best)
        return fail(s->e, "interrupted before an epoch was whole; "
                    "nothing is written");
    memcpy(net->params, s->best, s->size * sizeof *s->best);
    if (s->o->stop_after)
        printf("Epoch %zu was the best on the test set and is kept.\n",
               s->best_epoch);
    Measure *share = s->o->recipe.loss->accuracy;
    double of = network_mean(net, s->D, share);
    double test = s->T.X.data ? network_mean(net, s->T, share) : 0;
    if (!interrupted()) {
        printf("Final training accuracy: %.4f, in evaluation mode\n", of);
        if (s->T.X.data)
            printf("Test accuracy: %.4f\n", test);
    }
    Matrix Y = s->D.Y;
    for (size_t k = 0; k < s->m.labels.count; k++) {
        for (size_t i = 0; i < Y.rows; i++)
            for (size_t j = 0; j < Y.cols; j++)
                AT(Y, i, j) = Y.cols == 1 ? (double)k : j == k;
        if (network_mean(net, s->D, share) == 1) {
            fail(s->odd, "The network says %s for every row.",
                 s->m.labels.name[k]);
            say(stdout, "", *s->odd);
        }
    }
    bool saved = !s->save.file
        || (model_write(s->save.file, &s->m, s->e)
            && output_close(&s->save, s->e));
    return (!s->history.file || output_close(&s->history, s->e)) && saved;
}
static bool validate(Session *s)
{
    size_t folds = s->o->folds;
    double mean = 0, squares = 0, n = (double)folds;
    double *share = allocate(folds, sizeof *share, "accuracies", s->e);
    bool ok = share
        && recipe_validate(share, (Matrix){ 0 }, folds, s->D,
                           &s->o->recipe, observe, s, s->e);
    if (ok && !interrupted()) {
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
static bool run_train(Options *o, Error *e)
{
    Session s = { .o = o, .e = e, .m.labels = { 2, { "0", "1" } } };
    bool write = rank_first();
    bool ready = data_read(&s) && recipe_suits(o, s.D, e)
        && (!write || !o->history
            || output_open(&s.history, o->history, e))
        && (!write || !o->save || output_open(&s.save, o->save, e))
        && (!s.save.file || strcmp(s.save.path, s.history.path)
            || fail(e, "--save and --history are both %.300s; give "
                    "them two names", s.save.path));
    patient = true;
    if (ready)
        say_labels(&s);
    bool ok = ranks_agree(ready, e)
        && (o->folds ? validate(&s) : train_once(&s));
    if (ok && interrupted() && write)
        fprintf(stderr, "nn: interrupted; %s\n", o->folds
                ? "folds have no result until all are done"
                : "what you asked for is written, up to the last whole "
                "epoch");
    output_abandon(&s.history);
    output_abandon(&s.save);
    model_destroy(&s.m);
    dataset_destroy(&s.D);
    dataset_destroy(&s.T);
    free(s.best);
    return ok;
}
static bool run_spirals(Options *o, Error *e)
{
    Dataset D = { 0 };
    bool ok = spirals(&D, o->points, o->noise, o->recipe.seed, e)
        && dataset_write(o->out, D, e);
    dataset_destroy(&D);
    return ok;
}
static bool run_published(Options *o, Error *e)
{
    (void)o;
    for (int times = 2; times > 0; times--) {
        Rng rng = rng_create(7);
        printf("The published run, the gradient divided %s\n",
               times == 2 ? "twice, as published" : "once");
        printf("Gradient check: max relative error = %.2e  "
               "(should be < 1e-5)\n", published_check(&rng));
        if (!published_runs(times == 2, &rng, published_print,
                            &(Log){ .out = stdout }, e))
            return false;
        putchar('\n');
    }
    return true;
}
static void write_name(FILE *file, const char *name, char end)
{
    if (strpbrk(name, ",\"#;\t"))
        csv_fwrite(file, name, strlen(name));
    else
        fputs(name, file);
    fputc(end, file);
}
static bool write_answer(FILE *file, Matrix z, const Labels *labels)
{
    double p[CLASSES] = { sigmoid(z.data[0]) }, class = z.data[0] >= 0;
    bool finite = true;
    char text[32];
    if (z.cols > 1) {
        softmax_probabilities(matrix_view(p, 1, z.cols), z);
        decide(matrix_view(&class, 1, 1), z);
    }
    for (size_t k = 0; k < z.cols; k++) {
        fprintf(file, "%s,", number_format(text, p[k]));
        finite &= isfinite(z.data[k]) != 0;
    }
    write_name(file, labels->name[(size_t)class], '\n');
    return finite;
}
static bool run_predict(Options *o, Error *e)
{
    Model m = { 0 };
    Dataset D = { 0 };
    Matrix Z = { 0 };
    Output out = { 0 };
    Error odd = { 0 };
    bool ok = model_load(&m, o->model, e)
        && dataset_read(&D, &m.labels, o->data, &o->how,
                        m.net.layer[0].d_in, &odd, e)
        && matrix_create(&Z, D.X.rows,
                         m.net.layer[m.net.depth - 1].d_out, e)
        && dataset_one_hot(&D, Z.cols, e)
        && output_open(&out, o->out, e);
    if (*odd.text)
        say(stderr, "Warning: ", odd);
    if (ok) {
        scaling_apply(D.X, m.scaling);
        network_predict(Z, &m.net, D.X);
        if (Z.cols > 1) {
            Matrix one = matrix_view(&(double){ 0 }, 1, 1);
            softmax_probabilities(one, one);
            decide(one, one);
        }
        if (part_not_begun())
            ok = fail(e, "challenge %s is not begun; write its chunk in nn.nw, "
                      "or do without it", part_not_begun());
        for (size_t k = 0; Z.cols > 1 && k < Z.cols; k++)
            write_name(out.file, m.labels.name[k], ',');
        fputs(Z.cols > 1 ? "class\n" : "probability,class\n", out.file);
        for (size_t i = 0; ok && i < Z.rows; i++)
            if (!write_answer(out.file, matrix_rows(Z, i, 1), &m.labels))
                ok = fail(e, "row %zu of the data is too far from what the "
                          "model knows; remove it", i + 1);
        ok = ok && output_close(&out, e);
        if (ok && D.Y.data)
            printf("accuracy: %.4f of %zu rows\n",
                   (Z.cols > 1 ? &softmax : &bce)->accuracy(Z, D.Y), D.X.rows);
    }
    output_abandon(&out);
    matrix_destroy(&Z);
    dataset_destroy(&D);
    model_destroy(&m);
    return ok;
}
static bool tensor_check(Point *p, char name, size_t number, Matrix x,
                         const double *grad, const double *exact,
                         Error *e)
{
    size_t count = x.rows * x.cols;
    Rng rng = rng_create(count);
    Verdict near = check_central(network_sample, p, x.data, grad,
                                 count);
    Verdict same = compare_gradients(grad, exact, count);
    double ratio = taylor_ratio(network_sample, p, x.data, grad, count,
                                &rng, e);
    bool ok = verdict_ok(near, 1e-6) && verdict_ok(same, 1e-12)
        && (ratio == 0 || fabs(ratio - 4) < 0.4);
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(grad[i]));
    printf("  %c%-5.0zu %3zu x %-3zu %8.2e  %8.2e  %6.4f  %8.2e %8zu  %s\n",
           name, number, x.rows, x.cols, largest, near.worst, ratio,
           same.worst, near.skipped, ok ? "ok"
           : near.zeros < near.checked ? "FAIL" : "ZERO");
    return ok;
}
static bool network_check(Network *net, Dataset D, const Loss *loss,
                          bool *passed, Error *e)
{
    Point p = { .net = net, .D = D, .loss = loss };
    size_t n = D.X.rows, params = net->param_count;
    size_t numbers = params + (4 + D.Y.cols) * n;
    double *grads = allocate(numbers, sizeof *grads, "gradients", e);
    if (!grads)
        return false;
    Matrix dX = matrix_view(grads + params, n, 2);
    Matrix exact_dX = matrix_view(grads + params + 2 * n, n, 2);
    Matrix dZ = matrix_view(grads + params + 4 * n, n, D.Y.cols);
    loss->both(dZ, network_forward(net, D.X, TRAINING), D.Y);
    network_backward(dX, net, dZ);
    bool ok = complex_gradient(1e-20, grads, exact_dX, net, D.X, D.Y, loss,
                               e);
    puts("  tensor   shape    max |g|   central  Taylor   complex  "
         "skipped");
    for (size_t i = 0, number = 0; ok && i < net->depth; i++) {
        const Layer *l = &net->layer[i];
        if (!layer_params(l))
            continue;
        *passed &= tensor_check(&p, 'W', ++number, l->W, l->dW.data,
                                grads + (l->dW.data - net->grads), e);
        *passed &= tensor_check(&p, 'b', number, l->b, l->db.data,
                                grads + (l->db.data - net->grads), e);
    }
    if (ok)
        *passed &= tensor_check(&p, 'X', 0, D.X, dX.data,
                                exact_dX.data, e);
    free(grads);
    return !*e->text;
}
static bool run_check(Options *o, Error *e)
{
    bool ok = true, passed = true;
    for (size_t steps = 0; ok && steps <= 20; steps += 20) {
        Dataset D = { 0 };
        Model m = { 0 };
        o->recipe.epochs = steps;
        o->recipe.batch = 12;
        ok = spirals(&D, 6, 0.25, 7, e);
        for (size_t i = 0; o->classes > 2 && i < D.Y.rows; i++)
            AT(D.Y, i, 0) = (double)(i % o->classes);
        ok = ok && dataset_one_hot(&D, o->classes, e) && recipe_suits(o, D, e)
            && recipe_fit(&m.net, &m.scaling, D, &o->recipe, NULL, NULL, e);
        if (ok) {
            Rng rng = rng_create(0);
            for (size_t i = 0; i < m.net.depth; i++)
                for (size_t k = 0; k < m.net.layer[i].b.cols; k++)
                    AT(m.net.layer[i].b, 0, k) += 0.1 * rng_normal(&rng);
            printf("After %zu steps\n", steps);
            ok = network_check(&m.net, D, o->recipe.loss, &passed, e);
        }
        model_destroy(&m);
        dataset_destroy(&D);
    }
    if (ok)
        printf("%s: central < 1e-6, Taylor 3.6 to 4.4 or 0, complex < "
               "1e-12, for every tensor\n", passed ? "PASS" : "FAIL");
    return ok && passed;
}
static const struct {
    const char *name;
    char mark;                           /* in the table of options */
    bool (*run)(Options *o, Error *e);
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
    Options o = { .recipe = { .activation = "relu", .loss = &bce } };
    const char *name = word[1] ? word[1] : "";
    size_t c = 0;
    for (char **w = word; *w; w++)
        if (!strcmp(*w, "--help")) {
            puts("usage: nn COMMAND [--OPTION VALUE]...");
            for (size_t k = 0; k < COMMANDS; k++)
                printf("  %c: %-11s%s\n", command_table[k].mark,
                       command_table[k].name, command_table[k].help);
            options_help();
            return 0;
        }
    while (c < COMMANDS && strcmp(name, command_table[c].name))
        c++;
    if (c == COMMANDS)
        fail(e, "\"%.60s\" is no command; nn --help lists them", name);
    else if (options_read(&o, command_table[c].mark, word + 2, e)) {
        bool mine = rank_first() || command_table[c].mark == 't';
        bool ok = !mine || command_table[c].run(&o, e);
        return interrupted() ? 128 + interrupted() : !ok;
    }
    return 2;
}
int main(int argc, char **argv)
{
    Error e = { { 0 } };
    static const int unfit[] = { O_WRONLY, O_RDONLY, O_RDWR };
    for (int file = 0; file < 3; file++)
        if (fcntl(file, F_GETFD) < 0)
            open("/dev/null", unfit[file]);
    signal(SIGXFSZ, SIG_IGN);
    static const int number[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
                                  SIGPIPE, SIGALRM, SIGXCPU };
    struct sigaction old, new = { .sa_handler = hear };
    for (size_t i = 0; i < sizeof number / sizeof *number; i++)
        if (!sigaction(number[i], NULL, &old)
            && old.sa_handler != SIG_IGN)
            sigaction(number[i], &new, NULL);
    ranks_begin(&argc, &argv);
    int status = argc > 0 ? run(argv, &e) : 2;
    Output standard = { .file = stdout, .path = "standard output" };
    if (!output_close(&standard, *e.text ? NULL : &e))
        status = 1;
    if (*e.text && rank_first())
        say(stderr, "nn: ", e);
    return ranks_end(status);
}
