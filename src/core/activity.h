/* Activities: what is held or done on a date: visit 走访, round 排查, cleanup 整治, session 调解会, talk 宣讲, meeting 会商. */
#ifndef CORE_ACTIVITY_H
#define CORE_ACTIVITY_H

#include "core/command.h"

struct activity_filter {
    int64_t lo, hi;               /* ordinals */
    int64_t from, to;             /* ms; 0 = open */
    enum activity_type type;      /* ACT_NONE: all */
    int64_t before_at, before_id; /* keyset: older than this one; 0 = from the start */
    int64_t limit;
};

/* [{…}] newest first; `ret_last_at/id` are the keyset of the last one, 0 when there is no more. */
bool activity_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct activity_filter *f, int64_t *ret_last_at, int64_t *ret_last_id,
                         struct error *e);
bool activity_write(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t id, struct error *e);

bool apply_activity_record(struct work *w, struct error *e);
bool apply_activity_plan(struct work *w, struct error *e);
bool apply_activity_hold(struct work *w, struct error *e);
bool apply_activity_cancel(struct work *w, struct error *e);
bool apply_activity_correct(struct work *w, struct error *e);
/* Somebody was told to come, by telephone or in person: kept with it. */
bool apply_activity_tell(struct work *w, struct error *e);
bool apply_activity_written(struct work *w, struct error *e);

#endif
