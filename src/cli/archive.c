/* Everything out: export, backup. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "core/access.h"
#include "job/backup.h"
#include "cli/cli.h"

enum { PASSPHRASE_LEAST = 12, PASSPHRASE_MOST = 200 };

static void tell(void *context, const char *entry, int64_t bytes)
{
    (void)context;
    (void)fprintf(stderr, "\r\x1b[K%s %lld", entry, (long long)bytes);
}

static void tell_end(const struct archive_how *how)
{
    if (how->progress != NULL)
        (void)fputs("\r\x1b[K", stderr);
}

static bool open_reader(struct db **ret, const struct config *config, struct error *e)
{
    struct db_where where = site_where(config);
    return db_open(ret, &where, DB_READER, e);
}

/* The first line of a file. */
static bool read_passphrase(const char *path, char out[PASSPHRASE_MOST + 2], struct error *e)
{
    FILE *f = fopen(path, "re");
    bool ok = f != NULL && fgets(out, PASSPHRASE_MOST + 2, f) != NULL;
    if (f != NULL)
        (void)fclose(f);
    if (!ok)
        return error_setf(e, ERROR_NOT_FOUND, "passphrase_file", "%s", path);
    out[strcspn(out, "\r\n")] = '\0';
    if (strlen(out) < PASSPHRASE_LEAST || strlen(out) > PASSPHRASE_MOST)
        return error_setf(e, ERROR_OUT_OF_RANGE, "passphrase_file", "%d…%d", PASSPHRASE_LEAST, PASSPHRASE_MOST);
    return true;
}

/* 130 bits in letters that can be read out. */
static void invent_passphrase(char out[PASSPHRASE_MOST + 2])
{
    char one[TRACK_TEXT], two[TRACK_TEXT];
    track_new(one);
    track_new(two);
    (void)snprintf(out, PASSPHRASE_MOST + 2, "%s-%s", one, two);
}

/* Who takes everything out in clear stands in the access log, before it is done. Somebody at the machine has no account: 0. */
static bool log_readable(struct site *s, void *context, struct error *e)
{
    struct arena *a = arena_open();
    struct actor nobody = actor_system();
    bool ok = access_write(s->core, s->db, a, &nobody, SUBJECT_NONE, 0, str_of(context), e);
    arena_close(a);
    return ok;
}

static void print_facts(const char *path, const struct archive_facts *f)
{
    (void)printf("%s: %lld rows, %lld files, %lld bytes, journal up to %lld\n", path, (long long)f->rows,
                 (long long)f->files, (long long)f->bytes, (long long)f->journal);
    if (f->missing > 0)
        (void)printf("%lld files were not on the disk and are not in it\n", (long long)f->missing);
}

static bool export(const struct config *config, const char *out, struct archive_how *how,
                   struct archive_facts *ret, struct error *e)
{
    struct site s;
    struct db *reader = NULL;
    char purpose[512];

    (void)snprintf(purpose, sizeof purpose, "liuxiao export --readable → %s", out);
    if (!site_open(&s, config, e))
        return false;
    bool ok = (how->passphrase == NULL || site_write(&s, log_readable, purpose, e)) &&
              open_reader(&reader, config, e) && archive_write(s.core, reader, out, how, ret, e);
    if (reader != NULL)
        db_close(reader);
    site_close(&s);
    return ok;
}

int cli_export(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "out", .meaning = "the archive to make; must not be there yet"},
        {.name = "readable", .meaning = "with a part in clear, encrypted under a passphrase", .alone = true},
        {.name = "passphrase-file",
         .meaning = "its first line is the passphrase; without it one is made and printed"},
        {0},
    };
    char passphrase[PASSPHRASE_MOST + 2] = "";
    struct archive_how how = {.progress = isatty(STDERR_FILENO) ? tell : NULL};
    struct archive_facts facts;
    const char *rest[1];
    struct error e = {0};
    bool help;

    if (!cli_flags("export", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    if (flags[0].value == NULL || (flags[2].value != NULL && flags[1].value == NULL)) {
        (void)fputs("liuxiao export: --out FILE.zip is needed; --passphrase-file goes with --readable\n", stderr);
        return EXIT_USAGE;
    }
    if (flags[2].value != NULL && !read_passphrase(flags[2].value, passphrase, &e))
        return cli_fail(&e);
    if (flags[1].value != NULL && flags[2].value == NULL)
        invent_passphrase(passphrase);
    if (flags[1].value != NULL)
        how.passphrase = passphrase;
    bool ok = export(config, flags[0].value, &how, &facts, &e);
    tell_end(&how);
    if (!ok)
        return cli_fail(&e);
    print_facts(flags[0].value, &facts);
    if (flags[1].value != NULL && flags[2].value == NULL)
        (void)printf("passphrase of the part in clear, shown once: %s\n", passphrase);
    return EXIT_DONE;
}

static bool note(struct site *s, void *context, struct error *e)
{
    return backup_note(s->db, context, e);
}

static bool back_up(const struct config *config, const char *to, int64_t keep, const struct archive_how *how,
                    struct backup_state *ret, struct error *e)
{
    struct site s;
    struct db *reader = NULL;
    struct error ignored;

    if (!site_open(&s, config, e))
        return false;
    bool ok = open_reader(&reader, config, e) && backup_make(s.core, reader, to, keep, how, ret, e);
    if (reader != NULL)
        db_close(reader);
    if (ret->at != 0 && !site_write(&s, note, ret, ok ? e : &ignored))
        ok = false;
    site_close(&s);
    return ok;
}

int cli_backup(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "to", .meaning = "folder of the backups"},
        {.name = "keep", .meaning = "how many stay, this one included; without it all"},
        {0},
    };
    struct archive_how how = {.progress = isatty(STDERR_FILENO) ? tell : NULL};
    struct backup_state state = {0};
    const char *rest[1];
    struct error e = {0};
    int64_t keep = 0;
    bool help;

    if (!cli_flags("backup", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    const char *to = flags[0].value != NULL ? flags[0].value : config->backup_folder;
    if (to == NULL || (flags[1].value != NULL && (!str_int(str_of(flags[1].value), &keep) || keep < 1))) {
        (void)fputs("liuxiao backup: --to FOLDER is needed; --keep is a number from 1\n", stderr);
        return EXIT_USAGE;
    }
    if (flags[1].value == NULL)
        keep = config->backup_keep;
    bool ok = back_up(config, to, keep, &how, &state, &e);
    tell_end(&how);
    if (!ok)
        return cli_fail(&e);
    (void)printf("%s: %lld rows, %lld files, %lld bytes; read back and proved\n", state.file,
                 (long long)state.rows, (long long)state.files, (long long)state.bytes);
    return EXIT_DONE;
}
