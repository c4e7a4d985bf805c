#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

/* Not over PIPE_BUF, so that lines of several threads or nodes never mix in one pipe. */
enum { LOG_LINE = 4096 };

struct line {
    char p[LOG_LINE];
    size_t n; /* leaves room for the newline */
};

static atomic_int least_logged = LOG_INFO;

void log_set(enum log_level least)
{
    atomic_store_explicit(&least_logged, (int)least, memory_order_relaxed);
}

static bool wanted(enum log_level level)
{
    return (int)level <= atomic_load_explicit(&least_logged, memory_order_relaxed);
}

static void add(struct line *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void addv(struct line *l, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

static void addv(struct line *l, const char *format, va_list args)
{
    size_t room = sizeof l->p - 1 - l->n;
    int n = vsnprintf(l->p + l->n, room, format, args);

    if (n > 0)
        l->n += (size_t)n < room ? (size_t)n : room - 1;
}

static void add(struct line *l, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    addv(l, format, args);
    va_end(args);
}

/* A value in quotes when it needs them (logfmt). */
static void add_value(struct line *l, const char *key, const char *value)
{
    if (value[0] == '\0')
        return;
    if (strpbrk(value, " \"=\\\t\r\n") == NULL) {
        add(l, " %s=%s", key, value);
        return;
    }
    add(l, " %s=\"", key);
    for (const char *c = value; *c != '\0'; c++)
        add(l, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    add(l, "\"");
}

static void begin(struct line *l, enum log_level level, const char *event)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    char now[TIME_TEXT];

    l->n = 0;
    time_format(time_real(), now);
    add(l, "time=%s level=%s event=%s", now, names[level], event);
}

static void end(struct line *l)
{
    int saved = errno;

    for (size_t i = 0; i < l->n; i++)
        if ((unsigned char)l->p[i] < 0x20 || l->p[i] == 0x7f)
            l->p[i] = ' ';
    l->p[l->n] = '\n';
    ssize_t written = write(STDERR_FILENO, l->p, l->n + 1);
    (void)written; /* nowhere to tell it */
    errno = saved;
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
    struct line l;
    va_list args;

    if (!wanted(level))
        return;
    begin(&l, level, event);
    if (format != NULL && format[0] != '\0') {
        add(&l, " ");
        va_start(args, format);
        addv(&l, format, args);
        va_end(args);
    }
    end(&l);
}

void log_problem(enum log_level level, const char *event, const struct error *e)
{
    struct line l;

    if (!wanted(level))
        return;
    begin(&l, level, event);
    add_value(&l, "code", error_name(e->code));
    add_value(&l, "field", e->field);
    add_value(&l, "cause", e->cause);
    end(&l);
}
