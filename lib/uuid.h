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
 * What stands behind an identifier in a name: "." and a purpose, or nothing.
 * As it is hashed: behind it is the bit that ends a message (RFC 3174), before
 * it and behind are zeroes.
 */
enum { MC_PURPOSE_ROOM = 16 };
struct mc_purpose {
	size_t size;
	char before[MC_PURPOSE_ROOM];
	char text[2 * MC_PURPOSE_ROOM];
};
/* Of a text of at most MC_PURPOSE_ROOM - 1 bytes. */
#define MC_PURPOSE(text)                          \
	{                                         \
		sizeof(text) - 1, "", text "\x80" \
	}

/*
 * UUID version 5, name space DNS, of the identifier and what stands behind it.
 */
void mc_uuid5(const char *identifier, const struct mc_purpose *,
	char out[MC_UUID_SIZE]);

#endif
