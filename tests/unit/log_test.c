#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"

static char said[8192];
static int ends[2], real_stderr;

/* What is logged between these two lands in `said`. */
static void listen_in(void)
{
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    real_stderr = dup(STDERR_FILENO);
    assert_true(real_stderr >= 0 && dup2(ends[1], STDERR_FILENO) >= 0);
}

static void hang_up(void)
{
    assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
    ssize_t n = read(ends[0], said, sizeof said - 1);
    said[n > 0 ? n : 0] = '\0';
    assert_int_equal(close(ends[0]) + close(ends[1]) + close(real_stderr), 0);
}

/* The line after its time, which always has 29 characters. */
static const char *after_time(void)
{
    assert_int_equal(strncmp(said, "time=20", 7), 0);
    assert_string_equal(said + strlen(said) - 1, "\n");
    assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1); /* one line, whatever was in it */
    return said + strlen("time=") + 29 + 1;
}

static void an_event_is_one_line(void **state)
{
    (void)state;
    listen_in();
    log_event(LOG_INFO, "serve.start", "port=%d name=\"%s\"", 8080, "a\nb\tc\x7f");
    hang_up();
    assert_string_equal(after_time(), "level=info event=serve.start port=8080 name=\"a b c \"\n");
    listen_in();
    log_event(LOG_ERROR, "stop", NULL);
    hang_up();
    assert_string_equal(after_time(), "level=error event=stop\n");
}

static void the_level_decides(void **state)
{
    (void)state;
    listen_in();
    log_event(LOG_DEBUG, "quiet", NULL);
    log_set(LOG_WARN);
    log_event(LOG_INFO, "quiet", NULL);
    log_set(LOG_DEBUG);
    log_event(LOG_DEBUG, "heard", NULL);
    log_set(LOG_INFO);
    hang_up();
    assert_string_equal(after_time(), "level=debug event=heard\n");
}

/* The detail may hold what a person typed; it stays out. */
static void a_problem_has_code_field_and_cause(void **state)
{
    struct error e;

    (void)state;
    (void)error_setf(&e, ERROR_TOO_LONG, "title", "%s", "personal words");
    (void)snprintf(e.cause, sizeof e.cause, "%s", "said \"no\" \\ =");
    listen_in();
    log_problem(LOG_WARN, "case.create", &e);
    hang_up();
    assert_string_equal(
        after_time(),
        "level=warn event=case.create code=too_long field=title cause=\"said \\\"no\\\" \\\\ =\"\n");
}

static void a_line_too_long_is_cut(void **state)
{
    char longer[6000];

    (void)state;
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    listen_in();
    log_event(LOG_INFO, "long", "text=%s", longer);
    hang_up();
    (void)after_time();
    assert_true(strlen(said) > 4000 && strlen(said) <= 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_one_line),
        cmocka_unit_test(the_level_decides),
        cmocka_unit_test(a_problem_has_code_field_and_cause),
        cmocka_unit_test(a_line_too_long_is_cut),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
