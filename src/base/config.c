#include "base/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/lang.h"
#include "base/str.h"

#define TEXT(key) .type = CONFIG_TEXT, .offset = offsetof(struct config, key)
#define INT(key) .type = CONFIG_INT, .offset = offsetof(struct config, key)
#define BOOL(key) .type = CONFIG_BOOL, .offset = offsetof(struct config, key)

/* A fallback that depends on another key ("beside the data folder") is worked out in finish(). */
/* clang-format off */
const struct config_key config_keys[] = {
    {"data", "folder of the database and the files", "./data", TEXT(data), 0, 0},
    {"database", "postgresql:// URI; without it SQLite in the data folder", NULL, TEXT(database), 0, 0},
    {"files", "folder of uploaded files; default DATA/files", NULL, TEXT(files), 0, 0},
    {"key_file", "keys that seal personal data; default DATA.key, beside the folder", NULL, TEXT(key_file), 0, 0},
    {"listen", "address and port", "127.0.0.1:8080", TEXT(listen), 0, 0},
    {"public_url", "how residents reach it (https://…), for QR codes and the Origin check", NULL, TEXT(public_url), 0, 0},
    {"tls_cert", "certificate chain (PEM)", NULL, TEXT(tls_cert), 0, 0},
    {"tls_key", "its private key (PEM)", NULL, TEXT(tls_key), 0, 0},
    {"lang", "language where the reader's is not known: zh-CN, zh-Hant or en", "zh-CN", TEXT(lang), 0, 0},
    {"http_threads", "threads that speak HTTP; 0 takes one per core", "0", INT(http_threads), 0, 256},
    {"readers", "database connections that read", "2", INT(readers), 1, 256},
    {"writers", "database connections that write (PostgreSQL; SQLite has one)", "4", INT(writers), 1, 256},
    {"queue", "commands that may wait before new ones are told to come back later", "4096", INT(queue), 16, 1048576},
    {"trust_proxy", "take X-Forwarded-For from a proxy on this machine", "no", BOOL(trust_proxy), 0, 0},
    {"log_level", "error, warn, info or debug", "info", TEXT(log_level), 0, 0},
    {"backup_folder", "where the server puts a proved backup every night; without it none", NULL, TEXT(backup_folder), 0, 0},
    {"backup_time", "when, HH:MM", "02:30", TEXT(backup_time), 0, 0},
    {"backup_keep", "how many of them stay", "14", INT(backup_keep), 1, 10000},
};
/* clang-format on */
const size_t config_key_count = sizeof config_keys / sizeof config_keys[0];

enum { KEYS = sizeof config_keys / sizeof config_keys[0] };

static const char prefix[] = "LIUXIAO_";
static const char ini_name[] = "liuxiao.ini";

/* The texts of all configurations ever loaded; reachable until the process ends. */
static struct arena *texts;

/* What was given, by key; null where nothing was. The strongest source is read first and later ones fill
 * the gaps. */
struct given {
    const char *value[KEYS];
};

static bool same_name(const char *name, struct str written, char hyphen)
{
    size_t i = 0;

    for (; i < written.n && name[i] != '\0'; i++) {
        char c = written.p[i] == hyphen ? '_' : written.p[i];
        if (c != name[i])
            return false;
    }
    return i == written.n && name[i] == '\0';
}

static int find_key(struct str written, char hyphen)
{
    for (int i = 0; i < KEYS; i++)
        if (same_name(config_keys[i].name, written, hyphen))
            return i;
    return -1;
}

/* --- flags --- */

static bool bool_word(const char *word, bool *ret)
{
    static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false", "off", "0"};

    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (strcasecmp(word, yes[i]) != 0 && strcasecmp(word, no[i]) != 0)
            continue;
        *ret = strcasecmp(word, yes[i]) == 0;
        return true;
    }
    return false;
}

/* Reads the flag at argv[at]; tells how many arguments it took, 0 when it is not one of the table's. */
static bool read_flag(struct given *g, int argc, char **argv, int at, int *ret_took, struct error *e)
{
    const char *arg = argv[at];
    bool unused;

    *ret_took = 0;
    if (strncmp(arg, "--", 2) != 0)
        return true;
    const char *equals = strchr(arg, '=');
    struct str name = equals != NULL ? str_range(arg + 2, (size_t)(equals - arg) - 2) : str_of(arg + 2);
    int key = find_key(name, '-');
    if (key < 0)
        return true;
    const char *next = at + 1 < argc ? argv[at + 1] : NULL;
    *ret_took = 1;
    if (equals != NULL) {
        g->value[key] = equals + 1;
    } else if (config_keys[key].type == CONFIG_BOOL && (next == NULL || !bool_word(next, &unused))) {
        g->value[key] = "yes"; /* the bare flag */
    } else if (next == NULL || strncmp(next, "--", 2) == 0) {
        return error_set(e, ERROR_CONFIG_VALUE, config_keys[key].name);
    } else {
        g->value[key] = next;
        *ret_took = 2;
    }
    return true;
}

