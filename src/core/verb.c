#include "core/verb.h"

#include "core/form.h"
#include "core/scope.h"

const struct verb *verb_find(const struct core *core, enum subject_kind subject, struct str name)
{
    for (const struct verb *const *table = core->tables->verbs; *table != NULL; table++)
        for (const struct verb *v = *table; v->name != NULL; v++)
            if ((v->subject == subject || (v->subject == SUBJECT_NONE && subject >= SUBJECT_REGISTERS)) &&
                str_is(name, v->name))
                return v;
    return NULL;
}

static bool handles(const struct case_row *c, const struct actor *a, int64_t role)
{
    return a->kind == ACTOR_ACCOUNT && ((c->office_signed != 0 && scope_holds_office(a, c->office)) ||
                                        role == WORKER_HANDLER || role == WORKER_CO);
}

/* In an office other than the one that leads, while some have still to report; which ones, report_back itself looks up. */
static bool sits_beside(const struct case_row *c, const struct actor *a)
{
    for (size_t i = 0; (c->flags & FLAG_JOINT) != 0 && i < a->post_count; i++)
        if (a->posts[i].office != c->office && scope_holds_office(a, a->posts[i].office))
            return true;
    return false;
}

/* `handler`: does the actor handle it? */
static bool open_to(const struct verb *v, const struct case_row *c, const struct actor *a, bool handler,
                    struct error *e)
{
    bool may = a->kind == ACTOR_SYSTEM;

    if (c->key.n == 0) /* erased: nothing can be written under it any more */
        return error_set(e, ERROR_KEY_DESTROYED, NULL);
    if ((v->from >> c->state & 1) == 0 || (v->kind != KIND_NONE && v->kind != c->kind))
        return error_setf(e, ERROR_NOT_OPEN, "verb", "%s", v->name);
    if (!may && (v->who & BY_RESIDENT) != 0)
        may = a->kind == ACTOR_RESIDENT && a->case_id == c->id;
    if (!may && (v->who & BY_POST) != 0)
        may = a->kind == ACTOR_ACCOUNT && scope_reaches(a, c->scope, v->posts);
    if (!may && (v->who & BY_OFFICE) != 0)
        may = scope_holds_office(a, c->office);
    if (!may && (v->who & BY_JOINT) != 0)
        may = sits_beside(c, a);
    if (!may && (v->who & BY_HANDLER) != 0)
        may = handler;
    if (!may)
        return error_set(e, ERROR_FORBIDDEN, "verb");
    if (v->open_now != NULL && !v->open_now(c, a))
        return error_setf(e, ERROR_NOT_OPEN, "verb", "%s", v->name);
    return true;
}

bool verb_open(struct db *db, const struct verb *v, const struct case_row *c, const struct actor *a,
               struct error *e)
{
    struct error why;
    int64_t role;

    if (open_to(v, c, a, false, &why))
        return true;
    if (why.code == ERROR_FORBIDDEN && (v->who & BY_HANDLER) != 0 && a->kind == ACTOR_ACCOUNT) {
        if (!scope_role(db, a, c->id, &role, e))
            return false;
        if (open_to(v, c, a, handles(c, a, role), &why))
            return true;
    }
    if (e != NULL)
        *e = why;
    return false;
}

/* Residents, offices and the levels above have words of their own for some verbs. */
static enum form_reader reader_of(const struct case_row *c, const struct actor *a)
{
    return a->kind == ACTOR_RESIDENT                              ? FORM_RESIDENT
           : c->office != 0 && scope_holds_office(a, c->office)   ? FORM_OFFICE
           : actor_is(a, POSTS_ABOVE) && !actor_is(a, POSTS_DESK) ? FORM_UPPER
                                                                  : FORM_ANYONE;
}

void verb_write_open(struct jw *w, const struct gate_view *of, const struct actor *a, int64_t role)
{
    const struct case_row *c = of->c;
    bool handler = handles(c, a, role);
    struct gate_view view = *of;
    struct form_of form = {.pack = of->pack,
                           .kind = c->kind,
                           .category = pack_category(of->pack, c->kind, c->category),
                           .lang = a->lang,
                           .by_staff = a->kind == ACTOR_ACCOUNT,
                           .reader = reader_of(c, a)};

    view.category = form.category;
    jw_karray(w, "verbs");
    for (const struct verb *const *t = of->core->tables->verbs; *t != NULL; t++)
        for (const struct verb *v = *t; v->name != NULL; v++) {
            if (v->subject != SUBJECT_CASE || v->from == IN_NOTHING || v->aside ||
                !open_to(v, c, a, handler, NULL))
                continue;
            form.verb = v;
            view.verb = v->name;
            jw_object(w);
            form_write_verb(of->core, w, &form);
            (void)gate_write(&view, w, a->lang, NULL);
            jw_end_object(w);
        }
    jw_end_array(w);
}
