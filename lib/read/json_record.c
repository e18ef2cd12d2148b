/* SPDX-License-Identifier: ISC */
/* One JSON object becomes a record. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "flat.h"
#include "json_quick.h"

/* The parsed object and the marks of its text, walked side by side. */
struct walk {
	struct mc_flat flat;
	const struct mc_json_text *text;
	const struct mc_json_mark *next;
};

static struct mailcfg_pos
pos_of(const struct walk *w, const struct mc_json_mark *mark)
{
	return mc_reader_pos(w->flat.reader, &mark->place);
}

static void
refuse(struct walk *w, const struct mc_json_mark *mark, enum mc_msg message,
	const char *why)
{
	const struct mailcfg_pos pos = pos_of(w, mark);

	mc_flat_refuse(&w->flat, message, &pos, "%s", why);
}

static struct mc_item *
add(struct walk *w, const char *name, const struct mailcfg_pos *name_pos,
	const struct mc_json_mark *mark, const char *text, size_t len)
{
	const struct mailcfg_pos pos = pos_of(w, mark);

	return mc_flat_add(&w->flat, name, name_pos, text, len, &pos);
}

/* Passes over the marks of a value that is not wanted. */
static void
pass(struct walk *w, const cJSON *value)
{
	w->next++;
	for (const cJSON *k = value->child; k != NULL; k = k->next) {
		w->next += k->string != NULL;
		pass(w, k);
	}
}

static void
list(struct walk *w, const cJSON *value, const char *name,
	const struct mailcfg_pos *name_pos)
{
	struct mc_item *item = add(w, name, name_pos, w->next++, "", 0);

	if (item != NULL) {
		item->type = MC_TYPE_NULL;
		item->list = true;
	}
	for (const cJSON *k = value->child; k != NULL; k = k->next) {
		const struct mc_json_mark *mark = w->next;
		const struct mailcfg_pos pos = pos_of(w, mark);

		pass(w, k);
		if (!cJSON_IsString(k))
			refuse(w, mark, MC_MSG_BAD_TYPE,
				"a list holds texts: quote it");
		else if (item != NULL)
			mc_flat_join(&w->flat, item, k->valuestring,
				strlen(k->valuestring), &pos);
	}
}

static void
scalar(struct walk *w, const cJSON *value, const char *name,
	const struct mailcfg_pos *name_pos)
{
	const struct mc_json_mark *mark = w->next++;
	const char *text = w->text->text + mark->at;
	size_t len = mark->len;
	struct mc_item *item;

	if (cJSON_IsString(value)) {
		text = value->valuestring;
		len = strlen(text);
	}
	item = add(w, name, name_pos, mark, text, len);
	if (item == NULL)
		return;
	item->exact = mark->exact || !cJSON_IsString(value);
	if (cJSON_IsNumber(value))
		item->type = MC_TYPE_NUMBER;
	else if (cJSON_IsBool(value))
		item->type = MC_TYPE_BOOL;
	else if (cJSON_IsNull(value))
		item->type = MC_TYPE_NULL;
}

/* Something that belongs to a file of defaults and accounts. */
static bool
is_misplaced(struct walk *w, const cJSON *k, const char *prefix,
	const struct mailcfg_pos *pos)
{
	return w->text->alone && prefix == NULL && k->child != NULL &&
		mc_flat_misplaced(&w->flat, k->string, pos);
}

/* The depth was limited by the scan. */
static void
object(struct walk *w, const cJSON *value, const char *prefix)
{
	unsigned map = ++w->flat.maps;

	w->next++;
	for (const cJSON *k = value->child; k != NULL; k = k->next) {
		const struct mailcfg_pos name_pos = pos_of(w, w->next++);
		const char *name = mc_flat_name(
			&w->flat, map, prefix, k->string, &name_pos);

		if (name == NULL || is_misplaced(w, k, prefix, &name_pos))
			pass(w, k);
		else if (cJSON_IsObject(k))
			object(w, k, name);
		else if (cJSON_IsArray(k))
			list(w, k, name, &name_pos);
		else
			scalar(w, k, name, &name_pos);
	}
}

static void
report(struct mc_reader *r, const struct mc_json_fault *fault)
{
	const struct mailcfg_pos pos = mc_reader_pos(r, &fault->place);

	mc_say(r->report, fault->message, &pos, NULL, NULL, "%s", fault->why);
}

static enum mc_next
refuse_text(struct mc_reader *r, const struct mc_json_scan *scan, bool line)
{
	if (scan->lost.found && scan->lost.message == MC_MSG_NOT_UTF8)
		return mc_reader_not_utf8(r, &scan->lost.place, "WINDOWS-1252");
	if (scan->fault.found)
		report(r, &scan->fault);
	/* of a line the first fault is enough */
	if (scan->lost.found && !(line && scan->fault.found))
		report(r, &scan->lost);
	if (line || !scan->lost.found)
		return MC_NEXT_BAD;
	r->dead = true;
	return MC_NEXT_FATAL;
}

/* Whether nothing but blanks stands between the two. */
static bool
is_rest_blank(const char *from, const char *end)
{
	while (from < end && mc_json_blank(*from))
		from++;
	return from == end;
}

static enum mc_next
convert(struct walk *w, const cJSON *root, struct mc_record *record)
{
	const struct mailcfg_pos pos = pos_of(w, w->next);

	if (cJSON_IsObject(root))
		object(w, root, NULL);
	else
		refuse(w, w->next, MC_MSG_SYNTAX, "a record is an object, {}");
	return mc_flat_finish(&w->flat, &pos, record);
}

enum mc_next
mc_json_record(struct mc_reader *r, const struct mc_json_text *text,
	struct mc_arena *arena, struct mc_record *record)
{
	struct mc_json_scan scan = {
		.text = text->text,
		.n = text->n,
		.place = text->place,
		.depth = text->depth,
		.marks = text->marks,
	};
	struct walk walk = {.text = text, .next = text->marks};
	enum mc_next next = MC_NEXT_FATAL;
	const char *copy, *end = NULL;
	cJSON *root;

	if (mc_json_quick(r, text, arena, record))
		return MC_NEXT_RECORD;
	if (!mc_json_scan(&scan))
		return refuse_text(r, &scan, text->line);
	copy = mc_arena_strndup(arena, text->text, text->n);
	if (copy == NULL || !mc_flat_init(&walk.flat, r, arena))
		return MC_NEXT_FATAL;
	/* the text is right, so nothing but memory can be missing */
	root = cJSON_ParseWithLengthOpts(copy, text->n, &end, 0);
	if (root == NULL)
		return mc_reader_no_memory(r);
	if (is_rest_blank(end, copy + text->n))
		next = convert(&walk, root, record);
	else
		next = mc_reader_fatal(r, MC_MSG_FAULT, &text->place,
			"two readers of JSON disagree");
	cJSON_Delete(root);
	return next;
}

struct mc_reader *
mc_json_new(size_t size, const struct mc_syntax *syntax,
	const struct mc_source *source, struct mc_report *report)
{
	struct mc_reader *r = mc_reader_new(size, syntax, source, report);
	struct mc_json *j = (struct mc_json *)(void *)r;

	if (r == NULL)
		return NULL;
	j->marks = calloc(MC_JSON_MARKS, sizeof(j->marks[0]));
	if (j->marks != NULL)
		return r;
	mc_reader_free(r);
	return NULL;
}

void
mc_json_close(struct mc_reader *r)
{
	free(((struct mc_json *)(void *)r)->marks);
	mc_reader_free(r);
}
