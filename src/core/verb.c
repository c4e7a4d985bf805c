#include "core/verb.h"

#include "core/scope.h"

const struct verb *verb_find(const struct core *core, enum subject_kind subject, struct str name)
{
    for (const struct verb *const *table = core->tables->verbs; *table != NULL; table++)
        for (const struct verb *v = *table; v->name != NULL; v++)
            if (v->subject == subject && str_is(name, v->name))
                return v;
    return NULL;
}

static bool handles(struct db *db, const struct case_row *c, const struct actor *a, bool *ret, struct error *e)
{
    int64_t role = 0;
    *ret = false;
    if (a->kind != ACTOR_ACCOUNT)
        return true;
    if (c->office_signed != 0 && scope_holds_office(a, c->office)) {
        *ret = true;
        return true;
    }
    if (!case_worker_role(db, c->id, a->account, &role, e))
        return false;
    *ret = role == WORKER_HANDLER || role == WORKER_CO;
    return true;
}

bool verb_open(struct db *db, const struct verb *v, const struct case_row *c, const struct actor *a,
               struct error *e)
{
    bool may = a->kind == ACTOR_SYSTEM, handler = false;

    if (c->key.n == 0) /* erased: nothing can be written under it any more */
        return error_set(e, ERROR_KEY_DESTROYED, NULL);
    if ((v->from >> c->state & 1) == 0)
        return error_setf(e, ERROR_NOT_OPEN, "verb", "%s", v->name);
    if (!may && (v->who & BY_RESIDENT) != 0)
        may = a->kind == ACTOR_RESIDENT && a->case_id == c->id;
    if (!may && (v->who & BY_POST) != 0)
        may = a->kind == ACTOR_ACCOUNT && scope_reaches(a, c->scope, v->posts);
    if (!may && (v->who & BY_OFFICE) != 0)
        may = scope_holds_office(a, c->office);
    if (!may && (v->who & BY_HANDLER) != 0) {
        if (!handles(db, c, a, &handler, e))
            return false;
        may = handler;
    }
    if (!may)
        return error_set(e, ERROR_FORBIDDEN, "verb");
    if (v->open_now != NULL && !v->open_now(c, a))
        return error_setf(e, ERROR_NOT_OPEN, "verb", "%s", v->name);
    return true;
}

static void write_option(struct jw *w, struct str value, struct str label)
{
    jw_object(w);
    jw_ktext(w, "value", value);
    jw_ktext(w, "label", label);
    jw_end_object(w);
}

static void write_categories(struct jw *w, const struct kind_def *k)
{
    for (size_t i = 0; i < k->category_count; i++)
        if (k->categories[i].parent != NULL)
            write_option(w, k->categories[i].code, k->categories[i].label);
}

struct str verb_choice_label(struct arena *a, const struct pack *p, const struct field *f, struct str value,
                             enum lang lang)
{
    for (const struct field_option *o = f->choices; o != NULL && o->value != NULL; o++)
        if (str_is(value, o->value))
            return str_of(o->label);
    if (value.n == 0 || f->from == NULL)
        return value;
    if (strchr(f->from, '|') != NULL)
        return str_of(lang_word(lang, arena_printf(a, "choice.%s.%.*s", f->name, (int)value.n, value.p)));
    if (strcmp(f->from, "categories") != 0)
        return pack_label(p, f->from, value);
    for (int n = KIND_DISPUTE; n < KIND_COUNT; n++) {
        const struct category *c = pack_category(p, (enum kind)n, value);
        if (c != NULL)
            return c->label;
    }
    return value;
}

/* Options that the pack or a short list of the program gives. */
static void write_options(struct jw *w, struct arena *a, const struct pack *p, const struct field *f,
                          enum kind kind, enum lang lang)
{
    const struct kind_def *k = &p->kinds[kind];
    size_t i;
    const json_t *row;

