#include "base/error.h"

#include <ctype.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct {
    const char *upper;
    int status;
} rows[ERROR_COUNT] = {
#define X(name, status) [ERROR_##name] = {#name, status},
    ERROR_CODES(X)
#undef X
};
/* clang-format on */

static char names[ERROR_COUNT][32];
static pthread_once_t names_made = PTHREAD_ONCE_INIT;

static void make_names(void)
{
    for (int code = 0; code < ERROR_COUNT; code++)
        for (size_t i = 0; rows[code].upper[i] != '\0' && i + 1 < sizeof names[code]; i++)
            names[code][i] = (char)tolower((unsigned char)rows[code].upper[i]);
}

const char *error_name(enum error_code code)
{
    (void)pthread_once(&names_made, make_names);
    return names[code];
}

int error_status(enum error_code code)
{
    return rows[code].status;
}

void error_clear(struct error *e)
{
    if (e != NULL)
        *e = (struct error){.code = ERROR_NONE};
}

bool(error_set)(struct error *e, enum error_code code, const char *field)
{
    if (e == NULL)
        return false;
    error_clear(e);
    e->code = code;
    if (field != NULL)
        (void)snprintf(e->field, sizeof e->field, "%s", field);
    return false;
}

bool(error_setf)(struct error *e, enum error_code code, const char *field, const char *detail, ...)
{
    va_list args;

    if (e == NULL)
        return false;
    (void)error_set(e, code, field);
    va_start(args, detail);
    (void)vsnprintf(e->detail, sizeof e->detail, detail, args);
    va_end(args);
    return false;
}

bool(error_cause)(struct error *e, enum error_code code, const char *cause, ...)
{
    va_list args;

    if (e == NULL)
        return false;
    (void)error_set(e, code, NULL);
    va_start(args, cause);
    (void)vsnprintf(e->cause, sizeof e->cause, cause, args);
    va_end(args);
    return false;
}

bool(error_within)(struct error *e, const char *prefix)
{
    char inner[ERROR_FIELD_MAX];

    if (e == NULL)
        return false;
    memcpy(inner, e->field, sizeof inner);
    size_t n = strlen(prefix);
    size_t room = sizeof e->field - 1;
    if (n > room)
        n = room;
    memcpy(e->field, prefix, n);
    if (inner[0] != '\0' && n < room)
        e->field[n++] = '.';
    /* a path too deep is cut; the code still says what is wrong */
    size_t left = strlen(inner) < room - n ? strlen(inner) : room - n;
    memcpy(e->field + n, inner, left);
    e->field[n + left] = '\0';
    return false;
}
