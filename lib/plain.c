/* SPDX-License-Identifier: ISC */
#include "plain.h"

/* The length of the plain character that begins with c; 0: it is not. */
static size_t
plain_length(unsigned char c, unsigned char next)
{
	if (c >= 0x20 && c < 0x7f)
		return 1;
	/* U+4000 to U+9FFF, ideographs */
	if (c >= 0xe4 && c <= 0xe9)
		return 3;
	/* U+00A0 to U+02FF but the soft hyphen: no marks, no controls */
	if (c == 0xc2)
		return next >= 0xa0 && next != 0xad ? 2 : 0;
	if (c >= 0xc3 && c <= 0xcb)
		return next >= 0x80 && next <= 0xbf ? 2 : 0;
	/* Cyrillic, but for U+0480 and on, where marks are */
	if (c == 0xd0 || c == 0xd1)
		return next >= 0x80 && next <= 0xbf ? 2 : 0;
	return 0;
}

bool
mc_plain_text(const char *text, size_t n)
{
	size_t i = 0, len;

	if (n == 0 || text[0] == ' ' || text[n - 1] == ' ')
		return false;
	for (; i < n; i += len) {
		len = plain_length((unsigned char)text[i],
			i + 1 < n ? (unsigned char)text[i + 1] : 0);
		if (len == 0)
			return false;
	}
	return true;
}

bool
mc_plain_local(const char *s, size_t n)
{
	bool dot = true;

	if (n == 0 || n > 64)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (c == '.') {
			if (dot)
				return false;
			dot = true;
			continue;
		}
		dot = false;
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			    (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
			    c == '+'))
			return false;
	}
	return !dot;
}
