/* A trained network in a file, and everything that can be wrong with one. */
#include <stdint.h>

#include "batchnorm.h"
#include "dropout.h"
#include "files.h"
#include "model.h"
#include "recipe.h"
#include "scratch.h"

TestSuite(model, .init = scratch_make, .fini = scratch_remove, .timeout = 30);

/* A model of these widths, trained a little so that nothing in it is zero. */
static void make_model(Model *m, Dataset *D, const size_t *width, size_t count)
{
    Error e = { { 0 } };
    Recipe r = {
        .width = width, .count = count, .activation = "relu", .loss = &bce, .init = INIT_XAVIER,
        .rate = 0.1, .epochs = 3, .batch = 8, .seed = 42, .method = SGD
    };
    *m = (Model) { .labels = { 2, { "no", "yes, it is \"so\"" } } };
    cr_assert(spirals(D, 20, 0.25, 7, &e), "%s", e.text);
    cr_assert(recipe_fit(&m->net, &m->scaling, *D, &r, NULL, NULL, &e), "%s", e.text);
}

static bool model_save(const char *path, const Model *m, Error *e)
{
    Output o;
    if (!output_open(&o, path, e)) {
        return false;
    }
    return model_write(o.file, m, e) && output_close(&o, e);
}

static const size_t deep[] = { 2, 5, 3, 1 }, small[] = { 2, 2, 1 }, plane[] = { 2, 1 };

/* A small one: trained, of two classes, or of three, with numbers by hand. */
static void make_small(Model *m, int classes)
{
    const Layer list[] = { linear_layer(2, 2), activation_layer("relu", 2), linear_layer(2, 3) };
    Dataset D;
    Error e = { { 0 } };
    if (classes == 2) {
        make_model(m, &D, small, 3);
        dataset_destroy(&D);
        return;
    }
    *m = (Model) { .labels = { 3, { "red", "green", "blue" } } };
    cr_assert(network_from(&m->net, list, 3, 8, &e) && matrix_create(&m->scaling.mean, 1, 2, &e)
              && matrix_create(&m->scaling.std, 1, 2, &e), "%s", e.text);
    for (size_t i = 0; i < m->net.param_count; i++) {
        m->net.params[i] = 1.5 - (double)i;
    }
    m->scaling.std.data[0] = m->scaling.std.data[1] = 3;
}

Test(model, three_classes_come_back)
{
    Model m, back;
    Error e = { { 0 } };
    make_small(&m, 3);
    cr_assert(model_save("a", &m, &e) && model_load(&back, "a", &e) && model_save("b", &back, &e), "%s", e.text);
    expect_same_bytes("a", "b");
    cr_expect(memcmp(&m.labels, &back.labels, sizeof m.labels) == 0);
    cr_expect(back.net.layer[2].d_out == 3);
    cr_expect(memcmp(back.net.params, m.net.params, m.net.param_count * sizeof(double)) == 0);
    model_destroy(&m);
    model_destroy(&back);
}

Test(model, same_bytes_after_a_round)
{
    static const struct {
        const size_t *width;
        size_t count;
    } shape[] = { { deep, 4 }, { small, 3 }, { plane, 2 } };
    for (size_t i = 0; i < 3; i++) {
        Model m, back;
        Dataset D;
        Error e = { { 0 } };
        make_model(&m, &D, shape[i].width, shape[i].count);
        cr_assert(model_save("a", &m, &e), "%s", e.text);
        cr_assert(model_load(&back, "a", &e), "%s", e.text);
        cr_assert(model_save("b", &back, &e), "%s", e.text);
        expect_same_bytes("a", "b");
        cr_expect(back.net.param_count == m.net.param_count);
        cr_expect(back.net.depth == m.net.depth);
        cr_expect(scratch_count() == 2);
        model_destroy(&m);
        model_destroy(&back);
        dataset_destroy(&D);
    }
}

