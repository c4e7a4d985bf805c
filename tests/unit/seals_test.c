/* rows: G6 */
/* Seals, and the proof: whatever is changed, taken out, swapped or forged is found, with subject and
 * number. */
#include <ftw.h>

#include "core/access.h"
#include "core/file.h"
#include "core/seals.h"
#include "world.h"

struct found {
    struct verify_finding list[64];
    size_t n;
    struct verify_report report;
};

static void keep(void *context, const struct verify_finding *f)
{
    struct found *all = context;
    if (all->n < sizeof all->list / sizeof all->list[0])
        all->list[all->n++] = *f;
}

static struct found verify(struct world *w)
{
    struct found all = {.n = 0};
    struct verify_how how = {.found = keep, .context = &all};
    must(verify_all(w->core, w->db, &how, &all.report, e));
    assert_int_equal(all.report.fault_count, all.n);
    return all;
}

static void assert_whole(struct world *w)
{
    struct found all = verify(w);
    for (size_t i = 0; i < all.n; i++)
        (void)fprintf(stderr, "%s subject=%lld n=%lld\n", verify_fault_code(all.list[i].fault),
                      (long long)all.list[i].subject, (long long)all.list[i].n);
    assert_int_equal(all.n, 0);
}

static bool has(const struct found *all, enum verify_fault fault, int64_t subject, int64_t n)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->list[i].fault == fault && all->list[i].subject == subject && all->list[i].n == n)
            return true;
    return false;
}

#define assert_found(all, fault, subject, n) assert_true(has(&(all), VERIFY_##fault, (subject), (n)))

static void seal(struct world *w)
{
    must(db_begin(w->db, e));
    must(seals_make(w->core, w->db, day_of(time_now()), e));
    must(db_commit(w->db, e));
}

static void change(struct world *w, const char *sql, int64_t a, int64_t b)
{
    must(db_exec(w->db, e, sql, ARGS(INT(a), INT(b))));
    assert_true(db_changes(w->db) > 0);
}

/* Three days of work: two cases with four and three entries, then one that nobody has sealed yet. */
static void live(struct world *w, void **state, int64_t *first, int64_t *second)
{
    world_open(w, state);
    struct answer a = world_report(w, "request", "R0101", WUZHAI);
    world_clock(2024, 1, 3, 9, 0);
    struct answer b = world_report(w, "dispute", "D0101", w->group_code);
    world_settle(w, a.uuid, "DONE");
    world_clock(2024, 1, 5, 9, 0);
    world_settle(w, b.uuid, "WRITTEN");
    world_judge(w, &a, "yes", "yes");
    world_clock(2024, 1, 8, 9, 0);
    seal(w);
    (void)world_spot(w, "hazard", "H0201", WUZHAI, "FIXED_ON_SITE");
    *first = a.subject;
    *second = b.subject;
}

static void days_are_sealed_once(void **state)
{
    struct world w;
    int64_t a, b;
    struct seal last;
    bool found;
    live(&w, state, &a, &b);
    assert_int_equal(number(w.db, "select count(*) from seal"), 3);
    assert_int_equal(number(w.db, "select cast(sum(entries) as bigint) from seal"),
                     number(w.db, "select count(*) - 1 from journal"));
    seal(&w);
    assert_int_equal(number(w.db, "select count(*) from seal"), 3);
    struct found all = verify(&w);
    assert_int_equal(all.n, 0);
    assert_int_equal(all.report.seals, 3);
    assert_int_equal(all.report.unsealed, 1);
    assert_int_equal(all.report.unsealed_since, time_now());
    must(seals_last(w.db, &last, &found, e));
    assert_true(found);
    assert_memory_equal(last.digest, all.report.last.digest, HASH_BYTES);
    world_clock(2024, 1, 9, 9, 0);
    seal(&w);
    assert_int_equal(number(w.db, "select count(*) from seal"), 4);
    assert_whole(&w);
    world_close(&w);
}

