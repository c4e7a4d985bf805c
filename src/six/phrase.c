/* Ready wording (常用语, G17): what one writes again and again when answering, noting and settling. The pack brings a first dozen; a committee keeps its own, a
 * town those for all below it. What stands in braces is filled in from the case by the screen. */
#include "core/names.h"
#include "core/scope.h"
#include "six/phrases.h"
#include "six/six.h"

enum { KEPT = 1, DROPPED };

#define KINDS "dispute|request|environment|difficulty|hazard"
#define VERBS "reply|progress|settle|close|ask|refer|send_back|escalate|pause|decline|revisit|add"
#define WORDS                                                                                                \
    {.name = "phrase_title", .type = FIELD_TEXT, .required = true, .most = 40},                              \
        {.name = "phrase", .type = FIELD_LONGTEXT, .required = true, .most = 1000},                          \
        {.name = "for_verb", .type = FIELD_CHOICE, .from = VERBS},                                           \
    {                                                                                                        \
        .name = "for_kind", .type = FIELD_CHOICE, .from = KINDS                                              \
    }

static const struct field keep_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15}, WORDS, FIELD_END};
static const struct field reword_fields[] = {WORDS, FIELD_END};
static const struct field drop_fields[] = {{.name = "reason", .type = FIELD_TEXT, .most = 200}, FIELD_END};

#define WRITERS (POSTS_DESK | POSTS_MEDIATOR | AS(DISPATCHER))

const struct verb phrase_verbs[] = {
    {"keep", SUBJECT_PHRASE, .from = IN_NOTHING, .to = KEPT, .who = BY_POST, .posts = WRITERS,
     .fields = keep_fields, .apply = register_make},
    {"reword", SUBJECT_PHRASE, .from = 1u << KEPT, .who = BY_POST, .posts = WRITERS, .fields = reword_fields,
     .apply = register_change},
    {"drop", SUBJECT_PHRASE, .from = 1u << KEPT, .to = DROPPED, .who = BY_POST, .posts = WRITERS,
     .fields = drop_fields, .apply = register_change},
    {0},
};

const struct register_def phrases = {
    .subject = SUBJECT_PHRASE,
    .states = {[KEPT] = "held", [DROPPED] = "dropped"},
    .open = 1u << KEPT,
    .down = 1u << KEPT,
    .readers = POSTS_WORK | AS(LEADER),
    .title = "phrase_title",
    .columns = {{NULL, REGISTER_WORDS}},
};

/* A phrase for one verb or kind is offered there alone. */
static bool fits(struct str only, struct str here)
{
    return only.n == 0 || str_eq(only, here);
}

static void write_one(struct jw *w, struct str title, struct str text, struct str from, const char *id)
{
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "title", title);
    jw_ktext(w, "text", text);
    jw_ktext(w, "from", from);
    jw_end_object(w);
}

static void write_packs(struct jw *w, const struct pack *pack, struct str verb, struct str kind)
{
    const json_t *row;
    size_t i;
    json_array_foreach(json_object_get(pack->doc, "phrases"), i, row)
        if (fits(json_text(row, "verb"), verb) && fits(json_text(row, "kind"), kind))
            write_one(w, json_text(row, "title"), json_text(row, "text"), STR(""), NULL);
}

bool phrases_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                   const struct unit *unit, struct str verb, struct str kind, struct error *e)
{
    const struct pack *pack = core_pack(core, db, 0, e);
    const struct register_filter f = {
        .lo = unit->ord, .hi = unit->ord_end, .unit = unit->id, .state = KEPT, .limit = PHRASES_MOST};
    struct names names = names_open(core, a);
    struct register_row *rows;
    int64_t due, id;
    size_t n;

    if (pack == NULL || !register_rows(core, db, a, actor, &phrases, &f, &rows, &n, &due, &id, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++) {
        struct name from;
        char text[ID_TEXT];
        json_t *words = register_words(core, a, &rows[i], e);
        bool ok = words != NULL && names_get(&names, db, a, NAME_UNIT, rows[i].unit, &from, e);
        id_format(rows[i].uuid, text);
        if (ok && fits(json_text(words, "for_verb"), verb) && fits(json_text(words, "for_kind"), kind))
            write_one(w, json_text(words, "phrase_title"), json_text(words, "phrase"), from.name, text);
        json_decref(words);
        if (!ok)
            return false;
    }
    write_packs(w, pack, verb, kind);
    jw_end_array(w);
    jw_kbool(w, "may_keep", scope_reaches(actor, unit->ord, WRITERS));
    jw_end_object(w);
    return true;
}
