/* SPDX-License-Identifier: ISC */
/*
 * Texts with places for values.
 *
 *   {name}            the value; several are joined by ", "
 *   {?name}...{/name} what stands between, when there is a value
 *   {!name}...{/name} when there is none
 *   {*name}...{/name} once for each value, which {name} is then
 *   {{                a brace
 *
 * A section's tag that has a line to itself takes the line with it.  A value
 * stays in its line.  A name may also stand for markup, which is not escaped,
 * or for another template, which is filled in where it stands.
 */
#ifndef MC_TEMPLATE_H
#define MC_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

enum mc_template_form { MC_TEMPLATE_TEXT = 0, MC_TEMPLATE_HTML };

enum mc_template_kind {
	MC_TEMPLATE_VALUE = 0, /* somebody's: it is escaped */
	MC_TEMPLATE_MARKUP,    /* of the form itself, lines and all */
	MC_TEMPLATE_PART       /* a template, of the same form and names */
};

/* The values of a name, n of them; texts NULL: they are empty. */
struct mc_template_value {
	const char *const *texts;
	size_t n;
	enum mc_template_kind kind;
};

/* Who knows the names.  They are not NUL-terminated. */
struct mc_template_names {
	void *context;
	/* false: there is no such name */
	bool (*find)(void *context, const char *name, size_t n,
		struct mc_template_value *);
	/*
	 * NULL, or it hears which of its values a name stands for before each
	 * turn of {*name}, and MC_TEMPLATE_NONE after the last: other names
	 * may follow from it.
	 */
	void (*turn)(void *context, const char *name, size_t n, size_t value);
};
#define MC_TEMPLATE_NONE ((size_t)-1)

/*
 * NULL: the template is right.  Else a static text, and the offset in bytes of
 * what is wrong.
 */
const char *mc_template_check(
	const char *template, const struct mc_template_names *, size_t *at);
/*
 * Appends a template that is right, as are those it names.  Parts within parts
 * end at a depth of 8: what is deeper is left out.
 */
void mc_template_fill(struct mc_buf *, const char *template,
	enum mc_template_form, const struct mc_template_names *);

#endif
