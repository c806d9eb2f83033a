/* Data sets from tables in every dialect, and what is wrong with some. */
#include <malloc.h>
#include <stdint.h>

#include "scratch.h"
#include "table.h"

TestSuite(table, .init = scratch_make, .fini = scratch_remove, .timeout = 120);

static const Dialect usual;
static const Labels zero_one = { 2, { "0", "1" } };

static bool read_to_train(Dataset *D, Labels *l, const char *text, const Dialect *how, Error *e)
{
    write_text("a.csv", text);
    return dataset_read(D, l, "a.csv", how, 0, NULL, e);
}

Test(table, a_table_comes_back)
{
    Dataset D, E = { 0 };
    Labels l = { 0 };
    Error e = { { 0 } };
    cr_assert(spirals(&D, 200, 0.25, 7, &e), "%s", e.text);
    cr_assert(dataset_write("a.csv", D, &e), "%s", e.text);
    cr_assert(dataset_read(&E, &l, "a.csv", &usual, 0, NULL, &e), "%s", e.text);
    cr_assert(E.X.rows == 400 && E.X.cols == 2 && E.Y.rows == 400 && E.Y.cols == 1);
    cr_expect(memcmp(D.X.data, E.X.data, 800 * sizeof(double)) == 0);
    cr_expect(memcmp(D.Y.data, E.Y.data, 400 * sizeof(double)) == 0);
    cr_expect(memcmp(&l, &zero_one, sizeof l) == 0);
    cr_assert(dataset_write("b.csv", E, &e), "%s", e.text);
    expect_same_bytes("a.csv", "b.csv");
    cr_expect(scratch_count() == 2);
    size_t length;
    char *text = read_bytes("a.csv", &length);
    cr_expect(strncmp(text, "x1,x2,label\n", 12) == 0);
    free(text);
    dataset_destroy(&D);
    dataset_destroy(&E);
}

static const Dialect by_tab = { .separator = TAB }, by_blank = { .separator = BLANK };
static const Dialect by_semicolon = { .separator = SEMICOLON }, by_comma = { .separator = COMMA };
static const Dialect first_is_label = { .label = "1" }, class_is_label = { .label = "class" };
static const Dialect without_id = { .drop = "id" }, without_1 = { .drop = "1" };
static const Dialect without_4 = { .drop = "4" }, without_all = { .drop = "1,2" };
static const Dialect without_arabic = { .drop = "\xEF\xBB\x80" };
static const Dialect without_both = { .drop = "4,id", .label = "class" };
static const Dialect by_number = { .drop = "2,3,4,5,6,7,8", .label = "10" };
static const Dialect without_idx = { .drop = "idx" };
static const Dialect without_gaps = { .incomplete = DROP };

