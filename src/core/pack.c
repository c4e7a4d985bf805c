#include "core/pack.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "core/duty.h"
#include "core/key_group.h"
#include "core/locate.h"
#include "core/post.h"
#include "core/power.h"

/* Reading is checking: whatever is wrong is reported with its path, and at the end with its line in the text. */
struct reading {
    struct pack *p;
    struct error *e;
    char path[ERROR_FIELD_MAX];
};

/* The path of what is wrong, printf-like, stands in r->path. */
static bool wrong_there(struct reading *r, const char *why)
{
    return error_setf(r->e, ERROR_PACK_INVALID, r->path, "%s, line %zu", why, locate_line(r->p->text, r->path));
}
#define wrong(r, why, ...) ((void)snprintf((r)->path, sizeof(r)->path, __VA_ARGS__), wrong_there((r), (why)))

static struct str member(const json_t *row, const char *key)
{
    return json_text(row, key);
}

/* {"n": 4, "unit": "wh"} at row[key] */
static bool read_term(struct reading *r, const json_t *row, const char *key, const char *path, struct term *ret)
{
    const json_t *t = json_object_get(row, key);
    if (t == NULL || json_is_null(t))
        return true;
    const json_t *n = json_object_get(t, "n");
    if (!json_is_number(n) || json_number_value(n) <= 0 || json_number_value(n) > 1000)
        return wrong(r, "a term needs n from 0 to 1000", "%s.%s.n", path, key);
    if (!term_unit_parse(member(t, "unit"), &ret->unit))
        return wrong(r, "a term's unit is wh, wd, cd or ch", "%s.%s.unit", path, key);
    ret->milli = (int64_t)(json_number_value(n) * 1000 + 0.5);
    return true;
}

static bool read_terms(struct reading *r, const json_t *row, const char *path, struct term terms[CLOCK_COUNT])
{
    const json_t *clocks = json_object_get(row, "clocks");
    char at[ERROR_FIELD_MAX];

    if (clocks == NULL)
        return true;
    (void)snprintf(at, sizeof at, "%s.clocks", path);
    for (int c = CLOCK_REPLY; c <= CLOCK_SETTLE; c++) {
        if (json_object_get(clocks, clock_code((enum clock_name)c)) != NULL)
            terms[c] = (struct term){0};
        if (!read_term(r, clocks, clock_code((enum clock_name)c), at, &terms[c]))
            return false;
    }
    return true;
}

static unsigned read_class(const json_t *row)
{
    struct str privacy = member(row, "privacy");
    unsigned class = 0;
    if (str_is(privacy, "minor"))
        class |= CLASS_MINOR;
    if (str_is(privacy, "health"))
        class |= CLASS_HEALTH;
    if (str_is(privacy, "high") || str_is(privacy, "income"))
        class |= CLASS_PRIVATE;
    if (json_flag(row, "restricted"))
        class |= CLASS_RESTRICTED;
    if (json_flag(row, "bypass_village"))
        class |= CLASS_BYPASS;
    return class;
}

static bool read_category(struct reading *r, const json_t *row, const struct category *parent,
                          const char *path, struct category *ret)
{
    *ret = (struct category){.code = member(row, "code"),
                             .label = member(row, "label"),
                             .definition = member(row, "definition"),
                             .parent = parent,
                             .row = row};
    if (ret->code.n == 0 || ret->label.n == 0)
        return wrong(r, "a category needs code and label", "%s.code", path);
    if (parent != NULL) {
        memcpy(ret->terms, parent->terms, sizeof ret->terms);
        ret->class = parent->class;
        ret->urgent = parent->urgent;
        ret->climbs = parent->climbs;
        ret->parent_row = parent->row;
    }
    ret->class |= read_class(row);
    ret->urgent |= json_flag(row, "urgent");
    ret->climbs |= json_flag(row, "climbs");
    ret->suspect_major = json_flag(row, "suspect_major");
    return read_terms(r, row, path, ret->terms);
}

static bool read_categories(struct reading *r, const json_t *kind, const char *key, const char *name,
                            struct kind_def *k)
{
    const json_t *rows = json_object_get(kind, key), *row, *child;
    size_t i, j, count = 0;
    char path[ERROR_FIELD_MAX];

