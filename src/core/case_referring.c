/* Where a case is sent: to an office or several, up a level, down again, and back. */
#include "base/time.h"
#include "core/case_parts.h"
#include "core/case_verbs.h"
#include "core/office.h"
#include "core/power.h"
#include "core/scope.h"
#include "core/unit.h"
#include "core/verb.h"

/* The case lies with an office from now on. */
static bool send_to(struct work *w, const struct office *o, enum refer_mode mode, struct error *e)
{
    struct case_row *c = &w->c;
    struct unit unit;

    if (!unit_load(w->db, w->arena, o->unit, &unit, e))
        return false;
    c->office = o->id;
    c->office_mode = mode;
    c->office_signed = 0;
    c->level = unit_case_level(unit.level);
    c->flags |= FLAG_REFERRED;
    if ((c->flags & FLAG_EXTENSION_ASKED) != 0) /* what was asked before goes along */
        c->flags |= FLAG_EXTENSION_ABOVE;
    case_moved(w);
    return db_exec(w->db, e, "insert into referral(case_id, office, mode, sent_at) values(?1, ?2, ?3, ?4)",
                   ARGS(INT(c->id), INT(o->id), INT(mode), INT(w->at)));
}

/* Personal data goes along only with consent or a recorded reason (R3). */
static bool check_consent(struct work *w, struct error *e)
{
    int64_t people;
    const json_t *consent = json_object_get(w->fields, "consent");
    if (!db_one_int(w->db, &people, 0, e, "select count(*) from case_person where case_id = ?1",
                    ARGS(INT(w->c.id))))
        return false;
    if (people == 0 || json_flag(consent, "given") || work_text(w, "consent_reason").n > 0)
        return true;
    return error_set(e, ERROR_MISSING, "consent");
}

/* What a committee may not do itself goes with the article that says so (G14). */
static void say_why_handed_on(struct work *w, const struct office *o)
{
    const json_t *row = power_cannot(w->pack, w->c.kind, o->code);
    struct str basis = power_basis(w->arena, row), what = json_text(row, "what");
    if (row == NULL)
        return;
    (void)json_object_set_new(w->record, "cannot",
                              json_sprintf("%.*s（%.*s）", (int)what.n, what.p, (int)basis.n, basis.p));
}

bool apply_refer(struct work *w, struct error *e)
{
    struct office o;
    struct id uuid;
    enum refer_mode mode = str_is(work_text(w, "mode"), "transfer") ? MODE_TRANSFER : MODE_REFER;

    if (!id_parse(work_text(w, "office"), &uuid) || !office_by_uuid(w->db, w->arena, uuid, &o, e))
        return error_set(e, ERROR_NOT_FOUND, "office");
    if (!office_serves(w->db, &o, w->c.scope, e))
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "office");
    (void)json_object_set_new(w->record, "office", json_stringn(o.name.p, o.name.n));
    say_why_handed_on(w, &o);
    return check_consent(w, e) && send_to(w, &o, mode, e);
}

static void back_to_us(struct work *w)
{
    struct case_row *c = &w->c;
    c->office = c->office_mode = c->office_signed = 0;
    c->flags &= ~(unsigned)(FLAG_REFERRED | FLAG_JOINT);
    c->level = LEVEL_COMMITTEE;
}

/* An office may say within its days to object that it is not its own; after that it stays with who received it first. */
static bool may_object(struct work *w, struct error *e)
{
    int64_t sent_at;
    bool uncertain;
    char day[DATE_TEXT];

    if (w->actor->kind == ACTOR_SYSTEM || w->pack->object.milli == 0)
        return true;
    if (!db_one_int(w->db, &sent_at, w->at, e,
                    "select sent_at from referral where case_id = ?1 and office = ?2 and returned_at is null "
                    "order by id desc limit 1",
                    ARGS(INT(w->c.id), INT(w->c.office))))
        return false;
    int64_t due = term_due(w->core->calendar, sent_at, w->pack->object, &uncertain);
    if (w->at <= due)
        return true;
    date_format(day_of(due), day);
    return error_setf(e, ERROR_TOO_LATE, "verb", "%s", day);
}

/* Who sends back sends all back: the others report to the committee again when it is given on. */
static bool take_back(struct work *w, struct error *e)
{
    return db_exec(w->db, e, "update referral set returned_at = ?2 where case_id = ?1 and returned_at is null",
                   ARGS(INT(w->c.id), INT(w->at)));
}

static bool to_center(struct work *w, int level, struct error *e);

