/* The same need from many (R6): each keeps a matter of their own, with its own code; one is handled, and what is answered there is told in all. */
#include "base/time.h"
#include "core/scope.h"
#include "core/unit.h"
#include "six/six.h"

enum { JOINED_MOST = 2000 };

/* ---- Me too -------------------------------------------------------------------------------------------- */

static bool load_by_number(struct work *w, struct case_row *ret, struct error *e)
{
    int64_t id = 0;
    return case_by_number(w->db, work_text(w, "me_too"), &id, e) && id != 0 &&
           case_load_id(w->db, w->arena, id, ret, e);
}

/* Anybody joins what the pack lets be joined and what hides nothing, in their own committee, a steward for those who have no telephone; staff besides
 * whatever they work on. */
static bool may_join(struct work *w, const struct case_row *c, struct error *e)
{
    struct unit_place at;
    enum sight sight = SIGHT_NONE;
    const struct category *category = pack_category(w->pack, c->kind, c->category);

    if ((IN_LIVE >> c->state & 1) == 0 || !unit_place(w->db, w->arena, work_text(w, "unit"), &at, e))
        return false;
    if (c->scope < at.committee.ord || c->scope >= at.committee.ord_end)
        return false;
    if (c->class == 0 && category != NULL && json_flag(category->row, "joinable"))
        return true;
    return w->actor->kind == ACTOR_ACCOUNT && scope_sight(w->db, w->actor, c, &sight, e) && sight >= SIGHT_WORK;
}

/* Before the case is made: it is of the same kind and category. */
static bool join(struct work *w, struct error *e)
{
    struct case_row into;
    if (!work_has(w, "me_too"))
        return true;
    if (!load_by_number(w, &into, e) || !may_join(w, &into, e))
        return error_set(e, ERROR_NOT_FOUND, "me_too");
    w->c.kind = into.kind;
    w->category = pack_category(w->pack, into.kind, into.category);
    return w->category != NULL || error_set(e, ERROR_NOT_FOUND, "me_too");
}

/* What was answered already is told to who comes later. */
static void hear_result(struct work *w, const struct case_row *into)
{
    json_t *words = into->settled_at != 0 ? case_words(w->core, w->arena, into, NULL) : NULL;
    struct str result = json_text(words, "result");
    if (result.n > 0) {
        (void)json_object_set_new(w->words, "result", json_stringn(result.p, result.n));
        w->c.flags |= FLAG_ANSWERED;
        w->c.outcome = into->outcome;
    }
    json_decref(words);
}

static bool joined(struct work *w, struct error *e)
{
    struct case_row into;
    if (!work_has(w, "me_too"))
        return true;
    if (!load_by_number(w, &into, e))
        return error_set(e, ERROR_NOT_FOUND, "me_too");
    w->state_to = STATE_MERGED;
    w->starts = 0;
    w->c.merged_into = into.id;
    w->c.closed_at = w->c.replied_at = w->at;
    hear_result(w, &into);
    return true;
}

static bool after_merge(struct work *w, struct error *e)
{
    struct case_row into;
    if (!case_load_id(w->db, w->arena, w->c.merged_into, &into, e))
        return false;
    hear_result(w, &into);
    return true;
}

/* ---- One answer to all --------------------------------------------------------------------------------- */

static bool joined_ids(struct work *w, struct id **ret, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    *ret = ARENA_ARRAY(w->arena, struct id, JOINED_MOST);
    *ret_n = 0;
    if (!db_rows(w->db, &r, e,
                 "select c.uuid from case_link l join cases c on c.id = l.case_id where l.other = ?1 and "
                 "l.relation = 1 and c.state = ?2 and c.key is not null order by c.id limit ?3",
                 ARGS(INT(w->c.id), INT(STATE_MERGED), INT(JOINED_MOST))))
        return false;
    while (*ret_n < JOINED_MOST && db_next(&r))
        (*ret)[(*ret_n)++] = db_id(&r, 0);
    return db_end(&r, e);
}

static struct str said(const struct work *w)
{
    static const char *const names[] = {"result", "guidance", "text", "resident_told"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (work_text(w, names[i]).n > 0)
            return work_text(w, names[i]);
    return (struct str){NULL, 0};
}

/* Each of those that were joined hears it, as a step of its own that its resident reads. */
static bool tell_all(struct work *w, struct error *e)
{
    struct actor system = actor_system();
    struct str text = said(w), outcome = work_text(w, "outcome");
    struct id *ids;
    size_t n;

    if (!w->open || text.n == 0)
        return true;
    if (!joined_ids(w, &ids, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        json_t *fields = json_pack("{s:s%}", "text", text.p, text.n);
        if (outcome.n > 0)
            (void)json_object_set_new(fields, "outcome", json_stringn(outcome.p, outcome.n));
        if (!command_follow(w, &system, SUBJECT_CASE, "hear", ids[i], fields, NULL, e))
            return false;
    }
    return true;
}

/* One of them says that it is not resolved: then it is not, for nobody (R4). */
static bool after_judge(struct work *w, struct error *e)
{
    struct actor system = actor_system();
    struct case_row into;
    struct str text = work_text(w, "text");

    if (w->c.state != STATE_MERGED || w->c.resolved != RESOLVED_NO)
        return true;
    if (!case_load_id(w->db, w->arena, w->c.merged_into, &into, e))
        return false;
    if (into.state != STATE_SETTLED && into.state != STATE_CLOSED)
        return true;
    return command_follow(
        w, &system, SUBJECT_CASE, "reopen", into.uuid,
        json_pack("{s:s}", "reason",
                  arena_printf(w->arena, "一起反映的 %.*s 说没有解决：%.*s", (int)w->c.number.n,
                               w->c.number.p, (int)text.n, text.p != NULL ? text.p : "")),
        NULL, e);
}

const struct verb_rule join_rules[] = {
    {KIND_NONE, "report", join, joined},     {KIND_NONE, "merge", NULL, after_merge},
    {KIND_NONE, "reply", NULL, tell_all},    {KIND_NONE, "consult", NULL, tell_all},
    {KIND_NONE, "progress", NULL, tell_all}, {KIND_NONE, "settle", NULL, tell_all},
    {KIND_NONE, "decline", NULL, tell_all},  {KIND_NONE, "hear", NULL, tell_all},
    {KIND_NONE, "judge", NULL, after_judge}, {0},
};
