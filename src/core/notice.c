#include "core/notice.h"

#include <stdio.h>

#include "base/time.h"
#include "core/case.h"
#include "core/case_verbs.h"
#include "core/root.h"
#include "core/scope.h"
#include "core/unit.h"
#include "core/verb.h"

enum { PEOPLE = 24 };

bool notice_add(struct db *db, int64_t account, int64_t case_id, const char *template, const char *once,
                int64_t at, struct error *e)
{
    return db_exec(
        db, e,
        "insert into notice(account, case_id, template, at, once) values(?1, ?2, ?3, ?4, ?5) on conflict do nothing",
        ARGS(INT(account), OPT_INT(case_id), TEXTZ(template), INT(at), TEXTZ(once)));
}

static bool read_accounts(struct db_rows *r, int64_t *accounts, size_t room, size_t *ret_n, struct error *e)
{
    while (*ret_n < room && db_next(r))
        accounts[(*ret_n)++] = db_int(r, 0);
    return db_end(r, e);
}

/* Who holds one of these posts over the case's place. The set stands in the statement itself: sets are few, and each is prepared once. */
static bool posts_over(struct db *db, const struct case_row *c, post_mask posts, int least_level,
                       int64_t *accounts, size_t room, size_t *ret_n, struct error *e)
{
    char list[4 * POST_COUNT] = "-1", sql[1024];
    struct db_rows r;

    for (int p = 0; p < POST_COUNT; p++)
        if ((posts >> p & 1) != 0)
            (void)snprintf(list + strlen(list), sizeof list - strlen(list), ",%d", p);
    (void)snprintf(
        sql, sizeof sql,
        UNITS_ABOVE(
            "?1") "select distinct t.account from above u join post t on t.unit = u.id and t.post in (%s) where u.level >= ?2 and "
                  "t.from_day <= ?3 and (t.to_day is null or t.to_day > ?3) and not exists "
                  "(select 1 from case_worker k where k.case_id = ?4 and k.account = t.account and k.role = ?5) order by t.account",
        list);
    return db_rows(db, &r, e, sql,
                   ARGS(INT(c->unit), INT(least_level), INT(day_of(time_now())), INT(c->id),
                        INT(WORKER_RECUSED))) &&
           read_accounts(&r, accounts, room, ret_n, e);
}

/* Nobody is told of a case that they may not read; where none of these may, those who may are told. */
static post_mask readers_among(const struct case_row *c, post_mask posts)
{
    post_mask readers = scope_readers(c->class);
    return (readers & posts) != 0 ? readers & posts : readers;
}

/* Whom a matter is offered to first: as its category says, or its kind (D2). */
static const json_t *first_of(struct core *core, struct db *db, const struct case_row *c)
{
    const struct pack *pack = core_pack(core, db, c->pack, NULL);
    const struct category *category = pack != NULL ? pack_category(pack, c->kind, c->category) : NULL;
    const json_t *first = category != NULL ? json_object_get(category->row, "default_first") : NULL;

    if (first == NULL && category != NULL)
        first = json_object_get(category->parent_row, "default_first");
    if (first == NULL && pack != NULL)
        first = json_object_get(json_object_get(json_object_get(pack->doc, "kinds"), kind_code(c->kind)),
                                "default_first");
    return first;
}

/* They, or else the steward; and always the desk. */
static post_mask offered_to(struct core *core, struct db *db, const struct case_row *c)
{
    const json_t *one;
    post_mask posts = 0;
    enum post post;
    size_t i;

    json_array_foreach(first_of(core, db, c), i, one)
        if (post_parse(str_of(json_string_value(one)), &post))
            posts |= (post_mask)1 << post;
    return (posts != 0 ? posts : AS(STEWARD)) | AS(OFFICER);
}

/* Who stands in for the handler today; the posts lead from one to the other. */
static bool stand_ins(struct db *db, const struct case_row *c, int64_t *accounts, size_t room, size_t *ret_n,
                      struct error *e)
{
    struct db_rows r;
    return db_rows(db, &r, e,
                   "select distinct s.account from post o join post s on s.unit = o.unit and s.post = o.post where o.account = ?1 and s.stands_in_for = ?1 "
                   "and s.from_day <= ?2 and (s.to_day is null or s.to_day > ?2) and not exists (select 1 from case_worker k where k.case_id = ?3 and k.account = s.account and k.role = ?4)",
                   ARGS(INT(c->handler), INT(day_of(time_now())), INT(c->id), INT(WORKER_RECUSED))) &&
           read_accounts(&r, accounts, room, ret_n, e);
}

