/* The papers of a mediation, and the page on which a stranger checks one. What they show is read first; drawing is slow work in the pool; a paper with
 * a code on it leaves only when its hashes are on disk. */
#include <stdlib.h>

#include "base/time.h"
#include "core/account.h"
#include "core/file.h"
#include "core/proof.h"
#include "core/scope.h"
#include "core/unit.h"
#include "paper/mediation_paper.h"
#include "api/handlers.h"

/* What a file's PDF takes in: its scans lie in memory while it is drawn, and the answer has a ceiling. */
enum { SCANS_MOST = 240, SCANS_BYTES = 48 * 1024 * 1024 };

struct making {
    struct mediation_doc doc;
    json_t *page;
    struct str purpose;
    struct buf pdf;
    struct proof proof;
    bool proves;
    struct scan scans[SCANS_MOST];
    struct file_info files[SCANS_MOST];
    struct buf bytes[SCANS_MOST];
    int64_t scan_bytes;
};

static void free_making(void *state)
{
    struct making *m = state;
    json_decref(m->page);
    buf_free(&m->pdf);
    for (size_t i = 0; i < SCANS_MOST; i++)
        buf_free(&m->bytes[i]);
    free(m);
}

static void as_pdf(struct call *c, const struct making *m)
{
    c->r->type = "application/pdf";
    http_reply_header(
        c->r, "Content-Disposition",
        arena_printf(c->r->arena, "inline; filename=\"liuxiao-%s.pdf\"", mediation_paper_code(m->doc.paper)));
}

/* ---- Scans of the file --------------------------------------------------------------------------------- */

static bool add_scan(struct call *c, struct making *m, const char *hex, struct str paper, int64_t side,
                     struct error *e)
{
    unsigned char hash[HASH_BYTES];
    struct file_info info;
    size_t n = m->doc.scan_count;

    if (hex == NULL || !hex_read(str_of(hex), hash, sizeof hash))
        return true;
    if (!file_find(c->db, c->r->arena, hash, &info, e))
        return e != NULL && e->code == ERROR_NOT_FOUND;
    if (!str_is(info.type, "image/jpeg"))
        return true;
    if (n == SCANS_MOST || m->scan_bytes + info.bytes > SCANS_BYTES) {
        m->doc.scans_left++;
        return true;
    }
    m->scan_bytes += info.bytes;
    m->files[n] = info;
    m->scans[n] = (struct scan){
        .paper = arena_str(c->r->arena, paper), .side = side, .width = info.width, .height = info.height};
    m->doc.scan_count++;
    return true;
}

static bool add_scans(struct call *c, struct making *m, const json_t *list, struct str paper, struct error *e)
{
    const json_t *one;
    size_t i;
    json_array_foreach(list, i, one)
        if (!add_scan(c, m, json_string_value(one), paper, 0, e))
            return false;
    return true;
}

/* Signed on paper: scans of it. Drawn on a screen: each over its own line. */
static bool add_signed(struct call *c, struct making *m, const json_t *done, struct error *e)
{
    const json_t *files = json_object_get(done, "files"), *rows = json_object_get(done, "drawn_by"), *row;
    size_t i;

    if (!json_is_array(rows))
        return m->doc.paper != PAPER_FILE || add_scans(c, m, files, STR("agreement"), e);
    json_array_foreach(rows, i, row)
        if (!add_scan(c, m, json_string_value(json_array_get(files, i)), STR("signature"),
                      json_int(row, "side", 0), e))
            return false;
    return true;
}

static bool find_scans(struct call *c, struct making *m, struct error *e)
{
    const json_t *mediation = json_object_get(m->page, "mediation"), *row;
    size_t i;

    m->doc.scan_count = m->doc.scans_left = 0;
    m->scan_bytes = 0;
    if (!add_signed(c, m, json_object_get(mediation, "signed"), e))
        return false;
    if (m->doc.paper == PAPER_AGREEMENT)
        return true;
    json_array_foreach(json_object_get(mediation, "earlier"), i, row)
        if (!add_scans(c, m, json_object_get(row, "files"), STR("account"), e))
            return false;
    json_array_foreach(json_object_get(mediation, "papers"), i, row)
        if (!add_scans(c, m, json_object_get(row, "files"), json_text(row, "paper"), e))
            return false;
    json_array_foreach(json_object_get(mediation, "performed"), i, row)
        if (!add_scans(c, m, json_object_get(row, "files"), STR("performance"), e))
            return false;
    return true;
}

static bool read_scans(struct call *c, struct making *m, struct error *e)
{
    for (size_t i = 0; i < m->doc.scan_count; i++) {
        m->bytes[i] = BUF_INIT(FILE_MAX);
        if (!file_read(c->api->core, c->r->arena, &m->files[i], &m->bytes[i], e))
            return false;
        m->scans[i].bytes = buf_str(&m->bytes[i]);
    }
    m->doc.scans = m->scans;
    return true;
}

/* ---- The steps ----------------------------------------------------------------------------------------- */

