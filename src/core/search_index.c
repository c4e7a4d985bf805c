#include "core/search_index.h"

#include <stdlib.h>

/* 40 bits make eight letters of base32: short terms keep FTS5 quick. */
enum { TERM_BITS = 40, TERM_BYTES = 5, TERM_TEXT = 8 };

void term_key(const struct core *core, struct short_key *ret)
{
    short_key_of(core->keys, "search", ret);
}

uint64_t term_of(const struct short_key *key, enum term_kind kind, const void *p, size_t n)
{
    unsigned char bytes[1 + 256];

    if (n >= sizeof bytes)
        n = sizeof bytes - 1;
    bytes[0] = (unsigned char)kind;
    memcpy(bytes + 1, p, n);
    return short_hash(key, bytes, n + 1) & (((uint64_t)1 << TERM_BITS) - 1);
}

void terms_open(struct terms *t, const struct core *core, struct arena *a)
{
    *t = (struct terms){.arena = a, .room = 64};
    t->v = ARENA_ARRAY(a, uint64_t, t->room);
    term_key(core, &t->key);
}

void terms_add(struct terms *t, enum term_kind kind, const void *p, size_t n)
{
    if (t->n == t->room) {
        t->v = memcpy(ARENA_ARRAY(t->arena, uint64_t, 2 * t->room), t->v, t->n * sizeof *t->v);
        t->room *= 2;
    }
    t->v[t->n++] = term_of(&t->key, kind, p, n);
}

void terms_add_id(struct terms *t, enum term_kind kind, int64_t id)
{
    terms_add(t, kind, &id, sizeof id);
}

static int by_value(const void *a, const void *b)
{
    uint64_t l = *(const uint64_t *)a, r = *(const uint64_t *)b;
    return (l > r) - (l < r);
}

static void sort_terms(struct terms *t)
{
    size_t kept = 0;
    if (t->n > 1)
        qsort(t->v, t->n, sizeof *t->v, by_value);
    for (size_t i = 0; i < t->n; i++)
        if (kept == 0 || t->v[i] != t->v[kept - 1])
            t->v[kept++] = t->v[i];
    t->n = kept;
}

/* ---- SQLite -------------------------------------------------------------------------------------------- */

static void add_term(struct buf *b, uint64_t term)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    for (int shift = TERM_BITS - 5; shift >= 0; shift -= 5)
        buf_addc(b, letters[term >> shift & 31]);
}

static struct str pack(struct arena *a, const struct terms *t)
{
    unsigned char *p = arena_alloc(a, t->n * TERM_BYTES + 1);
    for (size_t i = 0; i < t->n; i++)
        for (int k = 0; k < TERM_BYTES; k++)
            p[i * TERM_BYTES + (size_t)k] = (unsigned char)(t->v[i] >> (8 * k));
    return str_range((const char *)p, t->n * TERM_BYTES);
}

static void add_packed(struct buf *b, struct str packed)
{
    for (size_t i = 0; i + TERM_BYTES <= packed.n; i += TERM_BYTES) {
        uint64_t term = 0;
        for (int k = TERM_BYTES - 1; k >= 0; k--)
            term = term << 8 | (unsigned char)packed.p[i + (size_t)k];
        add_term(b, term);
        buf_addc(b, ' ');
    }
}

/* FTS5 of this version (3.40) can't delete from a contentless table by rowid alone (contentless_delete came with 3.43): its 'delete' wants the
 * very terms that were inserted. They are kept in search_doc, which also tells when nothing has changed. */
static bool put_sqlite(struct db *db, struct arena *a, int64_t doc, const struct terms *t, struct error *e)
{
    struct buf text = BUF_INIT(BUF_SEALED);
    struct str now = pack(a, t), was = {NULL, 0};
    struct db_rows r;

    if (!db_rows(db, &r, e, "select terms from derived.search_doc where doc = ?1", ARGS(INT(doc))))
        return false;
    if (db_next(&r))
        was = arena_str(a, db_blob(&r, 0));
    bool ok = db_end(&r, e);
    if (ok && was.n > 0 && !str_eq(was, now)) {
        add_packed(&text, was);
        ok = db_exec(db, e,
                     "insert into derived.search_index(search_index, rowid, terms) values('delete', ?1, ?2)",
                     ARGS(INT(doc), TEXT(buf_str(&text)))) &&
             db_exec(db, e, "delete from derived.search_doc where doc = ?1", ARGS(INT(doc)));
    }
    if (ok && now.n > 0 && !str_eq(was, now)) {
        buf_clear(&text);
        add_packed(&text, now);
        ok = db_exec(db, e, "insert into derived.search_doc(doc, terms) values(?1, ?2)",
                     ARGS(INT(doc), BLOB(now))) &&
             db_exec(db, e, "insert into derived.search_index(rowid, terms) values(?1, ?2)",
                     ARGS(INT(doc), TEXT(buf_str(&text))));
    }
    buf_free(&text);
    return ok;
}

