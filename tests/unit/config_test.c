#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/config.h"

static char folder[] = "/tmp/liuxiao-config-XXXXXX";
static char ini[64];

static int start(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(ini, sizeof ini, "%s/liuxiao.ini", folder);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    (void)unlink(ini);
    return rmdir(folder);
}

/* Before each test: no ini, and an environment without our variables. */
static int clean(void **state)
{
    (void)state;
    (void)unlink(ini);
    for (size_t i = 0; environ != NULL && environ[i] != NULL;) {
        char name[64];
        const char *equals = strchr(environ[i], '=');
        if (strncmp(environ[i], "LIUXIAO_", 8) != 0 || equals == NULL) {
            i++;
            continue;
        }
        (void)snprintf(name, sizeof name, "%.*s", (int)(equals - environ[i]), environ[i]);
        if (unsetenv(name) != 0)
            return -1;
        i = 0;
    }
    return 0;
}

static void write_ini(const char *text)
{
    FILE *file = fopen(ini, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

enum { ARGS = 16 };

struct line {
    int argc;
    char *argv[ARGS];
};

/* The words of a command line, up to a null. */
static struct line line_of(char *first, ...)
{
    struct line l = {.argc = 1, .argv = {first}};
    va_list args;

    va_start(args, first);
    for (char *word; (word = va_arg(args, char *)) != NULL;)
        l.argv[l.argc++] = word;
    va_end(args);
    return l;
}

#define LINE(...) line_of((char[]){"liuxiao"}, __VA_ARGS__, (char *)NULL)

static void assert_refused(struct line l, enum error_code code, const char *field, const char *detail)
{
    struct config c = {.lang = "untouched"};
    struct error e = {0};

    assert_false(config_load(&c, &l.argc, l.argv, &e));
    assert_string_equal(error_name(e.code), error_name(code));
    assert_string_equal(e.field, field);
    assert_string_equal(e.detail, detail);
    assert_string_equal(c.lang, "untouched");
}

static struct config loaded(struct line l)
{
    struct config c;
    struct error e = {0};

    if (!config_load(&c, &l.argc, l.argv, &e))
        fail_msg("%s %s %s", error_name(e.code), e.field, e.detail);
    return c;
}

static void fallbacks_are_sensible(void **state)
{
    struct config c = loaded(LINE("serve"));

    (void)state;
    assert_string_equal(c.data, "./data");
    assert_string_equal(c.files, "./data/files");
    assert_string_equal(c.key_file, "./data.key");
    assert_string_equal(c.listen, "127.0.0.1:8080");
    assert_string_equal(c.lang, "zh-CN");
    assert_string_equal(c.log_level, "info");
    assert_null(c.database);
    assert_null(c.public_url);
    assert_null(c.tls_cert);
    assert_true(c.http_threads >= 1);
    assert_int_equal(c.readers, 2);
    assert_int_equal(c.writers, 4);
    assert_int_equal(c.queue, 4096);
    assert_false(c.trust_proxy);
}

static void flags_leave_the_line(void **state)
{
    struct line l = LINE("report", "--data", "/srv/a", "--unit", "341203", "--listen=[::1]:80", "--json",
                         "--trust-proxy", "--year", "2024", "--readers", "8");
    struct config c;

    (void)state;
    assert_true(config_load(&c, &l.argc, l.argv, NULL));
    assert_string_equal(c.data, "/srv/a");
    assert_string_equal(c.listen, "[::1]:80");
    assert_true(c.trust_proxy);
    assert_int_equal(c.readers, 8);
    assert_int_equal(l.argc, 7);
    const char *left[] = {"liuxiao", "report", "--unit", "341203", "--json", "--year", "2024"};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        assert_string_equal(l.argv[i], left[i]);
    assert_null(l.argv[7]);
}

static void spellings_of_flags(void **state)
{
    (void)state;
    assert_string_equal(loaded(LINE("--key-file", "/k")).key_file, "/k");
    assert_string_equal(loaded(LINE("--key_file=/k")).key_file, "/k");
    assert_string_equal(loaded(LINE("--lang", "en", "--lang", "zh-Hant")).lang, "zh-Hant");
    assert_false(loaded(LINE("--trust-proxy", "no")).trust_proxy);
    assert_false(loaded(LINE("--trust-proxy=off")).trust_proxy);
    assert_true(loaded(LINE("--trust-proxy", "TRUE")).trust_proxy);
    struct line l = LINE("import", "--", "--lang", "en");
    struct config c;
    assert_true(config_load(&c, &l.argc, l.argv, NULL)); /* behind -- nothing is a flag of ours */
    assert_string_equal(c.lang, "zh-CN");
    assert_int_equal(l.argc, 5);
}

static void flags_beat_environment_beats_ini(void **state)
{
    (void)state;
    write_ini("; a comment\nlisten = 0.0.0.0:1\nreaders = 5 ; inline\nwriters=7\nkey-file = /ini.key\n");
    assert_int_equal(setenv("LIUXIAO_DATA", folder, 1), 0);
    assert_int_equal(setenv("LIUXIAO_LISTEN", "0.0.0.0:2", 1), 0);
    assert_int_equal(setenv("LIUXIAO_READERS", "6", 1), 0);
    assert_int_equal(setenv("LIUXIAO_WRITERS", "", 1), 0); /* empty: not given */
    struct config c = loaded(LINE("--listen", "0.0.0.0:3"));
    assert_string_equal(c.listen, "0.0.0.0:3");
    assert_int_equal(c.readers, 6);
    assert_int_equal(c.writers, 7);
    assert_string_equal(c.key_file, "/ini.key");
    assert_string_equal(c.data, folder);
}

static void long_lines_of_the_ini_stay_whole(void **state)
{
    char text[1200] = "database = postgresql://u@h/db?options=";
    size_t n = strlen(text);

    (void)state;
    memset(text + n, 'x', 1000);
    text[n + 1000] = '\n';
    write_ini(text);
    assert_int_equal(strlen(loaded(LINE("--data", folder)).database), n + 1000 - strlen("database = "));
}

static void unknown_keys_are_named(void **state)
{
    (void)state;
    write_ini("lissten = 1\n");
    assert_refused(LINE("--data", folder), ERROR_CONFIG_KEY, "", "lissten");
    write_ini("[http]\nlisten = 127.0.0.1:1\n");
    assert_refused(LINE("--data", folder), ERROR_CONFIG_KEY, "", "http.listen");
    write_ini("data = /elsewhere\n");
    assert_refused(LINE("--data", folder), ERROR_CONFIG_KEY, "", "data");
    write_ini("readers = 3\nreaders = 4\n");
    assert_refused(LINE("--data", folder), ERROR_DUPLICATE_KEY, "readers", "readers");
    write_ini("readers = 3\nwhat is this\n");
    assert_refused(LINE("--data", folder), ERROR_CONFIG_VALUE, "liuxiao.ini", "2");
    assert_int_equal(unlink(ini), 0);
    assert_int_equal(setenv("LIUXIAO_LISSTEN", "1", 1), 0);
    assert_refused(LINE("serve"), ERROR_CONFIG_KEY, "", "LIUXIAO_LISSTEN");
}

static void wrong_values_are_named(void **state)
{
    (void)state;
    assert_refused(LINE("--readers", "0"), ERROR_CONFIG_VALUE, "readers", "0");
    assert_refused(LINE("--readers", "257"), ERROR_CONFIG_VALUE, "readers", "257");
    assert_refused(LINE("--readers=2x"), ERROR_CONFIG_VALUE, "readers", "2x");
    assert_refused(LINE("--readers="), ERROR_CONFIG_VALUE, "readers", "");
    assert_refused(LINE("--readers"), ERROR_CONFIG_VALUE, "readers", "");
    assert_refused(LINE("--data", "--listen", ":1"), ERROR_CONFIG_VALUE, "data", "");
    assert_refused(LINE("--trust-proxy=perhaps"), ERROR_CONFIG_VALUE, "trust_proxy", "perhaps");
    assert_refused(LINE("--lang", "de"), ERROR_CONFIG_VALUE, "lang", "de");
    assert_refused(LINE("--log-level", "loud"), ERROR_CONFIG_VALUE, "log_level", "loud");
    assert_refused(LINE("--public-url", "example.cn"), ERROR_CONFIG_VALUE, "public_url", "example.cn");
    assert_refused(LINE("--tls-cert", "a.pem"), ERROR_CONFIG_VALUE, "tls_key", "");
    assert_refused(LINE("--tls-key", "a.pem"), ERROR_CONFIG_VALUE, "tls_cert", "");
    assert_refused(LINE("--database", "mysql://u:secret@h"), ERROR_CONFIG_VALUE, "database", ""); /* not shown */
    const char *listens[] = {"8080",   "localhost", "a:b",     "a:65536", "a:-1",
                             "::1:80", "[]:80",     "[::1:80", "a:"};
    for (size_t i = 0; i < sizeof listens / sizeof listens[0]; i++)
        assert_refused(LINE("--listen", listens[i]), ERROR_CONFIG_VALUE, "listen", listens[i]);
    assert_string_equal(loaded(LINE("--listen", ":0")).listen, ":0");
}

static void paths_follow_the_data_folder(void **state)
{
    char here[4096], expected[4200];

    (void)state;
    struct config c = loaded(LINE("--data", "/srv/six//"));
    assert_string_equal(c.data, "/srv/six");
    assert_string_equal(c.files, "/srv/six/files");
    assert_string_equal(c.key_file, "/srv/six.key");
    assert_string_equal(loaded(LINE("--data", "d")).key_file, "d.key");
    assert_string_equal(loaded(LINE("--files", "/f", "--data", "d")).files, "/f");
    assert_string_equal(loaded(LINE("--public-url", "https://a.cn/")).public_url, "https://a.cn");
    assert_non_null(getcwd(here, sizeof here));
    (void)snprintf(expected, sizeof expected, "%s.key", here);
    assert_string_equal(loaded(LINE("--data", ".")).key_file, expected); /* beside the folder, not in it */
}

static void the_table_documents_every_key(void **state)
{
    (void)state;
    assert_int_equal(config_key_count, 18);
    for (size_t i = 0; i < config_key_count; i++) {
        assert_true(config_keys[i].meaning[0] != '\0');
        assert_true(config_keys[i].offset < sizeof(struct config));
        if (config_keys[i].type == CONFIG_INT)
            assert_true(config_keys[i].least < config_keys[i].most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(fallbacks_are_sensible, clean),
        cmocka_unit_test_setup(flags_leave_the_line, clean),
        cmocka_unit_test_setup(spellings_of_flags, clean),
        cmocka_unit_test_setup(flags_beat_environment_beats_ini, clean),
        cmocka_unit_test_setup(long_lines_of_the_ini_stay_whole, clean),
        cmocka_unit_test_setup(unknown_keys_are_named, clean),
        cmocka_unit_test_setup(wrong_values_are_named, clean),
        cmocka_unit_test_setup(paths_follow_the_data_folder, clean),
        cmocka_unit_test_setup(the_table_documents_every_key, clean),
    };
    return cmocka_run_group_tests_name("config", tests, start, finish);
}
