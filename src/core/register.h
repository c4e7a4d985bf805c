/* Registers: what is kept beside cases and has a life of its own: ready answers, care lists, errands, offers … One row of a table describes each;
 * its verbs stand in the verb table like all others, and reading, listing, forms and the API follow from the two. What is particular to one is an
 * apply function that calls register_make or register_change and does the rest.
 * A row has a few columns that code sorts, counts or finds by; everything else a form asks is words, sealed under the row's own key. */
#ifndef CORE_REGISTER_H
#define CORE_REGISTER_H

#include "core/command.h"

enum register_column {
    REGISTER_WORDS, /* not a column */
    REGISTER_CODE,
    REGISTER_PERSON,
    REGISTER_CASE,
    REGISTER_ACCOUNT,
    REGISTER_PARENT,
    REGISTER_AMOUNT, /* a whole number; of money in fen */
    REGISTER_DAY,
    REGISTER_DUE, /* a date is due when the day ends */
};

/* What the amounts of the rows that hang on one are. */
enum register_sum { REGISTER_MONEY, REGISTER_MINUTES, REGISTER_NUMBER };

enum { REGISTER_STATES = 12 };

struct register_def {
    enum subject_kind subject;
    const char *states[REGISTER_STATES]; /* codes by number, from 1 */
    unsigned open;                       /* 1 << state: those that still ask for something */
    /* 1 << state: rows that hold for all units below theirs, and are read there. */
    unsigned down;
    bool by_file;       /* rows come with a file, not by a form */
    const char *at_due; /* the verb that the system does when an open row's day has come; null: none */
    post_mask readers;  /* who read the rows of their unit; who made a row or looks after it reads it too */
    /* Narrower for some rows (children, illness); null: as `readers` says. */
    post_mask (*narrow)(const struct pack *p, const struct register_row *row);
    /* What only the database can say of who reads a row, beyond that. Null: nothing. */
    bool (*sees_more)(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                      const struct register_row *row, bool *ret, struct error *e);
    /* Rows that are told of nowhere but in their own register: neither on the page of a person nor in what the person takes along. Null: none. */
    bool (*apart)(const struct pack *p, const struct register_row *row);
    /* Rows of which each reading is written down (core/access.h). Null: none. */
    bool (*logged)(const struct pack *p, const struct register_row *row);
    /* What the pack adds to the form of a verb on a row (its questions, its materials); a table in the arena. Null: nothing. */
    void (*asks)(const struct pack *p, struct arena *a, const struct register_row *row, const char *verb,
                 struct field **ret);
    /* The rows of this register hang on a row; the amounts of those in the state `spent` of that one are summed: money of a fund comes off its own,
     * minutes and numbers are told as they are. 0: none. */
    enum subject_kind spends;
    int spent;
    enum register_sum sums;
    unsigned shown; /* 1 << state: those that the portal shows to everybody, until the row's day is over */
    bool household; /* a row's page names the rows of the same person and household beside it */
    const char *told[6]; /* words that code writes and that stand among the facts; ended by null */
    const char *title;   /* the field that says it in a line */
    /* Which field lies in which column; ended by a null field. A code's labels come from the field's own options. */
    struct {
        const char *field;
        enum register_column column;
    } columns[10];
};

/* Where a field lies. */
enum register_column register_column_of(const struct register_def *def, const char *field);
/* Null: no register. */
const struct register_def *register_of(const struct core *core, enum subject_kind kind);
/* By the name in paths ("answers"). */
const struct register_def *register_named(const struct core *core, struct str name);
/* The verb that makes a row. */
const struct verb *register_maker(const struct core *core, const struct register_def *def);

/* What commands need: load and lock (w->row, w->words), may, save. */
bool register_load(struct work *w, const struct register_def *def, struct error *e);
bool register_may(struct work *w, struct error *e);
bool register_save(struct work *w, struct error *e);

/* Apply functions: a new row from the form (unit in reach of the verb's posts); the form's fields over what is there. */
bool register_make(struct work *w, struct error *e);
bool register_change(struct work *w, struct error *e);

/* May the actor read the row? */
bool register_sees(const struct pack *p, const struct register_def *def, const struct actor *a,
                   const struct register_row *row);
/* Is the verb open to the actor on the row now? */
bool register_open_now(const struct pack *p, const struct verb *v, const struct register_row *row,
                       const struct actor *a);

struct register_filter {
    int64_t lo, hi; /* ordinals */
    int64_t unit;   /* with it come its own rows and those above it that hold there (`down`); 0: none */
    int state;      /* 0: all open ones, in the order in which they are due; else that state, newest first */
    bool all;       /* open or not, newest first */
    struct str code;
    int64_t person, case_id, account, parent;
    int64_t due_before;          /* 0: any */
    int64_t after_due, after_id; /* behind these */
    int64_t limit;
};

/* The rows that the actor may read: at most `limit` are looked at, so fewer may come. *ret_due, *ret_id: where to go on, id 0 at the end. */
bool register_rows(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                   const struct register_def *def, const struct register_filter *f, struct register_row **ret,
                   size_t *ret_n, int64_t *ret_due, int64_t *ret_id, struct error *e);
/* One row by its uuid. NOT_FOUND also when the actor may not know of it. */
bool register_one(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                  const struct register_def *def, struct id uuid, struct register_row *ret, struct error *e);
/* The words of a row; the caller's. Null with KEY_DESTROYED once it was erased. */
json_t *register_words(const struct core *core, struct arena *a, const struct register_row *row, struct error *e);

/* How many rows of each class are open, due by the end of today and overdue, the sum of their amounts and what was spent of it (fen), of those classes
 * that the actor's posts read: {"items":[…]}. */
bool register_write_counts(struct core *core, struct db *db, struct arena *a, struct jw *w,
                           const struct actor *actor, const struct register_def *def, int64_t lo, int64_t hi,
                           struct error *e);
/* What the portal shows of a register in a unit and all it lies in: {"items":[{id,title,text,from,until,unit}]}, the newest first. */
bool register_write_shown(struct core *core, struct db *db, struct arena *a, struct jw *w,
                          const struct register_def *def, int64_t lo, int64_t hi, struct error *e);
/* {"items":[…],"next"}. Of rows whose readings are written down a list says who and when; what is known of them stands on their own page. */
bool register_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct actor *actor, const struct register_def *def,
                         const struct register_filter *f, struct error *e);
/* The rows whose words a page showed and of which each reading is written down. */
struct register_seen {
    int64_t ids[21];
    size_t n;
};
/* A row with its facts, the verbs open now with their forms, its papers and its steps, and the rows beside it. `seen` may be null. */
bool register_write_page(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct actor *actor, const struct register_def *def,
                         const struct register_row *row, struct register_seen *seen, struct error *e);
/* What all registers say of a person, as far as the actor reads it: an array. */
bool register_write_person(struct core *core, struct db *db, struct arena *a, struct jw *w,
                           const struct actor *actor, int64_t person, struct error *e);
/* The registers that the actor reads: name, states, what a new row asks. */
bool register_write_all(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct actor *actor, struct error *e);

#endif
