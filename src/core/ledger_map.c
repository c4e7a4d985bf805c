/* From a foreign row to the fields of a command. */
#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "core/ledger.h"
#include "core/scope.h"
#include "core/verb.h"

enum { RULES_MOST = 64, COLUMNS_MOST = 8 };

struct rule {
    const char *target; /* the key in `doc` */
    enum field_type type;
    int64_t most;
    const json_t *columns; /* names; null: none */
    size_t at[COLUMNS_MOST], column_count;
    struct str join, is, otherwise;
    bool has_is, has_otherwise, cut;
    const json_t *values;
    const char *order;
};

struct ledger_map {
    struct core *core;
    json_t *doc;
    int64_t header;
    struct rule rules[RULES_MOST];
    size_t count;
    bool since_1904;
    json_t *units; /* names met so far → codes */
};

/* What a mapping may fill beyond the verb's own form. */
static const struct field more_targets[] = {
    {.name = "happened_at", .type = FIELD_TIME, .required = true},
    {.name = "external.number", .type = FIELD_TEXT, .most = 60},
    {.name = "external.due", .type = FIELD_TIME},
    {.name = "person.name", .type = FIELD_TEXT, .most = 40},
    {.name = "person.phone", .type = FIELD_TEXT, .most = 20},
    {.name = "person.id_no", .type = FIELD_TEXT, .most = 18},
    {.name = "person.role", .type = FIELD_CHOICE, .from = "reporter|party|subject|contact"},
    {.name = "quantity.n", .type = FIELD_NUMBER},
    {.name = "quantity.unit", .type = FIELD_TEXT, .most = 10},
    FIELD_END,
};

static bool fillable(const struct field *f)
{
    return f->type != FIELD_PERSONS && f->type != FIELD_FILES && f->type != FIELD_QUANTITY &&
           f->type != FIELD_OBJECT && f->type != FIELD_ID;
}