    json_array_foreach(rows, i, row)
        count += 1 + json_array_size(json_object_get(row, "children"));
    if (count == 0)
        return wrong(r, "a kind needs categories", "%s.%s", name, key);
    k->categories = ARENA_ARRAY(r->p->arena, struct category, count);
    json_array_foreach(rows, i, row) {
        struct category *parent = &k->categories[k->category_count++];
        (void)snprintf(path, sizeof path, "%s.%s.%zu", name, key, i);
        if (!read_category(r, row, NULL, path, parent))
            return false;
        json_array_foreach(json_object_get(row, "children"), j, child) {
            (void)snprintf(path, sizeof path, "%s.%s.%zu.children.%zu", name, key, i, j);
            if (!read_category(r, child, parent, path, &k->categories[k->category_count++]))
                return false;
        }
    }
    for (i = 0; i < count; i++)
        for (j = 0; j < i; j++)
            if (str_eq(k->categories[i].code, k->categories[j].code))
                return wrong(r, "a category code stands twice", "%s.%s (%.*s)", name, key,
                             (int)k->categories[i].code.n, k->categories[i].code.p);
    return true;
}

static bool read_outcomes(struct reading *r, const json_t *kind, const char *name, struct kind_def *k)
{
    const json_t *rows = json_object_get(kind, "outcomes"), *row;
    size_t i;

    k->outcomes = ARENA_ARRAY(r->p->arena, struct outcome, json_array_size(rows) + 1);
    json_array_foreach(rows, i, row) {
        struct outcome *o = &k->outcomes[k->outcome_count++];
        *o = (struct outcome){member(row, "code"), member(row, "label"), member(row, "definition"),
                              json_flag(row, "counts")};
        if (o->code.n == 0 || o->label.n == 0)
            return wrong(r, "an outcome needs code and label", "%s.outcomes.%zu", name, i);
    }
    return k->outcome_count > 0 || wrong(r, "a kind needs outcomes", "%s.outcomes", name);
}

static bool read_kind(struct reading *r, enum kind kind)
{
    const json_t *row = json_object_get(json_object_get(r->p->doc, "kinds"), kind_code(kind));
    struct kind_def *k = &r->p->kinds[kind];
    char name[64];

    (void)snprintf(name, sizeof name, "kinds.%s", kind_code(kind));
    if (!json_is_object(row))
        return wrong(r, "the kind is missing", "%s", name);
    k->kind = kind;
    k->label = member(row, "label");
    k->short_label = member(row, "short");
    k->counter = member(row, "counter");
    k->noun = member(row, "noun");
    k->fallback = member(row, "fallback");
    for (int s = STATE_REPORTED; s < STATE_COUNT; s++) {
        k->states[s] = member(json_object_get(row, "status_labels"), state_code((enum case_state)s));
        if (k->states[s].n == 0)
            return wrong(r, "a state without a label", "%s.status_labels.%s", name,
                         state_code((enum case_state)s));
    }
    if (k->label.n == 0 || k->counter.n == 0)
        return wrong(r, "label and counter are needed", "%s.label", name);
    if (!read_categories(r, row, "categories", name, k) || !read_outcomes(r, row, name, k))
        return false;
    return pack_category(r->p, kind, k->fallback) != NULL ||
           wrong(r, "the fallback is not a category", "%s.fallback", name);
}

static bool read_talk(struct reading *r)
{
    const json_t *row = json_object_get(r->p->doc, "talk");
    struct kind_def *k = &r->p->kinds[KIND_TALK];
    if (!json_is_object(row))
        return wrong(r, "talk is missing", "talk");
    k->kind = KIND_TALK;
    k->label = member(row, "label");
    k->short_label = STR("小宣讲");
    k->counter = member(row, "counter");
    return read_categories(r, row, "topics", "talk", k);
}

