/* What is well here and what is not, in the language of whoever runs it. Each check says one line: ok, look, wrong, and what to do. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/json.h"
#include "base/time.h"
#include "db/migrate.h"
#include "core/checkup.h"
#include "core/file.h"
#include "core/tally.h"
#include "core/unit.h"
#include "six/six.h"
#include "job/backup.h"
#include "cli/cli.h"

enum state { STATE_OK, STATE_LOOK, STATE_WRONG };
static const char *const states[] = {"ok", "look", "wrong"};

/* The three ways to run it (docs/operators.md). */
enum shape { SHAPE_COUNTY, SHAPE_OFFICE, SHAPE_LAPTOP };
static const char *const shapes[] = {"county", "office", "laptop"};

struct doctor {
    const struct config *config;
    struct arena *arena;
    enum lang lang;
    bool json;
    struct buf out;
    struct jw w;
    int64_t count[3];
    struct db *db;
    struct core *core;
};

#define SAY(d, check, state, ...)                                                                            \
    say(d, check, state, (const char *const[]){__VA_ARGS__, NULL},                                           \
        sizeof((const char *const[]){__VA_ARGS__, NULL}) / sizeof(char *) - 1)

/* The sentence is lang's doctor.CHECK.STATE. */
static void say(struct doctor *d, const char *check, enum state state, const char *const *params, size_t n)
{
    const char *text =
        lang_say(d->arena, d->lang, arena_printf(d->arena, "doctor.%s.%s", check, states[state]), params, n);
    d->count[state]++;
    if (!d->json) {
        (void)printf("[%s] %s\n",
                     lang_word(d->lang, arena_printf(d->arena, "doctor.state.%s", states[state])), text);
        return;
    }
    jw_object(&d->w);
    jw_kz(&d->w, "check", check);
    jw_kz(&d->w, "state", states[state]);
    jw_kz(&d->w, "text", text);
    jw_end_object(&d->w);
}

static const char *number(struct doctor *d, int64_t n)
{
    return arena_printf(d->arena, "%lld", (long long)n);
}

/* A check that could not be made is one that failed. */
static void say_error(struct doctor *d, const char *check, const struct error *e)
{
    const char *params[] = {e->detail};
    const char *what =
        lang_say(d->arena, d->lang, arena_printf(d->arena, "error.%s", error_name(e->code)), params, 1);
    SAY(d, "failed", STATE_WRONG, lang_word(d->lang, arena_printf(d->arena, "doctor.name.%s", check)), what);
}

/* ---- The machine --------------------------------------------------------------------------------------- */

static void check_disk(struct doctor *d)
{
    const int64_t mib = 1024 * 1024;
    struct statvfs s;

    if (statvfs(d->config->data, &s) != 0) {
        SAY(d, "folder", STATE_WRONG, d->config->data, strerrordesc_np(errno));
        return;
    }
    int64_t space = (int64_t)s.f_bavail * (int64_t)s.f_frsize, all = (int64_t)s.f_blocks * (int64_t)s.f_frsize;
    SAY(d, "disk",
        space < 300 * mib                        ? STATE_WRONG
        : space < 3072 * mib || space < all / 20 ? STATE_LOOK
                                                 : STATE_OK,
        number(d, space / mib), d->config->data);
}

static void check_rights(struct doctor *d)
{
    const char *const paths[] = {d->config->data, d->config->files, d->config->key_file};
    struct stat st;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (stat(paths[i], &st) == 0 && (st.st_mode & 077) != 0) {
            SAY(d, "rights", STATE_WRONG, paths[i], S_ISDIR(st.st_mode) ? "700" : "600");
            return;
        }
    SAY(d, "rights", STATE_OK, d->config->data);
}

static void check_clock(struct doctor *d)
{
    struct timex t = {0};
    struct checkup_journal j = {0};
    struct error e;
    char text[TIME_TEXT];
    int64_t now = time_real();
    bool behind =
        d->core != NULL && checkup_journal(d->core, d->db, &j, &e) && j.newest_at > now + 2 * TIME_MINUTE;

    time_format(now, text);
    bool unsure = adjtimex(&t) == TIME_ERROR;
    SAY(d, "clock",
        behind || civil_of(now).year < 2024 ? STATE_WRONG
        : unsure                            ? STATE_LOOK
                                            : STATE_OK,
        arena_printf(d->arena, "%.10s %.5s", text, text + 11));
}

