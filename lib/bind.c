/* SPDX-License-Identifier: ISC */
#include "bind.h"

#include <string.h>

#include "buf.h"
#include "directory.h"
#include "pattern.h"

/* The columns that are not used, for one note. */
struct ignored {
	struct mc_buf names;
	struct mailcfg_pos pos; /* of the first */
};

static void
ignore(struct ignored *ignored, const struct mc_item *item, size_t number)
{
	struct mc_buf *names = &ignored->names;

	if (names->len == 0)
		ignored->pos = item->name_pos;
	else
		mc_buf_puts(names, ", ");
	if (item->name[0] == '\0')
		mc_buf_printf(names, "column %zu, which has no name", number);
	else
		mc_buf_puts(names, item->name);
}

/* One column.  false: it is wrong, and reported. */
static bool
bind_column(struct mc_binding *b, const struct mc_record *header, size_t i,
	struct ignored *ignored, struct mc_report *report)
{
	const struct mc_item *item = &header->items[i];
	const struct mc_field *nearest = NULL;
	int field = -1;

	b->column[i] = -1;
	if (item->name[0] != '\0')
		field = mc_field_match(item->name, &nearest);
	if (field >= 0) {
		if (mc_pattern_of(b, (size_t)field) != NULL)
			return true;
		for (size_t j = 0; j < i; j++) {
			if (b->column[j] != field)
				continue;
			if (mc_header_is_weak(item->name, field))
				return true;
			if (mc_header_is_weak(header->items[j].name, field))
				b->column[j] = -1;
			else
				return mc_bind_refuse(report,
					MC_MSG_DUPLICATE_FIELD, &item->name_pos,
					0,
					"\"%s\" and \"%s\" are both %s: choose "
					"with --column '%s={%s}'",
					header->items[j].name, item->name,
					mc_field_at((size_t)field)->name,
					mc_field_at((size_t)field)->name,
					item->name);
		}
		b->column[i] = field;
		return true;
	}
	if (mc_pattern_names(b, item->name))
		return true;
	if (nearest != NULL)
		return mc_bind_refuse(report, MC_MSG_UNKNOWN_COLUMN,
			&item->name_pos, 0, "\"%s\": is it %s?", item->name,
			nearest->name);
	if (item->name[0] == '\0' || !mc_column_known(item->name))
		ignore(ignored, item, i + 1);
	return true;
}

/*
 * A first line that is data is not a header, and not repeated in a message:
 * there may be a password in it.
 */
static bool
is_header(const struct mc_binding *b, const struct mc_record *header,
	struct mc_report *report)
{
	bool any = b->n_patterns > 0;

	for (size_t i = 0; i < header->n_items; i++) {
		const struct mc_item *item = &header->items[i];
		const struct mc_field *nearest = NULL;

		if (item->name[0] == '\0' || mc_pattern_names(b, item->name))
			continue;
		if (mc_field_match(item->name, &nearest) >= 0 ||
			nearest != NULL)
			any = true;
		else if (strchr(item->name, '@') != NULL)
			return mc_bind_refuse(report, MC_MSG_NO_HEADER,
				&item->name_pos, 0,
				"the first line must name the columns, and "
				"this is an address");
	}
	return any ||
		mc_bind_refuse(report, MC_MSG_NO_HEADER, &header->pos, 0,
			"the first line must name the columns, and no field "
			"has such a name");
}

static bool
has_address(const struct mc_binding *b, const struct mc_record *header,
	struct mc_report *report)
{
	for (size_t i = 0; i < b->n_columns; i++)
		if (b->column[i] == MC_ADDRESS)
			return true;
	return mc_pattern_of(b, MC_ADDRESS) != NULL ||
		mc_bind_refuse(report, MC_MSG_NO_ADDRESS, &header->pos, 0,
			"no column is the address: give "
			"--column 'address={Header}'");
}

bool
mc_bind_header(struct mc_binding *b, const struct mc_record *header,
	struct mc_report *report)
{
	struct ignored ignored = {0};
	bool good = true;

	b->n_columns = 0;
	if (!is_header(b, header, report))
		return false;
	b->column = mc_arena_alloc(
		&b->arena, (header->n_items + 1) * sizeof(b->column[0]));
	if (b->column == NULL)
		return mc_bind_no_memory(report);
	for (size_t i = 0; i < header->n_items; i++)
		if (!bind_column(b, header, i, &ignored, report))
			good = false;
	b->n_columns = header->n_items;
	if (!mc_pattern_resolve(b, header, report))
		good = false;
	good = good && has_address(b, header, report);
	if (good && ignored.names.len > 0 && !ignored.names.failed)
		mc_say(report, MC_MSG_COLUMN_IGNORED, &ignored.pos, NULL, NULL,
			"%s", ignored.names.data);
	if (ignored.names.failed)
		good = mc_bind_no_memory(report);
	mc_buf_free(&ignored.names);
	return good;
}

bool
mc_bind_has_secret(const struct mc_binding *b)
{
	for (size_t i = 0; i < b->n_columns; i++)
		if (b->column[i] >= 0 &&
			mc_field_at((size_t)b->column[i])->secret)
			return true;
	for (size_t i = 0; i < b->n_patterns; i++)
		if (mc_field_at(b->patterns[i].field)->secret)
			return true;
	return false;
}

