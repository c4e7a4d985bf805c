/* The route table and the verb table as OpenAPI 3.1. Replies are described in schema/replies.json and checked against what really comes by the API
 * tests; everything else follows from the tables. */
#include <ctype.h>

#include "base/embed.h"
#include "core/verb.h"
#include "api/api.h"

static void write_type(struct jw *w, const char *type)
{
    jw_kz(w, "type", type);
}

static void write_limits(struct jw *w, const struct field *f)
{
    if (f->type == FIELD_TEXT || f->type == FIELD_LONGTEXT || f->type == FIELD_UNIT)
        jw_kint(w, "maxLength", f->most > 0 ? f->most : f->type == FIELD_LONGTEXT ? 4000 : 200);
    if ((f->type == FIELD_INT || f->type == FIELD_NUMBER || f->type == FIELD_MONEY) &&
        (f->least != 0 || f->most != 0)) {
        jw_kint(w, "minimum", f->least);
        jw_kint(w, "maximum", f->most);
    }
    if (f->type != FIELD_CHOICE || f->from == NULL || strchr(f->from, '|') == NULL)
        return;
    struct str rest = str_of(f->from), part;
    jw_karray(w, "enum");
    while (str_split(&rest, '|', &part))
        jw_text(w, part);
    jw_end_array(w);
}

static void write_ref(struct jw *w, const char *name)
{
    char path[96];
    (void)snprintf(path, sizeof path, "#/components/schemas/%s", name);
    jw_object(w);
    jw_kz(w, "$ref", path);
    jw_end_object(w);
}

static void write_field(struct jw *w, const struct field *f)
{
    static const struct {
        enum field_type type;
        const char *json, *format;
    } rows[] = {
        {FIELD_TEXT, "string", NULL},     {FIELD_LONGTEXT, "string", NULL},
        {FIELD_CHOICE, "string", NULL},   {FIELD_UNIT, "string", NULL},
        {FIELD_DATE, "string", "date"},   {FIELD_TIME, "string", "date-time"},
        {FIELD_INT, "integer", NULL},     {FIELD_NUMBER, "number", NULL},
        {FIELD_BOOL, "boolean", NULL},    {FIELD_ID, "string", "uuid"},
        {FIELD_OFFICE, "string", "uuid"}, {FIELD_ACCOUNT, "string", "uuid"},
        {FIELD_MONEY, "integer", NULL},   {FIELD_REGISTER, "string", "uuid"},
        {FIELD_WORDS, "array", NULL},     {FIELD_CASE, "string", "uuid"},
        {FIELD_OBJECT, "object", NULL},   {FIELD_LIST, "array", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].type != f->type)
            continue;
        jw_object(w);
        write_type(w, rows[i].json);
        if (rows[i].format != NULL)
            jw_kz(w, "format", rows[i].format);
        if (f->type == FIELD_LIST || f->type == FIELD_WORDS) {
            jw_kobject(w, "items");
            write_type(w, f->type == FIELD_LIST ? "object" : "string");
            jw_end_object(w);
        }
        write_limits(w, f);
        jw_end_object(w);
        return;
    }
    write_ref(w, f->type == FIELD_PERSONS    ? "in_persons"
                 : f->type == FIELD_PERSON   ? "in_person"
                 : f->type == FIELD_FILES    ? "in_files"
                 : f->type == FIELD_QUANTITY ? "in_quantity"
                                             : "in_consent");
}

static void write_object(struct jw *w, const struct field *fields, bool more)
{
    bool any = false;
    jw_object(w);
    write_type(w, "object");
    jw_kobject(w, "properties");
    for (const struct field *f = fields; f != NULL && f->name != NULL; f++) {
        jw_key(w, f->name);
        write_field(w, f);
        any |= f->required;
    }
    jw_end_object(w);
    if (any) {
        jw_karray(w, "required");
        for (const struct field *f = fields; f->name != NULL; f++)
            if (f->required)
                jw_text(w, str_of(f->name));
        jw_end_array(w);
    }
    jw_kbool(w, "additionalProperties", more); /* the pack may add fields to a verb's form */
    jw_end_object(w);
}

