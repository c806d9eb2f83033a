/* plane.c: the plane as a rule sees it: a field of colours, and the line
   where the logit is 0 */
#include <limits.h>
#include <math.h>
#include <png.h>
#include "lab.h"

enum { SIDE = 300 };             /* pixels, and logits in a field */
typedef double Field[SIDE][SIDE];            /* row 0 at the bottom */

/* where in the plane the middle of a pixel is, or between two */
static double pixel_at(double index)
{
    const double edge = 2.75;
    return -edge + 2 * edge * (index + 0.5) / SIDE;
}

/* row by row */
static void ask_rule(Field field, Rule *rule, void *context)
{
    double point[SIDE][2];
    for (size_t r = 0; r < SIDE; r++) {
        for (size_t c = 0; c < SIDE; c++) {
            point[c][0] = pixel_at((double)c);
            point[c][1] = pixel_at((double)r);
        }
        rule(matrix_view(field[r], SIDE, 1), context,
             matrix_view(point[0], SIDE, 2));
    }
}

/* rgb: three bytes: sky at p = 0, bone at 1/2, amber at 1, as pre.tex
   defines them, and mixtures in between */
static void colour(unsigned char *rgb, double p)
{
    static const double stop_at[3][3] = {
        { 0x4F, 0x81, 0xB0 }, { 0xF4, 0xF1, 0xEA }, { 0xE8, 0xA3, 0x3D }
    };
    int low = p < 0.5 ? 0 : 1;
    double at = 2 * p - low;
    for (int i = 0; i < 3; i++)
        rgb[i] = (unsigned char)lround(stop_at[low][i] * (1 - at)
                                       + stop_at[low + 1][i] * at);
}

/* The first row of a PNG is the uppermost, that is, the field's last. */
static void write_png(const char *path, Field field)
{
    static unsigned char rgb[SIDE][SIDE][3];
    png_image png = { .version = PNG_IMAGE_VERSION, .width = SIDE,
                      .height = SIDE, .format = PNG_FORMAT_RGB };
    Error e;
    for (size_t r = 0; r < SIDE; r++)
        for (size_t c = 0; c < SIDE; c++)
            colour(rgb[SIDE - 1 - r][c], sigmoid(field[r][c]));
    lab_need(png_image_write_to_file(&png, path, 0, rgb, 0, NULL)
         || fail(&e, "cannot write %s: %s", path, png.message), &e);
}

/* Where the line crosses a side, from the pixel r, c to the next one
   upward or to the right; false if the logits there have one sign. */
static bool crosses(double at[2], Field field, size_t r, size_t c,
                    bool upward)
{
    double a = field[r][c], b = field[r + upward][c + !upward];
    if ((a >= 0) == (b >= 0))
        return false;
    double t = a / (a - b);
    at[0] = pixel_at((double)c + t * !upward);
    at[1] = pixel_at((double)r + t * upward);
    return true;
}

/* Four neighbouring pixels are the corners of a cell.  The line comes
   in through one side and leaves by another; a row for each piece. */
static void write_line(FILE *out, Field field)
{
    for (size_t r = 0; r + 1 < SIDE; r++)
        for (size_t c = 0; c + 1 < SIDE; c++) {
            double at[4][2];
            int n = 0;
            n += crosses(at[n], field, r, c, false);
            n += crosses(at[n], field, r, c + 1, true);
            n += crosses(at[n], field, r + 1, c, false);
            n += crosses(at[n], field, r, c, true);
            for (int k = 0; k + 1 < n; k += 2)
                ROW(out, at[k][0], at[k][1], at[k + 1][0], at[k + 1][1]);
        }
}

/* Asks the rule once; both files are made from its answers. */
void lab_plane(const Lab *lab, const char *name, Rule *rule,
               void *context)
{
    static Field field;
    char path[PATH_MAX], line[40];
    ask_rule(field, rule, context);
    snprintf(path, sizeof path, "%s/field-%s.png", lab->folder, name);
    write_png(path, field);
    snprintf(line, sizeof line, "line-%s", name);
    FILE *out = lab_open(lab, line, "x1\ty1\tx2\ty2");
    write_line(out, field);
    lab_close(out);
}
