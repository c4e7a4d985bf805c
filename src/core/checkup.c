#include "core/checkup.h"

#include "base/time.h"
#include "core/journal.h"
#include "core/post.h"
#include "core/unit.h"

enum { NAMED = 5 };

/* First column: name. */
static bool read_list(struct db *db, struct arena *a, struct checkup_list *ret, struct error *e,
                      const char *sql, const struct db_arg *args, size_t n)
{
    struct buf names = BUF_INIT(BUF_LINE);
    struct db_rows r;

    *ret = (struct checkup_list){.names = STR("")};
    if (!db_rows(db, &r, e, sql, args, n))
        return false;
    for (; db_next(&r); ret->count++)
        if (ret->count < NAMED) {
            if (ret->count > 0)
                buf_addz(&names, "、");
            buf_add(&names, db_text(&r, 0));
        }
    if (ret->count > NAMED)
        buf_addz(&names, " …");
    ret->names = arena_str(a, buf_str(&names));
    buf_free(&names);
    return db_end(&r, e);
}

bool checkup_groups(struct db *db, struct arena *a, int64_t lo, int64_t hi, struct checkup_list *ret,
                    struct error *e)
{
    return read_list(
        db, a, ret, e,
        "select g.name from unit g join unit c on c.id = g.parent where g.level = ?1 and g.ord >= ?2 and g.ord < ?3 "
        "and exists (select 1 from post p where p.unit = c.id and (p.to_day is null or p.to_day > ?5)) "
        "and not exists (select 1 from post p join account k on k.id = p.account where p.unit in (g.id, c.id) and p.post = ?4 "
        "and k.closed_at is null and (p.to_day is null or p.to_day > ?5)) order by g.ord",
        ARGS(INT(UNIT_GROUP), INT(lo), INT(hi), INT(POST_STEWARD), INT(day_of(time_now()))));
}

bool checkup_offices(struct db *db, struct arena *a, struct checkup_list *ret, struct error *e)
{
    return read_list(
        db, a, ret, e,
        "select o.name from office o where o.closed_at is null and not exists (select 1 from post p join account k on k.id = p.account "
        "where p.office = o.id and k.closed_at is null and (p.to_day is null or p.to_day > ?1)) order by o.id",
        ARGS(INT(day_of(time_now()))));
}

bool checkup_accounts(struct db *db, int64_t *ret_all, struct checkup_list *ret_bare, struct arena *a,
                      struct error *e)
{
    return db_one_int(db, ret_all, 0, e, "select count(*) from account where closed_at is null", NO_ARGS) &&
           read_list(
               db, a, ret_bare, e,
               "select k.login from account k where k.closed_at is null and k.totp is null and exists (select 1 from post p "
               "where p.account = k.id and p.post in (?1, ?2, ?3) and (p.to_day is null or p.to_day > ?4)) order by k.id",
               ARGS(INT(POST_ADMIN), INT(POST_AUDITOR), INT(POST_CHAIR), INT(day_of(time_now()))));
}

/* ---- The journal's newest part ------------------------------------------------------------------------- */

struct walk {
    struct checkup_journal *found;
    struct hasher digest;
    struct seal again;
    int64_t inside;
};

static bool same_hash(const struct journal_entry *j)
{
    struct journal_entry again = *j;
    journal_hash(&again);
    return memcmp(again.hash, j->hash, HASH_BYTES) == 0;
}

static void look_at(struct walk *w, const struct journal_entry *j)
{
    const struct seal *last = &w->found->last;

    w->found->entries++;
    w->found->faults += !same_hash(j);
    w->found->newest = j->seq;
    w->found->newest_at = j->recorded_at;
    if (j->seq <= last->last_seq) {
        hash_add(&w->digest, j->hash, HASH_BYTES);
        w->inside++;
    } else if (w->found->unsealed_at == 0) {
        w->found->unsealed_at = j->recorded_at;
    }
}

/* By seq on both engines: nothing here minds an entry that turns up a moment later. */
static bool walk_from(struct db *db, struct walk *w, int64_t after, struct error *e)
{
    enum { PAGE = 2000 };
    int64_t n = PAGE;

    while (n == PAGE) {
        struct journal_entry j;
        struct db_rows r;
        n = 0;
        if (!db_rows(db, &r, e,
                     "select seq, id, recorded_at, happened_at, scope, actor_kind, actor, post, subject_kind, subject, n, verb, open, data, body_hash, "
                     "prev, hash, 0 from journal where seq > ?1 order by seq limit ?2",
                     ARGS(INT(after), INT(PAGE))))
            return false;
        while (journal_next(&r, &j)) {
            look_at(w, &j);
            after = j.seq;
            n++;
        }
        if (!db_end(&r, e))
            return false;
    }
    return true;
}

bool checkup_journal(struct core *core, struct db *db, struct checkup_journal *ret, struct error *e)
{
    struct walk w = {.found = ret};
    bool found;

    *ret = (struct checkup_journal){0};
    if (!seals_last(db, &ret->last, &found, e))
        return false;
    w.again = ret->last;
    if (found)
        seal_digest_start(&w.digest, &w.again);
    if (!walk_from(db, &w, found ? ret->last.first_seq - 1 : 0, e))
        return false;
    if (!found)
        return true;
    seal_digest_end(&w.digest, &w.again);
    ret->faults += w.inside != ret->last.entries;
    ret->faults += memcmp(w.again.digest, ret->last.digest, HASH_BYTES) != 0;
    ret->faults +=
        !seal_check(&ret->last) || memcmp(ret->last.public_key, sign_public(core->keys), SIGN_PUBLIC) != 0;
    return true;
}