/* One white pixel through the child that decodes photos: it loads a library that the program itself does not. */
static void check_photos(struct doctor *d)
{
    static const unsigned char png[] = {
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
        0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00,
        0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0x0f, 0x00, 0x01, 0x01, 0x01, 0x00,
        0xb1, 0x38, 0xf6, 0x14, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
    };
    struct buf jpeg = BUF_INIT(BUF_SEALED);
    struct error e;
    int64_t width, height;
    bool ok = file_clean_image(str_range((const char *)png, sizeof png), &jpeg, &width, &height, &e);

    SAY(d, "photos", ok ? STATE_OK : STATE_WRONG, ok ? "" : e.cause);
    buf_free(&jpeg);
}

/* ---- Keys, schema, pack -------------------------------------------------------------------------------- */

static bool inside(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 && path[n] == '/';
}

static bool check_open(struct doctor *d)
{
    struct error e;

    if (!site_open_db(&d->db, d->config, &e)) {
        say_error(d, "database", &e);
        return false;
    }
    if (!migrate_check(d->db, &e)) {
        SAY(d, "schema", STATE_WRONG, number(d, migrate_version(d->db)), number(d, migrate_newest()));
        return false;
    }
    SAY(d, "schema", STATE_OK, number(d, migrate_version(d->db)), LIUXIAO_VERSION);
    if (!core_open(&d->core, d->config, d->db, &six_tables, &e)) {
        say_error(d, "key", &e);
        return false;
    }
    bool together = inside(d->config->key_file, d->config->data) ||
                    (d->config->backup_folder != NULL && inside(d->config->key_file, d->config->backup_folder));
    SAY(d, "key", together ? STATE_LOOK : STATE_OK, d->config->key_file);
    return true;
}

static void check_pack(struct doctor *d)
{
    struct error e;
    const struct pack *p = core_pack(d->core, d->db, 0, &e);
    struct civil now = civil_of(time_now());
    int last = calendar_last_year(d->core->calendar);

    if (p == NULL)
        say_error(d, "pack", &e);
    else
        SAY(d, "pack", STATE_OK, arena_z(d->arena, p->version));
    /* next year's holidays are published in November */
    SAY(d, "calendar",
        last < now.year                       ? STATE_WRONG
        : last == now.year && now.month >= 11 ? STATE_LOOK
                                              : STATE_OK,
        number(d, last), number(d, last + 1));
}

/* ---- Backups, seals, derived data ---------------------------------------------------------------------- */

static void check_backup(struct doctor *d)
{
    struct backup_state b;
    struct error e;
    struct stat here, there;
    char text[TIME_TEXT] = "";

    if (!backup_last(d->db, &b, &e)) {
        say_error(d, "backup", &e);
        return;
    }
    if (b.good_at == 0) {
        SAY(d, "backup_none", STATE_WRONG, "");
        return;
    }
    time_format(b.good_at, text);
    const char *day = arena_printf(d->arena, "%.10s", text);
    bool old = time_real() - b.good_at > 2 * (int64_t)TIME_DAY;
    bool same = !old && b.ok && stat(b.file, &there) == 0 && stat(d->config->data, &here) == 0 &&
                here.st_dev == there.st_dev;
    SAY(d, "backup", old || !b.ok ? STATE_WRONG : same ? STATE_LOOK : STATE_OK, day, b.file);
}

static void check_journal(struct doctor *d)
{
    struct checkup_journal j;
    struct error e;
    char day[DATE_TEXT] = "—";

    if (!checkup_journal(d->core, d->db, &j, &e)) {
        say_error(d, "seal", &e);
        return;
    }
    if (j.last.day != 0)
        date_format(j.last.day, day);
    bool late = j.unsealed_at != 0 && day_of(j.unsealed_at) < day_of(time_now());
    SAY(d, "seal", late ? STATE_LOOK : STATE_OK, day);
    SAY(d, "verify", j.faults > 0 ? STATE_WRONG : STATE_OK, number(d, j.entries), number(d, j.faults));
    int64_t position;
    if (!tally_position(d->db, &position, &e))
        say_error(d, "derived", &e);
    else
        SAY(d, "derived", j.newest - position > 200 ? STATE_LOOK : STATE_OK,
            number(d, j.newest > position ? j.newest - position : 0));
}

/* ---- People -------------------------------------------------------------------------------------------- */

static void say_list(struct doctor *d, const char *check, const struct checkup_list *l)
{
    SAY(d, check, l->count > 0 ? STATE_LOOK : STATE_OK, number(d, l->count), arena_z(d->arena, l->names));
}