/* The lists of words must be there and every post of the program must have one. */
static bool check_vocabulary(struct reading *r)
{
    static const char *const lists[] = {"channels", "levels",   "posts",         "offices",
                                        "verbs",    "told_how", "activity_types"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (json_array_size(json_object_get(r->p->doc, lists[i])) == 0)
            return wrong(r, "the list is missing or empty", "%s", lists[i]);
    for (int post = 0; post < POST_COUNT; post++)
        if (!pack_has(r->p, "posts", str_of(post_code((enum post)post))))
            return wrong(r, "a post of the program has no label here", "posts (%s)", post_code((enum post)post));
    return true;
}

/* G18: a pack that ranks people or forces photos, tracks or online time is refused, wherever in it that stands. A photo may be asked for where the pack
 * says what evidence it is. */
static bool check_burden_of(struct reading *r, const json_t *value, const char *path)
{
    static const char *const banned[] = {"ranking",           "score",          "points",
                                         "check_in_required", "track_required", "online_time",
                                         "photo_required",    "install_rate"};
    const char *key;
    const json_t *inner;
    size_t i;

    json_array_foreach(json_is_array(value) ? value : NULL, i, inner)
        if (!check_burden_of(r, inner, arena_printf(r->p->arena, "%s.%zu", path, i)))
            return false;
    if (!json_is_object(value))
        return true;
    json_object_foreach((json_t *)value, key, inner) {
        const char *at = path[0] != '\0' ? arena_printf(r->p->arena, "%s.%s", path, key) : key;
        bool evidence = strcmp(key, "photo_required") == 0 && json_text(value, "evidence").n > 0;
        for (i = 0; i < sizeof banned / sizeof banned[0]; i++)
            if (strcmp(key, banned[i]) == 0 && !json_is_false(inner) && !evidence)
                return wrong(
                    r, "a pack must not rank people or force check-ins, photos or tracks (国办函〔2026〕12号)",
                    "%s", at);
        if (!check_burden_of(r, inner, at))
            return false;
    }
    return true;
}

static bool check_burden(struct reading *r)
{
    return check_burden_of(r, r->p->doc, "");
}

/* G14: a pack that says whose powers steps rest on says it for all. */
static bool check_powers(struct reading *r)
{
    const char *path = "", *why = "";
    return power_check(r->p, &path, &why) || wrong(r, why, "%s", path);
}

/* L2: who may read a list of people follows from what the pack says of its group. */
static bool check_groups(struct reading *r)
{
    const char *path = "", *why = "";
    return key_groups_check(r->p, &path, &why) || wrong(r, why, "%s", path);
}

static bool read_common(struct reading *r)
{
    const json_t *clocks = json_object_get(r->p->doc, "clocks");
    return read_term(r, clocks, "sign", "clocks", &r->p->common[CLOCK_SIGN]) &&
           read_term(r, clocks, "judge", "clocks", &r->p->common[CLOCK_JUDGE]) &&
           read_term(r, clocks, "mediate", "clocks", &r->p->common[CLOCK_MEDIATE]) &&
           read_term(r, clocks, "visit", "clocks", &r->p->common[CLOCK_VISIT]) &&
           read_term(r, clocks, "confirm", "clocks", &r->p->common[CLOCK_CONFIRM]) &&
           read_term(r, clocks, "object", "clocks", &r->p->object);
}

/* Rules name offices that there are. */
static bool check_rule(struct reading *r, const struct category *c, const json_t *codes)
{
    size_t i;
    const json_t *code;
    json_array_foreach(codes, i, code)
        if (!pack_has(r->p, "offices", str_of(json_string_value(code))))
            return wrong(r, "no such office", "%.*s.office.%zu", (int)c->code.n, c->code.p, i);
    return true;
}

static bool check_rules(struct reading *r)
{
    for (int kind = KIND_DISPUTE; kind <= KIND_HAZARD; kind++)
        for (size_t i = 0; i < r->p->kinds[kind].category_count; i++) {
            const struct category *c = &r->p->kinds[kind].categories[i];
            const char *unit;
            json_t *codes;
            if (!check_rule(r, c, json_object_get(c->row, "office")))
                return false;
            json_object_foreach(json_object_get(c->row, "offices_by_unit"), unit, codes)
                if (!check_rule(r, c, codes))
                    return false;
        }
    return true;
}

static bool read_all(struct reading *r)
{
    r->p->version = member(r->p->doc, "version");
    if (r->p->version.n == 0)
        return wrong(r, "the version is missing", "version");
    for (int kind = KIND_DISPUTE; kind <= KIND_HAZARD; kind++)
        if (!read_kind(r, (enum kind)kind))
            return false;
    return read_talk(r) && read_common(r) && check_vocabulary(r) && check_rules(r) && check_burden(r) &&
           check_powers(r) && check_groups(r);
}

void pack_close(struct pack *p)
{
    if (p == NULL)
        return;
    json_decref(p->doc);
    buf_free(&p->public);
    arena_close(p->arena);
    free(p);
}

static void finish_options(struct pack *p);
static void write_public(struct pack *p);
static void make_index(struct pack *p);

bool pack_read(struct pack **ret, struct str text, struct error *e)
{
    struct pack *p = calloc(1, sizeof *p);
    if (p == NULL)
        return error_set(e, ERROR_INTERNAL, NULL);
    p->arena = arena_open();
    p->public = BUF_INIT(BUF_REPLY);
    p->text = arena_str(p->arena, text);
    hash_bytes(text, p->hash);
    p->doc = json_read(p->text, e);
    if (p->doc == NULL) {
        e->code = ERROR_PACK_INVALID;
        pack_close(p);
        return false;
    }
    make_index(p);
    struct reading r = {.p = p, .e = e};
    if (!read_all(&r)) {
        pack_close(p);
        return false;
    }
    finish_options(p);
    write_public(p);
    *ret = p;
    return true;
}

const struct category *pack_category(const struct pack *p, enum kind k, struct str code)
{
    const struct kind_def *d = &p->kinds[k];
    for (size_t i = 0; i < d->category_count; i++)
        if (str_eq(d->categories[i].code, code))
            return &d->categories[i];
    return NULL;
}

const struct outcome *pack_outcome(const struct pack *p, enum kind k, struct str code)
{
    const struct kind_def *d = &p->kinds[k];
    for (size_t i = 0; i < d->outcome_count; i++)
        if (str_eq(d->outcomes[i].code, code))
            return &d->outcomes[i];
    return NULL;
}

/* ---- Words by list and code ---------------------------------------------------------------------------- */

/* A page asks for dozens of labels: each is one look instead of a walk along its list. */
struct pack_row {
    const json_t *list; /* null: free */
    struct str code;
    const json_t *row;
};

struct pack_index {
    struct pack_row *at;
    size_t room; /* a power of two, more than twice the rows */
};

static struct str code_of(const json_t *row)
{
    return json_is_string(row) ? str_of(json_string_value(row)) : member(row, "code");
}

static struct pack_row *row_place(const struct pack_index *x, const json_t *list, struct str code)
{
    size_t i = (size_t)(str_hash(code) ^ (uintptr_t)list / 16) & (x->room - 1);
    while (x->at[i].list != NULL && (x->at[i].list != list || !str_eq(x->at[i].code, code)))
        i = (i + 1) & (x->room - 1);
    return &x->at[i];
}

/* Every list that a path of names reaches; returns how many rows there are. Without a table it only counts. */
static size_t index_rows(const struct pack_index *x, const json_t *value)
{
    const json_t *inner;
    const char *name;
    size_t i, n = json_array_size(value);

    for (i = 0; x->at != NULL && i < n; i++) {
        const json_t *row = json_array_get(value, i);
        struct pack_row *place = row_place(x, value, code_of(row));
        if (place->list == NULL) /* the first of the same code */
            *place = (struct pack_row){value, code_of(row), row};
    }
    json_object_foreach((json_t *)value, name, inner)
        n += index_rows(x, inner);
    return n;
}

static void make_index(struct pack *p)
{
    struct pack_index *x = arena_alloc(p->arena, sizeof *x);
    size_t rows = index_rows(x, p->doc);

    for (x->room = 64; x->room < 2 * rows + 1;)
        x->room *= 2;
    x->at = ARENA_ARRAY(p->arena, struct pack_row, x->room);
    (void)index_rows(x, p->doc);
    p->index = x;
}

static const json_t *find_row(const struct pack *p, const json_t *list, struct str code)
{
    return list != NULL ? row_place(p->index, list, code)->row : NULL;
}

/* "talk.forms" goes one step down. */
const json_t *pack_list(const struct pack *p, const char *list)
{
    struct str rest = str_of(list), part;
    const json_t *at = p->doc;
    while (at != NULL && str_split(&rest, '.', &part))
        at = json_object_getn(at, part.p, part.n);
    return at;
}

const json_t *pack_row(const struct pack *p, const char *list, struct str code)
{
    return find_row(p, pack_list(p, list), code);
}

bool pack_has(const struct pack *p, const char *list, struct str code)
{
    return find_row(p, pack_list(p, list), code) != NULL;
}

struct str pack_label(const struct pack *p, const char *list, struct str code)
{
    struct str label = member(find_row(p, pack_list(p, list), code), "label");
    return label.n > 0 ? label : code;
}

struct str pack_verb_label(const struct pack *p, const char *verb, enum kind k)
{
    const json_t *row = find_row(p, json_object_get(p->doc, "verbs"), str_of(verb));
    struct str own = member(json_object_get(row, "label_by_kind"), kind_code(k));
    if (own.n > 0)
        return own;
    struct str label = member(row, "label");
    return label.n > 0 ? label : str_of(verb);
}

struct str pack_verb_label_for(const struct pack *p, const char *verb, const char *reader)
{
    return json_text(
        json_object_get(find_row(p, json_object_get(p->doc, "verbs"), str_of(verb)), "label_by_kind"), reader);
}

struct str pack_verb_group(const struct pack *p, const char *verb)
{
    const json_t *groups = json_object_get(p->doc, "verb_groups"), *group, *one;
    size_t i, k;

    json_array_foreach(groups, i, group)
        json_array_foreach(json_object_get(group, "verbs"), k, one)
            if (json_is_string(one) && strcmp(json_string_value(one), verb) == 0)
                return member(group, "label");
    return member(json_array_get(groups, 0), "label");
}

static enum field_type type_of(struct str name)
{
    static const enum field_type allowed[] = {FIELD_TEXT, FIELD_LONGTEXT, FIELD_CHOICE, FIELD_DATE,
                                              FIELD_INT,  FIELD_NUMBER,   FIELD_BOOL};
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (str_is(name, field_type_name(allowed[i])))
            return allowed[i];
    return FIELD_TEXT;
}

/* Options of packs are plain words; forms want value and label. */
static const json_t *options_of(const json_t *row)
{
    json_t *words = json_object_get(row, "options"), *word;
    size_t i;
    if (!json_is_array(words) || json_is_object(json_array_get(words, 0)))
        return words;
    json_array_foreach(words, i, word) {
        json_t *pair = json_pack("{s:O,s:O}", "value", word, "label", word);
        (void)json_array_set_new(words, i, pair);
    }
    return words;
}

bool pack_own_fields(const struct category *c, const char *verb)
{
    return json_is_array(json_object_get(json_object_get(c->row, "forms"), verb));
}

size_t pack_fields(const struct pack *p, struct arena *a, enum kind k, const struct category *c,
                   const char *verb, struct field **ret)
{
    const json_t *kind = json_object_get(json_object_get(p->doc, "kinds"), kind_code(k));
    const json_t *own = c != NULL ? json_object_get(json_object_get(c->row, "forms"), verb) : NULL;
    const json_t *rows = json_is_array(own) ? own : json_object_get(json_object_get(kind, "forms"), verb), *row;
    size_t i, n = json_array_size(rows);
    struct field *fields = ARENA_ARRAY(a, struct field, n + 1);

    json_array_foreach(rows, i, row) {
        fields[i] = (struct field){
            .name = json_string_value(json_object_get(row, "name")),
            .type = type_of(member(row, "type")),
            .required = json_flag(row, "required"),
            .least = json_int(row, "least", 0),
            .most = json_int(row, "most", 0),
            .label = json_string_value(json_object_get(row, "label")),
            .options = json_object_get(row, "options"),
        };
    }
    *ret = fields;
    return n;
}

static void write_categories(struct jw *w, const json_t *rows, bool children)
{
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row) {
        jw_object(w);
        jw_ktext(w, "code", member(row, "code"));
        jw_ktext(w, "label", member(row, "label"));
        jw_ktext(w, "definition", member(row, "definition"));
        if (children) {
            jw_karray(w, "children");
            write_categories(w, json_object_get(row, "children"), false);
            jw_end_array(w);
        }
        jw_end_object(w);
    }
}

