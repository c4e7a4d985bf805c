/* One line an event on stderr: time, level, event, then key=value pairs. Never personal data: callers log
 * ids and codes. Control characters become spaces; a value that may hold spaces is quoted by the caller
 * (path="%s"). The time is the machine's. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/error.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set(enum log_level least);
void log_event(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The code, field and cause of an error, once. */
void log_problem(enum log_level level, const char *event, const struct error *e);

#endif
