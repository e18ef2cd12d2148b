/* SPDX-License-Identifier: ISC */
#include "preset_tree.h"

#include <string.h>
#include <yaml.h>

#include "provider.h"
#include "text.h"

enum { DEPTH = 16, KEYS = 128 };

struct reader {
	yaml_parser_t yaml;
	yaml_event_t event; /* the current one */
	struct mc_arena *arena;
	struct mc_report *report;
	enum mc_msg message; /* of whatever is wrong */
	const char *file;
	const char *text;
	size_t n;
	unsigned depth;
};

static struct mailcfg_pos
pos_at(const struct reader *r, const yaml_mark_t *mark)
{
	return (struct mailcfg_pos){.file = r->file,
		.line = (unsigned)mark->line + 1,
		.column = (unsigned)mark->column + 1};
}

/* libyaml tells where bytes are bad by their offset alone. */
static struct mailcfg_pos
pos_of_byte(const struct reader *r, size_t offset)
{
	struct mailcfg_pos pos = {r->file, 1, 1};
	size_t start = 0;

	if (offset > r->n)
		offset = r->n;
	for (size_t i = 0; i < offset; i++) {
		if (r->text[i] == '\n') {
			pos.line++;
			start = i + 1;
		}
	}
	pos.column += (unsigned)mc_utf8_count(r->text + start, offset - start);
	return pos;
}

static void
malformed(struct reader *r)
{
	const yaml_parser_t *yaml = &r->yaml;
	struct mailcfg_pos pos = pos_at(r, &yaml->problem_mark);

	if (yaml->error == YAML_MEMORY_ERROR) {
		r->arena->failed = true;
		return;
	}
	if (yaml->error == YAML_READER_ERROR)
		pos = pos_of_byte(r, yaml->problem_offset);
	mc_say(r->report, r->message, &pos, NULL, NULL, "%s",
		yaml->problem == NULL ? "not YAML" : yaml->problem);
}

static bool
next(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->yaml, &r->event) != 0)
		return true;
	malformed(r);
	return false;
}

/* What stands at the current event is refused.  Always false. */
static bool
refuse(const struct reader *r, const char *why)
{
	const struct mailcfg_pos pos = pos_at(r, &r->event.start_mark);

	mc_say(r->report, r->message, &pos, NULL, NULL, "%s", why);
	return false;
}

/* Anchors, aliases and tags make a value other than it looks. */
static bool
check_event(const struct reader *r)
{
	const yaml_event_t *e = &r->event;
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (e->type == YAML_ALIAS_EVENT)
		return refuse(r, "an alias: write the value itself");
	if (e->type == YAML_SCALAR_EVENT) {
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
	}
	if (anchor != NULL)
		return refuse(r, "an anchor: quote the value if it begins so");
	if (tag != NULL)
		return refuse(r, "a tag: quote the value if it begins so");
	return true;
}

static bool
fill_text(const struct reader *r, struct mc_node *node)
{
	const yaml_event_t *e = &r->event;
	const char *value = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length;
	bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	size_t quotes = plain ? 0 : 2;

	if (memchr(value, '\0', len) != NULL)
		return refuse(r, "a NUL is in it");
	node->text = mc_arena_strndup(r->arena, value, len);
	node->len = len;
	node->null = plain &&
		(len == 0 || strcmp(value, "~") == 0 ||
			mc_strcasecmp(value, "null") == 0);
	node->exact = e->start_mark.line == e->end_mark.line &&
		e->end_mark.index - e->start_mark.index ==
			mc_utf8_count(value, len) + quotes;
	if (node->exact && !plain)
		node->pos.column++;
	return node->text != NULL;
}

static struct mc_node *read_node(struct reader *);

/* Reads on to the end of a list or map; the current event is its start. */
static bool
fill_list(struct reader *r, struct mc_node *node)
{
	struct mc_node **last = &node->first;

	while (next(r) && r->event.type != YAML_SEQUENCE_END_EVENT) {
		struct mc_node *item = read_node(r);

		if (item == NULL)
			return false;
		*last = item;
		last = &item->next;
		node->count++;
	}
	return r->event.type == YAML_SEQUENCE_END_EVENT;
}

