#include <stdio.h>
#include <unistd.h>

#include "core/seals.h"
#include "cli/cli.h"

struct telling {
    bool json, quiet;
    int printed;
};

static void found(void *context, const struct verify_finding *f)
{
    struct telling *t = context;
    if (t->json || t->printed++ > 1000)
        return;
    (void)printf("%s: %s %lld, entry %lld, seq %lld, day %d\n", verify_fault_code(f->fault),
                 f->subject_kind != SUBJECT_NONE ? subject_code(f->subject_kind) : "-", (long long)f->subject,
                 (long long)f->n, (long long)f->seq, (int)f->day);
}

static void progress(void *context, const char *what, int64_t done, int64_t of)
{
    struct telling *t = context;
    if (!t->quiet)
        (void)fprintf(stderr, "\r%s %lld/%lld ", what, (long long)done, (long long)of);
}

static void print_json(const struct verify_report *r)
{
    (void)printf(
        "{\"entries\":%lld,\"subjects\":%lld,\"seals\":%lld,\"access_lines\":%lld,\"files\":%lld,\"unsealed\":%lld,\"faults\":%lld}\n",
        (long long)r->entries, (long long)r->subjects, (long long)r->seals, (long long)r->access_lines,
        (long long)r->files, (long long)r->unsealed, (long long)r->fault_count);
}

int cli_verify(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{.name = "json", .meaning = "print JSON", .alone = true}, {0}};
    const char *rest[1];
    struct verify_report r;
    struct site s;
    struct error e;
    bool help;

    if (!cli_flags("verify", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    struct telling t = {.json = flags[0].value != NULL, .quiet = isatty(STDERR_FILENO) == 0};
    struct verify_how how = {.found = found, .progress = progress, .context = &t};
    if (!site_open(&s, config, &e))
        return cli_fail(&e);
    bool ok = verify_all(s.core, s.db, &how, &r, &e);
    site_close(&s);
    if (!t.quiet)
        (void)fputc('\n', stderr);
    if (!ok)
        return cli_fail(&e);
    if (t.json)
        print_json(&r);
    else
        (void)printf(
            "%lld entries of %lld subjects, %lld seals, %lld access lines, %lld files: %lld faults (%lld entries not sealed yet)\n",
            (long long)r.entries, (long long)r.subjects, (long long)r.seals, (long long)r.access_lines,
            (long long)r.files, (long long)r.fault_count, (long long)r.unsealed);
    return r.fault_count == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}
