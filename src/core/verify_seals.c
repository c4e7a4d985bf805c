/* The proof, second half: seals, the access log, files. */
#include "base/time.h"
#include "core/access.h"
#include "core/file.h"
#include "core/verify.h"

enum { PAGE = 10000, SEALS_MOST = 100 * 366 };

static void seal_fault(struct verifying *v, enum verify_fault fault, const struct seal *s)
{
    verify_found(v, (struct verify_finding){.fault = fault, .n = s->entries, .seq = s->last_seq, .day = s->day});
}

static bool known_key(const struct verifying *v, const struct seal *s)
{
    if (memcmp(s->public_key, sign_public(v->core->keys), SIGN_PUBLIC) == 0)
        return true;
    for (size_t i = 0; i < v->how->key_count; i++)
        if (memcmp(s->public_key, v->how->keys[i], SIGN_PUBLIC) == 0)
            return true;
    return false;
}

bool verify_seals_begin(struct verifying *v, struct error *e)
{
    const struct seal none = {0}, *before = &none;

    if (!seals_list(v->db, v->arena, 0, SEALS_MOST, &v->seals, &v->seal_count, e))
        return false;
    for (size_t i = 0; i < v->seal_count; i++) {
        const struct seal *s = &v->seals[i];
        if (!seal_check(s))
            seal_fault(v, VERIFY_SEAL_FORGED, s);
        if (!known_key(v, s))
            seal_fault(v, VERIFY_SEAL_STRANGER, s);
        if (s->first_seq != before->last_seq + 1 || memcmp(s->prev, before->digest, HASH_BYTES) != 0 ||
            s->last_seq < s->first_seq)
            seal_fault(v, VERIFY_SEAL_CHAIN, s);
        before = s;
    }
    v->report->seals = (int64_t)v->seal_count;
    if (v->seal_count > 0) {
        v->report->last = *before;
        seal_digest_start(&v->digest, &v->seals[0]);
    }
    return true;
}

/* The seal that the walk was in is over. */
static void close_seal(struct verifying *v)
{
    const struct seal *s = &v->seals[v->at++];
    struct seal again = *s;

    if (v->inside != s->entries)
        seal_fault(v, VERIFY_SEAL_COUNT, s);
    seal_digest_end(&v->digest, &again);
    if (memcmp(again.digest, s->digest, HASH_BYTES) != 0)
        seal_fault(v, VERIFY_SEAL_DIGEST, s);
    v->inside = 0;
    if (v->at < v->seal_count)
        seal_digest_start(&v->digest, &v->seals[v->at]);
}

void verify_seals_entry(struct verifying *v, int64_t seq, int64_t recorded_at,
                        const unsigned char hash[HASH_BYTES])
{
    while (v->at < v->seal_count && seq > v->seals[v->at].last_seq)
        close_seal(v);
    if (v->at < v->seal_count) {
        v->inside++;
        hash_add(&v->digest, hash, HASH_BYTES);
        return;
    }
    if (v->report->unsealed++ == 0)
        v->report->unsealed_since = recorded_at;
}

void verify_seals_end(struct verifying *v)
{
    while (v->at < v->seal_count)
        close_seal(v);
}

/* ---- The access log ------------------------------------------------------------------------------------ */

struct access_line {
    int64_t day, n, at, account, post, kind, subject;
    struct str purpose;
    unsigned char prev[HASH_BYTES], hash[HASH_BYTES];
};

static void copy_hash(unsigned char out[HASH_BYTES], struct str blob)
{
    memset(out, 0, HASH_BYTES);
    if (blob.n == HASH_BYTES)
        memcpy(out, blob.p, HASH_BYTES);
}

static void check_line(struct verifying *v, const char *node, const struct access_line *l, int64_t n,
                       const unsigned char last[HASH_BYTES])
{
    struct verify_finding f = {.n = l->n, .day = (int32_t)l->day};
    unsigned char hash[HASH_BYTES];

    access_hash(node, l->day, l->n, l->at, l->account, l->post, l->kind, l->subject, l->purpose, l->prev, hash);
    f.fault = VERIFY_ACCESS_CHANGED;
    if (memcmp(hash, l->hash, HASH_BYTES) != 0)
        verify_found(v, f);
    f.fault = VERIFY_ACCESS_BROKEN;
    if (l->n != n + 1 || memcmp(l->prev, last, HASH_BYTES) != 0)
        verify_found(v, f);
}

