/* SPDX-License-Identifier: ISC */
/*
 * LDIF (RFC 2849): an entry a record.  Values that are no text, such as
 * photographs, spoil an entry only where somebody wants them.
 */
#include "ldif.h"

#include <string.h>

#include "../text.h"
#include "flat.h"

struct ldif {
	struct mc_reader r;
	struct mc_arena scratch; /* of one entry */
	size_t done;             /* bytes looked at */
	bool text;               /* the line so far is not empty */
	bool cr;                 /* the last byte was a CR */
	bool skip;               /* the entry is too big */
};

/* A line with its continuations. */
struct line {
	const char *text;
	size_t len;
	size_t from; /* where it starts in the entry */
	size_t next; /* where the next one does */
	bool folded; /* the text is a copy */
};

/* "name: value", for as long as the entry is looked at. */
struct pair {
	const char *name; /* in lower case */
	const char *text;
	size_t len;
	size_t at;         /* where the value starts in the line */
	bool exact;        /* the text stands in the source */
	const char *fault; /* why it is no text */
};

/* An entry on its way to a record. */
struct entry {
	struct mc_reader *r;
	struct mc_arena *scratch;
	struct mc_flat flat; /* initialised when dn is there */
	const char *s;       /* its source */
	size_t n;
	size_t at;             /* bytes that were walked over */
	struct mc_place place; /* of s[at] */
	struct mailcfg_pos pos;
	bool inside; /* dn was there */
	bool other;  /* it is no entry, but what a search says of itself */
	bool dead;
};

/*
 * The end of the line that starts at `from`.  *next: where the next one
 * starts; n when the line does not end.
 */
static size_t
line_end(const char *s, size_t n, size_t from, size_t *next)
{
	size_t i = from;

	while (i < n && s[i] != '\n' && s[i] != '\r')
		i++;
	*next = i + (i < n);
	if (i + 1 < n && s[i] == '\r' && s[i + 1] == '\n')
		*next = i + 2;
	return i;
}

/* Goes on to a place that is not before the last one. */
static struct mailcfg_pos
pos_at(struct entry *e, size_t at)
{
	mc_walk(&e->place, e->s + e->at, at - e->at);
	e->at = at;
	return mc_reader_pos(e->r, &e->place);
}

static void
refuse(struct entry *e, size_t at, const char *why)
{
	const struct mailcfg_pos pos = pos_at(e, at);

	mc_flat_refuse(&e->flat, MC_MSG_SYNTAX, &pos, "%s", why);
}

/*
 * Reads the line at `from` with its continuations; of a comment the first line
 * is enough.  false: out of memory.
 */
static bool
take_line(const struct entry *e, size_t from, struct line *line)
{
	size_t next, end = line_end(e->s, e->n, from, &next);
	char *text;

	*line = (struct line){e->s + from, end - from, from, next, false};
	if (next >= e->n || e->s[next] != ' ')
		return true;
	while (line->next < e->n && e->s[line->next] == ' ')
		(void)line_end(e->s, e->n, line->next, &line->next);
	if (line->len > 0 && line->text[0] == '#')
		return true;
	text = mc_arena_alloc(e->scratch, line->next - from);
	if (text == NULL)
		return false;
	memcpy(text, line->text, line->len);
	while (next < line->next) {
		size_t start = next + 1;

		end = line_end(e->s, e->n, start, &next);
		memcpy(text + line->len, e->s + start, end - start);
		line->len += end - start;
	}
	line->text = text;
	line->folded = true;
	return true;
}

/* Where a byte of the line, or its end, stands in the entry. */
static size_t
source_of(const struct entry *e, const struct line *line, size_t at)
{
	size_t from = line->from, next;
	size_t end = line_end(e->s, e->n, from, &next);

	while (at >= end - from && next < line->next) {
		at -= end - from;
		from = next + 1;
		end = line_end(e->s, e->n, from, &next);
	}
	return from + at;
}

