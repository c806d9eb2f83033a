/* unit.h: how a program in the benchmark talks.
   PROGRAM TASK COUNT [SIZE] sets up.  Then, for each line that it reads, it
   does one unit of the task, COUNT epochs of it, and prints how many seconds
   that took.  At the end of its input it prints the most memory that it held. */
#ifndef UNIT_H
#define UNIT_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void Unit(void *context);

/* in whole numbers: this may be compiled with double as float */
static int64_t nanoseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void serve(Unit *unit, void *context)
{
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        int64_t start = nanoseconds();
        unit(context);
        printf("%.9f\n", 1e-9 * (double)(nanoseconds() - start));
        fflush(stdout);
    }
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, "VmHWM:", 6))
            printf("memory %ld\n", strtol(line + 6, NULL, 10));
    if (status)
        fclose(status);
}
#endif
