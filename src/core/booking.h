/* Rooms and mediators, by quarters of an hour. The key of the table lets nobody have the same quarter twice, whoever asks at the same moment. */
#ifndef CORE_BOOKING_H
#define CORE_BOOKING_H

#include "core/command.h"

enum booking_kind { BOOKING_ROOM = 1, BOOKING_PERSON };

/* Takes [from, to), quarters begun counting whole. TAKEN with who and until when in the detail; `field` is the one to name, `name` what people call
 * the room or person. In the caller's transaction. */
struct booking {
    enum booking_kind kind;
    int64_t resource, activity, from, to;
    const char *field;
    struct str name;
};
bool booking_take(struct db *db, const struct booking *b, struct error *e);
/* Everything an activity holds is free again. */
bool booking_release(struct db *db, int64_t activity, struct error *e);

/* {"rooms":[{"id","name"}],"mediators":[{"id","name"}],"items":[…]}: what is booked in a committee's rooms and by its mediators from `from` to `to`. */
bool booking_write_calendar(struct core *core, struct db *db, struct arena *a, struct jw *w,
                            const struct actor *actor, int64_t lo, int64_t hi, int64_t from, int64_t to,
                            struct error *e);

#endif
