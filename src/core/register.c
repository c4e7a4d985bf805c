/* Registers: loading, the right to see and to act, and how a form becomes a row. */
#include "core/register.h"

#include "base/time.h"
#include "core/person.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/vault.h"
#include "core/verb.h"

const struct register_def *register_of(const struct core *core, enum subject_kind kind)
{
    for (const struct register_def *const *d = core->tables->registers; d != NULL && *d != NULL; d++)
        if ((*d)->subject == kind)
            return *d;
    return NULL;
}

const struct register_def *register_named(const struct core *core, struct str name)
{
    enum subject_kind kind;
    return subject_parse(name, &kind) ? register_of(core, kind) : NULL;
}

const struct verb *register_maker(const struct core *core, const struct register_def *def)
{
    for (const struct verb *const *table = core->tables->verbs; *table != NULL; table++)
        for (const struct verb *v = *table; v->name != NULL; v++)
            if (v->subject == def->subject && v->from == IN_NOTHING)
                return v;
    return NULL;
}

/* ---- Reading one --------------------------------------------------------------------------------------- */

#define ROW_COLUMNS                                                                                          \
    "id, uuid, unit, scope, state, rev, key, sealed, code, person, case_id, account, parent, amount, day, due, created_by, created_at, register, (select u.ord_end from unit u where u.id = register_row.unit)"

static struct register_row row_of(struct arena *a, struct db_rows *r)
{
    return (struct register_row){
        .subject = (enum subject_kind)db_int(r, 18),
        .id = db_int(r, 0),
        .uuid = db_id(r, 1),
        .unit = db_int(r, 2),
        .scope = db_int(r, 3),
        .state = (int)db_int(r, 4),
        .rev = db_int(r, 5),
        .key = arena_str(a, db_blob(r, 6)),
        .sealed = arena_str(a, db_blob(r, 7)),
        .code = arena_str(a, db_text(r, 8)),
        .person = db_int(r, 9),
        .case_id = db_int(r, 10),
        .account = db_int(r, 11),
        .parent = db_int(r, 12),
        .amount = db_int(r, 13),
        .day = db_int(r, 14),
        .due = db_int(r, 15) == DUE_NEVER ? 0 : db_int(r, 15),
        .created_by = db_int(r, 16),
        .created_at = db_int(r, 17),
        .scope_end = db_int(r, 19),
    };
}

json_t *register_words(const struct core *core, struct arena *a, const struct register_row *row, struct error *e)
{
    struct key key;
    return vault_key(core, row->key, &key, e) ? vault_open(a, &key, "register", row->sealed, e) : NULL;
}

bool register_sees(const struct pack *p, const struct register_def *def, const struct actor *a,
                   const struct register_row *row)
{
    if (a->kind == ACTOR_SYSTEM)
        return true;
    if (a->kind != ACTOR_ACCOUNT)
        return false;
    if (row->account == a->account || row->created_by == a->account)
        return true;
    post_mask readers = def->narrow != NULL ? def->narrow(p, row) : def->readers;
    if (scope_reaches(a, row->scope, readers))
        return true;
    for (size_t i = 0; (def->down >> row->state & 1) != 0 && i < a->post_count; i++)
        if ((readers >> a->posts[i].post & 1) != 0 && a->posts[i].lo >= row->scope &&
            a->posts[i].lo < row->scope_end)
            return true;
    return false;
}

/* What register_sees can't say without the database. */
static bool sees_more(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                      const struct register_def *def, const struct register_row *row, bool *ret, struct error *e)
{
    *ret = true;
    return def->sees_more == NULL || actor->kind == ACTOR_SYSTEM ||
           def->sees_more(core, db, a, actor, row, ret, e);
}

bool register_one(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                  const struct register_def *def, struct id uuid, struct register_row *ret, struct error *e)
{
    const struct pack *p = core_pack(core, db, 0, e);
    struct db_rows r;

    if (p == NULL ||
        !db_rows(db, &r, e, "select " ROW_COLUMNS " from register_row where uuid = ?1", ARGS(ID(uuid))))
        return false;
    bool found = db_next(&r);
    if (found)
        *ret = row_of(a, &r);
    if (!db_end(&r, e))
        return false;
    bool seen = found && ret->subject == def->subject && register_sees(p, def, actor, ret);
    if (seen && !sees_more(core, db, a, actor, def, ret, &seen, e))
        return false;
    return seen || error_set(e, ERROR_NOT_FOUND, NULL);
}

