#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "http/router.h"

static struct router *made(void)
{
    static const struct {
        enum http_method method;
        const char *pattern;
    } rows[] = {
        {HTTP_GET, "/"},
        {HTTP_GET, "/cases"},
        {HTTP_POST, "/cases"},
        {HTTP_GET, "/cases/{id}"},
        {HTTP_GET, "/cases/mine"},
        {HTTP_POST, "/cases/{id}/{verb}"},
        {HTTP_GET, "/cases/{id}/timeline"},
        {HTTP_PUT, "/cases/mine/note"},
        {HTTP_GET, "/files/"},
    };
    struct router *r = router_open();
    assert_non_null(r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(router_add(r, rows[i].method, rows[i].pattern, i));
    return r;
}

static void check(const struct router *r, enum http_method method, const char *path, int wanted,
                  const char *captures)
{
    struct router_match m;
    char said[256] = "";
    bool found = router_find(r, method, str_of(path), &m);

    assert_int_equal(found ? (int)m.route : -1, wanted);
    if (!found)
        return;
    for (size_t i = 0, n = 0; i < m.captures; i++)
        n += (size_t)snprintf(said + n, sizeof said - n, "%.*s;", (int)m.capture[i].n, m.capture[i].p);
    assert_string_equal(said, captures);
}

static void literal_beats_capture(void **state)
{
    struct router *r = made();

    (void)state;
    check(r, HTTP_GET, "/", 0, "");
    check(r, HTTP_GET, "/cases", 1, "");
    check(r, HTTP_POST, "/cases", 2, "");
    check(r, HTTP_GET, "/cases/17", 3, "17;");
    check(r, HTTP_GET, "/cases/mine", 4, "");
    check(r, HTTP_GET, "/cases/miner", 3, "miner;");
    check(r, HTTP_POST, "/cases/17/settle", 5, "17;settle;");
    check(r, HTTP_GET, "/cases/17/timeline", 6, "17;");
    /* back out of the literal branch when it leads nowhere */
    check(r, HTTP_GET, "/cases/mine/timeline", 6, "mine;");
    check(r, HTTP_POST, "/cases/mine/note", 5, "mine;note;");
    check(r, HTTP_PUT, "/cases/mine/note", 7, "");
    router_close(r);
}

static void head_is_get(void **state)
{
    struct router *r = made();

    (void)state;
    check(r, HTTP_HEAD, "/cases/17", 3, "17;");
    router_close(r);
}

static void empty_segments_and_slashes(void **state)
{
    struct router *r = made();

    (void)state;
    check(r, HTTP_GET, "/cases/", -1, "");
    check(r, HTTP_GET, "/cases//", -1, "");
    check(r, HTTP_POST, "/cases//settle", -1, "");
    check(r, HTTP_GET, "/files/", 8, "");
    check(r, HTTP_GET, "/files", -1, "");
    check(r, HTTP_GET, "", -1, "");
    check(r, HTTP_GET, "cases", -1, "");
    check(r, HTTP_GET, "/cases/17/timeline/x", -1, "");
    check(r, HTTP_GET, "/Cases", -1, "");
    router_close(r);
}

static void other_methods(void **state)
{
    struct router *r = made();
    struct router_match m;

    (void)state;
    assert_false(router_find(r, HTTP_DELETE, STR("/cases"), &m));
    assert_int_equal(m.methods, 1u << HTTP_GET | 1u << HTTP_POST);
    /* what the literal and the capture know together */
    assert_false(router_find(r, HTTP_DELETE, STR("/cases/mine/note"), &m));
    assert_int_equal(m.methods, 1u << HTTP_PUT | 1u << HTTP_POST);
    assert_false(router_find(r, HTTP_GET, STR("/nowhere"), &m));
    assert_int_equal(m.methods, 0);
    assert_false(router_find(r, HTTP_OTHER, STR("/cases"), &m));
    assert_int_not_equal(m.methods, 0);
    router_close(r);
}

static void refuses_bad_rows(void **state)
{
    struct router *r = made();

    (void)state;
    assert_false(router_add(r, HTTP_GET, "/cases", 90));
    assert_false(router_add(r, HTTP_GET, "/cases/{other}", 91)); /* the same path under another name */
    assert_true(router_add(r, HTTP_DELETE, "/cases/{other}", 92));
    assert_false(router_add(r, HTTP_GET, "cases", 93));
    assert_false(router_add(r, HTTP_GET, "", 94));
    assert_false(router_add(r, HTTP_GET, "/x/{id}.pdf", 95));
    assert_false(router_add(r, HTTP_GET, "/x/{}", 96));
    assert_true(router_add(r, HTTP_GET, "/{a}/{b}/{c}/{d}/{e}/{f}", 97));
    assert_false(router_add(r, HTTP_GET, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}", 98));
    check(r, HTTP_GET, "/1/2/3/4/5/6", 97, "1;2;3;4;5;6;");
    router_close(r);
}

static void many_rows(void **state)
{
    struct router *r = router_open();
    char text[64], said[32];

    (void)state;
    for (size_t i = 0; i < 500; i++) {
        (void)snprintf(text, sizeof text, "/api/v1/thing%zu/{id}/%s", i, i % 2 ? "part" : "{part}");
        assert_true(
            router_add(r, (enum http_method)(i % HTTP_OPTIONS == HTTP_HEAD ? 0 : i % HTTP_OPTIONS), text, i));
    }
    for (size_t i = 0; i < 500; i++) {
        (void)snprintf(text, sizeof text, "/api/v1/thing%zu/x%zu/part", i, i);
        (void)snprintf(said, sizeof said, i % 2 ? "x%zu;" : "x%zu;part;", i);
        check(r, (enum http_method)(i % HTTP_OPTIONS), text, (int)i, said);
    }
    router_close(r);
    router_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literal_beats_capture),      cmocka_unit_test(head_is_get),
        cmocka_unit_test(empty_segments_and_slashes), cmocka_unit_test(other_methods),
        cmocka_unit_test(refuses_bad_rows),           cmocka_unit_test(many_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
