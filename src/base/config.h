/* Configuration: flags > environment (LIUXIAO_…) > liuxiao.ini > fallbacks. Every key stands in one table
 * (config.c); an unknown one in the environment or the ini is CONFIG_KEY with its name in `detail`, a
 * wrong value CONFIG_VALUE with the key as field, a key given twice in the ini DUPLICATE_KEY. */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct config {
    const char *data;       /* data folder */
    const char *database;   /* postgresql:// URI, or null for SQLite in the data folder */
    const char *files;      /* folder of uploaded files, default data/files */
    const char *key_file;   /* the keyring, default data/../<data name>.key */
    const char *listen;     /* address:port */
    const char *public_url; /* how residents reach it; for QR codes and the Origin check */
    const char *tls_cert, *tls_key;
    const char *lang;
    int64_t http_threads; /* 0 is replaced by the number of cores */
    int64_t readers;
    int64_t writers;  /* PostgreSQL only */
    int64_t queue;    /* commands waiting before 503 */
    bool trust_proxy; /* take X-Forwarded-For from loopback */
    const char *log_level;
    const char *backup_folder; /* null: no backups by itself */
    const char *backup_time;   /* HH:MM, China's time */
    int64_t backup_keep;
};

struct config_key {
    const char *name; /* "key_file": the flag is --key-file (or --key_file), the variable LIUXIAO_KEY_FILE */
    const char *meaning; /* one line for --help */
    const char *fallback;
    enum { CONFIG_TEXT, CONFIG_INT, CONFIG_BOOL } type;
    size_t offset;       /* in struct config */
    int64_t least, most; /* of an int */
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* Reads the flags `--name value` / `--name=value` in argv[1…], the environment and the ini
 * (DATA/liuxiao.ini, when there). A bool's flag may stand alone. What is not a flag of the table stays in
 * argv (argc is updated) for the subcommand; nothing is taken behind "--". An empty value counts as not
 * given. The texts live as long as the process. For the main thread, at start. */
bool config_load(struct config *c, int *argc, char **argv, struct error *e);

#endif
