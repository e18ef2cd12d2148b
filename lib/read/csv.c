/* SPDX-License-Identifier: ISC */
/*
 * CSV (RFC 4180) and TSV.  What the scan finds are offsets, and a record is
 * copied once, in one piece.
 */
#include "csv.h"

#include <string.h>

#include "../text.h"
#include "csv_scan.h"
#include "cut.h"

struct csv {
	struct mc_reader r;
	struct mc_cut cut;
	struct mc_arena own; /* of the header, and of items */
	struct mc_item *columns;
	size_t n_columns;
	struct mc_item *items; /* of the record at hand; n_columns */
	bool headed;
	struct mc_csv_scan row; /* under way */
	bool skip;              /* it is too big */
	/* of the record that was handed out */
	bool lines; /* ends of lines may be in it */
	bool ascii;
};

/* Lets go of the record. */
static void
drop(struct csv *c)
{
	if (!c->row.lines && !c->skip && c->row.done > c->row.len) {
		/* the only line's end is the record's */
		c->r.at += c->row.done;
		c->r.place = (struct mc_place){
			c->r.place.line + 1, 1, c->r.data[c->r.at - 1] == '\r'};
	} else {
		mc_reader_take(&c->r, c->row.done);
	}
	mc_csv_begin(&c->row);
	c->skip = false;
}

static enum mc_next
refuse(struct csv *c, enum mc_msg message, size_t at, const char *why)
{
	const struct mc_place place = mc_reader_place(&c->r, at);
	const struct mailcfg_pos pos = mc_reader_pos(&c->r, &place);

	mc_say(c->r.report, message, &pos, NULL, NULL, "%s", why);
	return MC_NEXT_BAD;
}

static enum mc_next
refuse_fault(struct csv *c)
{
	switch (c->row.fault) {
	case MC_CSV_SOUND: break;
	case MC_CSV_STRAY:
		return refuse(c, MC_MSG_SYNTAX, c->row.fault_at,
			"a quote inside a field without quotes: quote the "
			"field, and double the quotes in it");
	case MC_CSV_BEHIND:
		return refuse(c, MC_MSG_SYNTAX, c->row.fault_at,
			"text behind a closing quote: a quote inside a field "
			"must be doubled");
	case MC_CSV_OPEN:
		return refuse(c, MC_MSG_SYNTAX, c->row.fault_at,
			"the quote is never closed");
	}
	return MC_NEXT_RECORD;
}

static enum mc_next
refuse_count(struct csv *c)
{
	const struct mc_place place = mc_reader_place(&c->r,
		c->row.n_cells > c->n_columns ? c->row.cells[c->n_columns].start
					      : c->row.len);
	const struct mailcfg_pos pos = mc_reader_pos(&c->r, &place);

	mc_say(c->r.report, MC_MSG_SYNTAX, &pos, NULL, NULL,
		"%zu field%s, but the header has %zu", c->row.n_cells,
		c->row.n_cells == 1 ? "" : "s", c->n_columns);
	return MC_NEXT_BAD;
}

/* What speaks against the record.  MC_NEXT_RECORD: nothing. */
static enum mc_next
check(struct csv *c)
{
	const char *s = c->r.data + c->r.at, *nul;

	if (c->row.fault != MC_CSV_SOUND)
		return refuse_fault(c);
	nul = c->row.text ? NULL : memchr(s, '\0', c->row.len);
	if (nul != NULL)
		return refuse(c, MC_MSG_BAD_TEXT, (size_t)(nul - s),
			"a NUL is in it");
	if (c->headed && c->row.n_cells != c->n_columns)
		return refuse_count(c);
	if (c->row.len <= MC_FIELD_BYTES)
		return MC_NEXT_RECORD;
	for (size_t i = 0; i < c->row.n_cells && i < MC_COLUMNS; i++)
		if (c->row.cells[i].end - c->row.cells[i].start >
			MC_FIELD_BYTES)
			return refuse(c, MC_MSG_TOO_BIG, c->row.cells[i].start,
				"a field of more than 64 KiB");
	return MC_NEXT_RECORD;
}

