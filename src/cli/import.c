/* What comes from elsewhere: division tables, and ledgers of matters. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/time.h"
#include "core/account.h"
#include "core/search.h"
#include "core/suggest.h"
#include "core/tally.h"
#include "core/unit.h"
#include "job/ledger_job.h"
#include "cli/cli.h"

/* ---- Units --------------------------------------------------------------------------------------------- */

struct import {
    const char *file;
    int64_t added;
};

static bool import_units(struct site *s, void *context, struct error *e)
{
    struct import *i = context;
    struct buf csv = BUF_INIT(BUF_DOCUMENT);
    bool ok = unit_read_table(i->file, &csv, e) && unit_import(s->db, buf_str(&csv), NULL, &i->added, e) &&
              derived_ready(s->db, e) && tally_rebuild(s->core, s->db, e) && /* sums hang on the tree, */
              search_rebuild(s->db, e) &&         /* and so does where a hit lies, */
              suggest_rebuild(s->core, s->db, e); /* and who learns from whom */
    buf_free(&csv);
    return ok;
}

static int units(struct site *s, const char *file)
{
    struct import i = {.file = file};
    int64_t start = time_real();
    struct error e;
    if (!site_write(s, import_units, &i, &e) || !site_fill_search(s, &e) || !site_fill_suggestions(s, &e))
        return cli_fail(&e);
    (void)printf("%lld units added in %.1f s\n", (long long)i.added, (double)(time_real() - start) / TIME_SECOND);
    return EXIT_DONE;
}

/* ---- Ledgers ------------------------------------------------------------------------------------------- */

struct bringing {
    struct site *s;
    struct arena *a;
    const char *file, *account, *lang;
    struct str bytes, mapping;
    int64_t sheet;
    bool strict, check, json, quiet;
    struct ledger l;
    int64_t start;
};

static bool on_db(void *context, bool (*run)(struct db *, void *, struct error *), void *arg, struct error *e)
{
    struct bringing *b = context;
    return run(b->s->db, arg, e);
}

struct write {
    bool (*run)(struct db *, void *, struct error *);
    void *arg;
};

static bool run_write(struct site *s, void *context, struct error *e)
{
    const struct write *w = context;
    return w->run(s->db, w->arg, e);
}

static bool in_transaction(void *context, bool (*run)(struct db *, void *, struct error *), void *arg,
                           struct error *e)
{
    struct bringing *b = context;
    struct write w = {run, arg};
    return site_write(b->s, run_write, &w, e);
}

static bool tell(void *context, const struct ledger *l)
{
    struct bringing *b = context;
    int64_t ms = time_real() - b->start;
    if (!b->quiet && isatty(STDERR_FILENO) != 0)
        (void)fprintf(stderr, "\r%s: row %lld, %lld well, %lld there already, %lld not, %lld/s ",
                      ledger_state_code(l->state), (long long)l->next_row, (long long)l->good,
                      (long long)l->same, (long long)l->bad, (long long)(ms > 0 ? l->next_row * 1000 / ms : 0));
    return true;
}

/* The file is mapped, not read: a large one costs no memory. */
static bool map_file(const char *path, struct str *ret, struct error *e)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0)
            (void)close(fd);
        return error_setf(e, ERROR_NOT_FOUND, "file", "%s: %s", path, strerror(errno));
    }
    void *p = st.st_size > 0 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    (void)close(fd);
    if (p == MAP_FAILED)
        return error_setf(e, ERROR_MISSING, "file", "%s", path);
    *ret = str_range(p, (size_t)st.st_size);
    return true;
}

/* The one that was broken off, or a new one. */
static bool find_or_create(struct db *db, void *context, struct error *e)
{
    struct bringing *b = context;
    struct account account;
    struct actor actor = {0};
    unsigned char source[HASH_BYTES];
    bool found;

    hash_bytes(b->bytes, source);
    if (!account_by_login(b->s->core, db, b->a, str_of(b->account), &account, e))
        return error_set(e, e->code, "account");
    if (!ledger_find(db, b->a, source, &b->l, &found, e))
        return false;
    if (found && (b->l.state == LEDGER_RUNNING || b->l.state == LEDGER_UNDOING) &&
        str_eq(b->l.mapping, b->mapping))
        return true;
    const char *slash = strrchr(b->file, '/');
    actor.account = account.id;
    return ledger_create(db, b->a, &actor, str_of(slash != NULL ? slash + 1 : b->file), source, 0, b->sheet,
                         0, &b->l, e) &&
           ledger_set_mapping(b->s->core, db, &b->l, b->mapping, e) &&
           ledger_set_strict(db, &b->l, b->strict, e);
}

static bool go_check(struct db *db, void *context, struct error *e)
{
    return ledger_go(db, &((struct bringing *)context)->l, LEDGER_CHECKING, e);
}

static bool go_run(struct db *db, void *context, struct error *e)
{
    return ledger_go(db, &((struct bringing *)context)->l, LEDGER_RUNNING, e);
}

static bool go_undo(struct db *db, void *context, struct error *e)
{
    return ledger_go(db, &((struct bringing *)context)->l, LEDGER_UNDOING, e);
}

static bool again(struct db *db, void *context, struct error *e)
{
    struct bringing *b = context;
    return ledger_load_id(db, b->a, b->l.id, &b->l, e);
}

