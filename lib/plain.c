/* SPDX-License-Identifier: ISC */
#include "plain.h"

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool
between(unsigned char c, unsigned char first, unsigned char last)
{
	return c >= first && c <= last;
}

#define ALL UINT64_MAX
#define BIT(second) (UINT64_C(1) << ((second)-0x80))
#define FROM(second) (ALL << ((second)-0x80))
#define UP_TO(second) (ALL >> (0xbf - (second)))

/*
 * Which second bytes, a bit each from 0x80 on, make a plain character behind a
 * first one from 0xc0 on.
 */
static const uint64_t pairs[32] = {
	[0x02] = FROM(0xa0) & ~BIT(0xad), /* no soft hyphen */
	[0x03] = ALL,                     /* Latin, to 0x0b */
	ALL,
	ALL,
	ALL,
	ALL,
	ALL,
	ALL,
	ALL,
	ALL,
	/* Greek, less what has another form */
	[0x0d] = FROM(0xb0) & ~BIT(0xb4) & ~BIT(0xbe),
	[0x0e] = ALL & ~BIT(0x87),
	[0x0f] = ALL,
	/* Cyrillic, before its marks */
	[0x10] = ALL,
	[0x11] = ALL,
	/* Arabic letters, less marks */
	[0x18] = FROM(0xa1),
	[0x19] = FROM(0x81) & UP_TO(0x8a),
	[0x1a] = ALL,
	[0x1b] = UP_TO(0x93),
};

/* Whether a character of three bytes is plain. */
static bool
is_plain_triple(unsigned char c, unsigned char second, unsigned char third)
{
	/* kana, less the two marks and their like; ideographs */
	if (c == 0xe3)
		return second == 0x81 || second == 0x83 ||
			(second == 0x82 && !between(third, 0x99, 0x9c));
	if (between(c, 0xe4, 0xe9))
		return true;
	/* Hangul syllables */
	return (c == 0xea && second >= 0xb0) || c == 0xeb || c == 0xec ||
		(c == 0xed && second <= 0x9d);
}

enum {
	ODD = MC_SIGN_ODD,
	WIDE = MC_SIGN_WIDE,
	BRACE = MC_SIGN_BRACE,
	DOLLAR = MC_SIGN_DOLLAR,
	QUOTE = MC_SIGN_QUOTE,
	MARKUP = MC_SIGN_MARKUP,
	OTHER = MC_SIGN_OTHER,
};

/* Of each byte; letters, digits, blanks and . _ - have none. */
static const unsigned char signs[256] = {
	[0x00] = ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	ODD,
	[0x7f] = ODD,
	['!'] = OTHER,
	['"'] = QUOTE,
	['#'] = OTHER,
	['$'] = DOLLAR,
	['%'] = DOLLAR,
	['&'] = MARKUP,
	['\''] = QUOTE,
	['('] = OTHER,
	[')'] = OTHER,
	['*'] = OTHER,
	['+'] = OTHER,
	[','] = OTHER,
	['/'] = OTHER,
	[':'] = OTHER,
	[';'] = OTHER,
	['<'] = MARKUP,
	['='] = OTHER,
	['>'] = MARKUP,
	['?'] = OTHER,
	['@'] = OTHER,
	['['] = OTHER,
	['\\'] = QUOTE,
	[']'] = OTHER,
	['^'] = OTHER,
	['`'] = QUOTE,
	['{'] = BRACE,
	['|'] = OTHER,
	['}'] = BRACE,
	['~'] = OTHER,
#define WIDE4 WIDE, WIDE, WIDE, WIDE
#define WIDE16 WIDE4, WIDE4, WIDE4, WIDE4
	[0x80] = WIDE16,
	WIDE16,
	WIDE16,
	WIDE16,
	WIDE16,
	WIDE16,
	WIDE16,
	WIDE16,
};

/* Whether all characters beyond ASCII are plain. */
static bool
is_plain_wide(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	bool plain = true;

	/* one or two bytes without a branch: letters come as they like */
	for (size_t i = 0; i < n && plain;) {
		bool narrow = s[i] < 0x80;

		if (s[i] >= 0xe0) {
			plain = s[i] < 0xf0 &&
				is_plain_triple(s[i], s[i + 1], s[i + 2]);
			i += 3;
			continue;
		}
		plain = narrow | (pairs[s[i] & 31] >> (s[i + 1] & 63) & 1);
		i += narrow ? 1 : 2;
	}
	return plain;
}

static inline unsigned
signs_of_eight(const unsigned char *s)
{
	return signs[s[0]] | signs[s[1]] | signs[s[2]] | signs[s[3]] |
		signs[s[4]] | signs[s[5]] | signs[s[6]] | signs[s[7]];
}

/* Some are looked at twice: texts are short, and no two of one length. */
static unsigned
signs_of(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned found = 0;

	if (n < 8) {
		for (size_t i = 0; i < n; i++)
			found |= signs[s[i]];
		return found;
	}
	for (size_t i = 0; n - i > 8; i += 8)
		found |= signs_of_eight(s + i);
	return found | signs_of_eight(s + n - 8);
}

