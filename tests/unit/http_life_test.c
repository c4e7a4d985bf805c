/* What happens over time: answers from other threads, clients that go away, streams, stopping, TLS, proxies. */
#include <sys/wait.h>

#include "base/embed.h"
#include "base/time.h"
#include "http_toy.h"

const struct embed_file embed_files[] = {{"none", NULL, 0, NULL, 0, NULL, 0, "", ""}};
const size_t embed_count = 1;

enum { CROWD = 200 };

static void crowd_answered_by_two_threads(void **state)
{
    static struct wire wires[CROWD];
    struct toy t;
    char text[128];

    (void)state;
    toy_start(&t);
    t.blocked = true;
    for (int i = 0; i < CROWD; i++) {
        wires[i] = dial(&t);
        (void)snprintf(text, sizeof text, "GET /later?n=%d HTTP/1.1\r\nHost: x\r\n\r\n", i);
        say(&wires[i], text);
    }
    await_count(&t.queued, CROWD); /* all are suspended at once */
    ask_status(&t, "GET /say HTTP/1.1\r\nHost: x\r\n\r\n", 200);
    (void)pthread_mutex_lock(&t.lock);
    t.blocked = false;
    (void)pthread_cond_broadcast(&t.changed);
    (void)pthread_mutex_unlock(&t.lock);
    for (int i = 0; i < CROWD; i++) {
        struct answer a = answer_of(&wires[i], false);
        (void)snprintf(text, sizeof text, "later %d", i);
        assert_string_equal(a.body, text);
        answer_free(&a);
        hang_up(&wires[i]);
    }
    toy_stop(&t);
}

/* libmicrohttpd's own threads stand still when their one look at the sockets finds exactly 128 of them ready: here it does, because the only
 * thread naps while they speak. */
static void exactly_as_many_at_once_as_fit_one_look(void **state)
{
    static struct wire wires[128];
    struct toy t = {0};
    struct http_config config = toy_config(&t);

    (void)state;
    config.threads = 1;
    toy_start_with(&t, &config);
    for (size_t i = 0; i < 128; i++) {
        wires[i] = dial(&t);
        say(&wires[i], "GET /say HTTP/1.1\r\nHost: x\r\n\r\n");
        struct answer a = answer_of(&wires[i], false);
        answer_free(&a);
    }
    struct wire napping = dial(&t);
    say(&napping, "GET /nap HTTP/1.1\r\nHost: x\r\n\r\n");
    nap(50);
    for (size_t i = 0; i < 128; i++)
        say(&wires[i], "GET /say HTTP/1.1\r\nHost: x\r\n\r\n");
    for (size_t i = 0; i < 128; i++) {
        struct answer a = answer_of(&wires[i], false);
        assert_int_equal(a.status, 200);
        answer_free(&a);
        hang_up(&wires[i]);
    }
    hang_up(&napping);
    toy_stop(&t);
}

/* The answer comes when nobody is there any more: nothing leaks, nothing is touched twice, the next client is served. */
static void clients_leave_before_the_answer(void **state)
{
    struct toy t;

    (void)state;
    toy_start(&t);
    for (int i = 0; i < 100; i++) {
        struct wire w = dial(&t);
        say(&w, i % 2 ? "GET /later?ms=5 HTTP/1.1\r\nHost: x\r\n\r\n"
                      : "GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /later HTTP/1.1\r\nHost: x\r\n\r\n");
        if (i % 3 == 0) { /* with a reset instead of a polite end */
            const struct linger now = {1, 0};
            (void)setsockopt(w.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        }
        if (i % 5 == 0)
            nap(1);
        hang_up(&w);
    }
    ask_status(&t, "GET /say HTTP/1.1\r\nHost: x\r\n\r\n", 200);
    toy_stop(&t);
}

static void *churn(void *context)
{
    static const char *const requests[] = {
        "GET /later HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /say?a=1 HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
        "GET /problem?code=not_found HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n",
    };
    const struct toy *t = context;

    for (unsigned i = 0; i < 120; i++) {
        struct wire w = dial(t);
        for (unsigned k = 0; k < 4; k++)
            say(&w, requests[(i * 7 + k * 3) % 6]);
        if (i % 2 == 0)
            (void)hear(&w);
        hang_up(&w);
    }
    return NULL;
}

static void churning_clients(void **state)
{
    pthread_t threads[4];
    struct toy t;

    (void)state;
    toy_start(&t);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn, &t), 0);
    for (size_t i = 0; i < 4; i++)
        (void)pthread_join(threads[i], NULL);
    ask_status(&t, "GET /say HTTP/1.1\r\nHost: x\r\n\r\n", 200);
    toy_stop(&t);
}