static const struct field *target_find(struct core *core, const char *name)
{
    const struct verb *enter = verb_find(core, SUBJECT_CASE, STR("enter"));
    for (const struct field *f = more_targets; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    for (const struct field *f = enter->fields; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0 && fillable(f))
            return f;
    return NULL;
}

/* Whose hotline called it 来电时间 looks for that, not for what a form of ours says. */
static const char *target_label(const struct field *f, enum lang lang)
{
    char key[64];
    (void)snprintf(key, sizeof key, "ledger_field.%s", f->name);
    const char *label = lang_word(lang, key);
    if (label != key)
        return label;
    (void)snprintf(key, sizeof key, "field.%s", f->name);
    label = lang_word(lang, key);
    return label != key ? label : f->name;
}

static void write_target(struct jw *w, const struct field *f, enum lang lang)
{
    jw_object(w);
    jw_kz(w, "name", f->name);
    jw_kz(w, "label", target_label(f, lang));
    jw_kz(w, "type", field_type_name(f->type));
    jw_kbool(w, "required", f->required);
    jw_end_object(w);
}

void ledger_map_targets(struct core *core, struct jw *w, enum lang lang)
{
    const struct verb *enter = verb_find(core, SUBJECT_CASE, STR("enter"));
    jw_array(w);
    for (const struct field *f = more_targets; f->name != NULL; f++)
        write_target(w, f, lang);
    for (const struct field *f = enter->fields; f->name != NULL; f++)
        if (fillable(f))
            write_target(w, f, lang);
    jw_end_array(w);
}

/* ---- Reading a mapping --------------------------------------------------------------------------------- */

static bool wrong(struct error *e, enum error_code code, const char *target, const char *part)
{
    char at[ERROR_FIELD_MAX];
    (void)snprintf(at, sizeof at, part != NULL ? "fields.%s.%s" : "fields.%s", target, part);
    return error_set(e, code, at);
}

static bool read_columns(struct rule *r, json_t *row, struct error *e)
{
    json_t *one = json_object_get(row, "column"), *many = json_object_get(row, "columns");
    size_t i;
    const json_t *name;

    if (one != NULL && json_is_string(one)) { /* one way to keep them */
        many = json_array();
        (void)json_array_append(many, one);
        (void)json_object_set_new(row, "columns", many);
    }
    if (many == NULL)
        return true;
    if (!json_is_array(many) || json_array_size(many) > COLUMNS_MOST)
        return wrong(e, ERROR_WRONG_TYPE, r->target, "columns");
    json_array_foreach(many, i, name)
        if (!json_is_string(name))
            return wrong(e, ERROR_WRONG_TYPE, r->target, "columns");
    r->columns = many;
    return true;
}

static bool read_values(struct rule *r, const json_t *row, struct error *e)
{
    const char *key;
    json_t *value;
    r->values = json_object_get(row, "values");
    if (r->values == NULL)
        return true;
    if (!json_is_object(r->values))
        return wrong(e, ERROR_WRONG_TYPE, r->target, "values");
    json_object_foreach((json_t *)r->values, key, value)
        if (!json_is_string(value))
            return wrong(e, ERROR_WRONG_TYPE, r->target, "values");
    return true;
}

static bool read_rule(struct ledger_map *m, const char *target, json_t *row, struct error *e)
{
    static const char *const known[] = {"column",    "columns", "join",   "is",
                                        "otherwise", "cut",     "values", "order"};
    const struct field *f = target_find(m->core, target);
    const char *key;
    json_t *value;

    if (f == NULL || m->count == RULES_MOST)
        return wrong(e, ERROR_UNKNOWN_FIELD, target, NULL);
    if (!json_is_object(row))
        return wrong(e, ERROR_WRONG_TYPE, target, NULL);
    json_object_foreach(row, key, value) {
        size_t i = 0;
        while (i < sizeof known / sizeof known[0] && strcmp(known[i], key) != 0)
            i++;
        if (i == sizeof known / sizeof known[0])
            return wrong(e, ERROR_UNKNOWN_FIELD, target, key);
    }
    struct rule *r = &m->rules[m->count++];
    *r = (struct rule){.target = target, .type = f->type, .most = f->most};
    r->join = json_object_get(row, "join") != NULL ? json_text(row, "join") : STR(" ");
    r->is = json_text(row, "is");
    r->has_is = json_object_get(row, "is") != NULL;
    r->otherwise = json_text(row, "otherwise");
    r->has_otherwise = json_object_get(row, "otherwise") != NULL;
    r->cut = json_flag(row, "cut");
    r->order = json_string_value(json_object_get(row, "order"));
    if (r->order == NULL)
        r->order = "ymd";
    if (strcmp(r->order, "ymd") != 0 && strcmp(r->order, "mdy") != 0 && strcmp(r->order, "dmy") != 0)
        return wrong(e, ERROR_NOT_A_CHOICE, target, "order");
    if (!read_columns(r, row, e) || !read_values(r, row, e))
        return false;
    return r->columns != NULL || r->has_is || wrong(e, ERROR_MISSING, target, "column");
}

/* `kind` first: category and outcome depend on it. */
static bool read_rules(struct ledger_map *m, json_t *fields, struct error *e)
{
    const char *target;
    json_t *row = json_object_get(fields, "kind");

    if (row != NULL && !read_rule(m, "kind", row, e))
        return false;
    json_object_foreach(fields, target, row)
        if (strcmp(target, "kind") != 0 && !read_rule(m, target, row, e))
            return false;
    static const char *const needed[] = {"unit", "text", "happened_at"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (json_object_get(fields, needed[i]) == NULL)
            return wrong(e, ERROR_MISSING, needed[i], NULL);
    return true;
}

static bool read_doc(struct ledger_map *m, struct error *e)
{
    static const struct field top[] = {
        {.name = "name", .type = FIELD_TEXT, .most = 60},
        {.name = "note", .type = FIELD_LONGTEXT},
        {.name = "header", .type = FIELD_INT, .least = 1, .most = 100},
        {.name = "fields", .type = FIELD_OBJECT, .required = true},
        FIELD_END,
    };
    const struct field *tables[] = {top, NULL};
    json_t *fields = json_object_get(m->doc, "fields");

    if (!json_is_object(m->doc))
        return error_set(e, ERROR_WRONG_TYPE, NULL);
    if (!field_check(tables, m->doc, e))
        return false;
    m->header = json_int(m->doc, "header", 1);
    return json_is_object(fields) ? read_rules(m, fields, e) : error_set(e, ERROR_WRONG_TYPE, "fields");
}

bool ledger_map_read(struct ledger_map **ret, struct core *core, struct str text, struct error *e)
{
    struct ledger_map *m = calloc(1, sizeof *m);
    if (m == NULL)
        return error_cause(e, ERROR_INTERNAL, "no memory for a mapping");
    m->core = core;
    m->units = json_object();
    m->doc = json_read(text, e);
    if (m->doc != NULL && read_doc(m, e)) {
        *ret = m;
        return true;
    }
    ledger_map_close(m);
    return error_within(e, "mapping");
}

void ledger_map_close(struct ledger_map *m)
{
    if (m == NULL)
        return;
    json_decref(m->doc);
    json_decref(m->units);
    free(m);
}

int64_t ledger_map_header_row(const struct ledger_map *m)
{
    return m->header;
}

bool ledger_map_bind(struct ledger_map *m, const struct str *names, size_t n, bool since_1904, struct error *e)
{
    m->since_1904 = since_1904;
    for (size_t i = 0; i < m->count; i++) {
        struct rule *r = &m->rules[i];
        for (r->column_count = 0; r->column_count < json_array_size(r->columns); r->column_count++) {
            struct str wanted = str_of(json_string_value(json_array_get(r->columns, r->column_count)));
            size_t at = 0;
            while (at < n && !str_eq(str_trim(names[at]), str_trim(wanted)))
                at++;
            if (at == n) {
                (void)wrong(e, ERROR_MISSING, r->target, "column");
                if (e != NULL)
                    (void)snprintf(e->detail, sizeof e->detail, "%.*s", (int)wanted.n, wanted.p);
                return error_within(e, "mapping");
            }
            r->at[r->column_count] = at;
        }
    }
    return true;
}

/* persons.0.phone and contact_phone come from person.phone, quantity from quantity.n. */
static bool comes_from(const char *field, const char *target)
{
    const char *dot = strchr(target, '.'), *last = strrchr(field, '.');
    if (dot == NULL)
        return false;
    if (strncmp(target, "person.", 7) == 0)
        return strncmp(field, "person", 6) == 0 && (last == NULL || strcmp(last, dot) == 0);
    return strncmp(field, target, (size_t)(dot - target)) == 0;
}

struct str ledger_map_column(const struct ledger_map *m, const char *field)
{
    for (int loosely = 0; loosely < 2; loosely++)
        for (size_t i = 0; i < m->count; i++) {
            const struct rule *r = &m->rules[i];
            if ((loosely != 0 ? comes_from(field, r->target) : strcmp(r->target, field) == 0) &&
                json_array_size(r->columns) > 0)
                return str_of(json_string_value(json_array_get(r->columns, 0)));
        }
    return STR("");
}

/* ---- Values -------------------------------------------------------------------------------------------- */

static bool moment_of_serial(struct str s, bool since_1904, int64_t *ret)
{
    char text[40], *end;
    if (s.n == 0 || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    double days = strtod(text, &end);
    /* 1955 … 2100: smaller and larger numbers are something else. */
    if (*end != '\0' || !(days > 20000 && days < 73415))
        return false;
    int32_t first = day_from_date(1899, 12, 30); /* Excel believes in 29 February 1900 */
    double whole = floor(days);
    *ret = day_start(first + (int32_t)whole + (since_1904 ? 1462 : 0)) +
           (int64_t)llround((days - whole) * 86400) * TIME_SECOND;
    return true;
}

/* Groups of digits, whatever stands between them. */
static size_t digit_groups(struct str s, int64_t groups[8], size_t lengths[8])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < 8;) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            i++;
            continue;
        }
        groups[n] = 0;
        lengths[n] = 0;
        for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && lengths[n] < 15; i++, lengths[n]++)
            groups[n] = groups[n] * 10 + (s.p[i] - '0');
        n++;
    }
    return n;
}

