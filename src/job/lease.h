/* Leases: which node does a job now. Checked and prolonged in the job's own transaction. */
#ifndef JOB_LEASE_H
#define JOB_LEASE_H

#include "core/core.h"

/* Takes or prolongs the lease for `ms`; *ret_held says whether this node has it. */
bool lease_hold(struct core *core, struct db *db, const char *name, int64_t ms, bool *ret_held, struct error *e);

/* Gives back what this node holds: another need not wait until it has run out. */
bool lease_release(struct core *core, struct db *db, struct error *e);

#endif
