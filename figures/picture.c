/* picture.c: a rule over the plane, as a field of colours and the
   line where the logit is zero */
#include <math.h>
#include <png.h>
#include <stdlib.h>
#include "files.h"
#include "loss.h"
#include "picture.h"

enum { SIDE = 300 };

static double pixel_at(double index)
{
    const double edge = 2.75;
    return -edge + 2 * edge * (index + 0.5) / SIDE;
}
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
/* sides of cell (r, c): 0 below, 1 right, 2 above, 3 left */
static bool crosses(double *x, double *y, Matrix F, size_t r, size_t c,
                    int side)
{
    size_t r0 = r + (side == 2), c0 = c + (side == 1);
    size_t r1 = r0 + (side % 2 == 1), c1 = c0 + (side % 2 == 0);
    double a = AT(F, r0, c0), b = AT(F, r1, c1);
    if ((a >= 0) == (b >= 0))
        return false;
    double t = a / (a - b);
    *x = pixel_at((double)c0 + t * (double)(c1 - c0));
    *y = pixel_at((double)r0 + t * (double)(r1 - r0));
    return true;
}
static char *mark_of(char *marks, size_t r, size_t c, int side)
{
    size_t r0 = r + (side == 2), c0 = c + (side == 1);
    return marks + (side % 2 ? SIDE * SIDE : 0) + r0 * SIDE + c0;
}
static void walk(FILE *out, Matrix F, char *marks, size_t r, size_t c,
                 int side)
{
    double x, y, x0, y0;
    if (!crosses(&x0, &y0, F, r, c, side) || *mark_of(marks, r, c, side))
        return;
    fprintf(out, "%.4f %.4f\n", x0, y0);
    *mark_of(marks, r, c, side) = 1;
    for (;;) {
        int way = 1, from = side;
        for (; way < 4; way++) {
            side = (from + way) % 4;
            if (crosses(&x, &y, F, r, c, side) && !*mark_of(marks, r, c, side))
                break;
        }
        if (way == 4)
            fprintf(out, "%.4f %.4f\n", x0, y0);
        if (way == 4)
            break;
        fprintf(out, "%.4f %.4f\n", x, y);
        *mark_of(marks, r, c, side) = 1;
        if ((side == 0 && r == 0) || (side == 2 && r == SIDE - 2)
            || (side == 3 && c == 0) || (side == 1 && c == SIDE - 2))
            break;
        r = side == 0 ? r - 1 : side == 2 ? r + 1 : r;
        c = side == 3 ? c - 1 : side == 1 ? c + 1 : c;
        side = (side + 2) % 4;
    }
    fprintf(out, "\n");
}
static bool write_contour(FILE *out, Matrix F, Error *e)
{
    char *marks = allocate(2 * SIDE * SIDE, 1, "marks", e);
    if (!marks)
        return false;
    for (size_t k = 0; k + 1 < SIDE; k++) {
        walk(out, F, marks, 0, k, 0);
        walk(out, F, marks, k, SIDE - 2, 1);
        walk(out, F, marks, SIDE - 2, k, 2);
        walk(out, F, marks, k, 0, 3);
    }
    for (size_t r = 0; r + 1 < SIDE; r++)
        for (size_t c = 0; c + 1 < SIDE; c++)
            walk(out, F, marks, r, c, 0);
    free(marks);
    return true;
}
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
