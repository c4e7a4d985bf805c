#include "job/lease.h"

#include "base/time.h"

bool lease_hold(struct core *core, struct db *db, const char *name, int64_t ms, bool *ret_held, struct error *e)
{
    int64_t now = time_real(), epoch;
    /* Free, run out, or our own: the row's condition decides, so that two nodes never both get it. */
    if (!db_one_int(
            db, &epoch, 0, e,
            "insert into lease(name, holder, until, epoch) values(?1, ?2, ?3, 1) on conflict(name) do update set holder = excluded.holder, "
            "until = excluded.until, epoch = lease.epoch + 1 where lease.until < ?4 or lease.holder = excluded.holder returning epoch",
            ARGS(TEXTZ(name), TEXTZ(core->node), INT(now + ms), INT(now))))
        return false;
    *ret_held = epoch != 0;
    return true;
}

bool lease_release(struct core *core, struct db *db, struct error *e)
{
    return db_exec(db, e, "delete from lease where holder = ?1", ARGS(TEXTZ(core->node)));
}
