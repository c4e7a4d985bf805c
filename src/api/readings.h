/* Readings that are written down before the answer leaves (L5: children, illness). Lines gather while the batch before them is on its way to the disk, so
 * many readers share one commit; nobody waits longer than one commit and their own. */
#ifndef API_READINGS_H
#define API_READINGS_H

#include "db/exec.h"
#include "core/access.h"

enum { READING_LINES = 24 };

/* One answer's lines. Lies in the call; belongs to readings from readings_add until `done`. */
struct reading {
    int64_t account, post;
    const char *what; /* the route's name */
    struct {
        enum subject_kind kind;
        int64_t subject;
    } lines[READING_LINES];
    size_t n;
    /* On the executor's thread, once all lines are on the disk; `e` when they are not, and then the answer must not leave. */
    void (*done)(void *context, const struct error *e);
    void *context;
    struct reading *next;
};

struct readings;

struct readings *readings_open(struct core *core, struct exec *exec);
void readings_close(struct readings *r);
void readings_add(struct readings *r, struct reading *reading);

#endif
