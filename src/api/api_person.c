#include <stdlib.h>

#include "core/bundle.h"
#include "core/person_once.h"
#include "core/scope.h"
#include "core/unit.h"
#include "api/handlers.h"

/* A person's own data on its way: gathered by a writer, because the look is written down first, then packed in the pool. */
struct taking {
    struct buf json;
    struct person_file *files;
    size_t n;
};

static void free_taking(void *state)
{
    struct taking *t = state;
    buf_free(&t->json);
    free(t);
}

static bool pack_up(struct call *c, struct error *e)
{
    const struct taking *t = c->state;
    c->r->type = "application/zip";
    http_reply_header(c->r, "Content-Disposition", "attachment; filename=\"person.zip\"");
    return bundle_write(c->api->core, "person.json", buf_str(&t->json), t->files, t->n, &c->r->reply, e);
}

bool person_take(struct call *c, struct error *e)
{
    struct str format = call_query(c, "format");
    struct taking *t = c->state != NULL ? c->state : calloc(1, sizeof *t);
    struct jw w;
    struct id id;

    if (t == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = t; /* a task that is run again comes back to it */
    c->state_free = free_taking;
    buf_free(&t->json);
    t->json = BUF_INIT(BUF_REPLY);
    w = JW_INIT(&t->json);
    if (format.n > 0 && !str_is(format, "zip") && !str_is(format, "json"))
        return error_set(e, ERROR_NOT_A_CHOICE, "format");
    if (!id_parse(c->capture[0], &id))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (!person_export(c->api->core, c->db, c->r->arena, &c->actor, id, str_trim(call_query(c, "purpose")),
                       &w, &t->files, &t->n, e))
        return false;
    if (str_is(format, "json"))
        buf_add(&c->r->reply, buf_str(&t->json));
    else
        call_then(c, HOW_SLOW, pack_up);
    return true;
}

bool person_show(struct call *c, struct error *e)
{
    struct id id;
    return (id_parse(c->capture[0], &id) || error_set(e, ERROR_NOT_FOUND, NULL)) &&
           person_write_page(c->api->core, c->db, c->scratch, &c->w, &c->actor, id, e);
}

/* Asked by a body and not by the address, because names don't belong into logs of addresses. */
bool person_look_alike(struct call *c, struct error *e)
{
    struct identity who = {.name = call_text(c, "name"), .address = STR("")};
    struct alike found[ALIKE_MOST];
    struct alike_query q;
    struct unit u;
    size_t n;

    if (!unit_by_code(c->db, c->scratch, call_text(c, "unit"), &u, NULL) || u.level < UNIT_COMMITTEE ||
        !scope_reaches(&c->actor, u.ord, PERSON_READERS))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    if (!phone_normal(c->scratch, call_text(c, "phone"), &who.phone, e) ||
        !id_no_normal(c->scratch, call_text(c, "id_no"), &who.id_no, e) ||
        !person_alike_query(c->api->core, c->db, c->scratch, u.id, &who, &q, e) ||
        !person_alike(c->db, &c->actor, &q, found, &n, e))
        return false;
    jw_object(&c->w);
    jw_key(&c->w, "items");
    bool ok = person_write_alike(c->api->core, c->db, c->scratch, &c->w, &c->actor, found, n, e);
    jw_end_object(&c->w);
    return ok;
}
