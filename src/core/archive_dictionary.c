/* The data dictionary: what each column is, taken from the comments of schema/NNNN-*.sql, where whoever adds a column writes them anyway. */
#include "base/embed.h"
#include "core/archive_parts.h"

/* Said once in the schema's head and not at each column. */
/* clang-format off */
static const struct {
    const char *column, *meaning;
} common[] = {
    {"id", "number of the row; other tables refer to it"},
    {"uuid", "identifier for the world outside (UUIDv7)"},
    {"unit", "unit it belongs to (unit.id)"},
    {"scope", "its unit's place in the walk through the territory (unit.ord)"},
    {"rev", "how many journal entries it has"},
    {"head", "hash of its last journal entry"},
    {"key", "the row's own key, wrapped by a master key of the key file; empty: destroyed on purpose"},
    {"sealed", "texts, sealed under the row's own key"},
    {"created_at", "when the row was made"},
    {"recorded_at", "when it was recorded"},
    {"happened_at", "when it happened"},
    {"reported_at", "when it was reported"},
    {"closed_at", "when it was closed"},
    {"case_id", "case (cases.id)"},
    {"account", "account (account.id)"},
    {"person", "person (person.id)"},
    {"office", "office (office.id)"},
    {"place", "place (place.id)"},
    {"pack", "policy pack it was opened under (pack.id)"},
    {"kind", "which of the six, or a code of the pack"},
    {"state", "state (core/case.h)"},
    {"name_ix", "keyed hash of the name, for exact look-ups"},
    {"phone_ix", "keyed hash of the telephone"},
    {"id_no_ix", "keyed hash of the identity number"},
    {"address_ix", "keyed hash of the address"},
    {"lat", "1e-7 degrees, WGS-84"},
    {"lon", "1e-7 degrees, WGS-84"},
};

/* What a reader without the key file gets to see of it. */
static const struct {
    const char *table, *column, *how;
} secret[] = {
    {"", "sealed", "sealed"},
    {"", "key", "wrapped key"},
    {"journal", "data", "sealed"},
    {"access", "purpose", "sealed"},
    {"account", "totp", "sealed"},
    {"account", "password", "password hash"},
    {"", "name_ix", "keyed hash"},
    {"", "phone_ix", "keyed hash"},
    {"", "id_no_ix", "keyed hash"},
    {"", "address_ix", "keyed hash"},
    {"", "track", "hash"},
    {"", "hash", "hash"},
    {"", "body_hash", "hash"},
    {"", "head", "hash"},
    {"", "prev", "hash"},
    {"", "digest", "hash"},
};
/* clang-format on */

struct word {
    struct str table, column, meaning; /* column empty: the table's own comment */
};

struct dictionary {
    struct arena *arena;
    struct word *words;
    size_t n, cap;
};

static void add_word(struct dictionary *d, struct str table, struct str column, struct str meaning)
{
    if (d->n == d->cap) {
        struct word *more = ARENA_ARRAY(d->arena, struct word, d->cap * 2 + 256);
        if (d->n > 0)
            memcpy(more, d->words, d->n * sizeof *more);
        d->words = more;
        d->cap = d->cap * 2 + 256;
    }
    d->words[d->n++] = (struct word){arena_str(d->arena, table), arena_str(d->arena, column),
                                     arena_str(d->arena, str_trim(meaning))};
}

static struct str first_word(struct str s)
{
    size_t n = 0;
    s = str_trim(s);
    while (n < s.n && strchr(" (,;", s.p[n]) == NULL)
        n++;
    return str_range(s.p, n);
}

static struct str comment_of(struct str line)
{
    const char *dashes = memmem(line.p, line.n, "--", 2);
    return dashes != NULL ? str_range(dashes + 2, line.n - (size_t)(dashes + 2 - line.p)) : STR("");
}

static bool takes(struct str *line, struct str head)
{
    if (!str_starts(*line, head))
        return false;
    *line = str_range(line->p + head.n, line->n - head.n);
    return true;
}

static void read_line(struct dictionary *d, struct str line, struct buf *before, struct str *table)
{
    struct str s = str_trim(line);

    if (str_starts(s, STR("--"))) {
        if (before->n > 0)
            buf_addc(before, ' ');
        buf_add(before, str_trim(comment_of(s)));
        return;
    }
    if (takes(&s, STR("create table "))) {
        *table = arena_str(d->arena, first_word(s));
        add_word(d, *table, STR(""), buf_str(before));
    } else if (takes(&s, STR("alter table "))) {
        struct str altered = first_word(s);
        const char *add = memmem(s.p, s.n, "add column ", 11);
        if (add != NULL) {
            struct str column = first_word(str_range(add + 11, s.n - (size_t)(add + 11 - s.p)));
            add_word(d, altered, column, comment_of(s).n > 0 ? comment_of(s) : buf_str(before));
        }
    } else if (str_starts(s, STR(")"))) {
        *table = STR("");
    } else if (table->n > 0 && s.n > 0) {
        add_word(d, *table, first_word(s), comment_of(s).n > 0 ? comment_of(s) : buf_str(before));
    }
    buf_clear(before);
}

