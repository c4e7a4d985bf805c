/* The limit of creates on SQLite: a bare loop that inserts the rows and nothing else, with the settings of src/db/sqlite.c and so many creates in a
 * commit. Works on a copy of an installation whose newest cases came through the API: bench_sqlite_create DIR GROUP SECONDS. Prints JSON. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

struct target {
    sqlite3_stmt *insert;
    int columns;
    enum change change[COLUMNS_MAX];
    int source[COLUMNS_MAX]; /* column of the pattern's row */
};

struct pattern {
    int rows[TABLES];
    sqlite3_value *value[TABLES][ROWS_MAX][COLUMNS_MAX];
};

static struct {
    sqlite3 *db;
    struct target target[TABLES];
    struct pattern pattern[PATTERNS];
    struct spot spot[SPOTS_MAX];
    int patterns, spots;
    sqlite3_stmt *counter, *begin, *commit;
    uint64_t state;
    int64_t frames, last_frames, checkpoints;
    uint64_t number;
} g;

static void check(int ok, const char *what)
{
    if (ok)
        return;
    (void)fprintf(stderr, "sqlite_create: %s: %s\n", what, g.db != NULL ? sqlite3_errmsg(g.db) : "");
    exit(1);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *s;
    check(sqlite3_prepare_v3(g.db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) == SQLITE_OK, sql);
    return s;
}

/* As SQLite's own: the pages of this commit are in the log, and at 16 000 they go into the file. */
static int committed(void *context, sqlite3 *db, const char *name, int frames)
{
    (void)context;
    g.frames += frames >= g.last_frames ? frames - g.last_frames : frames;
    g.last_frames = frames;
    if (frames >= 16000) {
        g.checkpoints++;
        (void)sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    }
    return SQLITE_OK;
}

static void open_db(const char *folder)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/liuxiao.db", folder);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    check(sqlite3_open_v2(path, &g.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK, path);
    check(sqlite3_exec(
              g.db,
              "pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 134217728;"
              "pragma cache_size = -32768; pragma foreign_keys = on; pragma temp_store = memory; pragma trusted_schema = off;",
              NULL, NULL, NULL) == SQLITE_OK,
          "settings");
    (void)sqlite3_wal_hook(g.db, committed, NULL);
}

static void prepare_insert(enum table t, sqlite3_stmt *from)
{
    char sql[4096], marks[1024];
    struct target *to = &g.target[t];
    size_t n = (size_t)snprintf(sql, sizeof sql, "insert into %s(", table_defs[t].name), m = 0;

    for (int c = 0; c < sqlite3_column_count(from); c++) {
        const char *name = sqlite3_column_name(from, c);
        enum change change = change_of(t, name);
        if (change == SKIP)
            continue;
        n += (size_t)snprintf(sql + n, sizeof sql - n, "%s%s", to->columns > 0 ? ", " : "", name);
        m += (size_t)snprintf(marks + m, sizeof marks - m, "%s?", to->columns > 0 ? ", " : "");
        to->change[to->columns] = change;
        to->source[to->columns++] = c;
    }
    (void)snprintf(sql + n, sizeof sql - n, ") values(%s)", marks);
    to->insert = prepare(sql);
}

static void read_patterns(void)
{
    sqlite3_stmt *ids = prepare(SQL_PATTERNS);
    while (sqlite3_step(ids) == SQLITE_ROW && g.patterns < PATTERNS) {
        struct pattern *p = &g.pattern[g.patterns++];
        for (int t = 0; t < TABLES; t++) {
            char sql[512];
            (void)snprintf(sql, sizeof sql, "%s?1%s", table_defs[t].from, table_defs[t].tail);
            sqlite3_stmt *s = prepare(sql);
            check(sqlite3_bind_int64(s, 1, sqlite3_column_int64(ids, 0)) == SQLITE_OK, sql);
            if (g.target[t].insert == NULL)
                prepare_insert((enum table)t, s);
            while (sqlite3_step(s) == SQLITE_ROW && p->rows[t] < ROWS_MAX) {
                for (int c = 0; c < g.target[t].columns; c++)
                    p->value[t][p->rows[t]][c] =
                        sqlite3_value_dup(sqlite3_column_value(s, g.target[t].source[c]));
                p->rows[t]++;
            }
            (void)sqlite3_finalize(s);
        }
    }
    (void)sqlite3_finalize(ids);
    check(g.patterns > 0, "no new cases to take patterns from");
}

static void read_spots(void)
{
    sqlite3_stmt *s = prepare(SQL_SPOTS);
    while (sqlite3_step(s) == SQLITE_ROW && g.spots < SPOTS_MAX)
        spot_set(&g.spot[g.spots++], sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
                 sqlite3_column_int64(s, 2), (const char *)sqlite3_column_text(s, 3));
    (void)sqlite3_finalize(s);
    check(g.spots > 0, "no groups");
}

