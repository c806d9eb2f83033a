/* Generated from nn.nw (MIT licence); edit there. parallel.c: one run on several processes, by MPI */
#include <mpi.h>
#include <stdio.h>
#include <unistd.h>
#include "parallel.h"

static int rank, ranks;
static Share own;                /* of a batch of so many rows: */
static size_t whole;
static bool broken;              /* nobody waits any more */
bool rank_first(void) { return rank == 0; }
size_t ranks_count(void) { return (size_t)ranks; }
bool ranks_leave(void) { return false; }
Share ranks_share(size_t rows)
{
    size_t r = (size_t)rank, n = (size_t)ranks;
    size_t first = r * rows / n, next = (r + 1) * rows / n;
    own = next > first ? (Share){ first, next - first, next - first }
        : (Share){ 0, 1, 0 };            /* one, for nothing */
    whole = rows;
    return own;
}
static void (*drop)(Matrix Z, Layer *l, Matrix X, Mode mode);
static Rng *drawn;

static void drop_own(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    size_t width = mode == TRAINING ? X.cols : 0;
    for (size_t i = own.first * width; i > 0; i--)
        rng_uniform(drawn);
    drop(Z, l, X, mode);
    size_t behind = whole - own.first - X.rows;
    for (size_t i = behind * width; i > 0; i--)
        rng_uniform(drawn);
}

Layer ranks_drop(Layer l, Rng *rng)
{
    drop = l.forward;
    drawn = rng;
    l.forward = drop_own;
    return l;
}

static bool finish(int count, MPI_Request *request, Error *e)
{
    for (int done = 0; !done;) {
        broken = broken || interrupted();
        if (broken)
            return fail(e, "interrupted; nothing is written");
        MPI_Testall(count, request, &done, MPI_STATUSES_IGNORE);
    }
    return true;
}
bool ranks_sum(double *numbers, size_t count, double *one, Error *e)
{
    MPI_Request request[2];
    MPI_Iallreduce(MPI_IN_PLACE, numbers, (int)count, MPI_DOUBLE,
                   MPI_SUM, MPI_COMM_WORLD, &request[0]);
    MPI_Iallreduce(MPI_IN_PLACE, one, one != NULL, MPI_DOUBLE,
                   MPI_SUM, MPI_COMM_WORLD, &request[1]);
    return finish(2, request, e);
}

bool ranks_agree(bool ok, Error *e)
{
    Error said = *(e ? e : &(Error){ { 0 } });
    int mine = ok ? ranks : rank, lowest = 0;
    MPI_Request request;
    MPI_Iallreduce(&mine, &lowest, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD,
                   &request);
    if (!finish(1, &request, e) || lowest == ranks)
        return !broken;
    MPI_Ibcast(said.text, sizeof said.text, MPI_CHAR, lowest,
               MPI_COMM_WORLD, &request);
    return finish(1, &request, e)
        && (lowest == 0 ? fail(e, "%s", said.text)
            : fail(e, "on rank %d: %.480s", lowest, said.text));
}

void ranks_begin(int *argc, char ***argv)
{
    MPI_Init(argc, argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (rank > 0 && !freopen("/dev/null", "w", stdout))
        stop("ranks_begin: there is no /dev/null");
}

int ranks_end(int status)
{
    if (broken)
        _exit(status);
    MPI_Finalize();
    return status;
}
