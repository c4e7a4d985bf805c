#include "core/sync.h"

#include "core/case_read.h"
#include "core/scope.h"

enum { ALL_MAX = 5000, CHANGES_MAX = 500 };

/* What an account holds itself, each case once. */
static bool add_held(struct db *db, int64_t account, int64_t *ids, size_t *n, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e, "select case_id from desk where holder_kind = 3 and holder = ?1 order by due limit ?2",
                 ARGS(INT(account), INT(ALL_MAX))))
        return false;
    while (*n < ALL_MAX && db_next(&r)) {
        size_t at = 0;
        while (at < *n && ids[at] != db_int(&r, 0))
            at++;
        if (at == *n)
            ids[(*n)++] = db_int(&r, 0);
    }
    return db_end(&r, e);
}

bool sync_all(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
              struct journal_cursor *ret, struct error *e)
{
    struct interval *reach;
    int64_t *ids = ARENA_ARRAY(a, int64_t, ALL_MAX);
    size_t n = 0, count = scope_units(actor, a, &reach);
    struct db_rows r;

    if (!journal_head(db, ret, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!db_rows(db, &r, e,
                     "select case_id from desk where holder_kind = 1 and holder >= ?1 and holder < ?2 and (class & ?3) = 0 order by due limit ?4",
                     ARGS(INT(reach[i].lo), INT(reach[i].hi), INT(scope_hidden(actor)), INT(ALL_MAX))))
            return false;
        while (n < ALL_MAX && db_next(&r))
            ids[n++] = db_int(&r, 0);
        if (!db_end(&r, e))
            return false;
    }
    size_t at = 0;
    for (int64_t who = actor->account; who != 0; who = actor_next_absent(actor, &at))
        if (!add_held(db, who, ids, &n, e))
            return false;
    return case_write_rows(core, db, a, w, actor, ids, n, e);
}

static bool write_change(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct actor *actor, int64_t id, struct error *e)
{
    struct case_row c;
    enum sight sight;
    char text[ID_TEXT];

    if (!case_load_id(db, a, id, &c, e) || !scope_sight(db, actor, &c, &sight, e))
        return false;
    if (sight >= SIGHT_CARD)
        return case_write_card(core, db, a, w, actor, &c, sight < SIGHT_WORK, e);
    /* It may never have been in sight: only those of one's own villages are named. */
    struct interval *reach;
    size_t n = scope_units(actor, a, &reach);
    for (size_t i = 0; i < n; i++)
        if (c.scope >= reach[i].lo && c.scope < reach[i].hi && (c.class & scope_hidden(actor)) == 0) {
            id_format(c.uuid, text);
            jw_object(w);
            jw_kz(w, "id", text);
            jw_kbool(w, "gone", true);
            jw_end_object(w);
            return true;
        }
    return true;
}

bool sync_changes(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                  struct journal_cursor *cursor, struct error *e)
{
    int64_t ids[CHANGES_MAX];
    size_t n = 0;
    struct journal_entry entry;
    struct db_rows r;

    if (!journal_after(db, &r, *cursor, CHANGES_MAX, e))
        return false;
    while (journal_next(&r, &entry)) {
        size_t at = 0;
        *cursor = (struct journal_cursor){entry.xid, entry.seq};
        if (entry.subject_kind != SUBJECT_CASE)
            continue;
        while (at < n && ids[at] != entry.subject)
            at++;
        if (at == n)
            ids[n++] = entry.subject;
    }
    if (!db_end(&r, e))
        return false;
    jw_array(w);
    for (size_t i = 0; i < n; i++)
        if (!write_change(core, db, a, w, actor, ids[i], e))
            return false;
    jw_end_array(w);
    return true;
}
