#include "check.h"

/* The products twice: those that the program is linked with, and the loops
   of plain.c, which the Makefile compiles under other names for this. */
void plain_matmul(Matrix C, Matrix A, Matrix B);
void plain_matmul_tn(Matrix C, Matrix A, Matrix B);
void plain_matmul_nt(Matrix C, Matrix A, Matrix B, Matrix scratch);
void plain_matmul_plus(Matrix C, Matrix A, Matrix B, Matrix b);

typedef struct {
    void (*nn)(Matrix C, Matrix A, Matrix B), (*tn)(Matrix C, Matrix A, Matrix B);
    void (*nt)(Matrix C, Matrix A, Matrix B, Matrix scratch);
    void (*plus)(Matrix C, Matrix A, Matrix B, Matrix b);
} Products;

static const Products both[] = { { matmul, matmul_tn, matmul_nt, matmul_plus },
                                 { plain_matmul, plain_matmul_tn, plain_matmul_nt,
                                   plain_matmul_plus } };
#define EACH_WAY(p) for (const Products *p = both; p < both + 2; p++)

/* C = AB from its definition, summed in long double. Reads through at(), so
   that one function serves A, A^T, B and B^T. */
static Matrix flip(Matrix T, Matrix A)
{
    for (size_t i = 0; i < A.rows; i++) {
        for (size_t j = 0; j < A.cols; j++) {
            AT(T, j, i) = AT(A, i, j);
        }
    }
    return T;
}

static void definition(Matrix C, Matrix A, Matrix B)
{
    for (size_t i = 0; i < C.rows; i++) {
        for (size_t j = 0; j < C.cols; j++) {
            long double sum = 0.0L;
            for (size_t k = 0; k < A.cols; k++) {
                sum += (long double)AT(A, i, k) * (long double)AT(B, k, j);
            }
            AT(C, i, j) = (double)sum;
        }
    }
}

Test(matrix, products_by_hand, .timeout = 5)
{
    /* nothing square, nothing symmetric; the results by hand */
    MATRIX_OF(A, 2, 3, 1, 2, 3, 4, 5, 6);
    MATRIX_OF(B, 3, 4, 7, -8, 9, 1, 10, -11, 12, -2, 0, 3, -4, 5);
    MATRIX_OF(D, 2, 4, 1, -2, 3, 4, -5, 6, 0, 7);
    MATRIX_OF(AB, 2, 4, 27, -21, 21, 12, 78, -69, 72, 24);
    MATRIX_OF(b, 1, 4, 100, -1, 0.5, 3);
    MATRIX_OF(ABb, 2, 4, 127, -22, 21.5, 15, 178, -70, 72.5, 27);
    MATRIX_OF(AtD, 3, 4, -19, 22, 3, 32, -23, 26, 6, 43, -27, 30, 9, 54);
    MATRIX_OF(DBt, 2, 3, 54, 60, 2, -76, -130, 53);
    MATRIX_OF(At, 3, 2, 1, 4, 2, 5, 3, 6);
    MATRIX(C, 2, 4);
    MATRIX(E, 3, 4);
    MATRIX(F, 2, 3);
    MATRIX(T, 3, 2);
    MATRIX(scratch, 4, 3);
    EACH_WAY(p) {
        fill_with(C.data, 8, 100); /* all must be overwritten */
        fill_with(E.data, 12, 100);
        fill_with(F.data, 6, 100);
        p->nn(C, A, B);
        check_matrix(C, AB, 0.0, "AB");
        p->plus(C, A, B, b);
        check_matrix(C, ABb, 0.0, "AB + b");
        p->tn(E, A, D);
        check_matrix(E, AtD, 0.0, "A^T D");
        p->nt(F, D, B, scratch);
        check_matrix(F, DBt, 0.0, "D B^T");
    }
    transpose(T, A);
    check_matrix(T, At, 0.0, "A^T");
}

/* Compares the three products, and transpose, for A: n x m and B: m x p. */
static void agree(size_t n, size_t m, size_t p)
{
    static double a[600], b[600], bt[600], at[600], c[600], e[600], s[600];
    Matrix A = matrix_view(a, n, m), B = matrix_view(b, m, p);
    Matrix C = matrix_view(c, n, p), E = matrix_view(e, n, p);
    Matrix S = matrix_view(s, m, p); /* as B, which is (B^T)^T */
    fill(A, n + 8 * m);
    fill(B, m + 8 * p);
    Matrix At = flip(matrix_view(at, m, n), A);
    Matrix Bt = flip(matrix_view(bt, p, m), B);
    definition(E, A, B);

    EACH_WAY(way) {
        fill_with(c, 600, 1e3);
        way->nn(C, A, B);
        check_matrix(C, E, 1e-14, "matmul");
        cr_assert(c[n * p] == 1e3, "matmul wrote behind its result");

        fill_with(c, 600, 1e3);
        way->plus(C, A, B, matrix_rows(B, 0, 1));
        for (size_t k = 0; k < n * p; k++) {
            c[k] -= b[k % p];
        }
        check_matrix(C, E, 1e-14, "matmul_plus");
        cr_assert(c[n * p] == 1e3, "matmul_plus wrote behind its result");

        fill_with(c, 600, 1e3);
        way->tn(C, At, B);
        check_matrix(C, E, 1e-14, "matmul_tn");
        cr_assert(c[n * p] == 1e3, "matmul_tn wrote behind its result");

        fill_with(c, 600, 1e3);
        fill_with(s, 600, NAN);
        way->nt(C, A, Bt, S);
        check_matrix(C, E, 1e-14, "matmul_nt");
        cr_assert(c[n * p] == 1e3, "matmul_nt wrote behind its result");
        cr_assert(isnan(s[m * p]), "matmul_nt wrote behind its scratch");
    }

    fill_with(c, 600, 1e3);
    transpose(matrix_view(c, m, n), A);
    check_matrix(matrix_view(c, m, n), At, 0.0, "transpose");
}