/* Makes one of two quotes. */
static size_t
undouble(char *s, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		s[used++] = s[i];
		i += s[i] == '"';
	}
	return used;
}

/* Copies the record and cuts the copy to pieces.  false: out of memory. */
static bool
build(struct csv *c, struct mc_arena *arena, struct mc_item *items,
	struct mc_record *record)
{
	const char *s = c->r.data + c->r.at;
	char *copy = mc_arena_strndup(arena, s, c->row.len);

	record->items = items;
	record->n_items = c->row.n_cells;
	record->columns = true;
	record->pos = mc_reader_pos(&c->r, &c->r.place);
	record->raw = s;
	record->raw_len = c->row.len;
	record->unplaced = &c->r;
	c->lines = c->row.lines;
	c->ascii = c->row.ascii;
	if (copy == NULL || items == NULL)
		return false;
	for (size_t i = 0; i < c->row.n_cells; i++) {
		const struct mc_csv_cell *cell = &c->row.cells[i];
		char *text = copy + cell->start;
		size_t len = cell->end - cell->start;

		if (cell->doubled)
			len = undouble(text, len);
		text[len] = '\0';
		items[i].text = text;
		items[i].len = len;
		items[i].exact = !cell->doubled;
	}
	return true;
}

void
mc_csv_places(const struct mc_reader *r, struct mc_record *record)
{
	const struct csv *c = (const struct csv *)(const void *)r;
	struct mc_place place = {record->pos.line, record->pos.column, false};
	const char *s = record->raw;
	size_t from = 0;

	for (size_t i = 0; i < record->n_items; i++) {
		size_t start = c->row.cells[i].start;

		/* ends of lines are in quoted cells only */
		if (c->lines)
			mc_walk(&place, s + from, start - from);
		else if (c->ascii)
			place.column += (unsigned)(start - from);
		else
			place.column += (unsigned)mc_columns(
				s + from, start - from);
		from = start;
		record->items[i].pos = mc_reader_pos(&c->r, &place);
	}
}

static enum mc_next
refuse_header(struct csv *c)
{
	const struct mc_item *names = c->columns;

	if (c->row.n_cells > MC_COLUMNS)
		return mc_reader_fatal(&c->r, MC_MSG_TOO_BIG, &c->r.place,
			"more than %d columns", MC_COLUMNS);
	for (size_t i = 0; i < c->n_columns; i++) {
		for (size_t j = 0; j < i; j++) {
			if (names[i].len == 0 ||
				strcmp(names[i].name, names[j].name) != 0)
				continue;
			mc_say(c->r.report, MC_MSG_DUPLICATE_FIELD,
				&names[i].name_pos, NULL, NULL,
				"column %zu has the name of column %zu", i + 1,
				j + 1);
			c->r.dead = true;
			break;
		}
	}
	return c->r.dead ? MC_NEXT_FATAL : MC_NEXT_HEADER;
}

/* What Excel writes and reads before the header, and nobody else. */
static bool
is_hint_for_excel(const char *s, size_t n)
{
	size_t quoted = n > 0 && s[0] == '"';

	return n >= quoted + 4 && n <= 2 * quoted + 5 &&
		mc_strncasecmp(s + quoted, "sep=", 4) == 0;
}

static enum mc_next
take_header(struct csv *c, struct mc_arena *arena, struct mc_record *record)
{
	const char *s = c->r.data + c->r.at;
	struct mc_record header = {0};

	if (memchr(s, '\0', c->row.len) != NULL)
		return mc_reader_not_utf8(&c->r, &c->r.place,
			s[0] == '\0' ? "UTF-16BE" : "UTF-16LE");
	if (is_hint_for_excel(s, c->row.len))
		return mc_reader_fatal(&c->r, MC_MSG_SYNTAX, &c->r.place,
			"\"sep=\" is for Excel alone: remove this line");
	if (check(c) != MC_NEXT_RECORD) {
		c->r.dead = true;
		return MC_NEXT_FATAL;
	}
	if (c->row.n_cells > MC_COLUMNS)
		return refuse_header(c);
	if (!build(c, &c->own,
		    mc_arena_alloc(
			    &c->own, c->row.n_cells * sizeof(header.items[0])),
		    &header))
		return mc_reader_no_memory(&c->r);
	mc_csv_places(&c->r, &header);
	header.unplaced = NULL;
	for (size_t i = 0; i < header.n_items; i++) {
		struct mc_item *item = &header.items[i];

		item->name = item->text;
		item->name_pos = item->pos;
		item->text = NULL;
	}
	c->columns = header.items;
	c->n_columns = header.n_items;
	c->headed = true;
	if (refuse_header(c) == MC_NEXT_FATAL)
		return MC_NEXT_FATAL;
	*record = header;
	/* the caller may not change what every record's names come from */
	record->items = mc_arena_alloc(
		arena, header.n_items * sizeof(header.items[0]));
	if (record->items == NULL)
		return MC_NEXT_FATAL;
	memcpy(record->items, header.items,
		header.n_items * sizeof(header.items[0]));
	for (size_t i = 0; i < header.n_items; i++)
		record->items[i].len = 0;
	return MC_NEXT_HEADER;
}

