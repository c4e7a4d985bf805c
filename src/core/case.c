#include "core/case.h"

#include <pthread.h>
#include <stdio.h>

#include "base/time.h"
#include "core/unit.h"
#include "core/vault.h"

/* The columns, once: how each is read from a row and written from the struct.
 *   N number · O number, 0 is NULL · T text · P text, empty is NULL · B blob · Q blob, empty is NULL */
/* clang-format off */
#define COLUMNS(N, O, T, P, B, Q)                                                                            \
    N(shard) T(number) N(kind) T(category) N(unit) N(scope) N(pack) N(state) N(level) N(rev) Q(key)          \
    B(sealed) N(class) N(flags) T(channel) O(finder) N(finder_post) O(handler) O(office) O(office_mode)      \
    O(office_signed) O(place) O(lat) O(lon) O(quantity) P(quantity_unit) O(external_due) Q(track)            \
    N(reported_at) N(recorded_at) O(accepted_at) O(replied_at) O(settled_at) O(closed_at) N(settled_level)   \
    O(settled_by) P(outcome) O(resolved) O(satisfied) O(due) O(due_clock) N(reply_late) N(reopened)          \
    N(bounced) O(urged_at) O(merged_into) O(paused_until)
/* clang-format on */

#define NAME(c) #c,
static const char *const names[] = {COLUMNS(NAME, NAME, NAME, NAME, NAME, NAME)};
enum { COLUMN_COUNT = sizeof names / sizeof names[0] };

static char select_sql[2048], insert_sql[2048], update_sql[2048];
static pthread_once_t sql_made = PTHREAD_ONCE_INIT;

/* The statements follow from the list; id, uuid and head are ?1 … ?3. */
static void make_sql(void)
{
    struct buf s = BUF_INIT(sizeof select_sql), i = BUF_INIT(sizeof insert_sql), u = BUF_INIT(sizeof update_sql);
    buf_addz(&s, "select id, uuid, head");
    buf_addz(&i, "insert into cases(id, uuid, head");
    buf_addz(&u, "update cases set head = ?3");
    for (int n = 0; n < COLUMN_COUNT; n++) {
        buf_addf(&s, ", %s", names[n]);
        buf_addf(&i, ", %s", names[n]);
        buf_addf(&u, ", %s = ?%d", names[n], n + 4);
    }
    buf_addz(&s, " from cases where ");
    buf_addz(&i, ") values(?1, ?2, ?3");
    for (int n = 0; n < COLUMN_COUNT; n++)
        buf_addf(&i, ", ?%d", n + 4);
    buf_addz(&i, ") on conflict(number) do nothing returning id");
    buf_addz(&u, " where id = ?1 and uuid = ?2");
    memcpy(select_sql, s.p, s.n);
    memcpy(insert_sql, i.p, i.n);
    memcpy(update_sql, u.p, u.n);
    buf_free(&s);
    buf_free(&i);
    buf_free(&u);
}

static bool read_row(struct db_rows *r, struct arena *a, struct case_row *ret)
{
    int n = 3;
    if (!db_next(r))
        return false;
    *ret = (struct case_row){.id = db_int(r, 0), .uuid = db_id(r, 1)};
    struct str head = db_blob(r, 2);
    if (head.n == HASH_BYTES)
        memcpy(ret->head, head.p, HASH_BYTES);
#define READ_N(c) ret->c = (__typeof__(ret->c))db_int(r, n++);
#define READ_T(c) ret->c = arena_str(a, db_text(r, n++));
#define READ_B(c) ret->c = arena_str(a, db_blob(r, n++));
    COLUMNS(READ_N, READ_N, READ_T, READ_T, READ_B, READ_B)
    return true;
}

static bool load(struct db *db, struct arena *a, const char *where, struct db_arg arg, struct case_row *ret,
                 struct error *e)
{
    struct db_rows r;
    (void)pthread_once(&sql_made, make_sql);
    if (!db_rows(db, &r, e, arena_printf(a, "%s%s", select_sql, where), &arg, 1))
        return false;
    bool found = read_row(&r, a, ret);
    return db_end(&r, e) && (found || error_set(e, ERROR_NOT_FOUND, NULL));
}

bool case_load(struct db *db, struct arena *a, struct id uuid, bool lock, struct case_row *ret, struct error *e)
{
    return load(db, a, lock ? "uuid = ?1 {lock}" : "uuid = ?1", ID(uuid), ret, e);
}

bool case_load_many(struct db *db, struct arena *a, const int64_t *ids, size_t n, struct case_row *ret,
                    struct error *e)
{
    struct db_arg args[DB_MANY];
    struct case_row row;
    struct db_rows r;

    (void)pthread_once(&sql_made, make_sql);
    db_many(ids, n, args);
    memset(ret, 0, n * sizeof *ret);
    if (!db_rows(db, &r, e, arena_printf(a, "%sid in (" DB_MANY_LIST ")", select_sql), args, DB_MANY))
        return false;
    while (read_row(&r, a, &row))
        for (size_t i = 0; i < n; i++)
            if (ids[i] == row.id)
                ret[i] = row;
    return db_end(&r, e);
}

