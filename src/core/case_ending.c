/* How a case ends, is judged, comes back, and how its record is put right. */
#include "base/time.h"
#include "core/case_parts.h"
#include "core/case_verbs.h"
#include "core/scope.h"
#include "core/unit.h"
#include "core/verb.h"

/* A resident may still judge some weeks after the case was filed away. */
static const int64_t judge_window = 30 * (int64_t)TIME_DAY;

bool may_settle(const struct case_row *c, const struct actor *a)
{
    if ((c->flags & (FLAG_PAUSED | FLAG_JOINT)) != 0 && a->kind != ACTOR_SYSTEM)
        return false; /* who leads settles once all have reported */
    /* Referred: we still answer, the office settles only what was handed over to it. Handed over: it alone, once it signed. */
    if (c->office == 0)
        return true;
    bool theirs = scope_holds_office(a, c->office);
    return c->office_mode == MODE_TRANSFER ? theirs && c->office_signed != 0 : !theirs || a->kind == ACTOR_SYSTEM;
}

bool may_judge(const struct case_row *c, const struct actor *a)
{
    if (c->state == STATE_MERGED && ((c->flags & FLAG_ANSWERED) == 0 || c->resolved != 0))
        return false;
    if (c->resolved != 0 && c->state == STATE_CLOSED)
        return false;
    if (c->state == STATE_CLOSED && time_now() > c->closed_at + judge_window)
        return false;
    /* Never through the one who handled it (R4). */
    return a->kind != ACTOR_ACCOUNT || (a->account != c->handler && a->account != c->settled_by);
}

bool case_settled(struct work *w, struct str outcome, struct str result, struct error *e)
{
    struct case_row *c = &w->c;
    const struct outcome *o = pack_outcome(w->pack, c->kind, outcome);

    if (o == NULL)
        return error_set(e, ERROR_NOT_A_CHOICE, "outcome");
    w->state_to = STATE_SETTLED;
    w->open = true;
    w->stops |= TICKS(REPLY) | TICKS(PROGRESS) | TICKS(SETTLE) | TICKS(SIGN) | TICKS(MEDIATE);
    /* The result is the reply that the resident can read: no case ends without one. */
    case_replied(w);
    w->starts = TICKS(JUDGE);
    c->outcome = o->code;
    c->settled_at = w->at;
    c->settled_by = work_doer(w);
    c->settled_level = c->level;
    c->resolved = c->satisfied = 0;
    c->flags &= ~(unsigned)(FLAG_URGED | FLAG_SENT_BACK | FLAG_EXTENSION_ASKED | FLAG_EXTENSION_ABOVE |
                            FLAG_REVISITED | FLAG_HELD | FLAG_AGREED | FLAG_JOINT);
    (void)json_object_set_new(w->words, "result", json_stringn(result.p, result.n));
    (void)json_object_set_new(w->words, "told_how",
                              json_stringn(work_text(w, "told_how").p ? work_text(w, "told_how").p : "",
                                           work_text(w, "told_how").n));
    if (c->office != 0 &&
        !db_exec(w->db, e,
                 "update referral set answered_at = coalesce(answered_at, ?2) where case_id = ?1 and returned_at is null",
                 ARGS(INT(c->id), INT(w->at))))
        return false;
    return work_add_files(w, SUBJECT_CASE, c->id, true, e);
}

bool apply_settle(struct work *w, struct error *e)
{
    case_set_quantity(&w->c, json_object_get(w->fields, "quantity"));
    return case_settled(w, work_text(w, "outcome"), work_text(w, "result"), e);
}