/* The subject whose verbs a route takes, from its name. */
static enum subject_kind subject_of(const struct route *r)
{
    static const struct {
        const char *word;
        enum subject_kind kind;
    } rows[] = {{"account", SUBJECT_ACCOUNT},     {"activity", SUBJECT_ACTIVITY}, {"person", SUBJECT_PERSON},
                {"household", SUBJECT_HOUSEHOLD}, {"place", SUBJECT_PLACE},       {"row", SUBJECT_REGISTERS}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strstr(r->name, rows[i].word) != NULL)
            return rows[i].kind;
    return SUBJECT_CASE;
}

static bool takes(const struct route *r, const struct verb *v)
{
    bool makes = v->from == IN_NOTHING;
    enum subject_kind kind = subject_of(r);
    if (v->who == 0) /* the system's own */
        return false;
    if (kind == SUBJECT_REGISTERS ? v->subject < SUBJECT_REGISTERS : v->subject != kind)
        return false;
    if (strcmp(r->name, "report_case") == 0)
        return strcmp(v->name, "report") == 0;
    if (strcmp(r->name, "settle_case_on_spot") == 0)
        return strcmp(v->name, "settle_on_spot") == 0;
    if (strcmp(r->name, "act_on_tracked") == 0)
        return (v->who & BY_RESIDENT) != 0;
    return makes == r->created;
}

static void write_body(struct jw *w, const struct route *r, const struct core *core)
{
    char name[96];
    jw_kobject(w, "requestBody");
    jw_kbool(w, "required", true);
    jw_kobject(w, "content");
    if (r->body == BODY_BYTES || r->body == BODY_FORM) {
        jw_kobject(w, r->body == BODY_FORM ? "application/x-www-form-urlencoded" : "application/octet-stream");
        jw_end_object(w);
    } else {
        jw_kobject(w, "application/json");
        jw_key(w, "schema");
        if (r->body == BODY_JSON) {
            write_object(w, r->fields, false);
        } else {
            jw_object(w);
            jw_karray(w, "anyOf");
            for (const struct verb *const *t = core->tables->verbs; *t != NULL; t++)
                for (const struct verb *v = *t; v->name != NULL; v++)
                    if (takes(r, v)) {
                        (void)snprintf(name, sizeof name, "do_%s_%s", subject_code(v->subject), v->name);
                        write_ref(w, name);
                    }
            jw_end_array(w);
            jw_end_object(w);
        }
        jw_end_object(w);
    }
    jw_end_object(w);
    jw_end_object(w);
}

static void write_parameter(struct jw *w, struct str name, const char *in, const struct field *f)
{
    jw_object(w);
    jw_ktext(w, "name", name);
    jw_kz(w, "in", in);
    jw_kbool(w, "required", strcmp(in, "path") == 0);
    jw_key(w, "schema");
    if (f != NULL) {
        write_field(w, f);
    } else {
        jw_object(w);
        write_type(w, "string");
        jw_end_object(w);
    }
    jw_end_object(w);
}

static void write_parameters(struct jw *w, const struct route *r)
{
    struct str rest = str_of(r->path), part;
    jw_karray(w, "parameters");
    while (str_split(&rest, '/', &part))
        if (part.n > 2 && part.p[0] == '{')
            write_parameter(w, str_range(part.p + 1, part.n - 2), "path", NULL);
    for (const struct field *f = r->query; f != NULL && f->name != NULL; f++)
        write_parameter(w, str_of(f->name), "query", f);
    if (r->how == HOW_WRITE && r->method != HTTP_GET)
        write_parameter(w, STR("Idempotency-Key"), "header", &(struct field){.type = FIELD_ID});
    if (strstr(r->name, "act_on") != NULL)
        write_parameter(w, STR("If-Match"), "header", NULL);
    jw_end_array(w);
}

