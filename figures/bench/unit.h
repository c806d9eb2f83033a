/* unit.h: how a program in the benchmark talks.
   PROGRAM TASK COUNT [SIZE] sets up.  Then, for each line that it reads, it
   does one unit of the task, COUNT epochs of it, and prints how many seconds
   that took.  At the end of its input it prints the most memory that it held. */
#ifndef UNIT_H
#define UNIT_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void Unit(void *context);

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void serve(Unit *unit, void *context)
{
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        double start = seconds();
        unit(context);
        printf("%.9f\n", seconds() - start);
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
