/* SPDX-License-Identifier: ISC */
#ifndef MC_TEXT_H
#define MC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"

/* Eight bytes as a number, the first one lowest. */
static inline uint64_t
mc_eight(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

enum mc_text_fault {
	MC_TEXT_OK = 0,
	MC_TEXT_UTF8,     /* not valid UTF-8 */
	MC_TEXT_CONTROL,  /* C0, DEL, C1, line or paragraph separator */
	MC_TEXT_NONCHAR,  /* U+FFFE, U+FFFF and the other noncharacters */
	MC_TEXT_BIDI,     /* a bidirectional control */
	MC_TEXT_INVISIBLE /* zero-width space, word joiner, BOM inside */
};

/*
 * Looks for what no field may hold.  *at is the offset in code points (from 0)
 * of the first fault.  Faults after MC_TEXT_NONCHAR are looked for only when
 * `strict` (everything but passwords).
 */
enum mc_text_fault mc_text_check(
	const char *, size_t n, bool strict, size_t *at);
const char *mc_text_fault_name(enum mc_text_fault);

/*
 * Decodes one code point; returns its length in bytes, 0 when the bytes are
 * not valid UTF-8 (RFC 3629).
 */
size_t mc_utf8_decode(const char *, size_t n, uint32_t *code);
size_t mc_utf8_count(const char *, size_t n); /* code points */
bool mc_is_ascii(const char *);
bool mc_is_nfc(const char *, size_t n);
/* Normal form C, in the arena; NULL: out of memory. */
char *mc_to_nfc(struct mc_arena *, const char *, size_t n);

/* The small letter of any script's; another character is itself. */
uint32_t mc_lower_code(uint32_t);
/* Whether words are made of it: a letter or digit of any script. */
bool mc_is_word_code(uint32_t);
/* Writes a code point; returns its bytes, at most 4. */
size_t mc_utf8_encode(char out[4], uint32_t code);

/* Hexadecimal digits. */
extern const char mc_hex_lower[], mc_hex_upper[];
/* The number that so many of them are, at most 8; false: one is none. */
bool mc_hex_read(const char *, size_t digits, uint32_t *value);
/* Bytes as small ones, and a NUL. */
void mc_hex(char *out, const void *, size_t n);

/* Compares without regard to ASCII case; never the locale's. */
int mc_strcasecmp(const char *, const char *);
int mc_strncasecmp(const char *, const char *, size_t);
char mc_lower(char);

/*
 * The edit distance of two words (Damerau, without regard to ASCII case),
 * or a number above `limit` as soon as it is known to exceed it.
 */
unsigned mc_distance(const char *, const char *, unsigned limit);
/* Whether `word` is near enough to `known` to be meant by it. */
bool mc_near(const char *word, const char *known);

#endif
