/* Numbers as text, whole files. */
#include <fcntl.h>
#include <float.h>
#include <malloc.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "check.h"
#include "files.h"
#include "scratch.h"
#include "wrap.h"

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

static void numbers(void)
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

static void refusals(void)
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
    expect_text(NAN, "nan");
    expect_text(INFINITY, "inf");
}

Test(files, numbers_are_read)
{
    numbers();
}

Test(files, what_is_no_number_is_refused)
{
    refusals();
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
    doubles_come_back(100000 / (int)sparse(10));
}

Test(files, numbers_are_short)
{
    short_texts();
}

/* a has "old" in it, and "new" is on its way */
static void begin_anew(Output *o)
{
    Error e = { { 0 } };
    write_text("a", "old");
    cr_assert(output_open(o, "a", &e), "%s", e.text);
    fputs("new", o->file);
}

static void expect_in_a(const char *text)
{
    size_t length;
    char *is = read_bytes("a", &length);
    cr_expect_str_eq(is, text);
    free(is);
}

Test(files, a_file_appears_when_it_is_closed)
{
    Output o;
    Error e = { { 0 } };
    begin_anew(&o);
    fflush(o.file);
    expect_in_a("old");
    cr_assert(output_close(&o, &e), "%s", e.text);
    expect_in_a("new");
    output_abandon(&o);
    cr_expect(scratch_count() == 1);
}

