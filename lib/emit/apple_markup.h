/* SPDX-License-Identifier: ISC */
/*
 * What of XML a property list can have: text, comments, the declaration and
 * the DOCTYPE, from bytes that nobody vouches for.  Nothing is ever fetched or
 * expanded.
 */
#ifndef MC_APPLE_MARKUP_H
#define MC_APPLE_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "../buf.h"
#include "../diag.h"

/* What was wrong first. */
struct mc_fault {
	enum mc_msg message; /* MC_MSG_SYNTAX, NOT_UTF8, TOO_BIG */
	const char *why;     /* a static text */
	unsigned line;       /* from 1 */
	unsigned column;     /* in code points */
};

struct mc_markup {
	const char *at, *end;
	/* the place of `mark`, which follows `at` */
	const char *mark;
	unsigned line, column;
	struct mc_buf text; /* of the element at hand; to be freed */
	struct mc_fault fault;
	bool failed;
};

/* A mark of byte order is passed over. */
void mc_markup_start(struct mc_markup *, const char *, size_t n);
/* Moves the place on to the byte. */
void mc_markup_walk(struct mc_markup *, const char *to);
/* The first fault counts.  Always false. */
bool mc_markup_fail(
	struct mc_markup *, enum mc_msg, const char *at, const char *why);
/* MC_MSG_SYNTAX where it stands. */
bool mc_markup_malformed(struct mc_markup *, const char *why);

bool mc_markup_is_blank(char);
void mc_markup_skip_blanks(struct mc_markup *);
/* Whether the text is next; it is taken then. */
bool mc_markup_take(struct mc_markup *, const char *);
/* Whether all that follows is UTF-8 that XML can hold. */
bool mc_markup_check(struct mc_markup *);

/* Each past its beginning.  false: failed. */
bool mc_markup_comment(struct mc_markup *);
bool mc_markup_declaration(struct mc_markup *);
bool mc_markup_doctype(struct mc_markup *, const char *name);
/* Attributes of an element, and ">": nobody asks what they say. */
bool mc_markup_attributes(struct mc_markup *);
/* Text up to the end tag, whose name is next; it is in `text`. */
bool mc_markup_text(struct mc_markup *);
/* The name of the end tag. */
bool mc_markup_end(struct mc_markup *, const char *name);

#endif
