/* Pages: the apps' assets, the API's description, health, and the plain pages for browsers without scripts. */
#include "base/time.h"
#include "http/assets.h"
#include "core/proof.h"
#include "core/unit.h"
#include "job/backup.h"
#include "api/handlers.h"

/* Where an app's own paths begin; whatever lies below and is no file is the app's page. */
static const struct {
    const char *prefix, *index;
} apps[] = {{"/m/", "m/index.html"}, {"/desk/", "desk/index.html"}};

void page_reply(struct api *api, struct http_request *r)
{
    struct error e;
    (void)api;
    if (str_is(r->path, "/m") || str_is(r->path, "/desk")) {
        r->status = 301;
        http_reply_header(r, "Location", arena_printf(r->arena, "%.*s/", (int)r->path.n, r->path.p));
        return;
    }
    if (str_is(r->path, "/") && assets_reply(r, STR("index.html")))
        return;
    if (r->path.n > 1 && assets_reply(r, str_range(r->path.p + 1, r->path.n - 1)))
        return;
    for (size_t i = 0; i < sizeof apps / sizeof apps[0]; i++)
        if (str_starts(r->path, str_of(apps[i].prefix)) && assets_reply(r, str_of(apps[i].index)))
            return;
    (void)error_set(&e, ERROR_NOT_FOUND, NULL);
    http_problem(r, &e);
}

bool openapi_show(struct call *c, struct error *e)
{
    (void)e;
    c->r->fixed = c->api->openapi.p;
    c->r->fixed_size = c->api->openapi.n;
    return true;
}

static void add_escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&':
            buf_addz(b, "&amp;");
            break;
        case '<':
            buf_addz(b, "&lt;");
            break;
        case '>':
            buf_addz(b, "&gt;");
            break;
        case '"':
            buf_addz(b, "&quot;");
            break;
        default:
            buf_addc(b, s.p[i]);
        }
    }
}

static void page_begin(struct call *c, const char *title)
{
    struct buf *b = &c->r->reply;
    c->r->type = "text/html; charset=utf-8";
    buf_addf(b,
             "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
             "<link rel=\"stylesheet\" href=\"/plain/style.css\"><title>%s</title></head><body>\n<h1>%s</h1>\n",
             lang_tag(c->r->lang), title, title);
}

static void page_end(struct call *c)
{
    buf_addz(&c->r->reply, "</body></html>\n");
}

/* The route table, readable. */
bool docs_show(struct call *c, struct error *e)
{
    struct buf *b = &c->r->reply;
    (void)e;
    page_begin(c, "liuxiao API v1");
    buf_addz(
        b, "<p><a href=\"/api/v1/openapi.json\">openapi.json</a> (OpenAPI 3.1)</p>\n<table><tr><th>method</th><th>path</th><th>who</th><th>what</th></tr>\n");
    for (const struct route *r = routes; r->path != NULL; r++)
        buf_addf(b, "<tr><td>%s</td><td><code>%s</code></td><td>%s</td><td>%s</td></tr>\n",
                 http_method_name(r->method), r->path,
                 (r->who & WHO_ANYONE) != 0      ? "anyone"
                 : (r->who & WHO_SIGNED_IN) != 0 ? "signed in"
                                                 : "tracking code",
                 r->summary);
    buf_addz(b, "</table>\n");
    page_end(c);
    return true;
}

bool health_show(struct call *c, struct error *e)
{
    (void)e;
    buf_addz(&c->r->reply, "{\"alive\":true}");
    return true;
}

/* Ready: this ran on a writer, so the database takes writes and the queue moves. */
bool ready_show(struct call *c, struct error *e)
{
    struct exec_state state;
    struct str epoch;
    struct backup_state backup;
    if (!meta_get(c->db, c->scratch, "epoch", &epoch, e) || !backup_last(c->db, &backup, e))
        return false;
    exec_state(c->api->exec, &state);
    jw_object(&c->w);
    jw_kbool(&c->w, "ready", epoch.n > 0);
    jw_kint(&c->w, "waiting", state.writing);
    jw_ktime(&c->w, "last_commit", state.last_commit);
    jw_kint(&c->w, "calendar_until", calendar_last_year(c->api->core->calendar));
    jw_ktime(&c->w, "last_backup", backup.good_at);
    jw_kbool(&c->w, "backup_failed", backup.at != 0 && !backup.ok);
    jw_end_object(&c->w);
    return true;
}

