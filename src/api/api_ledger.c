/* Ledgers: upload a table, say what its columns mean, see what would be wrong, bring it in, undo it. The rows are done by job/importer.c. */
#include <stdlib.h>

#include "core/case_read.h"
#include "core/file.h"
#include "core/ledger.h"
#include "core/verb.h"
#include "job/ledger_job.h"
#include "api/handlers.h"
#include "api/ledger_table.h"

/* A file looked into. */
struct look {
    struct ledger l;
    struct file_info file;
    struct buf plain;
    struct ledger_table table;
    bool has_table;
};

static void free_look(void *state)
{
    struct look *look = state;
    buf_free(&look->plain);
    free(look);
}

static struct look *look_of(struct call *c, struct error *e)
{
    struct look *look = calloc(1, sizeof *look);
    if (look == NULL) {
        (void)error_set(e, ERROR_OVERLOADED, NULL);
        return NULL;
    }
    look->plain = BUF_INIT(FILE_MAX);
    c->state = look;
    c->state_free = free_look;
    return look;
}

static void write_ledger(struct call *c, const struct ledger *l)
{
    jw_object(&c->w);
    ledger_write(&c->w, l);
    jw_key(&c->w, "mapping");
    if (l->mapping.n > 0)
        jw_raw(&c->w, l->mapping);
    else
        jw_null(&c->w);
}

/* ---- Told whole ---------------------------------------------------------------------------------------- */

/* The same file was brought in before, by whomever: without numbers of its own everything in it would come twice. */
static bool write_earlier(struct call *c, const struct ledger *l, struct error *e)
{
    struct ledger other;
    bool found;
    if (!ledger_earlier(c->db, c->scratch, l, &other, &found, e))
        return false;
    jw_key(&c->w, "earlier");
    if (!found) {
        jw_null(&c->w);
        return true;
    }
    jw_object(&c->w);
    jw_ktime(&c->w, "at", other.created_at);
    jw_kbool(&c->w, "mine", other.account == l->account);
    jw_end_object(&c->w);
    return true;
}

/* The first rows as they would come in: once they have been checked. */
static bool write_preview(struct call *c, const struct look *look, struct error *e)
{
    const struct ledger_table *t = &look->table;
    struct ledger_map *m = NULL;
    bool ok = true, shown = look->has_table && look->l.state == LEDGER_CHECKED && look->l.mapping.n > 0;

    jw_karray(&c->w, "preview");
    if (shown) {
        ok = ledger_map_read(&m, c->api->core, look->l.mapping, e) &&
             ledger_map_bind(m, t->names.cells, t->names.n, t->since_1904, e);
        for (size_t i = 0; ok && i < t->first_count; i++)
            ok = ledger_map_preview(m, c->api->core, c->db, c->scratch, &c->actor, t->first[i].cells,
                                    t->first[i].n, t->first[i].line, c->r->lang, &c->w, e);
        ledger_map_close(m);
    }
    jw_end_array(&c->w);
    return ok;
}

static bool write_whole(struct call *c, const struct look *look, struct error *e)
{
    const struct ledger *l = &look->l;
    struct jw *w = &c->w;

    write_ledger(c, l);
    jw_kz(w, "problem_title",
          l->problem.n > 0 ? ledger_sentence(c->scratch, c->r->lang, l->problem, STR(""), STR("")) : NULL);
    jw_kbool(w, "has_file", l->file != 0);
    jw_key(w, "problems");
    if (!ledger_write_problems(c->db, c->scratch, w, l, call_query_int(c, "after", 0, 0, INT64_MAX),
                               c->r->lang, e) ||
        !write_earlier(c, l, e) || !write_preview(c, look, e))
        return false;
    jw_key(w, "table");
    if (look->has_table)
        ledger_table_write(w, &look->table);
    else
        jw_null(w);
    jw_key(w, "targets");
    ledger_map_targets(c->api->core, w, c->r->lang);
    jw_end_object(w);
    return true;
}

/* ---- Upload -------------------------------------------------------------------------------------------- */

static bool store(struct call *c, struct error *e)
{
    struct look *look = c->state;
    struct str name = call_query(c, "name");
    const char *type = str_starts(c->r->body, STR("PK"))
                           ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                           : "text/csv";

    return file_store(c->api->core, c->db, c->scratch, NULL, c->r->body, type, 0, 0, &look->file, e) &&
           ledger_create(c->db, c->scratch, &c->actor, name.n > 0 ? name : STR("—"), look->file.hash,
                         look->file.id, look->table.sheet, look->table.rows, &look->l, e) &&
           write_whole(c, look, e);
}

static bool read_table(struct call *c, struct str bytes, int sheet, int64_t header, struct error *e)
{
    struct look *look = c->state;
    look->has_table = ledger_table_read(&look->table, c->r->arena, bytes, sheet, header, e);
    return look->has_table;
}

static bool parse(struct call *c, struct error *e)
{
    if (!read_table(c, c->r->body, (int)call_query_int(c, "sheet", 0, 1, 256), 0, e))
        return false;
    call_then(c, HOW_WRITE, store);
    return true;
}

bool ledger_upload(struct call *c, struct error *e)
{
    if (c->r->body.n == 0)
        return error_set(e, ERROR_MISSING, "file");
    if (look_of(c, e) == NULL)
        return false;
    call_then(c, HOW_SLOW, parse);
    return true;
}

/* ---- Looking ------------------------------------------------------------------------------------------- */

