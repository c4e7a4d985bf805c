#include "rows.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

const struct table_def table_defs[TABLES] = {
    [T_CASE] = {"cases", "select t.* from cases t where t.id = ", "", "id"},
    [T_PERSON] = {"person",
                  "select t.* from person t where t.id in (select q.person from case_person q where q.case_id = ",
                  ") order by t.id", "id"},
    [T_CASE_PERSON] = {"case_person",
                       "select t.* from case_person t where t.case_id = ", " order by t.person", "id"},
    [T_CLOCK] = {"case_clock", "select t.* from case_clock t where t.case_id = ", "", "id"},
    [T_DESK] = {"desk", "select t.* from desk t where t.case_id = ", "", NULL},
    [T_WORKER] = {"case_worker", "select t.* from case_worker t where t.case_id = ", "", NULL},
    [T_JOURNAL] = {"journal", "select t.* from journal t where t.subject_kind = 1 and t.subject = ", "", "seq"},
};

enum change change_of(enum table t, const char *column)
{
    static const struct {
        const char *column;
        enum change change;
    } rules[] = {
        {"uuid", FRESH_ID},
        {"track", FRESH_HASH},
        {"name_ix", FRESH_HASH},
        {"phone_ix", FRESH_HASH},
        {"id_no_ix", FRESH_HASH},
        {"case_id", OF_CASE},
        {"subject", OF_CASE},
        {"person", OF_PERSON},
        {"unit", OF_UNIT},
        {"scope", OF_SCOPE},
        {"number", OF_NUMBER},
        {"holder", OF_HOLDER},
        {"xid", SKIP},
    };
    if (table_defs[t].key != NULL && strcmp(column, table_defs[t].key) == 0)
        return SKIP;
    if (t == T_JOURNAL && strcmp(column, "id") == 0)
        return FRESH_ID;
    if (t == T_CLOCK && strcmp(column, "unit") == 0)
        return KEEP; /* of its term */
    for (unsigned i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (strcmp(column, rules[i].column) == 0)
            return rules[i].change;
    return KEEP;
}

void spot_set(struct spot *s, int64_t unit, int64_t scope, int64_t committee, const char *number)
{
    const char *dash = number != NULL ? strrchr(number, '-') : NULL;
    *s = (struct spot){.unit = unit, .scope = scope, .committee = committee};
    if (dash != NULL && dash - number < NUMBER_TEXT - 24)
        memcpy(s->prefix, number, (size_t)(dash - number) + 1);
    else
        (void)snprintf(s->prefix, sizeof s->prefix, "%lldR2026-", (long long)committee);
}

uint64_t rows_seed(void)
{
    uint64_t seed;
    return getrandom(&seed, sizeof seed, 0) == (ssize_t)sizeof seed ? seed | 1 : 88172645463325252u;
}

uint64_t rows_draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717) >> 8;
}

void rows_hash(uint64_t *state, unsigned char out[32])
{
    for (int i = 0; i < 32; i += 4) {
        uint32_t word = (uint32_t)rows_draw(state);
        memcpy(out + i, &word, sizeof word);
    }
}

void rows_id(uint64_t *state, unsigned char out[16])
{
    struct timespec t;
    unsigned char hash[32];
    (void)clock_gettime(CLOCK_REALTIME, &t);
    uint64_t stamp = ((uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000) << 12 |
                     (uint64_t)(t.tv_nsec % 1000000) / 245;
    rows_hash(state, hash);
    memcpy(out, hash, 16);
    for (int i = 0; i < 6; i++)
        out[i] = (unsigned char)(stamp >> (52 - 8 * i));
    out[6] = (unsigned char)(0x70 | (stamp >> 8 & 15));
    out[7] = (unsigned char)stamp;
}

double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double cpu_now(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}