/* Back to work, with fresh promises: an unhappy answer restarts the clocks (G4). */
static void back_to_work(struct work *w)
{
    struct case_row *c = &w->c;
    w->state_to = STATE_WORKING;
    w->starts = TICKS(REPLY) | TICKS(PROGRESS) | TICKS(SETTLE);
    w->stops = TICKS(JUDGE) | TICKS(PERFORM) | TICKS(VISIT) | TICKS(CONFIRM);
    c->reopened++;
    c->settled_at = c->closed_at = 0;
    c->outcome = (struct str){NULL, 0};
    c->office = c->office_mode = c->office_signed = 0;
    c->flags &= ~(unsigned)(FLAG_REFERRED | FLAG_REVISITED | FLAG_HELD | FLAG_AGREED | FLAG_JOINT | FLAG_ASKED);
    if (c->level == LEVEL_SPOT)
        c->level = LEVEL_GROUP;
}

static const char *const resolved_words[] = {"", "yes", "part", "no"}, *const satisfied_words[] = {"", "yes",
                                                                                                   "ok", "no"};

static int64_t word_index(const char *const words[4], struct str s)
{
    for (int i = 1; i < 4; i++)
        if (str_is(s, words[i]))
            return i;
    return 0;
}

/* With an outcome it is the answer, and may be judged; without, a word on the way. */
bool apply_hear(struct work *w, struct error *e)
{
    struct str text = work_text(w, "text"), outcome = work_text(w, "outcome");
    (void)e;
    if (outcome.n == 0)
        return true;
    (void)json_object_set_new(w->words, "result", json_stringn(text.p, text.n));
    w->c.outcome = outcome;
    w->c.flags |= FLAG_ANSWERED;
    w->c.resolved = w->c.satisfied = 0;
    return true;
}

bool apply_judge(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    int64_t resolved = word_index(resolved_words, work_text(w, "resolved")),
            satisfied = word_index(satisfied_words, work_text(w, "satisfied"));

    if (resolved == 0 || satisfied == 0)
        return error_set(e, ERROR_NOT_A_CHOICE, resolved == 0 ? "resolved" : "satisfied");
    if (w->actor->kind == ACTOR_ACCOUNT && !work_has(w, "for"))
        return error_set(e, ERROR_MISSING, "for"); /* whose word it is, and how it came */
    c->resolved = resolved;
    c->satisfied = satisfied;
    struct str text = work_text(w, "text");
    (void)json_object_set_new(
        w->words, "judgement",
        json_pack("{s:s%,s:I}", "text", text.p ? text.p : "", text.n, "at", (json_int_t)w->at));
    if (resolved == RESOLVED_NO && c->state != STATE_MERGED) /* what it was joined to goes back instead */
        back_to_work(w);
    return true;
}

bool apply_reopen(struct work *w, struct error *e)
{
    (void)e;
    back_to_work(w);
    return true;
}

bool apply_revisit(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    if (w->actor->kind == ACTOR_ACCOUNT && w->actor->account == c->settled_by)
        return error_set(e, ERROR_FORBIDDEN, "verb"); /* someone else looks again */
    c->flags |= FLAG_REVISITED;
    if (json_flag(w->fields, "holds"))
        c->flags |= FLAG_HELD;
    else
        back_to_work(w);
    return work_add_files(w, SUBJECT_CASE, c->id, false, e);
}

bool apply_close(struct work *w, struct error *e)
{
    (void)e;
    w->c.closed_at = w->at;
    return true;
}

bool apply_decline(struct work *w, struct error *e)
{
    (void)e;
    struct str reason = work_text(w, "reason"), guidance = work_text(w, "guidance");
    if (w->c.replied_at == 0)
        w->c.replied_at = w->at;
    w->c.closed_at = w->at;
    (void)json_object_set_new(w->words, "result",
                              json_string(arena_printf(w->arena, "%.*s\n%.*s", (int)reason.n, reason.p,
                                                       (int)guidance.n, guidance.p)));
    return true;
}

