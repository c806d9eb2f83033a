/* picture.c: a rule over the plane, as a field of colours and the
   line where the logit is zero */
#include <math.h>
#include <png.h>
#include <stdlib.h>
#include "files.h"
#include "loss.h"
#include "picture.h"

enum { SIDE = 300 };             /* pixels, and logits in a field */

/* where in the plane the middle of a pixel is, or between two */
static double pixel_at(double index)
{
    const double edge = 2.75;
    return -edge + 2 * edge * (index + 0.5) / SIDE;
}

/* field: SIDE x SIDE logits, row 0 at the bottom; X: room for the
   points of a row, Z: for their logits */
static void ask_rule(Matrix field, Matrix X, Matrix Z, Rule *rule,
                     void *context)
{
    for (size_t r = 0; r < SIDE; r++) {
        for (size_t c = 0; c < SIDE; c++) {
            AT(X, c, 0) = pixel_at((double)c);
            AT(X, c, 1) = pixel_at((double)r);
        }
        rule(Z, context, X);
        for (size_t c = 0; c < SIDE; c++)
            AT(field, r, c) = AT(Z, c, 0);
    }
}

/* The colours: sky at p = 0, bone at 1/2, amber at 1, as pre.tex
   defines them, and mixtures in between. */

/* rgb: three bytes */
static void colour(unsigned char *rgb, double p)
{
    static const double stop[3][3] = {
        { 0x4F, 0x81, 0xB0 }, { 0xF4, 0xF1, 0xEA }, { 0xE8, 0xA3, 0x3D }
    };
    int low = p < 0.5 ? 0 : 1;
    double at = 2 * p - low;
    for (int i = 0; i < 3; i++)
        rgb[i] = (unsigned char)lround(stop[low][i] * (1 - at)
                                       + stop[low + 1][i] * at);
}

/* The first row of a PNG is the uppermost, that is, the field's last. */
static bool write_png(FILE *file, Matrix field, Error *e)
{
    png_image png = { .version = PNG_IMAGE_VERSION, .width = SIDE,
                      .height = SIDE, .format = PNG_FORMAT_RGB };
    unsigned char *rgb = allocate(SIDE * SIDE, 3, "pixels", e);
    if (!rgb)
        return false;
    for (size_t r = 0; r < SIDE; r++)
        for (size_t c = 0; c < SIDE; c++)
            colour(rgb + 3 * ((SIDE - 1 - r) * SIDE + c),
                   sigmoid(AT(field, r, c)));
    bool ok = png_image_write_to_stdio(&png, file, 0, rgb, 0, NULL)
        || fail(e, "cannot make a picture: %s", png.message);
    free(rgb);
    return ok;
}

/* The line: marching squares.  Four neighbouring logits are the
   corners of a cell.  The line crosses a side of the cell if the sign
   changes along it, and runs on in the cell beyond. */

enum { BELOW, RIGHT, ABOVE, LEFT };

typedef struct {
    size_t r, c;                 /* the cell's lower left corner */
    int side;
} Place;

typedef struct {
    Matrix field;
    char *marks;                 /* sides that were crossed */
    FILE *out;
} Walk;

/* The point where the line crosses the side, if it does. */
static bool crosses(double *x, double *y, Matrix field, Place p)
{
    size_t r0 = p.r + (p.side == ABOVE), c0 = p.c + (p.side == RIGHT);
    bool upright = p.side == LEFT || p.side == RIGHT;
    size_t r1 = r0 + upright, c1 = c0 + !upright;
    double a = AT(field, r0, c0), b = AT(field, r1, c1);
    if ((a >= 0) == (b >= 0))
        return false;
    double t = a / (a - b);
    *x = pixel_at((double)c0 + t * (double)(c1 - c0));
    *y = pixel_at((double)r0 + t * (double)(r1 - r0));
    return true;
}

/* One for each side in the plane: two cells share it.  First all that
   lie, then all that stand. */
static char *mark_of(const Walk *w, Place p)
{
    size_t r = p.r + (p.side == ABOVE), c = p.c + (p.side == RIGHT);
    bool upright = p.side == LEFT || p.side == RIGHT;
    return w->marks + (upright ? SIDE * SIDE : 0) + r * SIDE + c;
}

/* Prints the crossing and marks it; false if there is none, or it has
   been marked before. */
static bool visit(const Walk *w, Place p)
{
    double x, y;
    char *mark = mark_of(w, p);
    if (*mark || !crosses(&x, &y, w->field, p))
        return false;
    fprintf(w->out, "%.4f %.4f\n", x, y);
    *mark = 1;
    return true;
}

/* from the side where the line came into the cell to another */
static bool cross_cell(const Walk *w, Place *p)
{
    for (int turn = 1; turn < 4; turn++) {
        Place next = { p->r, p->c, (p->side + turn) % 4 };
        if (visit(w, next)) {
            *p = next;
            return true;
        }
    }
    return false;
}

/* from a side of one cell to the same of its neighbour, if there is */
static bool step_over(Place *p)
{
    switch (p->side) {
    case BELOW:
        if (p->r-- == 0)
            return false;
        break;
    case RIGHT:
        if (++p->c == SIDE - 1)
            return false;
        break;
    case ABOVE:
        if (++p->r == SIDE - 1)
            return false;
        break;
    default:
        if (p->c-- == 0)
            return false;
    }
    p->side = (p->side + 2) % 4;
    return true;
}

/* The line through the side, if one is there that isn't yet printed:
   to the edge of the field, or round to where it began. */
static void walk(const Walk *w, size_t r, size_t c, int side)
{
    const Place start = { r, c, side };
    Place p = start;
    if (!visit(w, start))
        return;
    bool inside = true, closed = false;
    while (inside && !closed) {
        closed = !cross_cell(w, &p);
        inside = closed || step_over(&p);
    }
    double x, y;
    if (closed && crosses(&x, &y, w->field, start))
        fprintf(w->out, "%.4f %.4f\n", x, y);
    fputc('\n', w->out);
}

/* Lines that end at the edge first, from there; then closed ones. */
static bool write_contour(FILE *out, Matrix field, Error *e)
{
    Walk w = { field, allocate(2 * SIDE * SIDE, 1, "marks", e), out };
    if (!w.marks)
        return false;
    for (size_t k = 0; k + 1 < SIDE; k++) {
        walk(&w, 0, k, BELOW);
        walk(&w, k, SIDE - 2, RIGHT);
        walk(&w, SIDE - 2, k, ABOVE);
        walk(&w, k, 0, LEFT);
    }
    for (size_t r = 0; r + 1 < SIDE; r++)
        for (size_t c = 0; c + 1 < SIDE; c++)
            walk(&w, r, c, BELOW);
    free(w.marks);
    return true;
}

/* Asks the rule once; both files are made from its answers. */
bool draw_rule(const char *png, const char *line, Rule *rule,
               void *context, Error *e)
{
    Matrix F = { 0 }, X = { 0 }, Z = { 0 };
    Output out = { 0 };
    bool ok = matrix_create(&F, SIDE, SIDE, e)
        && matrix_create(&X, SIDE, 2, e)
        && matrix_create(&Z, SIDE, 1, e);
    if (ok)
        ask_rule(F, X, Z, rule, context);
    ok = ok && output_open(&out, png, e) && write_png(out.file, F, e)
        && output_close(&out, e) && output_open(&out, line, e)
        && write_contour(out.file, F, e) && output_close(&out, e);
    if (!ok)
        output_abandon(&out);
    matrix_destroy(&F);
    matrix_destroy(&X);
    matrix_destroy(&Z);
    return ok;
}
