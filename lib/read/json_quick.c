/* SPDX-License-Identifier: ISC */
#include "json_quick.h"

#include <string.h>

#include "../text.h"

enum {
	/* of a record; more is odd */
	NAMES = 32,
	ITEMS = 24,
	TEXTS = 64, /* of a list */
	LEVELS = 4,
};

/* A name, and the map it stands in. */
struct key {
	const char *name;
	size_t len;
	unsigned map;
};

struct quick {
	struct mc_reader *r;
	struct mc_arena *arena;
	const char *s;
	size_t n;
	size_t i;
	char *copy; /* of the text, where strings end with NULs */
	struct mc_item *items;
	size_t n_items;
	struct key *keys;
	size_t n_keys;
	unsigned maps;
	/* the place of offset `at` */
	size_t at;
	unsigned line;
	unsigned column;
	bool far; /* not all up to here was ASCII since then */
};

/* A string, or a word: where it is in the text. */
struct token {
	const char *text; /* in the copy */
	size_t len;
	bool exact;
	struct mailcfg_pos pos;
};

static struct mailcfg_pos
pos_of(struct quick *q, size_t at)
{
	q->column += (unsigned)(q->far ? mc_columns(q->s + q->at, at - q->at)
				       : at - q->at);
	q->at = at;
	q->far = false;
	return (struct mailcfg_pos){q->r->source.name, q->line, q->column};
}

/* The next byte that is not blank; '\0': there is none, or something odd. */
static char
peek(struct quick *q)
{
	for (; q->i < q->n; q->i++) {
		char c = q->s[q->i];

		if (c == ' ' || c == '\t')
			continue;
		if (c == '\r')
			return '\0';
		if (c != '\n')
			return c;
		q->line++;
		q->column = 1;
		q->at = q->i + 1;
		q->far = false;
	}
	return '\0';
}

static bool
take(struct quick *q, char c)
{
	if (peek(q) != c)
		return false;
	q->i++;
	return true;
}

/* Four hexadecimal digits; 0 is odd. */
static uint32_t
hex4(const char *s, size_t n)
{
	uint32_t value;

	return n >= 4 && mc_hex_read(s, 4, &value) ? value : 0;
}

/*
 * What the escape behind a backslash means; returns how long it is, 0: odd.
 */
static size_t
escape(const char *s, size_t n, uint32_t *c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known;
	uint32_t low;

	if (n == 0)
		return 0;
	known = memchr(from, s[0], sizeof(from) - 1);
	if (known != NULL) {
		*c = (uint32_t)(unsigned char)to[known - from];
		return 1;
	}
	if (s[0] != 'u')
		return 0;
	*c = hex4(s + 1, n - 1);
	if (*c < 0xd800 || *c > 0xdfff)
		return *c == 0 ? 0 : 5;
	if (*c > 0xdbff || n < 11 || s[5] != '\\' || s[6] != 'u')
		return 0;
	low = hex4(s + 7, n - 7);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
	return 11;
}

/* Goes past plain bytes: no quotes, backslashes, controls; ASCII. */
static size_t
plain_prefix(const char *s, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	size_t i = 0;

	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t word, quote, slash, odd;

		memcpy(&word, s + i, sizeof(word));
		quote = word ^ (ones * '"');
		slash = word ^ (ones * '\\');
		odd = (word | ((quote - ones) & ~quote) |
			      ((slash - ones) & ~slash) | (word - ones * ' ')) &
			high;
		if (odd != 0)
			break;
	}
	while (i < n && (unsigned char)s[i] >= ' ' &&
		(unsigned char)s[i] < 0x80 && s[i] != '"' && s[i] != '\\')
		i++;
	return i;
}

