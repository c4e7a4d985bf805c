/* One request and its reply: framing, paths, values, headers, problems, assets. */
#include "base/embed.h"
#include "base/json.h"
#include "http_toy.h"

/* The files of the program, in place of those that the build would put in. Sorted by path. */
#define BYTES(text) (const unsigned char *)(text), sizeof(text) - 1
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
const struct embed_file embed_files[] = {
    {"lang/zh-CN.json",
     BYTES("{\"error\":{\"forbidden\":\"不可以\",\"throttled\":\"请 {0} 秒后再来\"},\"field\":{\"phone\":\"电话\"},"
           "\"page\":{\"error\":{\"title\":\"出错了\",\"home\":\"首页\"}}}"),
     NULL, 0, NULL, 0, "application/json", HASH},
    {"web/assets/app-BfIk3c9x.js", BYTES("plain script"), BYTES("br script"), BYTES("gz script"),
     "text/javascript", HASH},
    {"web/assets/app-settings.js", BYTES("settings"), NULL, 0, NULL, 0, "text/javascript", HASH},
    {"web/desk/index.html", BYTES("<p>desk</p>"), NULL, 0, BYTES("gz desk"), "text/html; charset=utf-8", HASH},
};
const size_t embed_count = sizeof embed_files / sizeof embed_files[0];

static struct toy toy;

static int start(void **state)
{
    (void)state;
    toy_start(&toy);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    toy_stop(&toy);
    return 0;
}

static void keeps_the_connection_and_the_order(void **state)
{
    struct wire w = dial(&toy);
    static const char *const wanted[] = {"one", "", "later 1", "three", "later 2"};

    (void)state;
    say(&w, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
            "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n"
            "GET /later?n=1&ms=30 HTTP/1.1\r\nHost: x\r\n\r\n"
            "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nth\r\n3\r\nree\r\n0\r\n\r\n"
            "GET /later?n=2 HTTP/1.1\r\nHost: x\r\n\r\n");
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct answer a = answer_of(&w, false);
        assert_int_equal(a.status, 200);
        assert_string_equal(a.body, wanted[i]);
        answer_free(&a);
    }
    for (int i = 0; i < 200; i++) {
        say(&w, "GET /say HTTP/1.1\r\nHost: x\r\n\r\n");
        struct answer a = answer_of(&w, false);
        assert_int_equal(a.status, 200);
        answer_free(&a);
    }
    hang_up(&w);
}

