#include "core/suggest_store.h"

#include <stdlib.h>

enum { READ_AT_ONCE = 2000, WRITTEN_AT_ONCE = 1000, PAIR_BYTES = 7, TERM_SHIFT = 5 };

/* A term's change in a class. With DOCUMENT as the term: how many documents. */
struct lesson_delta {
    int64_t scope;
    uint64_t term;
    int64_t class, weight, docs; /* docs: in the class itself, 0 in that above it */
};
static const uint64_t DOCUMENT = UINT64_MAX;

/* What changes in a class of the scope that is written; place 0 is for all together. */
struct change {
    int64_t docs, weight, square;
};

/* ---- Small codes --------------------------------------------------------------------------------------- */

static void add_number(struct buf *b, int64_t v)
{
    uint64_t rest = (uint64_t)v;
    while (rest >= 0x80) {
        buf_addc(b, (char)(rest | 0x80));
        rest >>= 7;
    }
    buf_addc(b, (char)rest);
}

static bool take_number(struct str *s, int64_t *ret)
{
    uint64_t v = 0;
    for (int shift = 0; s->n > 0 && shift < 63; shift += 7) {
        unsigned char byte = (unsigned char)*s->p;
        s->p++;
        s->n--;
        v |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *ret = (int64_t)v;
            return true;
        }
    }
    return false;
}

bool counts_next(struct str *counts, int64_t *ret_class, int64_t *ret_weight)
{
    return take_number(counts, ret_class) && take_number(counts, ret_weight);
}

/* Five bytes of term, two of weight: no part of a vector is longer than the whole (FEATURE_UNIT). */
struct str lesson_pack(struct arena *a, const struct feature *v, size_t n)
{
    unsigned char *p = arena_alloc(a, n * PAIR_BYTES + 1);
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < TERM_SHIFT; k++)
            p[i * PAIR_BYTES + (size_t)k] = (unsigned char)(v[i].term >> (8 * k));
        p[i * PAIR_BYTES + 5] = (unsigned char)v[i].weight;
        p[i * PAIR_BYTES + 6] = (unsigned char)(v[i].weight >> 8);
    }
    return str_range((const char *)p, n * PAIR_BYTES);
}

size_t lesson_unpack(struct arena *a, struct str packed, struct feature **ret)
{
    size_t n = packed.n / PAIR_BYTES;
    struct feature *v = ARENA_ARRAY(a, struct feature, n + 1);
    for (size_t i = 0; i < n; i++) {
        const unsigned char *p = (const unsigned char *)packed.p + i * PAIR_BYTES;
        for (int k = TERM_SHIFT - 1; k >= 0; k--)
            v[i].term = v[i].term << 8 | p[k];
        v[i].weight = p[5] | p[6] << 8;
    }
    *ret = v;
    return n;
}

/* ---- Classes ------------------------------------------------------------------------------------------- */

static void keep_class(struct lessons *l, int64_t id, struct str name, int64_t above)
{
    if (l->class_count == l->class_room) {
        struct class_row *more = ARENA_ARRAY(l->arena, struct class_row, 2 * l->class_room);
        l->classes = memcpy(more, l->classes, l->class_count * sizeof *more);
        l->class_room *= 2;
    }
    l->classes[l->class_count++] = (struct class_row){id, above, arena_str(l->arena, name)};
}

bool lessons_open(struct lessons *l, struct db *db, struct arena *a, struct error *e)
{
    struct db_rows r;

    *l = (struct lessons){.db = db, .arena = a, .room = 4096, .class_room = 512};
    l->deltas = ARENA_ARRAY(a, struct lesson_delta, l->room);
    l->classes = ARENA_ARRAY(a, struct class_row, l->class_room);
    if (!db_rows(db, &r, e, "select id, name, above from derived.suggest_class order by id", NO_ARGS))
        return false;
    while (db_next(&r))
        keep_class(l, db_int(&r, 0), db_text(&r, 1), db_int(&r, 2));
    return db_end(&r, e);
}

bool lessons_class(struct lessons *l, struct str name, struct str above, int64_t *ret, struct error *e)
{
    int64_t up = 0;

    for (size_t i = 0; i < l->class_count; i++)
        if (str_eq(l->classes[i].name, name)) {
            *ret = l->classes[i].id;
            return true;
        }
    if (above.n > 0 && !lessons_class(l, above, STR(""), &up, e))
        return false;
    *ret = l->class_count > 0 ? l->classes[l->class_count - 1].id + 1 : 1;
    keep_class(l, *ret, name, up);
    return db_exec(l->db, e, "insert into derived.suggest_class(id, name, above) values(?1, ?2, ?3)",
                   ARGS(INT(*ret), TEXT(name), OPT_INT(up)));
}