bool case_load_id(struct db *db, struct arena *a, int64_t id, struct case_row *ret, struct error *e)
{
    return load(db, a, "id = ?1", INT(id), ret, e);
}

static void write_args(const struct case_row *c, struct db_arg args[COLUMN_COUNT + 3])
{
    int n = 3;
    args[0] = INT(c->id);
    args[1] = ID(c->uuid);
    args[2] = BYTES(c->head, HASH_BYTES);
#define WRITE_N(col) args[n++] = INT((int64_t)c->col);
#define WRITE_O(col) args[n++] = OPT_INT((int64_t)c->col);
#define WRITE_T(col) args[n++] = TEXT(c->col);
#define WRITE_P(col) args[n++] = OPT_TEXT(c->col);
#define WRITE_B(col) args[n++] = BLOB(c->col);
#define WRITE_Q(col) args[n++] = OPT_BLOB(c->col);
    COLUMNS(WRITE_N, WRITE_O, WRITE_T, WRITE_P, WRITE_B, WRITE_Q)
}

static bool insert(struct db *db, const struct case_row *c, int64_t *ret, struct error *e)
{
    struct db_arg args[COLUMN_COUNT + 3];
    write_args(c, args);
    return db_one_int(db, ret, 0, e, insert_sql, args, COLUMN_COUNT + 3);
}

bool case_insert(struct db *db, struct case_row *c, struct error *e)
{
    int64_t id;
    (void)pthread_once(&sql_made, make_sql);
    if (!insert(db, c, &id, e))
        return false;
    if (id != 0)
        return true;
    c->number = c->long_number; /* another committee of the same short name has it */
    if (!insert(db, c, &id, e))
        return false;
    return id != 0 || error_cause(e, ERROR_INTERNAL, "a case's number is there twice");
}

bool case_update(struct db *db, const struct case_row *c, struct error *e)
{
    struct db_arg args[COLUMN_COUNT + 3];
    (void)pthread_once(&sql_made, make_sql);
    write_args(c, args);
    return db_exec(db, e, update_sql, args, COLUMN_COUNT + 3);
}

static bool desk_row(struct db *db, const struct case_row *c, enum holder_kind kind, int64_t holder,
                     struct error *e)
{
    return db_exec(db, e,
                   "insert into desk(holder_kind, holder, due, case_id, case_kind, state, class, flags, reply_due) values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
                   "on conflict do nothing",
                   ARGS(INT(kind), INT(holder), INT(c->due == 0 ? DUE_NEVER : c->due), INT(c->id),
                        INT(c->kind), INT(c->state), INT(c->class), INT(c->flags), OPT_INT(c->reply_due)));
}

bool case_desk_born(struct db *db, const struct case_row *c, struct error *e)
{
    if ((IN_LIVE >> c->state & 1) == 0)
        return true;
    return desk_row(db, c, HOLDER_UNIT, c->scope, e) &&
           (c->handler == 0 || desk_row(db, c, HOLDER_ACCOUNT, c->handler, e));
}

/* Each office that has still to report finds it in its own list. */
static bool joint_rows(struct db *db, const struct case_row *c, struct error *e)
{
    int64_t offices[16];
    size_t n = 0;
    struct db_rows r;

    if (!db_rows(db, &r, e,
                 "select distinct office from referral where case_id = ?1 and joint = 1 and answered_at is null "
                 "and returned_at is null limit 16",
                 ARGS(INT(c->id))))
        return false;
    while (n < 16 && db_next(&r))
        offices[n++] = db_int(&r, 0);
    bool ok = db_end(&r, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = desk_row(db, c, HOLDER_OFFICE, offices[i], e);
    return ok;
}

/* Ended cases leave the desk; settled ones stay until they are closed. */
bool case_desk(struct db *db, const struct case_row *c, struct error *e)
{
    int64_t workers[32];
    size_t n = 0;
    struct db_rows r;

    if (!db_exec(db, e, "delete from desk where case_id = ?1", ARGS(INT(c->id))))
        return false;
    if ((IN_LIVE >> c->state & 1) == 0)
        return true;
    if (!desk_row(db, c, HOLDER_UNIT, c->scope, e) ||
        (c->office != 0 && !desk_row(db, c, HOLDER_OFFICE, c->office, e)))
        return false;
    if ((c->flags & FLAG_JOINT) != 0 && !joint_rows(db, c, e))
        return false;
    if (!db_rows(db, &r, e, "select account from case_worker where case_id = ?1 and role <= 2 limit 32",
                 ARGS(INT(c->id))))
        return false;
    while (n < 32 && db_next(&r))
        workers[n++] = db_int(&r, 0);
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!desk_row(db, c, HOLDER_ACCOUNT, workers[i], e))
            return false;
    return true;
}

void case_track(const struct core *core, struct id command, char out[TRACK_TEXT])
{
    unsigned char bits[HASH_BYTES];
    blind_index(core->keys, "track code", str_range((const char *)command.b, sizeof command.b), bits);
    track_format(bits, out);
}

