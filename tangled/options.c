/* Generated from nn.nw; edit there. options.c: what the command line says */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "files.h"
#include "options.h"

typedef struct {
    const char *name;
    size_t offset;                       /* of its field in Options */
    const char *commands;                /* that take it, by a letter */
    enum { TEXT, WIDTHS, CHOICE, FLAG, WHOLE, DECIMAL } kind;
    double low, high;
    const char *usual, *help;            /* help: what, blank, words */
} Option;

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
    for (size_t i = 0; i < OPTIONS; i++) {
        const Option *o = &option_table[i];
        if (strchr(o->commands, command) && !strncmp(word, "--", 2)
            && length == strlen(o->name) + 2
            && !strncmp(word + 2, o->name, length - 2))
            return o;
    }
    return NULL;
}

bool options_read(Options *out, char command, char **word, Error *e)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        const Option *o = &option_table[i];
        if (strchr(o->commands, command) && o->usual)
            store((char *)out + o->offset, o, o->usual);
    }
    for (word += 2; *word; word++) {
        const Option *o = find(*word, command);
        if (!o)
            return fail(e, "\"%.60s\" is no option of this command; "
                        "see nn --help", *word);
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
    out->how = (Dialect){ .separator = (Separator)out->separator,
                          .label = out->label, .drop = out->drop,
                          .skip_partial = out->incomplete > 0 };
    if (out->layers)
        out->hidden = widths_read(out->width, out->layers);
    return true;
}

void options_help(void)
{
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