bool metrics_show(struct call *c, struct error *e)
{
    struct exec_state s;
    struct str peer = c->r->peer;
    if (!str_starts(peer, STR("127.")) && !str_is(peer, "::1"))
        return error_set(e, ERROR_NOT_FOUND, NULL);
    exec_state(c->api->exec, &s);
    c->r->type = "text/plain; version=0.0.4; charset=utf-8";
    buf_addf(
        &c->r->reply,
        "# TYPE liuxiao_reads_total counter\nliuxiao_reads_total %lld\n# TYPE liuxiao_writes_total counter\nliuxiao_writes_total %lld\n"
        "# TYPE liuxiao_commits_total counter\nliuxiao_commits_total %lld\n# TYPE liuxiao_retries_total counter\nliuxiao_retries_total %lld\n"
        "# TYPE liuxiao_waiting gauge\nliuxiao_waiting{kind=\"read\"} %d\nliuxiao_waiting{kind=\"write\"} %d\n",
        (long long)s.reads, (long long)s.writes, (long long)s.groups, (long long)s.retried, s.reading,
        s.writing);
    return true;
}

/* --- for browsers without scripts: report and follow --- */

static const char *word(struct call *c, const char *key)
{
    return lang_word(c->r->lang, key);
}

static bool write_groups(struct call *c, struct error *e)
{
    struct str code;
    struct unit u;
    struct db_rows r;
    struct buf *b = &c->r->reply;

    if (!meta_get(c->db, c->scratch, "host", &code, e) || !unit_by_code(c->db, c->scratch, code, &u, e) ||
        !unit_children(c->db, &r, u.id, e))
        return false;
    buf_addf(b, "<p><label>%s<br><select name=\"unit\"><option value=\"", word(c, "field.unit"));
    add_escaped(b, u.code);
    buf_addz(b, "\">");
    add_escaped(b, u.name);
    buf_addz(b, "</option>");
    while (db_next(&r)) {
        buf_addz(b, "<option value=\"");
        add_escaped(b, db_text(&r, 0));
        buf_addz(b, "\">");
        add_escaped(b, db_text(&r, 1));
        buf_addz(b, "</option>");
    }
    buf_addz(b, "</select></label></p>\n");
    return db_end(&r, e);
}

static bool report_form(struct call *c, const char *problem, struct str text, struct error *e)
{
    struct buf *b = &c->r->reply;
    char key[ID_TEXT];
    struct str old = http_form(c->r, "key");
    struct id parsed;

    /* The same key when the form comes back, so that pressing twice reports once. */
    if (old.n > 0 && id_parse(old, &parsed))
        id_format(parsed, key);
    else
        id_format(id_new(), key);
    page_begin(c, word(c, "plain.report"));
    if (problem != NULL)
        buf_addf(b, "<p class=\"problem\" role=\"alert\">%s</p>\n", problem);
    buf_addf(b,
             "<form method=\"post\" action=\"/plain/report\"><input type=\"hidden\" name=\"key\" value=\"%s\">\n<p><label>%s<br>"
             "<textarea name=\"text\" rows=\"6\" required>",
             key, word(c, "plain.text"));
    add_escaped(b, text);
    buf_addz(b, "</textarea></label></p>\n");
    if (!write_groups(c, e))
        return false;
    buf_addf(b,
             "<p><label>%s<br><input name=\"phone\" inputmode=\"tel\" maxlength=\"20\"></label></p>\n<p><button>%s</button></p></form>\n"
             "<p><a href=\"/plain/follow\">%s</a></p>\n",
             word(c, "plain.phone"), word(c, "plain.send"), word(c, "plain.follow"));
    page_end(c);
    return true;
}

bool plain_report(struct call *c, struct error *e)
{
    return report_form(c, NULL, STR(""), e);
}

static void thank(struct call *c, const char *track, struct str number)
{
    struct buf *b = &c->r->reply;
    buf_clear(b);
    page_begin(c, word(c, "plain.thanks"));
    buf_addf(b, "<p>%s<br><strong>", word(c, "plain.number"));
    add_escaped(b, number);
    buf_addf(b, "</strong></p>\n<p>%s<br><strong class=\"code\">%s</strong></p>\n<p>%s</p>\n<p><a href=\"/plain/follow\">%s</a></p>\n",
             word(c, "plain.code"), track, word(c, "plain.keep"), word(c, "plain.follow"));
    page_end(c);
}

