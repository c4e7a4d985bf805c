/* A command: one thing to be done, the same struct from the API, an offline phone's queue, a channel, an import and the tests. Every way in goes
 * through command_run and so obeys the same rules. */
#ifndef CORE_COMMAND_H
#define CORE_COMMAND_H

#include "core/actor.h"
#include "core/case.h"
#include "core/journal.h"

struct verb;

struct command {
    struct id id; /* UUIDv7 made by the client: also the id of the journal entry */
    struct str verb;
    enum subject_kind subject_kind;
    struct id subject;    /* zero for verbs that make one */
    const json_t *fields; /* an object */
    int64_t rev;          /* expected; -1: none given */
    struct id after;      /* instead of rev: the command whose result is expected; zero: none */
    bool late_entry;      /* an import's or offline phone's: times in the past are its right */
};

/* A person of a case. */
struct case_link {
    int64_t person, side;
    enum person_role role;
};

/* A row of a register: what code sorts, counts or finds by (core/register.h). */
struct register_row {
    int64_t id, unit, scope, scope_end, rev; /* scope_end: where the unit's interval ends */
    struct id uuid;
    enum subject_kind subject;
    int state;
    struct str key, sealed, code;
    int64_t person, case_id, account, parent; /* 0: none */
    int64_t amount, day, due;                 /* 0: none */
    int64_t created_by, created_at;
};

enum { WORK_RECUSED = 8 };

/* What a verb works with while it runs. */
struct work {
    struct core *core;
    struct db *db;
    struct arena *arena;
    const struct actor *actor;
    const struct command *command;
    const struct verb *verb;
    const json_t *fields;
    int64_t now, at; /* recorded, happened */
    const struct pack *pack;
    const struct category *category; /* of a case */

    /* The subject. For cases `c` is the row and `words` its unsealed texts, both written back after apply. */
    int64_t subject, rev, scope;
    struct id uuid;
    unsigned char head[HASH_BYTES];
    struct str wrapped; /* key */
    struct case_row c;
    struct register_row row; /* of a register's, with `words` likewise */
    json_t *words;
    struct field *extra; /* what the pack adds to a register's form; ended like a table */

    int64_t behalf;         /* the account for whom it is recorded; 0: nobody's */
    json_t *spoken;         /* `fields` with the marks of recordings named (core/spoken.h); null: none came */
    json_t *record;         /* what the journal keeps: the fields, and what followed from them */
    bool open;              /* a public step */
    int64_t post;           /* of the actor, -1 none */
    char track[TRACK_TEXT]; /* of a new case: shown once */
    bool born;              /* a new case: its row is written last, whole, and then what hangs on it */
    struct case_link *links;
    size_t link_count;
    struct str external;           /* its number elsewhere */
    int64_t recused[WORK_RECUSED]; /* accounts that a new case is about */
    size_t recused_count;
    int64_t state_to;       /* the verb's, unless apply says otherwise */
    unsigned starts, stops; /* clocks, likewise */
};

struct answer {
    bool again; /* the command had been done before */
    enum subject_kind subject_kind;
    int64_t subject;
    struct id uuid;
    int64_t rev;
    char track[TRACK_TEXT];
    struct journal_entry entry; /* seq, id, n, happened_at … without slices */
};

/* Runs a command in the transaction of the caller. On false nothing of it stays once the caller rolls back. */
bool command_run(struct core *core, struct db *db, struct arena *arena, const struct actor *actor,
                 const struct command *command, struct answer *ret, struct error *e);
/* For the executor: has this command's entry been written? */
bool command_landed(struct db *db, struct id id, bool *ret, struct error *e);

/* Within a verb: a command that follows from it, by the system or the same actor, in the same transaction; a zero `subject` for a verb that makes one.
 * `fields` are given away. `ret` may be null. */
bool command_follow(struct work *w, const struct actor *actor, enum subject_kind kind, const char *verb,
                    struct id subject, json_t *fields, struct answer *ret, struct error *e);

/* Shared by the verbs of all subjects. */
struct str work_text(const struct work *w, const char *field); /* trimmed */
bool work_has(const struct work *w, const char *field);
/* The account whose doing it is: the actor's, or theirs for whom it is recorded. */
int64_t work_doer(const struct work *w);

/* Hangs the persons on a new case, once its row is there. */
bool work_link_persons(struct work *w, struct error *e);
/* {name?, phone?, id_no?, person?}: the person of a picker, or of this identity in the unit, made when there is none. */
bool work_person(struct work *w, int64_t unit, int64_t scope, const json_t *named, int64_t *ret, struct error *e);
/* Persons and files named in a command's fields become rows and links of the case. */
bool work_add_persons(struct work *w, struct error *e);
bool work_add_files(struct work *w, enum subject_kind kind, int64_t subject, bool open, struct error *e);

#endif
