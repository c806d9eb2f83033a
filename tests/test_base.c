/* What a stub leaves behind. */
#include "check.h"

Test(base, the_first_part_that_is_not_begun_is_named, .timeout = 5)
{
    cr_assert(part_not_begun() == NULL, "nothing was run, but a part isn't begun");
    not_begun("1a");
    not_begun("2b");
    cr_assert(part_not_begun() && strcmp(part_not_begun(), "1a") == 0, "it says %s, not 1a", part_not_begun());
}
