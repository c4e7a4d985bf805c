/* Papers: posters with QR codes, and the file of a case. What they show is read first; making the document is slow work in the pool. */
#include <stdlib.h>

#include "base/time.h"
#include "core/account.h"
#include "core/person.h"
#include "core/power.h"
#include "core/scope.h"
#include "core/sign.h"
#include "core/unit.h"
#include "paper/casefile.h"
#include "paper/poster.h"
#include "api/handlers.h"

/* Shown in the browser, saved under a name of its own. */
void call_pdf(struct call *c, const char *name)
{
    buf_clear(&c->r->reply);
    c->r->type = "application/pdf";
    http_reply_header(c->r, "Content-Disposition",
                      arena_printf(c->r->arena, "inline; filename=\"%s.pdf\"", name));
}

/* ---- Posters ------------------------------------------------------------------------------------------- */

#define HANGS_POSTERS (POSTS_WORK | AS(ADMIN))

static bool poster_paper(struct call *c, struct error *e)
{
    const struct poster_set *set = c->state;
    call_pdf(c, "liuxiao-poster");
    return poster_pdf(set, &c->r->reply, e);
}

/* What stays till the paper is made lies in the request's arena. */
static struct poster_set *poster_set(struct call *c, struct error *e)
{
    struct poster_set *set = ARENA_NEW(c->r->arena, struct poster_set);
    struct str size = call_query(c, "size");

    *set = (struct poster_set){.phone = str_trim(call_query(c, "phone"))};
    if (size.n > 0 && !poster_size_parse(size, &set->size)) {
        (void)error_set(e, ERROR_NOT_A_CHOICE, "size");
        return NULL;
    }
    if (set->phone.n > 40) {
        (void)error_setf(e, ERROR_TOO_LONG, "phone", "40");
        return NULL;
    }
    c->state = set;
    const struct pack *pack = core_pack(c->api->core, c->db, 0, e);
    if (pack == NULL)
        return NULL;
    set->power = power_line(c->r->arena, power_of_paper(pack, "poster"));
    return core_public_url(c->api->core, c->db, c->r->arena, &set->url, e) ? set : NULL;
}

static bool wanted(struct call *c, const char *name)
{
    return str_is(call_query(c, name), "1");
}

bool unit_poster(struct call *c, struct error *e)
{
    struct unit u;
    struct sign *signs;
    struct poster_set *set;

    if (!unit_by_code(c->db, c->r->arena, c->capture[0], &u, NULL) ||
        !scope_reaches(&c->actor, u.ord, HANGS_POSTERS))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    set = poster_set(c, e);
    if (set == NULL || !signs_of_unit(c->api->core, c->db, c->r->arena, &u, wanted(c, "groups"),
                                      wanted(c, "places"), &signs, &set->n, e))
        return false;
    set->signs = signs;
    call_then(c, HOW_SLOW, poster_paper);
    return true;
}

static bool find_place(struct call *c, struct place *ret, struct error *e)
{
    struct id id;
    return (id_parse(c->capture[0], &id) || error_set(e, ERROR_NOT_FOUND, NULL)) &&
           place_load(c->api->core, c->db, c->r->arena, id, ret, e);
}

bool place_poster(struct call *c, struct error *e)
{
    struct place p;
    struct sign *sign = ARENA_NEW(c->r->arena, struct sign);

    if (!find_place(c, &p, e))
        return false;
    if (!scope_reaches(&c->actor, p.scope, HANGS_POSTERS))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    struct poster_set *set = poster_set(c, e);
    if (set == NULL || !sign_of_place(c->api->core, c->db, c->r->arena, &p, sign, e))
        return false;
    set->signs = sign;
    set->n = 1;
    call_then(c, HOW_SLOW, poster_paper);
    return true;
}

/* For whoever stands in front of it with a telephone. */
bool place_sign(struct call *c, struct error *e)
{
    struct place p;
    if (!find_place(c, &p, e))
        return false;
    place_write_sign(&c->w, &p);
    return true;
}

/* ---- The file of a case --------------------------------------------------------------------------------- */

struct printing {
    struct casefile f;
    json_t *page, *plain; /* as it is shown; with the people's names, once that is written down */
};

