/* From acceptance to the brink of settling: who handles it, what they do and where it is sent. */
#include "base/time.h"
#include "core/case_parts.h"
#include "core/case_verbs.h"
#include "core/office.h"
#include "core/recusal.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/verb.h"

bool may_accept(const struct case_row *c, const struct actor *a)
{
    if (c->office != 0)
        return c->office_signed == 0 && (a->kind == ACTOR_SYSTEM || scope_holds_office(a, c->office));
    return c->state == STATE_REPORTED &&
           (a->kind == ACTOR_SYSTEM || scope_reaches(a, c->scope, POSTS_DESK | POSTS_MEDIATOR | AS(DISPATCHER)));
}

bool may_take(const struct case_row *c, const struct actor *a)
{
    /* The desk may take over; in the village one takes what nobody has yet. */
    return c->office == 0 && c->handler != a->account &&
           (c->handler == 0 || actor_is(a, POSTS_DESK | POSTS_MEDIATOR));
}

bool is_referred(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return c->office != 0;
}

bool may_refer(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return c->office == 0;
}

bool may_escalate(const struct case_row *c, const struct actor *a)
{
    /* A department sends back; going up is the committee's and the centre's. */
    bool theirs = scope_holds_office(a, c->office) && !actor_is(a, POSTS_DESK | AS(DISPATCHER));
    return c->level < LEVEL_COUNTY && !theirs;
}

bool may_delegate(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return c->level >= LEVEL_TOWN;
}

bool not_paused(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return (c->flags & FLAG_PAUSED) == 0;
}

bool is_paused(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return (c->flags & FLAG_PAUSED) != 0;
}

bool no_extension_asked(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return (c->flags & FLAG_EXTENSION_ASKED) == 0;
}

/* The first one is the committee's head's to grant, as in petitions the head of the body that handles it; a second one, and whatever has left the committee
 * or is in the head's own hands, the level above's. Never theirs who ask. */
bool may_grant_extension(const struct case_row *c, const struct actor *a)
{
    bool above = (c->flags & FLAG_EXTENSION_ABOVE) != 0;
    if ((c->flags & FLAG_EXTENSION_ASKED) == 0 || actor_acts_for(a, c->handler) ||
        (above && scope_holds_office(a, c->office)))
        return false;
    return scope_reaches(a, c->scope, above ? POSTS_ABOVE : AS(CHAIR));
}

bool has_handler(const struct case_row *c, const struct actor *a)
{
    (void)a;
    return c->handler != 0;
}

/* Something moved: what was urged has been answered, what came back has been taken up. */
void case_moved(struct work *w)
{
    w->c.flags &= ~(unsigned)(FLAG_URGED | FLAG_SENT_BACK);
}

/* Makes an account the handler, whom `field` names; the former one stays readable as such. */
static bool set_handler(struct work *w, int64_t account, const char *field, struct error *e)
{
    struct case_row *c = &w->c;

    if (!recusal_free(w, account, field, e))
        return false;
    if (c->handler != 0 && c->handler != account &&
        !case_worker_set(w->db, c->id, c->handler, WORKER_FORMER, w->at, e))
        return false;
    c->handler = account;
    if (c->accepted_at == 0) {
        c->accepted_at = w->at;
        w->starts |= TICKS(SETTLE);
    }
    case_moved(w);
    return case_worker_set(w->db, c->id, account, WORKER_HANDLER, w->at, e);
}

bool apply_accept(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    if (c->office == 0) {
        c->accepted_at = w->at;
        w->state_to = STATE_ACCEPTED;
        w->starts = TICKS(PROGRESS) | TICKS(SETTLE);
        /* Taken in at the desk, it is the committee's, unless the level above took it in. */
        if (c->level == LEVEL_GROUP)
            c->level = LEVEL_COMMITTEE;
        /* 首接负责: who takes it in answers for it until it is given to someone. */
        return c->handler != 0 || w->actor->kind != ACTOR_ACCOUNT ||
               set_handler(w, w->actor->account, "verb", e);
    }
    c->office_signed = w->at;
    w->stops = TICKS(SIGN);
    w->starts = TICKS(PROGRESS);
    if (w->actor->kind == ACTOR_ACCOUNT && !case_worker_set(w->db, c->id, w->actor->account, WORKER_CO, w->at, e))
        return false;
    return db_exec(
        w->db, e,
        "update referral set signed_at = ?2 where case_id = ?1 and signed_at is null and returned_at is null",
        ARGS(INT(c->id), INT(w->at)));
}

