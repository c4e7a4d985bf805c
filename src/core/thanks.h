/* What one did in a month (D2, G7): the matters that somebody settled or helped with, as they may be told on a sheet of paper: where, what kind, how it
 * ended, and what residents said. No name of a resident, no title. */
#ifndef CORE_THANKS_H
#define CORE_THANKS_H

#include "core/core.h"

enum { THANKS_MOST = 60 };

struct thanks_line {
    int32_t day;
    struct str unit, what, how, said; /* said: the resident's own words, when they were content */
};
struct thanks {
    struct str name;
    bool disputes_alone;
    size_t n;
    struct thanks_line lines[THANKS_MOST];
};

/* Of an account between two days (the second not included). Everything lies in the arena. */
bool thanks_read(struct core *core, struct db *db, struct arena *a, int64_t account, int32_t from,
                 int32_t until, struct thanks *ret, struct error *e);

#endif
