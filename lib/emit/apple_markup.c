/* SPDX-License-Identifier: ISC */
#include "apple_markup.h"

#include <stdint.h>
#include <string.h>

#include "../text.h"

void
mc_markup_walk(struct mc_markup *r, const char *to)
{
	for (; r->mark < to; r->mark++) {
		unsigned char c = (unsigned char)*r->mark;
		bool crlf = c == '\r' && r->mark + 1 < r->end &&
			r->mark[1] == '\n';

		if (c == '\n' || (c == '\r' && !crlf)) {
			r->line++;
			r->column = 1;
		} else if (!crlf && (c & 0xc0) != 0x80) {
			r->column++;
		}
	}
}

bool
mc_markup_fail(struct mc_markup *r, enum mc_msg message, const char *at,
	const char *why)
{
	if (!r->failed) {
		mc_markup_walk(r, at);
		r->fault = (struct mc_fault){message, why, r->line, r->column};
	}
	r->failed = true;
	return false;
}

bool
mc_markup_malformed(struct mc_markup *r, const char *why)
{
	return mc_markup_fail(r, MC_MSG_SYNTAX, r->at, why);
}

bool
mc_markup_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void
mc_markup_skip_blanks(struct mc_markup *r)
{
	while (r->at < r->end && mc_markup_is_blank(*r->at))
		r->at++;
}

bool
mc_markup_take(struct mc_markup *r, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(r->end - r->at) < n || memcmp(r->at, text, n) != 0)
		return false;
	r->at += n;
	return true;
}

/* Where the text stands next; NULL: nowhere. */
static const char *
find(const struct mc_markup *r, const char *text)
{
	size_t n = strlen(text);
	const char *at = r->at;

	for (; (size_t)(r->end - at) >= n; at++) {
		at = memchr(at, text[0], (size_t)(r->end - at) - n + 1);
		if (at == NULL)
			return NULL;
		if (memcmp(at, text, n) == 0)
			return at;
	}
	return NULL;
}

/* A character that XML can hold. */
static bool
is_char(uint32_t c)
{
	return (c >= 0x20 || c == '\t' || c == '\n' || c == '\r') &&
		c != 0xfffe && c != 0xffff && (c < 0xd800 || c > 0xdfff) &&
		c <= 0x10ffff;
}

bool
mc_markup_check(struct mc_markup *r)
{
	const char *s = r->at;
	size_t len;

	for (; s < r->end; s += len) {
		uint32_t c = 0;

		len = mc_utf8_decode(s, (size_t)(r->end - s), &c);
		if (len == 0)
			return mc_markup_fail(r, MC_MSG_NOT_UTF8, s,
				"a byte that is not UTF-8");
		if (!is_char(c))
			return mc_markup_fail(r, MC_MSG_SYNTAX, s,
				"a character that XML cannot hold");
	}
	return true;
}

bool
mc_markup_comment(struct mc_markup *r)
{
	const char *end = find(r, "--");

	if (end == NULL)
		return mc_markup_malformed(r, "a comment without an end");
	r->at = end + 2;
	return mc_markup_take(r, ">") ||
		mc_markup_malformed(r, "\"--\" in a comment");
}

/* The XML declaration: what encoding it names. */
bool
mc_markup_declaration(struct mc_markup *r)
{
	static const char name[] = "encoding";
	const char *end = find(r, "?>"), *at;
	size_t n;

	if (end == NULL)
		return mc_markup_malformed(r, "a declaration without an end");
	at = find(r, name);
	if (at != NULL && at < end) {
		at += sizeof(name) - 1;
		while (at < end &&
			(mc_markup_is_blank(*at) || strchr("=\"'", *at)))
			at++;
		for (n = 0; at + n < end && !strchr("\"'", at[n]); n++)
			;
		if (!(n == 5 && mc_strncasecmp(at, "utf-8", n) == 0) &&
			!(n == 8 && mc_strncasecmp(at, "us-ascii", n) == 0))
			return mc_markup_fail(r, MC_MSG_NOT_UTF8, at,
				"it declares another encoding");
	}
	r->at = end + 2;
	return true;
}

/* Past the next ">" that is not quoted; before it, none of `never`. */
static bool
skip_rest(struct mc_markup *r, const char *never, const char *why)
{
	char quote = '\0';

	for (; r->at < r->end; r->at++) {
		if (quote != '\0') {
			if (*r->at == quote)
				quote = '\0';
		} else if (*r->at == '"' || *r->at == '\'') {
			quote = *r->at;
		} else if (*r->at == '>') {
			r->at++;
			return true;
		} else if (strchr(never, *r->at) != NULL) {
			return mc_markup_malformed(r, why);
		}
	}
	return mc_markup_malformed(r, "a tag without an end");
}

/* It may name a document type elsewhere; nobody looks there. */
bool
mc_markup_doctype(struct mc_markup *r, const char *name)
{
	mc_markup_skip_blanks(r);
	if (!mc_markup_take(r, name))
		return mc_markup_malformed(r, "a DOCTYPE of something else");
	return skip_rest(r, "[<", "the DOCTYPE has declarations of its own");
}

