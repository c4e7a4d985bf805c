#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/lang.h"
#include "cli/cli.h"

static void print_help(const char *subcommand, const struct flag *flags)
{
    for (const struct subcommand *s = subcommands; s->name != NULL; s++)
        if (strcmp(s->name, subcommand) == 0)
            (void)printf("usage: liuxiao %s\n%s\n\n", s->usage, s->summary);
    for (; flags->name != NULL; flags++)
        (void)printf("  --%-12s %s\n", flags->name, flags->meaning);
    (void)puts("\nconfiguration (flag --name, variable LIUXIAO_NAME, or name = value in DATA/liuxiao.ini):");
    for (size_t i = 0; i < config_key_count; i++)
        (void)printf("  --%-12s %s%s%s%s\n", config_keys[i].name, config_keys[i].meaning,
                     config_keys[i].fallback ? " (" : "", config_keys[i].fallback ? config_keys[i].fallback : "",
                     config_keys[i].fallback ? ")" : "");
}

static struct flag *find(struct flag *flags, const char *name, size_t n)
{
    for (; flags->name != NULL; flags++)
        if (strlen(flags->name) == n && memcmp(flags->name, name, n) == 0)
            return flags;
    return NULL;
}

static bool set(struct flag *f, const char *value)
{
    if (f->repeated && f->count + 1 < (int)(sizeof f->values / sizeof f->values[0]))
        f->values[f->count] = value;
    f->count++;
    f->value = value;
    return true;
}

bool cli_flags(const char *subcommand, int argc, char **argv, struct flag *flags, const char **rest,
               int rest_max, bool *ret_help)
{
    int others = 0;

    *ret_help = false;
    for (int i = 1; i < argc; i++) {
        const char *text = argv[i], *equals = strchr(text, '=');
        if (strcmp(text, "--help") == 0) {
            print_help(subcommand, flags);
            *ret_help = true;
            return true;
        }
        if (strncmp(text, "--", 2) != 0) {
            if (others == rest_max) {
                (void)fprintf(stderr, "liuxiao %s: what is %s? See liuxiao %s --help\n", subcommand, text,
                              subcommand);
                return false;
            }
            rest[others++] = text;
            continue;
        }
        struct flag *f = find(flags, text + 2, equals != NULL ? (size_t)(equals - text - 2) : strlen(text + 2));
        if (f == NULL || (!f->alone && equals == NULL && i + 1 == argc)) {
            (void)fprintf(stderr, "liuxiao %s: %s %s; see liuxiao %s --help\n", subcommand,
                          f == NULL ? "unknown flag" : "no value for", text, subcommand);
            return false;
        }
        (void)set(f, f->alone ? "yes" : equals != NULL ? equals + 1 : argv[++i]);
        /* `--province 34 35`: further values follow without the flag's name. */
        while (f->repeated && i + 1 < argc && argv[i + 1][0] != '-')
            (void)set(f, argv[++i]);
    }
    return true;
}

int cli_fail(const struct error *e)
{
    struct arena *a = arena_open();
    const char *params[] = {e->detail, e->field};
    const char *key = arena_printf(a, "cli.%s", error_name(e->code));
    enum lang lang = lang_choose(str_of(""));
    const char *line = lang_say(a, lang, key, params, 2);

    if (strcmp(line, key) == 0)
        line = lang_say(a, lang, arena_printf(a, "error.%s", error_name(e->code)), params, 2);
    (void)fprintf(stderr, "liuxiao: %s%s%s%s [%s]\n", line, e->cause[0] != '\0' ? " (" : "", e->cause,
                  e->cause[0] != '\0' ? ")" : "", error_name(e->code));
    arena_close(a);
    return error_status(e->code) == 500 ? EXIT_UNUSABLE : EXIT_NOT_DONE;
}
