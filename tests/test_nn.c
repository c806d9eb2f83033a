/* What the program's own functions decide, where no command shows it. */
#include "check.h"
#include "scratch.h"
#include "survive.h"
#include <criterion/redirect.h>

#include "softmax.h"

static bool undecided;
static void decide_if_begun(Matrix c, Matrix Z)
{
    undecided ? not_begun("5d") : decide(c, Z);
}

#define decide decide_if_begun
#define main nn_main
#include "nn.c"

/* What is printed goes into a file of the test's folder, and from there into the caller's hands. */
static void listen(void)
{
    cr_assert(freopen("said", "w", stdout) != NULL);
}

static char *heard(void)
{
    size_t length;
    fflush(stdout);
    return read_bytes("said", &length);
}

/* Four points and a network of two layers; the table of the check is printed for nobody. */
static void begin(Network *net, Dataset *D)
{
    static const size_t width[] = { 2, 3, 1 };
    Error e = { "" };
    cr_assert(spirals(D, 2, 0.25, 7, &e) && network_create(net, width, 3, 4, &e), "%s", e.text);
    network_init(net, INIT_HE, 42);
    cr_assert(freopen("/dev/null", "w", stdout) != NULL);
}

/* Where one number of an exact gradient is off, by so much of the largest: a limit of 1e-12. */
Test(nn, the_check_asks_for_twelve_digits, .timeout = 10, .init = cr_redirect_stdout)
{
    static const struct {
        double off;
        bool ok;
    } at[] = { { 0, true }, { 5e-13, true }, { 2e-12, false }, { 1e-10, false }, { 1e-7, false } };
    Dataset D;
    Network net;
    Error e = { "" };
    double grads[13], dx[8], dz[4];
    begin(&net, &D);
    Point p = { .net = &net, .D = D, .loss = &bce };
    Matrix dZ = matrix_view(dz, 4, 1), dX = matrix_view(dx, 4, 2), W = net.layer[0].W;
    bce.gradient(dZ, network_forward(&net, D.X, TRAINING), D.Y);
    network_backward(dX, &net, dZ);
    const double *grad = net.layer[0].dW.data;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        size_t largest = 0;
        for (size_t k = 0; k < 6; k++) {
            grads[k] = grad[k];
            largest = fabs(grad[k]) > fabs(grad[largest]) ? k : largest;
        }
        grads[largest] *= 1 + at[i].off;
        cr_assert(tensor_check(&p, 'W', 1, W, grad, grads, &e) == at[i].ok,
                  "an error of %g is %s", at[i].off, at[i].ok ? "refused" : "accepted");
    }
    network_destroy(&net);
    dataset_destroy(&D);
}

static double off_the_line, power;
static double bent(Matrix Z, Matrix Y)
{
    (void)Y;
    return *Z.data + off_the_line * pow(fabs(*Z.data), power);
}

/* The other two limits: 1e-6 for differences, of a gradient of 1 that is off; and 3.6 to 4.4 for a ratio, which is 2 to
   this power. */
Test(nn, the_check_has_three_limits, .timeout = 10, .init = scratch_make, .fini = scratch_remove)
{
    static const struct {
        double off, bend, power;
        bool ok;
    } at[] = { { 0, 1, 2, true },      { 5e-7, 1e5, 2, true }, { 2e-6, 1e5, 2, false }, { 0, 1, 1.84, false },
               { 0, 1, 1.86, true }, { 0, 1, 2.13, true },   { 0, 1, 2.15, false } };
    static const size_t width[] = { 1, 1 };
    Network net;
    Error e = { "" };
    double input = 1, label = 0;
    Loss loss = { .value = bent };
    Point p = { &net, { matrix_view(&input, 1, 1), matrix_view(&label, 1, 1) }, &loss };
    cr_assert(network_create(&net, width, 2, 1, &e), "%s", e.text);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        double grad = 1 + at[i].off;
        off_the_line = at[i].bend;
        power = at[i].power;
        listen();
        cr_expect(tensor_check(&p, 'W', 1, net.layer[0].W, &grad, &grad, &e) == at[i].ok, "line %zu", i);
        char *said = heard();
        cr_expect(strstr(said, at[i].ok ? "  ok\n" : "  FAIL\n") != NULL, "line %zu: %s", i, said);
        free(said);
    }
    network_destroy(&net);
}