/* A line without anything, or without anything but delimiters. */
static bool
is_blank(const struct csv *c)
{
	if (c->row.quotes ||
		(c->row.n_cells > 1 && c->row.n_cells != c->n_columns))
		return false;
	return c->row.len + 1 == c->row.n_cells;
}

/*
 * The items of every record, with their names; NULL: out of memory, of which
 * the record's arena tells.
 */
static struct mc_item *
items_of(struct csv *c, struct mc_arena *arena)
{
	if (c->items != NULL)
		return c->items;
	c->items = mc_arena_alloc(
		&c->own, (c->n_columns + 1) * sizeof(c->items[0]));
	if (c->items == NULL) {
		arena->failed = true;
		return NULL;
	}
	memcpy(c->items, c->columns, c->n_columns * sizeof(c->items[0]));
	return c->items;
}

/* A record is whole: makes something of it.  false: it was nothing. */
static bool
take(struct csv *c, struct mc_arena *arena, struct mc_record *record,
	enum mc_next *next)
{
	const char *s = c->r.data + c->r.at;
	size_t valid = c->row.ascii ? c->row.len
				    : mc_utf8_prefix(s, c->row.len);

	if (valid < c->row.len) {
		const struct mc_place place = mc_reader_place(&c->r, valid);

		*next = mc_reader_not_utf8(&c->r, &place, "WINDOWS-1252");
		return true;
	}
	if (is_blank(c)) {
		drop(c);
		return false;
	}
	if (!c->headed) {
		*next = take_header(c, arena, record);
	} else {
		*next = check(c);
		if (*next == MC_NEXT_RECORD &&
			!build(c, arena, items_of(c, arena), record))
			*next = MC_NEXT_FATAL;
		record->raw = s;
		record->raw_len = c->row.len;
	}
	drop(c);
	return true;
}

/* Lets go of what was looked at of a record that is too big. */
static void
skip(struct csv *c)
{
	if (!c->skip)
		(void)refuse(c, MC_MSG_TOO_BIG, 0,
			"a record of more than 1 MiB: is a quote not closed?");
	c->skip = true;
	c->r.dead = !c->headed;
	mc_reader_take(&c->r, c->row.done);
	c->row.done = 0;
}

static void
set_delimiter(struct csv *c, char delimiter)
{
	mc_csv_delimit(&c->row, delimiter);
	c->cut.table = true;
	c->cut.delimiter = delimiter;
}

/*
 * Counts what may be a delimiter in the first line that is not blank; false:
 * its end is not at hand.
 */
