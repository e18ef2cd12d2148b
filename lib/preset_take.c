/* SPDX-License-Identifier: ISC */
/* What the readers of a preset's values have in common. */
#include "preset_take.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

void
mc_take_refuse(struct mc_taking *w, const struct mailcfg_pos *pos,
	const char *format, ...)
{
	char detail[512];
	va_list args;

	w->bad = true;
	if (w->arena->failed)
		return;
	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(w->report, MC_MSG_BAD_PRESET, pos, NULL, NULL, "%s", detail);
}

/* Where in the node, `at` code points from its beginning. */
struct mailcfg_pos
mc_node_inside(const struct mc_node *node, size_t at)
{
	struct mailcfg_pos pos = node->pos;

	if (node->exact)
		pos.column += (unsigned)at;
	return pos;
}

/* The node's text, or NULL: refused. */
const char *
mc_take_text(struct mc_taking *w, const struct mc_node *node, size_t limit)
{
	enum mc_text_fault fault;
	struct mailcfg_pos pos;
	size_t at = 0;

	if (node->kind != MC_NODE_TEXT || node->null) {
		mc_take_refuse(w, &node->pos, "%s: a value is missing",
			node->key == NULL ? "this" : node->key);
		return NULL;
	}
	if (node->len == 0 || node->len > limit) {
		mc_take_refuse(
			w, &node->pos, "1 to %zu bytes are wanted", limit);
		return NULL;
	}
	fault = mc_text_check(node->text, node->len, true, &at);
	if (fault != MC_TEXT_OK) {
		pos = mc_node_inside(node, at);
		mc_take_refuse(
			w, &pos, "%s is in it", mc_text_fault_name(fault));
		return NULL;
	}
	return node->text;
}

const char *
mc_take_page(struct mc_taking *w, const struct mc_node *node)
{
	const char *text = mc_take_text(w, node, MC_TAKE_URL);

	if (text == NULL)
		return NULL;
	if (strncmp(text, "https://", 8) != 0 &&
		strncmp(text, "http://", 7) != 0) {
		mc_take_refuse(w, &node->pos, "a page begins with https://");
		return NULL;
	}
	for (size_t i = 0; i < node->len; i++) {
		const struct mailcfg_pos pos = mc_node_inside(node, i);

		if ((unsigned char)text[i] > ' ' &&
			(unsigned char)text[i] < 0x7f &&
			strchr("\"<>\\^`{|}", text[i]) == NULL)
			continue;
		mc_take_refuse(w, &pos, "percent-encode this character");
		return NULL;
	}
	return text;
}

/* Which of the words, or -1: refused.  The last word is NULL. */
int
mc_take_word(struct mc_taking *w, const struct mc_node *node,
	const char *const *words, const char *all)
{
	const char *text = mc_take_text(w, node, MC_TAKE_WORD);

	if (text == NULL)
		return -1;
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	mc_take_refuse(w, &node->pos, "\"%s\": write %s", text, all);
	return -1;
}

bool
mc_take_is(
	struct mc_taking *w, const struct mc_node *node, enum mc_node_kind kind)
{
	if (node->kind == kind)
		return true;
	mc_take_refuse(w, &node->pos, "%s: %s is wanted",
		node->key == NULL ? "this" : node->key,
		kind == MC_NODE_LIST ? "a list" : "a map of keys and values");
	return false;
}

static const struct mc_taker *
find_key(const struct mc_taker *keys, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

/* Says that there is no such key, and which one may be meant. */
void
mc_take_unknown(struct mc_taking *w, const struct mc_node *node,
	const char *name, const struct mc_taker *keys, size_t n, bool fields)
{
	const struct mc_field *field = NULL;
	const char *best = NULL;
	unsigned least = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		unsigned distance = mc_distance(name, keys[i].name, 4);

		if (distance < least && mc_near(name, keys[i].name)) {
			least = distance;
			best = keys[i].name;
		}
	}
	if (best == NULL && fields)
		field = mc_field_nearest(name);
	if (field != NULL)
		best = field->name;
	mc_take_refuse(w, &node->key_pos, "unknown key \"%s\"%s%s%s", name,
		best == NULL ? "" : ": did you mean ", best == NULL ? "" : best,
		best == NULL ? "" : "?");
}

/* A map that knows its keys. */
bool
mc_take_map(struct mc_taking *w, const struct mc_node *map,
	const struct mc_taker *keys, size_t n, void *out)
{
	if (!mc_take_is(w, map, MC_NODE_MAP))
		return false;
	for (const struct mc_node *c = map->first; c != NULL; c = c->next) {
		const struct mc_taker *key = find_key(keys, n, c->key);

		if (key == NULL)
			mc_take_unknown(w, c, c->key, keys, n, false);
		else
			key->take(w, c, out);
	}
	return true;
}
