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
#define IN(member, name) #name, offsetof(Options, member.name)

static const Option option_table[] = {
    { FIELD(data), "tp", TEXT, 0, 0, NULL, "FILE with a table" },
    { FIELD(test), "t", TEXT, 0, 0, NULL, "FILE to measure on" },
    { IN(how, separator), "tp", CHOICE, 0, 0, "auto",
      "auto|tab|;|,|blank" },
    { IN(how, label), "tp", TEXT, 0, 0, NULL, "COLUMN (the last)" },
    { IN(how, incomplete), "tp", CHOICE, 0, 0, "refuse",
      "refuse|drop gaps" },
    { IN(how, drop), "tp", TEXT, 0, 0, NULL, "COLUMN,... not used" },
    { FIELD(layers), "t", WIDTHS, 1, WIDEST, "64,32,16",
      "WIDTH,...|none hidden" },
    { IN(recipe, activation), "tc", TEXT, 0, 0, "relu", "NAME" },
    { IN(recipe, init), "t", CHOICE, 0, 0, "xavier",
      "zeros|small|xavier|he|large" },
    { IN(recipe, batch), "t", WHOLE, 1, 1e9, "64", "ROWS of one step" },
    { "optimizer", offsetof(Options, recipe.method), "t", CHOICE, 0, 0,
      "sgd", "sgd|momentum|adam" },
    { IN(recipe, rate), "t", DECIMAL, 1e-300, 1e3, "0.05", "NUMBER" },
    { IN(recipe, batchnorm), "t", FLAG, 0, 0, NULL,
      " before activations" },
    { IN(recipe, beta), "t", DECIMAL, 0, 0.9999, "0.9", "NUMBER" },
    { IN(recipe, dropout), "t", DECIMAL, 0, 0.99, "0",
      "SHARE behind activations" },
    { IN(recipe, epochs), "t", WHOLE, 1, 1e9, "3000", "COUNT" },
    { FIELD(folds), "t", WHOLE, 2, 1e9, NULL,
      "COUNT parts, each left out once" },
    { IN(recipe, seed), "t", WHOLE, 0, 0x1p53, "42", "NUMBER" },
    { "stop-after", offsetof(Options, stop_after), "t", WHOLE, 1, 1e9,
      NULL, "EPOCHS without a better test" },
    { FIELD(save), "t", TEXT, 0, 0, NULL, "FILE for the model" },
    { FIELD(history), "t", TEXT, 0, 0, NULL, "FILE for all epochs" },
    { FIELD(model), "p", TEXT, 0, 0, NULL, "FILE with a model" },
    { FIELD(out), "sp", TEXT, 0, 0, NULL, "FILE (standard output)" },
    { FIELD(points), "s", WHOLE, 1, 1e7, "200", "COUNT" },
    { FIELD(noise), "s", DECIMAL, 0, 1e6, "0.25", "NUMBER" },
    { IN(recipe, seed), "s", WHOLE, 0, 0x1p53, "7", "NUMBER" },
};
enum { OPTIONS = sizeof option_table / sizeof *option_table };

static bool widths_read(Widths *w, const char *text)
{
    bool more = strcmp(text, "none");
    w->count = 1;
    for (char *end; more; text = end + 1) {
        unsigned long width = strtoul(text, &end, 10);
        if (*text < '0' || *text > '9' || !width || width > WIDEST
            || w->count > HIDDEN || (*end && *end != ','))
            return false;
        w->width[w->count++] = width;
        more = *end;
    }
    w->width[w->count++] = 1;
    return true;
}

static bool store(void *field, const Option *o, const char *text)
{
    unsigned *choice = field;
    double number;
    size_t n;
    switch (o->kind) {
    case TEXT:
        *(const char **)field = text;
        return *text;
    case FLAG:
        *(bool *)field = true;
        return !*text;
    case WIDTHS:
        return widths_read(field, text);
    case CHOICE:
        *choice = 0;
        for (const char *c = o->help;; c += n + 1, ++*choice) {
            n = strcspn(c, "| ");
            if (n == strlen(text) && !strncmp(c, text, n))
                return true;
            if (c[n] != '|')
                return false;
        }
    default:
        if (!number_parse(&number, text) || number < o->low
            || number > o->high)
            return false;
        if (o->kind == DECIMAL)
            *(double *)field = number;
        else
            *(uint64_t *)field = (uint64_t)number;
        return o->kind == DECIMAL || number == floor(number);
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
    if (out->folds && (out->test || out->history || out->save))
        return fail(e, "--folds makes a network for each fold; leave out "
                    "--test, --history and --save");
    if (out->stop_after && !out->test)
        return fail(e, "--stop-after looks at the loss on a test set; "
                    "give it --test FILE, too");
    if (command == 'p' && (!out->model || !out->data))
        return fail(e, "nn predict needs a model and a table; give it "
                    "--model FILE and --data FILE");
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
