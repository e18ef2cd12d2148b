/* SPDX-License-Identifier: ISC */
#include "apple_dict.h"

#include "../uuid.h"

void
mc_dict_put(struct mc_dict *d, const char *key, plist_t value)
{
	if (value != NULL && d->node != NULL)
		plist_dict_set_item(d->node, key, value); /* takes it */
	else
		plist_free(value);
	if (value == NULL || plist_dict_get_item(d->node, key) != value ||
		(plist_get_node_type(value) == PLIST_STRING &&
			plist_get_string_ptr(value, NULL) == NULL))
		d->failed = true;
}

void
mc_dict_text(struct mc_dict *d, const char *key, const char *text)
{
	if (text != NULL)
		mc_dict_put(d, key, plist_new_string(text));
}

void
mc_dict_number(struct mc_dict *d, const char *key, unsigned number)
{
	mc_dict_put(d, key, plist_new_uint(number));
}

void
mc_dict_switch(struct mc_dict *d, const char *key, bool on)
{
	mc_dict_put(d, key, plist_new_bool(on));
}

void
mc_dict_date(struct mc_dict *d, const char *key, long long seconds)
{
	/* since 2001-01-01 */
	mc_dict_put(d, key, plist_new_date((int32_t)(seconds - 978307200), 0));
}

plist_t
mc_dict_end(struct mc_dict *d)
{
	if (!d->failed)
		return d->node;
	plist_free(d->node);
	return NULL;
}

void
mc_dict_frame(
	struct mc_dict *d, struct mc_arena *arena, const struct mc_frame *f)
{
	const char *identifier = f->identifier;
	char uuid[MC_UUID_SIZE];

	mc_uuid5(f->identifier, f->purpose, uuid);
	if (f->purpose->size > 0)
		identifier = mc_arena_printf(arena, "%s%.*s", f->identifier,
			(int)f->purpose->size, f->purpose->text);
	mc_dict_text(d, "PayloadDescription", f->description);
	mc_dict_text(d, "PayloadDisplayName", f->title);
	mc_dict_text(d, "PayloadIdentifier", identifier);
	mc_dict_text(d, "PayloadOrganization", f->organization);
	mc_dict_text(d, "PayloadType", f->type);
	mc_dict_text(d, "PayloadUUID", uuid);
	mc_dict_number(d, "PayloadVersion", 1);
}
