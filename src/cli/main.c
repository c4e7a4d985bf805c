#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/lang.h"
#include "base/log.h"
#include "cli/cli.h"

const struct subcommand subcommands[] = {
    {"demo", "demo --data DIR", "make the demo: Wuzhai's 2024 and live work", cli_demo, false},
    {"serve", "serve --data DIR [--listen ADDRESS:PORT]",
     "serve the portal, the phone page, the desk and the API", cli_serve, false},
    {"init", "init --data DIR --province CODE … [--host UNIT]", "make a new installation", cli_init, false},
    {"migrate", "migrate --data DIR", "bring the database to this program's schema", cli_migrate, false},
    {"import", "import units FILE | cases FILE --map MAP --account LOGIN | undo ID | archive FILE.zip  --data DIR",
     "bring in division tables, ledgers of matters from elsewhere, or an archive into an empty installation",
     cli_import, false},
    {"unit", "unit add NAME … --under CODE | list --under CODE", "village groups under a committee", cli_unit,
     false},
    {"office", "office add --unit CODE --code C --name N | list --unit CODE",
     "departments and stations of a unit", cli_office, false},
    {"user", "user add|password|list …", "accounts and their first passwords", cli_user, false},
    {"token", "token --data DIR --account LOGIN", "print a new API token", cli_token, false},
    {"report", "report --data DIR --unit CODE --year YEAR [--json|--pdf FILE]", "the year's figures",
     cli_report, false},
    {"poster", "poster --data DIR --unit CODE [--groups] [--places] [--size a4|a5|a6|card] --out FILE",
     "QR posters for villages and places, as PDF", cli_poster, false},
    {"export", "export --data DIR --out FILE.zip [--readable [--passphrase-file FILE]]",
     "everything in one archive of open formats", cli_export, false},
    {"backup", "backup --data DIR --to FOLDER [--keep N]", "a proved archive with a dated name", cli_backup, false},
    {"restore", "restore FILE.zip --data DIR", "put an archive in the place of what is there", cli_restore, false},
    {"verify", "verify --data DIR", "prove that journal, seals and files are whole", cli_verify, false},
    {"doctor", "doctor --data DIR [--json]", "what is well here, what is not, and what to do", cli_doctor, false},
    {"suggest", "suggest --train FILE [--test FILE] --text COLUMNS --class COLUMN [--pack] [--json]",
     "how well categories are guessed from words, on a table of yours", cli_suggest, false},
    {"rebuild", "rebuild --data DIR", "make the derived data again", cli_rebuild, false},
    {"pack", "pack check FILE | pack load FILE | pack holidays FILE",
     "check or load a policy pack or a holiday table", cli_pack, false},
    {"routes", "routes [--openapi]", "the route table, or the OpenAPI description made from it", cli_routes, false},
    {"version", "version", "print the version", cli_version, false},
    {"image", "image", "clean one image from stdin to stdout (started by serve)", cli_image, true},
    {0},
};

static void help(FILE *out)
{
    (void)fputs("liuxiao 六小: the six small actions of a village committee\n\nusage: liuxiao COMMAND [flags]\n\n",
                out);
    for (const struct subcommand *s = subcommands; s->name != NULL; s++)
        if (!s->hidden)
            (void)fprintf(out, "  %-9s %s\n", s->name, s->summary);
    (void)fputs("\n`liuxiao COMMAND --help` says more. Every command takes --data DIR (default ./data) or --database URI.\n"
                "Exit codes: 0 done, 1 not done, 2 wrong usage, 3 configuration or data can't be used.\n",
                out);
}

static const struct subcommand *find(const char *name)
{
    for (const struct subcommand *s = subcommands; s->name != NULL; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

static enum log_level level_of(const char *name)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    for (int i = 0; i < 4; i++)
        if (name != NULL && strcmp(name, names[i]) == 0)
            return (enum log_level)i;
    return LOG_INFO;
}

int main(int argc, char **argv)
{
    struct config config;
    struct error e;

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help(argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    const struct subcommand *s = find(argv[1]);
    if (s == NULL) {
        (void)fprintf(stderr, "liuxiao: no command %s; see liuxiao --help\n", argv[1]);
        return EXIT_USAGE;
    }
    argc--;
    argv++;
    if (!crypto_start(&e) || (!s->hidden && !config_load(&config, &argc, argv, &e)))
        return cli_fail(&e);
    if (!s->hidden)
        log_set(level_of(config.log_level));
    return s->run(&config, argc, argv);
}

int cli_version(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{0}};
    const char *rest[1];
    bool help;

    (void)config;
    if (!cli_flags("version", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (!help)
        (void)puts("liuxiao " LIUXIAO_VERSION);
    return EXIT_DONE;
}
