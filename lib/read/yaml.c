/* SPDX-License-Identifier: ISC */
/*
 * YAML, by events.  What makes YAML surprising is refused: anchors, aliases,
 * merge keys, tags, more than one document.  A plain scalar is a text.  Records
 * with nothing odd in them are not left to the library: yaml_quick.c.
 */
#include "yaml.h"

#include <string.h>

#include "yaml_quick.h"

static bool
is_text(const yaml_event_t *e, const char *text)
{
	return e->type == YAML_SCALAR_EVENT &&
		e->data.scalar.length == strlen(text) &&
		strcmp((const char *)e->data.scalar.value, text) == 0;
}

static void
begin_records(struct mc_yaml *y)
{
	y->where = MC_YAML_RECORDS;
	y->first = mc_yaml_pos(y, &y->event.start_mark);
	y->list = y->event.data.sequence_start.style !=
		YAML_FLOW_SEQUENCE_STYLE;
}

/* The steps return false to go on, true with *next to hand over. */
static bool
begin_document(struct mc_yaml *y, struct mc_arena *arena,
	struct mc_record *record, enum mc_next *next)
{
	const struct mailcfg_pos pos = mc_yaml_pos(y, &y->event.start_mark);
	const char *why = mc_yaml_unsafe(&y->event);

	y->where = MC_YAML_DOCUMENT;
	if (why != NULL)
		return !mc_yaml_fail(
			y, MC_MSG_UNSAFE_YAML, &y->event.start_mark, "%s", why);
	if (y->event.type == YAML_SEQUENCE_START_EVENT) {
		begin_records(y);
		return false;
	}
	if (y->event.type == YAML_SCALAR_EVENT && mc_yaml_null(&y->event))
		return false;
	if (y->event.type != YAML_MAPPING_START_EVENT)
		return !mc_yaml_fail(y, MC_MSG_SYNTAX, &y->event.start_mark,
			"a list of records is wanted");
	y->root = pos;
	mc_yaml_begin_record(y);
	if (!mc_yaml_pull(y))
		return true;
	if (y->event.type == YAML_MAPPING_END_EVENT)
		return false;
	y->held = true;
	if (is_text(&y->event, "defaults") || is_text(&y->event, "accounts")) {
		y->where = MC_YAML_MEMBERS;
		y->map = true;
		return false;
	}
	*next = mc_yaml_record(y, &pos, arena, record);
	return true;
}

static bool
begin_stream(struct mc_yaml *y, struct mc_arena *arena,
	struct mc_record *record, enum mc_next *next)
{
	if (!mc_yaml_pull(y)) /* the stream's start */
		return true;
	if (!mc_yaml_pull(y))
		return true;
	if (y->event.type == YAML_STREAM_END_EVENT) {
		y->where = MC_YAML_END;
		return false;
	}
	if (y->event.data.document_start.tag_directives.start !=
		y->event.data.document_start.tag_directives.end)
		return !mc_yaml_fail(y, MC_MSG_UNSAFE_YAML,
			&y->event.start_mark, "a tag directive");
	return !mc_yaml_pull(y) || begin_document(y, arena, record, next);
}

static bool
take_defaults(struct mc_yaml *y, struct mc_arena *arena,
	struct mc_record *record, enum mc_next *next)
{
	const yaml_mark_t mark = y->event.start_mark;
	struct mailcfg_pos pos;

	if (y->seen_accounts)
		return !mc_yaml_fail(
			y, MC_MSG_DEFAULTS_LATE, &mark, "move them up");
	if (y->seen_defaults)
		return !mc_yaml_fail(
			y, MC_MSG_DUPLICATE_FIELD, &mark, "defaults");
	y->seen_defaults = true;
	if (!mc_yaml_pull(y))
		return true;
	if (y->event.type == YAML_SCALAR_EVENT && mc_yaml_null(&y->event))
		return false;
	pos = mc_yaml_pos(y, &y->event.start_mark);
	mc_yaml_begin_record(y);
	*next = mc_yaml_record(y, &pos, arena, record);
	if (*next == MC_NEXT_RECORD)
		*next = MC_NEXT_DEFAULTS;
	else /* without them every account would be another one */
		y->r.dead = true;
	return true;
}