static void slow_client(void **state)
{
    const char *request = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nslow";
    struct toy t;

    (void)state;
    toy_start(&t);
    struct wire w = dial(&t);
    for (const char *p = request; *p != '\0'; p++) {
        say_bytes(&w, p, 1);
        nap(2);
    }
    struct answer a = answer_of(&w, false);
    assert_string_equal(a.body, "slow");
    answer_free(&a);
    hang_up(&w);
    toy_stop(&t);
}

static bool tell(struct toy *t, size_t place, struct str bytes)
{
    (void)pthread_mutex_lock(&t->lock);
    bool told = t->streams[place] != NULL && http_stream_write(t->streams[place], bytes);
    (void)pthread_mutex_unlock(&t->lock);
    return told;
}

static void end(struct toy *t, size_t place)
{
    (void)pthread_mutex_lock(&t->lock);
    http_stream_close(t->streams[place]);
    (void)pthread_mutex_unlock(&t->lock);
}

static void stream_carries_events(void **state)
{
    char text[64];
    struct toy t;

    (void)state;
    toy_start(&t);
    struct wire w = dial(&t);
    say(&w, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(hear_text(&w, "Content-Type: text/event-stream"));
    assert_true(hear_text(&w, "\r\n\r\n"));
    for (int i = 0; i < 100; i++) {
        (void)snprintf(text, sizeof text, "data: %d\n\n", i);
        assert_true(tell(&t, 0, str_of(text)));
        if (i % 10 == 0)
            assert_true(hear_text(&w, text)); /* asleep in between */
    }
    assert_true(hear_text(&w, "data: 99\n\n"));
    assert_int_equal(atomic_load(&t.closed), 0);
    assert_true(tell(&t, 0, STR("data: last\n\n")));
    end(&t, 0);
    assert_true(hear_text(&w, "data: last\n\n"));
    assert_true(hear_text(&w, "0\r\n\r\n")); /* a proper end: the connection lives on */
    await_count(&t.closed, 1);
    say(&w, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
    struct answer a = answer_of(&w, false);
    assert_string_equal(a.body, "ok");
    answer_free(&a);
    hang_up(&w);
    ask_status(&t, "HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n", 200);
    await_count(&t.closed, 2);
    toy_stop(&t);
}

static void stream_notices_that_the_client_left(void **state)
{
    struct toy t;

    (void)state;
    toy_start(&t);
    struct wire w = dial(&t);
    say(&w, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(hear_text(&w, "\r\n\r\n"));
    hang_up(&w);
    for (int i = 0; i < 500 && atomic_load(&t.closed) == 0; i++) { /* by its pings */
        (void)tell(&t, 0, STR(": ping\n\n"));
        nap(10);
    }
    assert_int_equal(atomic_load(&t.closed), 1);
    assert_false(tell(&t, 0, STR("data\n\n")));
    toy_stop(&t);
    assert_int_equal(atomic_load(&t.closed), 1);
}

static void stream_refuses_when_nobody_reads(void **state)
{
    static char block[16 * 1024];
    struct toy t;
    size_t told = 0;

    (void)state;
    memset(block, 'x', sizeof block);
    toy_start(&t);
    struct wire w = dial(&t);
    say(&w, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(hear_text(&w, "\r\n\r\n"));
    while (told < 4096 && tell(&t, 0, str_range(block, sizeof block)))
        told++;
    assert_true(told >= 256 / 16);
    assert_true(told < 4096); /* what waits is bounded */
    assert_false(tell(&t, 0, str_range(block, sizeof block)));
    end(&t, 0);
    hang_up(&w);
    toy_stop(&t);
    assert_int_equal(atomic_load(&t.closed), 1);
}

static void *stopper(void *context)
{
    toy_stop(context);
    return NULL;
}

static void stopping_waits_for_answers_and_ends_streams(void **state)
{
    struct toy t;
    pthread_t thread;

    (void)state;
    toy_start(&t);
    struct wire idle = dial(&t), waiting = dial(&t), streaming = dial(&t);
    say(&idle, "GET /say HTTP/1.1\r\nHost: x\r\n\r\n");
    struct answer a = answer_of(&idle, false);
    answer_free(&a);
    say(&streaming, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(hear_text(&streaming, "\r\n\r\n"));
    say(&waiting, "GET /later?n=7&ms=200 HTTP/1.1\r\nHost: x\r\n\r\n");
    await_count(&t.queued, 1);
    assert_int_equal(pthread_create(&thread, NULL, stopper, &t), 0);
    a = answer_of(&waiting, false);
    assert_string_equal(a.body, "later 7");
    assert_string_equal(header_of(&a, "Connection"), "close");
    answer_free(&a);
    assert_true(hear_text(&streaming, "0\r\n\r\n"));
    assert_true(is_closed(&idle));
    (void)pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&t.closed), 1);
    hang_up(&idle);
    hang_up(&waiting);
    hang_up(&streaming);
}

/* The grace is over and the answer is not there: the stop goes on, and the answer that comes after it goes nowhere. */
static void stopping_does_not_wait_for_ever(void **state)
{
    struct wire wires[20];
    struct toy t;

    (void)state;
    toy_start(&t);
    t.blocked = true;
    for (size_t i = 0; i < 20; i++) {
        wires[i] = dial(&t);
        say(&wires[i], "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    await_count(&t.queued, 20);
    int64_t before = time_real();
    http_stop(t.server, 100);
    assert_true(time_real() - before < 5000);
    t.server = NULL;
    assert_int_equal(atomic_load(&t.over), 0); /* the app still has them */
    (void)pthread_mutex_lock(&t.lock);
    t.blocked = false;
    (void)pthread_cond_broadcast(&t.changed);
    (void)pthread_mutex_unlock(&t.lock);
    toy_stop(&t);
    assert_int_equal(atomic_load(&t.answered), 20);
    for (size_t i = 0; i < 20; i++) {
        assert_true(is_closed(&wires[i]));
        hang_up(&wires[i]);
    }
}

static void stopping_under_load(void **state)
{
    struct toy t;

    (void)state;
    for (int round = 0; round < 5; round++) {
        toy_start(&t);
        struct wire wires[40];
        for (size_t i = 0; i < 40; i++) {
            wires[i] = dial(&t);
            for (int k = 0; k < 20; k++)
                say(&wires[i], k % 3 ? "GET /later HTTP/1.1\r\nHost: x\r\n\r\n"
                                     : "GET /say HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        http_stop(t.server, round * 2);
        t.server = NULL;
        toy_stop(&t);
        for (size_t i = 0; i < 40; i++)
            hang_up(&wires[i]);
    }
}

static void proxies_are_believed_when_told_to(void **state)
{
    static const struct {
        const char *head, *wanted;
    } rows[] = {
        {"X-Forwarded-For: 10.0.0.1, 2001:db8::7\r\nX-Forwarded-Proto: https\r\n", "peer=2001:db8::7 secure=1"},
        {"X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 10.0.0.2\r\n", "peer=10.0.0.2 secure=0"},
        {"X-Forwarded-For: <script>\r\nX-Forwarded-Proto: http\r\n", "peer=127.0.0.1 secure=0"},
        {"X-Forwarded-For:\r\n", "peer=127.0.0.1 secure=0"},
    };
    struct toy t = {0};
    struct http_config config = toy_config(&t);
    char request[512];

    (void)state;
    config.trust_proxy = true;
    config.threads = 1;
    toy_start_with(&t, &config);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)snprintf(request, sizeof request, "GET /say HTTP/1.1\r\nHost: x\r\n%s\r\n", rows[i].head);
        struct answer a = ask(&t, request);
        assert_int_equal(a.status, 200);
        assert_non_null(strstr(a.body != NULL ? a.body : "", rows[i].wanted));
        assert_true((header_of(&a, "Strict-Transport-Security") != NULL) == (i == 0));
        answer_free(&a);
    }
    toy_stop(&t);
}

/* Runs a command line; its exit code. */
static int run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int run(const char *format, ...)
{
    char line[1024];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    int status = system(line); /* NOLINT(cert-env33-c): a shell is what is wanted */
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void assert_holds(const char *path, const char *wanted)
{
    static char text[65536];
    FILE *f = fopen(path, "r");

    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    if (strstr(text, wanted) == NULL)
        fail_msg("%s is not in: %s", wanted, text);
}

static void speaks_tls(void **state)
{
    char folder[] = "/tmp/http_tls_XXXXXX", cert[64], key[64], out[64], url[64];
    struct toy t = {0};
    struct http_config config = toy_config(&t);
    struct error e;

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(cert, sizeof cert, "%s/cert.pem", folder);
    (void)snprintf(key, sizeof key, "%s/key.pem", folder);
    (void)snprintf(out, sizeof out, "%s/out", folder);
    assert_int_equal(run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -days 2 "
                         "-addext subjectAltName=DNS:localhost -keyout %s -out %s >%s 2>&1",
                         key, cert, out),
                     0);

    config.tls_cert = cert;
    assert_false(http_start(&t.server, &config, &e)); /* no key */
    assert_int_equal(e.code, ERROR_CONFIG_VALUE);
    config.tls_key = out;
    assert_false(http_start(&t.server, &config, &e)); /* not a key */
    assert_int_equal(e.code, ERROR_CONFIG_VALUE);
    config.tls_key = key;
    toy_start_with(&t, &config);
    (void)snprintf(url, sizeof url, "https://localhost:%d/later?n=1", http_port(t.server));
    assert_int_equal(run("curl -sS -i -4 --cacert %s %s %s %s >%s", cert, url, url, url, out), 0);
    assert_holds(out, "later 1");
    assert_holds(out, "Strict-Transport-Security: max-age=");
    assert_int_not_equal(run("curl -sS -4 --cacert %s --tls-max 1.1 %s >/dev/null 2>&1", cert, url), 0);
    struct wire w = dial(&t); /* someone who does not speak TLS */
    say(&w, "GET /say HTTP/1.1\r\nHost: x\r\n\r\n");
    hang_up(&w);
    toy_stop(&t);
    (void)unlink(cert);
    (void)unlink(key);
    (void)unlink(out);
    (void)rmdir(folder);
}

static void says_why_it_cannot_start(void **state)
{
    static const char *const wrong[] = {"",         "8080",         "127.0.0.1:",     "127.0.0.1:port",
                                        "::1:8080", "256.1.1.1:80", "127.0.0.1:99999"};
    struct toy t, second = {0};
    struct http_config config = toy_config(&second);
    struct error e;
    char listen[64];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        config.listen = wrong[i];
        if (http_start(&second.server, &config, &e))
            fail_msg("listens at %s", wrong[i]);
        assert_int_equal(e.code, ERROR_CONFIG_VALUE);
        assert_string_equal(e.field, "listen");
    }
    toy_start(&t);
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%d", http_port(t.server));
    config.listen = listen;
    assert_false(http_start(&second.server, &config, &e));
    assert_int_equal(e.code, ERROR_PORT_IN_USE);
    assert_string_equal(e.detail, listen);
    toy_stop(&t);
    config.listen = ":0";
    toy_start_with(&second, &config);
    ask_status(&second, "GET /say HTTP/1.1\r\nHost: x\r\n\r\n", 200);
    toy_stop(&second);
    http_stop(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crowd_answered_by_two_threads),
        cmocka_unit_test(exactly_as_many_at_once_as_fit_one_look),
        cmocka_unit_test(clients_leave_before_the_answer),
        cmocka_unit_test(churning_clients),
        cmocka_unit_test(slow_client),
        cmocka_unit_test(stream_carries_events),
        cmocka_unit_test(stream_notices_that_the_client_left),
        cmocka_unit_test(stream_refuses_when_nobody_reads),
        cmocka_unit_test(stopping_waits_for_answers_and_ends_streams),
        cmocka_unit_test(stopping_does_not_wait_for_ever),
        cmocka_unit_test(stopping_under_load),
        cmocka_unit_test(proxies_are_believed_when_told_to),
        cmocka_unit_test(speaks_tls),
        cmocka_unit_test(says_why_it_cannot_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
