/* SPDX-License-Identifier: ISC */
#include "plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plain.h"
#include "plan_parts.h"
#include "text.h"
#include "uuid.h"

/* Signs that the gate acts on: a brace may begin a placeholder. */
enum { UNFIT = MC_SIGN_ODD | MC_SIGN_BRACE };

/* Whether it has nothing but signs that the gate lets through. */
static bool
is_plain(const struct mc_plan_item *rule, const struct mc_item *item,
	unsigned odd, unsigned *signs)
{
	unsigned found;

	if (item->len > rule->limit)
		return false;
	found = rule->rule == MC_RULE_SECRET
		? mc_plain_signs_of_secret(item->text, item->len)
		: mc_plain_signs(item->text, item->len);
	*signs |= found;
	return (found & odd) == 0;
}

static inline bool
fits_item(struct mc_plan *plan, const struct mc_plan_item *rule,
	const struct mc_item *item)
{
	if (rule->rule == MC_RULE_ANY)
		return true;
	if (item->type != rule->type || item->list != rule->list ||
		item->doubtful)
		return false;
	switch (rule->rule) {
	case MC_RULE_ANY: return true;
	case MC_RULE_SAME:
		return item->len == rule->len &&
			memcmp(item->text, rule->text, rule->len) == 0;
	case MC_RULE_ADDRESS:
		return item->len > plan->at_len && item->len <= 254 &&
			memcmp(item->text + item->len - plan->at_len, plan->at,
				plan->at_len) == 0 &&
			mc_plain_local(item->text, item->len - plan->at_len,
				&plan->upper);
	case MC_RULE_NAME:
		return is_plain(rule, item, UNFIT, &plan->name_signs);
	case MC_RULE_LOGIN:
		return is_plain(rule, item, UNFIT, &plan->account.signs);
	case MC_RULE_SECRET:
		return is_plain(
			rule, item, MC_SIGN_ODD, &plan->account.secret_signs);
	}
	return false;
}

/* The neighbours at once. */
static bool
is_same(const struct mc_plan *plan, const struct mc_record *record)
{
	const struct mc_item *first = &record->items[plan->first];
	const struct mc_item *last = first + plan->n_same - 1;

	return (size_t)(last->text - first->text) + last->len + 1 ==
		plan->same_len &&
		memcmp(first->text, plan->same, plan->same_len) == 0;
}

bool
mc_plan_fits(struct mc_plan *plan, const struct mc_record *record)
{
	if (record->n_items != plan->n_items)
		return false;
	/* the address first: it tells most of what differs */
	if (!fits_item(plan, &plan->items[plan->address],
		    &record->items[plan->address]))
		return false;
	if (plan->n_same > 0 && !is_same(plan, record))
		return false;
	plan->name_signs = 0;
	plan->account.signs = plan->account.secret_signs = 0;
	for (size_t i = 0; i < plan->n_items; i++) {
		if (i == plan->first)
			i += plan->n_same;
		if (i == plan->n_items)
			break;

		const struct mc_plan_item *rule = &plan->items[i];
		const struct mc_item *item = &record->items[i];

		if (rule->name != NULL && item->name != rule->name &&
			strcmp(item->name, rule->name) != 0)
			return false;
		if (i != plan->address && !fits_item(plan, rule, item))
			return false;
	}
	plan->account.signs |= plan->name_signs << MC_SIGN_NAMES;
	return true;
}

static const char *
joined(struct mc_arena *arena, const char *a, size_t n, const char *b)
{
	size_t m = strlen(b);
	char *text = mc_arena_alloc(arena, n + m + 1);

	if (text == NULL)
		return NULL;
	memcpy(text, a, n);
	memcpy(text + n, b, m + 1);
	return text;
}

static const char *
lowered(struct mc_arena *arena, const char *text)
{
	char *copy = mc_arena_strdup(arena, text);

	for (char *to = copy; to != NULL && *to != '\0'; to++)
		*to = mc_lower(*to);
	return copy;
}