#ifdef __SSE2__
enum { STEP = 16 };

/* Which bytes are `first`, or up to `more` behind it. */
static inline __m128i
within(__m128i v, int first, int more)
{
	const __m128i from = _mm_sub_epi8(v, _mm_set1_epi8((char)first));

	return _mm_cmpeq_epi8(
		_mm_min_epu8(from, _mm_set1_epi8((char)more)), from);
}

static inline __m128i
equal(__m128i v, int byte)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8((char)byte));
}

/*
 * Which bytes need no closer look: ASCII without signs, and those of two-byte
 * characters whose first one tells that they are plain.
 */
static inline __m128i
are_common(__m128i v)
{
	__m128i are = within(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 25);

	are = _mm_or_si128(are, within(v, '0', 9));
	are = _mm_or_si128(are, _mm_or_si128(equal(v, ' '), equal(v, '_')));
	are = _mm_or_si128(are, within(v, '-', 1)); /* and the dot */
	/* second bytes, but for what 0xce makes of 0x87 */
	are = _mm_or_si128(are, within(v, 0x80, 0x3f));
	are = _mm_andnot_si128(equal(v, 0x87), are);
	are = _mm_or_si128(are, within(v, 0xc3, 8));
	are = _mm_or_si128(are, within(v, 0xce, 3));
	return _mm_or_si128(are, equal(v, 0xda));
}

/*
 * Whether there are STEP / 2 bytes or more, and all are common; *wide: some are
 * not ASCII.
 */
static inline bool
is_common(const char *text, size_t n, bool *wide)
{
	__m128i are, all;

	if (n < STEP / 2)
		return false;
	if (n < STEP) {
		all = _mm_unpacklo_epi64(_mm_loadl_epi64((const void *)text),
			_mm_loadl_epi64((const void *)(text + n - STEP / 2)));
		are = are_common(all);
	} else {
		all = _mm_loadu_si128((const void *)(text + n - STEP));
		are = are_common(all);
		for (size_t i = 0; n - i > STEP; i += STEP) {
			const __m128i v = _mm_loadu_si128(
				(const void *)(text + i));

			are = _mm_and_si128(are, are_common(v));
			all = _mm_or_si128(all, v);
		}
	}
	*wide = _mm_movemask_epi8(all) != 0;
	return _mm_movemask_epi8(are) == 0xffff;
}
#else
static inline bool
is_common(const char *text, size_t n, bool *wide)
{
	(void)text, (void)n, (void)wide;
	return false;
}
#endif

static inline unsigned
signs_in(const char *text, size_t n, bool has_some)
{
	bool wide = false;
	unsigned found;
	char first;

	if (n == 0 || text[0] == ' ' || text[n - 1] == ' ')
		return MC_SIGN_ODD;
	if (!has_some && is_common(text, n, &wide)) {
		found = wide ? MC_SIGN_WIDE : 0;
	} else {
		found = signs_of(text, n);
		if ((found & MC_SIGN_WIDE) != 0 && !is_plain_wide(text, n))
			found |= MC_SIGN_ODD;
	}
	first = text[0];
	if ((first >= '0' && first <= '9') || first == '+' || first == '-' ||
		first == '.')
		found |= MC_SIGN_NUMBER;
	else if (n <= 5)
		found |= MC_SIGN_WORD;
	return found;
}

unsigned
mc_plain_signs(const char *text, size_t n)
{
	return signs_in(text, n, false);
}

unsigned
mc_plain_signs_of_secret(const char *text, size_t n)
{
	return signs_in(text, n, true);
}

/* What a byte is in a local-part. */
enum { BAD = 1, DOT = 2, UPPER = 4, LOWER = 8 };

static const unsigned char local[256] = {
	['-'] = LOWER,
	['_'] = LOWER,
	['+'] = LOWER,
	['.'] = DOT,
#define LOWER5 LOWER, LOWER, LOWER, LOWER, LOWER
#define UPPER5 UPPER, UPPER, UPPER, UPPER, UPPER
	['0'] = LOWER5,
	LOWER5,
	['a'] = LOWER5,
	LOWER5,
	LOWER5,
	LOWER5,
	LOWER5,
	LOWER,
	['A'] = UPPER5,
	UPPER5,
	UPPER5,
	UPPER5,
	UPPER5,
	UPPER,
};

bool
mc_plain_local(const char *s, size_t n, bool *upper)
{
	unsigned found = 0, dots = 0, last = DOT;

	/* no branch: letters and dots come as they like */
	for (size_t i = 0; i < n; i++) {
		unsigned is = local[(unsigned char)s[i]];

		found |= is == 0 ? BAD : is;
		dots |= is & last;
		last = is;
	}
	*upper = (found & UPPER) != 0;
	/* no dot comes first, or last, or behind another */
	return n > 0 && n <= 64 && (found & BAD) == 0 && (dots & DOT) == 0 &&
		last != DOT;
}
