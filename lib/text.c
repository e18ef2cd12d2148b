/* SPDX-License-Identifier: ISC */
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

size_t
mc_utf8_decode(const char *s, size_t n, uint32_t *code)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead;
	uint32_t c;
	size_t len;

	if (n == 0)
		return 0;
	lead = (unsigned char)s[0];
	if (lead < 0x80) {
		*code = lead;
		return 1;
	}
	if (lead >= 0xc2 && lead <= 0xdf)
		len = 2;
	else if ((lead & 0xf0) == 0xe0)
		len = 3;
	else if (lead >= 0xf0 && lead <= 0xf4)
		len = 4;
	else
		return 0;
	if (n < len)
		return 0;
	c = lead & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((unsigned char)s[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return len;
}

size_t
mc_utf8_encode(char out[4], uint32_t c)
{
	static const unsigned char lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return n;
}

uint32_t
mc_lower_code(uint32_t c)
{
	return uc_tolower(c);
}

bool
mc_is_word_code(uint32_t c)
{
	return uc_is_alnum(c) || uc_combining_class(c) > 0;
}

size_t
mc_utf8_count(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

static enum mc_text_fault
classify(uint32_t c, bool strict)
{
	if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029)
		return MC_TEXT_CONTROL;
	if ((c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef))
		return MC_TEXT_NONCHAR;
	if (!strict)
		return MC_TEXT_OK;
	/* UAX 9: marks, embeddings, overrides, isolates */
	if (c == 0x61c || c == 0x200e || c == 0x200f ||
		(c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		return MC_TEXT_BIDI;
	if (c == 0x200b || c == 0x2060 || c == 0xfeff)
		return MC_TEXT_INVISIBLE;
	return MC_TEXT_OK;
}

enum mc_text_fault
mc_text_check(const char *s, size_t n, bool strict, size_t *at)
{
	size_t i = 0, count = 0;

	while (i < n) {
		enum mc_text_fault fault = MC_TEXT_OK;
		unsigned char byte = (unsigned char)s[i];
		uint32_t c;
		size_t len = 1;

		if (byte >= 0x20 && byte < 0x7f) {
			i++;
			count++;
			continue;
		}
		len = mc_utf8_decode(s + i, n - i, &c);
		fault = len == 0 ? MC_TEXT_UTF8 : classify(c, strict);
		if (fault != MC_TEXT_OK) {
			*at = count;
			return fault;
		}
		i += len;
		count++;
	}
	return MC_TEXT_OK;
}

const char *
mc_text_fault_name(enum mc_text_fault fault)
{
	switch (fault) {
	case MC_TEXT_OK: return "nothing";
	case MC_TEXT_UTF8: return "a byte that is not UTF-8";
	case MC_TEXT_CONTROL: return "a control character";
	case MC_TEXT_NONCHAR: return "a noncharacter";
	case MC_TEXT_BIDI: return "a bidirectional control";
	case MC_TEXT_INVISIBLE: return "an invisible character";
	}
	return "";
}

bool
mc_is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

char *
mc_to_nfc(struct mc_arena *arena, const char *s, size_t n)
{
	char *copy = NULL;
	uint8_t *out;
	size_t len = 0, i = 0;

	while (i < n && (unsigned char)s[i] < 0x80)
		i++;
	if (i == n)
		return mc_arena_strndup(arena, s, n);
	out = u8_normalize(UNINORM_NFC, (const uint8_t *)s, n, NULL, &len);
	if (out == NULL) {
		arena->failed = true;
		return NULL;
	}
	copy = mc_arena_strndup(arena, (const char *)out, len);
	free(out);
	return copy;
}

bool
mc_is_nfc(const char *s, size_t n)
{
	struct mc_arena arena = {0};
	const char *nfc = mc_to_nfc(&arena, s, n);
	bool same = nfc == NULL || (strlen(nfc) == n && memcmp(nfc, s, n) == 0);

	mc_arena_free(&arena);
	return same;
}

const char mc_hex_lower[] = "0123456789abcdef";
const char mc_hex_upper[] = "0123456789ABCDEF";

bool
mc_hex_read(const char *s, size_t digits, uint32_t *value)
{
	*value = 0;
	for (size_t i = 0; i < digits; i++) {
		const char c = mc_lower(s[i]);

		if (c >= '0' && c <= '9')
			*value = *value << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*value = *value << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	return true;
}

void
mc_hex(char *out, const void *bytes, size_t n)
{
	const unsigned char *b = bytes;

	for (size_t i = 0; i < n; i++) {
		*out++ = mc_hex_lower[b[i] >> 4];
		*out++ = mc_hex_lower[b[i] & 15];
	}
	*out = '\0';
}

char
mc_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

int
mc_strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n > 0; a++, b++, n--) {
		unsigned char x = (unsigned char)mc_lower(*a);
		unsigned char y = (unsigned char)mc_lower(*b);

		if (x != y)
			return x < y ? -1 : 1;
		if (x == '\0')
			return 0;
	}
	return 0;
}

int
mc_strcasecmp(const char *a, const char *b)
{
	return mc_strncasecmp(a, b, SIZE_MAX);
}

enum { WORD = 64 };

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned
mc_distance(const char *a, const char *b, unsigned limit)
{
	unsigned row[3][WORD + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > WORD || m > WORD || n > m + limit || m > n + limit)
		return limit + 1;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = row[i % 3], *last = row[(i - 1) % 3];
		char c = mc_lower(a[i - 1]);

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			char d = mc_lower(b[j - 1]);

			now[j] = least(last[j] + 1, now[j - 1] + 1);
			now[j] = least(now[j], last[j - 1] + (c != d));
			if (i > 1 && j > 1 && c == mc_lower(b[j - 2]) &&
				mc_lower(a[i - 2]) == d)
				now[j] = least(
					now[j], row[(i - 2) % 3][j - 2] + 1);
		}
	}
	return row[n % 3][m];
}

bool
mc_near(const char *word, const char *known)
{
	size_t n = strlen(known);
	unsigned limit = n < 4 ? 1 : n < 8 ? 2 : 3;

	if (strlen(word) < 2)
		return false;
	return mc_distance(word, known, limit) <= limit;
}
