/* SPDX-License-Identifier: ISC */
#include "flat.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../text.h"

enum { FIRST = 16 };

bool
mc_flat_init(
	struct mc_flat *flat, struct mc_reader *reader, struct mc_arena *arena)
{
	*flat = (struct mc_flat){.reader = reader, .arena = arena};
	flat->items = mc_arena_alloc(arena, FIRST * sizeof(flat->items[0]));
	flat->keys = mc_arena_alloc(arena, FIRST * sizeof(flat->keys[0]));
	return flat->items != NULL && flat->keys != NULL;
}

void
mc_flat_refuse(struct mc_flat *flat, enum mc_msg message,
	const struct mailcfg_pos *pos, const char *format, ...)
{
	char detail[512];
	va_list args;

	flat->bad = true;
	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(flat->reader->report, message, pos, NULL, NULL, "%s", detail);
}

/*
 * Room for one more behind the n there are; old: NULL is out of memory.  The
 * arena takes the old ones back only with everything else.
 */
static void *
grow(struct mc_arena *arena, void *old, size_t n, size_t size)
{
	void *more;

	if (n < FIRST || (n & (n - 1)) != 0)
		return old;
	more = mc_arena_alloc(arena, 2 * n * size);
	if (more != NULL)
		memcpy(more, old, n * size);
	return more;
}

static bool
has_room(struct mc_flat *flat, size_t n, const struct mailcfg_pos *pos)
{
	if (n < MC_FLAT_MAX)
		return true;
	/* once: the record is bad already when the next one comes */
	if (!flat->bad)
		mc_flat_refuse(flat, MC_MSG_TOO_BIG, pos,
			"a record of more than %d values", MC_FLAT_MAX);
	return false;
}

const char *
mc_flat_name(struct mc_flat *flat, unsigned map, const char *prefix,
	const char *name, const struct mailcfg_pos *pos)
{
	struct mc_flat_key *keys;
	const size_t len = strlen(name);

	if (!has_room(flat, flat->n_keys, pos))
		return NULL;
	name = mc_arena_strndup(flat->arena, name, len);
	keys = grow(flat->arena, flat->keys, flat->n_keys, sizeof(*keys));
	if (name == NULL || keys == NULL)
		return NULL;
	for (size_t i = 0; i < flat->n_keys; i++) {
		if (keys[i].len != len || keys[i].map != map ||
			memcmp(keys[i].name, name, len) != 0)
			continue;
		mc_flat_refuse(flat, MC_MSG_DUPLICATE_FIELD, pos,
			"\"%s\" stands in line %u already", name, keys[i].line);
		break;
	}
	keys[flat->n_keys++] = (struct mc_flat_key){map, pos->line, name, len};
	flat->keys = keys;
	return prefix == NULL
		? name
		: mc_arena_printf(flat->arena, "%s.%s", prefix, name);
}

static bool
fits(struct mc_flat *flat, const char *text, size_t len, size_t before,
	const struct mailcfg_pos *pos)
{
	if (before + len > MC_FIELD_BYTES)
		mc_flat_refuse(flat, MC_MSG_TOO_BIG, pos,
			"a value of more than 64 KiB");
	else if (memchr(text, '\0', len) != NULL)
		mc_flat_refuse(flat, MC_MSG_BAD_TEXT, pos, "a NUL is in it");
	else
		return true;
	return false;
}

struct mc_item *
mc_flat_add(struct mc_flat *flat, const char *name,
	const struct mailcfg_pos *name_pos, const char *text, size_t len,
	const struct mailcfg_pos *pos)
{
	struct mc_item *items, *item;

	if (!has_room(flat, flat->n_items, pos) ||
		!fits(flat, text, len, 0, pos))
		return NULL;
	items = grow(flat->arena, flat->items, flat->n_items, sizeof(*items));
	if (items == NULL)
		return NULL;
	flat->items = items;
	item = &items[flat->n_items];
	*item = (struct mc_item){.name = name,
		.name_pos = *name_pos,
		.text = mc_arena_strndup(flat->arena, text, len),
		.len = len,
		.pos = *pos};
	if (item->text == NULL)
		return NULL;
	flat->n_items++;
	return item;
}

void
mc_flat_join(struct mc_flat *flat, struct mc_item *item, const char *text,
	size_t len, const struct mailcfg_pos *pos)
{
	size_t used = item->len > 0 ? item->len + 2 : 0;

	if (!fits(flat, text, len, used, pos))
		return;
	if (item->type == MC_TYPE_NULL) {
		item->type = MC_TYPE_STRING;
		item->pos = *pos;
		flat->list_cap = 0;
	}
	if (used + len + 1 > flat->list_cap) {
		size_t cap = 2 * (used + len + 1);
		char *more = mc_arena_alloc(flat->arena, cap);

		if (more == NULL)
			return;
		memcpy(more, item->text, item->len);
		flat->list = more;
		flat->list_cap = cap;
	}
	if (used > 0)
		memcpy(flat->list + item->len, ", ", 2);
	memcpy(flat->list + used, text, len);
	item->text = flat->list;
	item->len = used + len;
}

bool
mc_flat_misplaced(
	struct mc_flat *flat, const char *name, const struct mailcfg_pos *pos)
{
	static const char *const known[] = {"defaults", "accounts"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		bool same = strcmp(name, known[i]) == 0;

		if (!same && !mc_near(name, known[i]))
			continue;
		if (!flat->bad && same)
			mc_flat_refuse(flat, MC_MSG_SYNTAX, pos,
				"beside \"defaults\" and \"accounts\" nothing "
				"may stand: move the rest into them");
		else if (!flat->bad)
			mc_flat_refuse(flat, MC_MSG_UNKNOWN_FIELD, pos,
				"the names of a file are \"defaults\" and "
				"\"accounts\"");
		return true;
	}
	return false;
}

enum mc_next
mc_flat_finish(const struct mc_flat *flat, const struct mailcfg_pos *pos,
	struct mc_record *record)
{
	*record = (struct mc_record){
		.items = flat->items, .n_items = flat->n_items, .pos = *pos};
	if (flat->arena->failed)
		return MC_NEXT_FATAL;
	return flat->bad ? MC_NEXT_BAD : MC_NEXT_RECORD;
}
