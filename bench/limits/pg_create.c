/* The limit of creates on PostgreSQL: plain transactions over libpq, one a create, on so many connections, that insert the rows and nothing else.
 * Works on a copy of an installation whose newest cases came through the API: bench_pg_create URI CONNECTIONS SECONDS. Prints JSON. */
#include <endian.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

struct target {
    char sql[4096];
    int columns;
    enum change change[COLUMNS_MAX];
    int source[COLUMNS_MAX];
};

struct value {
    char *p; /* as the server sent it, in binary; null: NULL */
    int n;
};

struct pattern {
    int rows[TABLES];
    struct value value[TABLES][ROWS_MAX][COLUMNS_MAX];
};

static struct {
    const char *uri;
    struct target target[TABLES];
    struct pattern pattern[PATTERNS];
    struct spot spot[SPOTS_MAX];
    int patterns, spots, binary[COLUMNS_MAX]; /* all 1 */
    double began, until;
    _Atomic uint64_t number;
    _Atomic int64_t done;
} g;

static PGconn *connect_there(void)
{
    PGconn *c = PQconnectdb(g.uri);
    if (PQstatus(c) == CONNECTION_OK)
        return c;
    (void)fprintf(stderr, "pg_create: %s\n", PQerrorMessage(c));
    exit(1);
}

static PGresult *checked(PGconn *c, PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    if (s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK)
        return r;
    (void)fprintf(stderr, "pg_create: %s\n", PQerrorMessage(c));
    exit(1);
}

static void prepare_insert(enum table t, const PGresult *r)
{
    struct target *to = &g.target[t];
    char marks[1024];
    size_t n = (size_t)snprintf(to->sql, sizeof to->sql, "insert into %s(", table_defs[t].name), m = 0;
    for (int c = 0; c < PQnfields(r); c++) {
        enum change change = change_of(t, PQfname(r, c));
        if (change == SKIP)
            continue;
        n += (size_t)snprintf(to->sql + n, sizeof to->sql - n, "%s%s", to->columns > 0 ? ", " : "",
                              PQfname(r, c));
        m += (size_t)snprintf(marks + m, sizeof marks - m, "%s$%d", to->columns > 0 ? ", " : "", to->columns + 1);
        to->change[to->columns] = change;
        to->source[to->columns++] = c;
    }
    (void)snprintf(to->sql + n, sizeof to->sql - n, ") values(%s)%s%s", marks,
                   table_defs[t].key != NULL ? " returning " : "",
                   table_defs[t].key != NULL ? table_defs[t].key : "");
}

static void keep(struct value *v, const PGresult *r, int row, int column)
{
    if (PQgetisnull(r, row, column))
        return;
    v->n = PQgetlength(r, row, column);
    v->p = malloc((size_t)v->n + 1);
    if (v->p == NULL)
        abort();
    memcpy(v->p, PQgetvalue(r, row, column), (size_t)v->n);
}

static void read_patterns(PGconn *c)
{
    PGresult *ids = checked(c, PQexec(c, SQL_PATTERNS));
    for (int i = 0; i < PQntuples(ids) && i < PATTERNS; i++) {
        struct pattern *p = &g.pattern[g.patterns++];
        for (int t = 0; t < TABLES; t++) {
            char sql[512];
            (void)snprintf(sql, sizeof sql, "%s%s%s", table_defs[t].from, PQgetvalue(ids, i, 0),
                           table_defs[t].tail);
            PGresult *r = checked(c, PQexecParams(c, sql, 0, NULL, NULL, NULL, NULL, 1));
            if (g.target[t].columns == 0)
                prepare_insert((enum table)t, r);
            for (int row = 0; row < PQntuples(r) && row < ROWS_MAX; row++, p->rows[t]++)
                for (int n = 0; n < g.target[t].columns; n++)
                    keep(&p->value[t][row][n], r, row, g.target[t].source[n]);
            PQclear(r);
        }
    }
    PQclear(ids);
    if (g.patterns > 0)
        return;
    (void)fputs("pg_create: no new cases to take patterns from\n", stderr);
    exit(1);
}

static void read_spots(PGconn *c)
{
    PGresult *r = checked(c, PQexec(c, SQL_SPOTS));
    for (int i = 0; i < PQntuples(r) && g.spots < SPOTS_MAX; i++)
        spot_set(&g.spot[g.spots++], strtoll(PQgetvalue(r, i, 0), NULL, 10),
                 strtoll(PQgetvalue(r, i, 1), NULL, 10), strtoll(PQgetvalue(r, i, 2), NULL, 10),
                 PQgetisnull(r, i, 3) ? NULL : PQgetvalue(r, i, 3));
    PQclear(r);
}

struct making {
    PGconn *c;
    uint64_t state;
    const struct spot *spot;
    int64_t case_id, person[ROWS_MAX];
    int persons; /* at times fewer than links: one person in two roles */
    char number[NUMBER_TEXT + 24];
};

static void number_value(struct value *v, int64_t n, char *room)
{
    uint64_t big = htobe64((uint64_t)n);
    memcpy(room, &big, sizeof big);
    *v = (struct value){room, 8};
}

