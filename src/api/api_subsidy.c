/* Subsidies (R7): payment tables in, own lines out. */
#include <stdlib.h>

#include "core/ledger.h"
#include "core/scope.h"
#include "core/unit.h"
#include "six/subsidy.h"
#include "paper/subsidy_sheet.h"
#include "api/handlers.h"

/* ---- In: a look first, then the same file once more with commit=1 -------------------------------------- */

struct bringing {
    struct subsidy_sheet sheet;
    struct error problem; /* of the table as a whole */
};

static void write_sheet(struct call *c, const struct bringing *b, int64_t imported)
{
    const struct subsidy_sheet *s = &b->sheet;
    struct jw *w = &c->w;

    jw_object(w);
    jw_karray(w, "columns");
    for (size_t i = 0; i < s->column_count; i++)
        jw_text(w, s->columns[i]);
    jw_end_array(w);
    jw_kint(w, "header", s->header);
    jw_kobject(w, "mapping");
    for (int f = 0; f < S_FIELDS; f++)
        jw_ktext(w, subsidy_field_name((enum subsidy_field)f),
                 s->header > 0 && s->at[f] >= 0 ? s->columns[s->at[f]] : STR(""));
    jw_end_object(w);
    jw_kint(w, "rows", (int64_t)s->n);
    jw_kint(w, "good", (int64_t)s->good);
    jw_kint(w, "skipped", (int64_t)s->skipped);
    jw_kint(w, "imported", imported);
    jw_karray(w, "problems");
    for (size_t i = 0; i < s->n; i++) {
        const struct error *p = &s->rows[i].problem;
        if (p->code == ERROR_NONE)
            continue;
        jw_object(w);
        jw_kint(w, "line", s->rows[i].line);
        jw_kz(w, "field", p->field);
        struct str why = p->detail[0] != '\0' ? str_of(p->detail) : str_of(error_name(p->code));
        jw_kz(w, "title", ledger_sentence(c->scratch, c->r->lang, why, STR(""), str_of(p->field)));
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_end_object(w);
}

static bool store(struct call *c, struct error *e)
{
    struct bringing *b = c->state;
    struct answer answer;
    struct id nothing = {{0}};
    struct str title = call_query(c, "title"), unit = call_query(c, "unit");
    struct unit u;
    json_t *fields = json_pack("{s:s%,s:s%,s:I}", "unit", unit.p, unit.n, "title",
                               title.p != NULL ? title.p : "", title.n, "rows", (json_int_t)b->sheet.good);
    int64_t year = call_query_int(c, "year", 0, 2000, 2100);

    if (year > 0)
        (void)json_object_set_new(fields, "year", json_integer(year));
    bool ok = call_command(c, SUBJECT_SUBSIDY, STR("import"), nothing, fields, &answer, e);
    json_decref(fields);
    if (!ok || !unit_by_code(c->db, c->scratch, unit, &u, e))
        return false;
    for (size_t i = 0; i < b->sheet.n && !answer.again; i++) {
        const struct subsidy_row *row = &b->sheet.rows[i];
        struct subsidy_line line = {row->cells[S_NAME],  row->cells[S_ID],
                                    row->cells[S_CARD],  row->cells[S_PHONE],
                                    row->cells[S_ITEM],  row->cells[S_PAID],
                                    row->cells[S_GROUP], row->cells[S_AREA],
                                    row->cells[S_NOTE],  row->fen};
        if (row->problem.code == ERROR_NONE &&
            !subsidy_add(c->api->core, c->db, c->scratch, answer.subject, u.ord, &line, e))
            return false;
    }
    write_sheet(c, b, (int64_t)b->sheet.good);
    return true;
}

static bool parse(struct call *c, struct error *e)
{
    struct bringing *b = ARENA_NEW(c->r->arena, struct bringing);
    struct str text = call_query(c, "mapping");
    json_t *mapping = text.n > 0 ? json_read(text, e) : NULL;

    if (text.n > 0 && mapping == NULL)
        return error_set(e, ERROR_MALFORMED, "mapping");
    bool ok = subsidy_sheet_read(&b->sheet, c->r->arena, c->r->body,
                                 (int)call_query_int(c, "sheet", 1, 1, 256), mapping, e);
    json_decref(mapping);
    c->state = b;
    if (!ok)
        return false;
    if (str_is(call_query(c, "commit"), "1"))
        call_then(c, HOW_WRITE, store);
    else
        write_sheet(c, b, 0);
    return true;
}

bool subsidy_upload(struct call *c, struct error *e)
{
    struct unit u;
    if (c->r->body.n == 0)
        return error_set(e, ERROR_MISSING, "file");
    if (!unit_by_code(c->db, c->scratch, call_query(c, "unit"), &u, NULL) ||
        !scope_reaches(&c->actor, u.ord, POSTS_DESK))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    call_then(c, HOW_SLOW, parse);
    return true;
}

/* ---- Out ----------------------------------------------------------------------------------------------- */

static bool read_question(struct call *c, struct subsidy_question *q, int64_t *ret_unit, struct error *e)
{
    struct unit_place at;
    if (!unit_place(c->db, c->scratch, call_text(c, "unit"), &at, NULL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    *ret_unit = at.unit.id;
    *q = (struct subsidy_question){.name = call_text(c, "name"),
                                   .id_tail = call_text(c, "id_tail"),
                                   .proof = call_text(c, "proof"),
                                   .lo = at.committee.ord,
                                   .hi = at.committee.ord_end,
                                   .peer = c->r->peer};
    return true;
}

bool subsidy_look(struct call *c, struct error *e)
{
    struct subsidy_question q;
    struct error refused;
    int64_t unit;

    if (!read_question(c, &q, &unit, e) || !subsidy_own(c->api->core, c->db, c->scratch, &c->w, &q, &refused, e))
        return false;
    if (refused.code != ERROR_NONE)
        http_problem(c->r, &refused);
    return true;
}

bool subsidy_look_for(struct call *c, struct error *e)
{
    struct subsidy_question q;
    struct unit u;
    int64_t unit;

    if (!read_question(c, &q, &unit, e) || !unit_load(c->db, c->scratch, unit, &u, e))
        return false;
    if (!scope_reaches(&c->actor, u.ord, POSTS_DESK | AS(STEWARD)))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return subsidy_for(c->api->core, c->db, c->scratch, &c->w, &c->actor, unit, &q, call_text(c, "purpose"), e);
}
