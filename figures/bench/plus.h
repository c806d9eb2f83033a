/* plus.h: a product, and then what belongs to it, for products that know only
   how to multiply */
void matmul_plus(Matrix C, Matrix A, Matrix B, Matrix b)
{
    matmul(C, A, B);
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++)
            AT(C, i, k) += AT(b, 0, k);
}

void matmul_relu(Matrix C, Matrix A, Matrix B, Matrix b)
{
    matmul(C, A, B);
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++) {
            double z = AT(C, i, k) + AT(b, 0, k);
            AT(C, i, k) = z <= 0 ? 0 : z;
        }
}

void matmul_nt_where(Matrix C, Matrix A, Matrix B, Matrix scratch, Matrix X)
{
    matmul_nt(C, A, B, scratch);
    for (size_t i = 0; i < C.rows * C.cols; i++)
        C.data[i] = X.data[i] > 0 ? C.data[i] : 0;
}