/* The rest of a string from its first escape on, at i. */
static bool
escaped(struct quick *q, struct token *t, size_t i)
{
	size_t used = (size_t)(t->text - q->copy) + t->len;
	char *out = q->copy;

	t->exact = false;
	while (i < q->n && q->s[i] != '"') {
		unsigned char c = (unsigned char)q->s[i];
		uint32_t code = c;
		size_t len;

		if (c == '\\') {
			len = escape(q->s + i + 1, q->n - i - 1, &code);
			if (len++ == 0)
				return false;
			used += mc_utf8_encode(out + used, code);
		} else {
			len = mc_utf8_decode(q->s + i, q->n - i, &code);
			if (c < ' ' || len == 0)
				return false;
			q->far |= c >= 0x80;
			memmove(out + used, q->s + i, len);
			used += len;
		}
		i += len;
	}
	q->i = i + 1;
	out[used] = '\0';
	t->len = (size_t)(out + used - t->text);
	return i < q->n;
}

/* A string from its quote on. */
static bool
string(struct quick *q, struct token *t)
{
	size_t start = ++q->i, i = start;

	t->pos = pos_of(q, start);
	t->text = q->copy + start;
	t->exact = true;
	for (;;) {
		uint32_t code;
		size_t len;

		i += plain_prefix(q->s + i, q->n - i);
		t->len = i - start;
		if (i == q->n || (unsigned char)q->s[i] < ' ')
			return false;
		if (q->s[i] == '"')
			break;
		if (q->s[i] == '\\')
			return escaped(q, t, i);
		len = mc_utf8_decode(q->s + i, q->n - i, &code);
		if (len == 0)
			return false;
		q->far = true;
		i += len;
	}
	q->copy[i] = '\0';
	q->i = i + 1;
	return true;
}

/* A number of digits, true, false or null. */
static bool
word(struct quick *q, struct token *t, enum mc_type *type)
{
	static const struct {
		const char *text;
		size_t len;
		enum mc_type type;
	} words[] = {{"true", 4, MC_TYPE_BOOL}, {"false", 5, MC_TYPE_BOOL},
		{"null", 4, MC_TYPE_NULL}};
	const char *s = q->s + q->i;
	size_t left = q->n - q->i, len = 0;

	while (len < left && s[len] >= '0' && s[len] <= '9')
		len++;
	*type = MC_TYPE_NUMBER;
	if (len == 0) {
		for (size_t i = 0; i < 3; i++) {
			if (left < words[i].len ||
				memcmp(s, words[i].text, words[i].len) != 0)
				continue;
			len = words[i].len;
			*type = words[i].type;
		}
	} else if ((s[0] == '0' && len > 1) || len > 18) {
		return false;
	}
	/* what stands behind it must end it */
	if (len == 0 || len == left || strchr(",}] \t\n", s[len]) == NULL)
		return false;
	t->pos = pos_of(q, q->i);
	t->text = q->copy + q->i;
	t->len = len;
	t->exact = true;
	q->copy[q->i + len] = '\0';
	q->i += len;
	return true;
}

static struct mc_item *
add(struct quick *q, const char *name, const struct mailcfg_pos *name_pos,
	const struct token *t)
{
	struct mc_item *item;

	if (q->n_items == ITEMS || t->len > MC_FIELD_BYTES)
		return NULL;
	item = &q->items[q->n_items++];
	item->name = name;
	item->name_pos = *name_pos;
	item->text = t->text;
	item->len = t->len;
	item->exact = t->exact;
	item->pos = t->pos;
	return item;
}

