/* SPDX-License-Identifier: ISC */
#include "yaml_item.h"

#include <string.h>

#include "../text.h"
#include "yaml_input.h"

enum {
	/* of a name; the library takes 1024 */
	LETTERS = 128,
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_name(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
		c == '-';
}

/* What a text may begin with that has no quotes, and means itself. */
static bool
is_plain(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') ||
		(unsigned char)c >= 0x80 ||
		(c != '\0' && strchr("_./+()$=;<^", c) != NULL);
}

/* '\0': there is none. */
static char
at(struct mc_yaml_item *q, size_t i)
{
	if (i < q->n)
		return q->s[i];
	q->cut = true;
	return '\0';
}

static size_t
blanks(struct mc_yaml_item *q, size_t i)
{
	size_t from = i;

	while (at(q, i) == ' ')
		i++;
	return i - from;
}

/* Where the next byte is that is the quote, a backslash or a control. */
static size_t
find(const struct mc_yaml_item *q, size_t i, char quote)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;

	for (; q->n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		const uint64_t word = mc_eight(q->s + i);
		const uint64_t same = word ^ (ones * (unsigned char)quote);
		const uint64_t slash = word ^ (ones * '\\');
		/* the lowest that is found is one; what is above may not be */
		const uint64_t found = (((same - ones) & ~same) |
					       ((slash - ones) & ~slash) |
					       ((word - ones * ' ') & ~word)) &
			high;

		if (found != 0)
			return i + (size_t)__builtin_ctzll(found) / 8;
	}
	while (i < q->n && q->s[i] != quote && q->s[i] != '\\' &&
		(unsigned char)q->s[i] >= ' ')
		i++;
	return i;
}

/*
 * What the escape behind a backslash means; returns how long it is, 0: odd.
 */
