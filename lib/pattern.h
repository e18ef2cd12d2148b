/* SPDX-License-Identifier: ISC */
/* FIELD=PATTERN of --column: bind.c's other half. */
#ifndef MC_PATTERN_H
#define MC_PATTERN_H

#include "bind.h"
#include "buf.h"

/* A part of a pattern: text as it is, or {header}. */
struct mc_piece {
	const char *text;
	size_t at; /* where it stands in the option, in code points */
	bool header;
	size_t column; /* CSV: which one that is */
};

struct mc_pattern {
	size_t field;
	struct mc_piece *pieces;
	size_t n_pieces;
	struct mailcfg_pos pos; /* of the option */
};

/* What a pattern makes of a record. */
struct mc_filled {
	struct mc_buf text;
	const struct mc_item *first; /* that it is from; NULL: none */
	const struct mc_item *unfit; /* with a fault; NULL: none */
	bool placeholder;            /* one is in it */
	bool full;                   /* a value was not empty */
};

/* The pattern for a field; NULL: none. */
const struct mc_pattern *mc_pattern_of(const struct mc_binding *, size_t field);
/* Whether one of the patterns has {name}. */
bool mc_pattern_names(const struct mc_binding *, const char *name);
/* Finds the columns that the patterns name.  false: reported. */
bool mc_pattern_resolve(struct mc_binding *, const struct mc_record *header,
	struct mc_report *);
/* Zero-initialise the result; the caller resets and frees its text. */
void mc_pattern_fill(const struct mc_pattern *, const struct mc_record *,
	struct mc_filled *);

/* A value on its way to a field, past what only the reader knows. */
void mc_bind_set(struct mc_draft *, size_t id, const struct mc_item *,
	struct mc_report *);

/* Report, `at` code points behind pos.  Always false. */
bool mc_bind_refuse(struct mc_report *, enum mc_msg, const struct mailcfg_pos *,
	size_t at, const char *, ...) __attribute__((format(printf, 5, 6)));
bool mc_bind_no_memory(struct mc_report *);

#endif
