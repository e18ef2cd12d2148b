/* SPDX-License-Identifier: ISC */
#include "uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "digest.h"
#include "text.h"

/* Whether the byte stays as it is. */
static inline bool
stays(unsigned char byte)
{
	return (unsigned char)(byte - 'a') < 26 ||
		(unsigned char)(byte - '0') < 10 || byte == '-';
}

size_t
mc_identifier_local(char *out, const char *local, size_t n)
{
	size_t used = 0;

	/* three bytes each time, where one may count: no branch */
	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)local[i];

		out[used] = (char)(stays(byte) ? byte : '_');
		out[used + 1] = mc_hex_lower[byte >> 4];
		out[used + 2] = mc_hex_lower[byte & 15];
		used += stays(byte) ? 1 : 3;
	}
	return used;
}

char *
mc_identifier(struct mc_arena *arena, const char *identity)
{
	static const char middle[] = ".mailcfg.";
	const char *at = strrchr(identity, '@');
	const char *end = identity + strlen(identity);
	size_t domain = (size_t)(end - at) - 1, local = (size_t)(at - identity);
	char *text = mc_arena_alloc(
		arena, domain + sizeof(middle) + 3 * local + 1);
	char *out = text;

	if (text == NULL)
		return NULL;
	/* labels, last first */
	for (const char *dot = end; dot > at; end = dot) {
		size_t n;

		for (dot = end - 1; *dot != '.' && dot > at;)
			dot--;
		n = (size_t)(end - dot) - 1;
		if (out != text)
			*out++ = '.';
		memcpy(out, dot + 1, n);
		out += n;
	}
	memcpy(out, middle, sizeof(middle) - 1);
	out += sizeof(middle) - 1;
	out += mc_identifier_local(out, identity, local);
	*out = '\0';
	return text;
}

/* RFC 9562, section 6.6: the name space for domain names */
static const unsigned char dns[16] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11,
	0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};

#ifdef __SSE2__
/*
 * What is written in small pieces and read in large ones at once has the
 * processor wait for as long as hashing takes.  So the message is put together
 * in registers, and stored and loaded in pieces of one size.
 */
enum {
	PIECE = 16,
	MESSAGE = 4 * MC_SHA1_BLOCK,
	SWAP = _MM_SHUFFLE(2, 3, 0, 1) /* neighbours */
};

/* Bytes, the first one lowest. */
struct piece {
	uint64_t lo, hi;
};

/* The r bytes before end, fewer than PIECE; as many are there. */
static inline struct piece
last_bytes(const char *end, unsigned r)
{
	/* no branch: which way it goes is anybody's guess */
	uint64_t many = 0 - (uint64_t)(r >= 8), x = mc_eight(end - 8);
	uint64_t y = mc_eight(end - 8 - ((r - 8) & (unsigned)many));
	uint64_t part = x >> 8 * (7 - (r & 7)) >> 8;

	return (struct piece){(y & many) | (part & ~many), part & many};
}

static inline __m128i
register_of(struct piece x)
{
	return _mm_set_epi64x((long long)x.hi, (long long)x.lo);
}

static inline __m128i
load(const void *s)
{
	return _mm_loadu_si128(s);
}

/* The words of the hash.  false: the identifier is too long, or too short. */
static bool
hash_quickly(const char *identifier, size_t n, const struct mc_purpose *purpose,
	uint32_t hash[MC_SHA1_WORDS])
{
	__m128i message[MESSAGE / PIECE] MC_UNINITIALIZED;
	size_t size = sizeof(dns) + n + purpose->size, at = 0;
	size_t blocks = (size + 8) / MC_SHA1_BLOCK + 1;
	size_t last = blocks * (MC_SHA1_BLOCK / PIECE) - 1;
	const char *ending;

	if (n < PIECE || blocks > MESSAGE / MC_SHA1_BLOCK)
		return false;
	for (size_t i = 0; i < MC_SHA1_BLOCK / PIECE; i++)
		message[last - i] = _mm_setzero_si128();
	message[at++] = load(dns);
	for (; n >= PIECE; n -= PIECE, identifier += PIECE)
		message[at++] = load(identifier);
	ending = (const char *)purpose + offsetof(struct mc_purpose, text) - n;
	message[at++] = _mm_or_si128(load(ending),
		register_of(last_bytes(identifier + n, (unsigned)n)));
	if (at <= last)
		message[at] = load(ending + PIECE);
	message[last] = _mm_or_si128(message[last],
		_mm_set_epi64x((long long)__builtin_bswap64(8 * size), 0));
	mc_sha1_padded(message, blocks, hash);
	return true;
}

