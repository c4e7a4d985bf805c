#include "core/form.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "core/power.h"
#include "core/spoken.h"

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

struct str form_choice_label(struct arena *a, const struct pack *p, const struct field *f, struct str value,
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
        json_array_foreach(pack_list(p, f->from), i, row) {
            struct str word = json_is_string(row) ? str_of(json_string_value(row)) : json_text(row, "code");
            write_option(w, word, pack_label(p, f->from, word));
        }
    }
    jw_end_array(w);
}

static void write_field(struct jw *w, struct arena *a, const struct form_of *of, const struct field *f)
{
    enum lang lang = of->lang;

    jw_object(w);
    jw_kz(w, "name", f->name);
    jw_kz(w, "label", f->label != NULL ? f->label : lang_word(lang, arena_printf(a, "field.%s", f->name)));
    jw_kz(w, "type", field_type_name(f->type));
    jw_kbool(w, "required", f->required);
    if (f->most != 0)
        jw_kint(w, "max", f->most);
    if (f->type == FIELD_LONGTEXT)
        jw_kbool(w, "voice", spoken_in(of->verb->subject));
    if (f->type == FIELD_REGISTER)
        jw_kz(w, "register", f->from);
    else if (f->from != NULL || f->options != NULL || f->choices != NULL)
        write_options(w, a, of->pack, f, of->kind, lang);
    jw_end_object(w);
}

static void write_fields(struct jw *w, struct arena *a, const struct form_of *f, const struct field *more)
{
    static const struct field whose = {.name = "for", .type = FIELD_SAID, .required = true, .most = 100};
    const struct verb *v = f->verb;
    struct field *extra;

    (void)pack_fields(f->pack, a, f->kind, f->category, v->from == IN_NOTHING ? "report" : v->name, &extra);
    jw_karray(w, "form");
    if (f->by_staff && (v->who & BY_RESIDENT) != 0 && v->for_another)
        write_field(w, a, f, &whose);
    for (const struct field *own = v->fields; own != NULL && own->name != NULL; own++)
        if (!own->hidden)
            write_field(w, a, f, own);
    for (; extra->name != NULL; extra++)
        write_field(w, a, f, extra);
    for (; more != NULL && more->name != NULL; more++)
        write_field(w, a, f, more);
    jw_end_array(w);
}

/* The members of the object, without its braces. */
static void write_verb(struct jw *w, struct arena *a, const struct form_of *f)
{
    static const char *const readers[] = {"", "resident", "office", "upper"};
    const struct verb *v = f->verb;
    struct str label = pack_verb_label_for(f->pack, v->name, readers[f->reader]);

    jw_kz(w, "verb", v->name);
    jw_ktext(w, "label", label.n > 0 ? label : pack_verb_label(f->pack, v->name, f->kind));
    jw_kbool(w, "public", v->open);
    jw_kbool(w, "primary", v->primary);
    jw_ktext(w, "group", pack_verb_group(f->pack, v->name));
    power_write(w, a, f->pack, f->kind, v->name);
    write_fields(w, a, f, NULL);
}

/* ---- Kept ---------------------------------------------------------------------------------------------- */

/* More than all forms of a pack; a form that finds no place is written anew each time. */
enum { PLACES = 4096, LOOKED_AT = 16 };

struct form_text {
    struct form_of of;
    struct str json; /* the members of an object; behind the struct */
};

struct forms {
    /* Set once, from null, and never changed after: readers look without a lock. */
    struct form_text *_Atomic at[PLACES];
};

struct forms *forms_open(void)
{
    return calloc(1, sizeof(struct forms));
}

void forms_close(struct forms *forms)
{
    for (size_t i = 0; forms != NULL && i < PLACES; i++)
        free(atomic_load(&forms->at[i]));
    free(forms);
}

static bool same(const struct form_of *x, const struct form_of *y)
{
    return x->verb == y->verb && x->pack == y->pack && x->category == y->category && x->kind == y->kind &&
           x->lang == y->lang && x->by_staff == y->by_staff && x->reader == y->reader;
}

static size_t place_of(const struct form_of *f)
{
    uint64_t h = (uintptr_t)f->verb * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (uintptr_t)f->pack ^ (uintptr_t)f->category) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ (uint64_t)(((f->kind * LANG_COUNT + f->lang) * 2 + f->by_staff) * 4 + f->reader)) *
        UINT64_C(0xc4ceb9fe1a85ec53);
    return (size_t)(h >> 40);
}

static struct form_text *make(const struct form_of *f)
{
    struct buf b = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&b);
    struct arena *a = arena_open();

    jw_object(&w);
    write_verb(&w, a, f);
    jw_end_object(&w);
    arena_close(a);
    size_t n = b.full ? 0 : b.n - 2; /* without the braces */
    struct form_text *made = n == 0 ? NULL : malloc(sizeof *made + n);
    if (made != NULL) {
        *made = (struct form_text){.of = *f, .json = str_range((const char *)(made + 1), n)};
        memcpy(made + 1, b.p + 1, n);
    }
    buf_free(&b);
    return made;
}

void form_write_verb(struct core *core, struct jw *w, const struct form_of *form)
{
    struct form_of f = *form;
    size_t at = place_of(&f);

    /* Most categories have no form of their own: theirs is the kind's. */
    if (f.category != NULL && !pack_own_fields(f.category, f.verb->name)) {
        f.category = NULL;
        at = place_of(&f);
    }
    struct form_text *fresh = NULL;
    for (size_t i = 0; i < LOOKED_AT; i++) {
        struct form_text *_Atomic *place = &core->forms->at[(at + i) % PLACES];
        struct form_text *known = atomic_load_explicit(place, memory_order_acquire);
        if (known == NULL && fresh == NULL)
            fresh = make(&f);
        if (known == NULL && fresh != NULL && atomic_compare_exchange_strong(place, &known, fresh)) {
            jw_raw_members(w, fresh->json);
            return;
        }
        if (known != NULL && same(&known->of, &f)) { /* also when another thread was quicker */
            jw_raw_members(w, known->json);
            free(fresh);
            return;
        }
    }
    if (fresh == NULL)
        fresh = make(&f);
    if (fresh != NULL)
        jw_raw_members(w, fresh->json);
    else
        w->out->full = true;
    free(fresh);
}

void form_write(struct jw *w, struct arena *a, const struct form_of *f)
{
    write_fields(w, a, f, NULL);
}

void form_write_plain(struct jw *w, struct arena *a, const struct form_of *f, struct str label,
                      const struct field *more)
{
    jw_object(w);
    jw_kz(w, "verb", f->verb->name);
    jw_ktext(w, "label", label);
    jw_kbool(w, "public", f->verb->open);
    jw_kbool(w, "primary", f->verb->primary);
    jw_karray(w, "missing");
    jw_end_array(w);
    jw_kbool(w, "blocked", false);
    write_fields(w, a, f, more);
    jw_end_object(w);
}
