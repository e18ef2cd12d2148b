/* SPDX-License-Identifier: ISC */
/*
 * JSON: a list of records, a map of defaults and accounts, or one record.  The
 * elements of the list are cut out of the stream one by one; only one is in
 * memory.
 */
#include "json.h"

#include <string.h>

/* What comes next. */
enum where { BEGIN = 0, MEMBERS, ELEMENTS, END };

/* What peek() says where there is no character. */
enum { NOTHING = -1, FAILED = -2 };

struct json {
	struct mc_json json;
	enum where where;
	bool map;   /* of defaults and accounts */
	bool comma; /* one must stand before what comes next */
	bool seen_defaults;
	bool seen_accounts;
};

/* The next character that is not blank; it stays. */
static int
peek(struct json *j)
{
	struct mc_reader *r = &j->json.r;

	for (;;) {
		size_t n = 0;

		while (r->at + n < r->end && mc_json_blank(r->data[r->at + n]))
			n++;
		if (n > 0)
			mc_reader_take(r, n);
		if (r->at < r->end)
			return (unsigned char)r->data[r->at];
		switch (mc_reader_fill(r)) {
		case MC_FILL_MORE: break;
		case MC_FILL_END: return NOTHING;
		case MC_FILL_FAILED: return FAILED;
		}
	}
}

static enum mc_next
malformed(struct json *j, const char *why)
{
	return mc_reader_fatal(
		&j->json.r, MC_MSG_SYNTAX, &j->json.r.place, "%s", why);
}

/* Takes the character; false: another one stands there, or FAILED. */
static bool
expect(struct json *j, char c, const char *why)
{
	int next = peek(j);

	if (next == c) {
		mc_reader_take(&j->json.r, 1);
		return true;
	}
	if (next != FAILED)
		(void)malformed(j, why);
	return false;
}

/* Where an element ends, found as its bytes come. */
struct cutter {
	size_t i; /* bytes looked at */
	unsigned depth;
	bool quoted;
	bool escaped;
	bool begun;
	bool deep; /* deeper than allowed */
};

/* true: the byte ends the string. */
static bool
cut_quoted(struct cutter *k, char c)
{
	if (k->escaped) {
		k->escaped = false;
	} else if (c == '\\') {
		k->escaped = true;
	} else if (c == '"') {
		k->quoted = false;
		return true;
	}
	return false;
}

/* true: the element ends at byte i. */
static bool
advance(struct cutter *k, const char *s, size_t n, unsigned around)
{
	while (k->i < n) {
		char c = s[k->i];

		if (k->quoted) {
			k->i++;
			if (cut_quoted(k, c) && k->depth == 0)
				return true;
			continue;
		}
		if (k->begun && k->depth == 0 &&
			(mc_json_blank(c) || strchr(",:\"[]{}", c) != NULL))
			return true;
		k->begun = true;
		if (c == '{' || c == '[') {
			k->depth++;
			k->deep = k->depth + around > MC_DEPTH;
			if (k->deep)
				return true;
		} else if (c == '"') {
			k->quoted = true;
		} else if (c == '}' || c == ']') {
			k->depth--;
		}
		k->i++;
		if (k->depth == 0 && (c == '}' || c == ']'))
			return true;
	}
	return false;
}

/* How many brackets are open around an element. */
static unsigned
around(const struct json *j)
{
	return (j->map ? 1u : 0u) + (j->where == ELEMENTS ? 1u : 0u);
}

/* Reports an element that is too big, once, and lets go of what there is. */
static void
skip(struct json *j, struct cutter *k, bool *big)
{
	const struct mailcfg_pos pos = mc_reader_pos(
		&j->json.r, &j->json.r.place);

	if (!*big)
		mc_say(j->json.r.report, MC_MSG_TOO_BIG, &pos, NULL, NULL,
			"a record of more than 1 MiB");
	*big = true;
	mc_reader_take(&j->json.r, k->i);
	k->i = 0;
}

/*
 * Finds the end of the element that begins here.  MC_NEXT_RECORD: its bytes
 * are at hand.  MC_NEXT_BAD: it was too big, reported and taken away.
 */
