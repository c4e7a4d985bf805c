/* What takes long and must not hold up the other jobs: the nightly backup, and cleaning up after an erasure. A thread and connections of its own. */
#ifndef JOB_UPKEEP_H
#define JOB_UPKEEP_H

#include "db/exec.h"
#include "core/core.h"

struct upkeep;

bool upkeep_start(struct upkeep **ret, struct core *core, struct exec *exec, const struct db_where *where,
                  struct error *e);
/* Waits for a backup that is being written. */
void upkeep_stop(struct upkeep *u);

#endif