static int
digit_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* Base64 without blanks, padded, without bits to spare (RFC 4648). */
static bool
decode(const char *s, size_t n, char *out, size_t *len)
{
	size_t pad = 0;

	while (pad < 2 && pad < n && s[n - pad - 1] == '=')
		pad++;
	if (n % 4 != 0)
		return false;
	*len = 0;
	for (size_t i = 0; i < n; i += 4) {
		size_t digits = i + 4 == n ? 4 - pad : 4;
		unsigned long bits = 0;

		for (size_t j = 0; j < 4; j++) {
			int digit = j < digits ? digit_of(s[i + j]) : 0;

			if (digit < 0)
				return false;
			bits = bits << 6 | (unsigned long)digit;
		}
		for (size_t j = 1; j < digits; j++)
			out[(*len)++] = (char)(bits >> (24 - 8 * j) & 0xff);
		if ((bits & ((1UL << (8 * (4 - digits))) - 1)) != 0)
			return false;
	}
	return true;
}

/* A value in base64: anything at all.  false: it is bad, and reported. */
static bool
take_base64(struct entry *e, const struct line *line, struct pair *p)
{
	char *text = mc_arena_alloc(e->scratch, p->len + 1);

	if (text == NULL)
		return false;
	if (!decode(p->text, p->len, text, &p->len)) {
		refuse(e, source_of(e, line, p->at),
			"the value behind \"::\" is not base64");
		return false;
	}
	p->text = text;
	if (memchr(text, '\0', p->len) != NULL)
		p->fault = "a NUL is in it";
	else if (mc_utf8_prefix(text, p->len) < p->len)
		p->fault = "it is not UTF-8";
	return true;
}

/* The attribute's name, in lower case; NULL: out of memory. */
static const char *
lower_name(struct mc_arena *arena, const char *s, size_t n)
{
	char *name = mc_arena_strndup(arena, s, n);

	for (size_t i = 0; name != NULL && i < n; i++)
		name[i] = mc_lower(name[i]);
	return name;
}

/* With or without options: "userPassword;x". */
static bool
is_attribute(const char *name, const char *attribute)
{
	size_t n = strlen(attribute);

	return strncmp(name, attribute, n) == 0 &&
		(name[n] == '\0' || name[n] == ';');
}

/* Cuts a line to pieces.  false: it is bad, and reported. */
static bool
take_pair(struct entry *e, const struct line *line, struct pair *p)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				      "-_.;";
	const char *s = line->text;
	size_t n = 0;
	char kind = '\0';

	while (n < line->len && s[n] != '\0' &&
		strchr(letters, mc_lower(s[n])) != NULL)
		n++;
	if (n == 0 || n == line->len || s[n] != ':') {
		refuse(e, line->from,
			s[0] == ' ' ? "a line that begins with a blank goes on "
				      "with none before it"
				    : "a line must be \"attribute: value\"");
		return false;
	}
	*p = (struct pair){.name = lower_name(e->scratch, s, n)};
	if (p->name == NULL)
		return false;
	if (n + 1 < line->len)
		kind = s[n + 1];
	p->at = n + 1 + (kind == ':' || kind == '<');
	while (p->at < line->len && s[p->at] == ' ')
		p->at++;
	p->text = s + p->at;
	p->len = line->len - p->at;
	p->exact = !line->folded && kind != ':' && kind != '<';
	if (kind == ':' && !take_base64(e, line, p))
		return false;
	if (kind == '<')
		p->fault = "it stands in another file (\":<\"), and none is "
			   "opened";
	if (p->len > MC_FIELD_BYTES)
		p->fault = "a value of more than 64 KiB";
	/* a hash, or worse, and never what a mail program needs */
	if (is_attribute(p->name, "userpassword"))
		p->fault = "userPassword is never read";
	return true;
}

static bool
is_text(const struct pair *p, const char *text)
{
	return p->fault == NULL && p->len == strlen(text) &&
		mc_strncasecmp(p->text, text, p->len) == 0;
}

/* How a search ended: "0 Success". */
static void
take_result(struct entry *e, const struct line *line, const struct pair *p)
{
	const struct mailcfg_pos pos = pos_at(e, source_of(e, line, p->at));

	if (p->fault != NULL ||
		(p->len > 0 && p->text[0] == '0' &&
			(p->len == 1 || p->text[1] == ' ')))
		return;
	mc_flat_refuse(&e->flat, MC_MSG_NO_INPUT, &pos,
		"the search did not find all: %.*s",
		(int)(p->len < 200 ? p->len : 200), p->text);
}

