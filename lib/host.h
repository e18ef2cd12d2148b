/* SPDX-License-Identifier: ISC */
#ifndef MC_HOST_H
#define MC_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

/*
 * A host or mail domain in A-labels, lower case (RFC 5890), in the arena.
 * NULL with *why (a static text): it is none, or memory ran out (then
 * arena->failed).  Address literals, blanks, underscores, mixed scripts in a
 * label, and anything that is not LDH afterwards are refused.
 */
const char *mc_host_ascii(
	struct mc_arena *, const char *, size_t n, const char **why);
/* The Unicode form, for display; the A-labels where there is none. */
const char *mc_host_display(struct mc_arena *, const char *ascii);
/* [a-z0-9-] labels of 1 to 63, at most 253 in all. */
bool mc_host_is_ldh(const char *);

#endif
