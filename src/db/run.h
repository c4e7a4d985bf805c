/* Running the executor's tasks on one connection: tries, groups, answers. Private to this folder. */
#ifndef DB_RUN_H
#define DB_RUN_H

#include <stdatomic.h>

#include "db/exec.h"

enum { GROUP_MAX = 256 };

struct run_counts {
    _Atomic int64_t reads, writes, groups, retried, last_commit;
};

/* One thread's. */
struct runner {
    struct db *db;
    struct run_counts *counts;
    uint32_t jitter;      /* state of a small generator: two writers that met must not meet again */
    int64_t down_until;   /* the last attempt to connect failed: until then tasks are answered at once */
    struct error *errors; /* GROUP_MAX of them; SQLite's writer only */
};

/* Each answers its tasks, whatever happens. */
void run_read(struct runner *r, struct exec_task *t);
void run_write(struct runner *r, struct exec_task *t);
/* SQLite: one transaction for all, a savepoint each. */
void run_group(struct runner *r, struct exec_task **tasks, size_t n);

#endif
