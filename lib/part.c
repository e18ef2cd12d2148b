/* SPDX-License-Identifier: ISC */
#include "part.h"

#include <stdint.h>
#include <string.h>

#include "text.h"

enum { FIELD = 16 * 1024 }; /* bytes of a field; the rest is left out */

/* The length of the line at s, its end included. */
static size_t
line_length(const char *s, size_t n)
{
	const char *end = memchr(s, '\n', n);

	return end == NULL ? n : (size_t)(end - s) + 1;
}

static bool
is_empty_line(const char *s, size_t len)
{
	return (len == 1 && *s == '\n') ||
		(len == 2 && s[0] == '\r' && s[1] == '\n');
}

void
mc_part_split(const char *s, size_t n, struct mc_part *part)
{
	size_t at = 0, len;

	for (; at < n; at += len) {
		len = line_length(s + at, n - at);
		if (is_empty_line(s + at, len)) {
			*part = (struct mc_part){
				s, at, s + at + len, n - at - len};
			return;
		}
	}
	*part = (struct mc_part){s, n, s + n, 0};
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A folded value on one line, without blanks around it. */
static const char *
unfold(struct mc_arena *arena, const char *s, size_t n)
{
	char *out;
	size_t used = 0;

	if (n > FIELD)
		n = FIELD;
	out = mc_arena_room(arena, n + 1);
	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		/* nothing is to end at a NUL */
		if (c == '\0')
			c = '?';
		if (is_blank(c))
			c = ' ';
		if (c != ' ' || (used > 0 && out[used - 1] != ' '))
			out[used++] = c;
	}
	if (used > 0 && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return out;
}

/* The length of a field with the lines that go on from it. */
static size_t
field_length(const char *s, size_t n)
{
	size_t len = line_length(s, n);

	while (len < n && (s[len] == ' ' || s[len] == '\t'))
		len += line_length(s + len, n - len);
	return len;
}

const char *
mc_part_field(struct mc_arena *arena, const struct mc_part *part,
	const char *name, size_t *at)
{
	size_t n_name = strlen(name), i = at == NULL ? 0 : *at, len;

	for (; i < part->n_head; i += len) {
		const char *s = part->head + i;
		size_t colon = n_name;

		len = field_length(s, part->n_head - i);
		if (len <= n_name || mc_strncasecmp(s, name, n_name) != 0)
			continue;
		while (colon < len && (s[colon] == ' ' || s[colon] == '\t'))
			colon++;
		if (colon == len || s[colon] != ':')
			continue;
		if (at != NULL)
			*at = i + len;
		return unfold(arena, s + colon + 1, len - colon - 1);
	}
	if (at != NULL)
		*at = part->n_head;
	return NULL;
}

const char *
mc_part_type(struct mc_arena *arena, const struct mc_part *part)
{
	const char *value = mc_part_field(arena, part, "Content-Type", NULL);
	char *type;
	size_t n;

	if (value == NULL)
		return "text/plain";
	n = strcspn(value, "; \t");
	type = mc_arena_strndup(arena, value, n);
	for (size_t i = 0; type != NULL && i < n; i++)
		type[i] = mc_lower(type[i]);
	return type == NULL || n == 0 ? "text/plain" : type;
}

/* The value of a parameter at s, quoted or not. */
static const char *
parameter_value(struct mc_arena *arena, const char *s)
{
	size_t n, used = 0;
	char *out;

	if (*s != '"')
		return mc_arena_strndup(arena, s, strcspn(s, "; \t"));
	n = strlen(++s);
	out = mc_arena_room(arena, n + 1);
	for (size_t i = 0; out != NULL && i < n && s[i] != '"'; i++) {
		if (s[i] == '\\' && i + 1 < n)
			i++;
		out[used++] = s[i];
	}
	if (out != NULL)
		out[used] = '\0';
	return out;
}

const char *
mc_part_parameter(
	struct mc_arena *arena, const struct mc_part *part, const char *name)
{
	const char *s = mc_part_field(arena, part, "Content-Type", NULL);
	size_t n = strlen(name);

	while (s != NULL && (s = strchr(s, ';')) != NULL) {
		s++;
		s += strspn(s, " \t");
		if (mc_strncasecmp(s, name, n) != 0)
			continue;
		if (s[n + strspn(s + n, " \t")] != '=')
			continue;
		s = strchr(s, '=') + 1;
		return parameter_value(arena, s + strspn(s, " \t"));
	}
	return NULL;
}

/* Whether the line is the boundary; *last: and ends the parts. */
static bool
is_boundary(const char *s, size_t len, const char *boundary, bool *last)
{
	size_t n = strlen(boundary);

	if (n == 0 || len < n + 2 || s[0] != '-' || s[1] != '-' ||
		memcmp(s + 2, boundary, n) != 0)
		return false;
	s += n + 2;
	len -= n + 2;
	*last = len >= 2 && s[0] == '-' && s[1] == '-';
	if (*last) {
		s += 2;
		len -= 2;
	}
	while (len > 0 && is_blank(s[len - 1]))
		len--;
	return len == 0;
}

bool
mc_part_next(const struct mc_part *whole, const char *boundary, size_t *at,
	struct mc_part *part)
{
	const char *s = whole->body;
	size_t n = whole->n_body, start = 0, i = *at, len;
	bool inside = false, last = false;

	for (; i < n; i += len) {
		len = line_length(s + i, n - i);
		if (!is_boundary(s + i, len, boundary, &last))
			continue;
		if (inside)
			break;
		if (last)
			return false;
		inside = true;
		start = i + len;
	}
	/* what was cut off ends with the text */
	*at = i;
	if (!inside)
		return false;
	mc_part_split(s + start, i - start, part);
	return true;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = mc_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
decode_quoted(const char *s, size_t n, struct mc_buf *out)
{
	for (size_t i = 0; i < n; i++) {
		int high, low;
		size_t end = i + 1;

		if (s[i] != '=') {
			mc_buf_putc(out, s[i]);
			continue;
		}
		while (end < n &&
			(s[end] == ' ' || s[end] == '\t' || s[end] == '\r'))
			end++;
		if (end < n && s[end] == '\n') {
			i = end;
			continue;
		}
		high = i + 2 < n ? hex_value(s[i + 1]) : -1;
		low = i + 2 < n ? hex_value(s[i + 2]) : -1;
		if (high < 0 || low < 0) {
			mc_buf_putc(out, '=');
			continue;
		}
		mc_buf_putc(out, (char)(high * 16 + low));
		i += 2;
	}
}

static int
base64_value(char c)
{
	static const char digits
		[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		     "0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

static void
decode_base64(const char *s, size_t n, struct mc_buf *out)
{
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < n && s[i] != '='; i++) {
		int value = base64_value(s[i]);

		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned)value) & 0xffffu;
		have += 6;
		if (have >= 8) {
			have -= 8;
			mc_buf_putc(out, (char)(unsigned char)(bits >> have));
		}
	}
}

/* The code point of a byte above 127, for the charsets that bounces are in. */
static uint32_t
code_of(unsigned char byte, bool cyrillic)
{
	if (cyrillic && byte >= 0xc0)
		return byte - 0xc0u + 0x410u;
	if (cyrillic && (byte == 0xa8 || byte == 0xb8))
		return byte == 0xa8 ? 0x401 : 0x451;
	return byte;
}

static bool
is_charset(const char *charset, const char *const *names)
{
	for (; *names != NULL; names++)
		if (mc_strcasecmp(charset, *names) == 0)
			return true;
	return false;
}

/* Bytes of a charset of one byte each become UTF-8, from `at` on. */
static void
convert(struct mc_arena *arena, const struct mc_part *part, size_t at,
	struct mc_buf *out)
{
	static const char *const latin[] = {
		"iso-8859-1", "iso-8859-15", "windows-1252", "latin1", NULL};
	static const char *const cyrillic[] = {"windows-1251", "cp1251", NULL};
	const char *charset = mc_part_parameter(arena, part, "charset");
	struct mc_buf copy = {0};
	bool is_cyrillic = charset != NULL && is_charset(charset, cyrillic);
	char bytes[4];

	if (charset == NULL || out->failed || out->len == at ||
		(!is_cyrillic && !is_charset(charset, latin)))
		return;
	mc_buf_add(&copy, out->data + at, out->len - at);
	out->len = at;
	for (size_t i = 0; i < copy.len && !copy.failed; i++) {
		unsigned char byte = (unsigned char)copy.data[i];
		uint32_t code = byte < 0x80 ? byte : code_of(byte, is_cyrillic);

		mc_buf_add(out, bytes, mc_utf8_encode(bytes, code));
	}
	out->failed = out->failed || copy.failed;
	mc_buf_free(&copy);
}

void
mc_part_decode(
	struct mc_arena *arena, const struct mc_part *part, struct mc_buf *out)
{
	const char *encoding = mc_part_field(
		arena, part, "Content-Transfer-Encoding", NULL);
	size_t at = out->len;

	if (encoding != NULL &&
		mc_strncasecmp(encoding, "quoted-printable", 16) == 0)
		decode_quoted(part->body, part->n_body, out);
	else if (encoding != NULL && mc_strncasecmp(encoding, "base64", 6) == 0)
		decode_base64(part->body, part->n_body, out);
	else
		mc_buf_add(out, part->body, part->n_body);
	convert(arena, part, at, out);
}