static void step(sqlite3_stmt *s)
{
    int r = sqlite3_step(s);
    check(r == SQLITE_DONE || r == SQLITE_ROW, sqlite3_sql(s));
    (void)sqlite3_reset(s);
}

/* What the rows of one create have in common. */
struct making {
    const struct spot *spot;
    int64_t case_id, person[ROWS_MAX];
    int persons; /* at times fewer than links: one person in two roles */
    char number[NUMBER_TEXT + 24];
};

static void bind(sqlite3_stmt *s, int at, enum change change, const sqlite3_value *value,
                 const struct making *m, int row, bool unit_holds)
{
    unsigned char bytes[32];
    if (change == KEEP ||
        (sqlite3_value_type((sqlite3_value *)(uintptr_t)value) == SQLITE_NULL && change == FRESH_HASH) ||
        (change == OF_HOLDER && !unit_holds)) {
        (void)sqlite3_bind_value(s, at, value);
        return;
    }
    switch (change) {
    case FRESH_ID:
        rows_id(&g.state, bytes);
        (void)sqlite3_bind_blob(s, at, bytes, 16, SQLITE_TRANSIENT);
        break;
    case FRESH_HASH:
        rows_hash(&g.state, bytes);
        (void)sqlite3_bind_blob(s, at, bytes, 32, SQLITE_TRANSIENT);
        break;
    case OF_CASE:
        (void)sqlite3_bind_int64(s, at, m->case_id);
        break;
    case OF_PERSON:
        (void)sqlite3_bind_int64(s, at, m->person[row < m->persons ? row : m->persons - 1]);
        break;
    case OF_UNIT:
        (void)sqlite3_bind_int64(s, at, m->spot->unit);
        break;
    case OF_HOLDER:
    case OF_SCOPE:
        (void)sqlite3_bind_int64(s, at, m->spot->scope);
        break;
    case OF_NUMBER:
        (void)sqlite3_bind_text(s, at, m->number, -1, SQLITE_STATIC);
        break;
    case KEEP:
    case SKIP:
        break;
    }
}

static void insert_rows(enum table t, const struct pattern *p, struct making *m)
{
    struct target *to = &g.target[t];
    for (int row = 0; row < p->rows[t]; row++) {
        bool unit_holds = t == T_DESK && sqlite3_value_int64(p->value[t][row][0]) == 1;
        for (int c = 0; c < to->columns; c++)
            bind(to->insert, c + 1, to->change[c], p->value[t][row][c], m, row, unit_holds);
        step(to->insert);
        if (t == T_CASE)
            m->case_id = sqlite3_last_insert_rowid(g.db);
        if (t == T_PERSON)
            m->person[m->persons++] = sqlite3_last_insert_rowid(g.db);
    }
}

static void create(void)
{
    const struct pattern *p = &g.pattern[rows_draw(&g.state) % (unsigned)g.patterns];
    struct making m = {.spot = &g.spot[rows_draw(&g.state) % (unsigned)g.spots]};

    (void)sqlite3_bind_int64(g.counter, 1, m.spot->committee);
    step(g.counter);
    (void)snprintf(m.number, sizeof m.number, "%s%llu", m.spot->prefix, (unsigned long long)g.number++);
    for (int t = 0; t < TABLES; t++)
        insert_rows((enum table)t, p, &m);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    int group = (int)strtol(argv[2], NULL, 10);
    double seconds = strtod(argv[3], NULL);
    g.state = rows_seed();
    g.number = rows_draw(&g.state) % 1000000 * 1000000; /* a run must not meet the numbers of the one before */
    open_db(argv[1]);
    read_patterns();
    read_spots();
    g.counter = prepare(SQL_COUNTER("?1", "'bench'"));
    g.begin = prepare("begin immediate");
    g.commit = prepare("commit");

    int64_t done = 0;
    double warm = seconds_now() + 0.5, began = 0, cpu = 0;
    for (;;) {
        double now = seconds_now();
        if (began == 0 && now >= warm) {
            began = now;
            cpu = cpu_now();
            done = g.frames = g.checkpoints = 0;
        }
        if (began > 0 && now - began >= seconds)
            break;
        step(g.begin);
        for (int i = 0; i < group; i++)
            create();
        step(g.commit);
        done += group;
    }
    double took = seconds_now() - began;
    int rows = 0;
    for (int i = 0; i < g.patterns; i++)
        for (int t = 0; t < TABLES; t++)
            rows += g.pattern[i].rows[t];
    (void)printf(
        "{\"group\": %d, \"creates\": %lld, \"per_second\": %.1f, \"pages\": %.2f, \"cpu_us\": %.1f, \"rows\": %.2f, \"checkpoints\": %lld}\n",
        group, (long long)done, (double)done / took, (double)g.frames / (double)done,
        (cpu_now() - cpu) * 1e6 / (double)done, 1 + (double)rows / g.patterns, (long long)g.checkpoints);
    (void)sqlite3_close(g.db);
    return 0;
}