/* `room` has place for what is made here. */
static struct value value_of(struct making *m, enum change change, const struct value *pattern, int row,
                             bool unit_holds, char room[32])
{
    struct value v = *pattern;
    switch (change) {
    case FRESH_ID:
        rows_id(&m->state, (unsigned char *)room);
        v = (struct value){room, 16};
        break;
    case FRESH_HASH:
        rows_hash(&m->state, (unsigned char *)room);
        if (pattern->p != NULL)
            v = (struct value){room, 32};
        break;
    case OF_CASE:
        number_value(&v, m->case_id, room);
        break;
    case OF_PERSON:
        number_value(&v, m->person[row < m->persons ? row : m->persons - 1], room);
        break;
    case OF_UNIT:
        number_value(&v, m->spot->unit, room);
        break;
    case OF_SCOPE:
        number_value(&v, m->spot->scope, room);
        break;
    case OF_HOLDER:
        if (unit_holds)
            number_value(&v, m->spot->scope, room);
        break;
    case OF_NUMBER:
        v = (struct value){m->number, (int)strlen(m->number)};
        break;
    case KEEP:
    case SKIP:
        break;
    }
    return v;
}

static int64_t read_number(const PGresult *r)
{
    uint64_t big = 0;
    if (PQntuples(r) == 1 && PQgetlength(r, 0, 0) == 8)
        memcpy(&big, PQgetvalue(r, 0, 0), sizeof big);
    return (int64_t)be64toh(big);
}

static bool unit_is_holder(enum table t, const struct value *first)
{
    return t == T_DESK && first->n == 8 && first->p[7] == 1;
}

static void insert_rows(struct making *m, enum table t, const struct pattern *p)
{
    const struct target *to = &g.target[t];
    for (int row = 0; row < p->rows[t]; row++) {
        char room[COLUMNS_MAX][32];
        const char *values[COLUMNS_MAX];
        int lengths[COLUMNS_MAX];
        for (int c = 0; c < to->columns; c++) {
            struct value v = value_of(m, to->change[c], &p->value[t][row][c], row,
                                      unit_is_holder(t, &p->value[t][row][0]), room[c]);
            values[c] = v.p;
            lengths[c] = v.n;
        }
        PGresult *r =
            checked(m->c, PQexecPrepared(m->c, table_defs[t].name, to->columns, values, lengths, g.binary, 1));
        if (t == T_CASE)
            m->case_id = read_number(r);
        if (t == T_PERSON)
            m->person[m->persons++] = read_number(r);
        PQclear(r);
    }
}

static void create(struct making *m)
{
    const struct pattern *p = &g.pattern[rows_draw(&m->state) % (unsigned)g.patterns];
    char room[8];
    struct value committee;

    m->persons = 0;
    m->spot = &g.spot[rows_draw(&m->state) % (unsigned)g.spots];
    (void)snprintf(m->number, sizeof m->number, "%s%llu", m->spot->prefix,
                   (unsigned long long)atomic_fetch_add(&g.number, 1));
    number_value(&committee, m->spot->committee, room);
    PQclear(checked(m->c, PQexecPrepared(m->c, "begin", 0, NULL, NULL, NULL, 1)));
    const char *values = committee.p;
    /* The counter's row is locked to the end: last would be kinder, but the number stands in the case. */
    PQclear(checked(m->c, PQexecPrepared(m->c, "counter", 1, &values, &committee.n, g.binary, 1)));
    for (int t = 0; t < TABLES; t++)
        insert_rows(m, (enum table)t, p);
    PQclear(checked(m->c, PQexecPrepared(m->c, "commit", 0, NULL, NULL, NULL, 1)));
}

static void *work(void *context)
{
    struct making m = {.c = connect_there(), .state = rows_seed()};
    (void)context;
    PQclear(checked(m.c, PQprepare(m.c, "begin", "begin", 0, NULL)));
    PQclear(checked(m.c, PQprepare(m.c, "commit", "commit", 0, NULL)));
    PQclear(checked(m.c, PQprepare(m.c, "counter", SQL_COUNTER("$1", "'bench'"), 0, NULL)));
    for (int t = 0; t < TABLES; t++)
        if (g.target[t].columns > 0)
            PQclear(checked(m.c, PQprepare(m.c, table_defs[t].name, g.target[t].sql, 0, NULL)));
    while (seconds_now() < g.until) {
        double now = seconds_now();
        create(&m);
        if (now >= g.began)
            g.done++;
    }
    PQfinish(m.c);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[256];
    if (argc != 4)
        return 2;
    int n = (int)strtol(argv[2], NULL, 10);
    double seconds = strtod(argv[3], NULL);
    g.uri = argv[1];
    for (int i = 0; i < COLUMNS_MAX; i++)
        g.binary[i] = 1;
    uint64_t seed = rows_seed();
    g.number = rows_draw(&seed) % 1000000 * 1000000;
    PGconn *c = connect_there();
    read_patterns(c);
    read_spots(c);
    PQfinish(c);
    g.began = seconds_now() + 0.5;
    g.until = g.began + seconds;
    double cpu = cpu_now();
    for (int i = 0; i < n && i < 256; i++)
        if (pthread_create(&threads[i], NULL, work, NULL) != 0)
            return 1;
    for (int i = 0; i < n && i < 256; i++)
        (void)pthread_join(threads[i], NULL);
    (void)printf("{\"connections\": %d, \"creates\": %lld, \"per_second\": %.1f, \"own_cpu_us\": %.1f}\n", n,
                 (long long)g.done, (double)g.done / seconds,
                 (cpu_now() - cpu) * 1e6 / (double)(g.done > 0 ? g.done : 1));
    return 0;
}