static bool real_date(struct civil c)
{
    int y, m, d;
    if (c.year < 1949 || c.year > 2199 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31)
        return false;
    day_to_date(day_from_date(c.year, c.month, c.day), &y, &m, &d);
    return y == c.year && m == c.month && d == c.day && c.hour < 24 && c.minute < 60 && c.second < 61;
}

bool ledger_moment(struct str s, const char *order, bool since_1904, int64_t *ret)
{
    int64_t g[8] = {0};
    size_t lengths[8] = {0};
    struct civil c = {0};

    s = str_trim(s);
    if (time_parse(s, ret) || moment_of_serial(s, since_1904, ret))
        return true;
    size_t n = digit_groups(s, g, lengths);
    if (n >= 1 && (lengths[0] == 8 || lengths[0] == 14)) { /* 20240718, 20240718163133 */
        int64_t date = lengths[0] == 14 ? g[0] / 1000000 : g[0], time = lengths[0] == 14 ? g[0] % 1000000 : 0;
        c = (struct civil){.year = (int)(date / 10000),
                           .month = (int)(date / 100 % 100),
                           .day = (int)(date % 100),
                           .hour = (int)(time / 10000),
                           .minute = (int)(time / 100 % 100),
                           .second = (int)(time % 100)};
        if (lengths[0] == 8 && n > 1)
            c.hour = (int)g[1], c.minute = (int)g[2], c.second = (int)g[3];
    } else if (n >= 3) {
        int y = order[0] == 'y' ? 0 : 2, m = order[0] == 'm' ? 0 : 1,
            d = order[0] == 'd'   ? 0
                : order[0] == 'm' ? 1
                                  : 2;
        if (lengths[0] == 4)
            y = 0, m = 1, d = 2;
        c = (struct civil){.year = (int)g[y],
                           .month = (int)g[m],
                           .day = (int)g[d],
                           .hour = (int)g[3],
                           .minute = (int)g[4],
                           .second = (int)g[5]};
    }
    if (!real_date(c))
        return false;
    bool afternoon = memmem(s.p, s.n, "下午", strlen("下午")) != NULL || memmem(s.p, s.n, "PM", 2) != NULL;
    if (afternoon && c.hour < 12)
        c.hour += 12;
    *ret = civil_ms(c);
    return true;
}

