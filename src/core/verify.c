/* The proof, first half: entries, chains and heads, in one walk through the journal in the order of seq.
 *
 * A chain holds when the hashes that entries have are the hashes that their followers and their subjects'
 * rows name. Both are gathered as sums of keyed fingerprints of (subject, n, hash), spread over buckets by
 * subject: what an entry has is added, what is named is taken out. A bucket that is not nothing in the end
 * holds a broken chain, and only then are its subjects walked one by one. So the walk is sequential and
 * needs the same memory for any size. */
#include "core/verify.h"

#include <stdlib.h>

#include "base/time.h"
#include "core/subject.h"

enum { PAGE = 10000, BUCKETS = 1 << 15 };

static const char *const fault_codes[] = {
#define X(name, code) code,
    VERIFY_FAULTS(X)
#undef X
};

const char *verify_fault_code(enum verify_fault f)
{
    return fault_codes[f];
}

void verify_found(struct verifying *v, struct verify_finding f)
{
    v->report->faults[f.fault]++;
    v->report->fault_count++;
    if (v->how->found != NULL)
        v->how->found(v->how->context, &f);
}

void verify_progress(struct verifying *v, const char *what, int64_t done, int64_t of)
{
    if (v->how->progress != NULL)
        v->how->progress(v->how->context, what, done, of);
}

/* ---- Fingerprints -------------------------------------------------------------------------------------- */

struct balance {
    uint64_t key[2];
    uint64_t lanes[BUCKETS][2];
};