static void check_people(struct doctor *d)
{
    struct checkup_list groups = {0}, offices, bare;
    struct error e;
    struct str host;
    struct unit u;
    int64_t all;

    if (!meta_get(d->db, d->arena, "host", &host, &e) ||
        (host.n > 0 && !unit_by_code(d->db, d->arena, host, &u, &e))) {
        say_error(d, "host", &e);
        return;
    }
    if (host.n == 0)
        SAY(d, "host", STATE_LOOK, "");
    else if (checkup_groups(d->db, d->arena, u.ord, u.ord_end, &groups, &e))
        say_list(d, "stewards", &groups);
    if (!checkup_offices(d->db, d->arena, &offices, &e) || !checkup_accounts(d->db, &all, &bare, d->arena, &e)) {
        say_error(d, "people", &e);
        return;
    }
    say_list(d, "offices", &offices);
    SAY(d, "factor", bare.count > 0 ? STATE_LOOK : STATE_OK, number(d, bare.count),
        arena_z(d->arena, bare.names), number(d, all));
}

/* ---- How it is run ------------------------------------------------------------------------------------- */

static bool loopback(const char *listen)
{
    return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]", 5) == 0 ||
           strncmp(listen, "localhost:", 10) == 0;
}

static enum shape shape_of(const struct config *c)
{
    if (c->database != NULL)
        return SHAPE_COUNTY;
    return loopback(c->listen) && c->public_url == NULL && !c->trust_proxy ? SHAPE_LAPTOP : SHAPE_OFFICE;
}

/* Browsers give camera, microphone, position and work without a network to https pages alone. */
static void check_shape(struct doctor *d)
{
    const struct config *c = d->config;
    enum shape shape = shape_of(c);
    bool https = c->tls_cert != NULL || (c->public_url != NULL && strncmp(c->public_url, "https://", 8) == 0);

    SAY(d, arena_printf(d->arena, "shape_%s", shapes[shape]), STATE_OK,
        c->public_url != NULL ? c->public_url : c->listen);
    if (shape == SHAPE_LAPTOP)
        return;
    SAY(d, "https", https ? STATE_OK : STATE_WRONG, c->listen);
    SAY(d, "public_url", c->public_url != NULL ? STATE_OK : STATE_LOOK,
        c->public_url != NULL ? c->public_url : "");
}

/* ---- The command --------------------------------------------------------------------------------------- */

static void examine(struct doctor *d)
{
    check_disk(d);
    check_rights(d);
    check_photos(d);
    bool open = check_open(d);
    check_clock(d);
    if (open) {
        check_pack(d);
        check_backup(d);
        check_journal(d);
        check_people(d);
    }
    check_shape(d);
}

static void print_end(struct doctor *d)
{
    const char *params[] = {number(d, d->count[STATE_WRONG]), number(d, d->count[STATE_LOOK])};
    const char *key = d->count[STATE_WRONG] > 0  ? "doctor.end.wrong"
                      : d->count[STATE_LOOK] > 0 ? "doctor.end.look"
                                                 : "doctor.end.ok";
    if (!d->json) {
        (void)printf("%s\n", lang_say(d->arena, d->lang, key, params, 2));
        return;
    }
    jw_end_array(&d->w);
    jw_kint(&d->w, "wrong", d->count[STATE_WRONG]);
    jw_kint(&d->w, "look", d->count[STATE_LOOK]);
    jw_end_object(&d->w);
    (void)printf("%.*s\n", (int)d->out.n, d->out.p);
}

int cli_doctor(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{.name = "json", .meaning = "print JSON", .alone = true}, {0}};
    const char *rest[1];
    bool help;

    if (!cli_flags("doctor", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    struct doctor d = {.config = config,
                       .arena = arena_open(),
                       .lang = lang_choose(str_of(config->lang)),
                       .json = flags[0].value != NULL,
                       .out = BUF_INIT(BUF_DOCUMENT)};
    d.w = JW_INIT(&d.out);
    if (d.json) {
        jw_object(&d.w);
        jw_kz(&d.w, "shape", shapes[shape_of(config)]);
        jw_karray(&d.w, "checks");
    }
    examine(&d);
    print_end(&d);
    core_close(d.core);
    if (d.db != NULL)
        db_close(d.db);
    buf_free(&d.out);
    arena_close(d.arena);
    return d.count[STATE_WRONG] > 0 ? EXIT_NOT_DONE : EXIT_DONE;
}
