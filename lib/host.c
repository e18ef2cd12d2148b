/* SPDX-License-Identifier: ISC */
#include "host.h"

#include <idn2.h>
#include <stdint.h>
#include <string.h>
#include <unictype.h>

#include "text.h"

enum { HOST_MAX = 253, LABEL_MAX = 63 };

static bool
is_ldh(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool
mc_host_is_ldh(const char *host)
{
	size_t n = strlen(host), label = 0;

	if (n == 0 || n > HOST_MAX)
		return false;
	for (size_t i = 0; i <= n; i++) {
		if (host[i] == '.' || host[i] == '\0') {
			if (label == 0 || label > LABEL_MAX ||
				host[i - 1] == '-' || host[i - label] == '-')
				return false;
			label = 0;
		} else if (is_ldh(host[i])) {
			label++;
		} else {
			return false;
		}
	}
	return true;
}

/*
 * Two scripts in one label are how a name is made to look like another.
 * Common and Inherited characters go with any script; Japanese and Korean mix
 * theirs (UTS 39, "Highly Restrictive").
 */
static bool
mixes_scripts(const char *s, size_t n)
{
	enum { LATIN = 1, EAST = 2, OTHER = 4 };
	const uc_script_t *other = NULL;
	unsigned seen = 0;

	for (size_t i = 0, len; i < n; i += len) {
		const uc_script_t *script;
		uint32_t c;

		len = mc_utf8_decode(s + i, n - i, &c);
		if (len == 0)
			return false;
		if (s[i] == '.' || c == 0x3002) {
			seen = 0;
			other = NULL;
			continue;
		}
		script = uc_script(c);
		if (script == NULL || strcmp(script->name, "Common") == 0 ||
			strcmp(script->name, "Inherited") == 0)
			continue;
		if (strcmp(script->name, "Latin") == 0) {
			seen |= LATIN;
		} else if (strcmp(script->name, "Han") == 0 ||
			strcmp(script->name, "Hiragana") == 0 ||
			strcmp(script->name, "Katakana") == 0 ||
			strcmp(script->name, "Bopomofo") == 0 ||
			strcmp(script->name, "Hangul") == 0) {
			seen |= EAST;
		} else {
			if (other != NULL && other != script)
				return true;
			other = script;
			seen |= OTHER;
		}
		if ((seen & OTHER) != 0 && seen != OTHER)
			return true;
	}
	return false;
}

/* 192.0.2.1 and its like: no top-level domain is all digits (RFC 3696). */
static bool
is_number(const char *s, size_t n)
{
	size_t digits = 0;

	while (digits < n && s[n - 1 - digits] >= '0' &&
		s[n - 1 - digits] <= '9')
		digits++;
	return digits > 0 && (digits == n || s[n - 1 - digits] == '.');
}

/* Nearly every host is plain ASCII already. */
static const char *
plain(struct mc_arena *arena, const char *s, size_t n)
{
	char *copy;

	for (size_t i = 0; i < n; i++)
		if (!is_ldh(mc_lower(s[i])) && s[i] != '.')
			return NULL;
	for (size_t i = 0; i + 4 <= n; i++)
		if ((i == 0 || s[i - 1] == '.') &&
			mc_strncasecmp(s + i, "xn--", 4) == 0)
			return NULL;
	copy = mc_arena_strndup(arena, s, n);
	if (copy == NULL)
		return NULL;
	for (char *c = copy; *c != '\0'; c++)
		*c = mc_lower(*c);
	return mc_host_is_ldh(copy) ? copy : NULL;
}

/* An A-label must decode to what encodes to it. */
static bool
labels_hold(struct mc_arena *arena, const char *ascii)
{
	char *display = NULL;
	uint8_t *again = NULL;
	bool ok = true;
	int rc;

	if (strstr(ascii, "xn--") == NULL)
		return true;
	rc = idn2_to_unicode_8z8z(ascii, &display, 0);
	if (rc == IDN2_OK)
		rc = idn2_lookup_u8(
			(const uint8_t *)display, &again, IDN2_NONTRANSITIONAL);
	if (rc == IDN2_MALLOC)
		arena->failed = true;
	ok = rc == IDN2_OK && strcmp((const char *)again, ascii) == 0 &&
		!mixes_scripts(display, strlen(display));
	idn2_free(display);
	idn2_free(again);
	return ok;
}

const char *
mc_host_ascii(struct mc_arena *arena, const char *s, size_t n, const char **why)
{
	const char *host, *copy;
	char *out = NULL;
	size_t at;
	int rc;

	*why = "it has an empty label, or one that is not letters, digits "
	       "and hyphens";
	if (is_number(s, n)) {
		*why = "address literals cannot be used: give a name";
		return NULL;
	}
	host = plain(arena, s, n);
	if (host != NULL || arena->failed)
		return host;
	if (n > 0 && (s[0] == '[' || memchr(s, ':', n) != NULL)) {
		*why = "address literals cannot be used: give a name";
		return NULL;
	}
	if (mc_text_check(s, n, true, &at) != MC_TEXT_OK)
		return NULL;
	if (memchr(s, ' ', n) != NULL) {
		*why = "a blank is in it";
		return NULL;
	}
	if (mixes_scripts(s, n)) {
		*why = "a label mixes letters of several scripts";
		return NULL;
	}
	copy = mc_arena_strndup(arena, s, n);
	if (copy == NULL)
		return NULL;
	rc = idn2_to_ascii_8z(copy, &out, IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK) {
		if (rc == IDN2_MALLOC)
			arena->failed = true;
		*why = "it is not a valid internationalised name";
		return NULL;
	}
	host = mc_arena_strdup(arena, out);
	idn2_free(out);
	if (host == NULL || !mc_host_is_ldh(host))
		return NULL;
	if (!labels_hold(arena, host)) {
		*why = "it is not a valid internationalised name";
		return NULL;
	}
	return host;
}

const char *
mc_host_display(struct mc_arena *arena, const char *ascii)
{
	const char *copy;
	char *out = NULL;

	if (strstr(ascii, "xn--") == NULL ||
		idn2_to_unicode_8z8z(ascii, &out, 0) != IDN2_OK)
		return ascii;
	copy = mc_arena_strdup(arena, out);
	idn2_free(out);
	return copy;
}
