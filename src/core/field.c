#include "core/field.h"

#include "base/id.h"
#include "base/time.h"

static const char *const type_names[] = {
    [FIELD_TEXT] = "text",         [FIELD_LONGTEXT] = "longtext", [FIELD_CHOICE] = "choice",
    [FIELD_DATE] = "date",         [FIELD_TIME] = "datetime",     [FIELD_INT] = "int",
    [FIELD_NUMBER] = "number",     [FIELD_BOOL] = "bool",         [FIELD_ID] = "id",
    [FIELD_OFFICE] = "office",     [FIELD_ACCOUNT] = "account",   [FIELD_CASE] = "case",
    [FIELD_UNIT] = "unit",         [FIELD_PERSONS] = "persons",   [FIELD_FILES] = "files",
    [FIELD_QUANTITY] = "quantity", [FIELD_CONSENT] = "consent",   [FIELD_OBJECT] = "object",
    [FIELD_LIST] = "list",         [FIELD_SAID] = "text",         [FIELD_MONEY] = "money",
    [FIELD_PERSON] = "person",     [FIELD_REGISTER] = "register",
};

const char *field_type_name(enum field_type t)
{
    return type_names[t];
}

static bool check_text(const struct field *f, const json_t *value, struct error *e)
{
    if (!json_is_string(value))
        return error_set(e, ERROR_WRONG_TYPE, f->name);
    struct str s = {json_string_value(value), json_string_length(value)};
    size_t most = f->most > 0 ? (size_t)f->most : f->type == FIELD_LONGTEXT ? 4000 : 200;
    if (str_points(s) > most)
        return error_setf(e, ERROR_TOO_LONG, f->name, "%zu", most);
    if (f->required && str_trim(s).n == 0)
        return error_set(e, ERROR_MISSING, f->name);
    return true;
}

/* "a|b|c" */
static bool listed(const char *choices, struct str value)
{
    struct str rest = str_of(choices), part;
    while (str_split(&rest, '|', &part))
        if (str_eq(part, value))
            return true;
    return false;
}

static bool check_choice(const struct field *f, const json_t *value, struct error *e)
{
    if (!json_is_string(value))
        return error_set(e, ERROR_WRONG_TYPE, f->name);
    struct str s = {json_string_value(value), json_string_length(value)};
    for (const struct field_option *o = f->choices; o != NULL && o->value != NULL; o++)
        if (str_is(s, o->value))
            return true;
    if (f->choices != NULL)
        return error_set(e, ERROR_NOT_A_CHOICE, f->name);
    if (f->options != NULL) {
        size_t i;
        const json_t *option;
        json_array_foreach(f->options, i, option)
            if (str_eq(json_text(option, "value"), s))
                return true;
        return error_set(e, ERROR_NOT_A_CHOICE, f->name);
    }
    /* Options that depend on the pack are checked by who knows the kind. */
    if (f->from != NULL && strchr(f->from, '|') != NULL && !listed(f->from, s))
        return error_set(e, ERROR_NOT_A_CHOICE, f->name);
    return true;
}

static bool check_number(const struct field *f, const json_t *value, struct error *e)
{
    if (f->type == FIELD_INT ? !json_is_integer(value) : !json_is_number(value))
        return error_set(e, ERROR_WRONG_TYPE, f->name);
    double v = json_number_value(value);
    double off = v * 100 - (double)(int64_t)(v * 100 + 0.5); /* 300.10 is not exactly that in binary */
    if (f->type == FIELD_MONEY && (v < 0 || off > 1e-4 || off < -1e-4))
        return error_set(e, ERROR_MALFORMED, f->name);
    if ((f->least != 0 || f->most != 0) && (v < (double)f->least || v > (double)f->most))
        return error_setf(e, ERROR_OUT_OF_RANGE, f->name, "%lld…%lld", (long long)f->least, (long long)f->most);
    return true;
}

static bool check_moment(const struct field *f, const json_t *value, struct error *e)
{
    int64_t ms;
    int32_t day;
    if (!json_is_string(value))
        return error_set(e, ERROR_WRONG_TYPE, f->name);
    struct str s = {json_string_value(value), json_string_length(value)};
    if (f->type == FIELD_DATE ? !date_parse(s, &day) : !time_parse(s, &ms))
        return error_set(e, ERROR_MALFORMED, f->name);
    return true;
}

static bool check_id(const struct field *f, const json_t *value, struct error *e)
{
    struct id id;
    if (!json_is_string(value))
        return error_set(e, ERROR_WRONG_TYPE, f->name);
    if (!id_parse(str_range(json_string_value(value), json_string_length(value)), &id))
        return error_set(e, ERROR_MALFORMED, f->name);
    return true;
}

