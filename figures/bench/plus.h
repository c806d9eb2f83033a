/* plus.h: a product, and then what belongs to it, for products that know only
   how to multiply */
void matmul_plus(Matrix C, Matrix A, Matrix B, Matrix b)
{
    matmul(C, A, B);
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++)
            AT(C, i, k) += AT(b, 0, k);
}
