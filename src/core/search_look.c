#include "core/search_look.h"

#include "core/person.h"

enum { BEFORE = 16, AFTER = 56, PHONE_LEAST = 10 };

/* ---- The query ----------------------------------------------------------------------------------------- */

/* 139 0000 5678, 0558-711 2345, +86 139…: digits with nothing between them but what people put there. A case's number such as 2024-0037
 * has fewer. */
static bool as_phone(struct arena *a, struct str q, struct str *ret)
{
    if (q.n > 0 && q.p[0] == '+')
        q = str_range(q.p + 1, q.n - 1);
    return phone_normal(a, q, ret, NULL) && ret->n >= PHONE_LEAST;
}

/* A dash between letters or digits belongs to the number that it stands in. */
static bool within_word(const struct folded *f, size_t i)
{
    enum fold_class class = fold_class(f->c[i]);
    if (class != FOLD_GAP)
        return true;
    return f->c[i] == '-' && i > 0 && i + 1 < f->n && fold_class(f->c[i - 1]) >= FOLD_LETTER &&
           fold_class(f->c[i + 1]) >= FOLD_LETTER;
}

bool words_of_query(struct arena *a, struct str q, struct search_words *ret, struct error *e)
{
    struct folded f;
    struct str phone;
    size_t useful = 0;

    *ret = (struct search_words){0};
    if (str_points(q) > SEARCH_POINTS)
        return error_setf(e, ERROR_TOO_LONG, "q", "%d", SEARCH_POINTS);
    if (as_phone(a, q, &phone))
        q = phone;
    fold(a, q, &f);
    for (size_t i = 0, end; i < f.n; i = end) {
        end = i + 1;
        if (!within_word(&f, i))
            continue;
        while (end < f.n && within_word(&f, end))
            end++;
        if (ret->n == SEARCH_WORDS)
            return error_setf(e, ERROR_TOO_LONG, "q", "%d", SEARCH_POINTS);
        ret->v[ret->n++] = (struct search_word){f.c + i, end - i};
        useful += end - i > 1;
    }
    return useful > 0 || error_set(e, ERROR_TOO_SHORT, "q");
}

/* ---- The check ----------------------------------------------------------------------------------------- */

static bool stands_at(const struct folded *f, size_t at, const struct search_word *word)
{
    return at + word->n <= f->n && memcmp(f->c + at, word->c, word->n * sizeof *word->c) == 0;
}

static size_t place_of(const struct folded *f, const struct search_word *word)
{
    for (size_t i = 0; i + word->n <= f->n; i++)
        if (stands_at(f, i, word))
            return i;
    return SIZE_MAX;
}

static size_t word_at(const struct look *l, const struct folded *f, size_t at)
{
    size_t longest = 0;
    for (size_t k = 0; k < l->words->n; k++)
        if (l->words->v[k].n > longest && stands_at(f, at, &l->words->v[k]))
            longest = l->words->v[k].n;
    return longest;
}

static void part(struct look *l, struct str text, bool hit)
{
    if (text.n > 0 && l->parts < SNIPPET_PARTS)
        l->snippet[l->parts++] = (struct snippet_part){arena_str(l->arena, text), hit};
}

static struct str slice(const struct folded *f, size_t from, size_t to)
{
    return str_range(f->source.p + f->at[from], f->at[to] - f->at[from]);
}

/* What stands around the first place, with every word in it marked. */
static void cut_snippet(struct look *l, const struct folded *f, size_t at)
{
    size_t from = at > BEFORE ? at - BEFORE : 0, to = f->n - at > AFTER ? at + AFTER : f->n, plain = from;

    if (l->parts > 0) /* of an earlier text that had another word */
        part(l, STR(" … "), false);
    else if (from > 0)
        part(l, STR("…"), false);
    for (size_t i = from; i < to;) {
        size_t n = word_at(l, f, i);
        if (n == 0) {
            i++;
            continue;
        }
        size_t end = i + n < f->n ? i + n : f->n;
        part(l, slice(f, plain, i), false);
        part(l, slice(f, i, end), true);
        plain = i = end;
    }
    if (plain < to)
        part(l, slice(f, plain, to), false);
    if (to < f->n && plain <= to)
        part(l, STR("…"), false);
}

bool look_done(const struct look *l)
{
    return l->found == (1u << l->words->n) - 1;
}

bool look_text(struct look *l, struct str text)
{
    struct folded f;
    size_t first = SIZE_MAX;

    if (text.n == 0 || look_done(l))
        return look_done(l);
    fold(l->arena, text, &f);
    for (size_t k = 0; k < l->words->n; k++) {
        size_t at = (l->found >> k & 1) != 0 ? SIZE_MAX : place_of(&f, &l->words->v[k]);
        if (at == SIZE_MAX)
            continue;
        l->found |= 1u << k;
        first = at < first ? at : first;
    }
    if (first != SIZE_MAX)
        cut_snippet(l, &f, first);
    return look_done(l);
}

static void show_masked(struct look *l, struct str masked)
{
    if (l->parts > 0)
        part(l, STR(" · "), false);
    part(l, masked, true);
}

static bool initials_begin(const char *initials, const struct search_word *word)
{
    for (size_t i = 0; i < word->n; i++)
        if (initials[i] == '\0' || (uint32_t)(unsigned char)initials[i] != word->c[i])
            return false;
    return word->n > 1;
}

bool look_name(struct look *l, struct str name, struct str masked)
{
    char initials[FOLD_READINGS][FOLD_INITIALS];
    struct folded f;
    bool here = false;

    if (name.n == 0 || look_done(l))
        return look_done(l);
    fold(l->arena, name, &f);
    size_t n = fold_initials(&f, initials);
    for (size_t k = 0; k < l->words->n; k++) {
        bool found = place_of(&f, &l->words->v[k]) != SIZE_MAX;
        for (size_t i = 0; i < n && !found; i++)
            found = initials_begin(initials[i], &l->words->v[k]);
        if (!found || (l->found >> k & 1) != 0)
            continue;
        l->found |= 1u << k;
        here = true;
    }
    if (here)
        show_masked(l, masked);
    return look_done(l);
}

bool look_whole(struct look *l, struct str number, struct str masked)
{
    struct folded f;
    bool here = false;

    if (number.n == 0 || look_done(l))
        return look_done(l);
    fold(l->arena, number, &f);
    for (size_t k = 0; k < l->words->n; k++)
        if ((l->found >> k & 1) == 0 && l->words->v[k].n == f.n && stands_at(&f, 0, &l->words->v[k])) {
            l->found |= 1u << k;
            here = true;
        }
    if (here)
        show_masked(l, masked);
    return look_done(l);
}

void look_write(const struct look *l, struct jw *w)
{
    jw_array(w);
    for (size_t i = 0; i < l->parts; i++) {
        jw_object(w);
        jw_ktext(w, "text", l->snippet[i].text);
        jw_kbool(w, "hit", l->snippet[i].hit);
        jw_end_object(w);
    }
    jw_end_array(w);
}