static double both_divided_twice(Matrix dZ, Matrix Z, Matrix Y)
{
    double loss = bce.both(dZ, Z, Y);
    for (size_t i = 0; i < dZ.rows; i++) {
        dZ.data[i] /= (double)dZ.rows;
    }
    return loss;
}

/* The gradient that is checked is the one that training takes: of a loss whose "both" alone is wrong. */
Test(nn, the_check_sees_what_training_uses, .timeout = 10, .init = cr_redirect_stdout)
{
    Dataset D;
    Network net;
    Error e = { "" };
    begin(&net, &D);
    for (int wrong = 0; wrong < 2; wrong++) {
        Loss loss = bce;
        bool passed = true;
        if (wrong) {
            loss.both = both_divided_twice;
        }
        cr_assert(network_check(&net, D, &loss, &passed, &e), "%s", e.text);
        cr_expect(passed == !wrong, "a %s gradient %s", wrong ? "wrong" : "right", passed ? "passes" : "doesn't pass");
    }
    network_destroy(&net);
    dataset_destroy(&D);
}

static void linear_off(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    linear_backward(dX, l, dZ, X);
    NTH(l->dW, 0) *= 1.5;
}

/* One wrong tensor isn't forgotten when all that come after it are right. */
Test(nn, the_check_remembers_what_failed, .timeout = 10, .init = cr_redirect_stdout)
{
    Dataset D;
    Network net;
    Error e = { "" };
    begin(&net, &D);
    for (size_t l = 0; l < net.depth; l += 2) {
        bool passed = true;
        net.layer[l].backward = linear_off;
        cr_assert(network_check(&net, D, &bce, &passed, &e), "%s", e.text);
        cr_expect(!passed, "a wrong dW of layer %zu", l + 1);
        net.layer[l].backward = linear_backward;
    }
    network_destroy(&net);
    dataset_destroy(&D);
}

/* What a message quotes: each byte of a control character is a question mark, of ASCII and of two bytes in UTF-8. */
Test(nn, messages_have_no_control_characters, .timeout = 5)
{
    static const struct {
        const char *text, *said;
    } at[] = { { "a\x1f ~", "a? ~" },
               { "~\x7f\x80", "~?\x80" },
               { "\xc2\x80\xc2\x9f", "????" },
               { "\xc2\xa0", "\xc2\xa0" },
               { "\xc2\x7f", "\xc2?" },
               { "\xc3\x80\xc3\x9f", "\xc3\x80\xc3\x9f" },
               { "\xc2 \xc2~", "\xc2 \xc2~" },
               { "\xfe\x90", "\xfe\x90" },
               { "", "" } };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        char said[100] = "", wanted[100];
        FILE *file = fmemopen(said, sizeof said, "w");
        Error e;
        strcpy(e.text, at[i].text);
        say(file, "nn: ", e);
        fclose(file);
        sprintf(wanted, "nn: %s\n", at[i].said);
        cr_expect_str_eq(said, wanted, "line %zu", i);
    }
}

/* Names are worth a word unless they are 0 and 1. */
Test(nn, labels_are_told, .timeout = 5, .init = scratch_make, .fini = scratch_remove)
{
    static const struct {
        Labels labels;
        const char *said;
    } at[] = { { { 2, { "0", "1" } }, "" },
               { { 2, { "0", "2" } }, "1 is 2, 0 is 0\n" },
               { { 2, { "-1", "1" } }, "1 is 1, 0 is -1\n" },
               { { 3, { "0", "1", "2" } }, "3 classes, 0 to 2\n" } };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        Session s = { .m.labels = at[i].labels };
        listen();
        say_labels(&s);
        char *said = heard();
        cr_expect_str_eq(said, at[i].said, "line %zu", i);
        free(said);
    }
}