bool apply_merge(struct work *w, struct error *e)
{
    struct case_row into;
    enum sight sight;
    struct id uuid;

    if (!id_parse(work_text(w, "into"), &uuid) || !case_load(w->db, w->arena, uuid, false, &into, e) ||
        !scope_sight(w->db, w->actor, &into, &sight, e) || sight < SIGHT_WORK)
        return error_set(e, ERROR_NOT_FOUND, "into");
    if (into.id == w->c.id || into.state == STATE_MERGED || into.state == STATE_WITHDRAWN)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "into");
    if (w->c.replied_at == 0)
        w->c.replied_at = w->at;
    w->c.merged_into = into.id;
    w->c.closed_at = w->at;
    return db_exec(w->db, e,
                   "insert into case_link(case_id, other, relation) values(?1, ?2, 1) on conflict do nothing",
                   ARGS(INT(w->c.id), INT(into.id)));
}

bool apply_withdraw(struct work *w, struct error *e)
{
    if (w->actor->kind == ACTOR_ACCOUNT && !work_has(w, "for"))
        return error_set(e, ERROR_MISSING, "for");
    w->c.closed_at = w->at;
    return true;
}

/* The old value stays in the journal; the number stays whatever the kind becomes. */
static void keep_old(struct work *w, const char *name, struct str old)
{
    json_t *was = json_object_get(w->record, "was");
    if (was == NULL) {
        was = json_object();
        (void)json_object_set_new(w->record, "was", was);
    }
    (void)json_object_set_new(was, name, json_stringn(old.p != NULL ? old.p : "", old.n));
}

static bool correct_kind(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    enum kind kind = c->kind;
    struct str category = work_text(w, "category");

    if (work_has(w, "kind") && (!kind_parse(work_text(w, "kind"), &kind) || kind == KIND_TALK))
        return error_set(e, ERROR_NOT_A_CHOICE, "kind");
    if (category.n == 0 && kind == c->kind)
        return true;
    if (category.n == 0)
        category = w->pack->kinds[kind].fallback;
    const struct category *found = pack_category(w->pack, kind, category);
    if (found == NULL)
        return error_set(e, ERROR_NOT_A_CHOICE, "category");
    keep_old(w, "kind", str_of(kind_code(c->kind)));
    keep_old(w, "category", c->category);
    c->kind = kind;
    c->category = found->code;
    c->class = case_class(found, (c->class & CLASS_BYPASS) != 0);
    w->category = found;
    return true;
}

static bool correct_unit(struct work *w, struct error *e)
{
    struct unit u, old;
    struct str code = work_text(w, "unit");
    if (code.n == 0)
        return true;
    if (!unit_by_code(w->db, w->arena, code, &u, e) ||
        (w->actor->kind == ACTOR_ACCOUNT && !scope_reaches(w->actor, u.ord, POSTS_ALL)))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    if (u.level < UNIT_COMMITTEE)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "unit");
    if (!unit_load(w->db, w->arena, w->c.unit, &old, e))
        return false;
    keep_old(
        w, "unit",
        str_of(arena_printf(w->arena, "%.*s %.*s", (int)old.code.n, old.code.p, (int)old.name.n, old.name.p)));
    w->c.unit = u.id;
    w->c.scope = w->scope = u.ord;
    return true;
}

bool apply_correct(struct work *w, struct error *e)
{
    static const char *const texts[] = {"title", "text", "place"};
    if (!correct_kind(w, e) || !correct_unit(w, e))
        return false;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct str fresh = work_text(w, texts[i]);
        if (!work_has(w, texts[i]))
            continue;
        keep_old(w, texts[i], json_text(w->words, texts[i]));
        (void)json_object_set_new(w->words, texts[i], json_stringn(fresh.p != NULL ? fresh.p : "", fresh.n));
    }
    case_set_quantity(&w->c, json_object_get(w->fields, "quantity"));
    if (work_has(w, "danger"))
        w->c.flags =
            json_flag(w->fields, "danger") ? w->c.flags | FLAG_DANGER : w->c.flags & ~(unsigned)FLAG_DANGER;
    return work_add_persons(w, e);
}
