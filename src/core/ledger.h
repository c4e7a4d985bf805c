/* Ledgers: tables of matters from elsewhere, brought in row by row through the verb `enter`. A mapping says which column means what; a check runs
 * every row's command and rolls it back; the run itself is done in short transactions that carry their own progress, so that it goes on after a
 * crash where it was; and the whole can be undone while nobody has worked on what came in. */
#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include "core/actor.h"
#include "core/case.h"

enum ledger_state {
    LEDGER_DRAFT = 1, /* here, not mapped yet */
    LEDGER_CHECKING,
    LEDGER_CHECKED,
    LEDGER_RUNNING,
    LEDGER_DONE,
    LEDGER_UNDOING,
    LEDGER_UNDONE,
    LEDGER_STOPPED, /* `problem` says why */
};

struct ledger {
    int64_t id, account, file;
    struct id uuid;
    struct str name, mapping, problem;
    unsigned char source[HASH_BYTES];
    int64_t sheet;
    bool strict;
    enum ledger_state state;
    int64_t next_row, rows, good, same, bad, created_at, changed_at;
};

/* ---- Mappings ------------------------------------------------------------------------------------------ */

/* {"name", "header": row of the column names, "fields": {FIELD: {"column" or "columns" and "join", "values": {theirs: ours}, "otherwise", "is",
 * "cut", "order": "ymd"|"mdy"|"dmy"}}} (docs/ledgers.md). Fields are those of `enter`, and external.number, external.due, person.name, person.phone,
 * person.id_no, person.role, quantity.n, quantity.unit. */
struct ledger_map;

/* A wrong one names the place: fields.unit.values and the like. */
bool ledger_map_read(struct ledger_map **ret, struct core *core, struct str text, struct error *e);
void ledger_map_close(struct ledger_map *m);
/* The row on which the names of the columns stand, from 1. */
int64_t ledger_map_header_row(const struct ledger_map *m);
/* Finds the columns. MISSING with the column's name in the detail. */
bool ledger_map_bind(struct ledger_map *m, const struct str *names, size_t n, bool since_1904, struct error *e);
/* The command's fields of a row; null with the error on our field. Reads units by name within `actor`'s reach. */
json_t *ledger_map_row(struct ledger_map *m, struct db *db, struct arena *a, const struct actor *actor,
                       const struct str *cells, size_t n, struct error *e);
/* The name of the first column that a field (or the field an error is about) comes from; empty when none does. */
struct str ledger_map_column(const struct ledger_map *m, const char *field);
/* A mapping to begin with, from the names of the columns and the row on which they stand. */
void ledger_map_guess(struct jw *w, const struct str *names, size_t n, int64_t header);
/* How many of these are names that columns of such tables have: a title line has none. */
size_t ledger_map_known(const struct str *names, size_t n);
/* A row as the case it will become, as far as the mapping tells: {title,text,unit,kind,…}, or {problem} on one of our fields. */
bool ledger_map_preview(struct ledger_map *m, struct core *core, struct db *db, struct arena *a,
                        const struct actor *actor, const struct str *cells, size_t n, int64_t line,
                        enum lang lang, struct jw *w, struct error *e);
/* [{name,label,type,required}] of the fields that a mapping may fill. */
void ledger_map_targets(struct core *core, struct jw *w, enum lang lang);

/* A date or moment as ledgers write it: 2024-07-18 16:31, 2024/7/18, 2024年7月18日, 20240718, 7/18/2024 (order "mdy"), or the number that Excel
 * keeps. Civil time of China. */
bool ledger_moment(struct str s, const char *order, bool since_1904, int64_t *ret);

/* ---- Their rows ---------------------------------------------------------------------------------------- */

bool ledger_create(struct db *db, struct arena *a, const struct actor *actor, struct str name,
                   const unsigned char source[HASH_BYTES], int64_t file, int64_t sheet, int64_t rows,
                   struct ledger *ret, struct error *e);
/* The actor's own; null: anybody's, for who has the machine. NOT_FOUND. */
bool ledger_load(struct db *db, struct arena *a, const struct actor *actor, struct id uuid,
                 struct ledger *ret, struct error *e);