static bool keep_proof(struct call *c, struct error *e)
{
    struct making *m = c->state;
    if (!proof_add(c->db, &m->proof, e))
        return false;
    buf_clear(&c->r->reply);
    as_pdf(c, m);
    buf_add(&c->r->reply, buf_str(&m->pdf));
    return true;
}

/* What the paper says, apart from how it looks: the same text gives the same fingerprint on every print. */
static void fingerprint(struct call *c, struct making *m)
{
    const json_t *mediation = json_object_get(m->page, "mediation");
    struct buf b = BUF_INIT(BUF_REPLY), hex = BUF_INIT(BUF_LINE);
    char *agreement =
        json_dumps(json_object_get(mediation, "agreement"), JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    const json_t *one;
    size_t i;

    buf_addf(&b, "%s|%.*s|%s", mediation_paper_code(m->doc.paper), (int)json_text(m->page, "number").n,
             json_text(m->page, "number").p, agreement != NULL ? agreement : "");
    json_array_foreach(json_object_get(m->page, "persons"), i, one)
        buf_addf(&b, "|%lld %.*s", (long long)json_int(one, "side", 0), (int)json_text(one, "name").n,
                 json_text(one, "name").p);
    hash_bytes(buf_str(&b), m->proof.content);
    buf_add_hex(&hex, m->proof.content, HASH_BYTES);
    m->doc.fingerprint = arena_str(c->r->arena, buf_str(&hex));
    free(agreement);
    buf_free(&b);
    buf_free(&hex);
}

static bool draw(struct call *c, struct error *e)
{
    struct making *m = c->state;

    m->doc.page = m->page;
    if (!read_scans(c, m, e))
        return false;
    if (m->proves)
        fingerprint(c, m);
    buf_free(&m->pdf);
    m->pdf = BUF_INIT(BUF_REPLY);
    if (!mediation_pdf(&m->doc, &m->pdf, e))
        return false;
    if (m->proves) {
        hash_sha256(buf_str(&m->pdf), m->proof.document);
        call_then(c, HOW_WRITE, keep_proof);
        return true;
    }
    as_pdf(c, m);
    buf_add(&c->r->reply, buf_str(&m->pdf));
    return true;
}

static bool unmask(struct call *c, struct error *e)
{
    struct making *m = c->state;
    if (!paper_unmask(c, m->page, m->purpose, e))
        return false;
    call_then(c, HOW_SLOW, draw);
    return true;
}

/* Only what is handed out with names proves anything; the code is where it is checked. */
static bool prepare_proof(struct call *c, struct making *m, const struct case_row *row, struct error *e)
{
    struct unit committee;
    struct str url;
    char code[TRACK_TEXT];

    m->proves = m->purpose.n > 0 && m->doc.paper == PAPER_AGREEMENT &&
                core_public_url(c->api->core, c->db, c->r->arena, &url, NULL);
    if (!m->proves)
        return true;
    if (!unit_above(c->db, c->r->arena, row->unit, UNIT_COMMITTEE, &committee, e))
        return false;
    track_new(code);
    m->proof = (struct proof){.code = str_of(arena_printf(c->r->arena, "%s", code)),
                              .paper = STR("agreement"),
                              .case_id = row->id,
                              .unit_id = committee.id,
                              .made_at = m->doc.at};
    m->doc.address = str_of(arena_printf(c->r->arena, "%.*s/v/%s", (int)url.n, url.p, code));
    return true;
}

static struct making *state_of(struct call *c)
{
    if (c->state == NULL) {
        c->state = calloc(1, sizeof(struct making));
        c->state_free = free_making;
    }
    return c->state;
}

bool mediation_paper_show(struct call *c, struct error *e)
{
    struct making *m = state_of(c);
    struct case_row row;
    enum sight sight;
    struct id id;
    struct str name;

    if (m == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    m->purpose = str_trim(call_query(c, "purpose"));
    if (!mediation_paper_parse(c->capture[1], &m->doc.paper) || !id_parse(c->capture[0], &id) ||
        !case_load(c->db, c->r->arena, id, false, &row, e) ||
        !scope_sight(c->db, &c->actor, &row, &sight, e) || sight != SIGHT_WORK || row.kind != KIND_DISPUTE)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (str_points(m->purpose) > 100)
        return error_setf(e, ERROR_TOO_LONG, "purpose", "100");
    const struct pack *pack = core_pack(c->api->core, c->db, row.pack, e);
    if (pack == NULL || !paper_read_page(c, id, &m->page, e) ||
        !account_name(c->api->core, c->db, c->r->arena, c->actor.account, &name, e))
        return false;
    m->doc.words = json_object_get(pack->doc, "mediation");
    m->doc.sitting = call_query(c, "sitting");
    m->doc.printed_by = name;
    m->doc.plain = m->purpose.n > 0;
    m->doc.at = time_now();
    if (!prepare_proof(c, m, &row, e) ||
        ((m->doc.paper == PAPER_FILE || m->doc.paper == PAPER_AGREEMENT) && !find_scans(c, m, e)))
        return false;
    call_then(c, m->doc.plain ? HOW_WRITE : HOW_SLOW, m->doc.plain ? unmask : draw);
    return true;
}