/* FTS5 walks the lists of all terms backwards in step, so that the newest are found first and the walk ends with the last one wanted: a common
 * word ends soon, a rare one has a short list. */
static bool find_sqlite(struct db *db, const struct terms *t, enum search_type type, int64_t before,
                        int64_t *ret, size_t room, size_t *ret_n, struct error *e)
{
    struct buf match = BUF_INIT(BUF_LINE);
    struct db_rows r;

    for (size_t i = 0; i < t->n; i++) {
        buf_addz(&match, i > 0 ? " AND " : "");
        add_term(&match, t->v[i]);
    }
    bool ok = db_rows(db, &r, e,
                      "select rowid from derived.search_index where search_index match ?1 and rowid >= ?2 and rowid < ?3 "
                      "order by rowid desc limit ?4",
                      ARGS(TEXT(buf_str(&match)), INT(doc_of(type, 0)), INT(before), INT((int64_t)room)));
    if (ok) {
        while (*ret_n < room && db_next(&r))
            ret[(*ret_n)++] = db_int(&r, 0);
        ok = db_end(&r, e);
    }
    buf_free(&match);
    return ok;
}

/* ---- PostgreSQL ---------------------------------------------------------------------------------------- */

/* GIN gives all hits of a search before the first can be taken, and sorting a tenth of a million takes a quarter of a second. So every document
 * also has a term for each of these windows of neighbouring numbers: the newest window is asked first, a larger one only when that had too
 * few. What one step finds then is bounded by what the step before did not. */
static const int windows[] = {13, 16, 19};
enum { WINDOWS = sizeof windows / sizeof windows[0] };

static void add_window(struct terms *t, int shift, int64_t doc)
{
    int64_t window[2] = {shift, doc >> shift};
    terms_add(t, 'b', window, sizeof window);
}

static void add_type(struct terms *t, enum search_type type)
{
    int64_t v = type;
    terms_add(t, 't', &v, sizeof v);
}

static struct str list_of(struct buf *b, const struct terms *t)
{
    buf_addc(b, '{');
    for (size_t i = 0; i < t->n; i++) {
        if (i > 0)
            buf_addc(b, ',');
        buf_add_int(b, (int64_t)t->v[i]);
    }
    buf_addc(b, '}');
    return buf_str(b);
}

/* One statement for all that are there and one for those that go: a rebuild is made of little else. */
static bool put_pg(struct db *db, const struct index_doc *docs, size_t n, struct error *e)
{
    struct buf numbers = BUF_INIT(BUF_REPLY), lists = BUF_INIT(BUF_REPLY), gone = BUF_INIT(BUF_REPLY);

    for (size_t i = 0; i < n; i++) {
        struct terms *t = docs[i].terms;
        struct buf *to = t->n > 0 ? &numbers : &gone;
        buf_addc(to, to->n > 0 ? ',' : '{');
        buf_add_int(to, docs[i].doc);
        if (t->n == 0)
            continue;
        add_type(t, doc_type(docs[i].doc));
        for (size_t k = 0; k < WINDOWS; k++)
            add_window(t, windows[k], docs[i].doc);
        sort_terms(t);
        buf_addz(&lists, lists.n > 0 ? ",\"" : "{\"");
        (void)list_of(&lists, t);
        buf_addc(&lists, '"');
    }
    buf_addc(&numbers, '}');
    buf_addc(&lists, '}');
    buf_addc(&gone, '}');
    bool ok =
        (!lists.full || error_cause(e, ERROR_INTERNAL, "too many terms at once")) &&
        (gone.n < 2 || db_exec(db, e, "delete from derived.search_doc where doc = any(?1::text::bigint[])",
                               ARGS(TEXT(buf_str(&gone))))) &&
        (lists.n < 2 ||
         db_exec(db, e,
                 "insert into derived.search_doc(doc, terms) select doc, terms::bigint[] from "
                 "unnest(?1::text::bigint[], ?2::text::text[]) as fresh(doc, terms) on conflict(doc) do update set "
                 "terms = excluded.terms where search_doc.terms is distinct from excluded.terms",
                 ARGS(TEXT(buf_str(&numbers)), TEXT(buf_str(&lists)))));
    buf_free(&numbers);
    buf_free(&lists);
    buf_free(&gone);
    return ok;
}