/* The last of two equal flags wins, as people expect of a command line. Nothing is touched behind a bare
 * "--". */
static bool read_flags(struct given *g, int *argc, char **argv, struct error *e)
{
    int kept = 1, at = 1, took;

    while (at < *argc && strcmp(argv[at], "--") != 0) {
        if (!read_flag(g, *argc, argv, at, &took, e))
            return false;
        if (took == 0)
            argv[kept++] = argv[at++];
        at += took;
    }
    while (at < *argc)
        argv[kept++] = argv[at++];
    if (kept < *argc)
        argv[kept] = NULL;
    *argc = kept;
    return true;
}

/* --- environment and file --- */

static bool read_environment(struct given *g, struct error *e)
{
    const size_t n = sizeof prefix - 1;
    char name[64];

    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        const char *equals = strchr(*variable, '=');
        if (strncmp(*variable, prefix, n) != 0 || equals == NULL)
            continue;
        size_t length = (size_t)(equals - *variable) - n;
        for (size_t i = 0; i < length && i < sizeof name; i++) {
            char c = (*variable)[n + i];
            name[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        }
        int key = length < sizeof name ? find_key(str_range(name, length), '\0') : -1;
        if (key < 0)
            return error_setf(e, ERROR_CONFIG_KEY, NULL, "%.*s", (int)(equals - *variable), *variable);
        if (g->value[key] == NULL && equals[1] != '\0') /* containers pass on empty variables: not given */
            g->value[key] = equals + 1;
    }
    return true;
}

struct ini {
    struct given *given;
    bool seen[KEYS];
    struct error *e;
    bool failed;
};

/* Returns 0 for a wrong line, as inih wants it. */
static int read_pair(void *user, const char *section, const char *name, const char *value)
{
    struct ini *ini = user;
    int key = find_key(str_of(name), '-');

    if (ini->failed)
        return 0;
    if (section[0] != '\0' || key < 0 || strcmp(name, "data") == 0) { /* the file lies in the data folder */
        ini->failed = true;
        (void)error_setf(ini->e, ERROR_CONFIG_KEY, NULL, "%s%s%s", section, section[0] != '\0' ? "." : "", name);
        return 0;
    }
    if (ini->seen[key]) {
        ini->failed = true;
        (void)error_setf(ini->e, ERROR_DUPLICATE_KEY, name, "%s", name); /* not the value: it may be a secret */
        return 0;
    }
    ini->seen[key] = true;
    if (ini->given->value[key] == NULL && value[0] != '\0')
        ini->given->value[key] = arena_z(texts, str_of(value));
    return 1;
}

static bool read_ini(struct given *g, const char *path, struct error *e)
{
    struct ini ini = {.given = g, .e = e};
    FILE *file = fopen(path, "re");

    if (file == NULL && (errno == ENOENT || errno == ENOTDIR))
        return true;
    if (file == NULL) {
        const char *why = strerror(errno);
        (void)error_setf(e, ERROR_DATA_FOLDER, NULL, "%s: %s", path, why);
        return false;
    }
    /* room for a long database URI: inih cuts lines at 200 otherwise */
    ini_use_stack = false;
    ini_initial_alloc = ini_max_line = 4096;
    int line = ini_parse_file(file, read_pair, &ini);
    (void)fclose(file);
    if (ini.failed)
        return false;
    return line == 0 || error_setf(e, ERROR_CONFIG_VALUE, ini_name, "%d", line);
}

/* --- values --- */

static bool read_value(struct config *c, const struct config_key *key, const char *value, struct error *e)
{
    void *at = (char *)c + key->offset;

    if (value == NULL)
        value = key->fallback;
    if (key->type == CONFIG_TEXT) {
        *(const char **)at = value != NULL && value[0] != '\0' ? arena_z(texts, str_of(value)) : NULL;
        return true;
    }
    if (key->type == CONFIG_BOOL)
        return bool_word(value, at) || error_setf(e, ERROR_CONFIG_VALUE, key->name, "%s", value);
    int64_t number;
    if (!str_int(str_of(value), &number) || number < key->least || number > key->most)
        return error_setf(e, ERROR_CONFIG_VALUE, key->name, "%s", value);
    *(int64_t *)at = number;
    return true;
}