/* The clock was put back: the entry goes with the seal of its neighbours, and ranges stay without a gap. */
static void a_clock_may_slip(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    world_clock(2024, 1, 4, 9, 0); /* a day that is sealed already */
    (void)world_spot(&w, "hazard", "H0201", WUZHAI, "FIXED_ON_SITE");
    world_clock(2024, 1, 9, 9, 0);
    seal(&w);
    assert_int_equal(number(w.db, "select cast(sum(entries) as bigint) from seal"),
                     number(w.db, "select count(*) from journal"));
    (void)world_spot(&w, "hazard", "H0201", WUZHAI, "FIXED_ON_SITE");
    world_clock(2024, 1, 8, 9, 0);
    (void)world_spot(&w, "hazard", "H0201", WUZHAI, "FIXED_ON_SITE");
    seal(&w);
    assert_whole(&w);
    world_clock(2024, 1, 12, 9, 0);
    seal(&w);
    assert_whole(&w);
    assert_int_equal(verify(&w).report.unsealed, 0);
    world_close(&w);
}

/* Somebody has taken a smaller number and is still at it: sealing waits, gives up, and leaves nothing
 * behind. */
static void a_running_transaction_is_waited_for(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    world_clock(2024, 1, 9, 9, 0);
    struct db *other = place_open(state, DB_WRITER);
    must(db_begin(other, e));
    must(db_exec(other, e,
                 "insert into journal(id, recorded_at, happened_at, scope, actor_kind, post, subject_kind, subject, n, verb, open, data, body_hash, prev, hash) "
                 "select ?1, recorded_at, happened_at, scope, actor_kind, post, subject_kind, 778, n, verb, open, data, body_hash, prev, hash "
                 "from journal where subject_kind = 1 and subject = ?2 and n = 1",
                 ARGS(ID(id_new()), INT(a))));
    struct error why = {0};
    must(db_begin(w.db, e));
    assert_false(seals_make(w.core, w.db, day_of(time_now()), &why));
    db_rollback(w.db);
    assert_int_equal(number(w.db, "select count(*) from seal"), 3);
    db_rollback(other);
    db_close(other);
    seal(&w);
    assert_int_equal(number(w.db, "select count(*) from seal"), 4);
    assert_whole(&w);
    world_close(&w);
}

static void flip(struct world *w, int64_t subject, int64_t n)
{
    struct db_rows r;
    char data[4096];
    size_t size = 0;
    must(db_rows(w->db, &r, e, "select data from journal where subject_kind = 1 and subject = ?1 and n = ?2",
                 ARGS(INT(subject), INT(n))));
    assert_true(db_next(&r));
    size = db_blob(&r, 0).n;
    assert_true(size < sizeof data);
    memcpy(data, db_blob(&r, 0).p, size);
    must(db_end(&r, e));
    data[size / 2] ^= 1;
    must(db_exec(w->db, e, "update journal set data = ?3 where subject_kind = 1 and subject = ?1 and n = ?2",
                 ARGS(INT(subject), INT(n), BYTES(data, size))));
}

static void a_changed_byte_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    flip(&w, a, 2);
    flip(&w, b, 3);
    struct found all = verify(&w);
    assert_found(all, ENTRY_CHANGED, a, 2);
    assert_found(all, ENTRY_CHANGED, b, 3);
    assert_int_equal(all.n, 2); /* and nothing else is accused */
    world_close(&w);
}

/* Somebody who knows the format: the entry's hash fits its new contents. */
static void a_changed_entry_with_a_fitting_hash_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    struct journal_entry j;
    struct db_rows r;
    live(&w, state, &a, &b);
    must(journal_of(w.db, &r, SUBJECT_CASE, a, 2, e));
    assert_true(journal_next(&r, &j));
    j.happened_at -= TIME_DAY;
    journal_hash(&j);
    must(db_end(&r, e));
    must(db_exec(w.db, e, "update journal set happened_at = ?2, hash = ?3 where seq = ?1",
                 ARGS(INT(j.seq), INT(j.happened_at), BYTES(j.hash, HASH_BYTES))));
    struct found all = verify(&w);
    assert_found(all, CHAIN_BROKEN, a, 3);
    assert_int_equal(all.report.faults[VERIFY_SEAL_DIGEST], 1);
    assert_int_equal(all.n, 2);
    world_close(&w);
}