Test(model, same_predictions_after_a_round)
{
    Model m, back;
    Dataset D;
    make_model(&m, &D, deep, 4);
    double z[40], w[40];
    network_predict(matrix_view(z, 40, 1), &m.net, D.X);
    cr_assert(model_save("a", &m, NULL) && model_load(&back, "a", NULL));
    cr_expect(memcmp(&m.labels, &back.labels, sizeof m.labels) == 0);
    cr_expect(memcmp(m.scaling.mean.data, back.scaling.mean.data, 2 * sizeof *z) == 0);
    cr_expect(memcmp(m.scaling.std.data, back.scaling.std.data, 2 * sizeof *z) == 0);
    network_predict(matrix_view(w, 40, 1), &back.net, D.X);
    cr_expect(memcmp(z, w, sizeof z) == 0);
    model_destroy(&m);
    model_destroy(&back);
    dataset_destroy(&D);
}

/* Loading fails with one sentence that names the file, and changes nothing. */
static void expect_refusal(const char *part, const char *what)
{
    Model m, old;
    Error e = { { 0 } };
    memset(&m, 0x5a, sizeof m);
    memcpy(&old, &m, sizeof m);
    cr_assert(!model_load(&m, "bad", &e), "accepted: %s", what);
    cr_expect(memcmp(&m, &old, sizeof m) == 0, "the output is changed: %s", what);
    cr_expect(strstr(e.text, "bad") && !strchr(e.text, '\n'), "%s", e.text);
    cr_expect(strstr(e.text, part) != NULL, "\"%s\" isn't in \"%s\": %s", part, e.text, what);
}

/* what the file of a small model has in it; the caller's */
static char *small_text(int classes, size_t *length)
{
    Model m;
    make_small(&m, classes);
    cr_assert(model_save("a", &m, NULL));
    model_destroy(&m);
    return read_bytes("a", length);
}

Test(model, every_cut_is_refused)
{
    for (int classes = 2; classes <= 3; classes++) {
        size_t length;
        char *text = small_text(classes, &length);
        for (size_t cut = 0; cut < length; cut++) {
            char what[40];
            snprintf(what, sizeof what, "the first %zu bytes", cut);
            write_bytes("bad", text, cut);
            expect_refusal("", what);
        }
        free(text);
    }
}

/* Every bit of this byte, and some other characters in its place. */
static void alter(char *text, size_t length, size_t i)
{
    static const char others[] = "0e-,\n\0";
    char right = text[i];
    for (size_t k = 0; k < sizeof others - 1 + 8; k++) {
        char wrong = others[k < 8 ? 0 : k - 8];
        if (k < 8) {
            wrong = right;
            *(unsigned char *)&wrong ^= (unsigned char)(1u << k);
        }
        char what[64];
        if (wrong == right) {
            continue;
        }
        snprintf(what, sizeof what, "byte %zu is %d, not %d", i, wrong, right);
        text[i] = wrong;
        write_bytes("bad", text, length);
        expect_refusal("", what);
    }
    text[i] = right;
}

Test(model, every_altered_byte_is_refused)
{
    for (int classes = 2; classes <= 3; classes++) {
        size_t length;
        char *text = small_text(classes, &length);
        for (size_t i = 0; i < length; i++) {
            alter(text, length, i);
        }
        free(text);
    }
}

/* A network with every kind of layer there is, with numbers that were never trained: a layer is
   saved and loaded by what it is, whether or not its challenge is begun. */