Test(table, all_these_tables_mean_the_same)
{
    static const struct {
        const Dialect *how;
        const char *text;
    } same[] = {
        { &usual, "1,-2.5,0\n3e2,4,1\n" },
        { &usual, "1,-2.5,0\n3e2,4, 1" },
        { &usual, "1,-2.5,0\r\n3e2,4,1\r\n" },
        { &usual, "1,-2.5,0\r\n3e2,4,1\r" },
        { &usual, "1,-2.5,0\r3e2,4,1\r" },
        { &usual, "1,-2.5,0\r3e2,4,1" },
        { &usual, "1,-2.5,0\n3e2,4,1\n\n" },
        { &usual, "1,-2.5,0\r\n3e2,4,1\r\n\r\n \r\n" },
        { &usual, "\n1,-2.5,0\n3e2,4,1\n" },
        { &usual, "# measured in May\n1,-2.5,0\n# in June, too\n3e2,4,1\n#" },
        { &usual, "a,b,label\n1,-2.5,0\n3e2,4,1\n" },
        { &usual, "\"a\",\"b\",\"label\"\r\n1,-2.5,0\r\n300,4.0,1\r\n" },
        { &usual, "\"a, or b\",\"the \"\"b\"\"\",label\n1,-2.5,0\n300,4,1\n" },
        { &usual, "\"1\",\"-2.5\",\"0\"\n\"3e2\",\"4\",\"1\"\n" },
        { &usual, "\xEF\xBB\xBF" "1,-2.5,0\n3e2,4,1\n" },
        { &usual, "\xEF\xBB\xBF" "a,b,label\n1,-2.5,0\n3e2,4,1\n" },
        { &usual, " 1 , -2.5, 0\n+300.,\t4 ,1 \n" },
        { &usual, "gr\xC3\xB6\xC3\x9F" "e,information,label\n1,-2.50,0\n3E2,4e0,1\n" },
        { &usual, "1;-2.5;0\n3e2;4;1\n" },
        { &usual, "a,c;b;label\n1;-2.5;0\n3e2;4;1\n" },
        { &usual, "1\t-2.5\t0\n3e2\t4\t1\n" },
        { &usual, "a, b;\tb\tlabel\n1\t-2.5\t0\n3e2\t4\t1\n" },
        { &usual, "1 -2.5 0\n3e2 4 1\n" },
        { &usual, "   1   -2.5  0  \n3e2 4 1\n" },
        { &usual, "a b label\r\n1 -2.5 0\r\n3e2 4 1\r\n" },
        { &usual, "\"a 1\" \"b 1\" label\n1 -2.5 0\n3e2 4 1\n" },
        { &by_tab, "a, b\tb\tlabel\n1\t-2.5\t0\n3e2\t4\t1\n" },
        { &by_comma, "a;c,b,label\n1,-2.5,0\n3e2,4,1\n" },
        { &by_semicolon, "1;-2.5;0\n3e2;4;1\n" },
        { &by_blank, "a,1 b label\n1 -2.5 0\n3e2 4 1\n" },
        { &first_is_label, "0,1,-2.5\n1,3e2,4\n" },
        { &first_is_label, "label,a,b\n0,1,-2.5\n1,3e2,4\n" },
        { &class_is_label, "a,class,b\n1,0,-2.5\n3e2,1,4\n" },
        { &class_is_label, "#\tclass\tb\n1\t0\t-2.5\n3e2\t1\t4\n" },
        { &without_id, "id,a,b,label\nx17,1,-2.5,0\nx18,3e2,4,1\n" },
        { &usual, ",b,label\n1,-2.5,0\n3e2,4,1\n" },
        { &without_arabic, "\xEF\xBB\x80,a,b,label\n7,1,-2.5,0\n7,3e2,4,1\n" },
        { &without_4, "1,-2.5,0,9\n3e2,4,1,9\n" },
        { &by_number, "1,,,,,,,,-2.5,0\n3e2,,,,,,,,4,1\n" },
        { &without_1, "x17,1,-2.5,0\nx18,3e2,4,1\n" },
        { &without_1, ",a,b,label\n17,1,-2.5,0\n18,3e2,4,1\n" },
        { &without_id, "idx,id,b,label\n1,x17,-2.5,0\n3e2,x18,4,1\n" },
        { &without_idx, "id,idx,b,label\n1,9,-2.5,0\n3e2,9,4,1\n" },
        { &without_both, "a,id,class,x,b\n1,x17,0,?,-2.5\n3e2,x18,1,,4\n" },
        { &without_gaps, "1,-2.5,0\n7,?,1\n,7,0\nNA,n/a,nan\n3e2,4,1\n7,7,NA\n" },
        { &without_gaps, "NA,NA,NA\n1,-2.5,0\n3e2,4,1\n,,\n" },
    };
    static const double want[] = { 1, -2.5, 300, 4 };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        Dataset D = { 0 };
        Labels l = { 0 };
        Error e = { { 0 } };
        cr_assert(read_to_train(&D, &l, same[i].text, same[i].how, &e), "%zu: %s", i, e.text);
        cr_assert(D.X.rows == 2 && D.X.cols == 2 && D.Y.rows == 2 && D.Y.cols == 1, "%zu", i);
        cr_expect(memcmp(D.X.data, want, sizeof want) == 0, "%zu", i);
        cr_expect(D.Y.data[0] == 0 && D.Y.data[1] == 1, "%zu", i);
        cr_expect(memcmp(&l, &zero_one, sizeof l) == 0, "%zu: %s and %s", i, l.name[0], l.name[1]);
        dataset_destroy(&D);
    }
}

