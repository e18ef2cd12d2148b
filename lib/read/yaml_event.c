/* SPDX-License-Identifier: ISC */
#include "yaml_event.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../text.h"

static int
read_input(void *context, unsigned char *out, size_t size, size_t *n)
{
	return mc_yaml_read(context, out, size, n);
}

bool
mc_yaml_start(struct mc_yaml *y)
{
	if (yaml_parser_initialize(&y->parser) == 0)
		return false;
	yaml_parser_set_encoding(&y->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input(&y->parser, read_input, &y->input);
	return true;
}

static unsigned
line_of(const struct mc_yaml *y, const yaml_mark_t *mark)
{
	const size_t again = y->again.n_lines;

	if (mark->line >= again)
		return (unsigned)(y->line + (mark->line - again));
	return mark->line + 1 < again ? y->root.line : y->first.line;
}

struct mailcfg_pos
mc_yaml_pos(const struct mc_yaml *y, const yaml_mark_t *mark)
{
	return (struct mailcfg_pos){
		y->r.source.name, line_of(y, mark), (unsigned)mark->column + 1};
}

/* Reports and ends it.  Always false. */
bool
mc_yaml_fail(struct mc_yaml *y, enum mc_msg message, const yaml_mark_t *mark,
	const char *format, ...)
{
	const struct mc_place place = {
		line_of(y, mark), (unsigned)mark->column + 1, false};
	char why[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	(void)mc_reader_fatal(&y->r, message, &place, "%s", why);
	return false;
}

/* The parser's words are its own: nothing of the text is in them. */
static bool
fail_parser(struct mc_yaml *y)
{
	static const char *const quotable[] = {
		"mapping values are not allowed in this context",
		"found character that cannot start any token",
	};
	const yaml_parser_t *p = &y->parser;
	const char *problem = p->problem == NULL ? "" : p->problem;
	const char *hint = "";
	unsigned since;

	if (y->r.dead)
		return false;
	if (p->error == YAML_MEMORY_ERROR) {
		(void)mc_reader_no_memory(&y->r);
		return false;
	}
	/* there is no mark in it; what it would refuse does not get there */
	if (p->error == YAML_READER_ERROR)
		return mc_yaml_fail(y, MC_MSG_SYNTAX, &p->mark,
			"%s at byte %zu", problem, p->problem_offset + 1);
	for (size_t i = 0; i < sizeof(quotable) / sizeof(quotable[0]); i++)
		if (strcmp(problem, quotable[i]) == 0)
			hint = ": quote the value, or mend the indentation";
	since = line_of(y, &p->context_mark);
	if (p->context != NULL && since != line_of(y, &p->problem_mark))
		return mc_yaml_fail(y, MC_MSG_SYNTAX, &p->problem_mark,
			"%s%s (%s that began in line %u)", problem, hint,
			p->context, since);
	return mc_yaml_fail(
		y, MC_MSG_SYNTAX, &p->problem_mark, "%s%s", problem, hint);
}

static bool
check_depth(struct mc_yaml *y)
{
	switch (y->event.type) {
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT: y->depth++; break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: y->depth--; break;
	default: break;
	}
	if (y->depth > MC_DEPTH)
		return mc_yaml_fail(y, MC_MSG_TOO_BIG, &y->event.start_mark,
			"nested deeper than %d levels", MC_DEPTH);
	return true;
}

/* Bytes that the library has been given and not yet looked at. */
static size_t
unread(const yaml_parser_t *p)
{
	return (size_t)(p->buffer.last - p->buffer.pointer) +
		(size_t)(p->raw_buffer.last - p->raw_buffer.pointer);
}

/* The next event, or the one that was held back. */
bool
mc_yaml_pull(struct mc_yaml *y)
{
	if (y->held) {
		y->held = false;
		return true;
	}
	yaml_event_delete(&y->event);
	if (yaml_parser_parse(&y->parser, &y->event) == 0)
		return fail_parser(y);
	mc_yaml_passed(&y->input, line_of(y, &y->event.start_mark),
		unread(&y->parser));
	/* an end that is told by indentation is told where the next line is */
	if (y->event.end_mark.index > y->event.start_mark.index ||
		y->event.end_mark.line == y->last.line)
		y->last = y->event.end_mark;
	return check_depth(y);
}

static bool
is_text_tag(const unsigned char *tag)
{
	return tag == NULL || strcmp((const char *)tag, "!") == 0 ||
		strcmp((const char *)tag, YAML_STR_TAG) == 0;
}

/* What is refused of the node that begins with the event; NULL: nothing. */
const char *
mc_yaml_unsafe(const yaml_event_t *e)
{
	const unsigned char *anchor = NULL, *tag = NULL;

	switch (e->type) {
	case YAML_ALIAS_EVENT: return "an alias: quote the value";
	case YAML_SCALAR_EVENT:
		anchor = e->data.scalar.anchor;
		if (!is_text_tag(e->data.scalar.tag))
			tag = e->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
		break;
	default: break;
	}
	if (anchor != NULL)
		return "an anchor: quote the value";
	return tag != NULL ? "a tag: quote the value" : NULL;
}

static void
check_node(struct mc_yaml *y, struct mc_flat *flat)
{
	const char *why = mc_yaml_unsafe(&y->event);
	struct mailcfg_pos pos;

	if (why == NULL)
		return;
	pos = mc_yaml_pos(y, &y->event.start_mark);
	mc_flat_refuse(flat, MC_MSG_UNSAFE_YAML, &pos, "%s", why);
}

/* Passes over the node that begins with the event. */
bool
mc_yaml_pass(struct mc_yaml *y)
{
	unsigned depth = 0;

	for (;;) {
		switch (y->event.type) {
		case YAML_SEQUENCE_START_EVENT:
		case YAML_MAPPING_START_EVENT: depth++; break;
		case YAML_SEQUENCE_END_EVENT:
		case YAML_MAPPING_END_EVENT: depth--; break;
		default: break;
		}
		if (depth == 0)
			return true;
		if (!mc_yaml_pull(y))
			return false;
	}
}

bool
mc_yaml_null(const yaml_event_t *e)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	if (e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE ||
		e->data.scalar.tag != NULL || e->data.scalar.length > 4)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp((const char *)e->data.scalar.value, words[i]) == 0)
			return true;
	return false;
}