bool notice_answerable(struct core *core, struct db *db, const struct case_row *c, int64_t *accounts,
                       size_t room, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    *ret_n = 0;
    if (c->office != 0)
        return db_rows(db, &r, e,
                       "select distinct account from post where office = ?1 and from_day <= ?2 and (to_day is null or to_day > ?2)",
                       ARGS(INT(c->office), INT(day_of(time_now())))) &&
               read_accounts(&r, accounts, room, ret_n, e);
    if (c->handler != 0) {
        accounts[(*ret_n)++] = c->handler;
        return stand_ins(db, c, accounts, room, ret_n, e);
    }
    int least_level = (c->class & CLASS_BYPASS) != 0 ? UNIT_COUNTY : UNIT_COMMITTEE;
    return posts_over(db, c, readers_among(c, offered_to(core, db, c)), least_level, accounts, room, ret_n, e);
}

bool notice_heads(struct db *db, const struct case_row *c, int64_t *accounts, size_t room, size_t *ret_n,
                  struct error *e)
{
    *ret_n = 0;
    post_mask heads = c->level >= LEVEL_TOWN ? AS(DISPATCHER) : AS(CHAIR);
    return posts_over(db, c, readers_among(c, heads), UNIT_COUNTY, accounts, room, ret_n, e);
}

static const char *notice_of(const struct core *core, struct str verb)
{
    const struct verb *v = verb_find(core, SUBJECT_CASE, verb);
    return v != NULL ? v->notice : NULL;
}

