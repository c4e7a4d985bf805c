/* What is kept about a person, given to the person. */
#include "base/time.h"
#include "core/access.h"
#include "core/account.h"
#include "core/case_read.h"
#include "core/file.h"
#include "core/person.h"
#include "core/register.h"
#include "core/unit.h"
#include "core/vault.h"

enum { CASES_MAX = 1000, FILES_MAX = 2000, LOOKS_MAX = 5000, ALSO_MAX = 50 };

struct exporting {
    struct core *core;
    struct db *db;
    struct arena *a;
    const struct actor *actor;
    struct jw *w;
    int64_t person;
    int64_t also[ALSO_MAX]; /* entries that were merged into theirs */
    size_t also_n;
    struct person_file *files;
    size_t file_count;
};

struct row {
    int64_t id, unit, scope, household, created_at;
    bool found, erased;
};

static bool load(struct db *db, struct id uuid, struct row *ret, struct error *e)
{
    struct db_rows r;
    *ret = (struct row){0};
    if (!db_rows(db, &r, e, "select id, unit, scope, household, created_at, key from person where uuid = ?1",
                 ARGS(ID(uuid))))
        return false;
    if (db_next(&r))
        *ret = (struct row){db_int(&r, 0), db_int(&r, 1), db_int(&r, 2), db_int(&r, 3),
                            db_int(&r, 4), true,          db_null(&r, 5)};
    return db_end(&r, e);
}

static bool write_identity(struct exporting *x, struct id uuid, const struct row *p, struct error *e)
{
    struct identity who;
    struct str place;
    char text[ID_TEXT];

    if (!person_open(x->core, x->db, x->a, p->id, &who, NULL, e) ||
        !unit_full_name(x->db, x->a, p->unit, UNIT_COUNTY, &place, e))
        return false;
    id_format(uuid, text);
    jw_kobject(x->w, "person");
    jw_kz(x->w, "id", text);
    jw_ktext(x->w, "name", who.name);
    jw_ktext(x->w, "phone", who.phone);
    jw_ktext(x->w, "id_no", who.id_no);
    jw_ktext(x->w, "address", who.address);
    jw_ktext(x->w, "unit", place);
    jw_ktime(x->w, "created_at", p->created_at);
    jw_end_object(x->w);
    return true;
}

/* Entries that were found to be theirs too (G16). */
static bool read_also(struct exporting *x, struct error *e)
{
    struct db_rows r;

    if (!db_rows(x->db, &r, e, "select o.id from (" ONE_PERSON ") o where o.id <> ?1 order by o.id limit ?2",
                 ARGS(INT(x->person), INT(ALSO_MAX))))
        return false;
    while (x->also_n < ALSO_MAX && db_next(&r))
        x->also[x->also_n++] = db_int(&r, 0);
    return db_end(&r, e);
}

static bool write_also(struct exporting *x, struct error *e)
{
    jw_karray(x->w, "also");
    for (size_t i = 0; i < x->also_n; i++) {
        struct identity who;
        if (!person_open(x->core, x->db, x->a, x->also[i], &who, NULL, e))
            return false;
        jw_object(x->w);
        jw_ktext(x->w, "name", who.name);
        jw_ktext(x->w, "phone", who.phone);
        jw_ktext(x->w, "id_no", who.id_no);
        jw_ktext(x->w, "address", who.address);
        jw_end_object(x->w);
    }
    jw_end_array(x->w);
    return true;
}

static bool write_files(struct exporting *x, int64_t case_id, struct error *e)
{
    struct db_rows r;
    if (!db_rows(x->db, &r, e,
                 "select f.hash, f.key, f.type, f.bytes from file_use u join file f on f.id = u.file "
                 "where u.subject_kind = ?1 and u.subject = ?2 and f.key is not null order by f.id",
                 ARGS(INT(SUBJECT_CASE), INT(case_id))))
        return false;
    jw_karray(x->w, "files");
    while (x->file_count < FILES_MAX && db_next(&r)) {
        struct file_info *f = ARENA_NEW(x->a, struct file_info);
        struct buf hex = BUF_INIT(BUF_LINE);
        *f = (struct file_info){.key = arena_str(x->a, db_blob(&r, 1)), .bytes = db_int(&r, 3)};
        if (db_blob(&r, 0).n == HASH_BYTES)
            memcpy(f->hash, db_blob(&r, 0).p, HASH_BYTES);
        buf_add_hex(&hex, f->hash, HASH_BYTES);
        const char *name =
            arena_printf(x->a, "files/%.*s.%s", (int)hex.n, hex.p, file_extension(db_text(&r, 2)));
        jw_text(x->w, str_of(name));
        x->files[x->file_count++] = (struct person_file){name, f};
        buf_free(&hex);
    }
    jw_end_array(x->w);
    return db_end(&r, e);
}

