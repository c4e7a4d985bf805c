/* Return calls and slips (R4). What a paper shows is read first; making it is slow work in the pool. */
#include <stdlib.h>

#include "base/time.h"
#include "core/account.h"
#include "core/case_calls.h"
#include "core/case_card.h"
#include "core/person.h"
#include "core/unit.h"
#include "paper/callsheet.h"
#include "api/handlers.h"

static bool read_unit(struct call *c, struct unit *u, struct error *e)
{
    struct str code = call_query(c, "unit");
    if (code.n == 0)
        return error_set(e, ERROR_MISSING, "unit");
    return (unit_by_code(c->db, c->r->arena, code, u, NULL) && scope_reaches(&c->actor, u->ord, POSTS_ALL)) ||
           error_set(e, ERROR_NOT_FOUND, "unit");
}

bool call_list(struct call *c, struct error *e)
{
    struct unit u;
    return read_unit(c, &u, e) &&
           case_write_calls(c->api->core, c->db, c->scratch, &c->w, &c->actor, u.ord, u.ord_end, e);
}

/* ---- The sheet ------------------------------------------------------------------------------------------ */

struct calling {
    json_t *page, *plain;
    struct callsheet sheet;
    struct str purpose;
};

static void free_calling(void *state)
{
    struct calling *s = state;
    json_decref(s->page);
    json_decref(s->plain);
    free(s);
}

static bool sheet_paper(struct call *c, struct error *e)
{
    struct calling *s = c->state;
    s->sheet.items = json_object_get(s->plain, "items");
    call_pdf(c, "liuxiao-calls");
    return callsheet_pdf(&s->sheet, &c->r->reply, e);
}

/* A write, because no number leaves before the line that says who read it is on disk. */
static bool sheet_unmask(struct call *c, struct error *e)
{
    struct calling *s = c->state;
    json_t *item;
    size_t i;

    json_decref(s->plain);
    s->plain = json_deep_copy(s->page);
    json_array_foreach(json_object_get(s->plain, "items"), i, item) {
        json_t *person = json_object_get(item, "person");
        if (json_is_object(person) && !call_unmask(c, person, s->purpose, e))
            return false;
    }
    call_then(c, HOW_SLOW, sheet_paper);
    return true;
}

bool call_paper(struct call *c, struct error *e)
{
    struct calling *s = c->state != NULL ? c->state : calloc(1, sizeof *s);
    struct buf text = BUF_INIT(BUF_DOCUMENT);
    struct jw w = JW_INIT(&text);
    struct unit u;

    if (s == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = s;
    c->state_free = free_calling;
    s->purpose = arena_str(c->r->arena, str_trim(call_query(c, "purpose")));
    if (s->purpose.n == 0)
        return error_set(e, ERROR_MISSING, "purpose");
    if (!read_unit(c, &u, e) ||
        !account_name(c->api->core, c->db, c->r->arena, c->actor.account, &s->sheet.by, e))
        return false;
    s->sheet.unit = u.name;
    s->sheet.at = time_now();
    json_decref(s->page);
    bool ok = case_write_calls(c->api->core, c->db, c->scratch, &w, &c->actor, u.ord, u.ord_end, e);
    s->page = ok ? json_read(buf_str(&text), e) : NULL;
    buf_free(&text);
    if (s->page != NULL)
        call_then(c, HOW_WRITE, sheet_unmask);
    return s->page != NULL;
}

/* ---- The slip ------------------------------------------------------------------------------------------- */

static bool slip_paper(struct call *c, struct error *e)
{
    call_pdf(c, "liuxiao-slip");
    return slip_pdf(c->state, &c->r->reply, e);
}

/* With the code only for who has it in hand already: the page never gives it out again. */
static bool take_track(struct call *c, const struct case_row *row, struct slip *s, struct error *e)
{
    struct str code = call_text(c, "track"), url;
    char normal[TRACK_TEXT];
    int64_t found = 0;

    if (code.n == 0)
        return true;
    if (!track_normal(code, normal) || !case_by_track(c->api->core, c->db, normal, &found, NULL) ||
        found != row->id)
        return error_set(e, ERROR_NOT_FOUND, "track");
    s->track = arena_str(c->r->arena, code);
    if (core_public_url(c->api->core, c->db, c->r->arena, &url, NULL))
        s->address =
            str_of(arena_printf(c->r->arena, "%.*s/?t=%.*s", (int)url.n, url.p, (int)s->track.n, s->track.p));
    return true;
}

bool slip_make(struct call *c, struct error *e)
{
    struct slip *s = ARENA_NEW(c->r->arena, struct slip);
    struct case_row row;
    struct unit committee;
    enum sight sight;
    struct id id;

    *s = (struct slip){0};
    if (!id_parse(call_text(c, "case"), &id) || !case_load(c->db, c->r->arena, id, false, &row, NULL) ||
        !scope_sight(c->db, &c->actor, &row, &sight, e) || sight < SIGHT_WORK)
        return error_set(e, ERROR_NOT_FOUND, "case");
    json_t *words = case_words(c->api->core, c->r->arena, &row, e);
    if (words == NULL)
        return false;
    struct str title = json_text(words, "title"), text = json_text(words, "text");
    bool cut = text.n > title.n &&
               str_starts(text, title); /* made of what was said: who reads it sees that there is more */
    s->title = str_of(
        arena_printf(c->r->arena, "%.*s%s", (int)title.n, title.p != NULL ? title.p : "", cut ? "……" : ""));
    json_decref(words);
    s->number = row.number;
    s->by = row.reply_due != 0 ? row.reply_due : row.replied_at == 0 ? row.due : 0;
    if (!unit_above(c->db, c->r->arena, row.unit, UNIT_COMMITTEE, &committee, e) ||
        !account_steward(c->api->core, c->db, c->r->arena, row.scope, &s->steward, &s->steward_phone, e) ||
        !take_track(c, &row, s, e))
        return false;
    s->committee = committee.name;
    c->state = s;
    call_then(c, HOW_SLOW, slip_paper);
    return true;
}
