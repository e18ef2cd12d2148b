/* SPDX-License-Identifier: ISC */
/* As much of MIME (RFC 2045, 2046) as reading a bounce takes. */
#ifndef MC_PART_H
#define MC_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "buf.h"

/* A message or a part of one, where it stands. */
struct mc_part {
	const char *head;
	size_t n_head;
	const char *body;
	size_t n_body;
};

/* Parts head from body at the first empty line. */
void mc_part_split(const char *, size_t n, struct mc_part *);
/*
 * The value of a field, on one line; NULL: there is none, or out of memory.
 * *at (may be NULL) goes on behind it, to find the next one of the name.
 */
const char *mc_part_field(struct mc_arena *, const struct mc_part *,
	const char *name, size_t *at);
/* "text/plain", in small letters; text/plain when it is not told. */
const char *mc_part_type(struct mc_arena *, const struct mc_part *);
/* A parameter of Content-Type; NULL: there is none, or out of memory. */
const char *mc_part_parameter(
	struct mc_arena *, const struct mc_part *, const char *name);
/*
 * The next part between boundaries, *at from 0 on.  false: there is none.
 */
bool mc_part_next(const struct mc_part *, const char *boundary, size_t *at,
	struct mc_part *);
/* The body without its transfer encoding, in UTF-8 as far as that is told. */
void mc_part_decode(struct mc_arena *, const struct mc_part *, struct mc_buf *);

#endif