Test(table, the_greater_label_is_1)
{
    static const struct {
        const char *first, *second, *zero, *one;
    } pair[] = {
        { "0", "1", "0", "1" },     { "1", "0", "0", "1" },      { "M", "B", "B", "M" },
        { "B", "M", "B", "M" },     { "yes", "no", "no", "yes" }, { "1", "-1", "-1", "1" },
        { "-1", "+1", "-1", "+1" }, { "2", "1.0", "1.0", "2" },    { "10", "9", "9", "10" },
        { "a10", "a9", "a10", "a9" }, { "true", "false", "false", "true" },
        { "0", "-0.5", "-0.5", "0" }, { "\"x, y\"", "\" z \"", " z ", "x, y" },
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        char text[200];
        Dataset D = { 0 };
        Labels l = { 0 };
        Error e = { { 0 } };
        snprintf(text, sizeof text, "1,%s\n2,%s\n3,%s\n", pair[i].first, pair[i].second,
                 pair[i].first);
        cr_assert(read_to_train(&D, &l, text, &usual, &e), "%zu: %s", i, e.text);
        cr_expect_str_eq(l.name[0], pair[i].zero);
        cr_expect_str_eq(l.name[1], pair[i].one);
        bool up = i == 0 || i == 3 || i == 6 || i == 9;
        cr_expect(D.Y.data[0] == !up && D.Y.data[1] == up && D.Y.data[2] == !up, "pair %zu", i);
        dataset_destroy(&D);
    }
}

Test(table, labels_may_be_missing_for_a_model)
{
    static const struct {
        const Dialect *how;
        const char *text;
        bool labels;
    } at[] = {
        { &usual, "1,2\n3,4\n", false },           { &usual, "1,2,yes\n3,4,no\n", true },
        { &usual, "1,2,no\n3,4,no\n", true },      { &without_1, "7,1,2\n8,3,4\n", false },
        { &first_is_label, "yes,1,2\nno,3,4\n", true }, { &usual, "a,b\n1,2\n3,4\n", false },
        { &without_gaps, "1,2\n?,2\n3,4\n", false },
    };
    static const double want[] = { 1, 2, 3, 4 };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        Dataset D = { 0 };
        Labels l = { 2, { "no", "yes" } };
        Error e = { { 0 } };
        write_text("a.csv", at[i].text);
        cr_assert(dataset_read(&D, &l, "a.csv", at[i].how, 2, NULL, &e), "%zu: %s", i, e.text);
        cr_assert(D.X.rows == 2 && D.X.cols == 2, "%zu", i);
        cr_expect(memcmp(D.X.data, want, sizeof want) == 0, "%zu", i);
        cr_expect((D.Y.data != NULL) == at[i].labels && D.Y.rows == 2 * at[i].labels, "%zu", i);
        cr_expect(!at[i].labels || D.Y.data[0] == (i != 2), "%zu", i);
        cr_expect(!at[i].labels || D.Y.data[1] == 0, "%zu", i);
        cr_expect_str_eq(l.name[1], "yes");
        dataset_destroy(&D);
    }
}

/* The sentence must hold all of part; the data set stays as it was. */
static void expect_refusal(const char *text, size_t inputs, const Dialect *how, const char *part)
{
    double number[1] = { 7 };
    Dataset D = { { 1, 1, number }, { 1, 1, number } }, old = D;
    Labels l = { 2, { "no", "yes" } };
    Error e = { { 0 } };
    write_text("bad.csv", text);
    cr_expect(!dataset_read(&D, &l, "bad.csv", how, inputs, NULL, &e), "accepted: %.40s", text);
    cr_expect(strstr(e.text, "bad.csv") != NULL, "%s", e.text);
    cr_expect(strstr(e.text, part) != NULL, "\"%s\" isn't in \"%s\"", part, e.text);
    cr_expect(memcmp(&D, &old, sizeof D) == 0, "%.40s changes the output", text);
    cr_expect_str_eq(l.name[0], "no");
}