    jw_karray(w, "options");
    if (f->choices != NULL) {
        for (const struct field_option *o = f->choices; o->value != NULL; o++)
            write_option(w, str_of(o->value), str_of(o->label));
    } else if (f->options != NULL) {
        json_array_foreach(f->options, i, row)
            write_option(w, json_text(row, "value"), json_text(row, "label"));
    } else if (strcmp(f->from, "outcomes") == 0) {
        for (i = 0; i < k->outcome_count; i++)
            write_option(w, k->outcomes[i].code, k->outcomes[i].label);
    } else if (strcmp(f->from, "categories") == 0) {
        for (int n = KIND_DISPUTE; n < KIND_COUNT; n++)
            if (kind == KIND_NONE || kind == (enum kind)n)
                write_categories(w, &p->kinds[n]);
    } else if (strcmp(f->from, "kinds") == 0) {
        for (int n = KIND_DISPUTE; n <= KIND_HAZARD; n++)
            write_option(w, str_of(kind_code((enum kind)n)), p->kinds[n].short_label);
    } else if (strcmp(f->from, "resolved") == 0 || strcmp(f->from, "satisfied") == 0) {
        json_array_foreach(json_object_get(json_object_get(p->doc, "judge_scale"), f->from), i, row)
            write_option(w, json_text(row, "value"), json_text(row, "label"));
    } else if (strchr(f->from, '|') != NULL) {
        struct str rest = str_of(f->from), part;
        while (str_split(&rest, '|', &part)) {
            const char *key = arena_printf(a, "choice.%s.%.*s", f->name, (int)part.n, part.p);
            write_option(w, part, str_of(lang_word(lang, key)));
        }
    } else {
        json_array_foreach(json_object_get(p->doc, f->from), i, row) {
            struct str word = json_is_string(row) ? str_of(json_string_value(row)) : json_text(row, "code");
            write_option(w, word, pack_label(p, f->from, word));
        }
    }
    jw_end_array(w);
}

static void write_field(struct jw *w, struct arena *a, const struct pack *p, const struct field *f,
                        enum kind kind, enum lang lang)
{
    jw_object(w);
    jw_kz(w, "name", f->name);
    jw_kz(w, "label", f->label != NULL ? f->label : lang_word(lang, arena_printf(a, "field.%s", f->name)));
    jw_kz(w, "type", field_type_name(f->type));
    jw_kbool(w, "required", f->required);
    if (f->most != 0)
        jw_kint(w, "max", f->most);
    if (f->type == FIELD_REGISTER)
        jw_kz(w, "register", f->from);
    else if (f->from != NULL || f->options != NULL || f->choices != NULL)
        write_options(w, a, p, f, kind, lang);
    jw_end_object(w);
}

void verb_write_form(struct core *core, struct arena *arena, struct jw *w, const struct pack *pack,
                     const struct verb *v, enum kind kind, const struct category *category, enum lang lang,
                     bool by_staff)
{
    struct field *extra;
    (void)core;
    (void)pack_fields(pack, arena, kind, category, v->from == IN_NOTHING ? "report" : v->name, &extra);
    static const struct field whose = {.name = "for", .type = FIELD_SAID, .required = true, .most = 100};
    jw_karray(w, "form");
    if (by_staff && (v->who & BY_RESIDENT) != 0 && v->for_another)
        write_field(w, arena, pack, &whose, kind, lang);
    for (const struct field *f = v->fields; f != NULL && f->name != NULL; f++)
        if (!f->hidden)
            write_field(w, arena, pack, f, kind, lang);
    for (const struct field *f = extra; f->name != NULL; f++)
        write_field(w, arena, pack, f, kind, lang);
    jw_end_array(w);
}

void verb_write_fields(struct arena *arena, struct jw *w, const struct pack *pack, const struct field *fields,
                       const struct field *extra, enum lang lang)
{
    jw_karray(w, "form");
    for (const struct field *f = fields; f != NULL && f->name != NULL; f++)
        if (!f->hidden)
            write_field(w, arena, pack, f, KIND_NONE, lang);
    for (const struct field *f = extra; f != NULL && f->name != NULL; f++)
        write_field(w, arena, pack, f, KIND_NONE, lang);
    jw_end_array(w);
}

/* Residents, offices and the levels above have words of their own for some verbs. */
static struct str label_for(const struct pack *pack, const char *verb, const struct case_row *c,
                            const struct actor *a)
{
    const char *reader = a->kind == ACTOR_RESIDENT                              ? "resident"
                         : c->office != 0 && scope_holds_office(a, c->office)   ? "office"
                         : actor_is(a, POSTS_ABOVE) && !actor_is(a, POSTS_DESK) ? "upper"
                                                                                : "";
    struct str own = pack_verb_label_for(pack, verb, reader);
    return own.n > 0 ? own : pack_verb_label(pack, verb, c->kind);
}

void verb_write_open(struct core *core, struct db *db, struct arena *arena, struct jw *w,
                     const struct case_row *c, const struct actor *a)
{
    const struct pack *pack = core_pack(core, db, c->pack, NULL);
    jw_karray(w, "verbs");
    for (const struct verb *v = verb_cases; pack != NULL && v->name != NULL; v++) {
        if (v->from == IN_NOTHING || !verb_open(db, v, c, a, NULL))
            continue;
        jw_object(w);
        jw_kz(w, "verb", v->name);
        jw_ktext(w, "label", label_for(pack, v->name, c, a));
        jw_kbool(w, "public", v->open);
        jw_kbool(w, "primary", v->primary);
        verb_write_form(core, arena, w, pack, v, c->kind, pack_category(pack, c->kind, c->category), a->lang,
                        a->kind == ACTOR_ACCOUNT);
        jw_end_object(w);
    }
    jw_end_array(w);
}
