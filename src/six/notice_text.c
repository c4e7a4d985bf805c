#include "six/notice_text.h"

#include <string.h>

#include "base/time.h"
#include "core/person.h"

/* A child's name never hangs on a wall: by their list, or by the year in their identity number. */
static bool is_child(struct work *w, int64_t person, const struct identity *who, bool *ret, struct error *e)
{
    int64_t class = 0, year = 0;
    struct civil now = civil_of(w->now);

    if (!db_one_int(w->db, &class, 0, e, "select class from person where id = ?1", ARGS(INT(person))))
        return false;
    *ret = (class & CLASS_MINOR) != 0;
    if (who->id_no.n == 18 && str_int(str_range(who->id_no.p + 6, 4), &year)) {
        int64_t monthday = 0;
        (void)str_int(str_range(who->id_no.p + 10, 4), &monthday);
        int64_t age = now.year - year - (now.month * 100 + now.day < monthday ? 1 : 0);
        *ret = *ret || age < 18;
    }
    return true;
}

/* Free words that would say what somebody suffers from. */
static bool tells_illness(const char *text)
{
    static const char *const words[] = {"病", "癌", "瘫", "残",   "智力", "精神", "肢体",
                                        "聋", "盲", "瘤", "透析", "艾滋", "住院", "手术"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(text, words[i]) != NULL)
            return true;
    return false;
}

static const char *money(struct arena *a, int64_t fen)
{
    return fen % 100 == 0 ? arena_printf(a, "%lld元", (long long)(fen / 100))
                          : arena_printf(a, "%lld.%02lld元", (long long)(fen / 100), (long long)(fen % 100));
}

static bool column(const json_t *columns, const char *name)
{
    const json_t *one;
    size_t i;
    json_array_foreach(columns, i, one)
        if (strcmp(json_string_value(one), name) == 0)
            return true;
    return false;
}

static bool say(struct work *w, const char *heading, const char *text)
{
    return json_object_set_new(w->words, "heading", json_string(heading)) == 0 &&
           json_object_set_new(w->words, "shown_text", json_string(text)) == 0;
}

bool notice_of_application(struct work *w, const json_t *programme, int64_t person, struct error *e)
{
    const json_t *columns = json_object_get(json_object_get(programme, "public_notice"), "columns");
    struct str label = json_text(programme, "label"), way = json_text(w->words, "way");
    struct identity who;
    struct buf b = BUF_INIT(BUF_LINE);
    bool child;

    if (json_array_size(columns) == 0 || str_is(json_text(programme, "privacy"), "minor"))
        return error_setf(e, ERROR_NOT_ALLOWED_HERE, "about", "%.*s", (int)label.n, label.p);
    if (!person_open(w->core, w->db, w->arena, person, &who, NULL, e) || !is_child(w, person, &who, &child, e))
        return false;
    if (child)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "about");
    if (column(columns, "way") && way.n > 0 && tells_illness(arena_z(w->arena, way)))
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "way");
    buf_add(&b, who.name);
    if (column(columns, "members") && json_int(w->words, "members", 0) > 0)
        buf_addf(&b, "　%lld人", (long long)json_int(w->words, "members", 0));
    if (column(columns, "way") && way.n > 0)
        buf_addf(&b, "　%.*s", (int)way.n, way.p);
    if (column(columns, "amount") && json_object_get(w->words, "granted") != NULL)
        buf_addf(&b, "　%s", money(w->arena, json_integer_value(json_object_get(w->words, "granted"))));
    const char *text = arena_z(w->arena, buf_str(&b));
    buf_free(&b);
    return say(w, arena_printf(w->arena, "%.*s公示", (int)label.n, label.p), text);
}

/* Who was given what from a fund: name and worth. Children are left out and only counted. */
bool notice_of_fund(struct work *w, const struct register_row *fund, struct error *e)
{
    const struct register_def *def = register_of(w->core, SUBJECT_GIFT),
                              *of = register_of(w->core, SUBJECT_FUND);
    const struct register_filter f = {.hi = INT64_MAX, .state = def->spent, .parent = fund->id, .limit = 500};
    struct actor system = actor_system();
    struct register_row *rows;
    struct buf b = BUF_INIT(BUF_REPLY);
    int64_t due, id, left = 0;
    size_t n;
    bool ok = register_rows(w->core, w->db, w->arena, &system, def, &f, &rows, &n, &due, &id, e);

    for (size_t i = n; ok && i > 0; i--) { /* as they were given: the list comes newest first */
        struct identity who;
        bool child;
        ok = person_open(w->core, w->db, w->arena, rows[i - 1].person, &who, NULL, e) &&
             is_child(w, rows[i - 1].person, &who, &child, e);
        if (ok && child)
            left++;
        else if (ok)
            buf_addf(&b, "%s%.*s　%s", b.n > 0 ? "\n" : "", (int)who.name.n, who.name.p,
                     money(w->arena, rows[i - 1].amount));
    }
    if (ok && b.n == 0)
        ok = error_set(e, ERROR_NOT_ALLOWED_HERE, "about_fund");
    if (left > 0)
        buf_addf(&b, "\n另有%lld份依法不公示", (long long)left);
    const char *text = ok ? arena_z(w->arena, buf_str(&b)) : "";
    buf_free(&b);
    json_t *words = ok ? register_words(w->core, w->arena, fund, e) : NULL;
    if (words == NULL)
        return false;
    ok = say(w, arena_printf(w->arena, "%s发放公示", json_string_value(json_object_get(words, of->title))), text);
    json_decref(words);
    return ok;
}