/* An account that may work on the case: one of its posts reaches it. */
static bool colleague(struct work *w, const char *field, struct actor *ret, struct error *e)
{
    struct id uuid;
    int64_t account;
    if (!id_parse(work_text(w, field), &uuid) || !subject_id(w->db, SUBJECT_ACCOUNT, uuid, &account, e) ||
        !actor_load(w->db, w->arena, account, day_of(w->at), ret, e))
        return error_set(e, ERROR_NOT_FOUND, field);
    ret->uuid = uuid;
    return scope_reaches(ret, w->c.scope, POSTS_WORK) || error_set(e, ERROR_NOT_ALLOWED_HERE, field);
}

static enum level level_of(const struct work *w, const struct actor *a)
{
    const struct actor_post *p = actor_post_at(a, w->c.scope, POSTS_WORK);
    if (p == NULL)
        return w->c.level;
    if ((POSTS_FIELD >> p->post & 1) != 0)
        return LEVEL_GROUP;
    return unit_case_level(p->level < UNIT_COMMITTEE ? p->level : UNIT_COMMITTEE);
}

/* An officer may take it down for an elder who only has a telephone (D2): `for.account`. */
bool apply_take(struct work *w, struct error *e)
{
    struct actor who = *w->actor;
    if (w->behalf != 0 && !actor_load(w->db, w->arena, w->behalf, day_of(w->at), &who, e))
        return false;
    if (w->c.level <= LEVEL_COMMITTEE)
        w->c.level = level_of(w, &who);
    return set_handler(w, who.account, w->behalf != 0 ? "for.account" : "verb", e);
}

bool apply_assign(struct work *w, struct error *e)
{
    struct actor who;
    if (!colleague(w, "to", &who, e))
        return false;
    w->c.level = level_of(w, &who);
    return set_handler(w, who.account, "to", e);
}

bool apply_co_handle(struct work *w, struct error *e)
{
    struct actor who;
    int64_t role;
    if (!colleague(w, "with", &who, e) || !recusal_free(w, who.account, "with", e) ||
        !case_worker_role(w->db, w->c.id, who.account, &role, e))
        return false;
    if (role == WORKER_HANDLER || role == WORKER_CO)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "with");
    return case_worker_set(w->db, w->c.id, who.account, WORKER_CO, w->at, e);
}

bool apply_answer_consult(struct work *w, struct error *e)
{
    (void)e;
    case_moved(w);
    return true;
}

/* Somebody who knows is asked. What they said may be passed on at once: then it is the reply that the resident reads. */
bool apply_consult(struct work *w, struct error *e)
{
    if (!work_has(w, "account") && work_text(w, "whom").n == 0)
        return error_set(e, ERROR_MISSING, "whom");
    case_moved(w);
    if (work_text(w, "resident_told").n == 0)
        return true;
    if (work_text(w, "answer").n == 0)
        return error_set(e, ERROR_MISSING, "answer");
    case_replied(w);
    w->open = true;
    w->stops |= TICKS(REPLY);
    return true;
}

/* The first word that the resident can read, or was told. */
void case_replied(struct work *w)
{
    struct case_row *c = &w->c;
    if (c->replied_at == 0)
        c->replied_at = w->at;
    if (c->accepted_at == 0) {
        c->accepted_at = w->at;
        w->starts |= TICKS(SETTLE);
    }
}

bool apply_reply(struct work *w, struct error *e)
{
    case_replied(w);
    case_moved(w);
    if (w->c.office != 0 && w->c.office_signed != 0 && scope_holds_office(w->actor, w->c.office) &&
        !db_exec(w->db, e,
                 "update referral set answered_at = ?2 where case_id = ?1 and answered_at is null and returned_at is null",
                 ARGS(INT(w->c.id), INT(w->at))))
        return false;
    return work_add_files(w, SUBJECT_CASE, w->c.id, true, e);
}

bool apply_progress(struct work *w, struct error *e)
{
    w->open = json_flag(w->fields, "open");
    case_moved(w);
    return work_add_files(w, SUBJECT_CASE, w->c.id, w->open, e);
}

bool apply_pause(struct work *w, struct error *e)
{
    w->c.flags |= FLAG_PAUSED;
    (void)time_parse(work_text(w, "until"), &w->c.paused_until);
    if (w->c.paused_until != 0 && w->c.paused_until <= w->at)
        return error_set(e, ERROR_OUT_OF_RANGE, "until");
    return clock_pause(w->core, w->db, &w->c, w->at, e);
}

bool apply_resume(struct work *w, struct error *e)
{
    w->c.flags &= ~(unsigned)(FLAG_PAUSED | FLAG_ASKED);
    w->c.paused_until = 0;
    return clock_resume(w->core, w->db, &w->c, w->at, e);
}

