/* A case: one dispute, request, environment spot, difficulty or hazard, from the first word to the archive. Only verbs change it. */
#ifndef CORE_CASE_H
#define CORE_CASE_H

#include "base/id.h"
#include "base/json.h"
#include "core/core.h"
#include "core/kind.h"

enum case_flag {
    FLAG_DANGER = 1 << 0,
    FLAG_ANONYMOUS = 1 << 1,
    FLAG_PAUSED = 1 << 2,
    FLAG_EXTENSION_ASKED = 1 << 3,
    FLAG_URGED = 1 << 4,     /* since the last progress */
    FLAG_OUTSIDE = 1 << 5,   /* an order from outside, with its own number and deadline (R9) */
    FLAG_REFERRED = 1 << 6,  /* lies with an office */
    FLAG_SENT_BACK = 1 << 7, /* the office sent it back and nobody has taken it up since */
    FLAG_REVISITED = 1 << 8,
    FLAG_HELD = 1 << 9,        /* at the last revisit it was still well */
    FLAG_LATE_ENTRY = 1 << 10, /* the time it happened was clamped */
    FLAG_SUSPECT_MAJOR = 1 << 11,
    FLAG_ENTERED = 1 << 12, /* taken over from a ledger, with what had been done before */
    FLAG_ASKED = 1 << 13,   /* paused because the resident was asked something: their answer goes on */
    FLAG_JOINT = 1 << 14,   /* other offices have still to report */
    FLAG_AGREED = 1 << 15, /* settled by an agreement that is to be kept: closed by a person, when its file is whole */
    FLAG_DUTY = 1 << 16,            /* something comes before everything else (core/duty.h) */
    FLAG_EXTENDED = 1 << 18,        /* an extension was granted before */
    FLAG_EXTENSION_ABOVE = 1 << 19, /* the level above decides on the one that is asked for */
    FLAG_ANSWERED = 1 << 17, /* merged: what it was merged into has been settled, and its resident may judge */
};

enum worker_role { WORKER_HANDLER = 1, WORKER_CO, WORKER_RECUSED, WORKER_FORMER };
enum holder_kind { HOLDER_UNIT = 1, HOLDER_OFFICE, HOLDER_ACCOUNT };

/* No running clock: sorts last. */
#define DUE_NEVER INT64_C(9000000000000000)

/* The row, as columns. Slices live in the arena it was loaded into. */
struct case_row {
    int64_t id;
    struct id uuid;
    int64_t shard;
    struct str number, long_number; /* the long one: of a new case, if the other is taken */
    enum kind kind;
    struct str category;
    int64_t unit, scope, pack;
    enum case_state state;
    enum level level;
    int64_t rev;
    unsigned char head[HASH_BYTES];
    struct str key, sealed;
    unsigned class, flags;
    struct str channel;
    int64_t finder, finder_post, handler, office, office_mode, office_signed, place;
    int64_t lat, lon, quantity;
    struct str quantity_unit;
    int64_t external_due;
    struct str track;
    int64_t reported_at, recorded_at, accepted_at, replied_at, settled_at, closed_at;
    int64_t settled_level, settled_by;
    struct str outcome;
    int64_t resolved, satisfied;
    int64_t due, due_clock;
    int64_t reply_due; /* of the desk, not of the row: the first promise of a reply while it is unanswered and not paused */
    int64_t reply_late, reopened, bounced, urged_at, merged_into;
    int64_t paused_until;
};

/* By uuid; `lock` holds the row till the end of the transaction. NOT_FOUND. */
bool case_load(struct db *db, struct arena *a, struct id uuid, bool lock, struct case_row *ret, struct error *e);
/* Of several, at most DB_MANY, in the order of the ids; id 0 where there is none. */
bool case_load_many(struct db *db, struct arena *a, const int64_t *ids, size_t n, struct case_row *ret,
                    struct error *e);
bool case_load_id(struct db *db, struct arena *a, int64_t id, struct case_row *ret, struct error *e);
/* The case of a tracking code (normalised). NOT_FOUND. */
bool case_by_track(const struct core *core, struct db *db, const char *code, int64_t *ret, struct error *e);
/* The tracking code of the case that a command made: it follows from the command's id and a key of ours, so that who sends the report again after a
 * lost answer gets the same code. */
void case_track(const struct core *core, struct id command, char out[TRACK_TEXT]);
/* A case by the number it has elsewhere; 0: none. */
bool case_by_external(const struct core *core, struct db *db, struct str number, int64_t *ret, struct error *e);
bool case_external_set(const struct core *core, struct db *db, int64_t id, struct str number, struct error *e);
/* 0: there is none. */
bool case_by_number(struct db *db, struct str number, int64_t *ret, struct error *e);

/* An id for a new row: the journal entry that comes before it names it already. On PostgreSQL gaps are left by what fails. */
bool case_next_id(struct db *db, int64_t *ret, struct error *e);
/* Writes a new row, or all columns that verbs may change, and puts the desk right; a new row may get its long number. */
bool case_insert(struct db *db, struct case_row *c, struct error *e);
bool case_desk_born(struct db *db, const struct case_row *c, struct error *e);
bool case_update(struct db *db, const struct case_row *c, struct error *e);
bool case_desk(struct db *db, const struct case_row *c, struct error *e);

/* Next number of a committee, such as 吴寨D2024-0037, into the row. */
struct unit;
bool case_number(struct db *db, struct arena *a, const struct unit *committee, enum kind k, int year,
                 struct case_row *c, struct error *e);

/* The sealed words of the case: {"title","text","place","result", …}. Owned by the caller. */
json_t *case_words(const struct core *core, struct arena *a, const struct case_row *c, struct error *e);
/* The title alone; empty when the seal does not open. */
struct str case_title(const struct core *core, struct arena *a, const struct case_row *c);
struct str case_seal_words(const struct core *core, struct arena *a, const struct case_row *c,
                           const json_t *words, struct error *e);

bool case_worker_set(struct db *db, int64_t case_id, int64_t account, enum worker_role role, int64_t at,
                     struct error *e);
/* 0: does not work on it. */
bool case_worker_role(struct db *db, int64_t case_id, int64_t account, int64_t *ret, struct error *e);

#endif