static void free_case(void *state)
{
    struct printing *s = state;
    json_decref(s->page);
    json_decref(s->plain);
    free(s);
}

static bool case_file(struct call *c, struct error *e)
{
    struct printing *s = c->state;
    struct str number = json_text(s->page, "number");

    s->f.page = s->plain != NULL ? s->plain : s->page;
    call_pdf(c, "liuxiao-case");
    /* RFC 5987: the number begins with the committee's name. */
    struct buf name = BUF_INIT(BUF_LINE);
    for (size_t i = 0; i < number.n; i++)
        buf_addf(&name, "%%%02X", (unsigned char)number.p[i]);
    http_reply_header(c->r, "Content-Disposition",
                      arena_printf(c->r->arena, "inline; filename=\"liuxiao-case.pdf\"; filename*=UTF-8''%.*s.pdf",
                                   (int)name.n, name.p != NULL ? name.p : ""));
    buf_free(&name);
    return casefile_pdf(&s->f, &c->r->reply, e);
}

/* One person's name and number in the place of the mask. Whom the reader may not see stays masked. */
bool call_unmask(struct call *c, json_t *person, struct str purpose, struct error *e)
{
    struct buf text = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&text);
    struct id id;
    bool ok = id_parse(json_text(person, "id"), &id) || error_set(e, ERROR_INTERNAL, NULL);

    if (ok && person_reveal(c->api->core, c->db, c->scratch, &c->actor, id, purpose, &w, e)) {
        json_t *plain = json_read(buf_str(&text), e);
        ok = plain != NULL && json_object_update(person, plain) == 0;
        json_decref(plain);
    } else if (ok) {
        ok = e != NULL && e->code == ERROR_NOT_FOUND;
    }
    buf_free(&text);
    return ok;
}

bool paper_unmask(struct call *c, json_t *page, struct str purpose, struct error *e)
{
    json_t *person;
    size_t i;
    json_array_foreach(json_object_get(page, "persons"), i, person)
        if (!call_unmask(c, person, purpose, e))
            return false;
    return true;
}

/* A write, because no name leaves before the line that says who read it is on disk. */
static bool case_unmask(struct call *c, struct error *e)
{
    struct printing *s = c->state;

    json_decref(s->plain);
    s->plain = json_deep_copy(s->page);
    if (!paper_unmask(c, s->plain, s->f.purpose, e))
        return false;
    call_then(c, HOW_SLOW, case_file);
    return true;
}

bool paper_read_page(struct call *c, struct id id, json_t **ret, struct error *e)
{
    struct buf text = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&text);
    int64_t logged;
    bool ok = case_write_page(c->api->core, c->db, c->scratch, &w, &c->actor, id, &logged, e);

    if (ok)
        call_read(c, SUBJECT_CASE, logged);

    json_decref(*ret);
    *ret = ok ? json_read(buf_str(&text), e) : NULL;
    buf_free(&text);
    return *ret != NULL;
}

bool case_paper(struct call *c, struct error *e)
{
    struct printing *s = c->state != NULL ? c->state : calloc(1, sizeof *s);
    struct str purpose = str_trim(call_query(c, "purpose")), url, name;
    struct id id;

    if (s == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = s;
    c->state_free = free_case;
    if (!id_parse(c->capture[0], &id))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (str_points(purpose) > 100)
        return error_setf(e, ERROR_TOO_LONG, "purpose", "100");
    if (!paper_read_page(c, id, &s->page, e) ||
        !account_name(c->api->core, c->db, c->r->arena, c->actor.account, &name, e))
        return false;
    s->f = (struct casefile){.printed_by = name, .purpose = purpose, .at = time_now()};
    /* Without an address of its own the paper has no code; it is a paper all the same. */
    if (core_public_url(c->api->core, c->db, c->r->arena, &url, NULL))
        s->f.address = str_of(arena_printf(c->r->arena, "%.*s/desk/#/case/%.*s", (int)url.n, url.p,
                                           (int)c->capture[0].n, c->capture[0].p));
    call_then(c, purpose.n > 0 ? HOW_WRITE : HOW_SLOW, purpose.n > 0 ? case_unmask : case_file);
    return true;
}