/* A line before dn.  false: nothing good can follow. */
static bool
begin(struct entry *e, const struct line *line, const struct pair *p)
{
	if (strcmp(p->name, "dn") == 0) {
		bool bad = e->flat.bad;

		e->inside = true;
		e->pos = pos_at(e, line->from);
		if (!mc_flat_init(&e->flat, e->r, e->flat.arena))
			return false;
		e->flat.bad = bad;
		return true;
	}
	if (strcmp(p->name, "version") == 0) {
		const struct mc_place place = mc_reader_place(
			e->r, source_of(e, line, p->at));

		if (is_text(p, "1"))
			return true;
		e->dead = true;
		(void)mc_reader_fatal(e->r, MC_MSG_SYNTAX, &place,
			"LDIF of version 1 is wanted");
		return false;
	}
	/* what ldapsearch prints without -LLL, and where it did not look */
	if (strcmp(p->name, "search") == 0 || strcmp(p->name, "result") == 0 ||
		strcmp(p->name, "ref") == 0) {
		e->other = true;
		return true;
	}
	refuse(e, line->from, "an entry must begin with \"dn: \"");
	return false;
}

static bool
add(struct entry *e, const struct line *line, const struct pair *p)
{
	const struct mailcfg_pos name_pos = pos_at(e, line->from);
	const struct mailcfg_pos pos = pos_at(e, source_of(e, line, p->at));
	const char *name = mc_arena_strdup(e->flat.arena, p->name);
	struct mc_item *item;

	if (name == NULL)
		return false;
	item = mc_flat_add(&e->flat, name, &name_pos, p->text,
		p->fault == NULL ? p->len : 0, &pos);
	if (item == NULL)
		return false;
	item->exact = p->exact && p->fault == NULL;
	item->fault = p->fault;
	return true;
}

/* A good line.  false: nothing good can follow. */
static bool
take_attribute(struct entry *e, const struct line *line, const struct pair *p)
{
	bool first = !e->inside;

	if (first && !e->other && !begin(e, line, p))
		return false;
	if (e->other && strcmp(p->name, "result") == 0)
		take_result(e, line, p);
	if (!e->inside)
		return true;
	if (!first && strcmp(p->name, "dn") == 0) {
		refuse(e, line->from,
			"an empty line must stand between two entries");
		return false;
	}
	if (strcmp(p->name, "changetype") == 0 && !is_text(p, "add")) {
		refuse(e, source_of(e, line, p->at),
			"a change is no account: changetype: add is wanted");
		return false;
	}
	return add(e, line, p);
}

/* One line of the entry.  false: no other need be looked at. */
static bool
take(struct entry *e, const struct line *line)
{
	size_t valid;
	const char *nul;
	struct pair p;

	if (line->len > 0 && line->text[0] == '#')
		return true;
	valid = mc_utf8_prefix(line->text, line->len);
	if (valid < line->len) {
		const struct mc_place place = mc_reader_place(
			e->r, source_of(e, line, valid));

		e->dead = true;
		(void)mc_reader_not_utf8(e->r, &place, "WINDOWS-1252");
		return false;
	}
	nul = memchr(line->text, '\0', line->len);
	if (nul != NULL) {
		const struct mailcfg_pos pos = pos_at(
			e, source_of(e, line, (size_t)(nul - line->text)));

		mc_flat_refuse(
			&e->flat, MC_MSG_BAD_TEXT, &pos, "a NUL is in it");
		return true;
	}
	/* without a name nothing more can be said of the entry */
	if (!take_pair(e, line, &p))
		return e->inside && !e->scratch->failed;
	return take_attribute(e, line, &p);
}

/* The n bytes at hand are an entry.  MC_NEXT_END: nothing is in it. */
static enum mc_next
read_entry(struct ldif *l, size_t n, struct mc_arena *arena,
	struct mc_record *record)
{
	struct entry e = {.r = &l->r,
		.scratch = &l->scratch,
		.flat = {.reader = &l->r, .arena = arena},
		.s = l->r.data + l->r.at,
		.n = n,
		.place = l->r.place};
	struct line line = {0};
	enum mc_next next;