bool plain_report_send(struct call *c, struct error *e)
{
    struct str text = http_form(c->r, "text"), phone = http_form(c->r, "phone"),
               unit = http_form(c->r, "unit"), key = http_form(c->r, "key");
    struct answer answer;
    struct case_row row;
    struct id nothing = {{0}};
    char track[TRACK_TEXT];

    if (str_trim(text).n == 0)
        return report_form(c, word(c, "plain.empty"), text, e);
    (void)id_parse(key, &c->key);
    c->actor = (struct actor){.lang = c->r->lang, .peer = c->r->peer};
    json_t *fields = json_pack("{s:s%,s:s%}", "text", text.p, text.n, "unit", unit.p, unit.n);
    if (fields == NULL)
        return error_set(e, ERROR_WRONG_ENCODING, "text");
    if (str_trim(phone).n > 0)
        (void)json_object_set_new(fields, "contact_phone", json_stringn(phone.p, phone.n));
    bool ok = call_command(c, SUBJECT_CASE, STR("report"), nothing, fields, &answer, e) &&
              case_load_id(c->db, c->scratch, answer.subject, &row, e);
    json_decref(fields);
    if (!ok)
        return false;
    case_track(c->api->core, c->key, track);
    thank(c, track, row.number);
    return true;
}

static bool follow_form(struct call *c, const char *problem)
{
    struct buf *b = &c->r->reply;
    page_begin(c, word(c, "plain.follow"));
    if (problem != NULL)
        buf_addf(b, "<p class=\"problem\" role=\"alert\">%s</p>\n", problem);
    buf_addf(b,
             "<form method=\"post\" action=\"/plain/follow\"><p><label>%s<br><input name=\"code\" autocapitalize=\"characters\" required></label></p>"
             "<p><button>%s</button></p></form>\n<p><a href=\"/plain/report\">%s</a></p>\n",
             word(c, "plain.code"), word(c, "plain.look"), word(c, "plain.report"));
    page_end(c);
    return true;
}

bool plain_follow(struct call *c, struct error *e)
{
    (void)e;
    return follow_form(c, NULL);
}

static void write_line(struct buf *b, const char *tag, struct str text)
{
    if (text.n == 0)
        return;
    buf_addf(b, "<%s>", tag);
    add_escaped(b, text);
    buf_addf(b, "</%s>\n", tag);
}

static void write_steps(struct buf *b, const json_t *page)
{
    const json_t *step;
    size_t i;
    buf_addz(b, "<ol>\n");
    json_array_foreach(json_object_get(page, "steps"), i, step) {
        struct str at = json_text(step, "at");
        buf_addz(b, "<li>");
        add_escaped(b, str_range(at.p, at.n < 10 ? at.n : 10));
        buf_addz(b, " ");
        add_escaped(b, json_text(step, "label"));
        buf_addz(b, " ");
        add_escaped(b, json_text(step, "text"));
        buf_addz(b, "</li>\n");
    }
    buf_addz(b, "</ol>\n");
}

static void judge_form(struct call *c, struct str code)
{
    struct buf *b = &c->r->reply;
    static const char *const values[] = {"yes", "part", "no"};
    buf_addf(b, "<form method=\"post\" action=\"/plain/follow\"><input type=\"hidden\" name=\"code\" value=\"");
    add_escaped(b, code);
    buf_addf(b, "\"><fieldset><legend>%s</legend>", word(c, "plain.judge"));
    for (size_t i = 0; i < 3; i++)
        buf_addf(b, "<button name=\"judge\" value=\"%s\">%s</button> ", values[i],
                 word(c, arena_printf(c->scratch, "choice.resolved.%s", values[i])));
    buf_addz(b, "</fieldset></form>\n");
}

/* One tap judges both: solved is content, in part is fairly so, not solved is not. */
static bool judge_plain(struct call *c, struct str value, struct error *e)
{
    struct answer answer;
    struct case_row row;
    const char *satisfied = str_is(value, "yes") ? "yes" : str_is(value, "part") ? "ok" : "no";
    json_t *fields = json_pack("{s:s%,s:s}", "resolved", value.p, value.n, "satisfied", satisfied);
    bool ok = case_load_id(c->db, c->scratch, c->actor.case_id, &row, e) &&
              call_command(c, SUBJECT_CASE, STR("judge"), row.uuid, fields, &answer, e);
    json_decref(fields);
    return ok;
}

