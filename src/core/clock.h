/* Clocks: promises with a due time. Terms come from the pack; working time from base/workday.h.
 * A case has at most one running clock of each name; a stopped one stays as a row, for the figures and the explanation. */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "base/lang.h"
#include "base/workday.h"
#include "db/db.h"

enum clock_name {
    CLOCK_NONE,
    CLOCK_REPLY,
    CLOCK_PROGRESS,
    CLOCK_SETTLE,
    CLOCK_SIGN,
    CLOCK_JUDGE,
    CLOCK_MEDIATE, /* the term that the parties of a mediation agreed on */
    CLOCK_PERFORM, /* the next instalment of an agreement */
    CLOCK_VISIT,   /* the return visit */
    CLOCK_CONFIRM, /* joint application to a court */
    CLOCK_COUNT
};
#define TICKS(name) (1u << CLOCK_##name)

struct core;
struct case_row;
struct pack;

const char *clock_code(enum clock_name c);

/* One clock of a case, as it stands. */
struct clock_row {
    int64_t id, case_id;
    enum clock_name name;
    struct term term;
    int64_t started_at, due_at, stopped_at, paused_at, left_milli;
    int64_t warned;
    bool uncertain;
    struct str rule;
};

/* What would start at `at`, without writing it; the row's due time is set from it. */
bool clock_plan(struct core *core, struct db *db, struct case_row *c, unsigned set, int64_t at,
                struct clock_row plan[CLOCK_COUNT], size_t *ret_n, struct error *e);
bool clock_insert(struct db *db, const struct case_row *c, const struct clock_row *plan, size_t n,
                  struct error *e);
/* Starts the named clocks (a set of TICKS) at `at`, replacing running ones of the same name; a clock for which the pack has no term is left out. */
bool clock_start(struct core *core, struct db *db, struct case_row *c, unsigned set, int64_t at, struct error *e);
/* Starts one with a due time of its own, such as what the parties agreed on, in place of a running one of the same name. */
bool clock_set(struct db *db, struct case_row *c, enum clock_name name, int64_t at, int64_t due,
               struct term term, struct error *e);
/* Stops the running clocks among `set`. */
bool clock_stop(struct db *db, struct case_row *c, unsigned set, int64_t at, struct error *e);
/* Pause and resume stop and continue the running promises: what was left is kept. Terms of mediation and of agreements go on: they are the parties'. */
bool clock_pause(struct core *core, struct db *db, struct case_row *c, int64_t at, struct error *e);
bool clock_resume(struct core *core, struct db *db, struct case_row *c, int64_t at, struct error *e);
/* Lengthens the running settle clock by whole days of its unit. */
bool clock_extend(struct core *core, struct db *db, struct case_row *c, int64_t days, struct error *e);
/* Writes the nearest due time of the running clocks into the row (c->due, c->due_clock; 0 when none runs). */
bool clock_nearest(struct db *db, struct case_row *c, struct error *e);

/* Of several cases, at most DB_MANY: case by case, the newest first. */
bool clock_rows_many(struct db *db, struct arena *a, const int64_t *cases, size_t n, struct clock_row **ret,
                     size_t *ret_n, struct error *e);
size_t clock_rows(struct db *db, struct arena *a, int64_t case_id, struct clock_row **ret, struct error *e);

enum clock_state {
    CLOCK_STATE_NONE,
    CLOCK_RUNNING,
    CLOCK_PAUSED,
    CLOCK_OVERDUE,
    CLOCK_DONE,
    CLOCK_DONE_LATE
};
enum clock_state clock_state_of(const struct clock_row *r, int64_t now);
/* "none" "running" "paused" "overdue" "done" "late" */
const char *clock_state_code(enum clock_state s);

/* {"name","label","started_at","due_at","stopped_at","state","why":{"rule","basis","skipped":[…],"uncertain"}} */
void clock_explain(const struct core *core, const struct pack *pack, struct jw *w, const struct clock_row *r,
                   int64_t now, enum lang lang, struct arena *a);

#endif
