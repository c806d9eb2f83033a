/* Generated from nn.nw (MIT licence); edit there. options.c: what the command line says */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "files.h"
#include "options.h"

#define TO(field) offsetof(Options, field)
typedef struct {
    size_t offset;                       /* of its field */
    enum { TEXT, WIDTHS, CHOICE, FLAG, WHOLE, DECIMAL } kind;
    const char *help;
} Option;
static const Option option_table[] = {
    { TO(how.separator), CHOICE, "tp --separator auto|tab|;|,|blank" },
    { TO(data), TEXT, "tp --data FILE with a table" },
    { TO(width), WIDTHS, "tc --layers WIDTH,...|none (64,32,16)" },
    { TO(test), TEXT, "t  --test FILE to measure on" },
    { TO(recipe.init), CHOICE,
      "tc --init zeros|small|xavier|he|large (xavier)" },
    { TO(how.label), TEXT, "tp --label COLUMN, or the last" },
    { TO(recipe.batch), WHOLE, "t  --batch ROWS from 1 to 1e9 (64)" },
    { TO(how.drop), TEXT, "tp --drop COLUMN,..., not used" },
    { TO(recipe.rate), DECIMAL,
      "tc --rate NUMBER from 1e-300 to 1e3 (0.05)" },
    { TO(how.incomplete), CHOICE, "tp --incomplete refuse|drop" },
    { TO(recipe.beta), DECIMAL,
      "t  --beta NUMBER from 0 to 0.9999 (0.9)" },
    { TO(recipe.activation), TEXT, "tc --activation NAME, or relu" },
    { TO(recipe.dropout), DECIMAL, "t  --dropout SHARE from 0 to .99" },
    { TO(recipe.method), CHOICE, "t  --optimizer sgd|momentum|adam" },
    { TO(recipe.epochs), WHOLE,
      "t  --epochs COUNT from 1 to 1e9 (3000)" },
    { TO(recipe.batchnorm), FLAG, "t  --batchnorm" },
    { TO(recipe.seed), WHOLE, "t  --seed NUMBER from 0 to 9e15 (42)" },
    { TO(folds), WHOLE, "t  --folds COUNT from 2 to 1e9" },
    { TO(stop_after), WHOLE, "t  --stop-after EPOCHS from 1 to 1e9" },
    { TO(save), TEXT, "t  --save FILE for the model" },
    { TO(points), WHOLE, "s  --points PER-CLASS from 1 to 1e7 (200)" },
    { TO(history), TEXT, "t  --history FILE for all epochs" },
    { TO(noise), DECIMAL, "s  --noise NUMBER from 0 to 1e6 (0.25)" },
    { TO(model), TEXT, "p  --model FILE with a model" },
    { TO(recipe.seed), WHOLE, "sc --seed NUMBER from 0 to 9e15 (7)" },
    { TO(out), TEXT, "sp --out FILE instead of stdout" },
    { TO(classes), WHOLE, "c  --classes COUNT from 2 to 100 (2)" },
};
enum { OPTIONS = sizeof option_table / sizeof *option_table };
static bool widths_read(Options *out, const char *text)
{
    size_t *count = &out->recipe.count;
    bool more = strcmp(text, "none");
    for (*count = 1; more; ++*count) {
        int n;
        size_t *width = &out->width[*count];
        if (*count > HIDDEN || !strchr("0123456789", *text)
            || sscanf(text, "%5zu%n", width, &n) != 1
            || *width - 1 >= WIDEST || !strchr(",", text[n]))
            return false;
        more = text[n];
        text += n + more;
    }
    out->width[(*count)++] = 1;
    return true;
}
static bool choice_read(unsigned *choice, const char *words,
                        const char *text)
{
    size_t n = strcspn(text, "| ");
    if (text[n])
        return false;
    for (*choice = 0; strncmp(words, text, n)
         || !strchr("| ", words[n]); ++*choice) {
        words += strcspn(words, "| ");
        if (*words++ != '|')
            return false;
    }
    return true;
}
static bool value_read(void *field, bool whole, const char *wants,
                       const char *text)
{
    double x, low, high;
    sscanf(wants, "%*s from %lf to %lf", &low, &high);
    if (!number_parse(&x, text) || x < low || x > high)
        return false;
    if (whole)
        *(uint64_t *)field = (uint64_t)x;
    else
        *(double *)field = x;
    return !whole || x == floor(x);
}
static bool store(Options *out, const Option *o, const char *text)
{
    void *field = (char *)out + o->offset;
    const char *wants = strchr(strstr(o->help, "--"), ' ');
    switch (o->kind) {
    case TEXT:
        *(const char **)field = text;
        return *text;
    case FLAG:
        *(bool *)field = true;
        return !*text;
    case WIDTHS:
        return widths_read(out, text);
    case CHOICE:
        return choice_read(field, wants + 1, text);
    default:
        return value_read(field, o->kind == WHOLE, wants, text);
    }
}
static const Option *find(const char *word, char command)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        const char *help = option_table[i].help;
        const char *name = strstr(help, "--");
        size_t n = strcspn(name, " ");
        if (memchr(help, command, (size_t)(name - help))
            && !strncmp(word, name, n) && strchr("=", word[n]))
            return &option_table[i];
    }
    return NULL;
}
bool options_read(Options *out, char command, char **word, Error *e)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        const Option *o = &option_table[i];
        const char *bracket = strchr(o->help, '(');
        char usual[32];
        if (memchr(o->help, command, 2) && bracket
            && sscanf(bracket, "(%31[^)])", usual) == 1)
            store(out, o, usual);
    }
    for (; *word; word++) {
        const Option *o = find(*word, command);
        if (!o)
            return fail(e, "\"%.60s\" is no option of this command; "
                        "see nn --help", *word);
        const char *text = strchr(*word, '=');
        text = text ? text + 1 : o->kind == FLAG || !word[1] ? ""
             : *++word;
        if (!store(out, o, text))
            return fail(e, "\"%.60s\" doesn't fit %s; see nn --help", text,
                        strstr(o->help, "--"));
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
    puts("options, behind the letters of their commands:");
    for (size_t i = 0; i < OPTIONS; i++)
        printf(i % 2 || i + 1 == OPTIONS ? "%s\n" : "%-47s",
               option_table[i].help);
}