/* A list of texts; joined in the copy, where they take less room. */
static bool
list(struct quick *q, const char *name, const struct mailcfg_pos *name_pos)
{
	struct token t = {.text = q->copy + q->i, .pos = pos_of(q, q->i)};
	struct mc_item *item = add(q, name, name_pos, &t);
	char *out = q->copy + q->i;
	size_t n = 0;

	if (item == NULL)
		return false;
	item->type = MC_TYPE_NULL;
	item->list = true;
	q->i++;
	if (take(q, ']')) {
		*out = '\0';
		return true;
	}
	do {
		if (n == TEXTS || peek(q) != '"' || !string(q, &t))
			return false;
		if (n++ == 0)
			item->pos = t.pos;
		item->type = MC_TYPE_STRING;
		if (item->len > 0) {
			memcpy(out + item->len, ", ", 2);
			item->len += 2;
		}
		memmove(out + item->len, t.text, t.len);
		item->len += t.len;
	} while (take(q, ','));
	out[item->len] = '\0';
	return item->len <= MC_FIELD_BYTES && take(q, ']');
}

/* A new name, and what it is called outside its map.  NULL: odd. */
static const char *
name_of(struct quick *q, unsigned map, const char *prefix, size_t prefix_len,
	const struct token *t)
{
	char *name;

	if (q->n_keys == NAMES)
		return NULL;
	for (size_t i = 0; i < q->n_keys; i++)
		if (q->keys[i].len == t->len && q->keys[i].map == map &&
			memcmp(q->keys[i].name, t->text, t->len) == 0)
			return NULL;
	q->keys[q->n_keys++] = (struct key){t->text, t->len, map};
	if (prefix == NULL)
		return t->text;
	name = mc_arena_alloc(q->arena, prefix_len + 1 + t->len + 1);
	if (name == NULL)
		return NULL;
	memcpy(name, prefix, prefix_len);
	name[prefix_len] = '.';
	memcpy(name + prefix_len + 1, t->text, t->len + 1);
	return name;
}

static bool object(
	struct quick *, const char *prefix, size_t prefix_len, unsigned level);

/* A value, behind its name and colon. */
static bool
value(struct quick *q, const char *name, size_t name_len,
	const struct mailcfg_pos *name_pos, unsigned level)
{
	enum mc_type type = MC_TYPE_STRING;
	struct mc_item *item;
	struct token t;

	switch (peek(q)) {
	case '{': return level < LEVELS && object(q, name, name_len, level + 1);
	case '[': return list(q, name, name_pos);
	case '"':
		if (!string(q, &t))
			return false;
		break;
	default:
		if (!word(q, &t, &type))
			return false;
	}
	item = add(q, name, name_pos, &t);
	if (item != NULL)
		item->type = type;
	return item != NULL;
}

static bool
object(struct quick *q, const char *prefix, size_t prefix_len, unsigned level)
{
	const unsigned map = ++q->maps;

	if (!take(q, '{'))
		return false;
	if (take(q, '}'))
		return true;
	do {
		struct token t;
		const char *name;

		if (peek(q) != '"' || !string(q, &t))
			return false;
		name = name_of(q, map, prefix, prefix_len, &t);
		if (name == NULL || !take(q, ':'))
			return false;
		if (prefix != NULL)
			t.len += prefix_len + 1;
		if (!value(q, name, t.len, &t.pos, level))
			return false;
	} while (take(q, ','));
	return take(q, '}');
}

bool
mc_json_quick(struct mc_reader *r, const struct mc_json_text *text,
	struct mc_arena *arena, struct mc_record *record)
{
	struct key keys[NAMES];
	struct quick q = {.r = r,
		.arena = arena,
		.s = text->text,
		.n = text->n,
		.keys = keys,
		.line = text->place.line,
		.column = text->place.column};
	struct mailcfg_pos pos;

	if (r->slow || text->alone || peek(&q) != '{')
		return false;
	pos = pos_of(&q, q.i);
	q.copy = mc_arena_strndup(arena, text->text, text->n);
	q.items = mc_arena_alloc(arena, ITEMS * sizeof(q.items[0]));
	if (q.copy == NULL || q.items == NULL || !object(&q, NULL, 0, 0))
		return false;
	(void)peek(&q);
	if (q.i < q.n)
		return false;
	*record = (struct mc_record){
		.items = q.items, .n_items = q.n_items, .pos = pos};
	return true;
}