static enum mc_next
cut(struct json *j, size_t *n)
{
	struct cutter k = {0};
	bool big = false, whole = false;

	while (!whole) {
		struct mc_reader *r = &j->json.r;
		enum mc_fill fill;

		whole = advance(&k, r->data + r->at, r->end - r->at, around(j));
		if (k.deep) {
			const struct mc_place place = mc_reader_place(r, k.i);

			return mc_reader_fatal(r, MC_MSG_TOO_BIG, &place,
				"nested deeper than %d levels", MC_DEPTH);
		}
		if (big || k.i > MC_RECORD_BYTES)
			skip(j, &k, &big);
		if (whole)
			break;
		fill = mc_reader_fill(r);
		if (fill == MC_FILL_FAILED)
			return MC_NEXT_FATAL;
		/* what is missing is told when the text is looked at */
		if (fill == MC_FILL_END && big)
			return malformed(j, "it ends inside a record");
		whole = fill == MC_FILL_END;
	}
	*n = k.i;
	return big ? MC_NEXT_BAD : MC_NEXT_RECORD;
}

/* An element becomes a record. */
static enum mc_next
element(struct json *j, struct mc_arena *arena, struct mc_record *record)
{
	struct mc_json_text text = {.marks = j->json.marks,
		.depth = around(j),
		.alone = j->where == END};
	enum mc_next next = cut(j, &text.n);

	if (next != MC_NEXT_RECORD)
		return next;
	text.text = j->json.r.data + j->json.r.at;
	text.place = j->json.r.place;
	next = mc_json_record(&j->json.r, &text, arena, record);
	record->raw = text.text;
	record->raw_len = text.n;
	mc_reader_take(&j->json.r, text.n);
	return next;
}

/* false: go on. */
static bool
next_element(struct json *j, struct mc_arena *arena, struct mc_record *record,
	enum mc_next *next)
{
	int c = peek(j);

	if (c == FAILED)
		return true;
	if (c == ']') {
		mc_reader_take(&j->json.r, 1);
		j->where = j->map ? MEMBERS : END;
		j->comma = true;
		return false;
	}
	if (j->comma) {
		if (!expect(j, ',', "a comma or ] is wanted"))
			return true;
		c = peek(j);
		if (c == FAILED)
			return true;
	}
	if (c == NOTHING || strchr(",:}]", c) != NULL) {
		*next = malformed(j, "a record is wanted");
		return true;
	}
	j->comma = true;
	*next = element(j, arena, record);
	return true;
}

static enum mc_next
take_defaults(struct json *j, const struct mc_place *name,
	struct mc_arena *arena, struct mc_record *record)
{
	enum mc_next next;

	if (j->seen_accounts)
		return mc_reader_fatal(
			&j->json.r, MC_MSG_DEFAULTS_LATE, name, "move them up");
	if (j->seen_defaults)
		return mc_reader_fatal(
			&j->json.r, MC_MSG_DUPLICATE_FIELD, name, "defaults");
	j->seen_defaults = true;
	next = element(j, arena, record);
	if (next == MC_NEXT_RECORD)
		return MC_NEXT_DEFAULTS;
	/* without them every account would be another one */
	j->json.r.dead = true;
	return MC_NEXT_FATAL;
}

static enum mc_next
begin_accounts(struct json *j, const struct mc_place *name)
{
	if (j->seen_accounts)
		return mc_reader_fatal(
			&j->json.r, MC_MSG_DUPLICATE_FIELD, name, "accounts");
	j->seen_accounts = true;
	if (!expect(j, '[', "accounts are a list, []"))
		return MC_NEXT_FATAL;
	j->where = ELEMENTS;
	j->comma = false;
	return MC_NEXT_END;
}

static enum mc_next
pass_member(struct json *j, const struct mc_place *name)
{
	const struct mailcfg_pos pos = mc_reader_pos(&j->json.r, name);
	enum mc_next next;
	size_t n = 0;

	mc_say(j->json.r.report, MC_MSG_UNKNOWN_FIELD, &pos, NULL, NULL,
		"only defaults may stand beside accounts");
	next = cut(j, &n);
	if (next == MC_NEXT_FATAL)
		return next;
	mc_reader_take(&j->json.r, next == MC_NEXT_BAD ? 0 : n);
	return MC_NEXT_BAD;
}