static bool write_case(struct exporting *x, const struct case_row *c, const struct pack *pack,
                       const char *role, struct error *e)
{
    const struct category *category = pack_category(pack, c->kind, c->category);
    const struct outcome *o = pack_outcome(pack, c->kind, c->outcome);
    struct str place;
    json_t *words = case_words(x->core, x->a, c, e);

    if (words == NULL || !unit_full_name(x->db, x->a, c->unit, UNIT_COUNTY, &place, e)) {
        json_decref(words);
        return false;
    }
    jw_object(x->w);
    jw_ktext(x->w, "number", c->number);
    jw_ktext(x->w, "kind", pack->kinds[c->kind].label);
    jw_ktext(x->w, "category", category != NULL ? category->label : c->category);
    jw_ktext(x->w, "state", pack->kinds[c->kind].states[c->state]);
    jw_kz(x->w, "role", lang_word(x->actor->lang, arena_printf(x->a, "choice.role.%s", role)));
    jw_ktext(x->w, "unit", place);
    jw_ktime(x->w, "reported_at", c->reported_at);
    jw_ktime(x->w, "settled_at", c->settled_at);
    jw_ktext(x->w, "outcome", o != NULL ? o->label : STR(""));
    jw_kjson(x->w, "words", words);
    json_decref(words);
    jw_key(x->w, "steps");
    bool ok =
        case_write_timeline(x->core, x->db, x->a, x->w, c, pack, SIGHT_WORK, e) && write_files(x, c->id, e);
    jw_end_object(x->w);
    return ok;
}

static bool write_cases(struct exporting *x, struct error *e)
{
    int64_t *ids = ARENA_ARRAY(x->a, int64_t, CASES_MAX), *roles = ARENA_ARRAY(x->a, int64_t, CASES_MAX);
    size_t n = 0, withheld = 0, erased = 0;
    struct db_rows r;
    bool ok = true;

    if (!db_rows(x->db, &r, e,
                 "select case_id, min(role) from case_person where person = ?1 group by case_id order by case_id limit ?2",
                 ARGS(INT(x->person), INT(CASES_MAX))))
        return false;
    for (; n < CASES_MAX && db_next(&r); n++) {
        ids[n] = db_int(&r, 0);
        roles[n] = db_int(&r, 1);
    }
    if (!db_end(&r, e))
        return false;
    jw_karray(x->w, "cases");
    for (size_t i = 0; i < n && ok; i++) {
        struct case_row c;
        enum sight sight;
        if (!case_load_id(x->db, x->a, ids[i], &c, e) || !scope_sight(x->db, x->actor, &c, &sight, e))
            return false;
        const struct pack *pack = core_pack(x->core, x->db, c.pack, e);
        withheld += sight != SIGHT_WORK;
        erased += sight == SIGHT_WORK && c.key.n == 0;
        if (pack == NULL)
            return false;
        if (sight == SIGHT_WORK && c.key.n > 0)
            ok = write_case(x, &c, pack, role_code((enum person_role)roles[i]), e);
    }
    jw_end_array(x->w);
    jw_kint(x->w, "withheld", (int64_t)withheld);
    jw_kint(x->w, "erased", (int64_t)erased);
    return ok;
}

/* Looks at one of the entries, newest first. */
static bool write_looks_at(struct exporting *x, int64_t person, struct error *e)
{
    struct db_rows r;
    bool ok = true;

    if (!db_rows(x->db, &r, e,
                 "select at, account, post, day, purpose from access where subject_kind = ?1 and subject = ?2 order by seq desc limit ?3",
                 ARGS(INT(SUBJECT_PERSON), INT(person), INT(LOOKS_MAX))))
        return false;
    while (ok && db_next(&r)) {
        struct str name = STR(""), purpose = STR("");
        ok = account_name(x->core, x->db, x->a, db_int(&r, 1), &name, e) &&
             access_purpose(x->core, x->a, db_int(&r, 3), db_blob(&r, 4), &purpose, e);
        jw_object(x->w);
        jw_ktime(x->w, "at", db_int(&r, 0));
        jw_ktext(x->w, "name", name);
        jw_kz(x->w, "post", db_int(&r, 2) < 0 ? "" : post_code((enum post)db_int(&r, 2)));
        jw_ktext(x->w, "purpose", purpose);
        jw_end_object(x->w);
    }
    return db_end(&r, ok ? e : NULL) && ok;
}

static bool write_looks(struct exporting *x, struct error *e)
{
    jw_karray(x->w, "seen_by");
    bool ok = write_looks_at(x, x->person, e);
    for (size_t i = 0; ok && i < x->also_n; i++)
        ok = write_looks_at(x, x->also[i], e);
    jw_end_array(x->w);
    return ok;
}

bool person_export(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                   struct id uuid, struct str purpose, struct jw *w, struct person_file **ret_files,
                   size_t *ret_n, struct error *e)
{
    struct exporting x = {.core = core, .db = db, .a = a, .actor = actor, .w = w};
    struct row p;
    bool may = false;

    if (!load(db, uuid, &p, e))
        return false;
    if (p.found && scope_reaches(actor, p.scope, POSTS_DESK) &&
        !person_may_see(db, actor, p.id, p.scope, &may, e))
        return false;
    if (!may)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (p.erased)
        return error_set(e, ERROR_KEY_DESTROYED, NULL);
    x.person = p.id;
    x.files = ARENA_ARRAY(a, struct person_file, FILES_MAX);
    if (!access_write(core, db, a, actor, SUBJECT_PERSON, p.id, purpose, e))
        return false;
    jw_object(w);
    jw_ktime(w, "made_at", time_now());
    bool ok = write_identity(&x, uuid, &p, e) && read_also(&x, e) && write_also(&x, e) && write_cases(&x, e);
    jw_key(w, "registers");
    ok = ok && register_write_person(core, db, a, w, actor, p.id, e) && write_looks(&x, e);
    jw_end_object(w);
    *ret_files = x.files;
    *ret_n = x.file_count;
    return ok;
}
