/* A trained network in a file, and everything that can be wrong with one. */
#include <stdint.h>

#include "model.h"
#include "recipe.h"
#include "scratch.h"

TestSuite(model, .init = scratch_make, .fini = scratch_remove, .timeout = 30);

/* A model of these widths, trained a little so that nothing in it is zero. */
static void make_model(Model *m, Dataset *D, const size_t *width, size_t count)
{
    Error e = { { 0 } };
    Recipe r = { width, count, INIT_XAVIER, 0.1, 3, 8, 42, .method = SGD };
    cr_assert(spirals(D, 20, 0.25, 7, &e), "%s", e.text);
    cr_assert(recipe_fit(&m->net, &m->scaling, *D, &r, NULL, NULL, &e), "%s", e.text);
}

static const size_t deep[] = { 2, 5, 3, 1 }, small[] = { 2, 2, 1 }, plane[] = { 2, 1 };

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
    cr_expect(strncmp(e.text, "bad", 3) == 0 && !strchr(e.text, '\n'), "%s", e.text);
    cr_expect(strstr(e.text, part) != NULL, "\"%s\" isn't in \"%s\": %s", part, e.text, what);
}

Test(model, every_cut_is_refused)
{
    Model m;
    Dataset D;
    size_t length;
    make_model(&m, &D, small, 3);
    cr_assert(model_save("a", &m, NULL));
    char *text = read_bytes("a", &length);
    for (size_t cut = 0; cut < length; cut++) {
        char what[40];
        snprintf(what, sizeof what, "the first %zu bytes", cut);
        write_bytes("bad", text, cut);
        expect_refusal("", what);
    }
    free(text);
    model_destroy(&m);
    dataset_destroy(&D);
}

Test(model, every_altered_byte_is_refused)
{
    static const char others[] = "0e-,\n\0";
    Model m;
    Dataset D;
    size_t length;
    make_model(&m, &D, small, 3);
    cr_assert(model_save("a", &m, NULL));
    char *text = read_bytes("a", &length);
    for (size_t i = 0; i < length; i++) {
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
    free(text);
    model_destroy(&m);
    dataset_destroy(&D);
}

/* A file with these numbers and with the checksum that belongs to them. */
static void forge(const char *header, const char *numbers, const char *behind)
{
    uint32_t sum = checksum(checksum(CHECKSUM_START, header), numbers);
    FILE *file = fopen("bad", "w");
    cr_assert(file != NULL);
    fprintf(file, "%s%s%lu\n%s", header, numbers, (unsigned long)sum, behind);
    cr_assert(fclose(file) == 0);
}

Test(model, forged_files_are_refused)
{
    static const char *const head = "nn model 1\n";
    static const struct {
        const char *header, *numbers, *behind, *part;
    } bad[] = {
        { "nn model 2\n", "2\n2\n1\n0\n0\n1\n1\n3\n4\n5\n", "", "no model of version 1" },
        { "", "2\n2\n1\n0\n0\n1\n1\n3\n4\n5\n", "", "no model of version 1" },
        { "nn model 1\n", "1\n1\n", "", "widths" },
        { "nn model 1\n", "0\n", "", "widths" },
        { "nn model 1\n", "-2\n2\n1\n", "", "widths" },
        { "nn model 1\n", "1e99\n2\n1\n", "", "widths" },
        { "nn model 1\n", "19\n2\n1\n", "", "widths" },
        { "nn model 1\n", "9\n2\n1\n", "", "widths" },
        { "nn model 1\n", "2\n2\n2\n0\n0\n1\n1\n3\n4\n5\n", "", "widths" },
        { "nn model 1\n", "2\n0\n1\n0\n0\n1\n1\n3\n4\n5\n", "", "bounds" },
        { "nn model 1\n", "2\n65537\n1\n0\n0\n1\n1\n3\n4\n5\n", "", "bounds" },
        { "nn model 1\n", "2\n-2\n1\n0\n0\n1\n1\n3\n4\n5\n", "", "bounds" },
        { "nn model 1\n", "2\n1e30\n1\n0\n0\n1\n1\n3\n4\n5\n", "", "bounds" },
        { "nn model 1\n", "3\n65536\n65536\n1\n0\n0\n1\n1\n3\n4\n5\n", "", "numbers" },
        { "nn model 1\n", "2\n2\n1\n0\n0\n1\n1\n3\n4\n", "", "numbers" },
        { "nn model 1\n", "2\n2\n1\n0\n0\n1\n1\n3\n4\n5\n6\n", "", "numbers" },
        { "nn model 1\n", "2\n2\n1\n0\n0\n0\n1\n3\n4\n5\n", "", "deviation" },
        { "nn model 1\n", "2\n2\n1\n0\n0\n1\n-1\n3\n4\n5\n", "", "deviation" },
        { "nn model 1\n", "2\n2\n1\n0\nnan\n1\n1\n3\n4\n5\n", "", "line 6, column 1: \"nan\"" },
        { "nn model 1\n", "2\n2\n1\n0\n0\n1\ninf\n3\n4\n5\n", "", "line 8, column 1: \"inf\"" },
        { "nn model 1\n", "2\n2\n1\n0\n0\n1\n1\n3\n4,5\n", "", "line 10: 2 columns" },
        { "nn model 1\n", "2\n2\n1\n0\n0\n1\n1\n3\n4\n5\n", "7\n", "checksum" },
        { "nn model 1\n", "2\n2\n1\n0\n0\n1\n1\n3\n4\n5\n", "junk", "line 13, column 1: \"junk\"" },
        { "nn model 1\n", "2\n2\n1\n0\n0\n1\n1\n3\n4\n5\n", "\n", "line 13" },
    };
    Model m;
    forge(head, "2\n2\n1\n0\n0\n1\n1\n3\n4\n5\n", "");
    cr_assert(model_load(&m, "bad", NULL), "the pattern of all forgeries");
    cr_expect(m.net.param_count == 3 && m.net.params[2] == 5);
    model_destroy(&m);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char what[32];
        snprintf(what, sizeof what, "forgery %zu", i);
        forge(bad[i].header, bad[i].numbers, bad[i].behind);
        expect_refusal(bad[i].part, what);
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