/* The resident is asked something, and the promises wait until they answer; for a week unless another day is named. */
bool apply_ask(struct work *w, struct error *e)
{
    if (!apply_pause(w, e))
        return false;
    w->c.flags |= FLAG_ASKED;
    if (w->c.paused_until == 0)
        w->c.paused_until = w->at + 7 * (int64_t)TIME_DAY;
    return true;
}

/* Is there a head of the committee who may decide: none of those who handle it or stand in for them? */
static bool head_decides(struct work *w, bool *ret, struct error *e)
{
    int64_t head;
    if (!db_one_int(
            w->db, &head, 0, e,
            UNITS_ABOVE(
                "?1") "select p.account from above u join post p on p.unit = u.id and p.post = ?2 where p.from_day <= ?3 "
                      "and (p.to_day is null or p.to_day > ?3) and p.account not in (?4, ?5) and (p.stands_in_for is null or p.stands_in_for not in (?4, ?5)) "
                      "and not exists (select 1 from post s where s.account = p.account and s.stands_in_for in (?4, ?5) and s.from_day <= ?3 "
                      "and (s.to_day is null or s.to_day > ?3)) "
                      "and not exists (select 1 from case_worker k where k.case_id = ?6 and k.account = p.account and k.role = ?7) limit 1",
            ARGS(INT(w->c.unit), INT(POST_CHAIR), INT(day_of(w->now)), INT(w->c.handler),
                 INT(w->actor->account), INT(w->c.id), INT(WORKER_RECUSED))))
        return false;
    *ret = head != 0;
    return true;
}

bool apply_ask_extension(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    bool head = false;

    if (c->office == 0 && c->level <= LEVEL_COMMITTEE && (c->flags & FLAG_EXTENDED) == 0 &&
        !head_decides(w, &head, e))
        return false;
    c->flags |= FLAG_EXTENSION_ASKED | (head ? 0 : FLAG_EXTENSION_ABOVE);
    (void)json_object_set(w->words, "extension_days", json_object_get(w->fields, "days"));
    (void)json_object_set(w->words, "extension_reason", json_object_get(w->fields, "reason"));
    return true;
}

bool apply_grant_extension(struct work *w, struct error *e)
{
    int64_t days = json_int(w->words, "extension_days", 0);

    w->c.flags &= ~(unsigned)(FLAG_EXTENSION_ASKED | FLAG_EXTENSION_ABOVE);
    (void)json_object_del(w->words, "extension_days");
    (void)json_object_del(w->words, "extension_reason");
    if (!json_flag(w->fields, "granted"))
        return work_text(w, "reason").n > 0 || error_set(e, ERROR_MISSING, "reason");
    w->c.flags |= FLAG_EXTENDED;
    (void)json_object_set_new(w->record, "days", json_integer(days));
    return clock_extend(w->core, w->db, &w->c, days, e);
}

/* The handler steps back, by himself or because the resident asked (G19). */
bool apply_recuse(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    int64_t account = c->handler;
    struct id uuid;

    if (work_has(w, "account") &&
        (!id_parse(work_text(w, "account"), &uuid) || !subject_id(w->db, SUBJECT_ACCOUNT, uuid, &account, e)))
        return error_set(e, ERROR_NOT_FOUND, "account");
    if (account == c->handler)
        c->handler = 0;
    /* What they were told of it goes too: a notice names the case. */
    return case_worker_set(w->db, c->id, account, WORKER_RECUSED, w->at, e) &&
           db_exec(w->db, e, "delete from notice where account = ?1 and case_id = ?2",
                   ARGS(INT(account), INT(c->id)));
}

bool apply_urge(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;
    /* A resident once a day; the level above as often as it has a reason. */
    if (w->actor->kind == ACTOR_RESIDENT && c->urged_at != 0 && day_of(c->urged_at) == day_of(w->at))
        return error_set(e, ERROR_THROTTLED, "verb");
    if (w->actor->kind == ACTOR_ACCOUNT && work_text(w, "text").n == 0)
        return error_set(e, ERROR_MISSING, "text");
    if (w->actor->kind == ACTOR_RESIDENT)
        c->urged_at = w->at;
    c->flags |= FLAG_URGED;
    return true;
}

bool apply_add(struct work *w, struct error *e)
{
    if (work_text(w, "text").n == 0 && json_array_size(json_object_get(w->fields, "files")) == 0)
        return error_set(e, ERROR_MISSING, "text");
    /* What was asked is answered: the promises go on. */
    bool resident = w->actor->kind == ACTOR_RESIDENT || work_has(w, "for");
    if (resident && (w->c.flags & FLAG_ASKED) != 0 && !apply_resume(w, e))
        return false;
    return work_add_files(w, SUBJECT_CASE, w->c.id, true, e);
}
