/* Forms: what a verb asks, as every screen draws it. They depend on few things, none of which changes while the program runs, so that the text of each
 * is made once and kept. */
#ifndef CORE_FORM_H
#define CORE_FORM_H

#include "core/gate.h"
#include "core/verb.h"

/* Who reads the label: some verbs have words of their own for them. */
enum form_reader { FORM_ANYONE, FORM_RESIDENT, FORM_OFFICE, FORM_UPPER };

/* All that the text follows from. */
struct form_of {
    const struct pack *pack;
    const struct verb *verb;
    enum kind kind;
    const struct category *category; /* null: none */
    enum lang lang;
    bool by_staff; /* a resident's own verb that staff may take down asks whose word it is */
    enum form_reader reader;
};

struct forms *forms_open(void); /* null: no memory */
void forms_close(struct forms *forms);

/* "verb","label","public","primary","group","power","form":[field], into an open object; from any thread. */
void form_write_verb(struct core *core, struct jw *w, const struct form_of *form);
/* The same of what is no case, as a value of its own: it stands under no heading and behind no gate. `more`: fields
 * beyond the verb's own, may be null. */
void form_write_plain(struct jw *w, struct arena *a, const struct form_of *f, struct str label,
                      const struct field *more);
/* The label of an option of a choice field; the value itself when there is none. */
struct str form_choice_label(struct arena *a, const struct pack *p, const struct field *f, struct str value,
                             enum lang lang);
/* "form":[field] alone, into an open object. */
void form_write(struct jw *w, struct arena *a, const struct form_of *f);

#endif