static bool truth(struct str s, bool *ret)
{
    static const char *const yes[] = {"是", "有", "Y", "y", "yes", "YES", "true", "TRUE", "1", "√"},
                             *const no[] = {"否", "无", "N", "n", "no", "NO", "false", "FALSE", "0", "×"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (str_is(s, yes[i]) || str_is(s, no[i])) {
            *ret = str_is(s, yes[i]);
            return true;
        }
    return false;
}

/* Theirs to ours by the table: whole, or by its beginning where the table says "Case Closed*". */
static bool looked_up(const struct rule *r, struct arena *a, struct str *value)
{
    const char *key;
    json_t *ours;
    if (r->values == NULL)
        return true;
    const json_t *hit = value->n > 0 ? json_object_get(r->values, arena_z(a, *value)) : NULL;
    json_object_foreach((json_t *)r->values, key, ours) {
        size_t n = strlen(key);
        if (hit == NULL && n > 0 && key[n - 1] == '*' && str_starts(*value, str_range(key, n - 1)))
            hit = ours;
    }
    if (hit == NULL)
        return false;
    *value = str_range(json_string_value(hit), json_string_length(hit));
    return true;
}

/* Labels of the pack are taken for their codes: ledgers are written by people. */
static struct str code_of_label(const struct pack *p, enum kind k, const char *target, struct str value)
{
    const struct kind_def *kind = &p->kinds[k == KIND_NONE ? KIND_REQUEST : k];
    if (strcmp(target, "kind") == 0)
        for (int i = KIND_DISPUTE; i <= KIND_HAZARD; i++)
            if (str_eq(p->kinds[i].label, value) || str_eq(p->kinds[i].short_label, value) ||
                str_eq(p->kinds[i].noun, value))
                return str_of(kind_code((enum kind)i));
    if (strcmp(target, "category") == 0)
        for (size_t i = 0; i < kind->category_count; i++)
            if (str_eq(kind->categories[i].label, value))
                return kind->categories[i].code;
    if (strcmp(target, "outcome") == 0)
        for (size_t i = 0; i < kind->outcome_count; i++)
            if (str_eq(kind->outcomes[i].label, value))
                return kind->outcomes[i].code;
    const char *list = strcmp(target, "channel") == 0 ? "channels"
                       : strcmp(target, "level") == 0 ? "levels"
                                                      : NULL;
    const json_t *row;
    size_t i;
    json_array_foreach(list != NULL ? json_object_get(p->doc, list) : NULL, i, row)
        if (str_eq(json_text(row, "label"), value))
            return json_text(row, "code");
    return value;
}

/* A unit's code, or its name where only one in reach is called so. */
static bool unit_code(struct ledger_map *m, struct db *db, struct arena *a, const struct actor *actor,
                      struct str *value, struct error *e)
{
    const char *name = arena_z(a, *value);
    const json_t *known = json_object_get(m->units, name);
    struct interval *reach;
    struct str code = STR("");
    int found = 0;

    if (known != NULL) {
        *value = str_of(json_string_value(known));
        return value->n > 0 || error_set(e, ERROR_NOT_FOUND, "unit");
    }
    if (value->n >= 12 && value->p[0] >= '0' && value->p[0] <= '9')
        return true;
    size_t n = scope_intervals(actor, a, POSTS_ALL, &reach);
    for (size_t i = 0; i < n; i++) {
        struct db_rows r;
        if (!db_rows(db, &r, e,
                     "select code from unit where name = ?1 and ord >= ?2 and ord < ?3 and level >= 5 and valid_to is null limit 2",
                     ARGS(TEXT(*value), INT(reach[i].lo), INT(reach[i].hi))))
            return false;
        for (; db_next(&r); found++)
            code = arena_str(a, db_text(&r, 0));
        if (!db_end(&r, e))
            return false;
    }
    if (found != 1)
        code = STR("");
    (void)json_object_set_new(m->units, name, json_stringn(code.p, code.n));
    *value = code;
    return code.n > 0 || error_set(e, ERROR_NOT_FOUND, "unit");
}

/* ---- One row ------------------------------------------------------------------------------------------- */

static struct str raw_value(const struct rule *r, struct arena *a, const struct str *cells, size_t n)
{
    if (r->columns == NULL)
        return STR("");
    if (r->column_count == 1)
        return r->at[0] < n ? str_trim(cells[r->at[0]]) : STR("");
    struct buf b = BUF_INIT(BUF_SEALED);
    for (size_t i = 0; i < r->column_count; i++) {
        struct str part = r->at[i] < n ? str_trim(cells[r->at[i]]) : STR("");
        if (part.n > 0 && b.n > 0)
            buf_add(&b, r->join);
        buf_add(&b, part);
    }
    struct str whole = arena_str(a, buf_str(&b));
    buf_free(&b);
    return whole;
}

static json_t *typed(struct ledger_map *m, const struct rule *r, struct str value, struct error *e)
{
    int64_t ms;
    bool yes;
    char text[TIME_TEXT], *end;

    switch (r->type) {
    case FIELD_TIME:
        if (!ledger_moment(value, r->order, m->since_1904, &ms)) {
            (void)error_set(e, ERROR_MALFORMED, r->target);
            return NULL;
        }
        time_format(ms, text);
        return json_string(text);
    case FIELD_BOOL:
        if (!truth(value, &yes)) {
            (void)error_set(e, ERROR_MALFORMED, r->target);
            return NULL;
        }
        return json_boolean(yes);
    case FIELD_INT:
    case FIELD_NUMBER:
        (void)snprintf(text, sizeof text, "%.*s", (int)(value.n < 30 ? value.n : 30), value.p);
        double d = strtod(text, &end);
        if (*end != '\0' || value.n == 0 || !isfinite(d)) {
            (void)error_set(e, ERROR_MALFORMED, r->target);
            return NULL;
        }
        return r->type == FIELD_INT ? json_integer((json_int_t)d) : json_real(d);
    default:
        return json_stringn(value.p, r->cut && r->most > 0 ? str_head(value, (size_t)r->most).n : value.n);
    }
}

/* external.number goes into the object external; person.name into the first of persons. */
static void put(json_t *fields, const char *target, json_t *value)
{
    const char *dot = strchr(target, '.');
    if (dot == NULL) {
        (void)json_object_set_new(fields, target, value);
        return;
    }
    json_t *inner;
    if (strncmp(target, "person.", 7) == 0) {
        json_t *list = json_object_get(fields, "persons");
        if (list == NULL) {
            list = json_pack("[{s:s}]", "role", "reporter");
            (void)json_object_set_new(fields, "persons", list);
        }
        inner = json_array_get(list, 0);
    } else {
        char outer[16];
        (void)snprintf(outer, sizeof outer, "%.*s", (int)(dot - target), target);
        inner = json_object_get(fields, outer);
        if (inner == NULL) {
            inner = json_object();
            (void)json_object_set_new(fields, outer, inner);
        }
    }
    (void)json_object_set_new(inner, dot + 1, value);
}

static bool fill(struct ledger_map *m, const struct rule *r, struct db *db, struct arena *a,
                 const struct actor *actor, const struct str *cells, size_t n, json_t *fields, struct error *e)
{
    struct str value = r->has_is ? r->is : raw_value(r, a, cells, n);
    const struct pack *pack = core_pack(m->core, db, 0, e);
    enum kind kind = KIND_NONE;

    if (pack == NULL)
        return false;
    if (!r->has_is && !looked_up(r, a, &value)) {
        if (!r->has_otherwise && value.n > 0)
            return error_set(e, ERROR_NOT_A_CHOICE, r->target);
        value = r->otherwise;
    }
    if (value.n == 0)
        value = r->otherwise;
    if (value.n == 0)
        return true;
    if (!str_utf8(value))
        return error_set(e, ERROR_WRONG_ENCODING, r->target);
    (void)kind_parse(json_text(fields, "kind"), &kind);
    if (r->type == FIELD_CHOICE)
        value = code_of_label(pack, kind, r->target, value);
    if (r->type == FIELD_UNIT && !unit_code(m, db, a, actor, &value, e))
        return false;
    json_t *made = typed(m, r, value, e);
    if (made == NULL)
        return false;
    put(fields, r->target, made);
    return true;
}

/* A name and telephone that are missing make no person. */
static void drop_empty(json_t *fields)
{
    const json_t *person = json_array_get(json_object_get(fields, "persons"), 0);
    if (person != NULL && json_text(person, "name").n == 0 && json_text(person, "phone").n == 0)
        (void)json_object_del(fields, "persons");
    const json_t *quantity = json_object_get(fields, "quantity");
    if (quantity != NULL && (json_object_get(quantity, "n") == NULL || json_object_get(quantity, "unit") == NULL))
        (void)json_object_del(fields, "quantity");
    const json_t *external = json_object_get(fields, "external");
    if (external != NULL && json_text(external, "number").n == 0)
        (void)json_object_del(fields, "external");
}

json_t *ledger_map_row(struct ledger_map *m, struct db *db, struct arena *a, const struct actor *actor,
                       const struct str *cells, size_t n, struct error *e)
{
    json_t *fields = json_object();
    for (size_t i = 0; i < m->count; i++)
        if (!fill(m, &m->rules[i], db, a, actor, cells, n, fields, e)) {
            json_decref(fields);
            return NULL;
        }
    drop_empty(fields);
    return fields;
}