/* Sent back twice it is nobody's: it goes up by itself, to those who can say whose it is (R3). */
bool apply_send_back(struct work *w, struct error *e)
{
    enum { BOUNCES_UP = 2 };
    struct error why = {0};

    if (!may_object(w, e) || !take_back(w, e))
        return false;
    back_to_us(w);
    w->c.bounced++;
    w->c.flags |= FLAG_SENT_BACK;
    if (w->c.bounced < BOUNCES_UP)
        return true;
    if (to_center(w, UNIT_TOWN, &why)) {
        w->starts |= TICKS(SIGN);
        w->stops &= ~TICKS(SIGN);
        w->c.flags |= FLAG_SENT_BACK;
        return true;
    }
    if (why.code != ERROR_NOT_ALLOWED_HERE)
        *e = why;
    return why.code == ERROR_NOT_ALLOWED_HERE; /* no centre there yet: it stays with the committee */
}

/* One more office handles it; the first receiver leads. */
bool apply_join_office(struct work *w, struct error *e)
{
    struct office o;
    struct id uuid;
    int64_t there;

    if (!id_parse(work_text(w, "office"), &uuid) || !office_by_uuid(w->db, w->arena, uuid, &o, e))
        return error_set(e, ERROR_NOT_FOUND, "office");
    if (!db_one_int(w->db, &there, 0, e,
                    "select count(*) from referral where case_id = ?1 and office = ?2 and returned_at is null "
                    "and answered_at is null",
                    ARGS(INT(w->c.id), INT(o.id))))
        return false;
    if (there != 0 || !office_serves(w->db, &o, w->c.scope, e))
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "office");
    (void)json_object_set_new(w->record, "office", json_stringn(o.name.p, o.name.n));
    w->c.flags |= FLAG_JOINT;
    return check_consent(w, e) &&
           db_exec(w->db, e,
                   "insert into referral(case_id, office, mode, sent_at, joint) values(?1, ?2, ?3, ?4, 1)",
                   ARGS(INT(w->c.id), INT(o.id), INT(MODE_REFER), INT(w->at)));
}

/* A joint office says what it did; with the last one the lead may settle. */
bool apply_report_back(struct work *w, struct error *e)
{
    const struct actor *a = w->actor;
    int64_t left, reported = 0;

    for (size_t i = 0; i < a->post_count; i++) {
        if (!scope_holds_office(a, a->posts[i].office))
            continue;
        if (!db_exec(w->db, e,
                     "update referral set answered_at = ?3, signed_at = coalesce(signed_at, ?3) where case_id = ?1 "
                     "and office = ?2 and joint = 1 and answered_at is null and returned_at is null",
                     ARGS(INT(w->c.id), INT(a->posts[i].office), INT(w->at))))
            return false;
        reported += db_changes(w->db);
    }
    if (reported == 0)
        return error_set(e, ERROR_FORBIDDEN, "verb");
    if (!db_one_int(w->db, &left, 0, e,
                    "select count(*) from referral where case_id = ?1 and joint = 1 and answered_at is null "
                    "and returned_at is null",
                    ARGS(INT(w->c.id))))
        return false;
    if (left == 0)
        w->c.flags &= ~(unsigned)FLAG_JOINT;
    return work_add_files(w, SUBJECT_CASE, w->c.id, false, e);
}

/* To the mediation-and-governance centre (综治中心) of a level. */
static bool to_center(struct work *w, int level, struct error *e)
{
    struct office o;
    struct unit above;

    if (!unit_above(w->db, w->arena, w->c.unit, level, &above, e))
        return false;
    if (!office_by_code(w->db, w->arena, above.id, STR("center"), &o, e))
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "verb"); /* no centre there yet: the coverage check lists the gap */
    if (w->c.office != 0 && !take_back(w, e))
        return false;
    w->c.flags &= ~(unsigned)FLAG_JOINT;
    (void)json_object_set_new(w->record, "office", json_stringn(o.name.p, o.name.n));
    return send_to(w, &o, MODE_REFER, e);
}

/* Up one level: from the group to the committee, from there to the mediation-and-governance centre (综治中心) of the town, then of the county. */
bool apply_escalate(struct work *w, struct error *e)
{
    struct case_row *c = &w->c;

    case_moved(w);
    if (c->accepted_at == 0) {
        c->accepted_at = w->at;
        w->starts |= TICKS(SETTLE);
    }
    if (c->level < LEVEL_COMMITTEE) {
        c->level = LEVEL_COMMITTEE;
        w->starts &= ~TICKS(SIGN);
        return true;
    }
    int level = c->level == LEVEL_COMMITTEE ? UNIT_TOWN : UNIT_COUNTY;
    return to_center(w, level, e);
}

bool apply_delegate(struct work *w, struct error *e)
{
    if (!db_exec(w->db, e,
                 "update referral set answered_at = ?2 where case_id = ?1 and answered_at is null and returned_at is null",
                 ARGS(INT(w->c.id), INT(w->at))))
        return false;
    back_to_us(w);
    case_moved(w);
    return true;
}
