/* SPDX-License-Identifier: ISC */
#include "directory.h"

#include <string.h>

#include "pattern.h"
#include "text.h"

static bool
is_attribute(const struct mc_field *field, const char *name)
{
	for (const char *const *a = field->attributes; *a != NULL; a++)
		if (strcmp(*a, name) == 0)
			return true;
	return false;
}

/* The first value of the best attribute; NULL: none. */
static const struct mc_item *
find_value(const struct mc_record *record, const struct mc_field *field)
{
	for (const char *const *a = field->attributes; *a != NULL; a++) {
		for (size_t i = 0; i < record->n_items; i++) {
			const struct mc_item *item = &record->items[i];

			if ((item->len > 0 || item->fault != NULL) &&
				strcmp(item->name, *a) == 0)
				return item;
		}
	}
	return NULL;
}

/* The length of "smtp:" or another type of address; 0: none is there. */
static size_t
type_length(const char *s)
{
	size_t n = 0;

	while ((mc_lower(s[n]) >= 'a' && mc_lower(s[n]) <= 'z') ||
		(s[n] >= '0' && s[n] <= '9'))
		n++;
	return n > 0 && s[n] == ':' ? n + 1 : 0;
}

/* The end of an address: another type follows, or nothing. */
static size_t
address_end(const char *s, size_t at)
{
	while (s[at] != '\0' &&
		(strchr("+,; ", s[at]) == NULL || type_length(s + at + 1) == 0))
		at++;
	return at;
}

/* Adds what stands in a part of the item to the aliases that are there. */
static void
add_alias(struct mc_draft *draft, const struct mc_item *item, size_t at,
	size_t n, struct mc_report *report)
{
	const struct mc_field *field = mc_field_at(MC_ALIASES);
	struct mc_value *value = &draft->value[MC_ALIASES];
	const struct mc_value before = *value;
	struct mailcfg_pos pos = item->pos;
	const char *added;

	if (item->exact && pos.column > 0)
		pos.column += (unsigned)mc_utf8_count(item->text, at);
	*value = (struct mc_value){0};
	(void)mc_draft_set(draft, MC_ALIASES, item->text + at, n, item->type,
		&pos, item->exact, report);
	added = value->text;
	if (before.text == NULL)
		return;
	*value = before;
	if (added == NULL)
		return;
	if (strlen(before.text) + 2 + strlen(added) > field->limit) {
		draft->bad = true;
		mc_say(report, MC_MSG_TOO_LONG, &pos, field->name, NULL,
			"%s: at most %u bytes are taken", field->name,
			field->limit);
		return;
	}
	added = mc_arena_printf(draft->arena, "%s, %s", before.text, added);
	if (added != NULL)
		value->text = added;
}

bool
mc_directory_is_list(const struct mc_item *item)
{
	return item->name != NULL &&
		mc_header_same(item->name, "proxyaddresses");
}

void
mc_directory_list(struct mc_draft *draft, const struct mc_item *item,
	struct mc_report *report)
{
	const char *s = item->text;
	size_t at = 0;

	while (at < item->len) {
		size_t type = type_length(s + at);
		size_t end = address_end(s, at + type);

		if (type == 0 || mc_strncasecmp(s + at, "smtp:", type) == 0)
			add_alias(draft, item, at + type, end - at - type,
				report);
		at = end + 1;
	}
}

/* The aliases: attributes of their own, and what is left of the address. */
static void
bind_aliases(const struct mc_binding *b, const struct mc_record *record,
	const struct mc_item *address, struct mc_draft *draft,
	struct mc_report *report)
{
	const struct mc_field *field = mc_field_at(MC_ALIASES);

	if (mc_pattern_of(b, MC_ALIASES) != NULL)
		return;
	for (size_t i = 0; i < record->n_items; i++) {
		const struct mc_item *item = &record->items[i];
		bool own = is_attribute(field, item->name);

		if (!own &&
			(address == NULL || item == address ||
				strcmp(item->name, address->name) != 0))
			continue;
		if (item->fault != NULL || mc_directory_is_list(item))
			mc_bind_set(draft, MC_ALIASES, item, report);
		else
			add_alias(draft, item, 0, item->len, report);
	}
}

void
mc_directory_bind(const struct mc_binding *b, const struct mc_record *record,
	struct mc_draft *draft, struct mc_report *report)
{
	const struct mc_item *address = NULL;

	for (size_t id = 0; id < MC_FIELDS; id++) {
		const struct mc_field *field = mc_field_at(id);
		const struct mc_item *item;
		struct mc_item part;

		if (field->attributes == NULL || id == MC_ALIASES ||
			mc_pattern_of(b, id) != NULL)
			continue;
		item = find_value(record, field);
		if (item == NULL)
			continue;
		part = *item;
		/* RFC 2798: "fr, en-gb;q=0.8", the dearest first */
		if (field->kind == MC_KIND_LANG)
			part.len = strcspn(part.text, ",; ");
		mc_bind_set(draft, id, &part, report);
		if (id == MC_ADDRESS)
			address = item;
	}
	bind_aliases(b, record, address, draft, report);
}
