/* The executor: readers and writers, each a thread with a connection of its own. Callers hand over a task and are told when it is done; a
 * write is told only after its commit is on disk (architecture §3).
 *   SQLite      one writer; one transaction for all commands that wait (at most 256), a savepoint each.
 *   PostgreSQL  several writers; one transaction per command; commands of one subject always go to the same writer.
 * When a group fails as a whole nobody has been told yet and each command runs again alone. Deadlocks, serialization failures and lost
 * connections are tried again, at most three times. A connection lost at COMMIT is unknown: the executor reconnects and asks `landed`. */
#ifndef DB_EXEC_H
#define DB_EXEC_H

#include "db/db.h"

struct exec;

struct exec_config {
    struct db_where where; /* one more connection makes derived data */
    int readers;
    int writers; /* of PostgreSQL; SQLite always has one */
    int queue;   /* tasks that may wait in each direction before OVERLOADED */
};

struct exec_task {
    /* Runs on a reader or writer thread, possibly more than once: it must start from the same state each time (reset its arena, its
     * output). On false the error says why; a write is rolled back. */
    bool (*run)(struct db *db, void *context, struct error *e);
    /* After an unknown COMMIT: is this command's first journal entry there? Null: a task that may safely run again. */
    bool (*landed)(struct db *db, void *context, bool *ret, struct error *e);
    /* Once, at the very end, on the executor's thread: `e` is null after success. May free the task. */
    void (*done)(void *context, const struct error *e);
    void *context;
    uint64_t subject; /* hash; commands of the same subject keep their order */
    bool goes_on;     /* a further step of what was let in before: never refused because too many wait */
    struct exec_task *next; /* the executor's */
};

bool exec_open(struct exec **ret, const struct exec_config *config, struct error *e);
/* Lets waiting tasks finish, then stops the threads. */
void exec_close(struct exec *x);

/* Hands over; false with OVERLOADED when the queue is full or the executor is closing, and then `done` is not called. */
bool exec_read(struct exec *x, struct exec_task *t, struct error *e) __attribute__((warn_unused_result));
bool exec_write(struct exec *x, struct exec_task *t, struct error *e) __attribute__((warn_unused_result));

/* A task that writes derived data alone, one after the other: on SQLite beside the writer of commands, in a file of its own. */
bool exec_derive_wait(struct exec *x, bool (*run)(struct db *, void *, struct error *), void *context,
                      struct error *e);

/* The same, waiting for the end: for jobs and the command line, never on an HTTP thread. */
bool exec_read_wait(struct exec *x, bool (*run)(struct db *, void *, struct error *), void *context,
                    struct error *e);
bool exec_write_wait(struct exec *x, bool (*run)(struct db *, void *, struct error *), void *context,
                     struct error *e);

struct exec_state {
    int64_t reads, writes, groups, retried; /* since start */
    int reading, writing;                   /* waiting now */
    int64_t last_commit;                    /* when (ms), 0 = never */
};
void exec_state(struct exec *x, struct exec_state *ret);

#endif
