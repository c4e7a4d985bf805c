/* The command line: one row per subcommand, one file each. Exit codes: 0 done, 1 not done, 2 wrong usage, 3 configuration or data can't be used. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/config.h"
#include "db/db.h"
#include "core/core.h"

enum exit_code { EXIT_DONE = 0, EXIT_NOT_DONE = 1, EXIT_USAGE = 2, EXIT_UNUSABLE = 3 };

/* argv[0] is the subcommand; flags of the configuration have been taken out already. */
struct subcommand {
    const char *name, *usage, *summary;
    int (*run)(const struct config *config, int argc, char **argv);
    bool hidden;
};
extern const struct subcommand subcommands[];

int cli_init(const struct config *config, int argc, char **argv);
int cli_demo(const struct config *config, int argc, char **argv);
int cli_serve(const struct config *config, int argc, char **argv);
int cli_migrate(const struct config *config, int argc, char **argv);
int cli_import(const struct config *config, int argc, char **argv);
int cli_report(const struct config *config, int argc, char **argv);
int cli_poster(const struct config *config, int argc, char **argv);
int cli_doctor(const struct config *config, int argc, char **argv);
int cli_export(const struct config *config, int argc, char **argv);
int cli_backup(const struct config *config, int argc, char **argv);
int cli_restore(const struct config *config, int argc, char **argv);
int cli_verify(const struct config *config, int argc, char **argv);
int cli_unit(const struct config *config, int argc, char **argv);
int cli_office(const struct config *config, int argc, char **argv);
int cli_user(const struct config *config, int argc, char **argv);
int cli_token(const struct config *config, int argc, char **argv);
int cli_suggest(const struct config *config, int argc, char **argv);
int cli_rebuild(const struct config *config, int argc, char **argv);
int cli_pack(const struct config *config, int argc, char **argv);
int cli_routes(const struct config *config, int argc, char **argv);
int cli_version(const struct config *config, int argc, char **argv);
int cli_image(const struct config *config, int argc, char **argv);

/* Flags of a subcommand: `--name value`, `--name=value`, `--name` alone. */
struct flag {
    const char *name;
    const char *meaning;
    bool alone;        /* takes no value */
    bool repeated;     /* may be given several times; values are gathered */
    const char *value; /* filled */
    const char *values[34];
    int count;
};
/* What is no flag goes to rest (at most `rest_max`). False after a line on stderr. `--help` prints the flags and sets *ret_help. */
bool cli_flags(const char *subcommand, int argc, char **argv, struct flag *flags, const char **rest,
               int rest_max, bool *ret_help);

/* One clear line on stderr, and the exit code that fits the error. */
int cli_fail(const struct error *e);

/* An installation, opened: the database (writer connection), the keys, the pack. Checks folder, key and schema. */
struct site {
    struct db *db;
    struct core *core;
};
bool site_open(struct site *s, const struct config *config, struct error *e);
/* Its database alone, whatever its schema. Nothing is made where there is none. */
bool site_open_db(struct db **ret, const struct config *config, struct error *e);
/* SQLite: who has the folder open holds a lock that the kernel drops with the process, however it ends. A restore wants it alone. IN_USE. */
bool site_lock(const struct config *config, bool alone, struct error *e);
void site_close(struct site *s);
struct db_where site_where(const struct config *config);

/* Runs in a transaction of its own. */
bool site_write(struct site *s, bool (*run)(struct site *s, void *context, struct error *e), void *context,
                struct error *e);
/* Brings the search index up to date, or ends its rebuild, in pages with a commit each: a node that serves goes on meanwhile. */
bool site_fill_search(struct site *s, struct error *e);
/* The same for suggestions. */
bool site_fill_suggestions(struct site *s, struct error *e);

/* A new installation: folder, keyring, schema, pack, holidays, territory of these provinces (codes' beginnings; null-ended). */
bool site_create(struct site *s, const struct config *config, const char *const *provinces, bool quiet,
                 struct error *e);

/* The embedded division table, unpacked. */
struct buf;
bool divisions_unpack(const char *name, struct buf *ret, struct error *e);

#endif
