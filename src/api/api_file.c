#include <stdlib.h>

#include "core/file.h"
#include "core/register.h"
#include "core/scope.h"
#include "api/handlers.h"

/* An upload on its way: cleaned in the pool, then stored by a writer. What is no scan of several pages is one page. */
struct upload {
    struct buf clean;
    struct str bytes;
    const char *type;
    struct file_page pages[FILE_PAGES];
    size_t page_count;
    bool scan;
};

static void free_upload(void *state)
{
    struct upload *u = state;
    buf_free(&u->clean);
    free(u);
}

static void write_one(struct jw *w, const struct file_info *f)
{
    struct buf hex = BUF_INIT(BUF_LINE);
    buf_add_hex(&hex, f->hash, sizeof f->hash);
    jw_ktext(w, "hash", buf_str(&hex));
    jw_kint(w, "width", f->width);
    jw_kint(w, "height", f->height);
    buf_free(&hex);
}

/* All pages or none. */
static bool store(struct call *c, struct error *e)
{
    struct upload *u = c->state;
    struct file_info f[FILE_PAGES] = {0};

    for (size_t i = 0; i < u->page_count; i++) {
        const struct file_page *p = &u->pages[i];
        if (!file_store(c->api->core, c->db, c->scratch, &c->actor, str_range(u->bytes.p + p->at, p->n),
                        u->type, p->width, p->height, &f[i], e))
            return false;
    }
    jw_object(&c->w);
    write_one(&c->w, &f[0]);
    jw_kz(&c->w, "type", u->type);
    if (u->scan) {
        jw_karray(&c->w, "pages");
        for (size_t i = 0; i < u->page_count; i++) {
            jw_object(&c->w);
            write_one(&c->w, &f[i]);
            jw_end_object(&c->w);
        }
        jw_end_array(&c->w);
    }
    jw_end_object(&c->w);
    return true;
}

/* Images are encoded anew, which also takes place and camera out of them; of a PDF only the look of its pages stays. */
static bool clean(struct call *c, struct error *e)
{
    struct upload *u = c->state;
    struct file_page *first = &u->pages[0];

    *first = (struct file_page){.n = c->r->body.n};
    u->bytes = c->r->body;
    u->page_count = 1;
    call_then(c, HOW_WRITE, store);
    if (str_starts(str_of(u->type), STR("audio/")))
        return true;
    u->clean = BUF_INIT(u->scan ? FILE_PAGES_MAX : FILE_MAX);
    if (u->scan ? !file_clean_pdf(c->r->body, &u->clean, u->pages, &u->page_count, e)
                : !file_clean_image(c->r->body, &u->clean, &first->width, &first->height, e))
        return false;
    if (!u->scan)
        first->n = u->clean.n;
    u->bytes = buf_str(&u->clean);
    u->type = "image/jpeg";
    return true;
}

#define TAKEN "jpeg, png, webp, webm, ogg, mp4"

/* A scanner stands in an office: its PDF is taken from staff, not from strangers. Who it is has not been asked before. */
static bool only_staff(struct call *c, struct error *e)
{
    if (c->actor.kind != ACTOR_ACCOUNT)
        return error_setf(e, ERROR_MEDIA_TYPE, NULL, TAKEN);
    call_then(c, HOW_SLOW, clean);
    return true;
}

/* What the bytes are is told by the bytes. */
bool file_create(struct call *c, struct error *e)
{
    struct upload *u = calloc(1, sizeof *u);
    if (u == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = u;
    c->state_free = free_upload;
    u->type = file_sniff(c->r->body);
    u->scan = u->type != NULL && strcmp(u->type, "application/pdf") == 0;
    if (c->r->body.n == 0)
        return error_set(e, ERROR_MISSING, NULL);
    if (u->type == NULL)
        return error_setf(e, ERROR_MEDIA_TYPE, NULL, TAKEN ", pdf");
    if (!u->scan)
        return clean(c, e);
    call_then(c, HOW_READ, only_staff);
    return true;
}

static bool send(struct call *c, enum subject_kind kind, int64_t subject, bool only_open, struct str hex,
                 struct error *e)
{
    unsigned char hash[HASH_BYTES];
    struct file_info f;
    bool hangs;

    if (!hex_read(hex, hash, sizeof hash))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (!file_on_subject(c->db, hash, kind, subject, only_open, &hangs, e))
        return false;
    if (!hangs || !file_find(c->db, c->scratch, hash, &f, e))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    c->r->type = arena_z(c->r->arena, f.type);
    http_reply_header(c->r, "Cache-Control", "private, max-age=86400, immutable");
    http_reply_header(c->r, "Content-Disposition", "inline");
    return file_read(c->api->core, c->scratch, &f, &c->r->reply, e);
}

bool file_of_case(struct call *c, struct error *e)
{
    struct id id;
    struct case_row row;
    enum sight sight;
    if (!id_parse(c->capture[0], &id))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (!case_load(c->db, c->scratch, id, false, &row, e) || !scope_sight(c->db, &c->actor, &row, &sight, e))
        return false;
    call_read(c, SUBJECT_CASE, case_logged(&row) && sight == SIGHT_WORK ? row.id : 0);
    return sight == SIGHT_WORK ? send(c, SUBJECT_CASE, row.id, false, c->capture[1], e)
                               : error_set(e, ERROR_NOT_FOUND, NULL);
}

bool file_of_track(struct call *c, struct error *e)
{
    if (c->actor.kind != ACTOR_RESIDENT)
        return error_set(e, ERROR_SIGN_IN, NULL);
    return send(c, SUBJECT_CASE, c->actor.case_id, true, c->capture[0], e);
}

bool file_of_row(struct call *c, struct error *e)
{
    struct core *core = c->api->core;
    const struct register_def *def = register_named(core, c->capture[0]);
    const struct pack *p = core_pack(core, c->db, 0, e);
    struct register_row row;
    struct id id;

    if (p == NULL)
        return false;
    if (def == NULL || !id_parse(c->capture[1], &id))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (!register_one(core, c->db, c->scratch, &c->actor, def, id, &row, e))
        return false;
    call_read(c, def->subject, def->logged != NULL && def->logged(p, &row) ? row.id : 0);
    return send(c, def->subject, row.id, false, c->capture[2], e);
}
