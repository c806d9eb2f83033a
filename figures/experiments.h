/* experiments.h: the data of all figures, tables and numbers */
#ifndef EXPERIMENTS_H
#define EXPERIMENTS_H
#include "base.h"

/* Writes into the folder dir what the named experiments make; if count
   is 0, all that need no challenge.  Runs in the folder that tests/data
   is in. */
bool experiments_run(const char *dir, int count, char **names,
                     Error *e);
#endif