static const struct field person_fields[] = {
    {.name = "role", .type = FIELD_CHOICE, .required = true, .from = "reporter|party|subject|contact"},
    {.name = "side", .type = FIELD_INT, .least = 0, .most = 20},
    {.name = "name", .type = FIELD_TEXT, .most = 40},
    {.name = "phone", .type = FIELD_TEXT, .most = 20},
    {.name = "id_no", .type = FIELD_TEXT, .most = 18},
    {.name = "person", .type = FIELD_ID},
    FIELD_END,
};

static const struct field one_person[] = {
    {.name = "name", .type = FIELD_TEXT, .most = 40},
    {.name = "phone", .type = FIELD_TEXT, .most = 20},
    {.name = "id_no", .type = FIELD_TEXT, .most = 18},
    {.name = "address", .type = FIELD_TEXT, .most = 100},
    {.name = "person", .type = FIELD_ID},
    FIELD_END,
};

static const struct field quantity_fields[] = {
    {.name = "n", .type = FIELD_NUMBER, .required = true, .least = 0, .most = 1000000},
    {.name = "unit", .type = FIELD_TEXT, .required = true, .most = 10},
    FIELD_END,
};

static const struct field consent_fields[] = {
    {.name = "given", .type = FIELD_BOOL, .required = true},
    {.name = "how", .type = FIELD_TEXT, .most = 100},
    FIELD_END,
};

static bool check_nested(const struct field *f, const struct field *inner, const json_t *value, struct error *e)
{
    const struct field *tables[] = {inner, NULL};
    if (!json_is_object(value))
        return error_set(e, ERROR_WRONG_TYPE, f->name);
    return field_check(tables, value, e) || error_within(e, f->name);
}

static bool check_list(const struct field *f, const json_t *value, struct error *e)
{
    size_t i, most = f->most > 0 ? (size_t)f->most : 20;
    const json_t *item;

    if (!json_is_array(value))
        return error_set(e, ERROR_WRONG_TYPE, f->name);
    if (json_array_size(value) > most)
        return error_setf(e, ERROR_TOO_LONG, f->name, "%zu", most);
    json_array_foreach(value, i, item) {
        char at[ERROR_FIELD_MAX];
        (void)snprintf(at, sizeof at, "%s.%zu", f->name, i);
        struct field one = {.name = at};
        if (f->type == FIELD_PERSONS && !check_nested(&one, person_fields, item, e))
            return false;
        if (f->type == FIELD_FILES && (!json_is_string(item) || json_string_length(item) != 64))
            return error_set(e, ERROR_MALFORMED, at);
    }
    return true;
}

bool field_check_one(const struct field *f, const json_t *value, struct error *e)
{
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_LONGTEXT:
        return check_text(f, value, e);
    case FIELD_UNIT:
        return json_is_string(value) || error_set(e, ERROR_WRONG_TYPE, f->name);
    case FIELD_CHOICE:
        return check_choice(f, value, e);
    case FIELD_DATE:
    case FIELD_TIME:
        return check_moment(f, value, e);
    case FIELD_INT:
    case FIELD_NUMBER:
    case FIELD_MONEY:
        return check_number(f, value, e);
    case FIELD_BOOL:
        return json_is_boolean(value) || error_set(e, ERROR_WRONG_TYPE, f->name);
    case FIELD_ID:
    case FIELD_OFFICE:
    case FIELD_ACCOUNT:
    case FIELD_CASE:
    case FIELD_REGISTER:
        return check_id(f, value, e);
    case FIELD_QUANTITY:
        return check_nested(f, quantity_fields, value, e);
    case FIELD_PERSON:
        return check_nested(f, one_person, value, e);
    case FIELD_CONSENT:
        return check_nested(f, consent_fields, value, e);
    case FIELD_SAID:
        return json_is_object(value) || check_text(f, value, e);
    case FIELD_OBJECT:
        return json_is_object(value) || error_set(e, ERROR_WRONG_TYPE, f->name);
    case FIELD_PERSONS:
    case FIELD_FILES:
    case FIELD_LIST:
        return check_list(f, value, e);
    }
    return error_set(e, ERROR_INTERNAL, f->name);
}

static const struct field *find(const struct field *const *tables, const char *name)
{
    for (; *tables != NULL; tables++)
        for (const struct field *f = *tables; f->name != NULL; f++)
            if (strcmp(f->name, name) == 0)
                return f;
    return NULL;
}

bool field_check(const struct field *const *tables, const json_t *object, struct error *e)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)object, name, value) {
        const struct field *f = find(tables, name);
        if (f == NULL)
            return error_set(e, ERROR_UNKNOWN_FIELD, name);
        if (!json_is_null(value) && !field_check_one(f, value, e))
            return false;
    }
    for (; *tables != NULL; tables++)
        for (const struct field *f = *tables; f->name != NULL; f++)
            if (f->required &&
                (json_object_get(object, f->name) == NULL || json_is_null(json_object_get(object, f->name))))
                return error_set(e, ERROR_MISSING, f->name);
    return true;
}