/* Who decides on the extension that is asked for: may_grant_extension says the same of one of them. */
static bool deciders(struct db *db, struct arena *a, const struct case_row *c, int64_t *accounts, size_t room,
                     size_t *ret_n, struct error *e)
{
    bool above = (c->flags & FLAG_EXTENSION_ABOVE) != 0;
    post_mask posts = !above ? AS(CHAIR) : c->class == 0 ? POSTS_ABOVE : readers_among(c, AS(DISPATCHER));
    size_t n = 0, kept = 0;

    if (!posts_over(db, c, posts, UNIT_COUNTY, accounts, room, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct actor who = {.kind = ACTOR_ACCOUNT};
        if (!actor_load(db, a, accounts[i], day_of(time_now()), &who, e))
            return false;
        if (may_grant_extension(c, &who))
            accounts[kept++] = accounts[i];
    }
    *ret_n = kept;
    return true;
}

/* The heads are told beside those who answer for it. */
static bool told_with_heads(struct core *core, struct db *db, const struct case_row *c, const char *template,
                            int64_t people[2 * PEOPLE], size_t *n, struct error *e)
{
    size_t heads = 0;
    if (!notice_answerable(core, db, c, people, PEOPLE, n, e))
        return false;
    if ((strcmp(template, "urged") == 0 || (c->flags & (FLAG_DANGER | FLAG_SUSPECT_MAJOR)) != 0) &&
        !notice_heads(db, c, people + *n, PEOPLE, &heads, e))
        return false;
    *n += heads;
    return true;
}

static bool tell(struct core *core, struct db *db, struct arena *a, const struct journal_entry *entry,
                 const char *template, struct error *e)
{
    int64_t people[2 * PEOPLE];
    size_t n;
    struct case_row c;
    char id[ID_TEXT];

    if (!case_load_id(db, a, entry->subject, &c, e))
        return false;
    if (!(strcmp(template, "extension_asked") == 0 ? deciders(db, a, &c, people, PEOPLE, &n, e)
                                                   : told_with_heads(core, db, &c, template, people, &n, e)))
        return false;
    id_format(entry->id, id);
    for (size_t i = 0; i < n; i++)
        if (people[i] != entry->actor &&
            !notice_add(db, people[i], c.id, template, arena_printf(a, "%s %lld", id, (long long)people[i]),
                        entry->recorded_at, e))
            return false;
    return true;
}

/* What came back three times at one place may have one root: chair and officer are told once of each proposal, by its first case. */
static bool tell_root(struct core *core, struct db *db, const struct journal_entry *entry, struct error *e)
{
    struct arena *a = arena_open(); /* of its own: it holds the words of many cases for a moment */
    int64_t people[PEOPLE], first = 0, newest;
    size_t n = 0;
    struct case_row c;

    bool ok =
        case_load_id(db, a, entry->subject, &c, e) && root_completed(core, db, a, &c, &first, &newest, e) &&
        (first == 0 || posts_over(db, &c, AS(CHAIR) | AS(OFFICER), UNIT_COMMITTEE, people, PEOPLE, &n, e));
    for (size_t i = 0; ok && i < n; i++)
        ok = notice_add(db, people[i], newest, "root_found",
                        arena_printf(a, "root %lld %lld", (long long)first, (long long)people[i]),
                        entry->recorded_at, e);
    arena_close(a);
    return ok;
}

/* A page with more new cases than this is a ledger coming in, or a storm: the screen shows the proposals, and nobody is rung for each. */
enum { CALM = 30 };

struct told {
    struct journal_entry entry;
    const char *template; /* may be null */
    bool placed;          /* kind, category or place are new */
};

bool notice_catch_up(struct core *core, struct db *db, int64_t most, int64_t *ret_done, struct error *e)
{
    struct journal_cursor cursor;
    struct arena *a = arena_open();
    struct told *list = ARENA_ARRAY(a, struct told, most);
    struct journal_entry entry;
    struct db_rows r;
    size_t n = 0, born = 0;

    *ret_done = 0;
    bool ok = cursor_get(db, false, "notice", &cursor, e) && journal_after(db, &r, cursor, most, e);
    if (ok) {
        while (journal_next(&r, &entry)) {
            const char *template = entry.subject_kind == SUBJECT_CASE ? notice_of(core, entry.verb) : NULL;
            cursor = (struct journal_cursor){entry.xid, entry.seq};
            (*ret_done)++;
            bool placed = entry.subject_kind == SUBJECT_CASE && (entry.n == 1 || str_is(entry.verb, "correct"));
            born += placed;
            if (template != NULL || placed)
                list[n++] = (struct told){entry, template, placed};
        }
        ok = db_end(&r, e);
    }
    for (size_t i = 0; i < n && ok; i++)
        ok = (list[i].template == NULL || tell(core, db, a, &list[i].entry, list[i].template, e)) &&
             (!list[i].placed || born > CALM || tell_root(core, db, &list[i].entry, e));
    ok = ok && (*ret_done == 0 || cursor_set(db, false, "notice", cursor, e));
    arena_close(a);
    return ok;
}

bool notice_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w, int64_t account,
                       enum lang lang, struct error *e)
{
    struct db_rows r;
    int64_t unseen;
    char id[ID_TEXT];

    (void)core;
    if (!db_one_int(db, &unseen, 0, e, "select count(*) from notice where account = ?1 and seen_at is null",
                    ARGS(INT(account))) ||
        !db_rows(db, &r, e,
                 "select n.template, n.at, n.seen_at, c.uuid, c.number from notice n left join cases c on c.id = n.case_id where n.account = ?1 "
                 "order by n.id desc limit 100",
                 ARGS(INT(account))))
        return false;
    jw_object(w);
    jw_kint(w, "unseen", unseen);
    jw_karray(w, "items");
    while (db_next(&r)) {
        struct str template = db_text(&r, 0);
        const char *key = arena_printf(a, "notice.%.*s", (int)template.n, template.p);
        jw_object(w);
        jw_kz(w, "text", lang_word(lang, key));
        jw_ktime(w, "at", db_int(&r, 1));
        jw_kbool(w, "seen", !db_null(&r, 2));
        jw_key(w, "case");
        if (db_null(&r, 3)) {
            jw_null(w);
        } else {
            id_format(db_id(&r, 3), id);
            jw_text(w, str_of(id));
        }
        jw_ktext(w, "number", db_text(&r, 4));
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_end_object(w);
    return db_end(&r, e);
}

bool notice_mark_seen(struct db *db, int64_t account, struct error *e)
{
    return db_exec(db, e, "update notice set seen_at = ?2 where account = ?1 and seen_at is null",
                   ARGS(INT(account), INT(time_now())));
}
