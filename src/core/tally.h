/* The tally: what each case and talk contributes to the figures now, and sums of it for committees, towns
 * and counties. Derived from the rows by reading the journal; the rules, for people, are docs/counting.md.
 * Everything here runs in the caller's transaction. */
#ifndef CORE_TALLY_H
#define CORE_TALLY_H

#include "core/core.h"
#include "core/kind.h"

/* The columns that are summed, in the order of MEASURE_COLUMNS. */
enum measure {
    M_COUNTED,
    M_SPOT, /* the five levels follow each other as in enum level */
    M_GROUP,
    M_COMMITTEE,
    M_TOWN,
    M_COUNTY,
    M_ASKED, /* counted cases, and others that were judged all the same */
    M_REPLY_DUE,
    M_REPLY_IN_TIME,
    M_JUDGED,
    M_RESOLVED,
    M_SATISFIED,
    MEASURE_COUNT
};
#define MEASURE_COLUMNS                                                                                      \
    "counted, spot, in_group, committee, town, county, asked, reply_due, reply_in_time, judged, resolved, satisfied"

/* The month that a day lies in, as year * 12 + month - 1; and a month's first day. */
int32_t tally_month(int32_t day);
int32_t tally_month_start(int32_t month);

/* Creates what is missing of the derived tables (schema/derived.sql). */
bool derived_ready(struct db *db, struct error *e) __attribute__((warn_unused_result));

/* Reads at most `most` journal entries behind the cursor "tally" and puts the sums right; `ret_done` is
 * how many there were, 0: up to date. Doing it twice changes nothing. When the entry under the cursor is
 * not the one that was read then (a restore, a crash between the two files), everything is made again. On
 * PostgreSQL a second caller waits for the first. */
bool tally_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
    __attribute__((warn_unused_result));
/* Throws everything away and makes it from the rows: after an import of units, too, because sums hang on
 * the tree. */
bool tally_rebuild(struct core *core, struct db *db, struct error *e) __attribute__((warn_unused_result));
/* The journal position up to which the sums hold; 0: none yet. */
bool tally_position(struct db *db, int64_t *ret, struct error *e) __attribute__((warn_unused_result));

#endif
