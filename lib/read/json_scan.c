/* SPDX-License-Identifier: ISC */
#include "json_scan.h"

#include <string.h>

#include "../text.h"

/* What must come next. */
enum want {
	WANT_VALUE = 0,
	WANT_VALUE_OR_END,
	WANT_NAME,
	WANT_NAME_OR_END,
	WANT_COLON,
	WANT_NEXT, /* a comma, or the end of what is open */
	WANT_NOTHING
};

enum { NUMBER_MAX = 60 }; /* what the library takes in one piece */

bool
mc_json_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The place of an offset; they only go up. */
static struct mc_place
place_of(struct mc_json_scan *s, size_t at)
{
	mc_walk(&s->place, s->text + s->placed, at - s->placed);
	s->placed = at;
	return s->place;
}

static void
soft(struct mc_json_scan *s, size_t at, enum mc_msg message, const char *why)
{
	struct mc_place place = s->place;

	if (s->fault.found)
		return;
	/* it may lie before a place that was told already */
	mc_walk(&place, s->text + s->placed, at - s->placed);
	s->fault = (struct mc_json_fault){true, message, why, place};
}

/* Always false. */
static bool
lose_at(struct mc_json_scan *s, struct mc_place place, enum mc_msg message,
	const char *why)
{
	s->lost = (struct mc_json_fault){true, message, why, place};
	return false;
}

static bool
lose(struct mc_json_scan *s, enum mc_msg message, const char *why)
{
	return lose_at(s, place_of(s, s->at), message, why);
}

static struct mc_json_mark *
mark(struct mc_json_scan *s)
{
	struct mc_json_mark *m;

	if (s->n_marks == MC_JSON_MARKS) {
		soft(s, s->at, MC_MSG_TOO_BIG,
			"a record of more than 2048 names and values");
		return NULL;
	}
	m = &s->marks[s->n_marks++];
	*m = (struct mc_json_mark){s->at, 1, false, place_of(s, s->at)};
	return m;
}

/* Four hexadecimal digits; -1: they are not. */
static long
hex4(const char *s, size_t n)
{
	uint32_t value;

	return n >= 4 && mc_hex_read(s, 4, &value) ? (long)value : -1;
}

/* \uXXXX at i, behind the backslash; returns how long it is. */
static size_t
unicode(struct mc_json_scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t left = s->n - i;
	long high = hex4(p + 1, left - 1), low;

	if (high < 0) {
		soft(s, i - 1, MC_MSG_SYNTAX, "\\u wants four digits");
		return 1;
	}
	if (high == 0)
		soft(s, i - 1, MC_MSG_BAD_TEXT, "\\u0000 is in it");
	if (high < 0xd800 || high > 0xdfff)
		return 5;
	low = left > 6 && p[5] == '\\' && p[6] == 'u' ? hex4(p + 7, left - 7)
						      : -1;
	if (high > 0xdbff || low < 0xdc00 || low > 0xdfff) {
		soft(s, i - 1, MC_MSG_SYNTAX,
			"half of a surrogate pair is in it");
		return 5;
	}
	return 11;
}

/* A byte of a string that is not plain; returns the length, 0: lost. */
static size_t
odd(struct mc_json_scan *s, size_t i)
{
	unsigned char c = (unsigned char)s->text[i];
	uint32_t code;
	size_t len;

	if (c == '\\') {
		if (i + 1 == s->n)
			return 1;
		if (s->text[i + 1] == 'u')
			return 1 + unicode(s, i + 1);
		if (s->text[i + 1] == '\0' ||
			strchr("\"\\/bfnrt", s->text[i + 1]) == NULL) {
			soft(s, i, MC_MSG_SYNTAX,
				"an escape that JSON does not know");
			/* what follows is looked at for itself */
			return 1;
		}
		return 2;
	}
	if (c == '\n' || c == '\r') {
		s->at = i;
		(void)lose(s, MC_MSG_SYNTAX, "the line ends inside quotes");
		return 0;
	}
	if (c < 0x20) {
		soft(s, i, MC_MSG_BAD_TEXT,
			c == '\0' ? "a NUL is in it"
				  : "a control character is in it");
		return 1;
	}
	len = mc_utf8_decode(s->text + i, s->n - i, &code);
	if (len == 0) {
		s->at = i;
		(void)lose(s, MC_MSG_NOT_UTF8, "");
	}
	return len;
}

/* A string, from its quote on. */
static bool
string(struct mc_json_scan *s)
{
	const struct mc_place quote = place_of(s, s->at);
	struct mc_json_mark *m;
	size_t i = ++s->at;
	bool exact = true;

	m = mark(s);
	while (i < s->n && s->text[i] != '"') {
		unsigned char c = (unsigned char)s->text[i];
		size_t len = 1;

		if (c < 0x20 || c == '\\' || c >= 0x80)
			len = odd(s, i);
		if (len == 0)
			return false;
		exact = exact && c != '\\';
		i += len;
	}
	if (i >= s->n)
		return lose_at(
			s, quote, MC_MSG_SYNTAX, "the quote is never closed");
	if (m != NULL) {
		m->len = i - s->at;
		m->exact = exact;
	}
	s->at = i + 1;
	return true;
}