static bool starts(const char *z, const char *with)
{
    return str_starts(str_of(z), str_of(with));
}

static bool listen_right(const char *listen)
{
    const char *colon = strrchr(listen, ':');
    int64_t port;

    if (colon == NULL || !str_int(str_of(colon + 1), &port) || port < 0 || port > 65535)
        return false;
    struct str host = str_range(listen, (size_t)(colon - listen));
    if (host.n > 0 && host.p[0] == '[')
        return host.n > 2 && host.p[host.n - 1] == ']';
    return host.n == 0 || memchr(host.p, ':', host.n) == NULL;
}

static bool lang_right(const char *tag)
{
    for (int i = 0; i < LANG_COUNT; i++)
        if (strcmp(tag, lang_tag((enum lang)i)) == 0)
            return true;
    return false;
}

static bool level_right(const char *level)
{
    static const char *const levels[] = {"error", "warn", "info", "debug"};

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (strcmp(level, levels[i]) == 0)
            return true;
    return false;
}

static bool time_right(const char *time)
{
    int64_t hour, minute;
    return strlen(time) == 5 && time[2] == ':' && str_int(str_range(time, 2), &hour) &&
           str_int(str_of(time + 3), &minute) && hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
}

static bool check(const struct config *c, struct error *e)
{
    if (!time_right(c->backup_time))
        return error_setf(e, ERROR_CONFIG_VALUE, "backup_time", "%s", c->backup_time);
    if (c->database != NULL && !starts(c->database, "postgresql://") && !starts(c->database, "postgres://"))
        return error_set(e, ERROR_CONFIG_VALUE, "database"); /* not shown: it may hold a password */
    if (!listen_right(c->listen))
        return error_setf(e, ERROR_CONFIG_VALUE, "listen", "%s", c->listen);
    if (c->public_url != NULL && !starts(c->public_url, "https://") && !starts(c->public_url, "http://"))
        return error_setf(e, ERROR_CONFIG_VALUE, "public_url", "%s", c->public_url);
    if ((c->tls_cert == NULL) != (c->tls_key == NULL))
        return error_set(e, ERROR_CONFIG_VALUE, c->tls_cert == NULL ? "tls_cert" : "tls_key");
    if (!lang_right(c->lang))
        return error_setf(e, ERROR_CONFIG_VALUE, "lang", "%s", c->lang);
    if (!level_right(c->log_level))
        return error_setf(e, ERROR_CONFIG_VALUE, "log_level", "%s", c->log_level);
    return true;
}

static const char *without_slashes(const char *path)
{
    struct str s = str_of(path);

    while (s.n > 1 && s.p[s.n - 1] == '/')
        s.n--;
    return arena_z(texts, s);
}

/* "data" → "data.key". A folder given as "." or ".." has its name elsewhere. */
static const char *key_beside(const char *data)
{
    const char *slash = strrchr(data, '/'), *name = slash != NULL ? slash + 1 : data;

    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
        return arena_printf(texts, "%s.key", data);
    char *real = realpath(data, NULL);
    const char *path = arena_printf(texts, "%s.key", real != NULL ? real : "liuxiao");
    free(real);
    return path;
}

/* Fallbacks that follow from other values. */
static void finish(struct config *c)
{
    c->data = without_slashes(c->data);
    if (c->files == NULL)
        c->files = arena_printf(texts, "%s/files", c->data);
    if (c->key_file == NULL)
        c->key_file = key_beside(c->data);
    if (c->public_url != NULL)
        c->public_url = without_slashes(c->public_url);
    if (c->http_threads == 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        c->http_threads = cores > 0 ? cores : 1;
    }
}

bool config_load(struct config *c, int *argc, char **argv, struct error *e)
{
    struct given given = {{NULL}};
    struct config made = {0};

    if (texts == NULL)
        texts = arena_open();
    if (!read_flags(&given, argc, argv, e) || !read_environment(&given, e))
        return false;
    if (!read_value(&made, &config_keys[0], given.value[0], e)) /* the folder that the ini lies in */
        return false;
    const char *ini = arena_printf(texts, "%s/%s", made.data, ini_name);
    if (!read_ini(&given, ini, e))
        return false;
    for (int i = 0; i < KEYS; i++)
        if (!read_value(&made, &config_keys[i], given.value[i], e))
            return false;
    if (!check(&made, e))
        return false;
    finish(&made);
    *c = made;
    return true;
}
