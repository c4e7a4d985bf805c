/* Persons and files that a command names become rows and links; the journal keeps references in place of names. */
#include "core/file.h"
#include "core/person.h"
#include "core/scope.h"
#include "core/subject.h"

/* A person who is there already: found by the uuid that a picker gave. */
static bool known_person(struct work *w, struct str text, int64_t *ret, struct error *e)
{
    struct id uuid;
    int64_t scope;
    if (!id_parse(text, &uuid) || !subject_id(w->db, SUBJECT_PERSON, uuid, ret, e))
        return error_set(e, ERROR_NOT_FOUND, "person");
    if (!person_standing(w->db, *ret, ret, e) ||
        !db_one_int(w->db, &scope, -1, e, "select scope from person where id = ?1 and key is not null",
                    ARGS(INT(*ret))))
        return false;
    return (scope >= 0 && scope_reaches(w->actor, scope, POSTS_ALL)) || error_set(e, ERROR_NOT_FOUND, "person");
}

bool work_person(struct work *w, int64_t unit, int64_t scope, const json_t *row, int64_t *ret, struct error *e)
{
    struct identity who = {.name = str_trim(json_text(row, "name")),
                           .address = str_trim(json_text(row, "address"))};
    struct str known = json_text(row, "person");

    if (known.n > 0)
        return known_person(w, known, ret, e);
    if (who.name.n == 0 && json_text(row, "phone").n == 0)
        return error_set(e, ERROR_MISSING, "name");
    if (!phone_normal(w->arena, str_trim(json_text(row, "phone")), &who.phone, e) ||
        !id_no_normal(w->arena, str_trim(json_text(row, "id_no")), &who.id_no, e))
        return false;
    return person_find_or_make(w, unit, scope, &who, ret, e);
}

static bool link_person(struct work *w, int64_t person, enum person_role role, int64_t side, struct error *e)
{
    int64_t there;
    if (!db_one_int(w->db, &there, 0, e,
                    "select id from case_person where case_id = ?1 and person = ?2 and role = ?3 and side = ?4",
                    ARGS(INT(w->c.id), INT(person), INT(role), INT(side))))
        return false;
    return there != 0 ||
           db_exec(w->db, e,
                   "insert into case_person(uuid, case_id, person, role, side) values(?1, ?2, ?3, ?4, ?5)",
                   ARGS(ID(id_new()), INT(w->c.id), INT(person), INT(role), INT(side)));
}

/* A new case has no row yet: what will hang on it is kept. */
static void keep_link(struct work *w, const struct case_link *link)
{
    enum { PERSONS_MOST = 32 };
    if (w->links == NULL)
        w->links = ARENA_ARRAY(w->arena, struct case_link, PERSONS_MOST);
    for (size_t i = 0; i < w->link_count; i++)
        if (w->links[i].person == link->person && w->links[i].role == link->role && w->links[i].side == link->side)
            return;
    if (w->link_count < PERSONS_MOST)
        w->links[w->link_count++] = *link;
}

bool work_link_persons(struct work *w, struct error *e)
{
    for (size_t i = 0; i < w->link_count; i++)
        if (!db_exec(w->db, e,
                     "insert into case_person(uuid, case_id, person, role, side) values(?1, ?2, ?3, ?4, ?5)",
                     ARGS(ID(id_new()), INT(w->c.id), INT(w->links[i].person), INT(w->links[i].role),
                          INT(w->links[i].side))))
            return false;
    return true;
}

/* What this case alone says of them: an organisation, what they do, by what right they speak for another. */
static bool keep_extras(struct work *w, const json_t *row, const char *person)
{
    static const char *const names[] = {"org", "job", "authority"};
    json_t *all = json_object_get(w->words, "people"), *one = json_object();

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (json_object_get(row, names[i]) != NULL)
            (void)json_object_set(one, names[i], json_object_get(row, names[i]));
    if (json_object_size(one) == 0) {
        json_decref(one);
        return true;
    }
    if (all == NULL) {
        all = json_object();
        (void)json_object_set_new(w->words, "people", all);
    }
    return json_object_set_new(all, person, one) == 0;
}

static bool add_one(struct work *w, const json_t *row, json_t *kept, struct error *e)
{
    enum person_role role;
    int64_t person, side = json_int(row, "side", 0);
    struct id uuid = {{0}};
    char text[ID_TEXT];

    if (!role_parse(json_text(row, "role"), &role))
        return error_set(e, ERROR_NOT_A_CHOICE, "role");
    if (!work_person(w, w->c.unit, w->c.scope, row, &person, e))
        return false;
    if (w->born)
        keep_link(w, &(struct case_link){person, side, role});
    else if (!link_person(w, person, role, side, e))
        return false;
    if (!subject_uuid(w->db, SUBJECT_PERSON, person, &uuid, e))
        return false;
    id_format(uuid, text);
    if (!keep_extras(w, row, text))
        return error_set(e, ERROR_OVERLOADED, NULL);
    return json_array_append_new(kept, json_pack("{s:s,s:I,s:s}", "role", role_code(role), "side",
                                                 (json_int_t)side, "person", text)) == 0;
}

bool work_add_persons(struct work *w, struct error *e)
{
    const json_t *rows = json_object_get(w->fields, "persons"), *row;
    json_t *fields = json_object_get(w->record, "fields"), *kept = json_array();
    struct str phone = work_text(w, "contact_phone");
    size_t i;
    bool ok = true;

    json_array_foreach(rows, i, row) {
        char at[32];
        ok = ok && add_one(w, row, kept, e);
        (void)snprintf(at, sizeof at, "persons.%zu", i);
        if (!ok) {
            (void)error_within(e, at);
            break;
        }
    }
    if (ok && phone.n > 0 && json_array_size(rows) == 0) {
        json_t *contact = json_pack("{s:s,s:s%}", "role", "reporter", "phone", phone.p, phone.n);
        ok = add_one(w, contact, kept, e);
        json_decref(contact);
        if (!ok && e != NULL && strcmp(e->field, "phone") == 0)
            (void)error_set(e, e->code, "contact_phone");
    }
    (void)json_object_del(fields, "persons");
    (void)json_object_del(fields, "contact_phone");
    if (json_array_size(kept) > 0)
        (void)json_object_set(fields, "persons", kept);
    json_decref(kept);
    return ok;
}

bool work_add_files(struct work *w, enum subject_kind kind, int64_t subject, bool open, struct error *e)
{
    const json_t *rows = json_object_get(w->fields, "files"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        unsigned char hash[HASH_BYTES];
        int64_t file = 0;
        char at[32];
        (void)snprintf(at, sizeof at, "files.%zu", i);
        if (!hex_read(str_of(json_string_value(row)), hash, sizeof hash))
            return error_set(e, ERROR_MALFORMED, at);
        if (!file_may_attach(w->db, w->actor, hash, &file, e))
            return false;
        if (file == 0)
            return error_set(e, ERROR_NOT_FOUND, at);
        if (!db_exec(w->db, e,
                     "insert into file_use(subject_kind, subject, file, journal, open) values(?1, ?2, ?3, ?4, ?5) on conflict do nothing",
                     ARGS(INT(kind), INT(subject), INT(file), ID(w->command->id), INT(open))))
            return false;
    }
    return true;
}
