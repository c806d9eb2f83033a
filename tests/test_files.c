/* Numbers as text, whole files, tables. */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>

#include "files.h"
#include "scratch.h"

TestSuite(files, .init = scratch_make, .fini = scratch_remove, .timeout = 120);

static double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static void expect_number(const char *text, double want)
{
    double x = -77;
    cr_expect(number_parse(&x, text), "\"%s\" is refused", text);
    cr_expect(bits_of(x) == bits_of(want), "\"%s\" gives %.17g", text, x);
}

static void numbers_in_any_locale(void)
{
    expect_number("0", 0);
    expect_number("-0", -0.0);
    expect_number("+1.5", 1.5);
    expect_number(".5", 0.5);
    expect_number("5.", 5);
    expect_number("-12.75e3", -12750);
    expect_number("1E-3", 0.001);
    expect_number("1e+2", 100);
    expect_number("0.1", 0.1);
    expect_number("123456789.123456789", 123456789.123456789);
    expect_number("1.7976931348623157e308", DBL_MAX);
    expect_number("5e-324", 5e-324);
    expect_number("1e-400", 0);
    expect_number("9007199254740993", 9007199254740992.0);
}

static void refusals_in_any_locale(void)
{
    static const char *const bad[] = {
        "", " ", " 1", "1 ", "+", "-", ".", "e5", "1e", "1e+", "1.2.3", "1,5",
        "1..2", "--1", "1-2", "0x10", "0x1p3", "nan", "NaN", "inf", "-inf",
        "infinity", "1e999", "-1e999", "1f", "1e5.5", "1e5e5", "1_000", "1\t",
        "1'000", "\xd9\xab" "5", "1\xd9\xab" "5", "one",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double x = -77;
        cr_expect(!number_parse(&x, bad[i]), "\"%s\" gives %g", bad[i], x);
        cr_expect(x == -77, "\"%s\" changes the output", bad[i]);
    }
}

static void doubles_come_back(int count)
{
    uint64_t state = 88172645463325252u;
    char text[32];
    for (int i = 0; i < count; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        /* every bit pattern, and numbers of everyday size */
        double x = i % 2 ? of_bits(state) : ldexp((double)(int64_t)state, -60);
        double back = 0;
        if (!isfinite(x)) {
            continue;
        }
        cr_assert(number_format(text, x) == text);
        cr_assert(text[strspn(text, "+-.0123456789e")] == '\0', "\"%s\"", text);
        cr_assert(number_parse(&back, text), "\"%s\"", text);
        cr_assert(bits_of(back) == bits_of(x), "\"%s\" gives %a, not %a", text, back, x);
    }
}

static void expect_text(double x, const char *want)
{
    char text[32];
    cr_expect_str_eq(number_format(text, x), want);
}

static void short_texts(void)
{
    expect_text(0.1, "0.1");
    expect_text(-0.0, "-0");
    expect_text(1, "1");
    expect_text(1.0 / 3, "0.3333333333333333");
    expect_text(0.1 + 0.2, "0.30000000000000004");
    expect_text(DBL_MAX, "1.7976931348623157e+308");
    expect_text(5e-324, "4.94065645841247e-324");
}

Test(files, numbers_are_read)
{
    numbers_in_any_locale();
}

Test(files, what_is_no_number_is_refused)
{
    refusals_in_any_locale();
    char text[2000];
    double x = -77;
    memset(text, '1', sizeof text);
    text[sizeof text - 1] = '\0';
    cr_expect(!number_parse(&x, text));
    text[200] = '\0';
    cr_expect(number_parse(&x, text));
}

Test(files, every_double_comes_back)
{
    doubles_come_back(100000);
}

Test(files, numbers_are_short)
{
    short_texts();
}

/* localedef belongs to libc-bin, which Debian always has; its character maps belong to
   the package locales, so we write one that is just large enough. */
static bool make_locale(const char *name, const char *point)
{
    char source[256];
    snprintf(source, sizeof source, "LC_NUMERIC\ndecimal_point \"%s\"\nthousands_sep \"\"\n"
             "grouping -1\nEND LC_NUMERIC\n", point);
    write_text("locale.src", source);
    write_text("charmap", "<code_set_name> SMALL\n<mb_cur_min> 1\n<mb_cur_max> 2\n"
               "<comment_char> %\n<escape_char> /\nCHARMAP\n"
               "<U0000>..<U007F> /x00 ASCII\n<U066B> /xd9/xab POINT\n"
               "END CHARMAP\n");
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr)) {
            execlp("localedef", "localedef", "-c", "-i", "./locale.src", "-f", "./charmap",
                   name, NULL);
        }
        _exit(127);
    }
    waitpid(child, NULL, 0);
    char here[4096];
    cr_assert(getcwd(here, sizeof here) != NULL);
    setenv("LOCPATH", here, 1);
    return setlocale(LC_NUMERIC, name + 2) != NULL;
}

