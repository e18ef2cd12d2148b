/* SPDX-License-Identifier: ISC */
#ifndef MC_DIGEST_H
#define MC_DIGEST_H

#include <stddef.h>

enum { MC_SHA1_SIZE = 20, MC_SHA256_SIZE = 32 };

/* Hashes the parts one after the other; ends with a NULL part. */
struct mc_part_bytes {
	const void *data;
	size_t size;
};
void mc_sha1(const struct mc_part_bytes *, unsigned char[MC_SHA1_SIZE]);
void mc_sha256(const struct mc_part_bytes *, unsigned char[MC_SHA256_SIZE]);

#endif
