#include "core/throttle.h"

#include "base/time.h"

enum { FAILURES_FREE = 5 };

bool throttle_held(struct db *db, const unsigned char who[HASH_BYTES], struct error *e)
{
    int64_t until;
    if (!db_one_int(db, &until, 0, e, "select until from throttle where who = ?1", ARGS(BYTES(who, HASH_BYTES))))
        return true;
    if (until <= time_real())
        return false;
    (void)error_setf(e, ERROR_THROTTLED, NULL, "%lld", (long long)((until - time_real()) / TIME_SECOND + 1));
    return true;
}

bool throttle_failed(struct db *db, const unsigned char who[HASH_BYTES], int64_t now, struct error *e)
{
    int64_t failures, wait = 0;
    if (!db_one_int(
            db, &failures, 0, e,
            "insert into throttle(who, failures, until, seen_at) values(?1, 1, 0, ?2) on conflict(who) do update set "
            "failures = case when throttle.seen_at < ?3 then 1 else throttle.failures + 1 end, seen_at = excluded.seen_at returning failures",
            ARGS(BYTES(who, HASH_BYTES), INT(now), INT(now - TIME_DAY))))
        return false;
    if (failures > FAILURES_FREE) {
        int64_t steps = failures - FAILURES_FREE;
        wait = steps > 9 ? 15 * TIME_MINUTE : ((int64_t)1 << steps) * TIME_SECOND;
    }
    return wait == 0 || db_exec(db, e, "update throttle set until = ?2 where who = ?1",
                                ARGS(BYTES(who, HASH_BYTES), INT(now + wait)));
}

bool throttle_clear(struct db *db, const unsigned char who[HASH_BYTES], struct error *e)
{
    return db_exec(db, e, "delete from throttle where who = ?1", ARGS(BYTES(who, HASH_BYTES)));
}