Test(matrix, products_agree_with_the_definition, .timeout = 5)
{
    /* never square: a missing transpose then has no meaning, or another */
    for (size_t n = 1; n <= 7; n++) {
        for (size_t m = 1; m <= 7; m++) {
            for (size_t p = 1; p <= 7; p++) {
                if (n != m && m != p && n != p) {
                    agree(n, m, p);
                }
            }
        }
    }
    agree(16, 8, 9); /* longer than the blocks of a fast kernel */
    agree(17, 33, 6);
}

Test(matrix, products_leave_their_factors_alone, .timeout = 5)
{
    MATRIX(A, 4, 3);
    MATRIX(B, 3, 5);
    MATRIX(Bt, 5, 3);
    MATRIX(At, 3, 4);
    MATRIX(C, 4, 5);
    MATRIX(S, 3, 5);
    fill(A, 1);
    fill(B, 2);
    fill(At, 3);
    fill(Bt, 4);
    EACH_WAY(p) {
        p->nn(C, A, B);
        p->plus(C, A, B, matrix_rows(B, 1, 1));
        p->tn(C, At, B);
        p->nt(C, A, Bt, S);
    }
    for (size_t k = 0; k < 12; k++) {
        cr_assert(A.data[k] == number(1, k) && At.data[k] == number(3, k),
                  "a product changed its left factor at %zu", k);
    }
    for (size_t k = 0; k < 15; k++) {
        cr_assert(B.data[k] == number(2, k) && Bt.data[k] == number(4, k),
                  "a product changed its right factor at %zu", k);
    }
}

Test(matrix, zero_times_nan_is_not_zero, .timeout = 5)
{
    /* a product that skips zeros would hide a NaN from the training loop */
    MATRIX_OF(A, 1, 2, 0.0, 1.0);
    MATRIX_OF(B, 2, 1, NAN, 1.0);
    MATRIX(C, 1, 1);
    MATRIX(S, 2, 1);
    EACH_WAY(p) {
        p->nn(C, A, B);
        cr_assert(isnan(C.data[0]), "0 NaN + 1 must be NaN: matmul says %g", C.data[0]);
        p->tn(C, matrix_view(A.data, 2, 1), B);
        cr_assert(isnan(C.data[0]), "0 NaN + 1 must be NaN: matmul_tn says %g", C.data[0]);
        p->nt(C, A, matrix_view(B.data, 1, 2), S);
        cr_assert(isnan(C.data[0]), "0 NaN + 1 must be NaN: matmul_nt says %g", C.data[0]);
    }
}

Test(matrix, create_view_and_rows, .timeout = 5)
{
    Error e = { "" };
    Matrix A;
    cr_assert(matrix_create(&A, 4, 3, &e), "matrix_create: %s", e.text);
    cr_assert(A.rows == 4 && A.cols == 3, "a 4x3 matrix came out as %zux%zu",
              A.rows, A.cols);
    for (size_t k = 0; k < 12; k++) {
        cr_assert(A.data[k] == 0.0, "a new matrix is zero, but number %zu is %g",
                  k, A.data[k]);
        A.data[k] = (double)k;
    }
    cr_assert(AT(A, 2, 1) == 7.0, "row-major: A[2][1] is number 7, not %g",
              AT(A, 2, 1));
    Matrix V = matrix_rows(A, 1, 2);
    cr_assert(V.rows == 2 && V.cols == 3 && V.data == A.data + 3,
              "rows 1 and 2 of a 4x3 matrix: %zux%zu, from number %td", V.rows,
              V.cols, V.data - A.data);
    matrix_destroy(&A);
    cr_assert(A.data == NULL && A.rows == 0 && A.cols == 0,
              "a destroyed matrix is empty");
    matrix_destroy(&A);
    matrix_destroy(NULL);
}

