/* The sheet of return calls (R4): settled cases that nobody has judged yet, for somebody else than the one who handled each. */
#ifndef CORE_CASE_CALLS_H
#define CORE_CASE_CALLS_H

#include "core/case_read.h"

/* {"items":[{"id","number","title","result","settled_at","due","person":{…}|null}]}, at most 200, those first whose time to judge ends first. */
bool case_write_calls(struct core *core, struct db *db, struct arena *a, struct jw *w,
                      const struct actor *actor, int64_t lo, int64_t hi, struct error *e);

#endif
