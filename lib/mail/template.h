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
 * stays in its line.
 */
#ifndef MC_TEMPLATE_H
#define MC_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

enum mc_template_form { MC_TEMPLATE_TEXT = 0, MC_TEMPLATE_HTML };

/* The values of a name, n of them. */
struct mc_template_value {
	const char *const *texts;
	size_t n;
};

/* Who knows the names.  They are not NUL-terminated. */
struct mc_template_names {
	void *context;
	/* false: there is no such name */
	bool (*find)(void *context, const char *name, size_t n,
		struct mc_template_value *);
};

/*
 * NULL: the template is right.  Else a static text, and the offset in bytes of
 * what is wrong.
 */
const char *mc_template_check(
	const char *template, const struct mc_template_names *, size_t *at);
/* Appends a template that is right. */
void mc_template_fill(struct mc_buf *, const char *template,
	enum mc_template_form, const struct mc_template_names *);

#endif