/* A name of the map, and its value.  MC_NEXT_END: go on. */
static enum mc_next
member(struct json *j, struct mc_arena *arena, struct mc_record *record)
{
	struct mc_place name = j->json.r.place;
	enum { OTHER = 0, DEFAULTS, ACCOUNTS } which = OTHER;
	const char *s;
	size_t n = 0;
	int c;

	if (cut(j, &n) == MC_NEXT_FATAL)
		return MC_NEXT_FATAL;
	s = j->json.r.data + j->json.r.at;
	if (n < 2 || s[n - 1] != '"')
		return malformed(j, "the quote is never closed");
	if (n == strlen("\"defaults\"") && memcmp(s, "\"defaults\"", n) == 0)
		which = DEFAULTS;
	if (n == strlen("\"accounts\"") && memcmp(s, "\"accounts\"", n) == 0)
		which = ACCOUNTS;
	name.column++;
	mc_reader_take(&j->json.r, n);
	if (!expect(j, ':', "a colon is wanted"))
		return MC_NEXT_FATAL;
	c = peek(j);
	if (c == FAILED)
		return MC_NEXT_FATAL;
	if (c == NOTHING || strchr(",:}]", c) != NULL)
		return malformed(j, "a value is missing");
	j->comma = true;
	if (which == DEFAULTS)
		return take_defaults(j, &name, arena, record);
	if (which == ACCOUNTS)
		return begin_accounts(j, &name);
	return pass_member(j, &name);
}

static bool
next_member(struct json *j, struct mc_arena *arena, struct mc_record *record,
	enum mc_next *next)
{
	int c = peek(j);

	if (c == FAILED)
		return true;
	if (c == '}') {
		mc_reader_take(&j->json.r, 1);
		j->where = END;
		j->map = false;
		return false;
	}
	if (j->comma && !expect(j, ',', "a comma or } is wanted"))
		return true;
	c = peek(j);
	if (c == FAILED)
		return true;
	if (c != '"') {
		*next = malformed(j, "a name in double quotes is wanted");
		return true;
	}
	*next = member(j, arena, record);
	return *next != MC_NEXT_END;
}

/* Whether the map that begins here is one of defaults and accounts. */
static bool
is_container(struct json *j)
{
	static const char *const names[] = {"\"defaults\"", "\"accounts\""};
	const size_t len = strlen(names[0]);
	enum mc_fill fill = MC_FILL_MORE;
	const char *s;
	size_t i = 1, n;

	for (;;) {
		s = j->json.r.data + j->json.r.at;
		n = j->json.r.end - j->json.r.at;
		while (i < n && mc_json_blank(s[i]))
			i++;
		if (n - i >= len || n > MC_RECORD_BYTES || fill != MC_FILL_MORE)
			break;
		fill = mc_reader_fill(&j->json.r);
	}
	return n - i >= len &&
		(memcmp(s + i, names[0], len) == 0 ||
			memcmp(s + i, names[1], len) == 0);
}

static bool
begin(struct json *j, struct mc_arena *arena, struct mc_record *record,
	enum mc_next *next)
{
	switch (peek(j)) {
	case FAILED: return true;
	case NOTHING: *next = MC_NEXT_END; return true;
	case '[':
		mc_reader_take(&j->json.r, 1);
		j->where = ELEMENTS;
		return false;
	case '{':
		if (is_container(j)) {
			mc_reader_take(&j->json.r, 1);
			j->where = MEMBERS;
			j->map = true;
			return false;
		}
		if (j->json.r.dead)
			return true;
		j->where = END;
		*next = element(j, arena, record);
		return true;
	default:
		*next = malformed(j, "a list of records, [], is wanted");
		return true;
	}
}

static enum mc_next
end(struct json *j)
{
	switch (peek(j)) {
	case FAILED: return MC_NEXT_FATAL;
	case NOTHING: return MC_NEXT_END;
	default: return malformed(j, "text behind the end");
	}
}

static enum mc_next
step(struct mc_reader *reader, struct mc_arena *arena, struct mc_record *record)
{
	struct json *j = (struct json *)(void *)reader;
	enum mc_next next = MC_NEXT_FATAL;
	bool done = false;

	if (!j->json.r.begun && mc_reader_fill(&j->json.r) == MC_FILL_FAILED)
		return next;
	while (!done) {
		switch (j->where) {
		case BEGIN: done = begin(j, arena, record, &next); break;
		case MEMBERS:
			done = next_member(j, arena, record, &next);
			break;
		case ELEMENTS:
			done = next_element(j, arena, record, &next);
			break;
		case END: return end(j);
		}
	}
	return next;
}

struct mc_reader *
mc_json_open(const struct mc_syntax *syntax, const struct mc_source *source,
	struct mc_report *report)
{
	return mc_json_new(sizeof(struct json), syntax, source, report);
}

enum mc_next
mc_json_next(
	struct mc_reader *r, struct mc_arena *arena, struct mc_record *record)
{
	return mc_reader_next(r, arena, record, step);
}