Test(model, every_layer_comes_back)
{
    Layer list[9];
    size_t depth = 0;
    Dropout d = { .p = 0.25 };
    list[depth++] = linear_layer(3, 5);
    list[depth++] = batchnorm_layer(5);
    list[depth++] = activation_layer("relu", 5);
    list[depth++] = dropout_layer(5, &d);
    list[depth++] = linear_layer(5, 4);
    list[depth++] = dropout_layer(4, &d);
    list[depth++] = batchnorm_layer(4);
    list[depth++] = linear_layer(4, 1);
    list[depth++] = batchnorm_layer(1);
    Model m = { .labels = { 2, { "-1", "1" } } }, back;
    Error e = { { 0 } };
    cr_assert(network_from(&m.net, list, depth, 8, &e), "%s", e.text);
    cr_assert(matrix_create(&m.scaling.mean, 1, 3, &e) && matrix_create(&m.scaling.std, 1, 3, &e));
    network_init(&m.net, INIT_HE, 1);
    Rng rng = rng_create(3);
    for (size_t i = 0; i < m.net.param_count; i++) {
        m.net.params[i] = rng_normal(&rng);
    }
    for (size_t i = 0; i < m.net.lasting_count; i++) {
        m.net.lasting[i] = rng_uniform(&rng);
    }
    for (size_t i = 0; i < 3; i++) {
        m.scaling.mean.data[i] = rng_normal(&rng);
        m.scaling.std.data[i] = 1 + rng_uniform(&rng);
    }
    cr_assert(model_save("a", &m, &e) && model_load(&back, "a", &e), "%s", e.text);
    cr_assert(back.net.depth == depth && back.net.param_count == m.net.param_count
              && back.net.lasting_count == m.net.lasting_count);
    for (size_t l = 0; l < depth; l++) {
        cr_expect_str_eq(back.net.layer[l].name, list[l].name);
        cr_expect(back.net.layer[l].forward == list[l].forward, "layer %zu", l);
        cr_expect(back.net.layer[l].own == NULL, "layer %zu", l);
    }
    cr_expect(memcmp(back.net.params, m.net.params, m.net.param_count * sizeof(double)) == 0);
    cr_expect(memcmp(back.net.lasting, m.net.lasting, m.net.lasting_count * sizeof(double)) == 0);
    cr_expect(memcmp(back.scaling.mean.data, m.scaling.mean.data, 3 * sizeof(double)) == 0);
    cr_expect(memcmp(back.scaling.std.data, m.scaling.std.data, 3 * sizeof(double)) == 0);
    cr_assert(model_save("b", &back, &e), "%s", e.text);
    expect_same_bytes("a", "b");
    model_destroy(&m);
    model_destroy(&back);
}

/* A file with this head, the checksum of this text, this text, and something behind. */
static void forge(const char *head, const char *text, const char *behind)
{
    uint32_t sum = 0x811c9dc5u;
    for (const char *c = text; *c; c++) {
        sum = (sum ^ (unsigned char)*c) * 0x01000193u;
    }
    FILE *file = fopen("bad", "w");
    cr_assert(file != NULL);
    fprintf(file, "%s%08lx\n%s%s", head, (unsigned long)sum, text, behind);
    cr_assert(fclose(file) == 0);
}

