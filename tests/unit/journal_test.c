/* Readers of the journal neither skip an entry nor give one twice, in whatever order transactions begin, number and end (quality.md, F10). */
#include "core/journal.h"
#include "world.h"

enum { SEEN = 64 };

/* A reader with its cursor: what it was given, by the subject of the entry. */
struct reader {
    struct db *db;
    struct journal_cursor at;
    int64_t page, seen[SEEN];
    size_t n;
};

/* Reads on, page by page, as the projections do. */
static void read_on(struct reader *r)
{
    struct journal_entry entry;
    struct db_rows rows;
    int64_t got;

    do {
        got = 0;
        must(journal_after(r->db, &rows, r->at, r->page, e));
        while (journal_next(&rows, &entry)) {
            r->at = (struct journal_cursor){entry.xid, entry.seq};
            assert_true(r->n < SEEN);
            r->seen[r->n++] = entry.subject;
            got++;
        }
        must(db_end(&rows, e));
    } while (got == r->page);
}

/* All that was ever given, in this order. */
static void assert_seen(const struct reader *r, const int64_t *wanted, size_t n)
{
    assert_int_equal(r->n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(r->seen[i], wanted[i]);
}

#define ASSERT_SEEN(reader, ...)                                                                             \
    assert_seen(reader, (const int64_t[]){__VA_ARGS__},                                                      \
                sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* An entry in the transaction that is open on `db`. `seq` 0: the next number. */
static void write_entry(struct db *db, int64_t subject, int64_t seq)
{
    char zeros[HASH_BYTES] = {0};
    struct str hash = str_range(zeros, sizeof zeros);

    must(db_exec(
        db, e,
        "insert into journal(seq, id, recorded_at, happened_at, scope, actor_kind, subject_kind, subject, n, verb, open, data, "
        "body_hash, prev, hash) select case when ?3 > 0 then ?3 else {sqlite:(select coalesce(max(seq), 0) + 1 from journal)}"
        "{pg:nextval(pg_get_serial_sequence('journal', 'seq'))} end, ?1, 0, 0, 0, 3, 1, ?2, 1, 'note', 0, ?4, ?4, ?4, ?4",
        ARGS(ID(id_new()), INT(subject), INT(seq), BLOB(hash))));
}

/* As nextval would give it to somebody who then takes his time. */
static int64_t take_number(struct db *db)
{
    return number(db, "select nextval(pg_get_serial_sequence('journal', 'seq'))");
}

static int64_t take_xid(struct db *db)
{
    return number(db, "select pg_current_xact_id()::text::bigint");
}

struct table {
    struct db *a, *b;
    struct reader whole, single; /* by large pages, and entry by entry; both look at each step */
};

static void table_open(struct table *t, void **state)
{
    int applied;

    t->a = place_open(state, DB_WRITER);
    must(migrate_up(t->a, &applied, e));
    t->b = place_open(state, DB_WRITER);
    t->whole = (struct reader){.db = place_open(state, DB_READER), .page = 100};
    t->single = (struct reader){.db = place_open(state, DB_READER), .page = 1};
}

static void look(struct table *t)
{
    read_on(&t->whole);
    read_on(&t->single);
    assert_seen(&t->single, t->whole.seen, t->whole.n);
}

static void table_close(struct table *t)
{
    db_close(t->whole.db);
    db_close(t->single.db);
    db_close(t->b);
    db_close(t->a);
}

/* rows: G6 */
static void one_after_the_other(void **state)
{
    struct table t;

    table_open(&t, state);
    for (int64_t i = 1; i <= 5; i++) {
        must(db_begin(t.a, e));
        write_entry(t.a, i, 0);
        look(&t);
        assert_int_equal(t.whole.n, i - 1);
        must(db_commit(t.a, e));
        look(&t);
    }
    ASSERT_SEEN(&t.whole, 1, 2, 3, 4, 5);
    table_close(&t);
}

/* The older transaction commits the smaller seq after the younger one has committed a larger. */
static void older_with_the_smaller_seq(void **state)
{
    struct table t;

    table_open(&t, state);
    must(db_begin(t.a, e));
    write_entry(t.a, 1, 0);
    must(db_begin(t.b, e));
    write_entry(t.b, 2, 0);
    must(db_commit(t.b, e));
    look(&t); /* a cursor at 2 would never see 1 */
    assert_int_equal(t.whole.n, 0);
    must(db_commit(t.a, e));
    look(&t);
    ASSERT_SEEN(&t.whole, 1, 2);
    look(&t);
    ASSERT_SEEN(&t.whole, 1, 2);
    table_close(&t);
}

/* The younger transaction has the smaller seq and commits first, or last. */
static void younger_with_the_smaller_seq(void **state)
{
    struct table t;
    int64_t small;

    table_open(&t, state);
    must(db_begin(t.a, e));
    must(db_begin(t.b, e));
    assert_true(take_xid(t.a) < take_xid(t.b));
    small = take_number(t.b);
    write_entry(t.a, 1, 0);
    must(db_commit(t.a, e));
    look(&t); /* b is younger, so a is safe to be read */
    ASSERT_SEEN(&t.whole, 1);
    write_entry(t.b, 2, small);
    must(db_commit(t.b, e));
    look(&t);
    ASSERT_SEEN(&t.whole, 1, 2);

    must(db_begin(t.a, e));
    must(db_begin(t.b, e));
    assert_true(take_xid(t.a) < take_xid(t.b));
    write_entry(t.b, 4, 0);
    write_entry(t.a, 3, 0);
    must(db_commit(t.b, e));
    look(&t);
    ASSERT_SEEN(&t.whole, 1, 2);
    must(db_commit(t.a, e));
    look(&t);
    ASSERT_SEEN(&t.whole, 1, 2, 3, 4);
    table_close(&t);
}

/* Numbers and ids of transactions that were rolled back are holes, no more. */
static void rolled_back_is_a_hole(void **state)
{
    struct table t;

    table_open(&t, state);
    must(db_begin(t.a, e));
    write_entry(t.a, 1, 0);
    must(db_begin(t.b, e));
    write_entry(t.b, 2, 0);
    must(db_commit(t.b, e));
    look(&t);
    assert_int_equal(t.whole.n, 0);
    db_rollback(t.a);
    look(&t);
    ASSERT_SEEN(&t.whole, 2);
    table_close(&t);
}

/* Transaction ids are the server's: somebody who works in another database is waited for, and nothing is lost by it. */
static void held_open_in_another_database(void **state)
{
    struct table t;
    struct place elsewhere = {.folder = ""};
    struct db *other = NULL;

    table_open(&t, state);
    place_postgres(&elsewhere, "C.UTF-8");
    must(db_open(&other, &elsewhere.where, DB_WRITER, e));
    must(db_begin(other, e));
    (void)take_xid(other);
    for (int64_t i = 1; i <= 3; i++) {
        must(db_begin(t.a, e));
        write_entry(t.a, i, 0);
        must(db_commit(t.a, e));
    }
    look(&t);
    assert_int_equal(t.whole.n, 0);
    must(db_commit(other, e));
    look(&t);
    ASSERT_SEEN(&t.whole, 1, 2, 3);
    db_close(other);
    place_remove(&elsewhere);
    table_close(&t);
}

/* A reader that begins at the head while somebody writes is told what that one commits, once. */
static void from_the_head(void **state)
{
    struct table t;

    table_open(&t, state);
    must(db_begin(t.a, e));
    write_entry(t.a, 1, 0);
    must(db_commit(t.a, e));
    must(db_begin(t.a, e));
    write_entry(t.a, 2, 0);
    must(journal_head(t.whole.db, &t.whole.at, e));
    t.single.at = t.whole.at;
    must(db_commit(t.a, e));
    look(&t);
    ASSERT_SEEN(&t.whole, 2);
    table_close(&t);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(one_after_the_other),
        POSTGRES_ONLY(older_with_the_smaller_seq),
        POSTGRES_ONLY(younger_with_the_smaller_seq),
        POSTGRES_ONLY(rolled_back_is_a_hole),
        POSTGRES_ONLY(held_open_in_another_database),
        BOTH(from_the_head),
    };
    return both_run("journal", tests, sizeof tests / sizeof tests[0]);
}