Test(files, an_abandoned_file_was_never_there)
{
    Output o, nothing = { 0 };
    size_t length;
    write_text("a", "old");
    cr_assert(output_open(&o, "a", NULL));
    cr_expect(strstr(o.beside, "/nn.part."), "nobody knows what %s is", o.beside);
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

Test(files, two_runs_may_write_one_file)
{
    Output o[2];
    size_t length;
    char name[256] = { 0 };
    memset(name, 'a', sizeof name - 1);     /* the longest that there is */
    for (int i = 0; i < 2; i++) {
        cr_assert(output_open(&o[i], name, NULL));
        fprintf(o[i].file, "run %d", i);
    }
    cr_assert(output_close(&o[1], NULL) && output_close(&o[0], NULL));
    char *text = read_bytes(name, &length);
    cr_expect_str_eq(text, "run 0");
    free(text);
    cr_expect(scratch_count() == 1);
}

Test(files, a_new_file_has_the_usual_permissions)
{
    Output o;
    struct stat s;
    for (unsigned mask = 0; mask <= 077; mask += 0x1b) {
        umask(mask);
        cr_assert(output_open(&o, "a", NULL) && output_close(&o, NULL));
        cr_expect(stat("a", &s) == 0 && (s.st_mode & 0777) == (0666 & ~mask), "%o", s.st_mode);
        cr_expect(umask(mask) == mask, "the mask of the whole program was changed");
        cr_assert(remove("a") == 0);
    }
}

Test(files, all_that_is_unfinished_can_be_removed)
{
    Output o[3];
    write_text("b", "old");
    for (int i = 0; i < 3; i++) {
        cr_assert(output_open(&o[i], i ? "b" : "a", NULL));
    }
    output_abandon(&o[1]);
    cr_expect(scratch_count() == 3);
    outputs_remove();
    cr_expect(scratch_count() == 1);
    cr_expect(!output_close(&o[0], NULL));
    output_abandon(&o[2]);
    outputs_remove();
    cr_expect(scratch_count() == 1);
}

/* Standard output is a file, and standard error another, or the same. */
Test(files, data_and_talk_are_two_streams)
{
    Output o;
    Error e = { { 0 } };
    size_t length;
    static const char *const name[] = { "-", "out", "/dev/stdout", NULL };
    for (int i = 0; i < 8; i++) {
        int here = open("out", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
        int there = i < 4 ? open("err", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600) : here;
        fflush(stdout);
        int kept[] = { dup(1), dup(2) };
        dup2(here, 1);
        dup2(there, 2);
        printf("before ");
        bool ok = output_open(&o, name[i % 4], &e);
        if (ok) {
            printf("talk");
            fprintf(o.file, "data");
            ok = output_close(&o, &e) && output_open(&o, "-", &e) && fprintf(o.file, "more") && output_close(&o, &e);
        }
        fflush(stdout);
        dup2(kept[0], 1);
        dup2(kept[1], 2);
        cr_assert(ok, "%s", e.text);
        char *text = read_bytes("out", &length);
        cr_expect_str_eq(text, "datamore", "%d: %s", i, text);
        free(text);
        text = read_bytes("err", &length);
        cr_expect_str_eq(text, "before talk", "%d: %s", i, text);
        free(text);
    }
}

/* Its number is standard output's until it is closed, whatever else is; then it is anybody's. */
Test(files, standard_output_is_known_while_it_is_taken)
{
    Output taken, other, again;
    Error e = { { 0 } };
    size_t length;
    int kept[] = { dup(1), dup(2) }, here = open("out", O_RDWR | O_CREAT, 0600);
    fflush(stdout);
    dup2(here, 1);
    close(here);
    bool ok = output_open(&taken, "-", &e) && output_open(&other, "file", &e) && output_close(&other, &e)
              && output_open(&again, "out", &e);
    dup2(kept[0], 1);
    dup2(kept[1], 2);
    cr_assert(ok, "%s", e.text);
    cr_expect_str_eq(again.path, "standard output");
    int number = fileno(again.file), next = open("next", O_RDWR | O_CREAT, 0600);
    cr_assert(output_close(&again, &e) && output_close(&taken, &e), "%s", e.text);
    dup2(next, number);
    cr_assert(output_open(&other, "next", &e) && fprintf(other.file, "data") && output_close(&other, &e), "%s", e.text);
    char *text = read_bytes("next", &length);
    cr_expect_str_eq(text, "data");
    free(text);
}

/* A file that is open already isn't replaced, if its number has one digit, as those that a shell gives. */
Test(files, what_is_open_is_written_where_it_stands)
{
    Output o;
    Error e = { { 0 } };
    size_t length;
    static const char *const name[] = { "err", "/dev/stderr", "/dev/fd/9", "err" };
    for (int i = 0; i < 4; i++) {
        int kept = dup(2), at = i < 2 ? 2 : 7 + i;
        int there = open("err", O_RDWR | O_CREAT | O_TRUNC, 0600);
        dup2(there, at);
        close(there);
        bool ok = dprintf(at, "before ") > 0 && output_open(&o, name[i], &e);
        if (ok) {
            fprintf(o.file, "data");
            ok = output_close(&o, &e);
        }
        dprintf(at, " after");
        dup2(kept, 2);
        if (at > 2)
            close(at);
        cr_assert(ok, "%s", e.text);
        char *text = read_bytes("err", &length);
        cr_expect_str_eq(text, i < 3 ? "before data after" : "data", "%d: %s",
                         i, text);
        free(text);
    }
}

/* A terminal is both, and shows both. */
Test(files, a_terminal_shows_data_and_talk)
{
    Output o;
    Error e = { { 0 } };
    int screen = posix_openpt(O_RDWR | O_NOCTTY);
    if (screen < 0 || grantpt(screen) != 0 || unlockpt(screen) != 0) {
        cr_assert(!getenv("CI"), "no terminal can be had here; CI has /dev/pts");
        fprintf(stderr, "left out: no terminal can be had here (is /dev/pts mounted?)\n");
        return;
    }
    int here = open(ptsname(screen), O_RDWR | O_NOCTTY);
    fflush(stdout);
    int kept[] = { dup(1), dup(2) };
    dup2(here, 1);
    dup2(here, 2);
    bool ok = output_open(&o, "-", &e);
    if (ok) {
        printf("talk ");
        fflush(stdout);
        fprintf(o.file, "data\n");
        ok = output_close(&o, &e);
    }
    dup2(kept[0], 1);
    dup2(kept[1], 2);
    cr_assert(ok, "%s", e.text);
    char text[80] = { 0 };
    for (size_t at = 0; at < sizeof text - 1 && !strchr(text, '\n');) { /* it may come in pieces */
        ssize_t got = read(screen, text + at, sizeof text - 1 - at);
        cr_assert(got > 0);
        at += (size_t)got;
    }
    cr_expect_str_eq(text, "talk data\r\n", "%s", text);
}

Test(files, links_and_permissions_stay)
{
    Output o;
    struct stat s;
    size_t length;
    write_text("real", "old");
    cr_assert(chmod("real", 0751) == 0 && symlink("real", "link") == 0);
    for (int i = 0; i < 2; i++) {
        cr_assert(output_open(&o, i ? "real" : "link", NULL));
        fputs("half", o.file);
        fflush(o.file);
        output_abandon(&o);
        char *before = read_bytes("real", &length);
        cr_expect_str_eq(before, i ? "new" : "old");
        free(before);
        cr_assert(output_open(&o, i ? "real" : "link", NULL));
        fputs(i ? "newer" : "new", o.file);
        cr_assert(output_close(&o, NULL));
        cr_expect(lstat("link", &s) == 0 && S_ISLNK(s.st_mode));
        cr_expect(stat("real", &s) == 0 && (s.st_mode & 0777) == 0751, "time %d: %o", i, s.st_mode);
        char *text = read_bytes("real", &length);
        cr_expect_str_eq(text, i ? "newer" : "new");
        free(text);
    }
    cr_expect(scratch_count() == 2);
    cr_assert(symlink("nowhere", "astray") == 0);
    cr_expect(!output_open(&o, "astray", NULL));
    cr_expect(lstat("astray", &s) == 0 && S_ISLNK(s.st_mode) && scratch_count() == 3);
}

/* In a folder whose path leaves room for a name of 100 characters, that one's path is made whole, and the next is taken
   as it was given; both files can be written. */
Test(files, a_path_is_made_whole_where_it_fits)
{
    char here[PATH_MAX], name[256], down[32][256];
    size_t depth = 0, more;
    do {
        cr_assert(getcwd(here, sizeof here) != NULL);
        size_t room = PATH_MAX - 2 - 100 - strlen(here);     /* for a slash and a name each, and the zero */
        more = room > 1 ? room > 300 ? 200 : room - 1 : 0;
        if (more > 0) {
            snprintf(down[depth], sizeof down[0], "%0*d", (int)more, 0);
            cr_assert(mkdir(down[depth], 0700) == 0 && chdir(down[depth]) == 0);
            depth++;
        }
    } while (more > 0);
    for (int length = 100; length <= 101; length++) {
        Output o;
        Error e = { { 0 } };
        snprintf(name, sizeof name, "%0*d", length, 0);
        cr_assert(output_open(&o, name, &e), "%s", e.text);
        size_t whole = strlen(o.path);
        cr_expect(whole == (length == 100 ? PATH_MAX - 1 : 101), "a path of %zu", whole);
        cr_expect(output_close(&o, &e), "%s", e.text);
        cr_expect(remove(name) == 0);
    }
    while (depth-- > 0) {
        cr_assert(chdir("..") == 0 && rmdir(down[depth]) == 0);
    }
}

Test(files, what_cannot_be_written_is_named)
{
    Output o;
    Error e = { { 0 } };
    cr_expect(!output_open(&o, "no/folder/a", &e));
    cr_expect(strstr(e.text, "no/folder/a") != NULL, "%s", e.text);
    cr_expect(o.file == NULL && *o.beside == '\0', "it goes on being open");
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

static void expect_unread(const char *path, const char *part)
{
    Error e = { { 0 } };
    cr_expect(text_read(path, &e) == NULL, "%s is read", path);
    cr_expect(strstr(e.text, path) != NULL, "%s", e.text);
    cr_expect(strstr(e.text, part) != NULL, "\"%s\" isn't in \"%s\"", part, e.text);
}

Test(files, a_text_is_read_whole)
{
    static const size_t lengths[] = { 0, 1, 2, 119, 120, 121, 65535, 65536, 1000003 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        Error e = { { 0 } };
        char *text = malloc(lengths[i] + 1);
        cr_assert(text != NULL);
        for (size_t k = 0; k < lengths[i]; k++) {
            text[k] = (char)(1 + k % 30);
        }
        text[lengths[i]] = '\0';
        write_bytes("a", text, lengths[i]);
        char *read = text_read("a", &e);
        cr_assert(read != NULL, "%zu bytes: %s", lengths[i], e.text);
        cr_expect_str_eq(read, text, "%zu bytes", lengths[i]);
        free(read);
        free(text);
    }
}

/* An interrupt ends a run early, and what it has to write is written all the same. */
Test(files, an_interrupt_spoils_no_output)
{
    Output o;
    Error e = { { 0 } };
    cr_assert(output_open(&o, "a", &e), "%s", e.text);
    fputs("all", o.file);
    interrupt(SIGINT);
    cr_expect(output_close(&o, &e), "%s", e.text);
    size_t length;
    char *text = read_bytes("a", &length);
    cr_expect_str_eq(text, "all");
    free(text);
}

/* What failed on the way is lost, even if there is room again at the end; if not, the reason is told. */
Test(files, a_disk_that_was_full_is_noticed)
{
    static const char *const reason[] = { "a (File too large", "a (No space left" };
    struct rlimit before, small;
    cr_assert(getrlimit(RLIMIT_FSIZE, &before) == 0 && signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    small = before;
    small.rlim_cur = 100;
    for (int room = 0; room < 2; room++) {
        Output o;
        Error e = { { 0 } };
        cr_assert(output_open(&o, "a", &e), "%s", e.text);
        cr_assert(setrlimit(RLIMIT_FSIZE, &small) == 0);
        for (int i = 0; i < 10000; i++) {
            fputs("some text\n", o.file);
        }
        fflush(o.file);
        cr_assert(!room || setrlimit(RLIMIT_FSIZE, &before) == 0);
        bool good = output_close(&o, &e);
        cr_assert(setrlimit(RLIMIT_FSIZE, &before) == 0);
        cr_expect(!good && strstr(e.text, reason[room]) != NULL, "%s", e.text);
        cr_expect(scratch_count() == 0);
    }
}

/* What the disk didn't take replaces nothing. */
Test(files, a_broken_disk_keeps_the_old_file)
{
    Output o;
    Error e = { { 0 } };
    begin_anew(&o);
    wrap_no_disk = true;
    cr_expect(!output_close(&o, &e));
    wrap_no_disk = false;
    cr_expect(strstr(e.text, "a (Input/output error") != NULL, "%s", e.text);
    expect_in_a("old");
    cr_expect(scratch_count() == 1);
}

Test(files, standard_input_is_a_text)
{
    Error e = { { 0 } };
    write_text("a", "from a pipe\n");
    cr_assert(freopen("a", "r", stdin) != NULL);
    char *text = text_read("-", &e);
    cr_assert(text != NULL, "%s", e.text);
    cr_expect_str_eq(text, "from a pipe\n");
    cr_expect(fcntl(STDIN_FILENO, F_GETFL) >= 0, "it was closed");
    free(text);
}

/* Standard input is memory of our own, and behind its last bytes there is none. */
Test(files, an_error_behind_the_first_bytes_is_told)
{
    Error e = { { 0 } };
    const long page = sysconf(_SC_PAGESIZE);
    int zero = open("/dev/zero", O_RDWR), memory = open("/proc/self/mem", O_RDONLY);
    char *two = mmap(NULL, (size_t)(2 * page), PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    cr_assert(two != MAP_FAILED && !munmap(two + page, (size_t)page));
    memcpy(two + page - 3, "1,2", 3);
    cr_assert(dup2(memory, STDIN_FILENO) >= 0 && lseek(STDIN_FILENO, (off_t)(uintptr_t)(two + page - 3), SEEK_SET) > 0);
    cr_expect(text_read("-", &e) == NULL, "it was read");
    cr_expect(strstr(e.text, "cannot read - (Input/output error") != NULL, "%s", e.text);
}

Test(files, what_is_no_text_is_named)
{
    for (int i = 0; i < 20; i++) { /* malloc's caches fill */
        expect_unread("missing", "No such file");
    }
    size_t taken = mallinfo2().uordblks;
    for (int i = 0; i < 8; i++) {
        expect_unread("missing", "No such file");
    }
    cr_expect(mallinfo2().uordblks == taken, "a refusal keeps memory");
    expect_unread("missing", "cannot read missing (No such file");
    expect_unread("/tmp", "cannot read /tmp (Is a directory");
    write_bytes("zero", "1,2\n3,\0004\n", 9);
    expect_unread("zero", "a zero byte");
    write_bytes("zero", "1,2\n\0", 5);
    expect_unread("zero", "a zero byte");
    write_bytes("wide", "\xFF\xFE" "1\0,\0002\0", 8);
    expect_unread("wide", "this is UTF-16");
    write_bytes("wide", "\xFE\xFF\0001\0,\0002", 8);
    expect_unread("wide", "this is UTF-16");
    write_text("arff", "@relation x\n");
    expect_unread("arff", "this is an ARFF file");
    write_text("arff", "% Fisher\n@relation x\n");
    expect_unread("arff", "comments with %, as ARFF:");
    write_bytes("xlsx", "PK\3\4\0\0", 6);
    expect_unread("xlsx", "this is an Excel file");
}