static bool
count_delimiters(struct csv *c, size_t counts[3])
{
	const char *s = c->r.data + c->r.at;
	size_t n = c->r.end - c->r.at, i = 0;
	bool quoted = false;

	while (i < n && (s[i] == '\r' || s[i] == '\n'))
		i++;
	mc_reader_take(&c->r, i);
	s += i;
	n -= i;
	memset(counts, 0, 3 * sizeof(counts[0]));
	for (i = 0; i < n; i++) {
		if (s[i] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if (s[i] == '\r' || s[i] == '\n')
			return true;
		counts[0] += s[i] == ',';
		counts[1] += s[i] == ';';
		counts[2] += s[i] == '\t';
	}
	return n > MC_RECORD_BYTES;
}

/* The header tells the delimiter.  false: the input cannot be read. */
static bool
find_delimiter(struct csv *c)
{
	enum mc_fill fill = MC_FILL_MORE;
	size_t counts[3];
	char best = ',';

	while (!count_delimiters(c, counts) && fill == MC_FILL_MORE)
		fill = mc_reader_fill(&c->r);
	if (fill == MC_FILL_FAILED)
		return false;
	if (counts[1] > counts[0])
		best = ';';
	if (counts[2] > counts[0] && counts[2] > counts[1])
		best = '\t';
	set_delimiter(c, best);
	return true;
}

static enum mc_next
step(struct mc_reader *reader, struct mc_arena *arena, struct mc_record *record)
{
	struct csv *c = (struct csv *)(void *)reader;
	enum mc_next next = MC_NEXT_BAD;

	if (!c->r.begun && mc_reader_fill(&c->r) == MC_FILL_FAILED)
		return MC_NEXT_FATAL;
	if (c->row.delimiter == '\0' && !find_delimiter(c))
		return MC_NEXT_FATAL;
	for (;;) {
		struct mc_reader *r = &c->r;

		/* an LF that follows the CR of the last record */
		if (r->place.cr && c->row.done == 0 && !c->skip &&
			r->at < r->end && r->data[r->at] == '\n')
			mc_reader_take(r, 1);
		if (!mc_csv_scan(&c->row, r->data + r->at, r->end - r->at,
			    r->slow)) {
			enum mc_fill fill;

			if (c->skip || c->row.done > MC_RECORD_BYTES)
				skip(c);
			fill = mc_reader_fill(r);
			if (fill == MC_FILL_FAILED || r->dead)
				return MC_NEXT_FATAL;
			if (fill == MC_FILL_MORE)
				continue;
			if (r->at == r->end && !c->skip)
				return MC_NEXT_END;
			mc_csv_end(&c->row, r->end - r->at);
		}
		if (c->skip || c->row.len > MC_RECORD_BYTES) {
			skip(c);
			drop(c);
			return MC_NEXT_BAD;
		}
		if (take(c, arena, record, &next))
			return next;
	}
}

struct mc_reader *
mc_csv_open(const struct mc_syntax *syntax, const struct mc_source *source,
	struct mc_report *report)
{
	return mc_reader_new(sizeof(struct csv), syntax, source, report);
}

struct mc_reader *
mc_tsv_open(const struct mc_syntax *syntax, const struct mc_source *source,
	struct mc_report *report)
{
	struct mc_reader *r = mc_csv_open(syntax, source, report);

	if (r != NULL)
		set_delimiter((struct csv *)(void *)r, '\t');
	return r;
}

enum mc_next
mc_csv_next(
	struct mc_reader *r, struct mc_arena *arena, struct mc_record *record)
{
	return mc_reader_next(r, arena, record, step);
}

void
mc_csv_close(struct mc_reader *r)
{
	mc_arena_free(&((struct csv *)(void *)r)->own);
	mc_reader_free(r);
}

enum mc_fill
mc_csv_cut(struct mc_reader *r, struct mc_buf *block, struct mc_place *place)
{
	return mc_cut(r, &((struct csv *)(void *)r)->cut, block, place);
}

struct mc_reader *
mc_csv_fork(const struct mc_reader *from, struct mc_report *report)
{
	const struct csv *c = (const struct csv *)(const void *)from;
	struct mc_reader *r = mc_csv_open(from->syntax, &from->source, report);
	struct csv *fork = (struct csv *)(void *)r;

	if (r == NULL)
		return NULL;
	set_delimiter(fork, c->row.delimiter);
	/* the names stay those of `from` */
	fork->columns = c->columns;
	fork->n_columns = c->n_columns;
	fork->headed = true;
	return r;
}

void
mc_csv_feed(struct mc_reader *r, const char *data, size_t n,
	const struct mc_place *place)
{
	struct csv *c = (struct csv *)(void *)r;

	mc_reader_feed(r, data, n, place);
	mc_csv_begin(&c->row);
	c->skip = false;
}
