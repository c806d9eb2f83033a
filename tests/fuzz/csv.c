/* A table of any bytes, in every dialect: a data set in which each number is finite and each label known, or a
   sentence; as data to learn from, and as data for a model of two inputs.  The first byte chooses. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count < 1) {
        return 0;
    }
    char path[32];
    Dialect how = { .separator = bytes[0] % 5, .incomplete = bytes[0] / 5 % 2 ? DROP : REFUSE,
                    .label = bytes[0] / 10 % 3 == 1 ? "2" : NULL, .drop = bytes[0] / 30 % 3 == 1 ? "1,x" : NULL };
    size_t inputs = bytes[0] & 128 ? 2 : 0;
    Labels labels = { 2, { "0", "1" } };
    Dataset D;
    Error odd = { "" }, e = { "" };
    int file = file_of(path, bytes + 1, count - 1);
    if (dataset_read(&D, &labels, path, &how, inputs, &odd, &e)) {
        size_t classes = labels.count;
        if (D.X.rows == 0 || (inputs && D.X.cols != inputs) || classes < 2 || *e.text) {
            abort();
        }
        for (size_t i = 0; i < D.X.rows * D.X.cols; i++) {
            if (!(fabs(D.X.data[i]) <= 1e100)) {
                abort();
            }
        }
        for (size_t i = 0; i < D.Y.rows; i++) {
            if (!(D.Y.data[i] >= 0 && D.Y.data[i] < (double)classes)) {
                abort();
            }
        }
        dataset_destroy(&D);
    } else if (!*e.text || strlen(e.text) >= sizeof e.text) {
        abort();
    }
    close(file);
    return 0;
}
