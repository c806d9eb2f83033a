/* plain.h: other names for the loops of plain.c, so that the tests can have
   them beside the tiles; included before it on the command line */
#define matmul plain_matmul
#define matmul_tn plain_matmul_tn
#define matmul_nt plain_matmul_nt
#define matmul_plus plain_matmul_plus