static int64_t class_above(const struct lessons *l, int64_t class)
{
    /* Ids are given one after the other, from 1. */
    return class > 0 && (size_t) class <= l->class_count ? l->classes[class - 1].above : 0;
}

/* ---- Adding -------------------------------------------------------------------------------------------- */

static void add_delta(struct lessons *l, struct lesson_delta d)
{
    if (l->n == l->room) {
        struct lesson_delta *more = ARENA_ARRAY(l->arena, struct lesson_delta, 2 * l->room);
        l->deltas = memcpy(more, l->deltas, l->n * sizeof *more);
        l->room *= 2;
    }
    l->deltas[l->n++] = d;
}

static void add_to(struct lessons *l, int64_t scope, int64_t class, const struct lesson *lesson, int times,
                   bool leaf)
{
    for (size_t i = 0; i < lesson->n; i++)
        add_delta(l, (struct lesson_delta){.scope = scope,
                                           .term = lesson->v[i].term,
                                           .class = class,
                                           .weight = times * lesson->v[i].weight,
                                           .docs = leaf ? times : 0});
    add_delta(l, (struct lesson_delta){
                     .scope = scope, .term = DOCUMENT, .class = class, .weight = times, .docs = leaf ? times : 0});
}

void lessons_add(struct lessons *l, int64_t scope, const struct lesson *lesson, int times)
{
    int64_t above = class_above(l, lesson->class);

    add_to(l, scope, lesson->class, lesson, times, true);
    if (above != 0)
        add_to(l, scope, above, lesson, times, false);
}

/* ---- Reading ------------------------------------------------------------------------------------------- */

static void add_list(struct buf *b, const uint64_t *terms, size_t n, bool sqlite)
{
    buf_addc(b, sqlite ? '[' : '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_addc(b, ',');
        buf_add_int(b, (int64_t)terms[i]);
    }
    buf_addc(b, sqlite ? ']' : '}');
}

static size_t place_of(const uint64_t *terms, size_t n, uint64_t wanted)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (terms[mid] < wanted)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool term_rows(struct db *db, struct arena *a, int64_t scope, const uint64_t *terms, size_t n,
               struct term_row **ret, struct error *e)
{
    struct term_row *rows = ARENA_ARRAY(a, struct term_row, n + 1);
    struct buf list = BUF_INIT(BUF_SEALED);
    const char *sql = db_engine(db) == DB_SQLITE
                          ? "select term, docs, counts from derived.suggest_term where scope = ?1 and term in "
                            "(select value from json_each(?2))"
                          : "select term, docs, counts from derived.suggest_term where scope = ?1 and term = "
                            "any(?2::text::bigint[])";
    bool ok = true;

    for (size_t from = 0; ok && from < n; from += READ_AT_ONCE) {
        size_t step = n - from < READ_AT_ONCE ? n - from : READ_AT_ONCE;
        struct db_rows r;
        buf_clear(&list);
        add_list(&list, terms + from, step, db_engine(db) == DB_SQLITE);
        ok = db_rows(db, &r, e, sql, ARGS(INT(scope), TEXT(buf_str(&list))));
        while (ok && db_next(&r)) {
            size_t at = place_of(terms, n, (uint64_t)db_int(&r, 0));
            if (at < n)
                rows[at] =
                    (struct term_row){(uint64_t)db_int(&r, 0), db_int(&r, 1), arena_str(a, db_blob(&r, 2))};
        }
        ok = ok && db_end(&r, e);
    }
    buf_free(&list);
    *ret = rows;
    return ok;
}

bool sum_rows(struct db *db, struct arena *a, int64_t scope, struct sum_row **ret, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    size_t room = 64, n = 0;
    struct sum_row *rows = ARENA_ARRAY(a, struct sum_row, room);

    if (!db_rows(db, &r, e,
                 "select s.class, c.above, s.docs, s.weight, s.square, c.name from derived.suggest_sum s "
                 "left join derived.suggest_class c on c.id = s.class where s.scope = ?1 order by s.class",
                 ARGS(INT(scope))))
        return false;
    while (db_next(&r)) {
        if (n == room) {
            rows = memcpy(ARENA_ARRAY(a, struct sum_row, 2 * room), rows, n * sizeof *rows);
            room *= 2;
        }
        rows[n++] = (struct sum_row){db_int(&r, 0), db_int(&r, 1), db_int(&r, 2),
                                     db_int(&r, 3), db_int(&r, 4), arena_str(a, db_text(&r, 5))};
    }
    *ret = rows;
    *ret_n = n;
    return db_end(&r, e);
}