static void expects_continue(void **state)
{
    struct wire w = dial(&toy);

    (void)state;
    say(&w, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    assert_true(hear_text(&w, "100 Continue\r\n\r\n"));
    say(&w, "abc");
    struct answer a = answer_of(&w, false);
    assert_string_equal(a.body, "abc");
    answer_free(&a);
    hang_up(&w);
    /* refused before the client sends anything */
    ask_status(&toy, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\nExpect: 100-continue\r\n\r\n",
               413);
}

static void body_over_its_limit(void **state)
{
    struct wire w = dial(&toy);

    (void)state;
    say(&w, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n"); /* not one byte of it is sent */
    struct answer a = answer_of(&w, false);
    assert_int_equal(a.status, 413);
    assert_non_null(strstr(a.body, "\"too_large\""));
    assert_string_equal(header_of(&a, "Connection"), "close");
    assert_true(is_closed(&w)); /* or what is left of the body would be taken for a request */
    answer_free(&a);
    hang_up(&w);
    ask_status(&toy, "PATCH /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", 413);
    ask_status(&toy, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775807\r\n\r\n", 413);
    ask_status(&toy, "GET /say HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n", 413);
    ask_status(&toy, "GET /say HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 413);
    ask_status(&toy, "GET /say HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 200);
    ask_status(&toy, "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n", 403);
}

static void refused_without_body_keeps_the_connection(void **state)
{
    struct wire w = dial(&toy);

    (void)state;
    for (int i = 0; i < 3; i++) {
        say(&w, "GET /refused HTTP/1.1\r\nHost: x\r\n\r\n");
        struct answer a = answer_of(&w, false);
        assert_int_equal(a.status, 403);
        answer_free(&a);
    }
    hang_up(&w);
}

static void chunks_over_the_limit(void **state)
{
    char block[1024 + 16];
    struct wire w = dial(&toy);

    (void)state;
    int n = snprintf(block, sizeof block, "400\r\n%01024d\r\n", 0);
    say(&w, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 20; i++)
        say_bytes(&w, block, (size_t)n);
    say(&w, "0\r\n\r\n");
    struct answer a = answer_of(&w, false);
    assert_int_equal(a.status, 413);
    answer_free(&a);
    hang_up(&w);

    w = dial(&toy); /* and who does not stop is cut off */
    say(&w, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 4096; i++)
        say_bytes(&w, block, (size_t)n);
    assert_true(is_closed(&w));
    hang_up(&w);
}

static void large_body(void **state)
{
    struct wire w = dial(&toy);
    char head[128], wanted[64];
    char *body = malloc(BIG_MAX);

    (void)state;
    assert_non_null(body);
    for (size_t i = 0; i < BIG_MAX; i++)
        body[i] = (char)(i * 2654435761u >> 13);
    (void)snprintf(head, sizeof head, "POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", BIG_MAX);
    (void)snprintf(wanted, sizeof wanted, "%d %llu", BIG_MAX,
                   (unsigned long long)str_hash(str_range(body, BIG_MAX)));
    say(&w, head);
    say_bytes(&w, body, BIG_MAX);
    struct answer a = answer_of(&w, false);
    assert_string_equal(a.body, wanted);
    answer_free(&a);
    free(body);
    hang_up(&w);
}

static void ambiguous_framing(void **state)
{
    static const char *const heads[] = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n",
        "Content-Length: +3\r\n",
        "Content-Length: -3\r\n",
        "Content-Length: 3, 3\r\n",
        "Content-Length: 0x3\r\n",
        "Content-Length:\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Host: y\r\n",
    };
    char request[512];

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct wire w = dial(&toy);
        (void)snprintf(request, sizeof request,
                       "POST /echo HTTP/1.1\r\nHost: x\r\n%s\r\nabcGET /say HTTP/1.1\r\nHost: x\r\n\r\n",
                       heads[i]);
        say(&w, request);
        struct answer a = answer_of(&w, false);
        if (a.status != 400)
            print_error("%d for %s", a.status, heads[i]);
        assert_int_equal(a.status, 400);
        answer_free(&a);
        if (i != sizeof heads / sizeof heads[0] - 1) {
            a = answer_of(&w, false); /* nothing after it may be taken for a request */
            assert_int_equal(a.status, 0);
        }
        hang_up(&w);
    }
    ask_status(&toy, "GET /say HTTP/1.1\r\n\r\n", 400); /* no Host */
}

static void wrong_paths(void **state)
{
    static const char *const paths[] = {
        "/%zz", "/%",      "/%4",       "/a%00b", "/a//b",  "//",      "/../x",  "/a/..",
        "/a/.", "/./a",    "/%2e%2e/x", "/a/%2E", "/a%2fb", "/a%2Fb",  "/a%0db", "/\xff",
        "/%ff", "/%c0%af", "/a#b",      "*",      "x",      "http://", "/a\x01", "?a=1",
    };
    char request[256];

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", paths[i]);
        if (strcmp(paths[i], "http://") == 0) /* no path at all means "/" */
            ask_status(&toy, request, 200);
        else
            ask_status(&toy, request, 400);
    }
}

static void check_line(const char *target, const char *more, const char *wanted)
{
    char request[1024];

    (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", target, more);
    struct answer a = ask(&toy, request);
    assert_int_equal(a.status, 200);
    if (strstr(a.body, wanted) == NULL)
        print_error("%s is not in\n%s", wanted, a.body);
    assert_non_null(strstr(a.body, wanted));
    answer_free(&a);
}

static void paths_and_queries(void **state)
{
    (void)state;
    check_line("/a%20b/%e5%85%ad", "", "GET /a b/六\n");
    check_line("/a/", "", "GET /a/\n");
    check_line("/...", "", "GET /...\n");
    check_line("http://other:80/x?y=1", "", "GET /x\ny=1\n");
    check_line("/x?a=1&b=%E5%85%AD&c=a+b%2B&d&=e&&a=2", "", "/x\na=1\nb=六\nc=a b+\nd=\n=e\na=2\nbad=0");
    check_line("/x?a=%ff&b=2", "", "/x\nb=2\nbad=1");
    check_line("/x?a=%zz&b=2", "", "/x\nb=2\nbad=1");
    check_line("/x?%ff=1&b=%00", "", "/x\nbad=1");
    check_line("/x?a=//..", "", "/x\na=//..\nbad=0");
}

static void cookies_and_languages(void **state)
{
    (void)state;
    check_line("/x", "Cookie: a=1; session=abc=d; lang=en\r\n", "cookie=abc=d\n");
    check_line("/x", "Cookie: xsession=1\r\n", "cookie=\n");
    check_line("/x", "Cookie: a=1; session=abc; lang=en\r\n", "lang=en\n");
    check_line("/x", "Accept-Language: en;q=0.8, zh-TW\r\n", "lang=zh-Hant\n");
    check_line("/x?lang=zh-CN", "Cookie: lang=en\r\nAccept-Language: en\r\n", "lang=zh-CN\n");
    check_line("/x", "", "lang=zh-CN\n");
    check_line("/x", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n", "peer=127.0.0.1 secure=0");
}

static void forms(void **state)
{
    static const struct {
        const char *type, *body, *wanted;
    } rows[] = {
        {"application/x-www-form-urlencoded", "b=1&a=%E5%85%AD+x", "六 x|0"},
        {"application/x-www-form-urlencoded; charset=UTF-8", "a=1", "1|0"},
        {"application/x-www-form-urlencoded", "a=%e5", "|1"},
        {"text/plain", "a=1", "|0"},
    };
    char request[512];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)snprintf(request, sizeof request,
                       "POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                       rows[i].type, strlen(rows[i].body), rows[i].body);
        struct answer a = ask(&toy, request);
        assert_string_equal(a.body, rows[i].wanted);
        answer_free(&a);
    }
}

static void head_has_no_body(void **state)
{
    struct wire w = dial(&toy);

    (void)state;
    for (int i = 0; i < 2; i++) {
        say(&w, "HEAD /say HTTP/1.1\r\nHost: x\r\n\r\nGET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        struct answer a = answer_of(&w, true);
        assert_int_equal(a.status, 200);
        assert_true(strtol(header_of(&a, "Content-Length"), NULL, 10) > 20);
        answer_free(&a);
        a = answer_of(&w, false);
        assert_int_equal(a.status, 200);
        answer_free(&a);
    }
    hang_up(&w);
}

static void headers_of_a_reply(void **state)
{
    struct answer a = ask(&toy, "GET /say HTTP/1.1\r\nHost: x\r\n\r\n");

    (void)state;
    assert_non_null(strstr(header_of(&a, "Content-Security-Policy"), "default-src 'self';"));
    assert_null(strstr(header_of(&a, "Content-Security-Policy"), "unsafe"));
    assert_string_equal(header_of(&a, "X-Content-Type-Options"), "nosniff");
    assert_string_equal(header_of(&a, "Referrer-Policy"), "no-referrer");
    assert_string_equal(header_of(&a, "Cross-Origin-Opener-Policy"), "same-origin");
    assert_non_null(header_of(&a, "Permissions-Policy"));
    assert_string_equal(header_of(&a, "Cache-Control"), "no-store");
    assert_null(header_of(&a, "Strict-Transport-Security"));
    assert_null(header_of(&a, "Server"));
    answer_free(&a);

    a = ask(&toy, "GET /header?v=fine HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_string_equal(header_of(&a, "X-Test"), "fine");
    assert_string_equal(header_of(&a, "Cache-Control"), "private, max-age=5");
    answer_free(&a);

    a = ask(&toy, "GET /header?v=a%0d%0aSet-Cookie:%20x=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(a.status, 200);
    assert_null(header_of(&a, "X-Test"));
    assert_null(header_of(&a, "Set-Cookie"));
    answer_free(&a);
    ask_status(&toy, "GET /overflow HTTP/1.1\r\nHost: x\r\n\r\n", 500);
}

static void problems(void **state)
{
    struct answer a =
        ask(&toy, "GET /problem?code=throttled&detail=17 HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n");
    struct error e;

    (void)state;
    assert_int_equal(a.status, 429);
    assert_string_equal(header_of(&a, "Content-Type"), "application/problem+json");
    assert_string_equal(header_of(&a, "Retry-After"), "17");
    assert_null(header_of(&a, "X-Before"));
    json_t *o = json_read(str_of(a.body), &e);
    assert_non_null(o);
    assert_true(str_is(json_text(o, "code"), "throttled"));
    assert_true(str_is(json_text(o, "title"), "请 17 秒后再来"));
    assert_true(str_is(json_text(o, "field"), "persons.phone"));
    assert_int_equal(json_int(o, "status", 0), 429);
    json_decref(o);
    answer_free(&a);

    a = ask(&toy, "GET /problem?code=overloaded HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(a.status, 503);
    assert_string_equal(header_of(&a, "Retry-After"), "2");
    answer_free(&a);

    a = ask(&toy, "GET /problem?code=throttled&detail=%3Cscript%3E%22%27%26 HTTP/1.1\r\nHost: x\r\n"
                  "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: en\r\n\r\n");
    assert_int_equal(a.status, 429);
    assert_string_equal(header_of(&a, "Content-Type"), "text/html; charset=utf-8");
    assert_non_null(strstr(a.body, "<html lang=\"en\">"));
    assert_non_null(strstr(a.body, "出错了"));
    assert_non_null(strstr(a.body, "&lt;script&gt;&quot;&#39;&amp;"));
    assert_null(strstr(a.body, "<script"));
    answer_free(&a);
}

static void check_asset(const char *path, const char *more, const char *body, const char *coding, const char *cache)
{
    char request[512];

    (void)snprintf(request, sizeof request, "GET /web/%s HTTP/1.1\r\nHost: x\r\n%s\r\n", path, more);
    struct answer a = ask(&toy, request);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, body);
    const char *said = header_of(&a, "Content-Encoding");
    assert_string_equal(said != NULL ? said : "", coding);
    assert_non_null(strstr(header_of(&a, "Cache-Control"), cache));
    answer_free(&a);
}

static void assets(void **state)
{
    const char *script = "assets/app-BfIk3c9x.js";
    char request[256];

    (void)state;
    check_asset(script, "Accept-Encoding: gzip, deflate, br\r\n", "br script", "br", "immutable");
    check_asset(script, "Accept-Encoding: gzip;q=0.5, br;q=0\r\n", "gz script", "gzip", "immutable");
    check_asset(script, "Accept-Encoding: *\r\n", "br script", "br", "immutable");
    check_asset(script, "Accept-Encoding: *;q=0\r\n", "plain script", "", "immutable");
    check_asset(script, "", "plain script", "", "immutable");
    check_asset("desk/index.html", "Accept-Encoding: br\r\n", "<p>desk</p>", "", "no-cache");
    check_asset("desk/index.html", "Accept-Encoding: br, gzip\r\n", "gz desk", "gzip", "no-cache");
    check_asset("assets/app-settings.js", "", "settings", "", "no-cache");
    ask_status(&toy, "GET /web/desk/none.html HTTP/1.1\r\nHost: x\r\n\r\n", 404);

    struct answer a =
        ask(&toy, "HEAD /web/desk/index.html HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");
    assert_string_equal(header_of(&a, "Content-Length"), "7");
    assert_string_equal(header_of(&a, "Vary"), "Accept-Encoding");
    (void)snprintf(
        request, sizeof request,
        "GET /web/desk/index.html HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nIf-None-Match: \"x\", W/%s\r\n\r\n",
        header_of(&a, "ETag"));
    answer_free(&a);
    a = ask(&toy, request);
    assert_int_equal(a.status, 304);
    assert_non_null(header_of(&a, "ETag"));
    assert_null(header_of(&a, "Content-Encoding"));
    assert_null(header_of(&a, "Content-Type"));
    answer_free(&a);
}

static void files(void **state)
{
    char path[] = "/tmp/http_test_XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "from a file", 11), 11);
    toy.file = path;
    struct answer a = ask(&toy, "GET /file HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "from a file");
    answer_free(&a);
    ask_status(&toy, "GET /file?missing=1 HTTP/1.1\r\nHost: x\r\n\r\n", 404);
    toy.file = "/tmp";
    ask_status(&toy, "GET /file HTTP/1.1\r\nHost: x\r\n\r\n", 500);
    (void)close(fd);
    (void)unlink(path);
}

static void broken_requests(void **state)
{
    static const char *const texts[] = {
        "",
        "GET\r\n\r\n",
        "GET /say\r\n\r\n",
        "GET /say HTTP/9.9\r\nHost: x\r\n\r\n",
        "\x16\x03\x01\x02",
        "GET /say HTTP/1.1\r\nHost: x\r\nNo colon here\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct wire w = dial(&toy);
        say(&w, texts[i]);
        hang_up(&w);
    }
    /* headers that are far too long are refused, and the next client is served */
    struct buf b = BUF_INIT(1 << 20);
    buf_addz(&b, "GET /say HTTP/1.1\r\nHost: x\r\nCookie: ");
    for (int i = 0; i < 70000; i++)
        buf_addc(&b, 'c');
    buf_addz(&b, "\r\n\r\n");
    struct wire w = dial(&toy);
    say_bytes(&w, b.p, b.n);
    struct answer a = answer_of(&w, false);
    assert_true(a.status == 431 || a.status == 0);
    answer_free(&a);
    hang_up(&w);
    buf_free(&b);
    ask_status(&toy, "GET /say HTTP/1.1\r\nHost: x\r\n\r\n", 200);
}

/* What a browser with a few kilobytes of somebody else's cookies sends still fits. */
static void ordinary_headers_fit(void **state)
{
    struct buf b = BUF_INIT(1 << 16);

    (void)state;
    buf_addz(&b, "GET /say?q=");
    for (int i = 0; i < 1000; i++)
        buf_addc(&b, 'q');
    buf_addz(&b, " HTTP/1.1\r\nHost: x\r\nCookie: c=");
    for (int i = 0; i < 1500; i++)
        buf_addc(&b, 'c');
    for (int i = 0; i < 20; i++)
        buf_addf(&b, "\r\nX-Header-%d: 0123456789012345678901234567890123456789", i);
    buf_addz(&b, "\r\n\r\n");
    buf_addc(&b, '\0');
    ask_status(&toy, b.p, 200);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_connection_and_the_order),
        cmocka_unit_test(expects_continue),
        cmocka_unit_test(body_over_its_limit),
        cmocka_unit_test(refused_without_body_keeps_the_connection),
        cmocka_unit_test(chunks_over_the_limit),
        cmocka_unit_test(large_body),
        cmocka_unit_test(ambiguous_framing),
        cmocka_unit_test(wrong_paths),
        cmocka_unit_test(paths_and_queries),
        cmocka_unit_test(cookies_and_languages),
        cmocka_unit_test(forms),
        cmocka_unit_test(head_has_no_body),
        cmocka_unit_test(headers_of_a_reply),
        cmocka_unit_test(problems),
        cmocka_unit_test(assets),
        cmocka_unit_test(files),
        cmocka_unit_test(broken_requests),
        cmocka_unit_test(ordinary_headers_fit),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