static uint64_t mixed(uint64_t v)
{
    v = (v ^ v >> 32) * UINT64_C(0xd6e8feb86659fd93);
    v = (v ^ v >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return v ^ v >> 32;
}

static size_t bucket_of(int64_t kind, int64_t subject)
{
    return (size_t)(mixed((uint64_t)subject * 16 + (uint64_t)kind) & (BUCKETS - 1));
}

static void balance_add(struct balance *b, int64_t kind, int64_t subject, int64_t n,
                        const unsigned char hash[HASH_BYTES], int sign)
{
    uint64_t *lanes = b->lanes[bucket_of(kind, subject)], words[HASH_BYTES / 8];
    memcpy(words, hash, sizeof words);
    for (int l = 0; l < 2; l++) {
        uint64_t h = mixed(b->key[l] ^ (uint64_t)subject * 16 ^ (uint64_t)kind);
        h = mixed(h + (uint64_t)n);
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            h = mixed(h ^ words[i]);
        lanes[l] += sign > 0 ? h : -h;
    }
}

static bool balanced(const struct balance *b, int64_t kind, int64_t subject)
{
    const uint64_t *lanes = b->lanes[bucket_of(kind, subject)];
    return lanes[0] == 0 && lanes[1] == 0;
}

/* ---- Entries ------------------------------------------------------------------------------------------- */

static void copy_hash(unsigned char out[HASH_BYTES], struct str blob)
{
    memset(out, 0, HASH_BYTES);
    if (blob.n == HASH_BYTES)
        memcpy(out, blob.p, HASH_BYTES);
}

#define ENTRY_COLUMNS                                                                                        \
    "seq, id, recorded_at, happened_at, scope, actor_kind, actor, post, subject_kind, subject, n, verb, open, data, body_hash, prev, hash"

/* Not journal_next: an id of a wrong length is a finding here and not the end of the reading. */
static bool next_entry(struct db_rows *r, struct journal_entry *ret)
{
    if (!db_next(r))
        return false;
    *ret = (struct journal_entry){
        .seq = db_int(r, 0),
        .recorded_at = db_int(r, 2),
        .happened_at = db_int(r, 3),
        .actor_kind = (enum actor_kind)db_int(r, 5),
        .actor = db_int(r, 6),
        .post = db_int(r, 7),
        .subject_kind = (enum subject_kind)db_int(r, 8),
        .subject = db_int(r, 9),
        .n = db_int(r, 10),
        .verb = db_text(r, 11),
        .open = db_int(r, 12) != 0,
        .data = db_blob(r, 13),
    };
    struct str id = db_blob(r, 1);
    if (id.n == sizeof ret->id.b)
        memcpy(ret->id.b, id.p, id.n);
    copy_hash(ret->body_hash, db_blob(r, 14));
    copy_hash(ret->prev, db_blob(r, 15));
    copy_hash(ret->hash, db_blob(r, 16));
    return true;
}

static struct verify_finding at_entry(enum verify_fault fault, const struct journal_entry *j)
{
    return (struct verify_finding){
        .fault = fault, .subject_kind = j->subject_kind, .subject = j->subject, .n = j->n, .seq = j->seq};
}

static void check_entry(struct verifying *v, struct balance *b, const struct journal_entry *j)
{
    struct journal_entry again = *j;

    journal_hash(&again);
    if (memcmp(again.hash, j->hash, HASH_BYTES) != 0)
        verify_found(v, at_entry(VERIFY_ENTRY_CHANGED, j));
    balance_add(b, j->subject_kind, j->subject, j->n, j->hash, 1);
    if (j->n != 1)
        balance_add(b, j->subject_kind, j->subject, j->n - 1, j->prev, -1);
    else if (!bytes_equal(j->prev, (const unsigned char[HASH_BYTES]){0}, HASH_BYTES))
        verify_found(v, at_entry(VERIFY_CHAIN_BROKEN, j));
    verify_seals_entry(v, j->seq, j->recorded_at, j->hash);
}

static bool walk_journal(struct verifying *v, struct balance *b, struct error *e)
{
    int64_t last, after = 0, n = PAGE;
    struct journal_entry j;

    if (!db_one_int(v->db, &last, 0, e, "select max(seq) from journal", NO_ARGS))
        return false;
    while (n == PAGE) {
        struct db_rows r;
        n = 0;
        if (!db_rows(v->db, &r, e, "select " ENTRY_COLUMNS " from journal where seq > ?1 order by seq limit ?2",
                     ARGS(INT(after), INT(PAGE))))
            return false;
        while (next_entry(&r, &j)) {
            check_entry(v, b, &j);
            after = j.seq;
            n++;
        }
        if (!db_end(&r, e))
            return false;
        v->report->entries += n;
        verify_progress(v, "journal", v->report->entries, last);
    }
    return true;
}

/* ---- Subjects ------------------------------------------------------------------------------------------ */

static const enum subject_kind kinds[] = {SUBJECT_CASE,      SUBJECT_ACTIVITY, SUBJECT_PERSON,
                                          SUBJECT_HOUSEHOLD, SUBJECT_PLACE,    SUBJECT_ACCOUNT,
                                          SUBJECT_REGISTERS};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

struct head {
    enum subject_kind kind;
    int64_t id, rev;
    unsigned char hash[HASH_BYTES];
};

/* Calls `use` for every row of every kind. */
static bool each_head(struct verifying *v, void (*use)(struct verifying *, void *, const struct head *),
                      void *context, struct error *e)
{
    for (size_t k = 0; k < KINDS; k++) {
        const char *sql =
            arena_printf(v->arena, "select id, rev, head, %s from %s where id > ?1 order by id limit ?2",
                         kinds[k] == SUBJECT_REGISTERS ? "register" : "0", subject_table(kinds[k]));
        struct head h = {.kind = kinds[k]};
        int64_t n = PAGE;
        while (n == PAGE) {
            struct db_rows r;
            n = 0;
            if (!db_rows(v->db, &r, e, sql, ARGS(INT(h.id), INT(PAGE))))
                return false;
            while (db_next(&r)) {
                h.id = db_int(&r, 0);
                h.rev = db_int(&r, 1);
                copy_hash(h.hash, db_blob(&r, 2));
                if (kinds[k] == SUBJECT_REGISTERS) /* all of them lie in one table */
                    h.kind = (enum subject_kind)db_int(&r, 3);
                use(v, context, &h);
                n++;
            }
            if (!db_end(&r, e))
                return false;
        }
    }
    return true;
}

static void take_head(struct verifying *v, void *context, const struct head *h)
{
    v->report->subjects++;
    if (h->rev != 0)
        balance_add(context, h->kind, h->id, h->rev, h->hash, -1);
}

/* ---- Broken chains, one by one ------------------------------------------------------------------------- */

/* Compares the end of a subject's chain with its row; `h` null: there is no row. */
static void check_end(struct verifying *v, const struct head *h, int64_t kind, int64_t subject, int64_t n,
                      const unsigned char last[HASH_BYTES])
{
    struct verify_finding f = {.subject_kind = (enum subject_kind)kind, .subject = subject, .n = n};

    if (h == NULL) {
        f.fault = VERIFY_NO_SUBJECT;
        verify_found(v, f);
        return;
    }
    f.fault = VERIFY_CUT_OFF;
    for (f.n = n + 1; f.n <= h->rev && f.n <= n + PAGE; f.n++)
        verify_found(v, f);
    f.fault = VERIFY_HEAD_DIFFERS;
    f.n = h->rev;
    if (h->rev < n || (h->rev == n && n > 0 && memcmp(h->hash, last, HASH_BYTES) != 0))
        verify_found(v, f);
}

static bool walk_subject(struct verifying *v, const struct head *h, int64_t kind, int64_t subject,
                         struct error *e)
{
    struct db_rows r;
    struct journal_entry j;
    int64_t n = 0;
    unsigned char last[HASH_BYTES] = {0};

    if (!db_rows(v->db, &r, e,
                 "select " ENTRY_COLUMNS " from journal where subject_kind = ?1 and subject = ?2 order by n",
                 ARGS(INT(kind), INT(subject))))
        return false;
    while (next_entry(&r, &j)) {
        bool follows = j.n == n + 1;
        for (int64_t gap = n + 1; gap < j.n && gap <= n + PAGE; gap++)
            verify_found(v, (struct verify_finding){.fault = VERIFY_ENTRY_MISSING,
                                                    .subject_kind = (enum subject_kind)kind,
                                                    .subject = subject,
                                                    .n = gap});
        if (follows && n > 0 && memcmp(j.prev, last, HASH_BYTES) != 0)
            verify_found(v, at_entry(VERIFY_CHAIN_BROKEN, &j));
        n = j.n;
        memcpy(last, j.hash, HASH_BYTES);
    }
    if (!db_end(&r, e))
        return false;
    check_end(v, h, kind, subject, n, last);
    return true;
}

struct repeat {
    const struct balance *balance;
    struct error *e;
    bool failed;
};

static void walk_broken(struct verifying *v, void *context, const struct head *h)
{
    struct repeat *again = context;
    if (!again->failed && !balanced(again->balance, h->kind, h->id))
        again->failed = !walk_subject(v, h, h->kind, h->id, again->e);
}

static bool has_row(struct verifying *v, int64_t kind, int64_t id, bool *ret, struct error *e)
{
    int64_t found = 0;
    for (size_t k = 0; k < KINDS; k++)
        if ((kinds[k] == (enum subject_kind)kind || (k == KINDS - 1 && kind >= SUBJECT_REGISTERS)) && found == 0 &&
            !db_one_int(v->db, &found, 0, e,
                        arena_printf(v->arena, "select 1 from %s where id = ?1", subject_table(kinds[k])),
                        ARGS(INT(id))))
            return false;
    *ret = found != 0;
    return true;
}

/* Entries of subjects that have no row. */
static bool walk_orphans(struct verifying *v, const struct balance *b, struct error *e)
{
    int64_t kind = -1, id = 0, n = PAGE;

    while (n == PAGE) {
        struct {
            int64_t kind, id;
        } list[PAGE / 10];
        size_t suspects = 0;
        struct db_rows r;
        n = 0;
        if (!db_rows(v->db, &r, e,
                     "select subject_kind, subject from journal where (subject_kind, subject) > (?1, ?2) "
                     "group by subject_kind, subject order by subject_kind, subject limit ?3",
                     ARGS(INT(kind), INT(id), INT(PAGE))))
            return false;
        while (suspects < sizeof list / sizeof list[0] && db_next(&r)) {
            kind = db_int(&r, 0);
            id = db_int(&r, 1);
            n++;
            if (!balanced(b, kind, id)) {
                list[suspects].kind = kind;
                list[suspects++].id = id;
            }
        }
        if (!db_end(&r, e))
            return false;
        if (suspects == sizeof list / sizeof list[0])
            n = PAGE;
        for (size_t i = 0; i < suspects; i++) {
            bool there;
            if (!has_row(v, list[i].kind, list[i].id, &there, e) ||
                (!there && !walk_subject(v, NULL, list[i].kind, list[i].id, e)))
                return false;
        }
    }
    return true;
}

static bool explain(struct verifying *v, const struct balance *b, struct error *e)
{
    struct repeat again = {.balance = b, .e = e};
    bool whole = true;

    for (size_t i = 0; i < BUCKETS; i++)
        whole = whole && b->lanes[i][0] == 0 && b->lanes[i][1] == 0;
    return whole || (each_head(v, walk_broken, &again, e) && !again.failed && walk_orphans(v, b, e));
}

/* ---- All together -------------------------------------------------------------------------------------- */

static bool verify_inside(struct verifying *v, struct error *e)
{
    struct balance *b = calloc(1, sizeof *b);
    if (b == NULL)
        return error_cause(e, ERROR_INTERNAL, "no memory to verify");
    random_bytes(b->key, sizeof b->key);
    bool ok = verify_seals_begin(v, e) && walk_journal(v, b, e);
    if (ok)
        verify_seals_end(v);
    ok = ok && each_head(v, take_head, b, e) && explain(v, b, e) && verify_access(v, e) &&
         (v->how->without_files || verify_files(v, e));
    free(b);
    return ok;
}

bool verify_all(struct core *core, struct db *db, const struct verify_how *how, struct verify_report *ret,
                struct error *e)
{
    static const struct verify_how quietly;
    struct verifying v = {
        .core = core, .db = db, .arena = arena_open(), .how = how != NULL ? how : &quietly, .report = ret};
    bool own = !db_in_transaction(db);

    *ret = (struct verify_report){0};
    bool ok = (!own || db_begin(db, e)) && verify_inside(&v, e);
    if (own && db_in_transaction(db))
        db_rollback(db);
    arena_close(v.arena);
    return ok;
}