static bool
check_key(const struct reader *r, const struct mc_node *map,
	const struct mc_node *key)
{
	const struct mc_node *other;

	for (other = map->first; other != NULL; other = other->next) {
		if (strcmp(other->key, key->text) != 0)
			continue;
		mc_say(r->report, r->message, &key->pos, NULL, NULL,
			"%s is given twice, first in line %u", key->text,
			other->key_pos.line);
		return false;
	}
	return true;
}

static bool
fill_map(struct reader *r, struct mc_node *node)
{
	struct mc_node **last = &node->first;

	while (next(r) && r->event.type != YAML_MAPPING_END_EVENT) {
		struct mc_node *key, *value;

		if (r->event.type != YAML_SCALAR_EVENT)
			return refuse(r, "the name of a key is wanted");
		if (node->count == KEYS)
			return refuse(r, "too many keys");
		key = read_node(r);
		if (key == NULL || !check_key(r, node, key) || !next(r))
			return false;
		value = read_node(r);
		if (value == NULL)
			return false;
		value->key = key->text;
		value->key_pos = key->pos;
		*last = value;
		last = &value->next;
		node->count++;
	}
	return r->event.type == YAML_MAPPING_END_EVENT;
}

/* The current event begins a value; afterwards it is the value's last. */
static struct mc_node *
read_node(struct reader *r)
{
	struct mc_node *node;
	bool ok = false;

	if (!check_event(r))
		return NULL;
	if (r->depth == DEPTH) {
		(void)refuse(r, "nested too deeply");
		return NULL;
	}
	node = mc_arena_alloc(r->arena, sizeof(*node));
	if (node == NULL)
		return NULL;
	node->pos = pos_at(r, &r->event.start_mark);
	r->depth++;
	if (r->event.type == YAML_SCALAR_EVENT) {
		ok = fill_text(r, node);
	} else if (r->event.type == YAML_SEQUENCE_START_EVENT) {
		node->kind = MC_NODE_LIST;
		ok = fill_list(r, node);
	} else if (r->event.type == YAML_MAPPING_START_EVENT) {
		node->kind = MC_NODE_MAP;
		ok = fill_map(r, node);
	}
	r->depth--;
	return ok ? node : NULL;
}

/* On to the n-th next event. */
static bool
skip(struct reader *r, unsigned n)
{
	while (n-- > 0)
		if (!next(r))
			return false;
	return true;
}

static struct mc_node *
read_document(struct reader *r)
{
	struct mc_node *root;

	/* the stream's start, then the document's */
	if (!skip(r, 2))
		return NULL;
	if (r->event.type == YAML_STREAM_END_EVENT) {
		(void)refuse(r, "the file is empty");
		return NULL;
	}
	if (!skip(r, 1))
		return NULL;
	root = read_node(r);
	/* the document's end, then the stream's */
	if (root == NULL || !skip(r, 2))
		return NULL;
	if (r->event.type != YAML_STREAM_END_EVENT) {
		(void)refuse(r, "a second document: one a file");
		return NULL;
	}
	return root;
}

struct mc_node *
mc_tree_read(struct mc_arena *arena, enum mc_msg message, const char *file,
	const char *text, size_t n, struct mc_report *report)
{
	struct reader r = {.arena = arena,
		.report = report,
		.message = message,
		.file = file,
		.text = text,
		.n = n};
	const struct mailcfg_pos pos = {file, 1, 1};
	struct mc_node *root;

	if (n > MC_PRESET_BYTES) {
		mc_say(report, message, &pos, NULL, NULL,
			"larger than %d bytes", MC_PRESET_BYTES);
		return NULL;
	}
	if (yaml_parser_initialize(&r.yaml) == 0) {
		arena->failed = true;
		return NULL;
	}
	yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.yaml, (const unsigned char *)text, n);
	root = read_document(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.yaml);
	return root;
}