/* `doc + 0` keeps the planner from walking the primary key in the hope of meeting hits. */
#define FIND_HEAD "select doc from derived.search_doc where terms @> ?1::text::bigint[] and doc + 0 < ?2 "
#define FIND_TAIL "order by doc + 0 desc limit ?3"

static bool find_window(struct db *db, struct str wanted, struct str near, int64_t before, int64_t *ret,
                        size_t room, size_t *ret_n, struct error *e)
{
    struct db_rows r;

    *ret_n = 0;
    if (!(near.n > 0
              ? db_rows(db, &r, e, FIND_HEAD "and terms && ?4::text::bigint[] " FIND_TAIL,
                        ARGS(TEXT(wanted), INT(before), INT((int64_t)room), TEXT(near)))
              : db_rows(db, &r, e, FIND_HEAD FIND_TAIL, ARGS(TEXT(wanted), INT(before), INT((int64_t)room)))))
        return false;
    while (*ret_n < room && db_next(&r))
        ret[(*ret_n)++] = db_int(&r, 0);
    return db_end(&r, e);
}

static bool find_pg(struct db *db, struct arena *a, const struct terms *t, enum search_type type,
                    int64_t before, bool narrow, int64_t *ret, size_t room, size_t *ret_n, struct error *e)
{
    struct buf wanted = BUF_INIT(BUF_LINE), near = BUF_INIT(BUF_LINE);
    struct terms all = *t;
    int64_t top = 0;
    bool ok, whole = false;

    add_type(&all, type);
    ok = db_one_int(db, &top, 0, e,
                    "select doc from derived.search_doc where doc < ?1 and doc >= ?2 order by doc desc limit 1",
                    ARGS(INT(before), INT(doc_of(type, 0))));
    if (top == 0)
        return ok;
    (void)list_of(&wanted, &all);
    for (size_t i = 0; ok && i < WINDOWS && !narrow && *ret_n < room && !whole; i++) {
        struct terms window = {.arena = a, .key = t->key, .v = ARENA_ARRAY(a, uint64_t, 2), .room = 2};
        add_window(&window, windows[i], top);
        add_window(&window, windows[i], top - ((int64_t)1 << windows[i]));
        buf_clear(&near);
        ok = find_window(db, buf_str(&wanted), list_of(&near, &window), before, ret, room, ret_n, e);
        whole = ((top >> windows[i]) - 1) << windows[i] <= doc_of(type, 0);
    }
    if (ok && *ret_n < room && !whole)
        ok = find_window(db, buf_str(&wanted), STR(""), before, ret, room, ret_n, e);
    buf_free(&wanted);
    buf_free(&near);
    return ok;
}

/* ---- Both ---------------------------------------------------------------------------------------------- */

bool index_put(struct db *db, struct arena *a, const struct index_doc *docs, size_t n, struct error *e)
{
    if (db_engine(db) == DB_POSTGRES)
        return put_pg(db, docs, n, e);
    for (size_t i = 0; i < n; i++) {
        sort_terms(docs[i].terms);
        if (!put_sqlite(db, a, docs[i].doc, docs[i].terms, e))
            return false;
    }
    return true;
}

bool index_find(struct db *db, struct arena *a, const struct terms *t, enum search_type type, int64_t before,
                bool narrow, int64_t *ret, size_t room, size_t *ret_n, struct error *e)
{
    int64_t end = doc_of((enum search_type)(type + 1), 0);

    *ret_n = 0;
    before = before < end ? before : end;
    return db_engine(db) == DB_SQLITE ? find_sqlite(db, t, type, before, ret, room, ret_n, e)
                                      : find_pg(db, a, t, type, before, narrow, ret, room, ret_n, e);
}

bool index_clear(struct db *db, struct error *e)
{
    if (db_engine(db) == DB_SQLITE)
        return db_exec(db, e, "insert into derived.search_index(search_index) values('delete-all')", NO_ARGS) &&
               db_exec(db, e, "delete from derived.search_doc", NO_ARGS);
    /* GIN is made five times quicker in one go than row by row. */
    return db_exec(db, e, "{pg:drop index if exists derived.search_terms}", NO_ARGS) &&
           db_exec(db, e, "delete from derived.search_doc", NO_ARGS);
}

/* The list of entries that wait to be merged is read by every search: it is kept short. */
bool index_ready(struct db *db, struct error *e)
{
    return db_engine(db) == DB_SQLITE ||
           (db_exec(db, e,
                    "{pg:create index if not exists search_terms on derived.search_doc using gin(terms) "
                    "with (gin_pending_list_limit = 256)}",
                    NO_ARGS) &&
            db_exec(db, e, "{pg:analyze derived.search_doc}", NO_ARGS));
}