static size_t
escape(const char *s, size_t n, uint32_t *code)
{
	static const char from[] = "\"\\/nt", to[] = "\"\\/\n\t";
	static const char kinds[] = "xuU";
	const char *known;
	size_t digits;

	if (n == 0)
		return 0;
	known = memchr(from, s[0], sizeof(from) - 1);
	if (known != NULL) {
		*code = (unsigned char)to[known - from];
		return 1;
	}
	known = memchr(kinds, s[0], sizeof(kinds) - 1);
	digits = known == NULL ? 0 : (size_t)2 << (known - kinds);
	if (digits == 0 || n <= digits)
		return 0;
	if (!mc_hex_read(s + 1, digits, code) || *code == 0 ||
		*code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return 1 + digits;
}

/* A text in quotes, from the first on, up to the line's end. */
static bool
quoted(struct mc_yaml_item *q, struct mc_yaml_entry *e)
{
	const char quote = q->s[q->i];
	size_t i = q->i + 1;

	e->quote = quote;
	e->text = i;
	for (;;) {
		uint32_t code;
		size_t len = 1;

		i = find(q, i, quote);
		if (at(q, i) == quote) {
			if (quote == '"' || at(q, i + 1) != quote)
				break;
			e->escaped = true;
			len = 2;
		} else if (at(q, i) != '\\') {
			return false;
		} else if (quote == '"') {
			e->escaped = true;
			len = escape(q->s + i + 1, q->n - i - 1, &code);
			/* the rest of it may come */
			q->cut = len == 0 && q->n - i < 11;
			if (len++ == 0)
				return false;
		}
		i += len;
	}
	e->len = i - e->text;
	q->i = i + 1;
	return at(q, q->i) == '\n';
}

static bool
is_null(const char *s, size_t n)
{
	return n == 4 &&
		(memcmp(s, "null", 4) == 0 || memcmp(s, "Null", 4) == 0 ||
			memcmp(s, "NULL", 4) == 0);
}

/* A text without quotes, up to the line's end. */
static bool
plain(struct mc_yaml_item *q, struct mc_yaml_entry *e)
{
	const char *s = q->s;
	size_t i = q->i;

	e->text = i;
	for (; at(q, i) != '\n'; i++) {
		if ((unsigned char)at(q, i) < ' ')
			return false;
		/* of a name */
		if (s[i] == ':' &&
			(at(q, i + 1) == ' ' || at(q, i + 1) == '\n'))
			return false;
		/* of a comment */
		if (s[i] == '#' && s[i - 1] == ' ')
			return false;
	}
	e->len = i - e->text;
	q->i = i;
	return s[i - 1] != ' ' && !is_null(s + e->text, e->len);
}

/* A text, up to the line's end. */
static bool
scalar(struct mc_yaml_item *q, struct mc_yaml_entry *e)
{
	char c = at(q, q->i);

	e->line = q->line;
	e->column = (unsigned)(q->i - q->start) + 1;
	if (c == '"' || c == '\'')
		return quoted(q, e);
	return is_plain(c) && plain(q, e);
}

static struct mc_yaml_entry *
add(struct mc_yaml_item *q, enum mc_yaml_kind kind)
{
	struct mc_yaml_entry *e = &q->entries[q->n_entries];

	if (q->n_entries == MC_YAML_ENTRIES)
		return NULL;
	*e = (struct mc_yaml_entry){
		.kind = kind, .map = q->levels[q->level].map};
	q->n_entries++;
	return e;
}

/* A name that is new in its map, and the colon. */
static bool
name(struct mc_yaml_item *q, struct mc_yaml_entry *e)
{
	size_t i = q->i;

	e->name = i;
	e->line = q->line;
	e->name_column = (unsigned)(i - q->start) + 1;
	while (is_name(at(q, i)))
		i++;
	e->n_name = i - q->i;
	q->i = i + 1;
	if (!is_letter(at(q, e->name)) || e->n_name > LETTERS ||
		at(q, i) != ':')
		return false;
	for (const struct mc_yaml_entry *o = q->entries; o < e; o++)
		if (o->kind != MC_YAML_ELEMENT && o->map == e->map &&
			o->n_name == e->n_name &&
			memcmp(q->s + o->name, q->s + e->name, e->n_name) == 0)
			return false;
	return true;
}

/* "name: text", or "name:" alone, up to the line's end. */
static bool
pair(struct mc_yaml_item *q)
{
	struct mc_yaml_entry *e = add(q, MC_YAML_PAIR);

	if (e == NULL || !name(q, e))
		return false;
	q->pending = at(q, q->i) == '\n';
	if (q->pending)
		return true;
	if (at(q, q->i) != ' ')
		return false;
	q->i += blanks(q, q->i);
	return scalar(q, e);
}

static void
next_line(struct mc_yaml_item *q)
{
	q->start = q->i + 1;
	q->line++;
	q->blanks = blanks(q, q->start);
	q->i = q->start + q->blanks;
}

/* "- text" in lines with as many blanks, and the line behind them. */
static bool
list(struct mc_yaml_item *q)
{
	const size_t indent = q->blanks;

	q->entries[q->n_entries - 1].kind = MC_YAML_LIST;
	if (indent < q->levels[q->level].indent)
		return false;
	do {
		struct mc_yaml_entry *e = add(q, MC_YAML_ELEMENT);

		if (e == NULL || at(q, ++q->i) != ' ')
			return false;
		q->i += blanks(q, q->i);
		if (!scalar(q, e))
			return false;
		next_line(q);
	} while (q->blanks == indent && at(q, q->i) == '-');
	return true;
}

static bool
map(struct mc_yaml_item *q)
{
	const unsigned last = q->n_entries - 1;

	q->entries[last].kind = MC_YAML_MAP;
	if (q->level + 1 == MC_YAML_LEVELS ||
		q->blanks <= q->levels[q->level].indent)
		return false;
	q->levels[++q->level] = (struct mc_yaml_level){q->blanks, last};
	return true;
}

/* The names of an item and what they mean, up to a line that has none. */
static bool
names(struct mc_yaml_item *q)
{
	do {
		if (!pair(q))
			return false;
		next_line(q);
		if (q->pending && !(at(q, q->i) == '-' ? list(q) : map(q)))
			return false;
		while (q->level > 0 && q->blanks < q->levels[q->level].indent)
			q->level--;
	} while (q->blanks == q->levels[q->level].indent);
	return true;
}

/* Lines that mean nothing where no text is open; false: there is none. */
static bool
pass_line(struct mc_yaml_item *q)
{
	if (at(q, q->i) == '#')
		while ((unsigned char)at(q, q->i) >= ' ' || at(q, q->i) == '\t')
			q->i++;
	if (at(q, q->i) != '\n')
		return false;
	next_line(q);
	return true;
}

bool
mc_yaml_item_scan(struct mc_yaml_item *q)
{
	q->cut = false;
	q->start = 0;
	q->n_entries = 0;
	q->blanks = blanks(q, 0);
	q->i = q->blanks;
	if (q->blanks != q->indent || at(q, q->i) != '-' ||
		at(q, q->i + 1) != ' ')
		return false;
	q->i++;
	q->i += blanks(q, q->i);
	q->levels[0] = (struct mc_yaml_level){q->i, MC_YAML_ENTRIES};
	q->level = 0;
	if (!names(q))
		return false;
	while (pass_line(q))
		;
	return q->blanks == q->indent && at(q, q->i) == '-' &&
		at(q, q->i + 1) == ' ' && is_letter(at(q, q->i + 2)) &&
		at(q, q->i + MC_YAML_AHEAD - 1) != '\0' &&
		q->start <= MC_YAML_ITEM &&
		mc_yaml_good(q->s, q->i + MC_YAML_AHEAD) ==
		q->i + MC_YAML_AHEAD;
}

size_t
mc_yaml_item_text(char *text, const struct mc_yaml_entry *e)
{
	size_t used = 0;

	for (size_t i = 0; e->escaped && i < e->len; i++) {
		uint32_t code = 0;

		if (e->quote == '"' && text[i] == '\\') {
			i += escape(text + i + 1, e->len - i - 1, &code);
			used += mc_utf8_encode(text + used, code);
			continue;
		}
		text[used++] = text[i];
		/* the second of two */
		i += e->quote == '\'' && text[i] == '\'';
	}
	if (!e->escaped)
		used = e->len;
	text[used] = '\0';
	return used;
}
