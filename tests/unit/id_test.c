#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/crypto.h"
#include "base/id.h"
#include "base/time.h"

static void an_id_is_uuid_version_7(void **state)
{
    int64_t before = time_real();
    struct id id = id_new();
    int64_t after = time_real(), stamp = 0;

    (void)state;
    for (int i = 0; i < 6; i++)
        stamp = stamp << 8 | id.b[i];
    assert_true(stamp >= before && stamp <= after + 1);
    assert_int_equal(id.b[6] >> 4, 7);
    assert_int_equal(id.b[8] >> 6, 2);
    assert_false(id_is_zero(id));
    assert_true(id_is_zero((struct id){{0}}));
}

static void the_set_clock_does_not_touch_ids(void **state)
{
    struct id real = id_new();

    (void)state;
    time_set(1000);
    struct id later = id_new();
    time_set(0);
    assert_true(memcmp(later.b, real.b, sizeof real.b) > 0);
}

static void later_ids_sort_later(void **state)
{
    struct id last = id_new();

    (void)state;
    for (int i = 0; i < 200000; i++) { /* far more than 2048 a millisecond would allow */
        struct id next = id_new();
        assert_true(memcmp(next.b, last.b, sizeof next.b) > 0);
        last = next;
    }
}

enum { THREADS = 4, EACH = 20000 };
static struct id made[THREADS][EACH];

static void *make_many(void *row)
{
    struct id *ids = row;

    for (int i = 0; i < EACH; i++)
        ids[i] = id_new();
    return NULL;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

static void threads_never_make_the_same_id(void **state)
{
    pthread_t threads[THREADS];
    struct id *all = &made[0][0];

    (void)state;
    for (int t = 0; t < THREADS; t++)
        assert_int_equal(pthread_create(&threads[t], NULL, make_many, made[t]), 0);
    for (int t = 0; t < THREADS; t++)
        assert_int_equal(pthread_join(threads[t], NULL), 0);
    for (int t = 0; t < THREADS; t++)
        for (int i = 1; i < EACH; i++)
            assert_true(by_bytes(&made[t][i - 1], &made[t][i]) < 0);
    qsort(all, (size_t)THREADS * EACH, sizeof *all, by_bytes);
    for (int i = 1; i < THREADS * EACH; i++)
        assert_int_not_equal(memcmp(all[i - 1].b, all[i].b, 8), 0); /* time and counter alone differ */
}

static void text_goes_both_ways(void **state)
{
    char text[ID_TEXT];
    struct id id, back = {{0}};

    (void)state;
    assert_true(id_parse(STR("017F22E2-79B0-7cc3-98c4-DC0C0C07398F"), &id)); /* RFC 9562, A.6 */
    id_format(id, text);
    assert_string_equal(text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    id = id_new();
    id_format(id, text);
    assert_true(id_parse(str_of(text), &back) && id_eq(id, back));
    const char *wrong[] = {
        "",
        "017f22e279b07cc398c4dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2079b0-7cc3-98c4-dc0c0c07398f",
        "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
        "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(id_parse(str_of(wrong[i]), &back));
    assert_true(id_eq(id, back));
}

static void a_tracking_code_can_be_typed(void **state)
{
    char code[TRACK_TEXT], normal[TRACK_TEXT];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        track_new(code);
        assert_int_equal(strlen(code), 15);
        assert_true(code[5] == '-' && code[10] == '-');
        assert_null(strpbrk(code, "01OI"));
        assert_true(track_normal(str_of(code), normal));
        assert_int_equal(strlen(normal), 13);
    }
    assert_true(track_normal(STR(" abcde-fghj 2345\n"), normal));
    assert_string_equal(normal, "ABCDEFGHJ2345");
    assert_true(track_normal(STR("ＡＢｃｄｅ－ＦＧＨＪ—２３４５　"), normal)); /* from a Chinese keyboard */
    assert_string_equal(normal, "ABCDEFGHJ2345");
}

static void a_wrong_tracking_code_is_refused(void **state)
{
    char normal[TRACK_TEXT] = "kept";
    const char *wrong[] = {"",
                           "ABCDEFGHJ234",
                           "ABCDEFGHJ23456",
                           "ABCDE-FGHJ-234O",
                           "ABCDE-FGHI-2345",
                           "ABCDE-FGHJ-2341",
                           "ABCDE_FGHJ_2345",
                           "六六六六六六六六六六六六六",
                           "ABCDEFGHJ2345\xff"};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(track_normal(str_of(wrong[i]), normal));
    assert_false(track_normal(str_range("ABCDEFGHJ234\0", 13), normal));
    assert_string_equal(normal, "kept");
}

static int start(void **state)
{
    (void)state;
    return crypto_start(NULL) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_uuid_version_7),
        cmocka_unit_test(the_set_clock_does_not_touch_ids),
        cmocka_unit_test(later_ids_sort_later),
        cmocka_unit_test(threads_never_make_the_same_id),
        cmocka_unit_test(text_goes_both_ways),
        cmocka_unit_test(a_tracking_code_can_be_typed),
        cmocka_unit_test(a_wrong_tracking_code_is_refused),
    };
    return cmocka_run_group_tests_name("id", tests, start, NULL);
}
