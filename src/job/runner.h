/* What happens by itself: one thread that follows the journal (tally, notices, event stream) and ticks (clocks, closing, seals, sessions).
 * Every job is safe to run twice; those that must not run on two nodes at once hold a lease. */
#ifndef JOB_RUNNER_H
#define JOB_RUNNER_H

#include "db/exec.h"
#include "core/core.h"
#include "core/journal.h"

struct runner;

struct runner_hooks {
    /* Every new entry of a case, in order, on each node: for the event stream. */
    void (*entry)(void *context, const struct journal_entry *entry, struct id case_uuid, unsigned class);
    /* About every 15 seconds. */
    void (*ping)(void *context);
    void *context;
};

bool runner_start(struct runner **ret, struct core *core, struct exec *exec, const struct runner_hooks *hooks,
                  struct error *e);
void runner_stop(struct runner *r);

#endif
