/* SPDX-License-Identifier: ISC */
#include "pattern.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

bool
mc_bind_refuse(struct mc_report *report, enum mc_msg message,
	const struct mailcfg_pos *pos, size_t at, const char *format, ...)
{
	struct mailcfg_pos place = *pos;
	char detail[512];
	va_list args;

	if (place.column > 0)
		place.column += (unsigned)at;
	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(report, message, &place, NULL, NULL, "%s", detail);
	return false;
}

bool
mc_bind_no_memory(struct mc_report *report)
{
	mc_say(report, MC_MSG_NO_MEMORY, NULL, NULL, NULL, "%s",
		"while binding columns");
	return false;
}

/* false: out of memory. */
static bool
add_piece(struct mc_binding *b, struct mc_pattern *p, const char *text,
	size_t n, size_t at, bool header)
{
	struct mc_piece *piece = &p->pieces[p->n_pieces];

	if (n == 0 && !header)
		return true;
	piece->text = mc_arena_strndup(&b->arena, text, n);
	piece->at = at;
	piece->header = header;
	p->n_pieces++;
	return piece->text != NULL;
}

/* Cuts the pattern, which begins at s, to pieces. */
static bool
parse_pieces(struct mc_binding *b, struct mc_pattern *p, const char *spec,
	const char *s, struct mc_report *report)
{
	bool secret = mc_field_at(p->field)->secret;
	bool has_header = false;

	p->pieces = mc_arena_alloc(
		&b->arena, (strlen(s) + 1) * sizeof(p->pieces[0]));
	if (p->pieces == NULL)
		return mc_bind_no_memory(report);
	while (*s != '\0') {
		size_t at = mc_utf8_count(spec, (size_t)(s - spec));
		size_t n = strcspn(s, "{");

		if (n > 0 && secret)
			return mc_bind_refuse(report, MC_MSG_SECRET_OPTION,
				&p->pos, at, "only a {Header} can give %s",
				mc_field_at(p->field)->name);
		if (!add_piece(b, p, s, n, at, false))
			return mc_bind_no_memory(report);
		s += n;
		if (*s == '\0')
			break;
		at = mc_utf8_count(spec, (size_t)(s - spec));
		n = strcspn(s, "}");
		if (s[n] == '\0' || n == 1)
			return mc_bind_refuse(report, MC_MSG_USAGE, &p->pos, at,
				n == 1 ? "a header's name is missing"
				       : "the { is not closed");
		if (!add_piece(b, p, s + 1, n - 1, at, true))
			return mc_bind_no_memory(report);
		has_header = true;
		s += n + 1;
	}
	return has_header ||
		mc_bind_refuse(report, MC_MSG_USAGE, &p->pos, 0,
			"no {Header} is in the pattern: --set gives every "
			"account the same");
}

const struct mc_pattern *
mc_pattern_of(const struct mc_binding *b, size_t field)
{
	for (size_t i = 0; i < b->n_patterns; i++)
		if (b->patterns[i].field == field)
			return &b->patterns[i];
	return NULL;
}

bool
mc_pattern_names(const struct mc_binding *b, const char *name)
{
	for (size_t i = 0; i < b->n_patterns; i++) {
		const struct mc_pattern *p = &b->patterns[i];

		for (size_t j = 0; j < p->n_pieces; j++)
			if (p->pieces[j].header &&
				strcmp(p->pieces[j].text, name) == 0)
				return true;
	}
	return false;
}

static bool
keep_pattern(struct mc_binding *b, const struct mc_pattern *p)
{
	struct mc_pattern *all = mc_arena_alloc(
		&b->arena, (b->n_patterns + 1) * sizeof(*all));

	if (all == NULL)
		return false;
	if (b->n_patterns > 0)
		memcpy(all, b->patterns, b->n_patterns * sizeof(*all));
	all[b->n_patterns++] = *p;
	b->patterns = all;
	return true;
}