static bool drive(struct bringing *b, struct error *e)
{
    struct ledger_road road = {b->s->core, on_db, in_transaction, tell, b, LEDGER_ROWS};
    struct sheet *sheet = NULL;
    bool ok = b->l.state == LEDGER_UNDOING || sheet_open(&sheet, b->bytes, (int)b->sheet, e);
    b->start = time_real();
    ok = ok && ledger_drive(&road, b->l.id, sheet, e) && again(b->s->db, b, e);
    sheet_close(sheet);
    if (!b->quiet && isatty(STDERR_FILENO) != 0)
        (void)fputc('\n', stderr);
    return ok;
}

static void print_result(struct bringing *b)
{
    struct buf out = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&out);
    struct error e;
    json_t *problems, *p;
    size_t i;

    jw_object(&w);
    ledger_write(&w, &b->l);
    jw_key(&w, "problems");
    (void)ledger_write_problems(b->s->db, b->a, &w, &b->l, 0, lang_choose(str_of(b->lang)), &e);
    jw_end_object(&w);
    if (b->json) {
        (void)printf("%.*s\n", (int)out.n, out.p);
    } else {
        json_t *doc = json_read(buf_str(&out), &e);
        problems = json_object_get(doc, "problems");
        json_array_foreach(problems, i, p)
            (void)printf("line %lld, column %s: %s\n", (long long)json_int(p, "line", 0),
                         json_string_value(json_object_get(p, "column")),
                         json_string_value(json_object_get(p, "title")));
        (void)printf("%s %s: %lld rows, %lld well, %lld there already, %lld not, %.1f s\n",
                     json_string_value(json_object_get(doc, "id")), ledger_state_code(b->l.state),
                     (long long)b->l.rows, (long long)b->l.good, (long long)b->l.same, (long long)b->l.bad,
                     (double)(time_real() - b->start) / TIME_SECOND);
        json_decref(doc);
    }
    buf_free(&out);
}

static bool cases(struct bringing *b, struct error *e)
{
    if (!in_transaction(b, find_or_create, b, e))
        return false;
    if (b->l.state == LEDGER_DRAFT && (b->check || b->strict)) {
        if (!in_transaction(b, go_check, b, e) || !drive(b, e))
            return false;
        if (b->check || b->l.bad > 0)
            return true;
    }
    if ((b->l.state == LEDGER_DRAFT || b->l.state == LEDGER_CHECKED) && !in_transaction(b, go_run, b, e))
        return false;
    return drive(b, e);
}

static bool undo(struct bringing *b, const char *id, struct error *e)
{
    struct id uuid;
    if (!id_parse(str_of(id), &uuid))
        return error_set(e, ERROR_MALFORMED, "id");
    return ledger_load(b->s->db, b->a, NULL, uuid, &b->l, e) &&
           (b->l.state == LEDGER_UNDOING || in_transaction(b, go_undo, b, e)) && drive(b, e);
}

static int bring(struct bringing *b, const char *map, struct error *e)
{
    bool ok = map_file(b->file, &b->bytes, e) && map_file(map, &b->mapping, e) && cases(b, e);
    if (!ok)
        return cli_fail(e);
    print_result(b);
    return b->l.bad == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}

int cli_import(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "map", .meaning = "cases: what the columns mean (docs/ledgers.md)"},
        {.name = "account", .meaning = "cases: login of who brings them in, and whose posts decide where"},
        {.name = "sheet", .meaning = "cases: which sheet of a workbook (1)"},
        {.name = "check", .meaning = "cases: say what is wrong, bring nothing in", .alone = true},
        {.name = "all-or-nothing", .meaning = "cases: nothing when one row is wrong", .alone = true},
        {.name = "json", .meaning = "print JSON", .alone = true},
        {0},
    };
    const char *rest[2] = {NULL};
    struct site s;
    struct error e;
    bool help;
    struct bringing b = {.s = &s, .sheet = 1};
    int code;

    if (argc > 1 && strcmp(argv[1], "archive") == 0)
        return cli_restore(config, argc, argv);
    if (!cli_flags("import", argc, argv, flags, rest, 2, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    bool of_cases = rest[1] != NULL && strcmp(rest[0], "cases") == 0;
    if (rest[1] == NULL || (strcmp(rest[0], "units") != 0 && strcmp(rest[0], "undo") != 0 && !of_cases) ||
        (of_cases && (flags[0].value == NULL || flags[1].value == NULL)) ||
        (flags[2].value != NULL && !str_int(str_of(flags[2].value), &b.sheet))) {
        (void)fputs(
            "liuxiao import: say `import units FILE`, `import cases FILE --map MAP --account LOGIN`, `import undo ID` or `import archive FILE.zip`\n",
            stderr);
        return EXIT_USAGE;
    }
    if (!site_open(&s, config, &e))
        return cli_fail(&e);
    b.a = arena_open();
    b.file = rest[1];
    b.account = flags[1].value;
    b.lang = config->lang;
    b.check = flags[3].value != NULL;
    b.strict = flags[4].value != NULL;
    b.json = b.quiet = flags[5].value != NULL;
    if (strcmp(rest[0], "units") == 0) {
        code = units(&s, rest[1]);
    } else if (of_cases) {
        code = bring(&b, flags[0].value, &e);
    } else {
        code = undo(&b, rest[1], &e) ? EXIT_DONE : cli_fail(&e);
        if (code == EXIT_DONE)
            print_result(&b);
    }
    arena_close(b.a);
    site_close(&s);
    return code;
}