bool plain_follow_send(struct call *c, struct error *e)
{
    struct str code = http_form(c->r, "code"), judge = http_form(c->r, "judge");
    struct buf page = BUF_INIT(BUF_REPLY), *b = &c->r->reply;
    struct jw w = JW_INIT(&page);

    c->actor = (struct actor){.lang = c->r->lang, .peer = c->r->peer};
    if (!call_track(c, code, e)) {
        if (e->code != ERROR_NOT_FOUND)
            return false;
        return follow_form(c, word(c, "plain.no_such_code"));
    }
    if (judge.n > 0 && !judge_plain(c, judge, e))
        return false;
    bool ok = case_write_public(c->api->core, c->db, c->scratch, &w, &c->actor, e);
    json_t *seen = ok ? json_read(buf_str(&page), e) : NULL;
    buf_free(&page);
    if (seen == NULL)
        return false;
    page_begin(c, word(c, "plain.follow"));
    write_line(b, "h2", json_text(seen, "number"));
    write_line(b, "p", json_text(seen, "state_label"));
    write_line(b, "p", json_text(seen, "result"));
    write_steps(b, seen);
    if (str_is(json_text(seen, "state"), "settled") && json_is_null(json_object_get(seen, "judgement")))
        judge_form(c, code);
    page_end(c);
    json_decref(seen);
    return true;
}

/* ---- Is this paper one of ours? ------------------------------------------------------------------------- */

static void proof_row(struct call *c, const char *label, struct str value, bool as_code)
{
    struct buf *b = &c->r->reply;
    buf_addf(b, "<tr><th>%s</th><td>%s", word(c, label), as_code ? "<code>" : "");
    add_escaped(b, value);
    buf_addf(b, "%s</td></tr>\n", as_code ? "</code>" : "");
}

static struct str hex_of(struct call *c, const unsigned char hash[HASH_BYTES], bool grouped)
{
    struct buf b = BUF_INIT(BUF_LINE);
    for (size_t i = 0; i < HASH_BYTES && (!grouped || i < 8); i++)
        buf_addf(&b, "%s%02x", grouped && i > 0 && i % 2 == 0 ? " " : "", hash[i]);
    struct str s = arena_str(c->scratch, buf_str(&b));
    buf_free(&b);
    return s;
}

/* Whoever has the file itself compares its hash; whoever has paper in hand compares the fingerprint at its foot. */
bool plain_proof(struct call *c, struct error *e)
{
    struct buf *b = &c->r->reply;
    struct str typed = str_trim(call_query(c, "sha256"));
    unsigned char theirs[HASH_BYTES];
    struct proof p;
    char day[DATE_TEXT];

    if (!proof_find(c->db, c->scratch, c->capture[0], &p, e))
        return false;
    date_format(day_of(p.made_at), day);
    page_begin(c, word(c, "plain.proof.title"));
    buf_addf(b, "<p>%s</p>\n<table>\n", word(c, "plain.proof.means"));
    proof_row(c, "plain.proof.paper", str_of(word(c, "plain.proof.agreement")), false);
    proof_row(c, "plain.proof.by",
              str_of(arena_printf(c->scratch, "%.*s人民调解委员会", (int)p.unit.n, p.unit.p)), false);
    proof_row(c, "plain.proof.at", str_of(day), false);
    proof_row(c, "plain.proof.content", hex_of(c, p.content, true), true);
    proof_row(c, "plain.proof.document", hex_of(c, p.document, false), true);
    buf_addz(b, "</table>\n");
    if (!p.latest)
        buf_addf(b, "<p class=\"problem\">%s</p>\n", word(c, "plain.proof.older"));
    if (typed.n > 0) {
        bool fits = hex_read(typed, theirs, sizeof theirs) && memcmp(theirs, p.document, HASH_BYTES) == 0;
        buf_addf(b, "<p class=\"problem\" role=\"status\">%s</p>\n",
                 word(c, fits ? "plain.proof.same" : "plain.proof.differs"));
    }
    buf_addf(b, "<form method=\"get\"><p><label>%s<br><input name=\"sha256\" maxlength=\"64\" required></label></p><p><button>%s</button></p></form>\n",
             word(c, "plain.proof.ask"), word(c, "plain.proof.compare"));
    page_end(c);
    return true;
}
