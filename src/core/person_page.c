/* A person's page. */
#include "base/time.h"
#include "core/account.h"
#include "core/case_read.h"
#include "core/form.h"
#include "core/person_once.h"
#include "core/register.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/verb.h"

enum { CASES_MOST = 200, MERGED_MOST = 50, STEPS_MOST = 200 };

struct page {
    struct core *core;
    struct db *db;
    struct arena *a;
    struct jw *w;
    const struct actor *actor;
    int64_t id, unit, scope, died_on, merged_into;
};

static bool load(struct page *p, struct id uuid, int64_t *ret_rev, struct error *e)
{
    struct db_rows r;
    bool found, may = false;

    if (!db_rows(p->db, &r, e, "select id, unit, scope, died_on, merged_into, rev from person where uuid = ?1",
                 ARGS(ID(uuid))))
        return false;
    found = db_next(&r);
    if (found) {
        p->id = db_int(&r, 0);
        p->unit = db_int(&r, 1);
        p->scope = db_int(&r, 2);
        p->died_on = db_int(&r, 3);
        p->merged_into = db_int(&r, 4);
        *ret_rev = db_int(&r, 5);
    }
    if (!db_end(&r, e) || (found && !person_may_see(p->db, p->actor, p->id, p->scope, &may, e)))
        return false;
    return may || error_set(e, ERROR_NOT_FOUND, NULL);
}

static void write_day(struct jw *w, const char *key, int64_t day)
{
    char date[DATE_TEXT];
    if (day != 0)
        date_format((int32_t)day, date);
    jw_kz(w, key, day != 0 ? date : NULL);
}

bool person_write_alike(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct actor *actor, const struct alike *rows, size_t n, struct error *e)
{
    static const unsigned by[] = {ALIKE_ID_NO, ALIKE_PHONE, ALIKE_NAME};

    jw_array(w);
    for (size_t i = 0; i < n; i++) {
        int64_t unit, died_on;
        struct str place;
        if (!db_one_int(db, &unit, 0, e, "select unit from person where id = ?1", ARGS(INT(rows[i].person))) ||
            !db_one_int(db, &died_on, 0, e, "select died_on from person where id = ?1",
                        ARGS(INT(rows[i].person))) ||
            !unit_full_name(db, a, unit, UNIT_COMMITTEE, &place, e))
            return false;
        jw_object(w);
        if (!person_write(core, db, a, w, rows[i].person, actor->lang, e))
            return false;
        jw_ktext(w, "unit", place);
        write_day(w, "died_on", died_on);
        jw_karray(w, "same");
        for (size_t k = 0; k < sizeof by / sizeof by[0]; k++)
            if ((rows[i].by & by[k]) != 0)
                jw_text(w, str_of(alike_field(by[k])));
        jw_end_array(w);
        jw_end_object(w);
    }
    jw_end_array(w);
    return true;
}

static bool write_alike(struct page *p, struct error *e)
{
    struct alike found[ALIKE_MOST];
    struct alike_query q;
    struct identity who;
    size_t n;

    if (!person_open(p->core, p->db, p->a, p->id, &who, NULL, e) ||
        !person_alike_query(p->core, p->db, p->a, p->unit, &who, &q, e))
        return false;
    q.besides = p->id;
    if (!person_alike(p->db, p->actor, &q, found, &n, e))
        return false;
    jw_key(p->w, "alike");
    return person_write_alike(p->core, p->db, p->a, p->w, p->actor, found, p->merged_into != 0 ? 0 : n, e);
}

static bool write_merged(struct page *p, struct error *e)
{
    int64_t ids[MERGED_MOST];
    size_t n = 0;
    struct db_rows r;

    jw_key(p->w, "merged_into");
    if (p->merged_into == 0) {
        jw_null(p->w);
    } else {
        jw_object(p->w);
        if (!person_write(p->core, p->db, p->a, p->w, p->merged_into, p->actor->lang, e))
            return false;
        jw_end_object(p->w);
    }
    if (!db_rows(p->db, &r, e, "select id from person where merged_into = ?1 order by id limit ?2",
                 ARGS(INT(p->id), INT(MERGED_MOST))))
        return false;
    while (n < MERGED_MOST && db_next(&r))
        ids[n++] = db_int(&r, 0);
    if (!db_end(&r, e))
        return false;
    jw_karray(p->w, "merged");
    for (size_t i = 0; i < n; i++) {
        jw_object(p->w);
        if (!person_write(p->core, p->db, p->a, p->w, ids[i], p->actor->lang, e))
            return false;
        jw_end_object(p->w);
    }
    jw_end_array(p->w);
    return true;
}