/* Chains are per node and day; the key of the index is their order. */
struct access_walk {
    char node[128];
    int64_t day, n;
    unsigned char last[HASH_BYTES];
};

static void step_line(struct verifying *v, struct access_walk *w, struct db_rows *r)
{
    struct access_line l = {
        .day = db_int(r, 1),
        .n = db_int(r, 2),
        .at = db_int(r, 3),
        .account = db_int(r, 4),
        .post = db_int(r, 5),
        .kind = db_int(r, 6),
        .subject = db_int(r, 7),
        .purpose = db_blob(r, 8),
    };
    struct str node = db_text(r, 0);

    copy_hash(l.prev, db_blob(r, 9));
    copy_hash(l.hash, db_blob(r, 10));
    if (!str_is(node, w->node) || l.day != w->day) {
        (void)snprintf(w->node, sizeof w->node, "%.*s", (int)node.n, node.p);
        w->day = l.day;
        w->n = 0;
        memset(w->last, 0, sizeof w->last);
    }
    check_line(v, w->node, &l, w->n, w->last);
    w->n = l.n;
    memcpy(w->last, l.hash, HASH_BYTES);
}

bool verify_access(struct verifying *v, struct error *e)
{
    struct access_walk w = {.day = -1};
    int64_t n = PAGE;

    while (n == PAGE) {
        struct db_rows r;
        n = 0;
        if (!db_rows(v->db, &r, e,
                     "select node, day, n, at, account, post, subject_kind, subject, purpose, prev, hash from access "
                     "where (node, day, n) > (?1, ?2, ?3) order by node, day, n limit ?4",
                     ARGS(TEXTZ(w.node), INT(w.day), INT(w.n), INT(PAGE))))
            return false;
        while (db_next(&r)) {
            step_line(v, &w, &r);
            n++;
        }
        if (!db_end(&r, e))
            return false;
        v->report->access_lines += n;
        verify_progress(v, "access", v->report->access_lines, 0);
    }
    return true;
}

/* ---- Files --------------------------------------------------------------------------------------------- */

static void check_file(struct verifying *v, struct arena *a, const struct file_info *f)
{
    struct buf plain = BUF_INIT(FILE_MAX * 2);
    struct error why = {0};
    struct verify_finding finding = {.fault = VERIFY_FILE_CHANGED, .subject = f->id};
    unsigned char hash[HASH_BYTES];

    if (file_read(v->core, a, f, &plain, &why)) {
        hash_bytes(buf_str(&plain), hash);
        if (memcmp(hash, f->hash, HASH_BYTES) != 0)
            verify_found(v, finding);
    } else if (why.code == ERROR_KEY_DESTROYED) {
        v->report->erased_files++;
    } else {
        finding.fault = why.code == ERROR_NOT_FOUND     ? VERIFY_FILE_MISSING
                        : why.code == ERROR_BROKEN_SEAL ? VERIFY_FILE_CHANGED
                                                        : VERIFY_FILE_UNREADABLE;
        verify_found(v, finding);
    }
    buf_free(&plain);
}

bool verify_files(struct verifying *v, struct error *e)
{
    struct arena *a = arena_open();
    int64_t after = 0;
    bool more = true, ok = true;

    while (ok && more) {
        struct db_rows r;
        struct file_info f;
        arena_reset(a);
        ok = db_rows(v->db, &r, e,
                     "select id, hash, key, type, bytes from file where id > ?1 order by id limit 1",
                     ARGS(INT(after)));
        if (!ok)
            break;
        more = db_next(&r);
        if (more) {
            f = (struct file_info){
                .id = db_int(&r, 0), .key = arena_str(a, db_blob(&r, 2)), .bytes = db_int(&r, 4)};
            copy_hash(f.hash, db_blob(&r, 1));
            f.type = arena_str(a, db_text(&r, 3));
        }
        ok = db_end(&r, e);
        if (ok && more) {
            after = f.id;
            check_file(v, a, &f);
            verify_progress(v, "files", ++v->report->files, 0);
        }
    }
    arena_close(a);
    return ok;
}
