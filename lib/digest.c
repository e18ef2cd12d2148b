/* SPDX-License-Identifier: ISC */
/*
 * libcrypto's low-level hashes: fetching a digest through EVP initialises the
 * whole library, which costs 6 million instructions at start-up against 3,000
 * for these (callgrind).  They are deprecated, not removed, in OpenSSL 3.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "digest.h"

#include <openssl/sha.h>
#include <string.h>

#include "arena.h"

static void
take_words(const SHA_CTX *context, uint32_t out[MC_SHA1_WORDS])
{
	out[0] = context->h0;
	out[1] = context->h1;
	out[2] = context->h2;
	out[3] = context->h3;
	out[4] = context->h4;
}

void
mc_sha1(const struct mc_part_bytes *part, uint32_t out[MC_SHA1_WORDS])
{
	unsigned char unused[SHA_DIGEST_LENGTH];
	SHA_CTX context;

	SHA1_Init(&context);
	for (; part->data != NULL; part++)
		SHA1_Update(&context, part->data, part->size);
	SHA1_Final(unused, &context);
	take_words(&context, out);
}

void
mc_sha1_padded(const void *message, size_t blocks, uint32_t out[MC_SHA1_WORDS])
{
	/* as SHA1_Init() leaves it, for one copy and not five stores */
	static const SHA_CTX fresh = {.h0 = 0x67452301,
		.h1 = 0xefcdab89,
		.h2 = 0x98badcfe,
		.h3 = 0x10325476,
		.h4 = 0xc3d2e1f0};
	const unsigned char *block = message;
	SHA_CTX context MC_UNINITIALIZED;

	memcpy(&context, &fresh, offsetof(SHA_CTX, Nl));
	for (; blocks > 0; blocks--, block += MC_SHA1_BLOCK)
		SHA1_Transform(&context, block);
	take_words(&context, out);
}

/* The first part stands before the others. */
static void
sha256(const struct mc_part_bytes *first, const struct mc_part_bytes *part,
	unsigned char out[MC_SHA256_SIZE])
{
	SHA256_CTX context;

	SHA256_Init(&context);
	if (first != NULL)
		SHA256_Update(&context, first->data, first->size);
	for (; part->data != NULL; part++)
		SHA256_Update(&context, part->data, part->size);
	SHA256_Final(out, &context);
	if (first != NULL)
		mc_wipe(&context, sizeof(context));
}

void
mc_sha256(const struct mc_part_bytes *part, unsigned char out[MC_SHA256_SIZE])
{
	sha256(NULL, part, out);
}

void
mc_hmac_key(struct mc_hmac_key *key, const void *bytes, size_t n)
{
	const struct mc_part_bytes parts[] = {{bytes, n}, {NULL, 0}};

	memset(key->block, 0, sizeof(key->block));
	if (n > sizeof(key->block))
		mc_sha256(parts, key->block);
	else if (n > 0)
		memcpy(key->block, bytes, n);
}

/* The parts behind the key, each of its bytes changed by `pad`. */
static void
keyed(const struct mc_hmac_key *key, unsigned char pad,
	const struct mc_part_bytes *part, unsigned char out[MC_SHA256_SIZE])
{
	unsigned char block[MC_SHA256_BLOCK];
	const struct mc_part_bytes first = {block, sizeof(block)};

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = key->block[i] ^ pad;
	sha256(&first, part, out);
	mc_wipe(block, sizeof(block));
}

void
mc_hmac_sha256(const struct mc_hmac_key *key, const struct mc_part_bytes *part,
	unsigned char out[MC_SHA256_SIZE])
{
	unsigned char inner[MC_SHA256_SIZE];
	const struct mc_part_bytes parts[] = {
		{inner, sizeof(inner)}, {NULL, 0}};

	keyed(key, 0x36, part, inner);
	keyed(key, 0x5c, parts, out);
	mc_wipe(inner, sizeof(inner));
}