static size_t
digits(const char *s, size_t n, size_t i)
{
	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

static bool
is_number(const char *s, size_t n)
{
	size_t i = n > 0 && s[0] == '-', from = i;

	i = digits(s, n, i);
	if (i == from || (s[from] == '0' && i > from + 1))
		return false;
	if (i < n && s[i] == '.') {
		from = i + 1;
		i = digits(s, n, from);
		if (i == from)
			return false;
	}
	if (i < n && (s[i] == 'e' || s[i] == 'E')) {
		i++;
		i += i < n && (s[i] == '+' || s[i] == '-');
		from = i;
		i = digits(s, n, from);
		if (i == from)
			return false;
	}
	return i == n;
}

static bool
is_word(const char *s, size_t n)
{
	static const char *const words[] = {"true", "false", "null"};

	for (size_t i = 0; i < 3; i++)
		if (strlen(words[i]) == n && memcmp(s, words[i], n) == 0)
			return true;
	return false;
}

/* A number, true, false, null, or what somebody took for a value. */
static bool
word(struct mc_json_scan *s)
{
	const char *p = s->text + s->at;
	struct mc_json_mark *m;
	size_t n = 0, left = s->n - s->at, valid;

	while (n < left && p[n] != '\0' && !mc_json_blank(p[n]) &&
		strchr(",:\"[]{}", p[n]) == NULL)
		n++;
	if (n == 0)
		return lose(s, MC_MSG_SYNTAX, "a value is missing");
	if ((unsigned char)p[0] < 0x20 || (unsigned char)p[0] >= 0x7f)
		return lose(s,
			mc_utf8_prefix(p, n) == 0 ? MC_MSG_NOT_UTF8
						  : MC_MSG_SYNTAX,
			"a character that cannot stand here");
	valid = mc_utf8_prefix(p, n);
	if (valid < n) {
		s->at += valid;
		return lose(s, MC_MSG_NOT_UTF8, "");
	}
	if (!is_word(p, n) && !is_number(p, n))
		soft(s, s->at, MC_MSG_SYNTAX,
			"not a value that JSON knows: quote it");
	else if (n > NUMBER_MAX)
		soft(s, s->at, MC_MSG_TOO_BIG, "a number that long: quote it");
	m = mark(s);
	if (m != NULL)
		m->len = n;
	s->at += n;
	return true;
}

static enum want
after_value(const struct mc_json_scan *s)
{
	return s->n_open == 0 ? WANT_NOTHING : WANT_NEXT;
}

static bool
value(struct mc_json_scan *s, enum want *want)
{
	char c = s->text[s->at];

	if (c == '{' || c == '[') {
		if (s->depth + s->n_open >= MC_DEPTH)
			return lose(s, MC_MSG_TOO_BIG,
				"nested deeper than 16 levels");
		s->open[s->n_open++] = c;
		(void)mark(s);
		s->at++;
		*want = c == '{' ? WANT_NAME_OR_END : WANT_VALUE_OR_END;
		return true;
	}
	*want = after_value(s);
	return c == '"' ? string(s) : word(s);
}

static bool
shut(struct mc_json_scan *s, enum want *want)
{
	s->n_open--;
	s->at++;
	*want = after_value(s);
	return true;
}

/* One token, which is not blank. */
static bool
token(struct mc_json_scan *s, enum want *want)
{
	char c = s->text[s->at];
	char end = '\0';

	if (s->n_open > 0)
		end = s->open[s->n_open - 1] == '{' ? '}' : ']';
	switch (*want) {
	case WANT_VALUE_OR_END:
		if (c == end)
			return shut(s, want);
		return value(s, want);
	case WANT_VALUE: return value(s, want);
	case WANT_NAME_OR_END:
	case WANT_NAME:
		if (c == end && *want == WANT_NAME_OR_END)
			return shut(s, want);
		if (c != '"')
			return lose(s, MC_MSG_SYNTAX,
				"a name in double quotes is wanted");
		*want = WANT_COLON;
		return string(s);
	case WANT_COLON:
		if (c != ':')
			return lose(s, MC_MSG_SYNTAX, "a colon is wanted");
		s->at++;
		*want = WANT_VALUE;
		return true;
	case WANT_NEXT:
		if (c == end)
			return shut(s, want);
		if (c != ',')
			return lose(s, MC_MSG_SYNTAX,
				end == '}' ? "a comma or } is wanted"
					   : "a comma or ] is wanted");
		s->at++;
		*want = end == '}' ? WANT_NAME : WANT_VALUE;
		return true;
	case WANT_NOTHING: break;
	}
	return lose(s, MC_MSG_SYNTAX, "text behind the record");
}

bool
mc_json_scan(struct mc_json_scan *s)
{
	enum want want = WANT_VALUE;

	for (;;) {
		while (s->at < s->n && mc_json_blank(s->text[s->at]))
			s->at++;
		if (s->at == s->n)
			break;
		if (!token(s, &want))
			return false;
	}
	if (want != WANT_NOTHING)
		return lose(s, MC_MSG_SYNTAX, "it ends before it is complete");
	return !s->fault.found;
}
