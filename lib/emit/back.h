/* SPDX-License-Identifier: ISC */
/*
 * Documents on their way back: what a target's read() finds in one.  Nothing
 * is completed or believed: a value comes in through the gate, and one that it
 * refuses is reported and left out.
 */
#ifndef MC_BACK_H
#define MC_BACK_H

#include <stdbool.h>
#include <stddef.h>

#include "../arena.h"
#include "../diag.h"
#include "../field.h"

/* An account; incomplete where the document is. */
struct mc_back_record {
	struct mc_draft draft;
	struct mc_back_record *next;
};

/* What the document says and no record can, in English. */
struct mc_back_note {
	const char
		*text; /* may hold what the document does: not for terminals */
	struct mc_back_note *next;
};

enum { MC_BACK_NOTES = 100 }; /* the most that are kept */

struct mc_back {
	const char *file; /* for positions */
	struct mc_arena *arena;
	struct mc_report *report;
	struct mc_back_record *records; /* in their order */
	struct mc_back_record *last;
	struct mc_back_note *notes;
	struct mc_back_note *last_note;
	size_t n_notes;
	bool secret; /* a password is inside */
};

/* Where something stands in the document. */
struct mc_back_place {
	unsigned line, column;
};

enum mc_back_result {
	MC_BACK_OTHER = 0, /* it is nothing of the kind; nothing was said */
	MC_BACK_READ,
	MC_BACK_BAD /* it is, and cannot be read; it was reported why */
};

/* A record that is added; NULL: out of memory (arena->failed). */
struct mc_draft *mc_back_add(struct mc_back *, struct mc_back_place);
/* Through the gate; n bytes of text.  false: refused, reported, left out. */
bool mc_back_set(struct mc_back *, struct mc_draft *, enum mc_field_id,
	const char *text, enum mc_type, struct mc_back_place);
void mc_back_note(struct mc_back *, const char *, ...)
	__attribute__((format(printf, 2, 3)));
/* Reports at the place.  field: NULL is none. */
void mc_back_say(struct mc_back *, enum mc_msg, struct mc_back_place,
	const char *field, const char *, ...)
	__attribute__((format(printf, 5, 6)));

#endif
