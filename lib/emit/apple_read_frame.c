/* SPDX-License-Identifier: ISC */
/* What a profile says of itself, on its way back. */
#include <string.h>

#include "../host.h"
#include "../text.h"
#include "apple_profile.h"

/* What was made of the first account where nobody said anything else. */
static bool
is_usual_title(const struct mc_back *back, const char *title)
{
	const struct mc_value *values = back->records->draft.value;
	const char *address = values[MC_ADDRESS].text, *sign, *usual;

	if (address == NULL)
		return false;
	sign = strrchr(address, '@');
	usual = mc_arena_printf(back->arena, "%.*s@%s", (int)(sign - address),
		address, mc_host_display(back->arena, sign + 1));
	if (usual != NULL)
		usual = mc_apple_title(
			back->arena, usual, values[MC_ORGANIZATION].text);
	return usual != NULL && strcmp(usual, title) == 0;
}

/*
 * Each account has it: they come and go together.  What a field cannot hold,
 * such as lines of text, counts as not met: it says nothing of an account.
 */
static void
set_all(struct mc_apple_payload *top, const char *key, const char *field,
	const struct mc_plist *node)
{
	enum mc_field_id id = (enum mc_field_id)mc_field_find(field);
	size_t n = strlen(node->text), at;

	if (mc_text_check(node->text, n, true, &at) != MC_TEXT_OK ||
		n > mc_field_at(id)->limit)
		return;
	(void)mc_apple_find(top, key);
	for (struct mc_back_record *r = top->back->records; r != NULL;
		r = r->next)
		if (!mc_back_set(top->back, &r->draft, id, node->text,
			    MC_TYPE_STRING, mc_apple_place(node)))
			return;
}

static void
read_title(struct mc_apple_payload *top)
{
	static const char key[] = "PayloadDisplayName";
	const struct mc_plist *node = mc_apple_peek(top, key);

	if (node == NULL || node->kind != MC_PLIST_STRING)
		return;
	if (is_usual_title(top->back, node->text))
		(void)mc_apple_find(top, key);
	else
		set_all(top, key, MC_APPLE_TITLE, node);
}

/* In one language; the device chooses among several. */
static void
read_consent(struct mc_apple_payload *top)
{
	const struct mc_plist *node = mc_apple_peek(top, MC_APPLE_CONSENT_KEY);
	const struct mc_plist *text = node == NULL ||
			node->kind != MC_PLIST_DICT
		? NULL
		: node->child;

	if (text != NULL && text->next == NULL &&
		text->kind == MC_PLIST_STRING &&
		strcmp(text->key, MC_APPLE_CONSENT_DEFAULT) == 0)
		set_all(top, MC_APPLE_CONSENT_KEY, MC_APPLE_CONSENT, text);
}

void
mc_apple_read_frame(struct mc_apple_payload *top)
{
	const struct mc_plist *removal = mc_apple_peek(
		top, MC_APPLE_REMOVAL_KEY);

	if (top->back->records == NULL)
		return;
	read_title(top);
	read_consent(top);
	if (removal != NULL && removal->kind == MC_PLIST_DATE)
		set_all(top, MC_APPLE_REMOVAL_KEY, MC_APPLE_REMOVAL, removal);
}
