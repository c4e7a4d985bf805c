#include "core/thanks.h"

#include "base/time.h"
#include "core/account.h"
#include "core/case.h"
#include "core/names.h"
#include "core/pack.h"

static bool write_line(struct core *core, struct db *db, struct arena *a, struct names *names, int64_t id,
                       struct thanks *ret, struct error *e)
{
    struct thanks_line *line = &ret->lines[ret->n];
    struct name unit;
    struct case_row c;

    if (!case_load_id(db, a, id, &c, e) || !names_get(names, db, a, NAME_UNIT, c.unit, &unit, e))
        return false;
    const struct pack *p = core_pack(core, db, c.pack, e);
    if (p == NULL)
        return false;
    const struct category *category = pack_category(p, c.kind, c.category);
    const struct outcome *outcome = pack_outcome(p, c.kind, c.outcome);
    /* children's matters and what is handed to the police are nobody's to tell of, not even so */
    if (c.key.n == 0 || outcome == NULL || (c.class & (CLASS_MINOR | CLASS_RESTRICTED | CLASS_BYPASS)) != 0)
        return true;
    *line = (struct thanks_line){.day = day_of(c.settled_at),
                                 .unit = unit.name,
                                 .what = category != NULL ? category->label : p->kinds[c.kind].label,
                                 .how = outcome->label};
    if (c.resolved == RESOLVED_YES) {
        json_t *words = case_words(core, a, &c, NULL);
        line->said = arena_str(a, json_text(json_object_get(words, "judgement"), "text"));
        json_decref(words);
    }
    ret->disputes_alone = ret->disputes_alone && c.kind == KIND_DISPUTE;
    ret->n++;
    return true;
}

bool thanks_read(struct core *core, struct db *db, struct arena *a, int64_t account, int32_t from,
                 int32_t until, struct thanks *ret, struct error *e)
{
    struct names names = names_open(core, a);
    int64_t ids[THANKS_MOST];
    struct account who;
    struct db_rows r;
    size_t n = 0;

    *ret = (struct thanks){.disputes_alone = true};
    if (!account_load(core, db, a, account, &who, e) ||
        !db_rows(db, &r, e,
                 "select c.id from case_worker k join cases c on c.id = k.case_id where k.account = ?1 and k.role in (?2, ?3) and c.settled_at >= ?4 and "
                 "c.settled_at < ?5 order by c.settled_at limit 60",
                 ARGS(INT(account), INT(WORKER_HANDLER), INT(WORKER_CO), INT(day_start(from)),
                      INT(day_start(until)))))
        return false;
    while (n < THANKS_MOST && db_next(&r))
        ids[n++] = db_int(&r, 0);
    if (!db_end(&r, e))
        return false;
    ret->name = who.name;
    for (size_t i = 0; i < n; i++)
        if (!write_line(core, db, a, &names, ids[i], ret, e))
            return false;
    ret->disputes_alone = ret->disputes_alone && ret->n > 0;
    return true;
}
