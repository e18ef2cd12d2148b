/* SPDX-License-Identifier: ISC */
/* Bytes of interest, found 64 at a time: a bit each. */
#ifndef MC_BITS_H
#define MC_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { MC_BITS = 64 };

#ifdef __SSE2__
struct mc_bits {
	__m128i v[4];
};

static inline struct mc_bits
mc_bits_load(const char *s)
{
	struct mc_bits b;

	for (unsigned i = 0; i < 4; i++)
		b.v[i] = _mm_loadu_si128(
			(const __m128i *)(const void *)(s + (size_t)16 * i));
	return b;
}

static inline uint64_t
mc_bits_of(const struct mc_bits *b, char c)
{
	const __m128i wanted = _mm_set1_epi8(c);
	uint64_t bits = 0;

	for (unsigned i = 0; i < 4; i++) {
		int m = _mm_movemask_epi8(_mm_cmpeq_epi8(b->v[i], wanted));

		bits |= (uint64_t)(unsigned)m << (16 * i);
	}
	return bits;
}

/* How many bytes are c. */
static inline unsigned
mc_bits_count(const struct mc_bits *b, char c)
{
	const __m128i wanted = _mm_set1_epi8(c), none = _mm_setzero_si128();
	__m128i sum = none;

	for (unsigned i = 0; i < 4; i++)
		sum = _mm_sub_epi8(sum, _mm_cmpeq_epi8(b->v[i], wanted));
	sum = _mm_sad_epu8(sum, none);
	return (unsigned)_mm_cvtsi128_si32(sum) +
		(unsigned)_mm_cvtsi128_si32(_mm_srli_si128(sum, 8));
}

/* Of the delimiter, quotes, line ends, and control characters before CR. */
static inline uint64_t
mc_bits_cells(const struct mc_bits *b, char delimiter)
{
	const __m128i first = _mm_set1_epi8(delimiter);
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i cr = _mm_set1_epi8('\r');
	uint64_t bits = 0;

	for (unsigned i = 0; i < 4; i++) {
		const __m128i v = b->v[i];
		__m128i any = _mm_cmpeq_epi8(_mm_min_epu8(v, cr), v);

		any = _mm_or_si128(any, _mm_cmpeq_epi8(v, first));
		any = _mm_or_si128(any, _mm_cmpeq_epi8(v, quote));
		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(any) << (16 * i);
	}
	return bits;
}

/* Of line ends. */
static inline uint64_t
mc_bits_ends(const struct mc_bits *b)
{
	const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
	uint64_t bits = 0;

	for (unsigned i = 0; i < 4; i++) {
		const __m128i any = _mm_or_si128(_mm_cmpeq_epi8(b->v[i], lf),
			_mm_cmpeq_epi8(b->v[i], cr));

		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(any) << (16 * i);
	}
	return bits;
}

/* Of what is neither printable ASCII nor a line feed. */
static inline uint64_t
mc_bits_odd(const struct mc_bits *b)
{
	const __m128i blank = _mm_set1_epi8(' '), del = _mm_set1_epi8(0x7f);
	uint64_t bits = 0;

	for (unsigned i = 0; i < 4; i++) {
		const __m128i v = b->v[i];
		/* bytes from 0x80 on are negative */
		__m128i odd = _mm_or_si128(
			_mm_cmplt_epi8(v, blank), _mm_cmpeq_epi8(v, del));

		odd = _mm_andnot_si128(
			_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')), odd);
		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(odd) << (16 * i);
	}
	return bits;
}

/* Of bytes from 0x80 on. */
static inline uint64_t
mc_bits_high(const struct mc_bits *b)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 4; i++)
		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(b->v[i])
			<< (16 * i);
	return bits;
}

/* Whether there are bytes from 0x80 on. */
static inline bool
mc_bits_is_high(const struct mc_bits *b)
{
	__m128i any = _mm_setzero_si128();

	for (unsigned i = 0; i < 4; i++)
		any = _mm_or_si128(any, b->v[i]);
	return _mm_movemask_epi8(any) != 0;
}
#else
struct mc_bits {
	char v[MC_BITS];
};

static inline struct mc_bits
mc_bits_load(const char *s)
{
	struct mc_bits b;

	memcpy(b.v, s, sizeof(b.v));
	return b;
}

static inline uint64_t
mc_bits_of(const struct mc_bits *b, char c)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < MC_BITS; i++)
		bits |= (uint64_t)(b->v[i] == c) << i;
	return bits;
}

static inline unsigned
mc_bits_count(const struct mc_bits *b, char c)
{
	return (unsigned)__builtin_popcountll(mc_bits_of(b, c));
}

static inline uint64_t
mc_bits_cells(const struct mc_bits *b, char delimiter)
{
	uint64_t bits = mc_bits_of(b, delimiter) | mc_bits_of(b, '"');

	for (unsigned i = 0; i < MC_BITS; i++)
		bits |= (uint64_t)((unsigned char)b->v[i] <= '\r') << i;
	return bits;
}

static inline uint64_t
mc_bits_ends(const struct mc_bits *b)
{
	return mc_bits_of(b, '\n') | mc_bits_of(b, '\r');
}

static inline uint64_t
mc_bits_odd(const struct mc_bits *b)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < MC_BITS; i++)
		bits |= (uint64_t)((b->v[i] < ' ' || b->v[i] > '~') &&
				b->v[i] != '\n')
			<< i;
	return bits;
}

static inline uint64_t
mc_bits_high(const struct mc_bits *b)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < MC_BITS; i++)
		bits |= (uint64_t)((unsigned char)b->v[i] >> 7) << i;
	return bits;
}

static inline bool
mc_bits_is_high(const struct mc_bits *b)
{
	return mc_bits_high(b) != 0;
}
#endif

/* Apart, as it is rare: its memory would be zeroed each time. */
__attribute__((noinline)) static struct mc_bits
mc_bits_load_few(const char *s, size_t n)
{
	char rest[MC_BITS] = "";

	memcpy(rest, s, n);
	return mc_bits_load(rest);
}

/* Of the first n bytes, at most MC_BITS; behind them are NULs. */
static inline struct mc_bits
mc_bits_load_some(const char *s, size_t n)
{
	return n >= MC_BITS ? mc_bits_load(s) : mc_bits_load_few(s, n);
}

/* The bits below i. */
static inline uint64_t
mc_bits_below(size_t i)
{
	return i >= MC_BITS ? UINT64_MAX : (UINT64_C(1) << i) - 1;
}

/* The lowest, of some. */
static inline size_t
mc_bits_first(uint64_t bits)
{
	return (size_t)__builtin_ctzll(bits);
}

#endif