static void remove_locale(const char *name)
{
    pid_t child = fork();
    if (child == 0) {
        execlp("rm", "rm", "-rf", name, NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

static void all_in_this_locale(void)
{
    numbers_in_any_locale();
    refusals_in_any_locale();
    doubles_come_back(10000);
    short_texts();
    Dataset D, E;
    cr_assert(spirals(&D, 20, 0.25, 7, NULL));
    cr_assert(csv_write("a.csv", D, NULL) && csv_read(&E, "a.csv", 0, NULL));
    cr_expect(memcmp(D.X.data, E.X.data, 80 * sizeof(double)) == 0);
    dataset_destroy(&D);
    dataset_destroy(&E);
}

Test(files, a_comma_locale_changes_nothing)
{
    char text[16];
    if (!make_locale("./xx_XX", "<U002C>")) {
        remove_locale("./xx_XX");
        cr_skip_test("no locale with a decimal comma can be made: localedef is missing");
    }
    snprintf(text, sizeof text, "%.1f", 1.5);
    cr_assert_str_eq(text, "1,5");
    all_in_this_locale();
    /* and a decimal point of two bytes */
    cr_assert(make_locale("./yy_YY", "<U066B>"), "no locale with a point of two bytes");
    snprintf(text, sizeof text, "%.1f", 1.5);
    cr_assert_str_eq(text, "1\xd9\xab" "5");
    all_in_this_locale();
    setlocale(LC_NUMERIC, "C");
    remove_locale("./xx_XX");
    remove_locale("./yy_YY");
}

Test(files, a_table_comes_back)
{
    Dataset D, E = { { 0, 0, NULL }, { 0, 0, NULL } };
    Error e = { { 0 } };
    cr_assert(spirals(&D, 200, 0.25, 7, &e), "%s", e.text);
    cr_assert(csv_write("a.csv", D, &e), "%s", e.text);
    cr_assert(csv_read(&E, "a.csv", 0, &e), "%s", e.text);
    cr_assert(E.X.rows == 400 && E.X.cols == 2 && E.Y.rows == 400 && E.Y.cols == 1);
    cr_expect(memcmp(D.X.data, E.X.data, 800 * sizeof(double)) == 0);
    cr_expect(memcmp(D.Y.data, E.Y.data, 400 * sizeof(double)) == 0);
    cr_assert(csv_write("b.csv", E, &e), "%s", e.text);
    expect_same_bytes("a.csv", "b.csv");
    cr_expect(scratch_count() == 2);
    size_t length;
    char *text = read_bytes("a.csv", &length);
    cr_expect(strncmp(text, "x1,x2,label\n", 12) == 0);
    free(text);
    dataset_destroy(&D);
    dataset_destroy(&E);
}

Test(files, all_these_tables_mean_the_same)
{
    static const char *const same[] = {
        "1,-2.5,0\n3e2,4,1\n",
        "1,-2.5,0\n3e2,4,1",
        "1,-2.5,0\r\n3e2,4,1\r\n",
        "1,-2.5,0\r\n3e2,4,1\r",
        "a,b,label\n1,-2.5,0\n3e2,4,1\n",
        "\"a\",\"b\",\"label\"\r\n1,-2.5,0\r\n300,4.0,1.0\r\n",
        "\xEF\xBB\xBF" "1,-2.5,0\n3e2,4,1\n",
        "\xEF\xBB\xBF" "a,b,label\n1,-2.5,0\n3e2,4,1\n",
        " 1 , -2.5,\t0\n+300., 4 ,1 \n",
        "gr\xC3\xB6\xC3\x9F" "e,,label\n1,-2.50,0\n3E2,4e0,1e0\n",
    };
    static const double want[] = { 1, -2.5, 300, 4 };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        Dataset D = { { 0, 0, NULL }, { 0, 0, NULL } };
        Error e = { { 0 } };
        write_text("a.csv", same[i]);
        cr_assert(csv_read(&D, "a.csv", 0, &e), "%zu: %s", i, e.text);
        cr_assert(D.X.rows == 2 && D.X.cols == 2 && D.Y.rows == 2, "%zu", i);
        cr_expect(memcmp(D.X.data, want, sizeof want) == 0, "%zu", i);
        cr_expect(D.Y.data[0] == 0 && D.Y.data[1] == 1, "%zu", i);
        dataset_destroy(&D);
    }
}

Test(files, labels_may_be_missing_for_a_model)
{
    Dataset D = { { 0, 0, NULL }, { 0, 0, NULL } };
    write_text("a.csv", "1,2\n3,4\n5,6\n");
    cr_assert(csv_read(&D, "a.csv", 2, NULL));
    cr_expect(D.X.rows == 3 && D.X.cols == 2 && D.Y.rows == 0 && D.Y.data == NULL);
    dataset_destroy(&D);
    write_text("a.csv", "1,2,1\n3,4,0\n");
    cr_assert(csv_read(&D, "a.csv", 2, NULL));
    cr_expect(D.X.rows == 2 && D.X.cols == 2 && D.Y.rows == 2 && D.Y.data[0] == 1);
    dataset_destroy(&D);
    write_text("a.csv", "7\n");
    cr_assert(csv_read(&D, "a.csv", 1, NULL));
    cr_expect(D.X.rows == 1 && D.X.cols == 1 && D.X.data[0] == 7);
    dataset_destroy(&D);
}

/* The sentence must hold all of part; the data set stays as it was. */
static void expect_refusal(const char *text, size_t length, size_t inputs, const char *part)
{
    double number[1] = { 7 };
    Dataset D = { { 1, 1, number }, { 1, 1, number } }, old = D;
    Error e = { { 0 } };
    write_bytes("bad.csv", text, length);
    cr_expect(!csv_read(&D, "bad.csv", inputs, &e), "accepted: %.40s", text);
    cr_expect(strstr(e.text, "bad.csv") != NULL, "%s", e.text);
    cr_expect(strstr(e.text, part) != NULL, "\"%s\" isn't in \"%s\"", part, e.text);
    cr_expect(strchr(e.text, '\n') == NULL, "%s", e.text);
    cr_expect(memcmp(&D, &old, sizeof D) == 0, "%.40s changes the output", text);
}

Test(files, wrong_tables_are_named)
{
    static const struct {
        size_t inputs;
        const char *text, *part;
    } bad[] = {
        { 0, "", "no rows" },
        { 0, "a,b,label\n", "no rows" },
        { 0, "1,2,0\n1,2\n", "line 2: 2 columns" },
        { 0, "1,2,0\n1,2,0,0\n", "line 2: 4 columns" },
        { 0, "a,b\n1,2,0\n", "line 2: 3 columns" },
        { 0, "1,2,0\n\n1,2,0\n", "line 2" },
        { 0, "1,2,0\n1,x,0\n", "line 2, column 2: \"x\"" },
        { 0, "1,2,0\n1,,0\n", "line 2, column 2: \"\"" },
        { 0, "a,b,c\n1,2,0\nnan,2,0\n", "line 3, column 1: \"nan\"" },
        { 0, "nan,2,0\n", "line 1, column 1: \"nan\"" },
        { 0, "1,2,0\n1,inf,0\n", "line 2, column 2: \"inf\"" },
        { 0, "1,2,0\n1,1e999,0\n", "line 2, column 2: \"1e999\"" },
        { 0, "1,2,0\n1,1e101,0\n", "line 2, column 2: \"1e101\"" },
        { 0, "1,2,0\n1,0x10,0\n", "line 2, column 2: \"0x10\"" },
        { 0, "1,2,0\n1,2 3,0\n", "line 2, column 2: \"2 3\"" },
        { 0, "1;2;0\n", "no rows" },
        { 0, "a;b;label\n1;2;0\n", "line 2, column 1: \"1;2;0\"" },
        { 0, "1,5;2,5;0\n", "line 1, column 2: \"5;2\"" },
        { 0, "1,2,0\n1,2,2\n", "line 2, column 3: the label" },
        { 0, "a,b,c\n1,2,0\n1,2,0.5\n", "line 3, column 3: the label" },
        { 0, "1,2,0\n1,2,-1\n", "line 2, column 3: the label" },
        { 0, "1\n0\n", "one column" },
        { 2, "1,2,3,0\n", "4 columns" },
        { 2, "1\n", "1 columns" },
        { 2, "1,2,7\n", "line 1, column 3: the label" },
        { 0, "1,2,0\n1,\x1b[2J\xff,0\n", "\"?[2J?\"" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_refusal(bad[i].text, strlen(bad[i].text), bad[i].inputs, bad[i].part);
    }
    expect_refusal("1,2,0\n1,2\0,0\n", 13, 0, "line 2");
    expect_refusal("1,2,0\n1,2,0\0", 12, 0, "line 2");
}

Test(files, long_lines_have_a_limit)
{
    size_t length = 65535;
    char *text = malloc(length + 2);
    cr_assert(text != NULL);
    memset(text, ' ', length + 2);
    memcpy(text, "1,2,0", 5);
    expect_refusal(text, length + 1, 0, "line 1");
    text[length] = '\n';
    Dataset D;
    write_bytes("a.csv", text, length + 1);
    cr_expect(csv_read(&D, "a.csv", 0, NULL));
    dataset_destroy(&D);
    free(text);
}

Test(files, what_is_no_file_is_named)
{
    Dataset D = { { 0, 0, NULL }, { 0, 0, NULL } };
    Error e = { { 0 } };
    cr_expect(!csv_read(&D, "missing.csv", 0, &e));
    cr_expect(strstr(e.text, "cannot read missing.csv (No such file") != NULL, "%s", e.text);
    cr_expect(!csv_read(&D, "/tmp", 0, &e));
    cr_expect(strstr(e.text, "cannot read /tmp (Is a directory") != NULL, "%s", e.text);
    cr_expect(D.X.data == NULL && scratch_count() == 0);
}

Test(files, a_file_appears_when_it_is_closed)
{
    Output o;
    Error e = { { 0 } };
    size_t length;
    write_text("a", "old");
    cr_assert(output_open(&o, "a", &e), "%s", e.text);
    fputs("new", o.file);
    fflush(o.file);
    char *text = read_bytes("a", &length);
    cr_expect_str_eq(text, "old");
    free(text);
    cr_assert(output_close(&o, &e), "%s", e.text);
    text = read_bytes("a", &length);
    cr_expect_str_eq(text, "new");
    free(text);
    output_abandon(&o);
    cr_expect(scratch_count() == 1);
}

Test(files, an_abandoned_file_was_never_there)
{
    Output o, nothing = { 0 };
    size_t length;
    write_text("a", "old");
    cr_assert(output_open(&o, "a", NULL));
    fputs("new", o.file);
    output_abandon(&o);
    char *text = read_bytes("a", &length);
    cr_expect_str_eq(text, "old");
    free(text);
    cr_assert(output_open(&o, "b", NULL));
    output_abandon(&o);
    output_abandon(&o);
    output_abandon(&nothing);
    cr_expect(scratch_count() == 1);
}

Test(files, links_and_permissions_stay)
{
    Output o;
    struct stat s;
    size_t length;
    write_text("real", "old");
    cr_assert(chmod("real", 0640) == 0 && symlink("real", "link") == 0);
    cr_assert(output_open(&o, "link", NULL));
    fputs("new", o.file);
    cr_assert(output_close(&o, NULL));
    cr_expect(lstat("link", &s) == 0 && S_ISLNK(s.st_mode));
    cr_expect(stat("real", &s) == 0 && (s.st_mode & 0777) == 0640);
    char *text = read_bytes("real", &length);
    cr_expect_str_eq(text, "new");
    free(text);
    cr_expect(scratch_count() == 2);
}

Test(files, what_cannot_be_written_is_named)
{
    Output o;
    Error e = { { 0 } };
    cr_expect(!output_open(&o, "no/folder/a", &e));
    cr_expect(strstr(e.text, "no/folder/a") != NULL, "%s", e.text);
    output_abandon(&o);
    cr_expect(!output_open(&o, "/tmp", &e));
    cr_expect(strstr(e.text, "Is a directory") != NULL, "%s", e.text);
    output_abandon(&o);
    char name[5000];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    cr_expect(!output_open(&o, name, &e));
    output_abandon(&o);
    cr_expect(scratch_count() == 0);
}

Test(files, a_full_disk_is_noticed)
{
    Output o;
    Error e = { { 0 } };
    for (int lines = 1; lines <= 10000; lines *= 10000) {
        cr_assert(output_open(&o, "/dev/full", &e), "%s", e.text);
        for (int i = 0; i < 3 * lines; i++) {
            fputs("some text\n", o.file);
        }
        cr_expect(!output_close(&o, &e), "%d lines", lines);
        cr_expect(strstr(e.text, "/dev/full (No space left") != NULL, "%s", e.text);
    }
    struct stat s;
    cr_expect(stat("/dev/full", &s) == 0 && S_ISCHR(s.st_mode));
}