static void the_last_entry_taken_out_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    change(&w, "delete from journal where subject_kind = 1 and subject = ?1 and n = ?2", a, 4);
    struct found all = verify(&w);
    assert_found(all, CUT_OFF, a, 4);
    assert_int_equal(all.report.faults[VERIFY_SEAL_COUNT], 1);
    world_close(&w);
}

static void a_middle_entry_taken_out_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    change(&w, "delete from journal where subject_kind = 1 and subject = ?1 and n = ?2", a, 2);
    change(&w, "delete from journal where subject_kind = 1 and subject = ?1 and n = ?2", b, 1);
    struct found all = verify(&w);
    assert_found(all, ENTRY_MISSING, a, 2);
    assert_found(all, ENTRY_MISSING, b, 1);
    world_close(&w);
}

static void two_swapped_are_found(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    change(&w, "update journal set n = 100 where subject_kind = 1 and subject = ?1 and n = ?2", a, 2);
    change(&w, "update journal set n = 2 where subject_kind = 1 and subject = ?1 and n = ?2", a, 3);
    change(&w, "update journal set n = 3 where subject_kind = 1 and subject = ?1 and n = ?2", a, 100);
    struct found all = verify(&w);
    assert_found(all, ENTRY_CHANGED, a, 2);
    assert_found(all, ENTRY_CHANGED, a, 3);
    assert_found(all, CHAIN_BROKEN, a, 2);
    world_close(&w);
}

/* Two entries that keep their contents and change places in the journal: no chain breaks, but the seal
 * knows their order. */
static void another_order_is_found(void **state)
{
    struct world w;
    int64_t a, b, one, two;
    live(&w, state, &a, &b);
    must(db_one_int(w.db, &one, 0, e,
                    "select seq from journal where subject_kind = 1 and subject = ?1 and n = 4", ARGS(INT(a))));
    must(db_one_int(w.db, &two, 0, e,
                    "select seq from journal where subject_kind = 1 and subject = ?1 and n = 3", ARGS(INT(b))));
    change(&w, "update journal set seq = 99999 where seq = ?1 and 0 < ?2", one, 1);
    change(&w, "update journal set seq = ?1 where seq = ?2", one, two);
    change(&w, "update journal set seq = ?1 where seq = ?2", two, 99999);
    struct found all = verify(&w);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.report.faults[VERIFY_SEAL_DIGEST], 1);
    world_close(&w);
}

static void a_changed_head_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    change(&w, "update cases set head = (select o.head from cases o where o.id = ?2) where id = ?1", a, b);
    change(&w, "update cases set rev = rev - 1 where id = ?1 and 0 < ?2", b, 1);
    struct found all = verify(&w);
    assert_found(all, HEAD_DIFFERS, a, 4);
    assert_found(all, HEAD_DIFFERS, b, 2);
    assert_int_equal(all.n, 2);
    world_close(&w);
}

/* The clever one: the tail goes and the rows are wound back, so that every chain is whole. Only the seal
 * knows. */
static void a_tail_cut_below_the_seal_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    change(&w, "delete from journal where subject_kind = 1 and subject = ?1 and n = ?2", a, 4);
    change(&w, "update cases set rev = ?2, head = (select hash from journal where subject_kind = 1 and subject = ?1 and n = ?2) where id = ?1",
           a, 3);
    struct found all = verify(&w);
    assert_int_equal(all.report.faults[VERIFY_SEAL_COUNT], 1);
    assert_int_equal(all.report.faults[VERIFY_SEAL_DIGEST], 1);
    assert_int_equal(all.n, 2);
    world_close(&w);
}

