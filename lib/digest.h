/* SPDX-License-Identifier: ISC */
#ifndef MC_DIGEST_H
#define MC_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum {
	MC_SHA1_WORDS = 5,
	MC_SHA1_BLOCK = 64,
	MC_SHA256_SIZE = 32,
	MC_SHA256_BLOCK = 64
};

/* Hashes the parts one after the other; ends with a NULL part. */
struct mc_part_bytes {
	const void *data;
	size_t size;
};
/* The words of RFC 3174, which have their first byte on top. */
void mc_sha1(const struct mc_part_bytes *, uint32_t[MC_SHA1_WORDS]);
/* Of blocks that are padded already. */
void mc_sha1_padded(const void *, size_t blocks, uint32_t[MC_SHA1_WORDS]);
void mc_sha256(const struct mc_part_bytes *, unsigned char[MC_SHA256_SIZE]);

/* HMAC-SHA-256 (RFC 2104) of the parts.  The key is as secret as its bytes. */
struct mc_hmac_key {
	unsigned char block[MC_SHA256_BLOCK];
};
void mc_hmac_key(struct mc_hmac_key *, const void *, size_t);
void mc_hmac_sha256(const struct mc_hmac_key *, const struct mc_part_bytes *,
	unsigned char[MC_SHA256_SIZE]);

#endif