static void write_responses(struct jw *w, const struct route *r)
{
    jw_kobject(w, "responses");
    jw_kobject(w, r->created ? "201" : r->reply == NULL && r->method != HTTP_GET ? "204" : "200");
    jw_kz(w, "description", r->summary);
    if (r->reply != NULL) {
        jw_kobject(w, "content");
        jw_kobject(w, "application/json");
        jw_key(w, "schema");
        write_ref(w, r->reply);
        jw_end_object(w);
        jw_end_object(w);
    }
    jw_end_object(w);
    jw_kobject(w, "default");
    jw_kz(w, "description", "RFC 9457 problem");
    jw_kobject(w, "content");
    jw_kobject(w, "application/problem+json");
    jw_key(w, "schema");
    write_ref(w, "problem");
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
}

static void write_operation(struct jw *w, const struct route *r, const struct core *core)
{
    char method[8] = {0};
    const char *name = http_method_name(r->method);
    for (size_t i = 0; name[i] != '\0' && i + 1 < sizeof method; i++)
        method[i] = (char)tolower((unsigned char)name[i]);
    jw_kobject(w, method);
    jw_kz(w, "operationId", r->name);
    jw_kz(w, "summary", r->summary);
    jw_karray(w, "x-who");
    if ((r->who & WHO_ANYONE) != 0)
        jw_text(w, STR("anyone"));
    if ((r->who & WHO_TRACKING) != 0)
        jw_text(w, STR("tracking"));
    for (int p = 0; (r->who & WHO_SIGNED_IN) != 0 && p < POST_COUNT; p++)
        if (r->posts == 0 || (r->posts >> p & 1) != 0)
            jw_text(w, str_of(post_code((enum post)p)));
    jw_end_array(w);
    write_parameters(w, r);
    if (r->body != BODY_NONE && !(r->body == BODY_JSON && r->fields == NULL))
        write_body(w, r, core);
    write_responses(w, r);
    jw_end_object(w);
}

static bool written_before(const struct route *r)
{
    for (const struct route *o = routes; o < r; o++)
        if (strcmp(o->path, r->path) == 0)
            return true;
    return false;
}

static void write_schemas(struct jw *w, const struct core *core)
{
    const struct embed_file *f = embed_find("schema/replies.json");
    json_t *replies = f != NULL ? json_read(str_range((const char *)f->data, f->size), NULL) : NULL;
    const char *key;
    json_t *value;
    char name[96];

    jw_kobject(w, "components");
    jw_kobject(w, "schemas");
    json_object_foreach(replies, key, value)
        jw_kjson(w, key, value);
    for (const struct verb *const *t = core->tables->verbs; *t != NULL; t++)
        for (const struct verb *v = *t; v->name != NULL; v++) {
            if (v->who == 0)
                continue;
            (void)snprintf(name, sizeof name, "do_%s_%s", subject_code(v->subject), v->name);
            jw_key(w, name);
            write_object(w, v->fields, true);
        }
    jw_end_object(w);
    jw_end_object(w);
    json_decref(replies);
}

void openapi_write(struct buf *out, const struct core *core)
{
    struct jw w = JW_INIT(out);
    jw_object(&w);
    jw_kz(&w, "openapi", "3.1.0");
    jw_kobject(&w, "info");
    jw_kz(&w, "title", "liuxiao");
    jw_kz(&w, "version", LIUXIAO_VERSION);
    jw_end_object(&w);
    jw_kobject(&w, "paths");
    for (const struct route *r = routes; r->path != NULL; r++) {
        if (written_before(r))
            continue;
        jw_kobject(&w, r->path);
        for (const struct route *o = r; o->path != NULL; o++)
            if (strcmp(o->path, r->path) == 0)
                write_operation(&w, o, core);
        jw_end_object(&w);
    }
    jw_end_object(&w);
    write_schemas(&w, core);
    jw_end_object(&w);
}