Test(table, wrong_tables_are_named)
{
    static const struct {
        size_t inputs;
        const char *text, *part;
    } bad[] = {
        { 0, "", "no whole row" },
        { 0, "\n\n", "no whole row" },
        { 0, "# nothing", "no whole row" },
        { 0, "a,b,label\n", "no whole row" },
        { 0, "1,2,0\n1,2\n", "line 2: 2 columns, but 3 in the first row" },
        { 0, "# x\n1,2,0\n1,2,0,0\n", "line 3: 4 columns, but 3 in the first row" },
        { 0, "a,b\n1,2,0\n", "line 2: 3 columns" },
        { 0, "1,2,0\n\n1,2,0\n", "line 2: 0 columns, but 3" },
        { 0, "1,2,0\r\r1,2,0\r", "line 2: 0 columns, but 3" },
        { 0, "1,2,0\n1,x,0\n", "line 2, column 2: \"x\" is no number" },
        { 0, "a,b,c\n1,2,0\n1,inf,0\n", "line 3, column 2: \"inf\"" },
        { 0, "inf,inf,inf\n1,2,0\n2,3,1\n", "line 1, column 1: \"inf\"" },
        { 0, "1,2,0\n1,1e999,0\n", "line 2, column 2: \"1e999\"" },
        { 0, "1,2,0\n1,-1.1e100,0\n", "line 2, column 2: \"-1.1e100\"" },
        { 0, "1,2,0\n1,0x10,0\n", "line 2, column 2: \"0x10\"" },
        { 0, "0x10,0x10,0x10\n1,2,0\n", "line 1, column 1: \"0x10\"" },
        { 0, "1,2,0\n1,2 3,0\n", "line 2, column 2: \"2 3\"" },
        { 0, "1,5;2,5;0\n", "line 1, column 1: \"1,5\"" },
        { 0, "a,,label\n1,2,0\n2,3,1\n", "line 1, column 1: \"a\"" },
        { 0, "17,x,label\n1,2,0\n2,3,1\n", "line 1, column 2: \"x\"" },
        { 0, "1,2,0\n1,,1\n", "line 2, column 2: \"\" is no value (rows with gaps: 1)" },
        { 0, "1,2,0\n1,?,1\n?,2,1\n?,?,?\n", "line 2, column 2: \"?\" is no value (rows with gaps: 3)" },
        { 0, "NA,NA,NA\n1,2,0\n", "line 1, column 1: \"NA\" is no value (rows with gaps: 1)" },
        { 0, "?,?\n1,0\n", "line 1, column 1" },
        { 0, ",M\n1,B\n", "line 1, column 1: \"\" is no value" },
        { 0, "1,2,0\n1,2\"3,0\n", "line 2: a quotation mark" },
        { 0, "1,2,0\n\"1,2,0\n", "line 2: a quotation mark" },
        { 0, "1,2,0\n3,4,\"1\n", "line 2: a quotation mark" },
        { 0, "1,2,0\n3,4,\"1", "line 2: a quotation mark" },
        { 0, "1,2,0\n\"1\"2,2,0\n", "line 2: a quotation mark" },
        { 0, "1\"2 3 0\n", "line 1: a quotation mark" },
        { 0, "1,2,0\n1,2,0\n", "line 1, column 3: \"0\" is the only label" },
        { 0, "1,2,M\n", "line 1, column 3: \"M\" is the only label" },
        { 0, "1,2,a\n1,2,b\n1,2,c\n", "line 3, column 3: \"c\" is one of 3 labels or more in 3 rows" },
        { 0, "1,2,3\n1,2,2\n1,2,3\n1,2,1\n", "line 4, column 3: \"1\" is one of 3 labels or more in 4 rows" },
        { 0, "1,1\n1,2\n1,3\n1,4\n1,5\n1,6\n1,7\n1,8\n1,9\n1,10\n1,11\n", "\"11\" is one of 11 labels or more in 11 rows; nn tells up to 100 classes apart, and does no regression" },
        { 0, "1,a\n1,b\n1,c\n1,d\n1,e\n1,f\n1,g\n1,h\n1,i\n1,j\n1,k\n", "does no regression; see --label" },
        { 0, "1,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n2,y\n", "more than 63 bytes" },
        { 0, "+1 1:0.5 2:3\n", "line 1, column 2: \"1:0.5\" is no number; write it like -1.5e3, or see --label and --drop (a libsvm file" },
        { 0, "1\n0\n", "1 labels and 0 inputs, not 1 and 1 or more" },
        { 2, "1,2,3,0\n", "1 labels and 3 inputs, not 1 and 2" },
        { 2, "1\n", "1 labels and 0 inputs, not 1 and 2" },
        { 2, "1,2,no\n1,2,maybe\n", "line 2, column 3: \"maybe\" is none of the 2 labels, \"no\" to \"yes\"" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_refusal(bad[i].text, bad[i].inputs, &usual, bad[i].part);
    }
    static const Dialect nowhere = { .label = "c" }, fourth = { .label = "4" };
    static const Dialect none = { .drop = "a,c" }, zeroth = { .drop = "0" };
    static const Dialect minus = { .drop = "-18446744073709551615" };
    static const Dialect two = { .label = "2,3" };
    static const Dialect no_name = { .drop = "x17" };
    static const Dialect twice = { .drop = "b", .label = "b" };
    expect_refusal("1,0\n2,1\n", 0, &by_semicolon, "1 labels and 0 inputs");
    expect_refusal("a,b\n1,0\n", 0, &nowhere, "--label");
    expect_refusal("1,2,0\n", 0, &fourth, "--label");
    expect_refusal("a,b\n1,0\n", 0, &none, "--drop");
    expect_refusal("1,2,0\n", 0, &two, "2 labels and 1 inputs, not 1 and 1 or more");
    expect_refusal("1,2\n", 2, &without_all, "0 labels and 0 inputs, not 1 and 2");
    expect_refusal("a,b\n", 0, &nowhere, "--label");
    expect_refusal("x17,1,0\nx18,2,1\n", 0, &no_name, "\"x17\" is left");
    expect_refusal("a,b\n1,0\n", 0, &zeroth, "--drop");
    expect_refusal("a,b\n1,0\n", 0, &minus, "--drop");
    expect_refusal("a,b\n1,0\n", 0, &twice, "--label");
    expect_refusal("1,?\n?,0\n", 0, &without_gaps, "bad.csv: it has no whole row");
    expect_refusal("1,0\n2,0\n?,1\n", 0, &without_gaps, "is the only label");
}

/* What was read of a table that is refused is given back. */
Test(table, a_refusal_keeps_no_memory)
{
    size_t least = SIZE_MAX;
    for (int k = 0; k < 8; k++) {
        size_t before = mallinfo2().uordblks;
        expect_refusal("1,2,0\n1,2,0\n", 0, &usual, "is the only label");
        size_t growth = mallinfo2().uordblks - before;
        least = growth < least ? growth : least;
    }
    cr_expect(least == 0, "%zu bytes are lost", least);
}

/* Three labels and more get their numbers in their order, and are known again. */
Test(table, any_number_of_labels)
{
    Dataset D = { 0 };
    Labels l = { 0 };
    Error e = { { 0 } };
    static const double right[] = { 1, 3, 2, 0, 1, 2 };
    write_bytes("three.csv", "1,9\n2,1a\n3,10\n4,-1\n5,9.0\n6,1e1\n7,1a\n8,1a\n", 41);
    cr_assert(dataset_read(&D, &l, "three.csv", &usual, 0, NULL, &e), "%s", e.text);
    cr_assert(l.count == 4 && !strcmp(l.name[0], "-1") && !strcmp(l.name[1], "9") && !strcmp(l.name[2], "10")
              && !strcmp(l.name[3], "1a"));
    for (size_t i = 0; i < 6; i++) {
        cr_assert(AT(D.Y, i, 0) == right[i], "row %zu is of class %g", i, AT(D.Y, i, 0));
    }
    dataset_destroy(&D);
    write_bytes("three.csv", "1,10\n2,-1.0\n", 12);
    cr_assert(dataset_read(&D, &l, "three.csv", &usual, 1, NULL, &e), "%s", e.text);
    cr_assert(AT(D.Y, 0, 0) == 2 && AT(D.Y, 1, 0) == 0);
    dataset_destroy(&D);
    char text[4000] = "";
    for (int classes = CLASSES; classes <= 2 * CLASSES; classes += CLASSES) {
        *text = 0;
        for (int i = 0; i < 2 * classes; i++) {
            sprintf(text + strlen(text), "1,%d\n", 500 - i / 2);
        }
        write_bytes("many.csv", text, strlen(text));
        bool ok = dataset_read(&D, &l, "many.csv", &usual, 0, NULL, &e);
        cr_assert(ok == (classes == CLASSES), "%d classes: %s", classes, e.text);
        if (ok) {
            cr_assert(AT(D.Y, 0, 0) == 99 && AT(D.Y, 199, 0) == 0);
            dataset_destroy(&D);
        } else {
            cr_assert(strstr(e.text, "one of 101 labels or more") != NULL, "it says \"%s\"", e.text);
        }
    }
}

Test(table, what_is_odd_is_said)
{
    static const struct {
        const char *text;
        const Dialect *how;
        const char *note;
    } at[] = { { "id,w,x,y,class\n1,0,2,3,0\n1,1,4,3,1\n1,2,5,3,1\n", &without_1,
                 "a.csv: column 4, \"y\", is the same in every row" },
               { "x,y,class\n1,5,0\n?,5,1\n2,5,1\n1,6,?\n", &without_gaps,
                 "a.csv: rows left out, with gaps: 2, the first in line 3" },
               { "2,3,0\n2,4,1\n", &usual, "a.csv: column 1, \"2\", is the same in every row" },
               { "2,3,0\n2,4,1\n1e100,3,1\n", &usual, "" },
               { ",y,class\n1,5,0\n2,6,1\n", &usual,
                 "a.csv: column 1 has no name; if it counts the rows, leave it out by --drop 1" },
               { "x,y,class\n1,5,0\n2,6,1\n", &usual, "" },
               { ",x,y,class\n0,1,5,0\n1,2,6,1\n", &without_1, "" },
               { ",x,y\n0,1,5\n1,2,6\n", &first_is_label, "" },
               { ",5,0\n1,5,0\n2,6,1\n", &without_gaps, "a.csv: rows left out, with gaps: 1, the first in line 1" },
               { "1,5,0\n2,6,1\n3,,1\n?,7,0\n", &without_gaps,
                 "a.csv: rows left out, with gaps: 2, the first in line 3" } };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        Dataset D = { 0 };
        Labels l;
        Error note = { { 0 } }, e = { { 0 } };
        write_text("a.csv", at[i].text);
        cr_assert(dataset_read(&D, &l, "a.csv", at[i].how, 0, &note, &e), "%s", e.text);
        cr_expect_str_eq(note.text, at[i].note, "line %zu", i);
        dataset_destroy(&D);
    }
    /* of a table for a model, which may be one row, only that */
    static const char *const of_model[][2] = { { "1,5\n1,5\n", "" }, { "1,5\n1,NA\n", "a.csv: rows left out, with gaps: 1, the first in line 2" } };
    for (size_t i = 0; i < 2; i++) {
        Dataset D = { 0 };
        Labels l = { 2, { "0", "1" } };
        Error note = { { 0 } }, e = { { 0 } };
        write_text("a.csv", of_model[i][0]);
        cr_assert(dataset_read(&D, &l, "a.csv", &without_gaps, 2, &note, &e), "%s", e.text);
        cr_expect_str_eq(note.text, of_model[i][1]);
        dataset_destroy(&D);
    }
}

