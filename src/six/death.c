#include "six/death.h"

#include "core/notice.h"
#include "core/person.h"
#include "core/unit.h"
#include "core/verb.h"
#include "six/six.h"
#include "six/subsidy.h"

enum { ROWS_MOST = 16 };

static bool leave_lists(struct work *w, struct error *e)
{
    const struct actor system = actor_system();
    struct id ids[ROWS_MOST];
    struct db_rows r;
    size_t n = 0;

    if (!db_rows(w->db, &r, e,
                 "select uuid from register_row where person = ?1 and register = ?2 and open = 1 order by id limit ?3",
                 ARGS(INT(w->subject), INT(SUBJECT_CARE), INT(ROWS_MOST))))
        return false;
    while (n < ROWS_MOST && db_next(&r))
        ids[n++] = db_id(&r, 0);
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!command_follow(w, &system, SUBJECT_CARE, "end", ids[i], json_pack("{s:s}", "reason", "本人去世"),
                            NULL, e))
            return false;
    return true;
}

/* Payment tables hold no person, only what proves one: whoever notes the death is told that the name stands there. */
static bool look_in_tables(struct work *w, struct error *e)
{
    struct identity who;
    struct unit_place at;
    struct str unit;
    char id[ID_TEXT];
    int64_t lines;
    bool erased;

    if (w->actor->kind != ACTOR_ACCOUNT)
        return true;
    if (!db_one_text(w->db, w->arena, &unit, e,
                     "select u.code from person p join unit u on u.id = p.unit where p.id = ?1",
                     ARGS(INT(w->subject))) ||
        !unit_place(w->db, w->arena, unit, &at, e) ||
        !person_open(w->core, w->db, w->arena, w->subject, &who, &erased, e))
        return false;
    if (erased || !subsidy_count(w->core, w->db, w->arena, who.name, who.id_no, at.committee.ord,
                                 at.committee.ord_end, &lines, e))
        return erased;
    id_format(w->command->id, id);
    return lines == 0 || notice_add(w->db, w->actor->account, 0, "subsidy_stop", id, w->at, e);
}

static bool after_death(struct work *w, struct error *e)
{
    struct str day = work_text(w, "died_on");
    return leave_lists(w, e) && look_in_tables(w, e) &&
           applications_of_dead(w, w->subject, "bereave", json_pack("{s:s%}", "died_on", day.p, day.n), e);
}

static bool after_mistake(struct work *w, struct error *e)
{
    return applications_of_dead(w, w->subject, "keep_on",
                                json_pack("{s:s}", "reason", "登记去世有误，本人在世"), e);
}

const struct verb_rule death_rules[] = {
    {KIND_NONE, "died", NULL, after_death, SUBJECT_PERSON},
    {KIND_NONE, "alive", NULL, after_mistake, SUBJECT_PERSON},
    {0},
};