static void read_schema(struct dictionary *d)
{
    for (size_t i = 0; i < embed_count; i++) {
        struct str path = str_of(embed_files[i].path), line, table = STR("");
        struct str rest = str_range((const char *)embed_files[i].data, embed_files[i].size);
        struct buf before = BUF_INIT(BUF_LINE);
        if (!str_starts(path, STR("schema/0")) || !str_ends(path, STR(".sql")))
            continue;
        while (str_split(&rest, '\n', &line))
            read_line(d, line, &before, &table);
        buf_free(&before);
    }
}

static struct str meaning_of(const struct dictionary *d, const char *table, const char *column)
{
    struct str found = STR("");
    for (size_t i = 0; i < d->n; i++) /* the newest word holds */
        if (str_is(d->words[i].table, table) && str_is(d->words[i].column, column) && d->words[i].meaning.n > 0)
            found = d->words[i].meaning;
    for (size_t i = 0; found.n == 0 && i < sizeof common / sizeof common[0]; i++)
        if (strcmp(common[i].column, column) == 0)
            found = str_of(common[i].meaning);
    return found;
}

static const char *secrecy_of(const char *table, const char *column)
{
    for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++)
        if (strcmp(secret[i].column, column) == 0 &&
            (secret[i].table[0] == '\0' || strcmp(secret[i].table, table) == 0))
            return secret[i].how;
    return "plain";
}

static const char *type_name(const struct archive_column *c)
{
    return c->type == DB_T_INT ? "integer" : c->type == DB_T_TEXT ? "text" : "bytes (base64)";
}

static void write_csv_row(struct buf *out, const char *table, const char *column, const char *type,
                          struct str meaning, const char *secrecy)
{
    struct str cells[] = {str_of(table), str_of(column), str_of(type), meaning, str_of(secrecy)};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        archive_csv_text(out, cells[i]);
        buf_addc(out, i + 1 < sizeof cells / sizeof cells[0] ? ',' : '\n');
    }
}

static const char md_head[] =
    "# Data dictionary\n\n"
    "Every table of `tables/`, made from the comments of the schema. Times are milliseconds since 1970-01-01 UTC unless a name ends in `_day`, "
    "`day`, `valid_from`, `valid_to` or `_on`: those are days since then. CSV: text in quotes, numbers and base64 never; nothing at all is NULL. "
    "What is *sealed* opens only with the key file (XChaCha20-Poly1305; docs/security.md).\n";

static void write_dictionary(const struct dictionary *d, const struct archive_table *tables, size_t n,
                             struct buf *csv, struct buf *md)
{
    buf_addz(csv, "table,column,type,meaning,secrecy\n");
    buf_addz(md, md_head);
    for (size_t i = 0; i < n; i++) {
        const struct archive_table *t = &tables[i];
        struct str about = meaning_of(d, t->name, "");
        write_csv_row(csv, t->name, "", "table", about, "");
        buf_addf(md, "\n## %s\n\n%.*s\n\n| column | type | meaning | secrecy |\n|---|---|---|---|\n", t->name,
                 (int)about.n, about.p);
        for (size_t k = 0; k < t->n; k++) {
            const struct archive_column *c = &t->columns[k];
            struct str meaning = meaning_of(d, t->name, c->name);
            write_csv_row(csv, t->name, c->name, type_name(c), meaning, secrecy_of(t->name, c->name));
            buf_addf(md, "| %s | %s | %.*s | %s |\n", c->name, type_name(c), (int)meaning.n, meaning.p,
                     secrecy_of(t->name, c->name));
        }
    }
}

static bool fill_text(struct archive_entry *s, struct error *e)
{
    struct str *text = s->subject;
    (void)e;
    buf_add(&s->page, *text);
    s->done = true;
    return true;
}

static bool add_text(struct archive_writer *w, const char *name, struct str text, struct error *e)
{
    struct str *kept = ARENA_NEW(w->arena, struct str);
    *kept = arena_str(w->arena, text);
    return archive_add(w, name, ARCHIVE_PACKED, fill_text, kept, e);
}

bool archive_add_dictionary(struct archive_writer *w, const struct archive_table *tables, size_t n,
                            struct error *e)
{
    struct dictionary d = {.arena = w->arena};
    struct buf csv = BUF_INIT(BUF_SEALED), md = BUF_INIT(BUF_SEALED);

    read_schema(&d);
    write_dictionary(&d, tables, n, &csv, &md);
    bool ok = add_text(w, "dictionary.csv", buf_str(&csv), e) && add_text(w, "dictionary.md", buf_str(&md), e);
    buf_free(&csv);
    buf_free(&md);
    return ok;
}
