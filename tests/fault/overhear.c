/* A preloaded shim that writes down every statement the program prepares: LD_PRELOAD=overhear.so and
 *   OVERHEAR_TO   the file to which it adds records: the types of the parameters, a tab, the text as the engine got it, a zero byte
 * So a statement written tomorrow is heard without anybody listing it. */
#include <dlfcn.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int to = -1;

static void open_record(void)
{
    const char *path = getenv("OVERHEAR_TO");
    if (path != NULL)
        to = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* One write a record, so that those of several threads and processes don't mix. */
static void note(const char *sql, int n, const Oid *types)
{
    size_t most = strlen(sql) + (size_t)n * 12 + 2, at = 0;
    char *record = malloc(most);

    (void)pthread_once(&once, open_record);
    if (to < 0 || record == NULL) {
        free(record);
        return;
    }
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(record + at, most - at, "%s%u", i > 0 ? "," : "", types != NULL ? types[i] : 0);
    at += (size_t)snprintf(record + at, most - at, "\t%s", sql) + 1;
    if (write(to, record, at) != (ssize_t)at)
        abort(); /* a statement that was not noted would not be looked at */
    free(record);
}

/* ISO C has no cast from a pointer to data to one to a function. */
static void find(const char *name, void *ret)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL)
        abort();
    memcpy(ret, &found, sizeof found);
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the headers' names say less */
int sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n, unsigned flags, sqlite3_stmt **ret, const char **tail)
{
    int (*real)(sqlite3 *, const char *, int, unsigned, sqlite3_stmt **, const char **);

    find("sqlite3_prepare_v3", &real);
    note(sql, 0, NULL);
    return real(db, sql, n, flags, ret, tail);
}

PGresult *PQprepare(PGconn *c, const char *name, const char *sql, int n, const Oid *types)
{
    PGresult *(*real)(PGconn *, const char *, const char *, int, const Oid *);

    find("PQprepare", &real);
    note(sql, n, types);
    return real(c, name, sql, n, types);
}

PGresult *PQexecParams(PGconn *c, const char *sql, int n, const Oid *types, const char *const *values,
                       const int *lengths, const int *formats, int format)
{
    PGresult *(*real)(PGconn *, const char *, int, const Oid *, const char *const *, const int *, const int *,
                      int);

    find("PQexecParams", &real);
    note(sql, n, types);
    return real(c, sql, n, types, values, lengths, formats, format);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
