/* SPDX-License-Identifier: ISC */
/*
 * Property lists in XML, read from bytes that nobody vouches for.  What is
 * taken is less than XML: elements of property lists, the DOCTYPE without
 * declarations of its own, the five entities that XML has by itself, and
 * character references.  Nothing is ever fetched or expanded.
 *
 * It does without libplist because of what 2.2.0 makes of such bytes:
 * <integer>0143</integer> is 99 to it, entities that only begin right are
 * taken, and it ends the process when memory runs out.
 */
#ifndef MC_APPLE_PLIST_H
#define MC_APPLE_PLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "../arena.h"
#include "apple_markup.h"

enum {
	MC_PLIST_BYTES = 1024 * 1024, /* the most that is read */
	MC_PLIST_DEPTH = 32           /* dictionaries and arrays in another */
};

enum mc_plist_kind {
	MC_PLIST_DICT = 0,
	MC_PLIST_ARRAY,
	MC_PLIST_STRING,
	MC_PLIST_INTEGER,
	MC_PLIST_REAL,
	MC_PLIST_DATE,
	MC_PLIST_DATA,
	MC_PLIST_TRUE,
	MC_PLIST_FALSE
};

/* A value; all of it lives in the arena. */
struct mc_plist {
	enum mc_plist_kind kind;
	bool met;               /* for who goes through a dictionary */
	unsigned line;          /* where the element stands, from 1 */
	unsigned column;        /* in code points */
	const char *key;        /* in a dictionary; NULL elsewhere */
	const char *text;       /* "" in dictionaries and arrays */
	struct mc_plist *child; /* the first one */
	struct mc_plist *next;
};

/* Whether it begins like one, in XML. */
bool mc_plist_is(const char *, size_t n);
/*
 * The value that the list is of.  NULL: the fault, or arena->failed.  Text is
 * as it stands in the list, blanks around it taken off where it is no string.
 */
struct mc_plist *mc_plist_read(
	struct mc_arena *, const char *, size_t n, struct mc_fault *);
/* "a dictionary", "an integer" ... */
const char *mc_plist_kind_name(enum mc_plist_kind);

#endif
