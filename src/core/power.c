#include "core/power.h"

static const json_t *powers(const struct pack *p, const char *list)
{
    return json_object_get(json_object_get(p->doc, "powers"), list);
}

static bool lists(const json_t *row, const char *key, const char *word)
{
    const json_t *one;
    size_t i;
    json_array_foreach(json_object_get(row, key), i, one)
        if (json_is_string(one) && strcmp(json_string_value(one), word) == 0)
            return true;
    return false;
}

/* The first that names the verb, else the first that names the kind. */
const json_t *power_of_verb(const struct pack *p, enum kind kind, const char *verb)
{
    const json_t *row;
    size_t i;
    json_array_foreach(powers(p, "bases"), i, row)
        if (lists(row, "verbs", verb))
            return row;
    json_array_foreach(powers(p, "bases"), i, row)
        if (lists(row, "kinds", kind_code(kind)))
            return row;
    return NULL;
}

const json_t *power_of_paper(const struct pack *p, const char *paper)
{
    const json_t *row;
    size_t i;
    json_array_foreach(powers(p, "bases"), i, row)
        if (lists(row, "papers", paper))
            return row;
    return NULL;
}

const json_t *power_cannot(const struct pack *p, enum kind kind, struct str office)
{
    const json_t *row;
    size_t i, k;
    const json_t *one;
    json_array_foreach(powers(p, "cannot"), i, row)
        json_array_foreach(json_object_get(row, "offices"), k, one)
            if (json_is_string(one) && str_is(office, json_string_value(one)) &&
                lists(row, "kinds", kind_code(kind)))
                return row;
    return NULL;
}

struct str power_basis(struct arena *a, const json_t *row)
{
    struct buf b = BUF_INIT(BUF_SEALED);
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(row, "basis"), i, one)
        buf_addf(&b, "%s%s", i > 0 ? "；" : "", arena_z(a, json_text(one, "text")));
    struct str s = arena_str(a, buf_str(&b));
    buf_free(&b);
    return s;
}

struct str power_line(struct arena *a, const json_t *row)
{
    struct str basis = power_basis(a, row);
    if (row == NULL)
        return STR("");
    return str_of(arena_printf(a, "%s（%s）", arena_z(a, json_text(row, "label")), arena_z(a, basis)));
}

void power_write(struct jw *w, struct arena *a, const struct pack *p, enum kind kind, const char *verb)
{
    const json_t *row = power_of_verb(p, kind, verb), *other;
    bool hands_on = strcmp(verb, "refer") == 0 || strcmp(verb, "escalate") == 0;
    size_t i;

    jw_key(w, "power");
    if (row == NULL) {
        jw_null(w);
        return;
    }
    jw_object(w);
    jw_ktext(w, "label", json_text(row, "label"));
    jw_ktext(w, "basis", power_basis(a, row));
    jw_karray(w, "cannot");
    json_array_foreach(hands_on ? powers(p, "cannot") : NULL, i, other) {
        if (!lists(other, "kinds", kind_code(kind)))
            continue;
        jw_object(w);
        jw_ktext(w, "what", json_text(other, "what"));
        jw_ktext(w, "basis", power_basis(a, other));
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_end_object(w);
}

/* "检查（对企业店铺）" is 检查, to be avoided towards firms alone: where hazards are looked for. */
static struct str bare_word(struct str word)
{
    const char *open = word.n > 0 ? memmem(word.p, word.n, "（", strlen("（")) : NULL;
    return open != NULL ? str_range(word.p, (size_t)(open - word.p)) : word;
}

static void write_word(struct jw *w, struct str word, struct str instead)
{
    struct str bare = bare_word(word);

    jw_object(w);
    jw_ktext(w, "word", bare);
    jw_ktext(w, "instead", instead);
    jw_key(w, "kinds");
    if (bare.n < word.n) {
        jw_array(w);
        jw_text(w, str_of(kind_code(KIND_HAZARD)));
        jw_end_array(w);
    } else {
        jw_null(w);
    }
    jw_end_object(w);
}

void power_write_careful(struct jw *w, const json_t *doc)
{
    const json_t *p = json_object_get(doc, "powers"), *one;
    const json_t *words = json_object_get(p, "must_not_words"), *instead = json_object_get(p, "say_instead");
    const char *word;
    size_t i;

    jw_karray(w, "careful");
    /* The longer ones first, as the pack's author wrote them: 责令改正 before 责令. */
    json_object_foreach((json_t *)instead, word, one) {
        bool listed = false;
        const json_t *m;
        json_array_foreach(words, i, m)
            listed = listed || str_is(bare_word(str_of(json_string_value(m))), word);
        if (!listed)
            write_word(w, str_of(word), str_of(json_string_value(one)));
    }
    json_array_foreach(words, i, one) {
        struct str full = str_of(json_string_value(one)), bare = bare_word(full);
        write_word(w, full, str_of(json_string_value(json_object_getn(instead, bare.p, bare.n))));
    }
    jw_end_array(w);
}

bool power_check(const struct pack *p, const char **ret_path, const char **ret_why)
{
    const json_t *bases = powers(p, "bases"), *row;
    size_t i;

    if (bases == NULL)
        return true;
    json_array_foreach(bases, i, row)
        if (json_text(row, "label").n == 0 || json_array_size(json_object_get(row, "basis")) == 0) {
            *ret_path = "powers.bases";
            *ret_why = "a basis needs a label and its articles";
            return false;
        }
    for (int k = KIND_DISPUTE; k <= KIND_HAZARD; k++)
        if (power_of_verb(p, (enum kind)k, "") == NULL) {
            *ret_path = "powers.bases";
            *ret_why = "a kind without the power that its steps rest on";
            return false;
        }
    return true;
}
