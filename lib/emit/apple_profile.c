/* SPDX-License-Identifier: ISC */
#include "apple_profile.h"

#include <string.h>

#include "../text.h"

struct mc_plist *
mc_apple_find(struct mc_apple_payload *p, const char *key)
{
	struct mc_plist *found = NULL;
	bool said = false;

	for (struct mc_plist *node = p->dict->child; node != NULL;
		node = node->next) {
		if (strcmp(node->key, key) != 0)
			continue;
		if (found != NULL && !node->met && !said) {
			mc_back_say(p->back, MC_MSG_DUPLICATE_FIELD,
				mc_apple_place(node), NULL,
				"%s: it stands in line %u already", key,
				found->line);
			said = true;
		}
		node->met = true;
		if (found == NULL)
			found = node;
	}
	return found;
}

struct mc_plist *
mc_apple_peek(const struct mc_apple_payload *p, const char *key)
{
	struct mc_plist *node = p->dict->child;

	while (node != NULL && strcmp(node->key, key) != 0)
		node = node->next;
	return node;
}

static void
say_kind(struct mc_apple_payload *p, enum mc_msg message,
	const struct mc_plist *node, const char *wanted)
{
	mc_back_say(p->back, message, mc_apple_place(node), NULL,
		"%s is %s, not %s", node->key, mc_plist_kind_name(node->kind),
		wanted);
}

const struct mc_plist *
mc_apple_text(struct mc_apple_payload *p, const char *key)
{
	const struct mc_plist *node = mc_apple_find(p, key);

	if (node == NULL)
		return NULL;
	if (node->kind == MC_PLIST_STRING)
		return node->text[0] == '\0' ? NULL : node;
	say_kind(p, MC_MSG_BAD_TYPE, node, "a string");
	return NULL;
}

const char *
mc_apple_word(struct mc_apple_payload *p, const char *key)
{
	const struct mc_plist *node = mc_apple_text(p, key);

	return node == NULL ? NULL : node->text;
}

/* What generators that have no truth values write instead. */
static const struct {
	const char *text;
	bool on;
} switches[] = {
	{"1", true},
	{"0", false},
	{"true", true},
	{"false", false},
	{"yes", true},
	{"no", false},
};

bool
mc_apple_switch(struct mc_apple_payload *p, const char *key, bool otherwise)
{
	const struct mc_plist *node = mc_apple_find(p, key);

	if (node == NULL)
		return otherwise;
	if (node->kind == MC_PLIST_TRUE || node->kind == MC_PLIST_FALSE)
		return node->kind == MC_PLIST_TRUE;
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		if ((node->kind != MC_PLIST_STRING &&
			    node->kind != MC_PLIST_INTEGER) ||
			mc_strcasecmp(node->text, switches[i].text) != 0)
			continue;
		mc_back_note(p->back,
			"payload %zu: %s is %s; a device may not take it for "
			"a truth value",
			p->number, key, mc_plist_kind_name(node->kind));
		return switches[i].on;
	}
	say_kind(p, MC_MSG_SYNTAX, node, "a truth value");
	return otherwise;
}

/* "993" of "993.0"; the text where it is no whole number. */
static const char *
whole(struct mc_arena *arena, const char *text)
{
	size_t n = strspn(text, "0123456789");
	const char *rest = text + n;

	if (n == 0 || *rest != '.' || rest[1 + strspn(rest + 1, "0")] != '\0')
		return text;
	return mc_arena_strndup(arena, text, n);
}

const struct mc_plist *
mc_apple_port(struct mc_apple_payload *p, const char *key, const char **digits)
{
	const struct mc_plist *node = mc_apple_find(p, key);

	if (node == NULL)
		return NULL;
	*digits = node->text;
	switch (node->kind) {
	case MC_PLIST_INTEGER: break;
	case MC_PLIST_REAL:
		*digits = whole(p->back->arena, node->text);
		if (*digits == NULL)
			return NULL;
		break;
	case MC_PLIST_STRING:
		mc_back_note(p->back,
			"payload %zu: %s is a string; a device may not take it "
			"for a number",
			p->number, key);
		break;
	case MC_PLIST_DICT:
	case MC_PLIST_ARRAY:
	case MC_PLIST_DATE:
	case MC_PLIST_DATA:
	case MC_PLIST_TRUE:
	case MC_PLIST_FALSE:
		say_kind(p, MC_MSG_SYNTAX, node, "an integer");
		return NULL;
	}
	if (**digits != '\0')
		return node;
	mc_back_say(p->back, MC_MSG_BAD_PORT, mc_apple_place(node), NULL,
		"%s is empty: a device refuses the whole profile", key);
	return NULL;
}

void
mc_apple_common(struct mc_apple_payload *p)
{
	static const char *const keys[] = {"PayloadDescription",
		"PayloadDisplayName", "PayloadIdentifier",
		"PayloadOrganization", "PayloadType", "PayloadUUID",
		"PayloadVersion"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		(void)mc_apple_find(p, keys[i]);
}

void
mc_apple_rest(struct mc_apple_payload *p)
{
	const struct mc_plist *node = p->dict->child;
	struct mc_arena *arena = p->back->arena;
	const char *names = NULL;

	for (; node != NULL; node = node->next) {
		if (node->met)
			continue;
		if (names != NULL && strlen(names) > 300) {
			names = mc_arena_printf(arena, "%s ...", names);
			break;
		}
		names = names == NULL ? mc_arena_strndup(arena, node->key,
						strnlen(node->key, 100))
				      : mc_arena_printf(arena, "%s, %.100s",
						names, node->key);
	}
	if (names == NULL)
		return;
	if (p->number == 0)
		mc_back_note(p->back, "the profile: no record says %s", names);
	else
		mc_back_note(p->back, "payload %zu: no record says %s",
			p->number, names);
}
