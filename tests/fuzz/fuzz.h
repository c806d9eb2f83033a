/* What the fuzzers share: bytes as a file, without a disk. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* path: of a file that holds these bytes */
static inline int file_of(char path[32], const void *bytes, size_t count)
{
    int file = memfd_create("fuzz", 0);
    if (file < 0 || write(file, bytes, count) != (ssize_t)count) {
        abort();
    }
    snprintf(path, 32, "/proc/self/fd/%d", file);
    return file;
}
