/* What a create writes, for the bare loops: the rows of the newest cases of a database serve as patterns. Each bare create writes a pattern's rows
 * again with what must differ: ids, place, number, look-up hashes, and the references between the rows. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stdbool.h>
#include <stdint.h>

enum { PATTERNS = 64, COLUMNS_MAX = 64, ROWS_MAX = 8, SPOTS_MAX = 4000, NUMBER_TEXT = 64 };

enum table { T_CASE, T_PERSON, T_CASE_PERSON, T_CLOCK, T_DESK, T_WORKER, T_JOURNAL, TABLES };

/* How a column's value comes about. */
enum change { KEEP, SKIP, FRESH_ID, FRESH_HASH, OF_CASE, OF_PERSON, OF_UNIT, OF_SCOPE, OF_NUMBER, OF_HOLDER };

struct table_def {
    const char *name;
    const char *from, *tail; /* the rows of a case: "select t.* from …", the parameter, the rest */
    const char *key;         /* the column that the engine gives, null: none */
};
extern const struct table_def table_defs[TABLES];
#define SQL_PATTERNS "select id from cases where rev = 1 and state = 1 order by id desc limit 64"
#define SQL_SPOTS                                                                                            \
    "select u.id, u.ord, u.parent, (select c.number from cases c where c.scope = u.ord limit 1) from unit u where u.level = 6 order by u.id limit 4000"
#define SQL_COUNTER(p1, p2)                                                                                  \
    "insert into counter(unit, name, last) values(" p1 ", " p2                                               \
    ", 1) on conflict(unit, name) do update set last = counter.last + 1 returning last"

enum change change_of(enum table t, const char *column);

/* Where cases happen. */
struct spot {
    int64_t unit, scope, committee;
    char prefix[NUMBER_TEXT]; /* of its numbers */
};
void spot_set(struct spot *s, int64_t unit, int64_t scope, int64_t committee, const char *number);

/* xorshift64*, one state a thread, begun differently each time. */
uint64_t rows_seed(void);
uint64_t rows_draw(uint64_t *state);
void rows_hash(uint64_t *state, unsigned char out[32]);
/* As the program makes them: time first, so that they come in order. */
void rows_id(uint64_t *state, unsigned char out[16]);

double seconds_now(void);
double cpu_now(void);

#endif