bool ledger_load_id(struct db *db, struct arena *a, int64_t id, struct ledger *ret, struct error *e);
/* The newest with this source that wasn't undone; *ret_found false: none. */
bool ledger_find(struct db *db, struct arena *a, const unsigned char source[HASH_BYTES], struct ledger *ret,
                 bool *ret_found, struct error *e);
/* Another one with the same source that was brought in; *ret_found false: none. */
bool ledger_earlier(struct db *db, struct arena *a, const struct ledger *l, struct ledger *ret,
                    bool *ret_found, struct error *e);
/* The next one with work to do, above `after`; *ret 0: none. */
bool ledger_waiting(struct db *db, int64_t after, int64_t *ret, struct error *e);

bool ledger_set_mapping(struct core *core, struct db *db, struct ledger *l, struct str mapping, struct error *e);
/* DRAFT or CHECKED → CHECKING, the same → RUNNING (all or nothing: only CHECKED without a bad row), DONE or STOPPED → UNDOING … NOT_OPEN;
 * CONFLICT when the same file is in already and nothing tells its rows from those. */
bool ledger_go(struct db *db, struct ledger *l, enum ledger_state to, struct error *e);
bool ledger_set_strict(struct db *db, struct ledger *l, bool strict, struct error *e);
/* Another sheet of the workbook than was looked into first. */
bool ledger_set_sheet(struct db *db, struct ledger *l, int64_t sheet, struct error *e);
/* DRAFT or CHECKED: away with it and its file. NOT_OPEN. */
bool ledger_drop(struct core *core, struct db *db, struct ledger *l, struct error *e);
bool ledger_stop(struct db *db, int64_t id, enum error_code why, struct error *e);

const char *ledger_state_code(enum ledger_state s);
void ledger_write(struct jw *w, const struct ledger *l);
/* {"items":[…]}: newest first. */
bool ledger_write_list(struct db *db, struct arena *a, struct jw *w, const struct actor *actor, struct error *e);
/* The cases it brought in, above row `after`, at most `limit`; *ret_last is the last one's row. */
bool ledger_cases(struct db *db, struct arena *a, const struct ledger *l, int64_t after, int64_t limit,
                  int64_t **ret, size_t *ret_n, int64_t *ret_last, struct error *e);
/* The sentence for a code; field and detail may be empty. */
const char *ledger_sentence(struct arena *a, enum lang lang, struct str code, struct str detail,
                            struct str field);
/* What is wrong, row by row: [{row,line,column,field,code,title,case}], above `after`, at most 200. `case`: one that stayed when the ledger was undone. */
bool ledger_write_problems(struct db *db, struct arena *a, struct jw *w, const struct ledger *l,
                           int64_t after, enum lang lang, struct error *e);

/* ---- Doing it ------------------------------------------------------------------------------------------ */

struct ledger_item {
    int64_t row, line;
    json_t *fields; /* null: `error` came before the command */
    struct str column;
    struct error error;
    int64_t case_id;
    enum { ITEM_NEW, ITEM_GOOD, ITEM_SAME, ITEM_BAD } became;
};

/* Some rows on their way. Several tries may be needed: a row that fails takes its transaction with it. */
struct ledger_batch {
    struct core *core;
    const struct actor *actor;
    const struct ledger *l;
    struct ledger_map *map;
    struct ledger_item *items;
    size_t n;
    size_t to;       /* this try does the rows before this one */
    bool checked;    /* a check has run through: its error means nothing */
    bool row_failed; /* the last of them was refused: the same once more, without it */
};

/* The commands of the rows, then what became of them and the progress. In a transaction of the caller's, who rolls back on false; if `row_failed` is
 * set then, the refused row is marked, `to` stands behind it, and the same is to be tried again. While the ledger is CHECKING it always ends false, `checked` when well. */
bool ledger_run(struct db *db, void *batch, struct error *e);
/* After a check: the progress alone. */
bool ledger_note(struct db *db, void *batch, struct error *e);
/* The file is needed no more. */
bool ledger_forget(struct core *core, struct db *db, struct ledger *l, struct error *e);
/* All rows are through. */
bool ledger_finish(struct db *db, struct ledger *l, int64_t rows, struct error *e);
/* The next cases of an undoing, in a transaction of the caller's; *ret_done when there are no more. */
bool ledger_undo_some(struct core *core, struct db *db, const struct actor *actor, struct ledger *l,
                      bool *ret_done, struct error *e);

#endif