/* The text that follows from the record. */
const char *
mc_plan_value(const struct mc_plan *plan, const struct mc_follow *f,
	const struct mc_record *record, struct mc_arena *arena)
{
	const struct mc_item *address = &record->items[plan->address];
	size_t local = address->len - plan->at_len;

	switch (f->source) {
	case MC_FROM_MAILBOX: return address->text;
	case MC_FROM_DISPLAY:
		return plan->display == NULL
			? address->text
			: joined(arena, address->text, local, plan->display);
	case MC_FROM_LOCAL_PART:
		return mc_arena_strndup(arena, address->text, local);
	case MC_FROM_IDENTITY:
		return plan->upper ? lowered(arena, address->text)
				   : address->text;
	case MC_FROM_ITEM: return record->items[f->item].text;
	case MC_FROM_BOTH_NAMES:
		return mc_arena_printf(arena, "%s %s",
			record->items[plan->given].text,
			record->items[plan->family].text);
	case MC_FROM_COUNT: break;
	}
	return NULL;
}

static const char *
identifier(const struct mc_plan *plan, struct mc_arena *arena)
{
	const char *identity = plan->account.a.identity;
	size_t local = strlen(identity) - plan->at_len;
	char *text = mc_arena_room(arena, plan->prefix_len + 3 * local + 1);

	if (text == NULL)
		return NULL;
	memcpy(text, plan->prefix, plan->prefix_len);
	text[plan->prefix_len +
		mc_identifier_local(
			text + plan->prefix_len, identity, local)] = '\0';
	return text;
}

bool
mc_plan_pour(struct mc_plan *plan, const struct mc_record *record,
	struct mc_arena *arena)
{
	struct mailcfg_account *a = &plan->account.a;
	const char *made[MC_FROM_COUNT] = {NULL}; /* equal texts are one */

	a->pos = record->pos;
	for (size_t i = 0; i < plan->n_follow; i++) {
		const struct mc_follow *f = &plan->follow[i];
		const char **to = mc_plan_text(a, f->offset);

		if (f->source == MC_FROM_ITEM) {
			*to = record->items[f->item].text;
			continue;
		}
		if (made[f->source] == NULL)
			made[f->source] = mc_plan_value(plan, f, record, arena);
		*to = made[f->source];
	}
	if (!arena->failed && plan->identified)
		plan->account.identifier = identifier(plan, arena);
	return !arena->failed;
}

/* Which plan is tried first for records like this one: its domain tells. */
static unsigned char *
guess(struct mc_plans *plans, const struct mc_record *record)
{
	size_t address = plans->n == 0 ? 0 : plans->plan[0]->address;
	const struct mc_item *item = &record->items[address];
	const char *at = address < record->n_items
		? memchr(item->text, '@', item->len)
		: NULL;
	uint64_t word = 0, last = 0;
	size_t n = at == NULL ? 0 : item->len - (size_t)(at - item->text);

	if (n >= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		memcpy(&last, at + n - sizeof(last), sizeof(last));
	}
	word = (word ^ (last << 7) ^ n) * 0x9e3779b97f4a7c15u;
	return &plans->last[word >> 32 & (MC_PLAN_GUESSES - 1)];
}

struct mc_account *
mc_plan_apply(struct mc_plans *plans, const struct mc_record *record,
	struct mc_arena *arena, struct mc_plan **found)
{
	unsigned char *first = guess(plans, record);

	for (size_t i = 0; i < plans->n; i++) {
		size_t at = i == 0 ? *first : i <= *first ? i - 1 : i;
		struct mc_plan *plan = plans->plan[at];

		if (!mc_plan_fits(plan, record))
			continue;
		*first = (unsigned char)at;
		plans->refused = 0;
		*found = plan;
		return mc_plan_pour(plan, record, arena) ? &plan->account
							 : NULL;
	}
	return NULL;
}

void
mc_plan_free(struct mc_plan *plan)
{
	mc_arena_free(&plan->arena);
	free(plan);
}

void **
mc_plan_note(struct mc_plan *plan)
{
	return &plan->note;
}

struct mc_arena *
mc_plan_arena(struct mc_plan *plan)
{
	return &plan->arena;
}

void
mc_plans_free(struct mc_plans *plans)
{
	for (size_t i = 0; i < plans->n; i++)
		mc_plan_free(plans->plan[i]);
	free(plans->plan);
	plans->plan = NULL;
	plans->n = 0;
	memset(plans->last, 0, sizeof(plans->last));
	plans->refused = 0;
}
