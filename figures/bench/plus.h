/* plus.h: a product, and then the bias, for products that don't add it */
void matmul_plus(Matrix C, Matrix A, Matrix B, Matrix b)
{
    matmul(C, A, B);
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++)
            AT(C, i, k) += AT(b, 0, k);
}