/* ---- Reading several ----------------------------------------------------------------------------------- */

/* A statement put together: one condition after another, each with its argument. */
struct question {
    struct buf sql;
    struct db_arg args[24];
    size_t n;
};

static void narrow(struct question *q, const char *condition, struct db_arg arg)
{
    buf_addz(&q->sql, condition); /* ends where the number of its argument follows */
    q->args[q->n++] = arg;
    buf_addf(&q->sql, "?%zu", q->n);
}

static void put_conditions(struct question *q, const struct register_filter *f)
{
    bool newest = f->all || f->state != 0;

    if (f->code.n > 0)
        narrow(q, " and code = ", TEXT(f->code));
    if (f->person != 0)
        narrow(q, " and person = ", INT(f->person));
    if (f->case_id != 0)
        narrow(q, " and case_id = ", INT(f->case_id));
    if (f->account != 0)
        narrow(q, " and account = ", INT(f->account));
    if (f->parent != 0)
        narrow(q, " and parent = ", INT(f->parent));
    if (f->state != 0)
        narrow(q, " and state = ", INT(f->state));
    if (newest && f->after_id != 0)
        narrow(q, " and id < ", INT(f->after_id));
    if (!newest) {
        narrow(q, " and open = 1 and due < ", INT(f->due_before > 0 ? f->due_before : INT64_MAX));
        narrow(q, " and (due, id) > (", INT(f->after_due));
        narrow(q, ", ", INT(f->after_id));
        buf_addz(&q->sql, ")");
    }
}

#define ROWS "select " ROW_COLUMNS " from register_row where register = "

/* The index that fits: a person's, a matter's, somebody's own, or the unit's. Rows of the unit come by due time while they are open, else the newest
 * first. What holds here from above (`chain`, null: nothing does) is asked for by itself, by its places, and put among the others: of the unit itself too
 * when `lo` and `hi` leave it out. */
static void put_question(struct question *q, const struct register_def *def, const struct register_filter *f,
                         const struct unit_chain *chain)
{
    /* `+ 0`: by the unit's index and then sorted; walking back through all rows of all units until enough are found would be worse */
    bool newest = f->all || f->state != 0;

    if (chain != NULL)
        buf_addz(&q->sql, "select * from (");
    narrow(q, ROWS, INT(def->subject));
    narrow(q, " and scope >= ", INT(f->lo));
    narrow(q, " and scope < ", INT(f->hi));
    put_conditions(q, f);
    narrow(q, newest ? " order by id + 0 desc limit " : " order by due, id limit ", INT(f->limit + 1));
    if (chain == NULL)
        return;
    size_t most = q->n;
    buf_addz(&q->sql, ") own union all select * from (" ROWS "?1 and (scope < ?2 or scope >= ?3) and scope in (");
    for (size_t i = 0; i < UNIT_LEVELS; i++)
        narrow(q, i == 0 ? "" : ", ", INT(chain->ords[i]));
    buf_addz(&q->sql, ")");
    put_conditions(q, f);
    buf_addf(&q->sql, ") higher order by %s limit ?%zu", newest ? "id desc" : "due, id", most);
}

