#include "core/gate.h"

#include <stdio.h>

/* "a|b|c" */
static bool listed(const char *list, struct str one)
{
    struct str rest = str_of(list), part;
    while (str_split(&rest, '|', &part))
        if (str_eq(part, one))
            return true;
    return false;
}

void gate_lacks(struct gate_missing *m, const char *code, const char *only)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->rows[i].code, code) == 0 && m->rows[i].only == only)
            return;
    if (m->n < GATE_MISSING_MOST) {
        m->rows[m->n].code = code;
        m->rows[m->n++].only = only;
    }
}

static bool stands_before(const struct gate *g, const struct gate_view *v)
{
    return (g->kind == KIND_NONE || g->kind == v->c->kind) && listed(g->verbs, str_of(v->verb));
}

bool gate_look(const struct gate_view *v, struct gate_missing *m, struct error *e)
{
    for (const struct gate *const *table = v->core->tables->gates; table != NULL && *table != NULL; table++)
        for (const struct gate *g = *table; g->name != NULL; g++)
            if (stands_before(g, v) && !g->look(v, m, e))
                return false;
    return true;
}

static const char *label(const struct gate_view *v, const char *code, enum lang lang)
{
    return lang_word(lang, arena_printf(v->arena, "gate.%s", code));
}

/* Shut for this outcome, or for all. */
static bool shuts(const char *only, struct str outcome)
{
    return only == NULL || (outcome.n > 0 && listed(only, outcome));
}

static bool check_one(const struct gate *g, const struct gate_view *v, struct str outcome, enum lang lang,
                      struct error *e)
{
    struct gate_missing m = {.n = 0};
    struct buf words = BUF_INIT(BUF_LINE);
    bool open = true;

    if (!g->look(v, &m, e))
        return false;
    for (size_t i = 0; i < m.n; i++)
        if (shuts(m.rows[i].only, outcome)) {
            buf_addf(&words, "%s%s", open ? "" : lang_word(lang, "gate.and"), label(v, m.rows[i].code, lang));
            open = false;
        }
    const char *said = arena_z(v->arena, buf_str(&words));
    buf_free(&words);
    return open || error_setf(e, ERROR_GATE_CLOSED, arena_printf(v->arena, "gate.%s", g->name), "%s", said);
}

bool gate_check(const struct gate_view *v, struct str outcome, enum lang lang, struct error *e)
{
    for (const struct gate *const *table = v->core->tables->gates; table != NULL && *table != NULL; table++)
        for (const struct gate *g = *table; g->name != NULL; g++)
            if (stands_before(g, v) && !check_one(g, v, outcome, lang, e))
                return false;
    return true;
}

bool gate_write(const struct gate_view *v, struct jw *w, enum lang lang, struct error *e)
{
    struct gate_missing m = {.n = 0};
    bool blocked = false;

    if (!gate_look(v, &m, e))
        return false;
    jw_karray(w, "missing");
    for (size_t i = 0; i < m.n; i++) {
        struct str rest = str_of(m.rows[i].only != NULL ? m.rows[i].only : ""), part;
        blocked = blocked || m.rows[i].only == NULL;
        jw_object(w);
        jw_kz(w, "code", m.rows[i].code);
        jw_kz(w, "label", label(v, m.rows[i].code, lang));
        jw_karray(w, "outcomes");
        while (m.rows[i].only != NULL && str_split(&rest, '|', &part))
            jw_text(w, part);
        jw_end_array(w);
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_kbool(w, "blocked", blocked);
    return true;
}