	e.pos = mc_reader_pos(&l->r, &l->r.place);
	while (line.next < n && take_line(&e, line.next, &line) &&
		take(&e, &line))
		;
	arena->failed |= l->scratch.failed;
	mc_arena_reset(&l->scratch);
	if (e.dead)
		return MC_NEXT_FATAL;
	next = mc_flat_finish(&e.flat, &e.pos, record);
	if (next == MC_NEXT_RECORD && !e.inside)
		return MC_NEXT_END;
	record->directory = true;
	record->raw = e.s;
	record->raw_len = n;
	return next;
}

/*
 * Looks for the empty line behind the entry.  *n: its bytes without it; *all:
 * with it, but for the LF of a CR.  false: it is not at hand.
 */
static bool
find_end(struct ldif *l, size_t *n, size_t *all)
{
	const char *s = l->r.data + l->r.at;
	size_t left = l->r.end - l->r.at;

	for (size_t i = l->done; i < left; i++) {
		bool cr = l->cr;

		l->cr = s[i] == '\r';
		if (s[i] == '\n' && cr)
			continue;
		if (s[i] != '\n' && s[i] != '\r') {
			l->text = true;
		} else if (l->text) {
			l->text = false;
		} else {
			*n = i;
			*all = i + 1;
			return true;
		}
	}
	l->done = left;
	*n = left;
	*all = left;
	return false;
}

/* Lets go of n bytes, all that were looked at. */
static void
drop(struct ldif *l, size_t n)
{
	mc_reader_take(&l->r, n);
	l->done = 0;
}

static void
skip(struct ldif *l, size_t n)
{
	const struct mailcfg_pos pos = mc_reader_pos(&l->r, &l->r.place);

	if (!l->skip)
		mc_say(l->r.report, MC_MSG_TOO_BIG, &pos, NULL, NULL,
			"an entry of more than 1 MiB: search for the wanted "
			"attributes only");
	l->skip = true;
	drop(l, n);
}

/* Without the end of the last line. */
static size_t
trim(const char *s, size_t n)
{
	if (n > 0 && s[n - 1] == '\n')
		n--;
	if (n > 0 && s[n - 1] == '\r')
		n--;
	return n;
}

static enum mc_next
step(struct ldif *l, struct mc_arena *arena, struct mc_record *record)
{
	struct mc_reader *r = &l->r;

	if (!r->begun && mc_reader_fill(r) == MC_FILL_FAILED)
		return MC_NEXT_FATAL;
	for (;;) {
		enum mc_next next;
		bool last = false;
		size_t n, all;

		/* an LF that follows the CR of the last line */
		if (l->cr && l->done == 0 && r->at < r->end &&
			r->data[r->at] == '\n') {
			mc_reader_take(r, 1);
			l->cr = false;
		}
		if (!find_end(l, &n, &all)) {
			enum mc_fill fill;

			if (n > MC_RECORD_BYTES || (l->skip && n > 0)) {
				skip(l, n);
				all = 0;
			}
			fill = mc_reader_fill(r);
			if (fill == MC_FILL_FAILED)
				return MC_NEXT_FATAL;
			if (fill == MC_FILL_MORE)
				continue;
			last = true;
		}
		if (l->skip || n > MC_RECORD_BYTES) {
			skip(l, all);
			l->skip = false;
			l->text = false;
			return MC_NEXT_BAD;
		}
		next = n == 0 ? MC_NEXT_END
			      : read_entry(l, trim(r->data + r->at, n), arena,
					record);
		drop(l, all);
		if (next != MC_NEXT_END || last)
			return next;
	}
}

struct mc_reader *
mc_ldif_open(const struct mc_syntax *syntax, const struct mc_source *source,
	struct mc_report *report)
{
	return mc_reader_new(sizeof(struct ldif), syntax, source, report);
}

enum mc_next
mc_ldif_next(
	struct mc_reader *r, struct mc_arena *arena, struct mc_record *record)
{
	enum mc_next next = MC_NEXT_FATAL;

	*record = (struct mc_record){0};
	if (!r->dead)
		next = step((struct ldif *)(void *)r, arena, record);
	return mc_reader_done(r, arena, next);
}

void
mc_ldif_close(struct mc_reader *r)
{
	mc_arena_free(&((struct ldif *)(void *)r)->scratch);
	mc_reader_free(r);
}