/* Only what the actor reads with its words: a veiled card here would tell that this person has such a matter. Who reported without a name stays so. */
static bool write_cases(struct page *p, struct error *e)
{
    int64_t *ids = ARENA_ARRAY(p->a, int64_t, CASES_MOST), *roles = ARENA_ARRAY(p->a, int64_t, CASES_MOST);
    size_t n = 0;
    struct db_rows r;

    if (!db_rows(p->db, &r, e,
                 "with mine as materialized (select case_id, role from case_person where person = ?1) "
                 "select q.case_id, min(q.role) from mine q join cases c on c.id = q.case_id "
                 "where (q.role <> ?2 or (c.flags & ?3) = 0) and c.key is not null group by q.case_id order by q.case_id desc limit ?4",
                 ARGS(INT(p->id), INT(ROLE_REPORTER), INT(FLAG_ANONYMOUS), INT(CASES_MOST))))
        return false;
    for (; n < CASES_MOST && db_next(&r); n++) {
        ids[n] = db_int(&r, 0);
        roles[n] = db_int(&r, 1);
    }
    if (!db_end(&r, e))
        return false;
    jw_karray(p->w, "cases");
    for (size_t i = 0; i < n; i++) {
        struct case_row c;
        enum sight sight;
        if (!case_load_id(p->db, p->a, ids[i], &c, e) || !scope_sight(p->db, p->actor, &c, &sight, e))
            return false;
        if (sight != SIGHT_WORK)
            continue;
        const char *role = role_code((enum person_role)roles[i]);
        jw_object(p->w);
        jw_kz(p->w, "role_label", lang_word(p->actor->lang, arena_printf(p->a, "choice.role.%s", role)));
        jw_key(p->w, "case");
        if (!case_write_card(p->core, p->db, p->a, p->w, p->actor, &c, false, e))
            return false;
        jw_end_object(p->w);
    }
    jw_end_array(p->w);
    return true;
}

static bool write_steps(struct page *p, struct error *e)
{
    struct db_rows r;
    bool ok = true;

    if (!db_rows(p->db, &r, e,
                 "select verb, happened_at, actor from journal where subject_kind = ?1 and subject = ?2 order by n desc limit ?3",
                 ARGS(INT(SUBJECT_PERSON), INT(p->id), INT(STEPS_MOST))))
        return false;
    jw_karray(p->w, "steps");
    while (ok && db_next(&r)) {
        struct str verb = arena_str(p->a, db_text(&r, 0)), name = STR("");
        ok = db_null(&r, 2) || account_name(p->core, p->db, p->a, db_int(&r, 2), &name, e);
        jw_object(p->w);
        jw_ktext(p->w, "verb", verb);
        jw_kz(p->w, "label",
              lang_word(p->actor->lang, arena_printf(p->a, "person.verb.%.*s", (int)verb.n, verb.p)));
        jw_ktime(p->w, "at", db_int(&r, 1));
        jw_ktext(p->w, "name", name);
        jw_end_object(p->w);
    }
    jw_end_array(p->w);
    return db_end(&r, ok ? e : NULL) && ok;
}

static bool open_now(const struct page *p, const struct verb *v)
{
    if (v->subject != SUBJECT_PERSON || v->from == IN_NOTHING || (v->who & BY_POST) == 0 ||
        !scope_reaches(p->actor, p->scope, v->posts))
        return false;
    if ((p->merged_into != 0) != (strcmp(v->name, "unmerge") == 0))
        return false;
    return strcmp(v->name, "died") == 0 ? p->died_on == 0 : strcmp(v->name, "alive") != 0 || p->died_on != 0;
}

static bool write_verbs(struct page *p, struct error *e)
{
    const struct pack *pack = core_pack(p->core, p->db, 0, e);
    if (pack == NULL)
        return false;
    jw_karray(p->w, "verbs");
    for (const struct verb *v = verb_people; v->name != NULL; v++) {
        if (!open_now(p, v))
            continue;
        form_write_plain(p->w, p->a, &(struct form_of){.pack = pack, .verb = v, .lang = p->actor->lang},
                         str_of(lang_word(p->actor->lang, arena_printf(p->a, "person.verb.%s", v->name))), NULL);
    }
    jw_end_array(p->w);
    return true;
}

bool person_write_page(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct actor *actor, struct id uuid, struct error *e)
{
    struct page p = {.core = core, .db = db, .a = a, .w = w, .actor = actor};
    struct unit u;
    struct str place;
    int64_t rev = 0;

    if (!load(&p, uuid, &rev, e) || !unit_load(db, a, p.unit, &u, e) ||
        !unit_full_name(db, a, p.unit, UNIT_COMMITTEE, &place, e))
        return false;
    jw_object(w);
    if (!person_write(core, db, a, w, p.id, actor->lang, e))
        return false;
    jw_kint(w, "rev", rev);
    jw_kobject(w, "unit");
    jw_ktext(w, "code", u.code);
    jw_ktext(w, "name", place);
    jw_kz(w, "level", level_code(unit_case_level(u.level)));
    jw_end_object(w);
    write_day(w, "died_on", p.died_on);
    if (!write_merged(&p, e) || !write_alike(&p, e) || !write_cases(&p, e))
        return false;
    jw_key(w, "registers");
    bool ok = register_write_person(core, db, a, w, actor, p.id, e) && write_steps(&p, e) && write_verbs(&p, e);
    jw_end_object(w);
    return ok;
}