/* One logit of three is infinite, and it isn't the last. */
Test(nn, what_is_infinite_is_no_answer, .timeout = 5)
{
    static const Labels labels = { 3, { "0", "1", "2" } };
    double z[] = { INFINITY, 0, 0 };
    FILE *file = fopen("/dev/null", "w");
    cr_expect(!write_answer(file, matrix_view(z, 1, 3), &labels));
    fclose(file);
}

/* Who has written all of challenge 5 but its last part has no predictions yet, and no file of them. */
Test(nn, predictions_need_the_decision, .timeout = 5, .init = scratch_make, .fini = scratch_remove)
{
    static char *word[] = { "nn", "predict", "--model", "m", "--data", "d", "--out", "p", NULL };
    static const size_t width[] = { 1, 3 };
    Model m = { .labels = { 3, { "0", "1", "2" } } };
    Error e = { "" };
    double zero = 0, one = 1;
    m.scaling = (Scaling){ matrix_view(&zero, 1, 1), matrix_view(&one, 1, 1) };
    cr_assert(network_create(&m.net, width, 2, 1, &e), "%s", e.text);
    FILE *file = fopen("m", "w");
    cr_assert(model_write(file, &m, &e), "%s", e.text);
    fclose(file);
    network_destroy(&m.net);
    write_text("d", "1\n2\n");
    undecided = true;
    cr_expect(run(word, &e) == 1 && strstr(e.text, "is not begun") != NULL, "%s", e.text);
    cr_expect(scratch_count() == 2);
}

/* A program may be started without any word, not even its name; what lies behind is the environment. */
Test(nn, no_word_is_no_command, .timeout = 5, .init = scratch_make, .fini = scratch_remove)
{
    char *word[] = { NULL, "spirals", NULL };
    listen();
    cr_expect(nn_main(0, word) == 2);
    char *said = heard();
    cr_expect_str_empty(said);
    free(said);
}

/* Bounds that no command reaches in reasonable time: 1e8 parameters, 65536 inputs; and who is alone in a batch. */
Test(nn, what_suits_a_table, .timeout = 5)
{
    static const struct {
        size_t rows, cols, hidden, batch, folds;
        bool norm;
        const char *wrong;
    } at[] = { { 20, 9999, 9999, 4, 0, false, NULL },
               { 20, 10000, 9999, 4, 0, false, "--layers asks for 100009999 parameters" },
               { 20, WIDEST, 0, 4, 0, false, NULL },
               { 20, WIDEST + 1, 0, 4, 0, false, "65537 inputs are more than a model can have" },
               { 10, 2, 3, 3, 0, true, "leaves one alone" },
               { 10, 2, 3, 3, 0, false, NULL },
               { 10, 2, 3, 5, 0, true, NULL },
               { 10, 2, 3, 1, 0, true, "leaves one alone" },
               { 10, 2, 3, 4, 5, true, NULL },
               { 11, 2, 3, 5, 5, true, NULL },
               { 11, 2, 3, 8, 5, true, "leaves one alone" },
               { 11, 2, 3, 7, 5, true, "leaves one alone" },
               { 11, 2, 3, 8, 5, false, NULL },
               { 11, 2, 3, 9, 5, false, "8 rows to train on are too few for --batch 9 and --folds" },
               { 11, 2, 3, 11, 0, false, NULL },
               { 11, 2, 3, 12, 0, false, "11 rows to train on are too few for --batch 12; use" } };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        Options o = { .folds = at[i].folds, .recipe = { .batch = at[i].batch, .batchnorm = at[i].norm } };
        Dataset D = { matrix_view(NULL, at[i].rows, at[i].cols), matrix_view(NULL, at[i].rows, 1) };
        Error e = { "" };
        o.width[1] = at[i].hidden;
        o.recipe.count = at[i].hidden ? 3 : 2;
        cr_expect(recipe_suits(&o, D, &e) == !at[i].wrong, "line %zu: %s", i, e.text);
        cr_expect(at[i].wrong ? strstr(e.text, at[i].wrong) != NULL : !*e.text, "line %zu: it says \"%s\"", i, e.text);
        cr_expect(o.recipe.loss == &bce && o.width[0] == at[i].cols && o.width[o.recipe.count - 1] == 1, "line %zu", i);
    }
}