bool register_rows(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                   const struct register_def *def, const struct register_filter *f, struct register_row **ret,
                   size_t *ret_n, int64_t *ret_due, int64_t *ret_id, struct error *e)
{
    const struct pack *p = core_pack(core, db, 0, e);
    struct question q = {.sql = BUF_INIT(BUF_LINE)};
    struct unit_chain chain;
    int64_t n = 0;
    struct db_rows r;

    *ret = ARENA_ARRAY(a, struct register_row, (size_t)f->limit);
    *ret_n = 0;
    *ret_due = *ret_id = 0;
    if (p == NULL)
        return false;
    bool above = def->down != 0 && f->unit != 0;
    if (above && !unit_chain(db, f->unit, &chain, e))
        return false;
    put_question(&q, def, f, above ? &chain : NULL);
    bool asked = db_rows(db, &r, e, arena_z(a, buf_str(&q.sql)), q.args, q.n);
    buf_free(&q.sql);
    if (!asked)
        return false;
    while (db_next(&r) && n++ < f->limit) {
        struct register_row row = row_of(a, &r);
        *ret_due = row.due == 0 ? DUE_NEVER : row.due;
        *ret_id = row.id;
        if (register_sees(p, def, actor, &row))
            (*ret)[(*ret_n)++] = row;
    }
    if (n <= f->limit)
        *ret_due = *ret_id = 0;
    if (!db_end(&r, e))
        return false;
    for (size_t i = n = 0, all = *ret_n; i < all; i++) {
        bool seen;
        if (!sees_more(core, db, a, actor, def, &(*ret)[i], &seen, e))
            return false;
        if (seen)
            (*ret)[n++] = (*ret)[i];
        *ret_n = (size_t)n;
    }
    return true;
}

/* ---- Commands ------------------------------------------------------------------------------------------ */

bool register_load(struct work *w, const struct register_def *def, struct error *e)
{
    const struct pack *p = core_pack(w->core, w->db, 0, e);
    struct db_rows r;

    if (p == NULL || !db_rows(w->db, &r, e, "select " ROW_COLUMNS ", head from register_row where uuid = ?1 {lock}",
                              ARGS(ID(w->command->subject))))
        return false;
    bool found = db_next(&r);
    if (found) {
        w->row = row_of(w->arena, &r);
        memcpy(w->head, db_blob(&r, 20).p, HASH_BYTES);
    }
    if (!db_end(&r, e))
        return false;
    bool anyone =
        (w->verb->who & BY_ANYONE) != 0 && (def->shown >> w->row.state & 1) != 0; /* it hangs on the wall */
    bool seen = found && w->row.subject == def->subject && (anyone || register_sees(p, def, w->actor, &w->row));
    if (seen && !anyone && !sees_more(w->core, w->db, w->arena, w->actor, def, &w->row, &seen, e))
        return false;
    if (!seen)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    w->pack = p; /* whether the verb is open may hang on it */
    w->subject = w->row.id;
    w->uuid = w->row.uuid;
    w->rev = w->row.rev;
    w->scope = w->row.scope;
    w->wrapped = w->row.key;
    w->words = register_words(w->core, w->arena, &w->row, e);
    return w->words != NULL;
}

static bool may(const struct verb *v, const struct register_row *row, const struct actor *a)
{
    if (a->kind == ACTOR_SYSTEM)
        return true;
    if (a->kind != ACTOR_ACCOUNT)
        return false;
    if ((v->who & BY_HANDLER) != 0 && (row->account == a->account || row->created_by == a->account))
        return true;
    return (v->who & BY_POST) != 0 && scope_reaches(a, row->scope, v->posts);
}

bool register_open_now(const struct pack *p, const struct verb *v, const struct register_row *row,
                       const struct actor *a)
{
    return v->from != IN_NOTHING && (v->from >> row->state & 1) != 0 && may(v, row, a) &&
           (v->row_open == NULL || v->row_open(p, row, a));
}

bool register_may(struct work *w, struct error *e)
{
    const struct verb *v = w->verb;
    if (!may(v, &w->row, w->actor))
        return error_set(e, ERROR_FORBIDDEN, "verb");
    return register_open_now(w->pack, v, &w->row, w->actor) ||
           error_setf(e, ERROR_NOT_OPEN, "verb", "%s", v->name);
}

static bool is_open(const struct register_def *def, const struct register_row *row)
{
    return (def->open >> row->state & 1) != 0;
}