bool
mc_bind_pattern(struct mc_binding *b, const char *spec,
	const struct mailcfg_pos *pos, struct mc_report *report)
{
	size_t n = strcspn(spec, "=");
	const char *name = mc_arena_strndup(&b->arena, spec, n);
	struct mc_pattern p = {.pos = *pos};
	const struct mc_field *nearest;
	int field;

	if (name == NULL)
		return mc_bind_no_memory(report);
	if (spec[n] == '\0')
		return mc_bind_refuse(report, MC_MSG_USAGE, pos, 0,
			"FIELD=PATTERN is wanted");
	field = mc_field_find(name);
	if (field < 0) {
		nearest = mc_field_nearest(name);
		return mc_bind_refuse(report, MC_MSG_UNKNOWN_FIELD, pos, 0,
			nearest == NULL ? "\"%s\"" : "\"%s\": is it %s?", name,
			nearest == NULL ? "" : nearest->name);
	}
	p.field = (size_t)field;
	if (mc_pattern_of(b, p.field) != NULL)
		return mc_bind_refuse(
			report, MC_MSG_DUPLICATE_FIELD, pos, 0, "%s", name);
	if (!parse_pieces(b, &p, spec, spec + n + 1, report))
		return false;
	return keep_pattern(b, &p) || mc_bind_no_memory(report);
}

/* Whether the field takes {name} for a placeholder. */
static bool
is_placeholder(size_t field, const char *name)
{
	enum mc_kind kind = mc_field_at(field)->kind;
	char text[32];

	if (kind != MC_KIND_HOST && kind != MC_KIND_LOGIN)
		return false;
	return snprintf(text, sizeof(text), "{%s}", name) < 32 &&
		mc_has_placeholder(text);
}

/* By its name, or by one that is the same without case and marks. */
static size_t
find_column(const struct mc_record *header, const char *text, const char **near)
{
	size_t like = header->n_items;

	for (size_t k = 0; k < header->n_items; k++) {
		const char *name = header->items[k].name;

		if (strcmp(name, text) == 0)
			return k;
		if (like == header->n_items && mc_header_same(name, text))
			like = k;
		if (mc_near(text, name))
			*near = name;
	}
	return like;
}

/* Finds the columns that the patterns name. */
bool
mc_pattern_resolve(struct mc_binding *b, const struct mc_record *header,
	struct mc_report *report)
{
	bool good = true;

	for (size_t i = 0; i < b->n_patterns; i++) {
		const struct mc_pattern *p = &b->patterns[i];

		for (size_t j = 0; j < p->n_pieces; j++) {
			struct mc_piece *piece = &p->pieces[j];
			const char *near = NULL;
			size_t k;

			if (!piece->header)
				continue;
			k = find_column(header, piece->text, &near);
			piece->column = k;
			if (k < header->n_items ||
				is_placeholder(p->field, piece->text))
				continue;
			good = mc_bind_refuse(report, MC_MSG_UNKNOWN_COLUMN,
				&p->pos, piece->at,
				near == NULL ? "no header is \"%s\""
					     : "no header is \"%s\": is it "
					       "\"%s\"?",
				piece->text, near == NULL ? "" : near);
		}
	}
	return good;
}

/* The record's value that a piece names; NULL: there is none. */
static const struct mc_item *
find_item(const struct mc_record *record, const struct mc_piece *piece)
{
	if (record->columns)
		return piece->column < record->n_items
			? &record->items[piece->column]
			: NULL;
	for (size_t i = 0; i < record->n_items; i++) {
		const char *name = record->items[i].name;

		if (record->directory ? mc_strcasecmp(name, piece->text) == 0
				      : strcmp(name, piece->text) == 0)
			return &record->items[i];
	}
	return NULL;
}

void
mc_pattern_fill(const struct mc_pattern *p, const struct mc_record *record,
	struct mc_filled *out)
{
	for (size_t i = 0; i < p->n_pieces; i++) {
		const struct mc_piece *piece = &p->pieces[i];
		const struct mc_item *item;

		if (!piece->header) {
			mc_buf_puts(&out->text, piece->text);
			continue;
		}
		item = find_item(record, piece);
		if (item == NULL && is_placeholder(p->field, piece->text)) {
			mc_buf_printf(&out->text, "{%s}", piece->text);
			out->placeholder = true;
		}
		if (item == NULL || item->type == MC_TYPE_NULL)
			continue;
		if (item->fault != NULL)
			out->unfit = item;
		mc_buf_add(&out->text, item->text, item->len);
		out->full = out->full || item->len > 0;
		if (out->first == NULL)
			out->first = item;
	}
}