Test(model, forged_files_are_refused)
{
#define H "nn model 2 "
    static const struct {
        const char *head, *text, *behind, *part;
    } bad[] = {
        { "nn model 1 ", "0\n1\n2\n1\n0\n0\n1\n1\n3\n4\n5\n", "", "no model of version 2" },
        { "nn model 3 ", "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "", "no model of version 2" },
        { "nn model 3 ", "101\na\n", "", "no model of version 2" },
        { "nn model 3 ", "2\n0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "", "no model of version 2" },
        { "nn model 22 ", "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "", "no model of version 2" },
        { "1,2,0", "", "", "no model of version 2" },
        { "", "", "", "no model of version 2" },
        { H, "", "", "numbers are wrong" },
        { H, "0\n1\n", "", "numbers are wrong" },
        { H, "0\n1\n1\n0\n1\n", "", "numbers are wrong" },
        { H, "0\n1\n0 linear 1\n3\n", "", "numbers are wrong" },
        { H, "0\n1\n-2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n65537 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 2\n0\n0\n1\n1\n3\n4\n5\n6\n7\n8\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 0 linear 1\n0\n0\n1\n1\n3\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear -1 linear 1\n0\n0\n1\n1\n3\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 99999999999999999999 linear 1\n0\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1x\n0\n0\n1\n1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1 relu\n0\n0\n1\n1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 convolution 1\n0\n0\n1\n1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 relu 1 linear 1\n0\n0\n1\n1\n3\n4\n", "", "numbers are wrong" },
        { H, "0\n1\n2 standardise 2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n65536 linear 65536 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n5\n6\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1\n0\n0\n0\n1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1\n0\n0\n1\n-1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1\n0\nnan\n1\n1\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1\n0\n0\n1\ninf\n3\n4\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4,5\n5\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n\n", "", "numbers are wrong" },
        { H, "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "7\n", "or damaged" },
        { H, "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "junk", "or damaged" },
        { H, "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "\n", "or damaged" },
        { H, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n1\n"
          "2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "", "numbers are wrong" },
    };
    Model m;
    Error e = { { 0 } };
    forge(H, "0\n1\n2 linear 1\n0\n0\n1\n1\n3\n4\n5\n", "");
    cr_assert(model_load(&m, "bad", &e), "the pattern of all forgeries: %s", e.text);
    cr_expect(m.net.param_count == 3 && m.net.params[2] == 5);
    model_destroy(&m);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char what[32];
        snprintf(what, sizeof what, "forgery %zu", i);
        forge(bad[i].head, bad[i].text, bad[i].behind);
        expect_refusal(bad[i].part, what);
    }
}

/* as many layers as a file may have, and one more, which has no place */
Test(model, a_layer_too_many_is_refused)
{
    enum { LAYERS = 4 * DEEPEST };
    for (size_t more = 0; more < 2; more++) {
        char text[40 * (LAYERS + 1)] = "0\n1\n1", what[32];
        for (size_t i = 0; i < LAYERS + more; i++) {
            strcat(text, " linear 1");
        }
        strcat(text, "\n0\n1");
        for (size_t i = 0; i < LAYERS + more; i++) {
            strcat(text, "\n1\n0");
        }
        strcat(text, "\n");
        forge("nn model 2 ", text, "");
        snprintf(what, sizeof what, "%zu layers", LAYERS + more);
        if (more) {
            expect_refusal("layers or numbers are wrong", what);
        } else {
            Model m;
            Error e = { { 0 } };
            cr_assert(model_load(&m, "bad", &e), "%s: %s", what, e.text);
            cr_expect(m.net.depth == LAYERS, "%zu layers", m.net.depth);
            model_destroy(&m);
        }
    }
}

/* as many inputs as a file may have, and one more; all numbers are 1 */
Test(model, an_input_too_many_is_refused)
{
    for (size_t more = 0; more < 2; more++) {
        size_t inputs = WIDEST + more;
        char *text = calloc(6 * inputs + 100, 1), *end = text;
        cr_assert(text != NULL);
        end += sprintf(end, "0\n1\n%zu linear 1", inputs);
        for (size_t i = 0; i < 3 * inputs + 1; i++) {
            end += sprintf(end, "\n1");
        }
        strcpy(end, "\n");
        forge("nn model 2 ", text, "");
        free(text);
        if (more) {
            expect_refusal("layers or numbers are wrong", "65537 inputs");
        } else {
            Model m;
            Error e = { { 0 } };
            cr_assert(model_load(&m, "bad", &e), "65536 inputs: %s", e.text);
            cr_expect(m.net.param_count == WIDEST + 1);
            model_destroy(&m);
        }
    }
}

/* a hundred classes, and one more; and a hundred, a number short */
Test(model, a_class_too_many_is_refused)
{
    static const struct {
        size_t classes, numbers;
        const char *part;
    } table[] = { { CLASSES, 2 + 2 * CLASSES, NULL }, { CLASSES + 1, 4 + 2 * CLASSES, "no model of version 2" },
                  { CLASSES, 1 + 2 * CLASSES, "numbers are wrong" } };
    for (size_t i = 0; i < 3; i++) {
        char text[1000], *end = text + sprintf(text, "%zu\n", table[i].classes);
        for (size_t k = 0; k < table[i].classes; k++) {
            end += sprintf(end, "%zu\n", k);
        }
        end += sprintf(end, "1 linear %zu", table[i].classes);
        for (size_t k = 0; k < table[i].numbers; k++) {
            end += sprintf(end, "\n1");
        }
        strcpy(end, "\n");
        forge("nn model 3 ", text, "");
        if (table[i].part) {
            expect_refusal(table[i].part, "too many classes, or too few numbers");
        } else {
            Model m;
            Error e = { { 0 } };
            cr_assert(model_load(&m, "bad", &e), "%d classes: %s", CLASSES, e.text);
            cr_expect_str_eq(m.labels.name[CLASSES - 1], "99");
            model_destroy(&m);
        }
    }
}

Test(model, a_failed_save_leaves_the_old_model)
{
    Model m;
    Dataset D;
    Error e = { { 0 } };
    make_model(&m, &D, small, 3);
    cr_expect(!model_save("/dev/full", &m, &e));
    cr_expect(strstr(e.text, "/dev/full") != NULL, "%s", e.text);
    cr_expect(!model_save("no/folder", &m, &e));
    cr_expect(strstr(e.text, "no/folder") != NULL, "%s", e.text);
    cr_assert(model_save("a", &m, &e) && model_save("b", &m, &e));
    cr_expect(scratch_count() == 2);
    model_destroy(&m);
    model_destroy(&m);
    dataset_destroy(&D);
}