Test(matrix, copy_takes_every_bit, .timeout = 5)
{
    /* signs of zero and a NaN as well; into the middle of a larger block */
    MATRIX_OF(A, 2, 3, 1.5, -0.0, NAN, -7, 1e-310, INFINITY);
    MATRIX(C, 4, 3);
    double before[6];
    memcpy(before, A.data, sizeof before);
    fill_with(C.data, 12, 100);
    matrix_copy(matrix_rows(C, 1, 2), A);
    check_bits(C.data + 3, before, 6, "a copy");
    check_bits(A.data, before, 6, "what was copied");
    for (size_t k = 0; k < 3; k++) {
        cr_assert(C.data[k] == 100 && C.data[9 + k] == 100, "a copy wrote outside of its matrix");
    }
    matrix_copy(matrix_rows(C, 4, 0), matrix_rows(A, 2, 0)); /* of no rows, it does nothing */
}

Test(matrix, too_big_is_an_error_not_a_crash, .timeout = 5)
{
    /* 2^33 x 2^33 numbers of 8 bytes (with 32 bits 2^17 x 2^17): the product of sizes wraps to 0 */
    Error e = { "" };
    double one = 1.0;
    Matrix A = matrix_view(&one, 1, 1);
    size_t many = (size_t)1 << (4 * sizeof many + 1);
    cr_assert(!matrix_create(&A, many, many, &e),
              "a matrix of 2^66 numbers can't be had");
    cr_assert(e.text[0] != '\0', "matrix_create failed without a sentence");
    cr_assert(A.data == &one && A.rows == 1, "a failure must leave its output");
    cr_assert(matrix_create(&A, 3, 0, &e) && A.rows == 3 && A.cols == 0,
              "a matrix of no columns is one");
    matrix_destroy(&A);
}

Test(matrix, shapes_that_do_not_fit_stop, .timeout = 10)
{
    MATRIX(A, 2, 3);
    MATRIX(B, 3, 4);
    MATRIX(C, 2, 4);
    MATRIX(S, 4, 3);
    MATRIX(big, 9, 9);
    (void)big;
    /* inner sizes, then rows of the result, then its columns */
    MATRIX(At, 3, 2);
    MATRIX(Bt, 4, 3);
    Matrix fits = matrix_view(S.data, 3, 4);
    EACH_WAY(p) {
        CHECK_STOPS(p->nn(C, A, matrix_view(B.data, 2, 4)), "matmul", "2x3", "2x4");
        CHECK_STOPS(p->nn(matrix_view(C.data, 1, 4), A, B), "matmul");
        CHECK_STOPS(p->nn(matrix_view(C.data, 2, 3), A, B), "matmul");

        CHECK_STOPS(p->plus(C, A, B, matrix_view(B.data, 1, 3)), "matmul_plus", "1x3");
        CHECK_STOPS(p->plus(C, A, B, matrix_view(B.data, 2, 4)), "matmul_plus", "2x4");
        CHECK_STOPS(p->plus(C, A, matrix_view(B.data, 2, 4), matrix_view(B.data, 1, 4)),
                    "matmul", "2x3", "2x4");

        CHECK_STOPS(p->tn(C, At, matrix_view(B.data, 2, 4)), "matmul_tn", "3x2", "2x4");
        CHECK_STOPS(p->tn(matrix_view(C.data, 1, 4), At, B), "matmul_tn");
        CHECK_STOPS(p->tn(matrix_view(C.data, 2, 3), At, B), "matmul_tn");

        CHECK_STOPS(p->nt(C, A, matrix_view(Bt.data, 4, 2), matrix_view(S.data, 2, 4)),
                    "matmul_nt", "2x3", "4x2");
        CHECK_STOPS(p->nt(matrix_view(C.data, 1, 4), A, Bt, fits), "matmul_nt");
        CHECK_STOPS(p->nt(matrix_view(C.data, 2, 3), A, Bt, fits), "matmul_nt");
        CHECK_STOPS(p->nt(C, A, Bt, S), "4x3"); /* B^T is 3x4 */
    }

    CHECK_STOPS(transpose(matrix_view(S.data, 2, 3), A), "transpose", "2x3");
    CHECK_STOPS(transpose(matrix_view(S.data, 3, 1), A), "transpose", "3x1");
    CHECK_STOPS(transpose(matrix_view(S.data, 4, 2), A), "transpose", "4x2");

    CHECK_STOPS(matrix_copy(matrix_view(C.data, 3, 2), A), "matrix_copy", "2x3", "3x2");
    CHECK_STOPS(matrix_copy(matrix_view(C.data, 1, 3), A), "matrix_copy", "2x3", "1x3");
    CHECK_STOPS(matrix_copy(matrix_view(C.data, 2, 4), A), "matrix_copy", "2x3", "2x4");

    CHECK_STOPS(matrix_rows(A, 1, 2), "matrix_rows");
    CHECK_STOPS(matrix_rows(A, SIZE_MAX, 2), "matrix_rows"); /* wraps to 1 */
}