/* ---- Writing ------------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const struct lesson_delta *l = a, *r = b;
    if (l->scope != r->scope)
        return (l->scope > r->scope) - (l->scope < r->scope);
    if (l->term != r->term)
        return (l->term > r->term) - (l->term < r->term);
    return (l->class > r->class) - (l->class < r->class);
}

/* Rows that are ready, and those that go. */
struct outgoing {
    struct lessons *l;
    int64_t scope;
    struct change *changes; /* by class */
    struct buf terms, docs, counts, gone;
    size_t n, gone_count;
};

static bool flush_out(struct outgoing *o, struct error *e)
{
    bool ok = true;

    buf_addc(&o->terms, '}');
    buf_addc(&o->docs, '}');
    buf_addc(&o->counts, '}');
    buf_addc(&o->gone, '}');
    if (o->n > 0)
        ok = db_exec(
            o->l->db, e,
            "insert into derived.suggest_term(scope, term, docs, counts) select ?1, term, docs, decode(counts, 'hex') "
            "from unnest(?2::text::bigint[], ?3::text::bigint[], ?4::text::text[]) as fresh(term, docs, counts) "
            "on conflict(scope, term) do update set docs = excluded.docs, counts = excluded.counts",
            ARGS(INT(o->scope), TEXT(buf_str(&o->terms)), TEXT(buf_str(&o->docs)), TEXT(buf_str(&o->counts))));
    if (ok && o->gone_count > 0)
        ok = db_exec(o->l->db, e,
                     "delete from derived.suggest_term where scope = ?1 and term = any(?2::text::bigint[])",
                     ARGS(INT(o->scope), TEXT(buf_str(&o->gone))));
    buf_clear(&o->terms);
    buf_clear(&o->docs);
    buf_clear(&o->counts);
    buf_clear(&o->gone);
    o->n = o->gone_count = 0;
    return ok;
}

static void separate(struct buf *b)
{
    buf_addc(b, b->n > 0 ? ',' : '{');
}

/* On PostgreSQL a statement is a journey: many rows go in one. */
static bool put_row(struct outgoing *o, uint64_t term, int64_t docs, struct str counts, struct error *e)
{
    if (db_engine(o->l->db) == DB_SQLITE)
        return counts.n > 0
                   ? db_exec(o->l->db, e,
                             "insert into derived.suggest_term(scope, term, docs, counts) values(?1, ?2, ?3, ?4) "
                             "on conflict(scope, term) do update set docs = excluded.docs, counts = excluded.counts",
                             ARGS(INT(o->scope), INT((int64_t)term), INT(docs), BLOB(counts)))
                   : db_exec(o->l->db, e, "delete from derived.suggest_term where scope = ?1 and term = ?2",
                             ARGS(INT(o->scope), INT((int64_t)term)));
    if (counts.n > 0) {
        separate(&o->terms);
        buf_add_int(&o->terms, (int64_t)term);
        separate(&o->docs);
        buf_add_int(&o->docs, docs);
        separate(&o->counts);
        buf_add_hex(&o->counts, counts.p, counts.n);
        o->n++;
    } else {
        separate(&o->gone);
        buf_add_int(&o->gone, (int64_t)term);
        o->gone_count++;
    }
    return o->n + o->gone_count < WRITTEN_AT_ONCE || flush_out(o, e);
}

static void emit(struct outgoing *o, struct buf *counts, int64_t class, int64_t was, int64_t now)
{
    struct change *change = &o->changes[class];
    change->square += now * now - was * was;
    change->weight += now - was;
    if (now > 0) {
        add_number(counts, class);
        add_number(counts, now);
    }
}

/* One term of one scope: what stood there and what comes, class by class. */
static bool merge_term(struct outgoing *o, const struct lesson_delta *d, size_t n, const struct term_row *row,
                       struct buf *counts, struct error *e)
{
    struct str old = row->counts;
    int64_t class = 0, weight = 0, docs = row->docs;
    bool more = counts_next(&old, &class, &weight);

    buf_clear(counts);
    for (size_t i = 0; i < n;) {
        int64_t now = d[i].class, change = 0, was = 0;
        for (; more && class < now; more = counts_next(&old, &class, &weight)) {
            add_number(counts, class);
            add_number(counts, weight);
        }
        for (; i < n && d[i].class == now; i++) {
            change += d[i].weight;
            docs += d[i].docs;
            o->changes[0].weight += d[i].docs != 0 ? d[i].weight : 0;
        }
        if (more && class == now) {
            was = weight;
            more = counts_next(&old, &class, &weight);
        }
        emit(o, counts, now, was, was + change);
    }
    for (; more; more = counts_next(&old, &class, &weight)) {
        add_number(counts, class);
        add_number(counts, weight);
    }
    o->changes[0].square += (counts->n > 0) - (row->docs > 0);
    return put_row(o, d->term, docs, buf_str(counts), e);
}