static bool find(struct call *c, struct ledger *ret, struct error *e)
{
    struct id id;
    if (!id_parse(c->capture[0], &id))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    return ledger_load(c->db, c->scratch, &c->actor, id, ret, e);
}

static bool answer(struct call *c, struct error *e)
{
    struct look *look = c->state;
    return find(c, &look->l, e) && write_whole(c, look, e);
}

/* Which sheet and row of names is meant: what was asked for, what was mapped, or found. */
static int64_t header_of(struct call *c, const struct ledger *l)
{
    int64_t asked = call_query_int(c, "header", 0, 0, 100);
    struct error e;
    if (asked > 0 || l->mapping.n == 0 || call_query(c, "sheet").n > 0)
        return asked;
    JSON_OWNED json_t *mapping = json_read(l->mapping, &e);
    return mapping != NULL ? json_int(mapping, "header", 1) : 0;
}

static bool parse_stored(struct call *c, struct error *e)
{
    struct look *look = c->state;
    int sheet = (int)call_query_int(c, "sheet", look->l.sheet, 1, 256);
    if (!file_read(c->api->core, c->r->arena, &look->file, &look->plain, e) ||
        !read_table(c, buf_str(&look->plain), sheet, header_of(c, &look->l), e))
        return false;
    call_then(c, HOW_READ, answer);
    return true;
}

/* Finds the ledger; its strings live on into the next step. */
static bool find_look(struct call *c, struct look *look, struct error *e)
{
    if (!find(c, &look->l, e))
        return false;
    look->l.mapping = arena_str(c->r->arena, look->l.mapping);
    return look->l.file == 0 || file_find_id(c->db, c->r->arena, look->l.file, &look->file, e);
}

bool ledger_show(struct call *c, struct error *e)
{
    struct look *look = look_of(c, e);
    if (look == NULL || !find_look(c, look, e))
        return false;
    bool mapping_it = look->l.state == LEDGER_DRAFT || look->l.state == LEDGER_CHECKED;
    if (look->l.file == 0 || !mapping_it || call_query_int(c, "after", 0, 0, INT64_MAX) > 0)
        return answer(c, e);
    call_then(c, HOW_SLOW, parse_stored);
    return true;
}

static bool parse_values(struct call *c, struct error *e)
{
    struct look *look = c->state;
    int sheet = (int)call_query_int(c, "sheet", look->l.sheet, 1, 256);
    return file_read(c->api->core, c->r->arena, &look->file, &look->plain, e) &&
           ledger_table_values(&c->w, c->r->arena, buf_str(&look->plain), sheet, header_of(c, &look->l),
                               call_query(c, "column"), e);
}

bool ledger_values(struct call *c, struct error *e)
{
    struct look *look = look_of(c, e);
    if (look == NULL || !find_look(c, look, e))
        return false;
    if (look->l.file == 0)
        return error_set(e, ERROR_NOT_OPEN, NULL);
    call_then(c, HOW_SLOW, parse_values);
    return true;
}

bool ledger_list(struct call *c, struct error *e)
{
    return ledger_write_list(c->db, c->scratch, &c->w, &c->actor, e);
}

bool ledger_case_list(struct call *c, struct error *e)
{
    enum { PAGE = 50 };
    struct ledger l;
    int64_t *ids, last = 0, after = 0;
    size_t n;

    (void)str_int(call_query(c, "cursor"), &after);
    if (!find(c, &l, e) || !ledger_cases(c->db, c->scratch, &l, after, PAGE, &ids, &n, &last, e))
        return false;
    jw_object(&c->w);
    jw_key(&c->w, "items");
    if (!case_write_rows(c->api->core, c->db, c->scratch, &c->w, &c->actor, ids, n, e))
        return false;
    jw_kz(&c->w, "next", n == PAGE ? arena_printf(c->scratch, "%lld", (long long)last) : NULL);
    jw_end_object(&c->w);
    return true;
}

/* ---- Steps --------------------------------------------------------------------------------------------- */

static bool show_state(struct call *c, const struct ledger *l)
{
    write_ledger(c, l);
    jw_end_object(&c->w);
    return true;
}

bool ledger_check(struct call *c, struct error *e)
{
    struct ledger l;
    struct buf text = BUF_INIT(BUF_SEALED);
    if (!find(c, &l, e))
        return false;
    json_write(&text, json_object_get(c->body, "mapping"));
    struct str mapping = arena_str(c->scratch, buf_str(&text));
    buf_free(&text);
    return ledger_set_mapping(c->api->core, c->db, &l, mapping, e) &&
           ledger_set_sheet(c->db, &l, json_int(c->body, "sheet", l.sheet), e) &&
           ledger_go(c->db, &l, LEDGER_CHECKING, e) && show_state(c, &l);
}

bool ledger_begin(struct call *c, struct error *e)
{
    struct ledger l;
    return find(c, &l, e) && ledger_set_strict(c->db, &l, json_flag(c->body, "all_or_nothing"), e) &&
           (l.state == LEDGER_CHECKED || error_set(e, ERROR_NOT_OPEN, NULL)) &&
           ledger_go(c->db, &l, LEDGER_RUNNING, e) && show_state(c, &l);
}

bool ledger_undo(struct call *c, struct error *e)
{
    struct ledger l;
    return find(c, &l, e) && ledger_go(c->db, &l, LEDGER_UNDOING, e) && show_state(c, &l);
}

bool ledger_remove(struct call *c, struct error *e)
{
    struct ledger l;
    return find(c, &l, e) && ledger_drop(c->api->core, c->db, &l, e);
}