bool
mc_markup_attributes(struct mc_markup *r)
{
	if (r->at < r->end && !mc_markup_is_blank(*r->at) && *r->at != '>')
		return mc_markup_malformed(r, "an element that is malformed");
	return skip_rest(r, "</", "an element that is malformed");
}

static void
add_code(struct mc_buf *out, uint32_t c)
{
	if (c < 0x80) {
		mc_buf_putc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		mc_buf_putc(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			mc_buf_putc(out, (char)(0xe0 | c >> 12));
		} else {
			mc_buf_putc(out, (char)(0xf0 | c >> 18));
			mc_buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		mc_buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	mc_buf_putc(out, (char)(0x80 | (c & 0x3f)));
}

/* The digit's value; a large number: it is none. */
static uint32_t
digit(char c, bool hex)
{
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0');
	if (hex && mc_lower(c) >= 'a' && mc_lower(c) <= 'f')
		return (uint32_t)(mc_lower(c) - 'a') + 10;
	return UINT32_MAX;
}

/* "&#...;", past "&#". */
static bool
take_number(struct mc_markup *r)
{
	bool hex = mc_markup_take(r, "x");
	uint32_t c = 0, value;
	const char *from = r->at;

	for (; r->at < r->end && (value = digit(*r->at, hex)) != UINT32_MAX;
		r->at++) {
		c = c * (hex ? 16 : 10) + value;
		if (c > 0x10ffff)
			break;
	}
	if (r->at == from || !mc_markup_take(r, ";") || !is_char(c))
		return mc_markup_malformed(r, "a character that cannot be");
	add_code(&r->text, c);
	return true;
}

static bool
take_entity(struct mc_markup *r)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'},
		{"&quot;", '"'}, {"&apos;", '\''}};

	if (mc_markup_take(r, "&#"))
		return take_number(r);
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (mc_markup_take(r, entities[i].name)) {
			mc_buf_putc(&r->text, entities[i].c);
			return true;
		}
	}
	return mc_markup_malformed(
		r, "an entity that XML does not have by itself");
}

/* Adds text in which no markup is, its ends of lines as XML has them. */
static void
add_plain(struct mc_markup *r, const char *to)
{
	while (r->at < to) {
		const char *cr = memchr(r->at, '\r', (size_t)(to - r->at));

		if (cr == NULL)
			cr = to;
		mc_buf_add(&r->text, r->at, (size_t)(cr - r->at));
		r->at = cr;
		if (cr == to)
			return;
		mc_buf_putc(&r->text, '\n');
		r->at += cr + 1 < r->end && cr[1] == '\n' ? 2 : 1;
	}
}

static bool
take_cdata(struct mc_markup *r)
{
	const char *end = find(r, "]]>");

	if (end == NULL)
		return mc_markup_malformed(r, "a CDATA section without an end");
	add_plain(r, end);
	r->at = end + 3;
	return true;
}

/* What comes after "<" in text: true when it was no end tag. */
static bool
take_inside(struct mc_markup *r)
{
	if (mc_markup_take(r, "!--"))
		return mc_markup_comment(r);
	if (mc_markup_take(r, "![CDATA["))
		return take_cdata(r);
	return mc_markup_malformed(r, "an element inside text");
}

/* Text up to the end tag, whose name is next. */
bool
mc_markup_text(struct mc_markup *r)
{
	mc_buf_reset(&r->text);
	while (r->at < r->end && !r->text.failed) {
		const char *to = r->at;

		while (to < r->end && *to != '<' && *to != '&' &&
			!(*to == ']' && r->end - to > 2 && to[1] == ']' &&
				to[2] == '>'))
			to++;
		add_plain(r, to);
		if (r->at == r->end)
			break;
		if (*r->at == ']')
			return mc_markup_malformed(r,
				"the end of a CDATA section that "
				"did not begin");
		if (*r->at == '&') {
			if (!take_entity(r))
				return false;
			continue;
		}
		r->at++;
		if (mc_markup_take(r, "/"))
			return true;
		if (!take_inside(r))
			return false;
	}
	return mc_markup_malformed(r, "an element without an end");
}

bool
mc_markup_end(struct mc_markup *r, const char *name)
{
	if (!mc_markup_take(r, name))
		return mc_markup_malformed(
			r, "an end that belongs to another element");
	mc_markup_skip_blanks(r);
	return mc_markup_take(r, ">") ||
		mc_markup_malformed(
			r, "an end that belongs to another element");
}

void
mc_markup_start(struct mc_markup *r, const char *bytes, size_t n)
{
	*r = (struct mc_markup){.at = bytes,
		.end = bytes + n,
		.mark = bytes,
		.line = 1,
		.column = 1,
		.fault = {.message = MC_MSG_SYNTAX, .why = ""}};
	if (mc_markup_take(r, "\xef\xbb\xbf"))
		r->mark = r->at;
}