/* A row may be as long as it likes. */
Test(table, rows_may_be_long)
{
    enum { COLS = 40000 };
    FILE *file = fopen("a.csv", "w");
    Dataset D = { 0 };
    Labels l;
    Error e = { { 0 } };
    cr_assert(file != NULL);
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 1; j < COLS; j++) {
            fprintf(file, "%zu,", i + j);
        }
        fprintf(file, "%zu\n", i);
    }
    fclose(file);
    cr_assert(dataset_read(&D, &l, "a.csv", &usual, 0, NULL, &e), "%s", e.text);
    cr_expect(D.X.cols == COLS - 1 && AT(D.X, 1, COLS - 2) == COLS);
    dataset_destroy(&D);
}

/* Labels that are numbers are compared as numbers: those of a training table, and of a model. */
Test(table, labels_are_compared_as_numbers)
{
    Dataset D = { 0 };
    Labels l = { 0 };
    Error e = { { 0 } };
    cr_assert(read_to_train(&D, &l, "1,0\n2,1.0\n3,1\n4,0.00\n5,+1e0\n", &usual, &e), "%s", e.text);
    cr_expect_str_eq(l.name[1], "1.0");
    for (size_t i = 0; i < 5; i++) {
        cr_expect(AT(D.Y, i, 0) == (i != 0 && i != 3), "row %zu", i);
    }
    dataset_destroy(&D);
    l = zero_one;
    write_text("a.csv", "7,1.00\n8,0.0\n");
    cr_assert(dataset_read(&D, &l, "a.csv", &usual, 1, NULL, &e), "%s", e.text);
    cr_expect(D.Y.data[0] == 1 && D.Y.data[1] == 0);
    dataset_destroy(&D);
}