static void write_kind(struct jw *w, const struct pack *p, enum kind kind)
{
    const struct kind_def *k = &p->kinds[kind];
    const json_t *row = json_object_get(json_object_get(p->doc, "kinds"), kind_code(kind));
    char letter[2] = {kind_letter(kind), '\0'};

    jw_object(w);
    jw_kz(w, "kind", kind_code(kind));
    jw_kz(w, "letter", letter);
    jw_ktext(w, "label", k->label);
    jw_ktext(w, "short", k->short_label);
    jw_ktext(w, "counter", k->counter);
    jw_ktext(w, "noun", k->noun);
    jw_kobject(w, "states");
    for (int s = STATE_REPORTED; s < STATE_COUNT; s++)
        jw_ktext(w, state_code((enum case_state)s), k->states[s]);
    jw_end_object(w);
    jw_karray(w, "categories");
    write_categories(w, json_object_get(row, "categories"), true);
    jw_end_array(w);
    jw_karray(w, "outcomes");
    for (size_t i = 0; i < k->outcome_count; i++) {
        jw_object(w);
        jw_ktext(w, "code", k->outcomes[i].code);
        jw_ktext(w, "label", k->outcomes[i].label);
        jw_ktext(w, "definition", k->outcomes[i].definition);
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_ktext(w, "spot_label", pack_verb_label(p, "settle_on_spot", kind));
    jw_end_object(w);
}

static void write_list(struct jw *w, const struct pack *p, const char *key, const json_t *rows)
{
    size_t i;
    const json_t *row;
    (void)p;
    jw_karray(w, key);
    json_array_foreach(rows, i, row) {
        jw_object(w);
        jw_ktext(w, "code", member(row, "code"));
        jw_ktext(w, "label", member(row, "label"));
        if (member(row, "head_count").n > 0)
            jw_ktext(w, "head_count", member(row, "head_count"));
        jw_end_object(w);
    }
    jw_end_array(w);
}

/* Once, before anybody looks: rows of the document are then never changed. */
static void finish_options(struct pack *p)
{
    const json_t *kinds = json_object_get(p->doc, "kinds"), *kind, *forms, *field;
    const char *name, *verb;
    size_t i;

    json_object_foreach((json_t *)kinds, name, kind)
        json_object_foreach((json_t *)json_object_get(kind, "forms"), verb, forms)
            json_array_foreach(forms, i, field)
                (void)options_of(field);
}

static void write_public(struct pack *p)
{
    struct jw w = JW_INIT(&p->public);
    const json_t *doc = p->doc, *talk = json_object_get(doc, "talk");

    jw_object(&w);
    jw_ktext(&w, "version", p->version);
    jw_karray(&w, "kinds");
    for (int k = KIND_DISPUTE; k <= KIND_HAZARD; k++)
        write_kind(&w, p, (enum kind)k);
    jw_end_array(&w);
    jw_kobject(&w, "talk");
    jw_ktext(&w, "label", p->kinds[KIND_TALK].label);
    jw_ktext(&w, "counter", p->kinds[KIND_TALK].counter);
    jw_karray(&w, "topics");
    write_categories(&w, json_object_get(talk, "topics"), true);
    jw_end_array(&w);
    write_list(&w, p, "forms", json_object_get(talk, "forms"));
    jw_end_object(&w);
    static const char *const lists[] = {"channels", "levels",         "posts",
                                        "offices",  "activity_types", "place_kinds"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        write_list(&w, p, lists[i], json_object_get(doc, lists[i]));
    jw_kjson(&w, "programmes", json_object_get(doc, "programmes"));
    jw_kjson(&w, "told_how", json_object_get(doc, "told_how"));
    jw_kjson(&w, "resolved", json_object_get(json_object_get(doc, "judge_scale"), "resolved"));
    jw_kjson(&w, "satisfied", json_object_get(json_object_get(doc, "judge_scale"), "satisfied"));
    jw_kjson(&w, "burden", json_object_get(doc, "burden"));
    power_write_careful(&w, doc);
    duty_write_public(&w, p->arena, p);
    jw_kjson(&w, "kind_questions", json_object_get(json_object_get(doc, "kind_choice"), "question_order"));
    jw_end_object(&w);
}