void
mc_bind_set(struct mc_draft *draft, size_t id, const struct mc_item *item,
	struct mc_report *report)
{
	const struct mc_field *field = mc_field_at(id);
	enum mc_msg message = MC_MSG_QUOTE_IT;
	const char *why = NULL;

	if (item->fault != NULL) {
		message = MC_MSG_BAD_TEXT;
		why = item->fault;
	} else if (item->list && field->kind != MC_KIND_ADDRESSES) {
		message = MC_MSG_BAD_TYPE;
		why = "one text is wanted, not a list";
	} else if (item->doubtful && field->secret) {
		why = item->type == MC_TYPE_NULL
			? "put quotes around nothing, or leave it out"
			: "put it in quotes: YAML makes something else of it "
			  "with a tag, with \" #\" or on several lines";
	}
	if (why == NULL && id == MC_ALIASES && mc_directory_is_list(item)) {
		mc_directory_list(draft, item, report);
		return;
	}
	if (why == NULL) {
		(void)mc_draft_set(draft, id, item->text, item->len, item->type,
			&item->pos, item->exact, report);
		return;
	}
	draft->bad = true;
	mc_say(report, message, &item->pos, field->name, NULL, "%s: %s",
		field->name, why);
}

/* The field is absent where all that the pattern names is empty. */
static void
set_pattern(const struct mc_pattern *p, const struct mc_record *record,
	struct mc_draft *draft, struct mc_report *report)
{
	struct mc_filled filled = {0};
	struct mc_item item = {.pos = record->pos};
	size_t start = 0;

	mc_pattern_fill(p, record, &filled);
	if (filled.text.failed) {
		draft->arena->failed = true;
	} else if (filled.unfit != NULL) {
		mc_bind_set(draft, p->field, filled.unfit, report);
	} else if (filled.first != NULL && p->n_pieces == 1) {
		mc_bind_set(draft, p->field, filled.first, report);
	} else if (filled.full ||
		(filled.placeholder && filled.first == NULL)) {
		if (filled.first != NULL)
			item.pos = filled.first->pos;
		item.len = filled.text.len;
		/* blanks beside a value that was empty */
		while (item.len > 0 && filled.text.data[item.len - 1] == ' ')
			item.len--;
		while (start < item.len && filled.text.data[start] == ' ')
			start++;
		item.text = filled.text.data + start;
		item.len -= start;
		mc_bind_set(draft, p->field, &item, report);
	}
	mc_buf_reset(&filled.text);
	mc_buf_free(&filled.text);
}

/*
 * The secret field of whose value the name is a part: a password with braces
 * that nobody quoted is a map to YAML, and the rest of the name is secret.
 */
static const struct mc_field *
secret_part(const struct mc_item *item)
{
	for (size_t i = 0; i < mc_field_count(); i++) {
		const struct mc_field *field = mc_field_at(i);
		size_t n = strlen(field->name);

		if (field->secret && strncmp(item->name, field->name, n) == 0 &&
			item->name[n] == '.')
			return field;
	}
	return NULL;
}

static void
set_named(const struct mc_binding *b, const struct mc_item *item,
	struct mc_draft *draft, struct mc_report *report)
{
	int field = mc_field_find(item->name);
	const struct mc_field *nearest;

	if (field >= 0) {
		if (mc_pattern_of(b, (size_t)field) == NULL)
			mc_bind_set(draft, (size_t)field, item, report);
		return;
	}
	if (mc_pattern_names(b, item->name))
		return;
	draft->bad = true;
	nearest = secret_part(item);
	if (nearest != NULL) {
		mc_say(report, MC_MSG_QUOTE_IT, &item->name_pos, nearest->name,
			NULL, "%s: a text is wanted, not a map", nearest->name);
		return;
	}
	nearest = mc_field_nearest(item->name);
	(void)mc_bind_refuse(report, MC_MSG_UNKNOWN_FIELD, &item->name_pos, 0,
		nearest == NULL ? "\"%s\"" : "\"%s\": is it %s?", item->name,
		nearest == NULL ? "" : nearest->name);
}

bool
mc_bind_record(struct mc_binding *b, const struct mc_record *record,
	struct mc_draft *draft, struct mc_report *report)
{
	size_t named = record->directory ? 0 : record->n_items;

	draft->pos = record->pos;
	if (record->directory)
		mc_directory_bind(b, record, draft, report);
	for (size_t i = 0; i < named; i++) {
		const struct mc_item *item = &record->items[i];

		if (!record->columns)
			set_named(b, item, draft, report);
		else if (i < b->n_columns && b->column[i] >= 0)
			mc_bind_set(draft, (size_t)b->column[i], item, report);
	}
	for (size_t i = 0; i < b->n_patterns; i++)
		set_pattern(&b->patterns[i], record, draft, report);
	if (draft->arena->failed)
		draft->bad = true;
	return !draft->bad;
}

void
mc_bind_free(struct mc_binding *b)
{
	mc_arena_free(&b->arena);
	*b = (struct mc_binding){0};
}