static void everything_above_the_seal_cut_off_is_found(void **state)
{
    struct world w;
    int64_t a, b, last;
    live(&w, state, &a, &b);
    must(db_one_int(w.db, &last, 0, e, "select subject from journal order by seq desc limit 1", NO_ARGS));
    change(&w, "delete from journal where seq > (select max(last_seq) from seal) and ?1 < ?2", 0, 1);
    struct found all = verify(&w);
    assert_found(all, CUT_OFF, last, 1);
    world_close(&w);
}

static void an_entry_slipped_in_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    struct id id = id_new();
    live(&w, state, &a, &b);
    must(db_exec(w.db, e,
                 "insert into journal(id, recorded_at, happened_at, scope, actor_kind, actor, post, subject_kind, subject, n, verb, open, data, body_hash, "
                 "prev, hash) select ?1, recorded_at, happened_at, scope, actor_kind, actor, post, subject_kind, 777, n, verb, open, data, body_hash, prev, "
                 "hash from journal where subject_kind = 1 and subject = ?2 and n = 1",
                 ARGS(ID(id), INT(a))));
    struct found all = verify(&w);
    assert_found(all, NO_SUBJECT, 777, 1);
    assert_found(all, ENTRY_CHANGED, 777, 1);
    world_close(&w);
}

/* ---- Seals --------------------------------------------------------------------------------------------- */

static struct seal last_seal(struct world *w)
{
    struct seal s;
    bool found;
    must(seals_last(w->db, &s, &found, e));
    return s;
}

static void a_forged_seal_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    struct seal s = last_seal(&w);
    change(&w, "update seal set entries = entries - 1 where day = ?1 and 0 < ?2", s.day, 1);
    struct found all = verify(&w);
    assert_int_equal(all.report.faults[VERIFY_SEAL_FORGED], 1);
    assert_int_equal(all.report.faults[VERIFY_SEAL_COUNT], 1);
    world_close(&w);
}

/* Made anew over a changed journal, with a key of his own. */
static void a_seal_of_a_stranger_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    struct keyring *own;
    char path[128];
    live(&w, state, &a, &b);
    (void)snprintf(path, sizeof path, "%s/other", w.folder);
    must(keyring_create(path, e));
    must(keyring_open(&own, path, e));
    struct seal s = last_seal(&w);
    seal_sign(own, &s);
    must(db_exec(
        w.db, e, "update seal set public_key = ?2, signature = ?3 where day = ?1",
        ARGS(INT(s.day), BYTES(s.public_key, sizeof s.public_key), BYTES(s.signature, sizeof s.signature))));
    struct found all = verify(&w);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.report.faults[VERIFY_SEAL_STRANGER], 1);
    /* A key that the verifier lists is trusted: the one before a change of keys. */
    const unsigned char(*keys)[SIGN_PUBLIC] = (const unsigned char(*)[SIGN_PUBLIC])sign_public(own);
    struct verify_how how = {.keys = keys, .key_count = 1};
    struct verify_report report;
    must(verify_all(w.core, w.db, &how, &report, e));
    assert_int_equal(report.fault_count, 0);
    keyring_close(own);
    (void)unlink(path);
    world_close(&w);
}

static void a_seal_taken_out_is_found(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    change(&w, "delete from seal where day = (select min(day) from seal where day > (select min(day) from seal)) and ?1 < ?2",
           0, 1);
    struct found all = verify(&w);
    assert_int_equal(all.report.faults[VERIFY_SEAL_CHAIN], 1);
    world_close(&w);
}

/* ---- Access log and files ------------------------------------------------------------------------------ */