static bool write_sum(struct lessons *l, int64_t scope, int64_t class, const struct change *c, struct error *e)
{
    if (c->docs == 0 && c->weight == 0 && c->square == 0)
        return true;
    return db_exec(l->db, e,
                   "insert into derived.suggest_sum(scope, class, docs, weight, square) values(?1, ?2, ?3, ?4, ?5) "
                   "on conflict(scope, class) do update set docs = suggest_sum.docs + excluded.docs, "
                   "weight = suggest_sum.weight + excluded.weight, square = suggest_sum.square + excluded.square",
                   ARGS(INT(scope), INT(class), INT(c->docs), INT(c->weight), INT(c->square)));
}

static bool write_sums(struct outgoing *o, const struct lesson_delta *d, size_t n, struct error *e)
{
    bool ok = true;

    for (size_t i = 0; i < n; i++) {
        o->changes[d[i].class].docs += d[i].weight;
        o->changes[0].docs += d[i].docs;
    }
    for (size_t class = 0; ok && class <= o->l->class_count; class ++)
        ok = write_sum(o->l, o->scope, (int64_t) class, &o->changes[class], e);
    return ok && db_exec(o->l->db, e, "delete from derived.suggest_sum where scope = ?1 and docs = 0",
                         ARGS(INT(o->scope)));
}

/* The terms of one scope, READ_AT_ONCE at a time. */
static bool write_terms(struct outgoing *o, const struct lesson_delta *d, size_t n, uint64_t *terms,
                        struct error *e)
{
    struct buf counts = BUF_INIT(BUF_SEALED);
    struct arena *a = arena_open();
    bool ok = true;

    for (size_t from = 0; ok && from < n;) {
        struct term_row *rows;
        size_t count = 0;
        for (size_t i = from; i < n; i++) {
            if (count > 0 && terms[count - 1] == d[i].term)
                continue;
            if (count == READ_AT_ONCE)
                break;
            terms[count++] = d[i].term;
        }
        ok = term_rows(o->l->db, a, o->scope, terms, count, &rows, e);
        for (size_t t = 0; ok && t < count; t++) {
            size_t begin = from;
            while (from < n && d[from].term == terms[t])
                from++;
            ok = merge_term(o, d + begin, from - begin, &rows[t], &counts, e);
        }
        arena_reset(a);
    }
    arena_close(a);
    buf_free(&counts);
    return ok && (db_engine(o->l->db) == DB_SQLITE || flush_out(o, e));
}

static bool write_scope(struct lessons *l, const struct lesson_delta *d, size_t n, struct error *e)
{
    struct outgoing o = {.l = l,
                         .scope = d->scope,
                         .changes = calloc(l->class_count + 1, sizeof *o.changes),
                         .terms = BUF_INIT(BUF_REPLY),
                         .docs = BUF_INIT(BUF_REPLY),
                         .counts = BUF_INIT(BUF_REPLY),
                         .gone = BUF_INIT(BUF_REPLY)};
    uint64_t *terms = calloc(READ_AT_ONCE, sizeof *terms);
    bool ok =
        (o.changes != NULL && terms != NULL) || error_cause(e, ERROR_INTERNAL, "no memory for suggestions");
    size_t documents = n;

    while (documents > 0 && d[documents - 1].term == DOCUMENT)
        documents--;
    ok = ok && write_terms(&o, d, documents, terms, e) && write_sums(&o, d + documents, n - documents, e);
    free(o.changes);
    free(terms);
    buf_free(&o.terms);
    buf_free(&o.docs);
    buf_free(&o.counts);
    buf_free(&o.gone);
    return ok;
}

bool lessons_write(struct lessons *l, struct error *e)
{
    bool ok = true;

    if (l->n > 1)
        qsort(l->deltas, l->n, sizeof *l->deltas, by_place);
    for (size_t i = 0, end; ok && i < l->n; i = end) {
        for (end = i + 1; end < l->n && l->deltas[end].scope == l->deltas[i].scope; end++) {
        }
        ok = write_scope(l, l->deltas + i, end - i, e);
    }
    l->n = 0;
    return ok;
}

bool lessons_clear(struct db *db, struct error *e)
{
    static const char *const tables[] = {"delete from derived.suggest_term",
                                         "delete from derived.suggest_sum", "delete from derived.suggest_case",
                                         "delete from derived.suggest_class"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (!db_exec(db, e, tables[i], NO_ARGS))
            return false;
    return true;
}
