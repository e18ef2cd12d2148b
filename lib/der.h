/* SPDX-License-Identifier: ISC */
/* DER (X.690), as much of it as a signed document needs. */
#ifndef MC_DER_H
#define MC_DER_H

#include <stdbool.h>
#include <stddef.h>

enum mc_der_tag {
	MC_DER_INTEGER = 0x02,
	MC_DER_OCTETS = 0x04,
	MC_DER_OID = 0x06,
	MC_DER_SEQUENCE = 0x30,
	MC_DER_SET = 0x31,
	MC_DER_CONTEXT_0 = 0xa0 /* [0], constructed */
};

/* Bytes of somebody else's. */
struct mc_der {
	const unsigned char *data;
	size_t size;
};

/* Bytes of tag and length before n bytes of content; at most MC_DER_HEAD. */
enum { MC_DER_HEAD = 2 + sizeof(size_t) };
size_t mc_der_head_size(size_t n);
/* Bytes of the whole element. */
static inline size_t
mc_der_size(size_t n)
{
	return mc_der_head_size(n) + n;
}
/* Writes tag and length; returns where the content goes. */
unsigned char *mc_der_head(unsigned char *out, enum mc_der_tag, size_t n);

/*
 * Takes the next element off `from`.  false: there is none with the tag, or it
 * is not whole, or not DER.
 */
bool mc_der_next(struct mc_der *from, enum mc_der_tag, struct mc_der *content);
bool mc_der_equal(const struct mc_der *, const struct mc_der *);
/* The order of DER's sets: below 0, 0, above 0. */
int mc_der_compare(const struct mc_der *, const struct mc_der *);

#endif
