/* The limit of reads on SQLite: the statements of GET /cases/{id} (token, posts, the case, its people, clocks, timeline …) in a bare loop. First the
 * program's own functions show some hundred cases while the connection writes down what is asked; then bare connections ask the same again, as many at
 * once as the server has readers: bench_replay --data DIR --cases FILE --seconds S --readers N. FILE has a token and a case's id a line. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/time.h"
#include "core/account.h"
#include "core/case_read.h"
#include "cli/cli.h"
#include "rows.h"

const struct subcommand subcommands[] = {
    {"replay", "replay --data DIR --cases FILE", "the statements of a read in a bare loop", NULL, false}, {0}};

enum { STATEMENTS = 128, ASKS_MAX = 200000, ARGS_MAX = 128, CASES_MAX = 5000 };

struct ask {
    int statement, args;
    struct db_arg *arg;
};

static struct {
    char *sql[STATEMENTS];
    int statements;
    struct ask *asks;
    int ask_count;
    int first[CASES_MAX + 1]; /* of each case */
    int cases;
    bool writing_down;
    const char *folder;
    double began, until;
    _Atomic int64_t done, steps;
} g;

/* ---- Written down ------------------------------------------------------------------------------------- */

static int statement_of(const char *sql)
{
    for (int i = 0; i < g.statements; i++)
        if (strcmp(g.sql[i], sql) == 0)
            return i;
    if (g.statements == STATEMENTS)
        abort();
    g.sql[g.statements] = strdup(sql);
    return g.statements++;
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* One literal as sqlite3_expanded_sql writes them; returns what lies behind it. */
static const char *read_literal(const char *p, struct db_arg *ret)
{
    if (strncmp(p, "NULL", 4) == 0) {
        *ret = (struct db_arg){.null = true};
        return p + 4;
    }
    if (*p == '\'' || ((*p == 'x' || *p == 'X') && p[1] == '\'')) {
        bool blob = *p != '\'';
        char *out = malloc(strlen(p) + 1);
        size_t n = 0;
        if (out == NULL)
            abort();
        for (p += blob ? 2 : 1; *p != '\0' && (*p != '\'' || p[1] == '\''); p++) {
            if (blob) {
                out[n++] = (char)(hex(*p) * 16 + hex(p[1]));
                p++;
            } else {
                out[n++] = *p;
                p += *p == '\'';
            }
        }
        *ret = blob ? BLOB(str_range(out, n)) : TEXT(str_range(out, n));
        return p + 1;
    }
    char *end;
    *ret = INT(strtoll(p, &end, 10));
    return end;
}

static int most_arg(const char *sql)
{
    int most = 0;
    for (const char *p = strchr(sql, '?'); p != NULL; p = strchr(p + 1, '?')) {
        long n = strtol(p + 1, NULL, 10);
        if (n < 1 || n > ARGS_MAX)
            abort();
        most = n > most ? (int)n : most;
    }
    return most;
}

/* The values stand in the expanded text where ?N stands in the other. */
static void read_args(const char *sql, const char *expanded, struct ask *a)
{
    a->args = most_arg(sql);
    a->arg = calloc((size_t)a->args + 1, sizeof *a->arg);
    if (a->arg == NULL)
        abort();
    while (*sql != '\0') {
        if (*sql != '?') {
            sql++;
            expanded++;
            continue;
        }
        char *end;
        long n = strtol(sql + 1, &end, 10);
        expanded = read_literal(expanded, &a->arg[n - 1]);
        sql = end;
    }
}

static int trace(unsigned what, void *context, void *statement, void *text)
{
    (void)what, (void)context;
    const char *sql = sqlite3_sql(statement);
    if (!g.writing_down || sql == NULL || ((const char *)text)[0] == '-' || g.ask_count == ASKS_MAX)
        return 0;
    char *expanded = sqlite3_expanded_sql(statement);
    struct ask *a = &g.asks[g.ask_count++];
    a->statement = statement_of(sql);
    read_args(sql, expanded, a);
    sqlite3_free(expanded);
    return 0;
}

/* Called for each connection that is opened. */
static int watch(sqlite3 *db, char **message, const struct sqlite3_api_routines *api)
{
    (void)message, (void)api;
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, trace, NULL);
}

static bool show(struct site *s, struct arena *a, const char *token, const char *line, size_t *bytes,
                 struct error *e)
{
    struct actor actor = {0};
    struct id id;
    struct buf page = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&page);
    arena_reset(a);
    bool ok = id_parse(str_of(line), &id) && token_actor(s->core, s->db, a, str_of(token), &actor, e) &&
              case_write_page(s->core, s->db, a, &w, &actor, id, NULL, e);
    *bytes += page.n;
    buf_free(&page);
    return ok;
}

static bool write_down(const struct config *config, const char *path, size_t *bytes, struct error *e)
{
    struct site s;
    char line[256];
    FILE *f = fopen(path, "r");
    struct arena *a = arena_open();
    bool ok = f != NULL && site_open(&s, config, e);
    while (ok && g.cases < CASES_MAX && fgets(line, sizeof line, f) != NULL) {
        char *space = strchr(line, ' ');
        if (space == NULL)
            break;
        *space = space[1 + strcspn(space + 1, "\n")] = '\0';
        g.first[g.cases] = g.ask_count;
        g.writing_down = true;
        ok = show(&s, a, line, space + 1, bytes, e);
        g.writing_down = false;
        g.cases++;
    }
    g.first[g.cases] = g.ask_count;
    if (f != NULL)
        (void)fclose(f);
    arena_close(a);
    if (ok)
        site_close(&s);
    return ok && g.cases > 0;
}

