/* plane.c: the plane as a rule sees it: a field of colours, and the line
   where the logit is 0; and how a field becomes a picture */
#include <limits.h>
#include <math.h>
#include <png.h>
#include "lab.h"

#define EDGE 2.75                /* of the plane, standardised */
enum { STEP = 2 };               /* the line is found from every second */
typedef double Field[SIDE][SIDE];            /* row 0 at the bottom */

double lab_at(double index, size_t side, double edge)
{
    return -edge + 2 * edge * (index + 0.5) / (double)side;
}

/* row by row */
static void ask_rule(Field field, Rule *rule, void *context)
{
    double point[SIDE][2];
    for (size_t r = 0; r < SIDE; r++) {
        for (size_t c = 0; c < SIDE; c++) {
            point[c][0] = lab_at((double)c, SIDE, EDGE);
            point[c][1] = lab_at((double)r, SIDE, EDGE);
        }
        rule(matrix_view(field[r], SIDE, 1), context,
             matrix_view(point[0], SIDE, 2));
    }
}

const Ramp two_labels = {        /* sky, bone, amber, as in pre.tex */
    { 0x4F, 0x81, 0xB0 }, { 0xF4, 0xF1, 0xEA }, { 0xE8, 0xA3, 0x3D }
};

/* rgb: three bytes, a mixture of two neighbours on the ramp */
static void colour(unsigned char *rgb, const Ramp ramp, double level)
{
    int low = level < 0.5 ? 0 : 1;
    double at = 2 * level - low;
    for (int i = 0; i < 3; i++)
        rgb[i] = (unsigned char)lround(ramp[low][i] * (1 - at)
                                       + ramp[low + 1][i] * at);
}

/* Of 256 colours, since a picture of numbers takes less room so.  Its
   first row is the uppermost, that is, the field's last. */
void lab_picture(const Lab *lab, const char *name, Matrix levels,
                 const Ramp ramp)
{
    static unsigned char index[SIDE * SIDE], map[256][3];
    png_image png = { .version = PNG_IMAGE_VERSION,
                      .width = (png_uint_32)levels.cols,
                      .height = (png_uint_32)levels.rows,
                      .format = PNG_FORMAT_RGB_COLORMAP,
                      .colormap_entries = 256 };
    char path[PATH_MAX];
    for (int i = 0; i < 256; i++)
        colour(map[i], ramp, i / 255.0);
    for (size_t r = 0; r < levels.rows; r++)
        for (size_t c = 0; c < levels.cols; c++)
            index[(levels.rows - 1 - r) * levels.cols + c] =
                (unsigned char)lround(255 * AT(levels, r, c));
    snprintf(path, sizeof path, "%s/%s.png", lab->folder, name);
    lab_need(png_image_write_to_file(&png, path, 0, index, 0, map)
         || fail(&why, "cannot write %s: %s", path, png.message));
}

/* Where the line crosses a side, from the pixel r, c to the next but one
   upward or to the right; false if the logits there have one sign. */
static bool crosses(double at[2], Field field, size_t r, size_t c,
                    bool upward)
{
    size_t up = upward ? STEP : 0, across = STEP - up;
    double a = field[r][c], b = field[r + up][c + across];
    if ((a >= 0) == (b >= 0))
        return false;
    double t = a / (a - b);
    at[0] = lab_at((double)c + t * (double)across, SIDE, EDGE);
    at[1] = lab_at((double)r + t * (double)up, SIDE, EDGE);
    return true;
}

/* Four pixels are the corners of a cell.  The line comes
   in through one side and leaves by another; a row for each piece. */
static void write_line(FILE *out, Field field)
{
    for (size_t r = 0; r + STEP < SIDE; r += STEP)
        for (size_t c = 0; c + STEP < SIDE; c += STEP) {
            double at[4][2];
            int n = 0;
            n += crosses(at[n], field, r, c, false);
            n += crosses(at[n], field, r, c + STEP, true);
            n += crosses(at[n], field, r + STEP, c, false);
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
    char file[40];
    ask_rule(field, rule, context);
    snprintf(file, sizeof file, "line-%s", name);
    FILE *out = lab_open(lab, file, "x1\ty1\tx2\ty2");
    write_line(out, field);
    lab_close(out);
    Matrix levels = matrix_view(field[0], SIDE, SIDE);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        levels.data[i] = sigmoid(levels.data[i]);
    snprintf(file, sizeof file, "field-%s", name);
    lab_picture(lab, file, levels, two_labels);
}
