/* Ledgers: upload a table, say what its columns mean, see what would be wrong, bring it in, undo it. The rows are done by job/importer.c. */
#include <stdlib.h>

#include "core/file.h"
#include "core/ledger.h"
#include "core/verb.h"
#include "job/ledger_job.h"
#include "api/handlers.h"

enum { SAMPLE_ROWS = 8 };

/* A file looked into: the names of its columns and some rows. */
struct look {
    struct ledger l;
    struct file_info file;
    struct buf plain, table; /* table: "columns":[…],"sample":[[…]],"guess":{…} */
};

static void free_look(void *state)
{
    struct look *look = state;
    buf_free(&look->plain);
    buf_free(&look->table);
    free(look);
}

static struct look *look_of(struct call *c)
{
    struct look *look = calloc(1, sizeof *look);
    if (look == NULL)
        return NULL;
    look->plain = BUF_INIT(FILE_MAX);
    look->table = BUF_INIT(BUF_REPLY);
    c->state = look;
    c->state_free = free_look;
    return look;
}

static void write_row(struct jw *w, const struct str *cells, size_t n)
{
    jw_array(w);
    for (size_t i = 0; i < n; i++)
        jw_text(w, str_utf8(cells[i]) ? str_head(str_trim(cells[i]), 120) : STR("?"));
    jw_end_array(w);
}

/* The first row with at least two names is taken for the header; a title above it has one. */
static bool read_table(struct look *look, struct arena *a, struct str bytes, int sheet, struct error *e)
{
    struct str *names = ARENA_ARRAY(a, struct str, SHEET_COLUMNS),
               *cells = ARENA_ARRAY(a, struct str, SHEET_COLUMNS);
    struct jw w = JW_INIT(&look->table);
    struct sheet *s;
    size_t n = 0, columns = 0, count = 0;

    if (!sheet_open(&s, bytes, sheet, e))
        return false;
    bool ok = true;
    while (ok && columns < 2) {
        ok = sheet_row(s, a, names, &columns, e);
        if (columns == 0)
            break;
    }
    ok = ok && (columns >= 2 || error_set(e, ERROR_MALFORMED, "file"));
    if (ok) {
        jw_object(&w);
        jw_kint(&w, "header", sheet_line(s));
        jw_key(&w, "columns");
        write_row(&w, names, columns);
        jw_key(&w, "guess");
        ledger_map_guess(&w, names, columns);
        jw_karray(&w, "sample");
        for (; ok && count < SAMPLE_ROWS; count++) {
            ok = sheet_row(s, a, cells, &n, e);
            if (n == 0)
                break;
            write_row(&w, cells, n);
        }
        jw_end_array(&w);
        jw_end_object(&w);
    }
    sheet_close(s);
    return ok;
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

static void write_targets(struct call *c, const struct look *look)
{
    jw_key(&c->w, "table");
    if (look->table.n > 0)
        jw_raw(&c->w, buf_str(&look->table));
    else
        jw_null(&c->w);
    jw_key(&c->w, "targets");
    ledger_map_targets(c->api->core, &c->w, c->r->lang);
    jw_end_object(&c->w);
}

/* ---- Upload -------------------------------------------------------------------------------------------- */

static bool store(struct call *c, struct error *e)
{
    struct look *look = c->state;
    struct str name = call_query(c, "name");
    const char *type = str_starts(c->r->body, STR("PK"))
                           ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                           : "text/csv";
    int64_t sheet = call_query_int(c, "sheet", 1, 1, 256);

    if (!file_store(c->api->core, c->db, c->scratch, NULL, c->r->body, type, 0, 0, &look->file, e) ||
        !ledger_create(c->db, c->scratch, &c->actor, name.n > 0 ? name : STR("—"), look->file.hash,
                       look->file.id, sheet, &look->l, e))
        return false;
    write_ledger(c, &look->l);
    jw_karray(&c->w, "problems");
    jw_end_array(&c->w);
    write_targets(c, look);
    return true;
}

static bool parse(struct call *c, struct error *e)
{
    struct look *look = c->state;
    if (!read_table(look, c->r->arena, c->r->body, (int)call_query_int(c, "sheet", 1, 1, 256), e))
        return false;
    call_then(c, HOW_WRITE, store);
    return true;
}

bool ledger_upload(struct call *c, struct error *e)
{
    if (c->r->body.n == 0)
        return error_set(e, ERROR_MISSING, "file");
    if (look_of(c) == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
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
    if (!find(c, &look->l, e))
        return false;
    write_ledger(c, &look->l);
    jw_key(&c->w, "problems");
    if (!ledger_write_problems(c->db, c->scratch, &c->w, &look->l,
                               call_query_int(c, "after", 0, 0, INT64_MAX), c->r->lang, e))
        return false;
    write_targets(c, look);
    return true;
}

static bool parse_stored(struct call *c, struct error *e)
{
    struct look *look = c->state;
    if (!file_read(c->api->core, c->r->arena, &look->file, &look->plain, e) ||
        !read_table(look, c->r->arena, buf_str(&look->plain), (int)look->l.sheet, e))
        return false;
    call_then(c, HOW_READ, answer);
    return true;
}

bool ledger_show(struct call *c, struct error *e)
{
    struct look *look = look_of(c);
    if (look == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    if (!find(c, &look->l, e))
        return false;
    if (look->l.file == 0 || (look->l.state != LEDGER_DRAFT && look->l.state != LEDGER_CHECKED))
        return answer(c, e);
    if (!file_find_id(c->db, c->r->arena, look->l.file, &look->file, e))
        return false;
    call_then(c, HOW_SLOW, parse_stored);
    return true;
}

bool ledger_list(struct call *c, struct error *e)
{
    return ledger_write_list(c->db, c->scratch, &c->w, &c->actor, e);
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
