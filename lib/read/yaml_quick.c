/* SPDX-License-Identifier: ISC */
#include "yaml_quick.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "yaml_item.h"

/* What an item is made of. */
struct made {
	const struct mc_yaml_item *q;
	const char *file;
	struct mc_arena *arena;
	char *copy; /* of the source, where texts end with NULs */
	const char *names[MC_YAML_ENTRIES];
	struct mc_item *items;
	size_t n_items;
};

static struct mailcfg_pos
text_pos(const struct made *m, const struct mc_yaml_entry *e)
{
	return (struct mailcfg_pos){m->file, e->line,
		e->column + (e->quote != '\0' && !e->escaped)};
}

/* Joins the texts of a list. */
static void
join(const struct made *m, struct mc_item *item,
	const struct mc_yaml_entry *list)
{
	const struct mc_yaml_entry *end = m->q->entries + m->q->n_entries, *e;
	size_t size = 1;
	char *text;

	for (e = list + 1; e < end && e->kind == MC_YAML_ELEMENT; e++)
		size += e->len + 2;
	text = mc_arena_alloc(m->arena, size);
	if (text == NULL)
		return;
	item->text = text;
	item->list = true;
	item->pos = text_pos(m, list + 1);
	for (e = list + 1; e < end && e->kind == MC_YAML_ELEMENT; e++) {
		size_t n = mc_yaml_item_text(m->copy + e->text, e);

		if (item->len > 0) {
			memcpy(text + item->len, ", ", 2);
			item->len += 2;
		}
		memcpy(text + item->len, m->copy + e->text, n);
		item->len += n;
	}
	text[item->len] = '\0';
}

static void
make_entry(struct made *m, unsigned i)
{
	const struct mc_yaml_entry *e = &m->q->entries[i];
	const char *name = m->copy + e->name;
	struct mc_item *item = &m->items[m->n_items];

	m->copy[e->name + e->n_name] = '\0';
	m->names[i] = e->map == MC_YAML_ENTRIES
		? name
		: mc_arena_printf(m->arena, "%s.%s", m->names[e->map], name);
	if (e->kind == MC_YAML_MAP)
		return;
	*item = (struct mc_item){.name = m->names[i],
		.type = MC_TYPE_STRING,
		.name_pos = {m->file, e->line, e->name_column}};
	m->n_items++;
	if (e->kind == MC_YAML_LIST) {
		join(m, item, e);
		return;
	}
	item->text = m->copy + e->text;
	item->len = mc_yaml_item_text(m->copy + e->text, e);
	item->exact = !e->escaped;
	item->pos = text_pos(m, e);
}

static bool
make(struct mc_yaml *y, const struct mc_yaml_item *q, struct mc_arena *arena,
	struct mc_record *record)
{
	const struct mc_yaml_entry *last = &q->entries[q->n_entries - 1];
	const size_t n = last->text + last->len + (last->quote != '\0');
	MC_UNINITIALIZED struct made m;

	m.q = q;
	m.file = y->r.source.name;
	m.arena = arena;
	m.copy = mc_arena_strndup(arena, q->s, n);
	m.items = mc_arena_alloc(arena, q->n_entries * sizeof(*m.items));
	m.n_items = 0;
	if (m.copy == NULL || m.items == NULL)
		return false;
	for (unsigned i = 0; i < q->n_entries && !arena->failed; i++)
		if (q->entries[i].kind != MC_YAML_ELEMENT)
			make_entry(&m, i);
	*record = (struct mc_record){.items = m.items,
		.n_items = m.n_items,
		.pos = {m.file, q->entries[0].line,
			(unsigned)q->levels[0].indent + 1},
		.raw = q->s,
		.raw_len = n};
	return !arena->failed;
}

/*
 * How many bytes ahead the line is of the item behind the one that the library
 * has read; SIZE_MAX: there is none, or it is of another kind.
 */
static size_t
next_item(const struct mc_yaml *y)
{
	const yaml_mark_t *mark = &y->event.start_mark;

	if (!y->list || y->held || y->event.type != YAML_MAPPING_END_EVENT ||
		mark->column + 1 != y->first.column ||
		y->first.column > MC_YAML_INDENT ||
		(y->map && y->root.column != 1))
		return SIZE_MAX;
	return mc_yaml_dash(&y->input, mark->index, mark->column);
}

/* Looks at the item that begins so many bytes ahead, and reads on for it. */
static bool
look(struct mc_yaml *y, size_t ahead, unsigned line, struct mc_yaml_item *q)
{
	for (;;) {
		q->s = y->r.data + y->r.at + ahead;
		q->n = y->r.end - y->r.at - ahead;
		q->indent = y->first.column - 1;
		q->line = line;
		if (mc_yaml_item_scan(q))
			return y->input.total + q->start + q->indent +
				MC_YAML_AHEAD <=
				MC_YAML_BYTES;
		if (!q->cut || q->n >= MC_YAML_ITEM ||
			mc_reader_fill(&y->r) != MC_FILL_MORE)
			return false;
	}
}

/* The library is not at work any more, from that item on. */
static void
park(struct mc_yaml *y, size_t ahead, unsigned line)
{
	mc_yaml_rewind(&y->input, ahead, line);
	yaml_event_delete(&y->event);
	yaml_parser_delete(&y->parser);
	y->parked = true;
}

/* The library is at work again, from here on. */
static void
resume(struct mc_yaml *y)
{
	struct mc_yaml_again *again = &y->again;
	/* up to the end of the item: as many as there are below */
	int events = y->map ? 9 : 7;

	(void)snprintf(again->text, sizeof(again->text), "%s%*s- a: b\n",
		y->map ? "accounts:\n" : "", (int)y->first.column - 1, "");
	again->n_lines = y->map ? 2 : 1;
	y->parked = false;
	y->line = y->r.place.line;
	y->depth = 0;
	mc_yaml_again(&y->input, again->text);
	if (!mc_yaml_start(y))
		(void)mc_reader_no_memory(&y->r);
	while (!y->r.dead && events-- > 0 && mc_yaml_pull(y))
		;
}

/* Lets go of the record that was handed out. */
static void
pass(struct mc_yaml *y)
{
	y->r.at += y->n_quick;
	y->r.place.line += y->n_lines;
	y->input.total += y->n_quick;
	y->n_quick = 0;
	y->n_lines = 0;
}

bool
mc_yaml_quick(
	struct mc_yaml *y, struct mc_arena *arena, struct mc_record *record)
{
	MC_UNINITIALIZED struct mc_yaml_item q;
	size_t ahead = 0;
	unsigned line;

	if (y->r.slow)
		return false;
	if (!y->parked)
		ahead = next_item(y);
	if (ahead == SIZE_MAX)
		return false;
	pass(y);
	line = y->parked ? y->r.place.line
			 : mc_yaml_pos(y, &y->event.start_mark).line;
	if (look(y, ahead, line, &q) && make(y, &q, arena, record)) {
		if (!y->parked)
			park(y, ahead, line);
		y->n_quick = q.start;
		y->n_lines = q.line - line;
		return true;
	}
	if (y->parked && !y->r.dead)
		resume(y);
	return false;
}