/* What --layers says stands between the inputs, which only a table tells, and one output. */
Test(nn, widths_stand_between_inputs_and_output, .timeout = 5)
{
    char *word[] = { "--layers", "3,5", "--layers=none", NULL }, *first[] = { word[0], word[1], NULL };
    Options o = { 0 };
    Error e = { "" };
    cr_assert(options_read(&o, 'c', first, &e), "%s", e.text);
    cr_expect(o.recipe.count == 4 && o.width[1] == 3 && o.width[2] == 5 && o.width[3] == 1);
    o.width[1] = 3;
    cr_assert(options_read(&o, 'c', word, &e), "%s", e.text);
    cr_expect(o.recipe.count == 2 && o.width[1] == 1);
}

#define COMMAND(name, ...)                                                     \
    static bool name(bool *untouched, Error *e)                                \
    {                                                                          \
        static char *word[] = { "nn", __VA_ARGS__, NULL };                     \
        (void)untouched;                                                       \
        return run(word, e) == 0;                                              \
    }

COMMAND(try_spirals, "spirals", "--points", "4", "--out", "d")
COMMAND(try_train, "train", "--data", "d", "--test", "d", "--stop-after", "9", "--layers", "2", "--batch", "4",
        "--epochs", "3", "--history", "h", "--save", "m")
COMMAND(try_folds, "train", "--data", "d", "--folds", "2", "--layers", "2", "--batch", "4", "--epochs", "1")
COMMAND(try_predict, "predict", "--model", "m", "--data", "d", "--out", "p")
COMMAND(try_check, "check", "--layers", "2")
COMMAND(try_published, "published")

/* Each command, and every allocation fails in turn. */
Test(nn, memory_runs_short, .init = scratch_make, .fini = scratch_remove, .timeout = 30)
{
    cr_redirect_stdout();
    cr_assert(freopen("/dev/null", "w", stdout) != NULL);
    expect_survival(try_spirals, "nn spirals", 2);
    expect_survival(try_train, "nn train", 10);
    expect_survival(try_folds, "nn train --folds", 10);
    expect_survival(try_predict, "nn predict", 5);
    expect_survival(try_check, "nn check", 10);
    cr_expect(scratch_count() == 4);
}

/* A check that has no memory comes to no verdict, and says nothing of what it couldn't do. */
Test(nn, a_check_without_memory_says_no_more, .init = scratch_make, .fini = scratch_remove, .timeout = 30)
{
    bool done = false, untouched;
    Error e;
    for (size_t n = 1; !done; n++) {
        listen();
        done = fail_at(n, try_check, &untouched, &e);
        char *said = heard();
        cr_assert((strstr(said, "PASS") != NULL) == done && !strstr(said, "FAIL"), "allocation %zu: %s", n, said);
        cr_assert(n > 1 || !*said, "it says: %s", said);
        free(said);
    }
}

/* The runs of the published chapter take seconds; the first of them has no memory, and the others aren't made. */
Test(nn, published_runs_end_without_memory, .init = scratch_make, .fini = scratch_remove, .timeout = 10)
{
    bool untouched;
    Error e;
    listen();
    cr_expect(!fail_at(1, try_published, &untouched, &e) && strstr(e.text, "memory") != NULL, "%s", e.text);
    char *said = heard();
    cr_expect(strstr(said, "once") == NULL, "it says: %s", said);
    free(said);
}
