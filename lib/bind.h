/* SPDX-License-Identifier: ISC */
#ifndef MC_BIND_H
#define MC_BIND_H

#include "field.h"
#include "read/read.h"

/*
 * Binds names of a source to fields: exact names and synonyms of columns,
 * --column patterns.  Zero-initialise it, one for each source.
 */
struct mc_binding {
	struct mc_pattern *patterns;
	size_t n_patterns;
	int *column; /* CSV: the field of each column, or -1 */
	size_t n_columns;
	struct mc_arena arena;
};

/*
 * Adds FIELD=PATTERN, where PATTERN holds {Header}.  A column of the field's
 * name then counts no more.  false: reported at pos.
 */
bool mc_bind_pattern(struct mc_binding *, const char *spec,
	const struct mailcfg_pos *pos, struct mc_report *);
/* CSV's header.  false: reported, nothing can be bound. */
bool mc_bind_header(
	struct mc_binding *, const struct mc_record *, struct mc_report *);
/*
 * Sends a record's values through the gate, and sets draft->pos.  false when
 * draft->bad.  Without a header names must be fields' exact names; those of a
 * directory are looked for, and no other matters.
 */
bool mc_bind_record(struct mc_binding *, const struct mc_record *,
	struct mc_draft *, struct mc_report *);
/* Whether the header has a column for a secret field. */
bool mc_bind_has_secret(const struct mc_binding *);
void mc_bind_free(struct mc_binding *);

#endif