/* ---- Asked again -------------------------------------------------------------------------------------- */

static void bind(sqlite3_stmt *s, const struct ask *a)
{
    for (int i = 0; i < a->args; i++) {
        const struct db_arg *v = &a->arg[i];
        if (v->null)
            (void)sqlite3_bind_null(s, i + 1);
        else if (v->type == DB_T_INT)
            (void)sqlite3_bind_int64(s, i + 1, v->i);
        else if (v->type == DB_T_TEXT)
            (void)sqlite3_bind_text64(s, i + 1, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
        else
            (void)sqlite3_bind_blob64(s, i + 1, v->s.p, v->s.n, SQLITE_STATIC);
    }
}

static uint64_t look(sqlite3_stmt *s)
{
    uint64_t sum = 0;
    for (int c = 0, n = sqlite3_data_count(s); c < n; c++)
        sum += sqlite3_column_type(s, c) == SQLITE_INTEGER ? (uint64_t)sqlite3_column_int64(s, c)
                                                           : (uint64_t)sqlite3_column_bytes(s, c);
    return sum;
}

static sqlite3 *open_bare(void)
{
    char path[4096];
    sqlite3 *db;
    (void)snprintf(path, sizeof path, "%s/liuxiao.db", g.folder);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_exec(db, "pragma query_only = on; pragma cache_size = -8192; pragma temp_store = memory; pragma trusted_schema = off;",
                     NULL, NULL, NULL) != SQLITE_OK)
        abort();
    (void)sqlite3_snprintf(sizeof path, path, "attach '%q/derived.db' as derived", g.folder);
    (void)sqlite3_exec(db, path, NULL, NULL, NULL);
    return db;
}

static void once(sqlite3_stmt *s)
{
    if (sqlite3_step(s) != SQLITE_DONE)
        abort();
    (void)sqlite3_reset(s);
}

static void *reader(void *context)
{
    sqlite3 *db = open_bare();
    sqlite3_stmt *prepared[STATEMENTS] = {NULL}, *begin = NULL, *commit = NULL;
    uint64_t state = rows_seed() ^ (uintptr_t)context;
    volatile uint64_t sum = 0;

    if (sqlite3_prepare_v2(db, "begin", -1, &begin, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "commit", -1, &commit, NULL) != SQLITE_OK)
        abort();
    for (int i = 0; i < g.statements; i++)
        if (sqlite3_prepare_v3(db, g.sql[i], -1, SQLITE_PREPARE_PERSISTENT, &prepared[i], NULL) != SQLITE_OK)
            abort();
    while (seconds_now() < g.until) {
        double now = seconds_now();
        int which = (int)(rows_draw(&state) % (unsigned)g.cases);
        once(begin); /* a page is one transaction, as the server's readers make it */
        for (int i = g.first[which]; i < g.first[which + 1]; i++) {
            sqlite3_stmt *s = prepared[g.asks[i].statement];
            bind(s, &g.asks[i]);
            while (sqlite3_step(s) == SQLITE_ROW)
                sum += look(s);
            (void)sqlite3_reset(s);
        }
        once(commit);
        if (now >= g.began)
            g.done++;
    }
    for (int i = 0; i < g.statements; i++)
        (void)sqlite3_finalize(prepared[i]);
    (void)sqlite3_finalize(begin);
    (void)sqlite3_finalize(commit);
    (void)sqlite3_close(db);
    return NULL;
}

int main(int argc, char **argv)
{
    struct flag flags[] = {{.name = "cases", .meaning = "file of tokens and ids"},
                           {.name = "seconds", .meaning = "how long"},
                           {0}};
    const char *rest[1];
    struct config config;
    struct error e = {0};
    bool help;
    size_t bytes = 0;
    pthread_t threads[64];

    if (!crypto_start(&e) || !config_load(&config, &argc, argv, &e))
        return cli_fail(&e);
    if (!cli_flags("replay", argc, argv, flags, rest, 0, &help) || help || flags[0].value == NULL)
        return EXIT_USAGE;
    log_set(LOG_WARN);
    g.folder = config.data;
    g.asks = calloc(ASKS_MAX, sizeof *g.asks);
    (void)sqlite3_auto_extension((void (*)(void))watch);
    if (g.asks == NULL || !write_down(&config, flags[0].value, &bytes, &e))
        return cli_fail(&e);
    (void)sqlite3_cancel_auto_extension((void (*)(void))watch);
    double seconds = flags[1].value != NULL ? strtod(flags[1].value, NULL) : 5;
    int n = config.readers < 64 ? (int)config.readers : 64;
    g.began = seconds_now() + 0.5;
    g.until = g.began + seconds;
    for (int i = 0; i < n; i++)
        if (pthread_create(&threads[i], NULL, reader, (void *)(uintptr_t)(i + 1)) != 0)
            return 1;
    for (int i = 0; i < n; i++)
        (void)pthread_join(threads[i], NULL);
    (void)printf(
        "{\"readers\": %d, \"reads\": %lld, \"per_second\": %.1f, \"statements\": %.1f, \"bytes\": %.0f}\n", n,
        (long long)g.done, (double)g.done / seconds, (double)g.ask_count / g.cases, (double)bytes / g.cases);
    return 0;
}