bool register_save(struct work *w, struct error *e)
{
    struct register_row *row = &w->row;
    const struct register_def *def = register_of(w->core, row->subject);
    struct key key;

    if (w->state_to != 0)
        row->state = (int)w->state_to;
    if (!vault_key(w->core, row->key, &key, e))
        return false;
    return db_exec(
        w->db, e,
        "update register_row set state = ?2, open = ?3, rev = ?4, head = ?5, sealed = ?6, code = ?7, person = ?8, "
        "case_id = ?9, account = ?10, parent = ?11, amount = ?12, day = ?13, due = ?14 where id = ?1",
        ARGS(INT(row->id), INT(row->state), INT(is_open(def, row)), INT(w->rev), BYTES(w->head, HASH_BYTES),
             BLOB(vault_seal(w->arena, &key, "register", w->words)), OPT_TEXT(row->code),
             OPT_INT(row->person), OPT_INT(row->case_id), OPT_INT(row->account), OPT_INT(row->parent),
             OPT_INT(row->amount), OPT_INT(row->day), INT(row->due == 0 ? DUE_NEVER : row->due)));
}

/* ---- From the form to the row -------------------------------------------------------------------------- */

enum register_column register_column_of(const struct register_def *def, const char *field)
{
    for (size_t i = 0; i < sizeof def->columns / sizeof def->columns[0] && def->columns[i].field != NULL; i++)
        if (strcmp(def->columns[i].field, field) == 0)
            return def->columns[i].column;
    return REGISTER_WORDS;
}

static bool take_person(struct work *w, const char *field, const json_t *value, struct error *e)
{
    struct id uuid;
    char text[ID_TEXT];
    if (!work_person(w, w->row.unit, w->row.scope, value, &w->row.person, e))
        return error_within(e, field);
    if (!subject_uuid(w->db, SUBJECT_PERSON, w->row.person, &uuid, e))
        return false;
    id_format(uuid, text); /* the journal keeps who, not the name */
    return json_object_set_new(json_object_get(w->record, "fields"), field,
                               json_pack("{s:s}", "person", text)) == 0;
}

static bool take_case(struct work *w, const char *field, const json_t *value, struct error *e)
{
    struct case_row c;
    enum sight sight = SIGHT_NONE;
    struct id uuid;
    if (!id_parse(str_of(json_string_value(value)), &uuid) || !case_load(w->db, w->arena, uuid, false, &c, NULL) ||
        !scope_sight(w->db, w->actor, &c, &sight, e) || sight < SIGHT_WORK)
        return error_set(e, ERROR_NOT_FOUND, field);
    w->row.case_id = c.id;
    return true;
}

static bool take_id(struct work *w, const char *field, const json_t *value, const char *sql, int64_t *ret,
                    struct error *e)
{
    struct id uuid;
    *ret = 0;
    if (!id_parse(str_of(json_string_value(value)), &uuid) || !db_one_int(w->db, ret, 0, e, sql, ARGS(ID(uuid))))
        return error_set(e, ERROR_NOT_FOUND, field);
    return *ret != 0 || error_set(e, ERROR_NOT_FOUND, field);
}

static int64_t moment_of(const json_t *value, bool day_end)
{
    struct str s = str_of(json_string_value(value));
    int64_t ms = 0;
    int32_t day;
    if (date_parse(s, &day))
        return day_start(day + (day_end ? 1 : 0)) - (day_end ? 1 : 0);
    (void)time_parse(s, &ms);
    return ms;
}

static bool take_column(struct work *w, const struct field *f, enum register_column column,
                        const json_t *value, struct error *e)
{
    struct register_row *row = &w->row;
    switch (column) {
    case REGISTER_CODE:
        row->code = arena_str(w->arena, str_of(json_string_value(value)));
        return true;
    case REGISTER_PERSON:
        return take_person(w, f->name, value, e);
    case REGISTER_CASE:
        return take_case(w, f->name, value, e);
    case REGISTER_ACCOUNT:
        return take_id(w, f->name, value, "select id from account where uuid = ?1 and closed_at is null",
                       &row->account, e);
    case REGISTER_PARENT:
        return take_id(w, f->name, value, "select id from register_row where uuid = ?1", &row->parent, e);
    case REGISTER_AMOUNT:
        row->amount = json_integer_value(value);
        return true;
    case REGISTER_DAY:
        row->day = day_of(moment_of(value, false));
        return true;
    case REGISTER_DUE:
        row->due = moment_of(value, f->type == FIELD_DATE);
        return true;
    case REGISTER_WORDS:
        break;
    }
    return error_set(e, ERROR_INTERNAL, f->name);
}