/* Two digits for each byte of the first half, or of the second. */
static inline __m128i
ascii_of(__m128i nibbles)
{
	const __m128i letters = _mm_cmpgt_epi8(nibbles, _mm_set1_epi8(9));

	return _mm_add_epi8(_mm_add_epi8(nibbles, _mm_set1_epi8('0')),
		_mm_and_si128(letters, _mm_set1_epi8('A' - '9' - 1)));
}

/* The digits of version 5, with room for hyphens between. */
static inline void
write_digits(const uint32_t hash[4], char out[MC_UUID_SIZE])
{
	const __m128i low = _mm_set1_epi8(15), even = _mm_set1_epi16(255);
	__m128i v = load(hash), high, last;

	v = _mm_and_si128(v, _mm_set_epi32(-1, 0x3fffffff, ~0xf000, -1));
	v = _mm_or_si128(v, _mm_set_epi32(0, INT32_MIN, 0x5000, 0));
	/* the first byte of each word from the top to the bottom */
	v = _mm_or_si128(_mm_slli_epi16(v, 8),
		_mm_and_si128(_mm_srli_epi16(v, 8), even));
	v = _mm_shufflehi_epi16(_mm_shufflelo_epi16(v, SWAP), SWAP);
	high = _mm_and_si128(_mm_srli_epi16(v, 4), low);
	v = _mm_and_si128(v, low);
	last = ascii_of(_mm_unpackhi_epi8(high, v));
	v = ascii_of(_mm_unpacklo_epi8(high, v));
	_mm_storeu_si64(out, v);
	_mm_storeu_si32(out + 9, _mm_srli_si128(v, 8));
	_mm_storeu_si32(out + 14, _mm_srli_si128(v, 12));
	_mm_storeu_si32(out + 19, last);
	_mm_storeu_si64(out + 24, _mm_srli_si128(last, 4));
	_mm_storeu_si32(out + 32, _mm_srli_si128(last, 12));
}
#else
static bool
hash_quickly(const char *identifier, size_t n, const struct mc_purpose *purpose,
	uint32_t hash[MC_SHA1_WORDS])
{
	(void)identifier, (void)n, (void)purpose, (void)hash;
	return false;
}

static void
write_digits(const uint32_t hash[4], char out[MC_UUID_SIZE])
{
	for (size_t i = 0; i < 16; i++) {
		unsigned byte = hash[i / 4] >> (24 - 8 * (i % 4)) & 255;

		if (i == 6)
			byte = (byte & 0x0f) | 0x50;
		if (i == 8)
			byte = (byte & 0x3f) | 0x80;
		/* where the digits go, the hyphens counted */
		size_t at = 2 * i + (i >= 4) + (i >= 6) + (i >= 8) + (i >= 10);

		out[at] = mc_hex_upper[byte >> 4];
		out[at + 1] = mc_hex_upper[byte & 15];
	}
}
#endif

/* Out of the way of what is quick, which would set up its parts each time. */
__attribute__((noinline)) static void
hash_slowly(const char *identifier, size_t n, const struct mc_purpose *purpose,
	uint32_t hash[MC_SHA1_WORDS])
{
	const struct mc_part_bytes parts[] = {{dns, sizeof(dns)},
		{identifier, n}, {purpose->text, purpose->size}, {NULL, 0}};

	mc_sha1(parts, hash);
}

void
mc_uuid5(const char *identifier, const struct mc_purpose *purpose,
	char out[MC_UUID_SIZE])
{
	size_t n = strlen(identifier);
	uint32_t hash[MC_SHA1_WORDS] MC_UNINITIALIZED;

	if (!hash_quickly(identifier, n, purpose, hash))
		hash_slowly(identifier, n, purpose, hash);
	write_digits(hash, out);
	out[8] = out[13] = out[18] = out[23] = '-';
	out[MC_UUID_SIZE - 1] = '\0';
}