/* A scalar's text and where it begins. */
struct scalar {
	const char *text;
	size_t len;
	struct mailcfg_pos pos;
	bool exact;
	bool null;
	bool doubtful;
};

static bool
is_plain(const yaml_event_t *e)
{
	return e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static bool
is_one_line(const yaml_event_t *e)
{
	return e->start_mark.line == e->end_mark.line;
}

/* Whether it may not be what somebody meant who typed a password. */
static bool
is_doubtful(const struct mc_yaml *y, bool null, size_t len)
{
	const yaml_event_t *e = &y->event;
	yaml_scalar_style_t style = e->data.scalar.style;

	if (e->data.scalar.tag != NULL)
		return true;
	/* a block that holds nothing */
	if (len == 0 && style != YAML_SINGLE_QUOTED_SCALAR_STYLE &&
		style != YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		return true;
	return is_plain(e) &&
		(null || !is_one_line(e) ||
			mc_yaml_hashed(&y->input, line_of(y, &e->end_mark),
				(unsigned)e->end_mark.column + 1));
}

static struct scalar
scalar_of(struct mc_yaml *y)
{
	const yaml_event_t *e = &y->event;
	bool plain = is_plain(e), one_line = is_one_line(e);
	size_t quotes = plain ? 0 : 2;
	struct scalar s = {
		.text = (const char *)e->data.scalar.value,
		.len = e->data.scalar.length,
		.pos = mc_yaml_pos(y, &e->start_mark),
	};

	/* escapes make the source longer than the text */
	s.exact = one_line &&
		e->end_mark.index - e->start_mark.index ==
			quotes + mc_columns(s.text, s.len);
	if (s.exact && !plain)
		s.pos.column++;
	s.null = mc_yaml_null(e);
	s.doubtful = is_doubtful(y, s.null, s.len);
	return s;
}

static bool
list(struct mc_yaml *y, struct mc_flat *flat, const char *name,
	const struct mailcfg_pos *name_pos)
{
	const struct mailcfg_pos pos = mc_yaml_pos(y, &y->event.start_mark);
	struct mc_item *item = NULL;

	if (name != NULL)
		item = mc_flat_add(flat, name, name_pos, "", 0, &pos);
	if (item != NULL) {
		item->type = MC_TYPE_NULL;
		item->list = true;
	}
	for (;;) {
		if (!mc_yaml_pull(y))
			return false;
		if (y->event.type == YAML_SEQUENCE_END_EVENT)
			return true;
		check_node(y, flat);
		if (y->event.type == YAML_SCALAR_EVENT) {
			struct scalar s = scalar_of(y);

			y->last = y->event.end_mark;
			if (s.null)
				mc_flat_refuse(flat, MC_MSG_BAD_TYPE, &s.pos,
					"a list holds texts: quote it");
			else if (item != NULL)
				mc_flat_join(flat, item, s.text, s.len, &s.pos);
		} else {
			const struct mailcfg_pos at = mc_yaml_pos(
				y, &y->event.start_mark);

			if (y->event.type != YAML_ALIAS_EVENT)
				mc_flat_refuse(flat, MC_MSG_BAD_TYPE, &at,
					"a list holds texts");
			if (!mc_yaml_pass(y))
				return false;
		}
	}
}

static bool map(struct mc_yaml *, struct mc_flat *, const char *prefix);

/* The value of a name, which is NULL when it was refused. */
static bool
value(struct mc_yaml *y, struct mc_flat *flat, const char *name,
	const struct mailcfg_pos *name_pos)
{
	struct mc_item *item;
	struct scalar s;

	check_node(y, flat);
	if (y->event.type == YAML_MAPPING_START_EVENT)
		return name == NULL ? mc_yaml_pass(y) : map(y, flat, name);
	if (y->event.type == YAML_SEQUENCE_START_EVENT)
		return name == NULL ? mc_yaml_pass(y)
				    : list(y, flat, name, name_pos);
	if (y->event.type != YAML_SCALAR_EVENT || name == NULL)
		return true;
	s = scalar_of(y);
	item = mc_flat_add(flat, name, name_pos, s.text, s.len, &s.pos);
	if (item != NULL) {
		item->exact = s.exact;
		item->doubtful = s.doubtful;
		item->type = s.null ? MC_TYPE_NULL : MC_TYPE_STRING;
	}
	return true;
}

/* A name; *name is NULL when it was refused. */
static bool
key(struct mc_yaml *y, struct mc_flat *flat, unsigned number,
	const char *prefix, const char **name)
{
	const struct mailcfg_pos pos = mc_yaml_pos(y, &y->event.start_mark);
	const yaml_event_t *e = &y->event;
	const char *text;

	*name = NULL;
	check_node(y, flat);
	if (e->type != YAML_SCALAR_EVENT) {
		if (e->type != YAML_ALIAS_EVENT)
			mc_flat_refuse(
				flat, MC_MSG_SYNTAX, &pos, "a name is a text");
		return mc_yaml_pass(y);
	}
	text = (const char *)e->data.scalar.value;
	if (strcmp(text, "<<") == 0 &&
		e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		mc_flat_refuse(flat, MC_MSG_UNSAFE_YAML, &pos, "a merge key");
	else if (strlen(text) != e->data.scalar.length)
		mc_flat_refuse(flat, MC_MSG_BAD_TEXT, &pos, "a NUL is in it");
	else
		*name = mc_flat_name(flat, number, prefix, text, &pos);
	return true;
}

/* Something that belongs to a file of defaults and accounts. */
static bool
is_misplaced(struct mc_yaml *y, struct mc_flat *flat, const char *name,
	const struct mailcfg_pos *pos)
{
	bool inside = y->event.type == YAML_MAPPING_START_EVENT ||
		y->event.type == YAML_SEQUENCE_START_EVENT;

	return inside && y->where == MC_YAML_DOCUMENT &&
		mc_flat_misplaced(flat, name, pos);
}

/* A map, behind its beginning. */
static bool
map(struct mc_yaml *y, struct mc_flat *flat, const char *prefix)
{
	unsigned number = ++flat->maps;

	for (;;) {
		struct mailcfg_pos name_pos;
		const char *name = NULL;

		if (!mc_yaml_pull(y))
			return false;
		if (y->event.type == YAML_MAPPING_END_EVENT)
			return true;
		name_pos = mc_yaml_pos(y, &y->event.start_mark);
		if (!key(y, flat, number, prefix, &name) || !mc_yaml_pull(y))
			return false;
		if (prefix == NULL && name != NULL &&
			is_misplaced(y, flat, name, &name_pos))
			name = NULL;
		if (!value(y, flat, name, &name_pos))
			return false;
	}
}

void
mc_yaml_begin_record(struct mc_yaml *y)
{
	const yaml_event_t *e = &y->event;
	enum mc_yaml_from from = MC_YAML_FROM_MARK;

	y->last = e->end_mark;
	y->flow = e->type != YAML_MAPPING_START_EVENT ||
		e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	if (y->where == MC_YAML_RECORDS && y->list)
		from = MC_YAML_FROM_ITEM;
	else if (!y->flow)
		from = MC_YAML_FROM_LINE;
	mc_yaml_begin(&y->input, e->start_mark.index,
		line_of(y, &e->start_mark), (unsigned)e->start_mark.column + 1,
		from);
}

/* The record that begins with the event; in a map, its first name is held. */
enum mc_next
mc_yaml_record(struct mc_yaml *y, const struct mailcfg_pos *pos,
	struct mc_arena *arena, struct mc_record *record)
{
	size_t start = y->event.start_mark.index;
	struct mc_flat flat;
	enum mc_next next;

	if (!mc_flat_init(&flat, &y->r, arena))
		return MC_NEXT_FATAL;
	if (y->held) {
		if (!map(y, &flat, NULL))
			return MC_NEXT_FATAL;
	} else if (y->event.type == YAML_MAPPING_START_EVENT) {
		check_node(y, &flat);
		if (!map(y, &flat, NULL))
			return MC_NEXT_FATAL;
	} else {
		check_node(y, &flat);
		if (!flat.bad)
			mc_flat_refuse(&flat, MC_MSG_SYNTAX, pos,
				"a record is a map of names and values");
		if (!mc_yaml_pass(y))
			return MC_NEXT_FATAL;
	}
	if (y->event.end_mark.index - start > MC_RECORD_BYTES)
		mc_flat_refuse(&flat, MC_MSG_TOO_BIG, pos,
			"a record of more than 1 MiB");
	next = mc_flat_finish(&flat, pos, record);
	record->raw = mc_yaml_raw(
		&y->input, y->last.index, !y->flow, &record->raw_len);
	return next;
}
