/* SPDX-License-Identifier: ISC */
#ifndef MC_UUID_H
#define MC_UUID_H

#include "arena.h"

/* RFC 9562 text, upper case, with its NUL. */
enum { MC_UUID_SIZE = 37 };

/*
 * The identifier form of a mailbox: its domain's labels reversed, ".mailcfg.",
 * the local-part with every octet but [a-z0-9-] as '_' and two hex digits.
 * `identity` is mc_identity's.  NULL: out of memory.
 */
char *mc_identifier(struct mc_arena *, const char *identity);
/*
 * The last part of it, behind ".mailcfg.": writes the local-part of n bytes, 3
 * n at the most, without a NUL, and returns how many.
 */
size_t mc_identifier_local(char *out, const char *local, size_t n);

/*
 * UUID version 5, name space DNS, of the identifier, or of identifier + "." +
 * purpose when purpose is not NULL.
 */
void mc_uuid5(
	const char *identifier, const char *purpose, char out[MC_UUID_SIZE]);

#endif