static bool
begin_accounts(struct mc_yaml *y)
{
	const yaml_mark_t mark = y->event.start_mark;
	const char *why;

	if (y->seen_accounts)
		return !mc_yaml_fail(
			y, MC_MSG_DUPLICATE_FIELD, &mark, "accounts");
	y->seen_accounts = true;
	if (!mc_yaml_pull(y))
		return true;
	why = mc_yaml_unsafe(&y->event);
	if (why != NULL)
		return !mc_yaml_fail(
			y, MC_MSG_UNSAFE_YAML, &y->event.start_mark, "%s", why);
	if (y->event.type == YAML_SCALAR_EVENT && mc_yaml_null(&y->event))
		return false;
	if (y->event.type != YAML_SEQUENCE_START_EVENT)
		return !mc_yaml_fail(y, MC_MSG_SYNTAX, &y->event.start_mark,
			"accounts are a list of records");
	begin_records(y);
	return false;
}

static bool
next_member(struct mc_yaml *y, struct mc_arena *arena, struct mc_record *record,
	enum mc_next *next)
{
	struct mailcfg_pos pos;
	const char *why;

	if (!mc_yaml_pull(y))
		return true;
	if (y->event.type == YAML_MAPPING_END_EVENT) {
		y->where = MC_YAML_DOCUMENT;
		return false;
	}
	why = mc_yaml_unsafe(&y->event);
	if (why != NULL)
		return !mc_yaml_fail(
			y, MC_MSG_UNSAFE_YAML, &y->event.start_mark, "%s", why);
	if (is_text(&y->event, "defaults"))
		return take_defaults(y, arena, record, next);
	if (is_text(&y->event, "accounts"))
		return begin_accounts(y);
	pos = mc_yaml_pos(y, &y->event.start_mark);
	mc_say(y->r.report, MC_MSG_UNKNOWN_FIELD, &pos, NULL, NULL,
		"only defaults may stand beside accounts");
	if (mc_yaml_pass(y) && mc_yaml_pull(y) && mc_yaml_pass(y))
		*next = MC_NEXT_BAD;
	return true;
}

static bool
next_record(struct mc_yaml *y, struct mc_arena *arena, struct mc_record *record,
	enum mc_next *next)
{
	struct mailcfg_pos pos;

	if (mc_yaml_quick(y, arena, record)) {
		*next = MC_NEXT_RECORD;
		return true;
	}
	if (y->r.dead || !mc_yaml_pull(y))
		return true;
	if (y->event.type == YAML_SEQUENCE_END_EVENT) {
		y->where = y->map ? MC_YAML_MEMBERS : MC_YAML_DOCUMENT;
		return false;
	}
	pos = mc_yaml_pos(y, &y->event.start_mark);
	mc_yaml_begin_record(y);
	*next = mc_yaml_record(y, &pos, arena, record);
	return true;
}

static bool
end_document(struct mc_yaml *y)
{
	if (!mc_yaml_pull(y)) /* the document's end */
		return true;
	if (!mc_yaml_pull(y))
		return true;
	if (y->event.type != YAML_STREAM_END_EVENT)
		return !mc_yaml_fail(y, MC_MSG_UNSAFE_YAML,
			&y->event.start_mark, "a second document");
	y->where = MC_YAML_END;
	return false;
}

static enum mc_next
step(struct mc_reader *reader, struct mc_arena *arena, struct mc_record *record)
{
	struct mc_yaml *y = (struct mc_yaml *)(void *)reader;
	enum mc_next next = MC_NEXT_FATAL;
	bool done = false;

	while (!done) {
		switch (y->where) {
		case MC_YAML_STREAM:
			done = begin_stream(y, arena, record, &next);
			break;
		case MC_YAML_MEMBERS:
			done = next_member(y, arena, record, &next);
			break;
		case MC_YAML_RECORDS:
			done = next_record(y, arena, record, &next);
			break;
		case MC_YAML_DOCUMENT: done = end_document(y); break;
		case MC_YAML_END: return MC_NEXT_END;
		}
	}
	return next;
}

struct mc_reader *
mc_yaml_open(const struct mc_syntax *syntax, const struct mc_source *source,
	struct mc_report *report)
{
	struct mc_reader *r = mc_reader_new(
		sizeof(struct mc_yaml), syntax, source, report);
	struct mc_yaml *y = (struct mc_yaml *)(void *)r;

	if (r == NULL)
		return NULL;
	y->input.reader = r;
	y->input.place = r->place;
	y->line = r->place.line;
	if (mc_yaml_start(y))
		return r;
	mc_reader_free(r);
	return NULL;
}

enum mc_next
mc_yaml_next(
	struct mc_reader *r, struct mc_arena *arena, struct mc_record *record)
{
	return mc_reader_next(r, arena, record, step);
}

void
mc_yaml_close(struct mc_reader *r)
{
	struct mc_yaml *y = (struct mc_yaml *)(void *)r;

	yaml_event_delete(&y->event);
	yaml_parser_delete(&y->parser);
	mc_yaml_input_free(&y->input);
	mc_reader_free(r);
}