static void the_access_log_is_a_chain(void **state)
{
    struct world w;
    int64_t a, b;
    live(&w, state, &a, &b);
    for (int i = 0; i < 4; i++)
        must(access_write(w.core, w.db, w.arena, &w.officer, SUBJECT_PERSON, 1, STR("回访"), e));
    world_clock(2024, 1, 9, 9, 0);
    must(access_write(w.core, w.db, w.arena, &w.officer, SUBJECT_PERSON, 2, STR("核对"), e));
    struct found all = verify(&w);
    assert_int_equal(all.n, 0);
    assert_int_equal(all.report.access_lines, 5);
    change(&w, "update access set subject = 5 where n = ?1 and 0 < ?2", 2, 1);
    change(&w, "delete from access where n = ?1 and 0 < ?2", 3, 1);
    all = verify(&w);
    assert_found(all, ACCESS_CHANGED, 0, 2);
    assert_found(all, ACCESS_BROKEN, 0, 4);
    assert_int_equal(all.n, 2);
    world_close(&w);
}

static enum { COUNT, DAMAGE, REMOVE } task;
static int files_seen;

static int on_file(const char *path, const struct stat *s, int type, struct FTW *at)
{
    (void)s;
    (void)at;
    if (type != FTW_F || strstr(path, "/key") != NULL)
        return 0;
    files_seen++;
    if (task == REMOVE)
        return unlink(path);
    FILE *f = task == DAMAGE ? fopen(path, "r+b") : NULL;
    if (f != NULL) {
        (void)fseek(f, 40, SEEK_SET);
        (void)fputc('!', f);
        (void)fclose(f);
    }
    return 0;
}

static int files(struct world *w, int what)
{
    task = what;
    files_seen = 0;
    (void)nftw(w->folder, on_file, 8, FTW_PHYS);
    return files_seen;
}

static int remove_folder(const char *path, const struct stat *s, int type, struct FTW *at)
{
    (void)s;
    (void)at;
    return type == FTW_DP ? rmdir(path) : unlink(path);
}

static void files_are_read(void **state)
{
    struct world w;
    int64_t a, b;
    struct file_info f;
    live(&w, state, &a, &b);
    must(db_begin(w.db, e));
    must(file_store(w.core, w.db, w.arena, &w.officer,
                    STR("OggS: half a minute of talk, recorded at the door"), "audio/ogg", 0, 0, &f, e));
    must(db_commit(w.db, e));
    struct found all = verify(&w);
    assert_int_equal(all.n, 0);
    assert_int_equal(all.report.files, 1);
    assert_true(files(&w, DAMAGE) > 0);
    all = verify(&w);
    assert_found(all, FILE_CHANGED, f.id, 0);
    (void)files(&w, REMOVE);
    all = verify(&w);
    assert_found(all, FILE_MISSING, f.id, 0);
    change(&w, "update file set key = null where id = ?1 and 0 < ?2", f.id, 1);
    all = verify(&w);
    assert_int_equal(all.n, 0);
    assert_int_equal(all.report.erased_files, 1);
    (void)nftw(w.folder, remove_folder, 8, FTW_PHYS | FTW_DEPTH);
    world_close(&w);
}

int main(void)
{
    static const struct both_test tests[] = {
        BOTH(days_are_sealed_once),
        BOTH(a_clock_may_slip),
        POSTGRES_ONLY(a_running_transaction_is_waited_for),
        BOTH(a_changed_byte_is_found),
        BOTH(a_changed_entry_with_a_fitting_hash_is_found),
        BOTH(the_last_entry_taken_out_is_found),
        BOTH(a_middle_entry_taken_out_is_found),
        BOTH(two_swapped_are_found),
        BOTH(another_order_is_found),
        BOTH(a_changed_head_is_found),
        BOTH(a_tail_cut_below_the_seal_is_found),
        BOTH(everything_above_the_seal_cut_off_is_found),
        BOTH(an_entry_slipped_in_is_found),
        BOTH(a_forged_seal_is_found),
        BOTH(a_seal_of_a_stranger_is_found),
        BOTH(a_seal_taken_out_is_found),
        BOTH(the_access_log_is_a_chain),
        BOTH(files_are_read),
    };
    return both_run("seals", tests, sizeof tests / sizeof tests[0]);
}
