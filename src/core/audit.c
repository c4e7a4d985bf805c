/* The journal and the access log as an auditor reads them: facts, no words. */
#include "core/access.h"
#include "core/journal.h"
#include "core/vault.h"

static void write_id(struct jw *w, const char *key, struct id id)
{
    char text[ID_TEXT];
    id_format(id, text);
    jw_kz(w, key, text);
}

static void write_hash(struct jw *w, struct str hash)
{
    struct buf hex = BUF_INIT(BUF_LINE);
    buf_add_hex(&hex, hash.p, hash.n);
    jw_ktext(w, "hash", buf_str(&hex));
    buf_free(&hex);
}

static const char *actor_word(int64_t kind)
{
    return kind == ACTOR_ACCOUNT ? "account" : kind == ACTOR_SYSTEM ? "system" : "resident";
}

bool journal_write_list(struct db *db, struct jw *w, int64_t lo, int64_t hi, int64_t before, int64_t limit,
                        struct error *e)
{
    struct db_rows r;
    int64_t last = 0, n = 0;

    if (!db_rows(db, &r, e,
                 "select j.seq, j.id, j.recorded_at, j.happened_at, j.actor_kind, k.login, j.post, j.subject_kind, j.subject, j.n, j.verb, j.hash "
                 "from journal j left join account k on k.id = j.actor where j.seq < ?1 and j.scope >= ?2 and j.scope < ?3 order by j.seq desc limit ?4",
                 ARGS(INT(before == 0 ? INT64_MAX : before), INT(lo), INT(hi), INT(limit))))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    while (db_next(&r)) {
        last = db_int(&r, 0);
        n++;
        jw_object(w);
        jw_kint(w, "seq", last);
        write_id(w, "id", db_id(&r, 1));
        jw_ktime(w, "recorded_at", db_int(&r, 2));
        jw_ktime(w, "happened_at", db_int(&r, 3));
        jw_kz(w, "actor", actor_word(db_int(&r, 4)));
        jw_ktext(w, "login", db_text(&r, 5));
        jw_kz(w, "post", db_int(&r, 6) < 0 ? "" : post_code((enum post)db_int(&r, 6)));
        jw_kz(w, "subject", subject_code((enum subject_kind)db_int(&r, 7)));
        jw_kint(w, "subject_id", db_int(&r, 8));
        jw_kint(w, "n", db_int(&r, 9));
        jw_ktext(w, "verb", db_text(&r, 10));
        write_hash(w, db_blob(&r, 11));
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_key(w, "before");
    if (n == limit)
        jw_int(w, last);
    else
        jw_null(w);
    jw_end_object(w);
    return db_end(&r, e);
}

/* A list that was taken away: which, as what, how many rows. The program wrote this itself; what people typed as a purpose may name others and stays
 * sealed. */
static void write_export(const struct core *core, struct arena *a, struct jw *w, const struct db_rows *r)
{
    struct str purpose = STR("");
    struct key key;

    jw_key(w, "export");
    access_key(core, a, db_int(r, 7), &key);
    if (db_int(r, 4) == SUBJECT_UNIT && vault_open_text(a, &key, "access", db_blob(r, 8), &purpose, NULL) &&
        str_starts(purpose, STR("export ")))
        jw_text(w, str_range(purpose.p + 7, purpose.n - 7));
    else
        jw_null(w);
}

bool access_write_list(const struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t before,
                       int64_t limit, struct error *e)
{
    struct db_rows r;
    int64_t last = 0, n = 0;

    if (!db_rows(db, &r, e,
                 "select a.seq, a.at, k.login, a.post, a.subject_kind, a.subject, a.hash, a.day, a.purpose from access a left join account k on k.id = a.account "
                 "where a.seq < ?1 order by a.seq desc limit ?2",
                 ARGS(INT(before == 0 ? INT64_MAX : before), INT(limit))))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    while (db_next(&r)) {
        last = db_int(&r, 0);
        n++;
        jw_object(w);
        jw_kint(w, "seq", last);
        jw_ktime(w, "at", db_int(&r, 1));
        jw_ktext(w, "login", db_text(&r, 2));
        jw_kz(w, "post", db_int(&r, 3) < 0 ? "" : post_code((enum post)db_int(&r, 3)));
        jw_kz(w, "subject", subject_code((enum subject_kind)db_int(&r, 4)));
        jw_kint(w, "subject_id", db_int(&r, 5));
        write_export(core, a, w, &r);
        write_hash(w, db_blob(&r, 6));
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_key(w, "before");
    if (n == limit)
        jw_int(w, last);
    else
        jw_null(w);
    jw_end_object(w);
    return db_end(&r, e);
}