bool case_by_track(const struct core *core, struct db *db, const char *code, int64_t *ret, struct error *e)
{
    unsigned char hash[HASH_BYTES];
    blind_index(core->keys, "track", str_of(code), hash);
    if (!db_one_int(db, ret, 0, e, "select id from cases where track = ?1", ARGS(BYTES(hash, HASH_BYTES))))
        return false;
    return *ret != 0 || error_set(e, ERROR_NOT_FOUND, NULL);
}

/* 12345 and the like write their numbers with blanks and in either case. */
static void external_hash(const struct core *core, struct str number, unsigned char out[HASH_BYTES])
{
    struct buf b = BUF_INIT(BUF_LINE);
    for (size_t i = 0; i < number.n; i++)
        if (number.p[i] != ' ' && number.p[i] != '-')
            buf_addc(&b,
                     (char)(number.p[i] >= 'a' && number.p[i] <= 'z' ? number.p[i] - 'a' + 'A' : number.p[i]));
    blind_index(core->keys, "external", buf_str(&b), out);
    buf_free(&b);
}

bool case_by_external(const struct core *core, struct db *db, struct str number, int64_t *ret, struct error *e)
{
    unsigned char hash[HASH_BYTES];
    external_hash(core, number, hash);
    return db_one_int(db, ret, 0, e, "select case_id from case_external where ix = ?1 limit 1",
                      ARGS(BYTES(hash, HASH_BYTES)));
}

bool case_external_set(const struct core *core, struct db *db, int64_t id, struct str number, struct error *e)
{
    unsigned char hash[HASH_BYTES];
    external_hash(core, number, hash);
    return db_exec(db, e, "insert into case_external(case_id, ix) values(?1, ?2)",
                   ARGS(INT(id), BYTES(hash, HASH_BYTES)));
}

bool case_by_number(struct db *db, struct str number, int64_t *ret, struct error *e)
{
    return db_one_int(db, ret, 0, e, "select id from cases where number = ?1", ARGS(TEXT(number)));
}

bool case_number(struct db *db, struct arena *a, const struct unit *committee, enum kind k, int year,
                 struct case_row *c, struct error *e)
{
    int64_t n;
    const char *name = arena_printf(a, "case %c %d", kind_letter(k), year);
    struct str place = unit_short(a, committee), code = committee->code;

    if (!db_one_int(db, &n, 0, e,
                    "insert into counter(unit, name, last) values(?1, ?2, 1) on conflict(unit, name) do update set last = counter.last + 1 returning last",
                    ARGS(INT(committee->id), TEXTZ(name))))
        return false;
    c->number =
        str_of(arena_printf(a, "%.*s%c%d-%04lld", (int)place.n, place.p, kind_letter(k), year, (long long)n));
    c->long_number = str_of(arena_printf(a, "%.*s%.*s%c%d-%04lld", (int)place.n, place.p, code.n >= 12 ? 6 : 0,
                                         code.p + (code.n >= 12 ? 6 : 0), kind_letter(k), year, (long long)n));
    return true;
}

bool case_next_id(struct db *db, int64_t *ret, struct error *e)
{
    return db_one_int(db, ret, 0, e,
                      "select {sqlite:coalesce(max(id), 0) + 1 from cases}"
                      "{pg:nextval(pg_get_serial_sequence('cases', 'id'))}",
                      NO_ARGS);
}

json_t *case_words(const struct core *core, struct arena *a, const struct case_row *c, struct error *e)
{
    struct key key;
    if (!vault_key(core, c->key, &key, e))
        return NULL;
    return vault_open(a, &key, "case", c->sealed, e);
}

struct str case_title(const struct core *core, struct arena *a, const struct case_row *c)
{
    struct key key;
    struct str words;
    return vault_key(core, c->key, &key, NULL) && vault_open_text(a, &key, "case", c->sealed, &words, NULL)
               ? json_pick(a, words, "title")
               : STR("");
}

struct str case_seal_words(const struct core *core, struct arena *a, const struct case_row *c,
                           const json_t *words, struct error *e)
{
    struct key key;
    if (!vault_key(core, c->key, &key, e))
        return (struct str){NULL, 0};
    return vault_seal(a, &key, "case", words);
}

bool case_worker_set(struct db *db, int64_t case_id, int64_t account, enum worker_role role, int64_t at,
                     struct error *e)
{
    return db_exec(db, e,
                   "insert into case_worker(case_id, account, role, since) values(?1, ?2, ?3, ?4) "
                   "on conflict(case_id, account) do update set role = excluded.role, since = excluded.since",
                   ARGS(INT(case_id), INT(account), INT(role), INT(at)));
}

bool case_worker_role(struct db *db, int64_t case_id, int64_t account, int64_t *ret, struct error *e)
{
    return db_one_int(db, ret, 0, e, "select role from case_worker where case_id = ?1 and account = ?2",
                      ARGS(INT(case_id), INT(account)));
}
