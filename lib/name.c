/* SPDX-License-Identifier: ISC */
#include "name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "digest.h"
#include "text.h"

enum {
	STEM_MAX = 200, /* bytes, suffix not counted; file systems hold 255 */
	TAG = 12,       /* hex digits of SHA-256 */
};

static bool
kept(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
		c == '_' || c == '@' || c == '+' || c == '-';
}

/*
 * Whether Windows takes the text for a device: what stands before its first
 * dot is one of these words.
 */
static bool
is_device(const char *name, size_t n)
{
	static const char *const words[] = {
		"con", "prn", "aux", "nul", "conin$", "conout$"};
	const char *dot = memchr(name, '.', n);
	size_t stem = dot == NULL ? n : (size_t)(dot - name);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == stem &&
			memcmp(name, words[i], stem) == 0)
			return true;
	if (stem < 4 ||
		(memcmp(name, "com", 3) != 0 && memcmp(name, "lpt", 3) != 0))
		return false;
	if (stem == 4)
		return name[3] >= '0' && name[3] <= '9';
	/* superscript one, two, three */
	return stem == 5 &&
		(memcmp(name + 3, "\xc2\xb9", 2) == 0 ||
			memcmp(name + 3, "\xc2\xb2", 2) == 0 ||
			memcmp(name + 3, "\xc2\xb3", 2) == 0);
}

/* What stands for one byte; returns its length. */
static size_t
encode(char *out, unsigned char byte, bool plain)
{
	if (plain) {
		out[0] = (char)byte;
		return 1;
	}
	out[0] = '%';
	out[1] = mc_hex_lower[byte >> 4];
	out[2] = mc_hex_lower[byte & 15];
	return 3;
}

char *
mc_file_name(struct mc_arena *arena, const char *text, const char *suffix)
{
	size_t n = strlen(text), used = 0, tail = strlen(suffix);
	char *name = mc_arena_alloc(arena, 3 * n + TAG + 3 + tail);
	unsigned char hash[MC_SHA256_SIZE];
	const struct mc_part_bytes parts[] = {{text, n}, {NULL, 0}};

	if (name == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		bool plain = kept(text[i]);

		if (i == 0 && (text[i] == '.' || text[i] == '-'))
			plain = false;
		/* "_con" must not meet the name that "con" is given */
		if (i == 0 && text[i] == '_' && is_device(text + 1, n - 1))
			plain = false;
		if (i + 1 == n && text[i] == '.')
			plain = false;
		used += encode(name + used, (unsigned char)text[i], plain);
	}
	if (used > STEM_MAX) {
		/* not through the middle of an escape */
		used = STEM_MAX - TAG - 1;
		if (name[used - 1] == '%')
			used -= 1;
		else if (name[used - 2] == '%')
			used -= 2;
		name[used++] = '~';
		mc_sha256(parts, hash);
		mc_hex(name + used, hash, TAG / 2);
		used += TAG;
	}
	/* a device stays one with an extension; '_' never starts an escape */
	if (is_device(text, n)) {
		memmove(name + 1, name, used);
		name[0] = '_';
		used++;
	}
	memcpy(name + used, suffix, tail + 1);
	return name;
}