/* Options that depend on the pack are checked here; the short ones were checked with the form. */
static bool known_choice(struct work *w, const struct field *f, const json_t *value, struct error *e)
{
    struct str code = str_of(json_string_value(value));
    if (f->type != FIELD_CHOICE || f->from == NULL || strchr(f->from, '|') != NULL)
        return true;
    if (strcmp(f->from, "categories") == 0) {
        for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
            if (pack_category(w->pack, (enum kind)k, code) != NULL)
                return true;
        return error_set(e, ERROR_NOT_A_CHOICE, f->name);
    }
    return pack_has(w->pack, f->from, code) || error_set(e, ERROR_NOT_A_CHOICE, f->name);
}

static bool take_table(struct work *w, const struct register_def *def, const struct field *table, struct error *e)
{
    for (const struct field *f = table; f != NULL && f->name != NULL; f++) {
        json_t *value = json_object_get(w->fields, f->name);
        enum register_column column = register_column_of(def, f->name);
        if (value == NULL || f->type == FIELD_UNIT || f->type == FIELD_FILES ||
            strcmp(f->name, "reason") == 0 || strcmp(f->name, "note") == 0)
            continue;
        if (column == REGISTER_WORDS && json_is_null(value))
            (void)json_object_del(w->words, f->name);
        if (json_is_null(value))
            continue;
        if (!known_choice(w, f, value, e))
            return false;
        if (column == REGISTER_WORDS ? json_object_set(w->words, f->name, value) != 0
                                     : !take_column(w, f, column, value, e))
            return false;
    }
    return true;
}

/* Each field of the verb's form, and of what the pack adds to it, goes to its column or among the words; what is left out stays, null empties. */
static bool take_fields(struct work *w, const struct register_def *def, struct error *e)
{
    return take_table(w, def, w->verb->fields, e) && take_table(w, def, w->extra, e) &&
           work_add_files(w, w->command->subject_kind, w->row.id, false, e);
}

bool register_make(struct work *w, struct error *e)
{
    static const unsigned char zeros[HASH_BYTES];
    static const char nothing[1];
    struct register_row *row = &w->row;
    struct unit u;
    struct key key;

    if (!unit_by_code(w->db, w->arena, work_text(w, "unit"), &u, e) ||
        (w->actor->kind == ACTOR_ACCOUNT && !scope_reaches(w->actor, u.ord, w->verb->posts)))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    *row = (struct register_row){.subject = w->command->subject_kind,
                                 .uuid = id_new(),
                                 .unit = u.id,
                                 .scope = u.ord,
                                 .state = w->verb->to,
                                 .created_by = w->actor->account,
                                 .created_at = w->at};
    row->key = w->wrapped = vault_new(w->core, w->arena, &key);
    w->uuid = row->uuid;
    w->scope = u.ord;
    w->words = json_object();
    if (!db_one_int(w->db, &row->id, 0, e,
                    "insert into register_row(uuid, register, unit, scope, state, open, rev, head, key, sealed, due, created_by, created_at) "
                    "values(?1, ?2, ?3, ?4, ?5, 1, 0, ?6, ?7, ?8, ?9, ?10, ?11) returning id",
                    ARGS(ID(row->uuid), INT(row->subject), INT(u.id), INT(u.ord), INT(row->state),
                         BYTES(zeros, HASH_BYTES), BLOB(row->key), BYTES(nothing, 0), INT(DUE_NEVER),
                         OPT_INT(row->created_by), INT(row->created_at))))
        return false;
    w->subject = row->id;
    return take_fields(w, register_of(w->core, row->subject), e);
}

bool register_change(struct work *w, struct error *e)
{
    json_t *was = json_deep_copy(w->words);
    const char *name;
    json_t *value;
    void *next;

    if (!take_fields(w, register_of(w->core, w->row.subject), e)) {
        json_decref(was);
        return false;
    }
    json_object_foreach_safe(was, next, name, value) if (json_equal(value, json_object_get(w->words, name)))(void)
        json_object_del(was, name);
    if (json_object_size(was) > 0)
        (void)json_object_set(w->record, "was", was);
    json_decref(was);
    return true;
}
