/* SPDX-License-Identifier: ISC */
#include "plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plain.h"
#include "plan_parts.h"

enum { FAILURES = 32 };

/* The texts of an account that may be a person's own. */
static const size_t personal[] = {
	offsetof(struct mailcfg_account, mailbox),
	offsetof(struct mailcfg_account, mailbox_display),
	offsetof(struct mailcfg_account, local_part),
	offsetof(struct mailcfg_account, identity),
	offsetof(struct mailcfg_account, name),
	offsetof(struct mailcfg_account, given_name),
	offsetof(struct mailcfg_account, family_name),
	offsetof(struct mailcfg_account, person),
	offsetof(struct mailcfg_account, server[MAILCFG_IMAP].login),
	offsetof(struct mailcfg_account, server[MAILCFG_IMAP].password),
	offsetof(struct mailcfg_account, server[MAILCFG_POP3].login),
	offsetof(struct mailcfg_account, server[MAILCFG_POP3].password),
	offsetof(struct mailcfg_account, server[MAILCFG_SUBMISSION].login),
	offsetof(struct mailcfg_account, server[MAILCFG_SUBMISSION].password),
};
enum { PERSONAL = sizeof(personal) / sizeof(personal[0]) };

static bool
is_personal(enum mc_rule rule)
{
	return rule == MC_RULE_NAME || rule == MC_RULE_LOGIN ||
		rule == MC_RULE_SECRET;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The field of an item, -1: of none. */
static int
field_of(const struct mc_plans *plans, const struct mc_record *record, size_t i)
{
	const struct mc_binding *b = plans->binding;

	if (!record->columns)
		return mc_field_find(record->items[i].name);
	return i < b->n_columns ? b->column[i] : -1;
}

static enum mc_rule
rule_of(size_t field)
{
	switch (field) {
	case MC_ADDRESS: return MC_RULE_ADDRESS;
	case MC_NAME:
	case MC_GIVEN_NAME:
	case MC_FAMILY_NAME:
	case MC_PERSON: return MC_RULE_NAME;
	case MC_LOGIN:
	case MC_IMAP_LOGIN:
	case MC_POP3_LOGIN:
	case MC_SMTP_LOGIN: return MC_RULE_LOGIN;
	case MC_PASSWORD:
	case MC_IMAP_PASSWORD:
	case MC_POP3_PASSWORD:
	case MC_SMTP_PASSWORD: return MC_RULE_SECRET;
	default: return MC_RULE_SAME;
	}
}

/* The rule for one item.  false: no plan can be made of the record. */
static bool
learn_item(struct mc_plans *plans, struct mc_plan *plan,
	const struct mc_record *record, size_t i)
{
	const struct mc_item *item = &record->items[i];
	struct mc_plan_item *rule = &plan->items[i];
	int field = field_of(plans, record, i);

	if (!record->columns && field < 0)
		return false;
	if (!record->columns)
		rule->name = mc_arena_strdup(&plan->arena, item->name);
	if (field < 0 || mc_field_at((size_t)field)->kind == MC_KIND_IGNORED)
		return true;
	rule->field = (size_t)field;
	rule->limit = mc_field_at((size_t)field)->limit;
	rule->rule = item->len == 0 ? MC_RULE_SAME : rule_of(rule->field);
	rule->type = item->type;
	rule->list = item->list;
	if (rule->rule != MC_RULE_SAME && item->type != MC_TYPE_STRING)
		return false;
	rule->len = item->len;
	if (rule->rule == MC_RULE_SAME)
		rule->text = mc_arena_strndup(
			&plan->arena, item->text, item->len);
	if (rule->rule == MC_RULE_ADDRESS) {
		const char *at = memchr(item->text, '@', item->len);

		if (at == NULL)
			return false;
		plan->address = i;
		plan->at = mc_arena_strdup(&plan->arena, at);
		plan->at_len = item->len - (size_t)(at - item->text);
	}
	if (rule->rule == MC_RULE_NAME && rule->field == MC_GIVEN_NAME)
		plan->given = i;
	if (rule->rule == MC_RULE_NAME && rule->field == MC_FAMILY_NAME)
		plan->family = i;
	return true;
}

/* Whether the two cells are neighbours in memory, without quotes between. */
static bool
is_next(const struct mc_item *a, const struct mc_item *b)
{
	return b->text == a->text + a->len + 1;
}

/* Finds the longest row of neighbours in a table that must be as they are. */
static void
learn_same(struct mc_plan *plan, const struct mc_record *record)
{
	const struct mc_item *items = record->items;
	size_t n = 0;

	for (size_t i = 0; i < plan->n_items && record->columns; i++) {
		if (plan->items[i].rule != MC_RULE_SAME)
			n = 0;
		else if (n > 0 && is_next(&items[i - 1], &items[i]))
			n++;
		else
			n = 1;
		if (n > plan->n_same) {
			plan->n_same = n;
			plan->first = i + 1 - n;
		}
	}
	if (plan->n_same == 0)
		return;
	items += plan->first;
	for (size_t i = 0; i < plan->n_same; i++)
		plan->same_len += items[i].len + 1;
	plan->same = mc_arena_strndup(
		&plan->arena, items[0].text, plan->same_len);
}

/* Completes the record with everything in the plan's arena; NULL: it cannot. */
static struct mc_account *
complete(struct mc_plans *plans, struct mc_plan *plan,
	const struct mc_record *record)
{
	struct mc_draft *draft = mc_arena_alloc(&plan->arena, sizeof(*draft));
	struct mc_layers layers = *plans->layers;
	struct mc_report mute = {0};
	struct mc_account *account;

	if (draft == NULL)
		return NULL;
	draft->arena = &plan->arena;
	draft->pos = record->pos;
	if (!mc_bind_record(plans->binding, record, draft, &mute))
		return NULL;
	layers.draft[MC_LAYER_RECORD] = draft;
	account = mc_complete(plans->presets, &layers, &plan->arena, &mute);
	return mute.errors + mute.warnings > 0 ? NULL : account;
}

/* The record with sentinels for what is a person's own. */
static bool
make_sentinels(struct mc_plan *plan, const struct mc_record *record,
	struct mc_record *out)
{
	struct mc_arena *arena = &plan->arena;

	*out = *record;
	out->items = mc_arena_alloc(
		arena, record->n_items * sizeof(out->items[0]));
	if (out->items == NULL)
		return false;
	for (size_t i = 0; i < record->n_items; i++) {
		struct mc_item *item = &out->items[i];
		const struct mc_plan_item *rule = &plan->items[i];

		*item = record->items[i];
		if (rule->rule == MC_RULE_ADDRESS)
			item->text = mc_arena_printf(
				arena, "qZ7kx3lo%s", plan->at);
		else if (is_personal(rule->rule))
			item->text = mc_arena_printf(arena, "qz7kx3i%zu", i);
		else
			continue;
		if (item->text == NULL)
			return false;
		item->len = strlen(item->text);
	}
	return true;
}

/* What the text of the sentinels' account follows from. */
static bool
find_source(const struct mc_plan *plan, const struct mc_record *sentinels,
	const char *text, struct mc_follow *f)
{
	struct mc_arena arena = {0};
	bool found = false;

	for (int source = MC_FROM_MAILBOX; source <= MC_FROM_IDENTITY && !found;
		source++) {
		f->source = (enum mc_follow_source)source;
		found = same(text, mc_plan_value(plan, f, sentinels, &arena));
	}
	for (size_t i = 0; i < plan->n_items && !found; i++) {
		f->source = MC_FROM_ITEM;
		f->item = i;
		found = is_personal(plan->items[i].rule) &&
			same(text, sentinels->items[i].text);
	}
	if (!found && plan->given != SIZE_MAX && plan->family != SIZE_MAX) {
		f->source = MC_FROM_BOTH_NAMES;
		found = same(text, mc_plan_value(plan, f, sentinels, &arena));
	}
	found = found && !arena.failed;
	mc_arena_free(&arena);
	return found;
}

static bool
same_server(const struct mailcfg_server *a, const struct mailcfg_server *b)
{
	return same(a->host, b->host) && a->port == b->port &&
		a->tls == b->tls && a->auth == b->auth;
}

static bool
same_dav(const struct mailcfg_dav *a, const struct mailcfg_dav *b)
{
	return same(a->host, b->host) && a->port == b->port &&
		same(a->path, b->path);
}

/* Whether two accounts differ in nothing but what is a person's own. */
static bool
same_rest(const struct mc_account *one, const struct mc_account *two)
{
	const struct mailcfg_account *a = &one->a, *b = &two->a;

	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		if (!same_server(&a->server[i], &b->server[i]))
			return false;
	for (size_t i = 0; i < MC_FIELD_MAX - MC_FIELDS; i++)
		if (!same(one->extra[i], two->extra[i]))
			return false;
	return same(a->domain, b->domain) &&
		same(a->domain_display, b->domain_display) &&
		same(a->organization, b->organization) &&
		same(a->support, b->support) && same(a->lang, b->lang) &&
		same(a->deliver_to, b->deliver_to) && a->n_aliases == 0 &&
		b->n_aliases == 0 && a->incoming == b->incoming &&
		same(a->imap_prefix, b->imap_prefix) &&
		same_dav(&a->caldav, &b->caldav) &&
		same_dav(&a->carddav, &b->carddav) &&
		a->provider == b->provider && a->hints == b->hints &&
		one->from_option == two->from_option;
}

/* Finds what follows from what.  false: it cannot be told. */
static bool
compile(struct mc_plans *plans, struct mc_plan *plan,
	const struct mc_record *record)
{
	struct mc_account *real = complete(plans, plan, record), *other;
	struct mc_record sentinels;

	if (real == NULL || !make_sentinels(plan, record, &sentinels))
		return false;
	other = complete(plans, plan, &sentinels);
	if (other == NULL || !same_rest(real, other) ||
		/* the source must write the domain as we do */
		!same(plan->at + 1, real->a.domain))
		return false;
	if (!same(real->a.domain, real->a.domain_display))
		plan->display = mc_arena_printf(
			&plan->arena, "@%s", real->a.domain_display);
	plan->upper = true; /* the sentinel has */
	for (size_t i = 0; i < PERSONAL; i++) {
		struct mc_follow f = {.offset = personal[i]};
		const char *text = *mc_plan_text(&other->a, f.offset);

		if (same(text, *mc_plan_text(&real->a, f.offset)))
			continue;
		if (text == NULL || plan->n_follow == MC_FOLLOWS ||
			!find_source(plan, &sentinels, text, &f))
			return false;
		plan->follow[plan->n_follow++] = f;
	}
	plan->prefix_len = strlen(real->identifier) + 1;
	while (plan->prefix_len > 0 &&
		real->identifier[plan->prefix_len - 1] != '.')
		plan->prefix_len--;
	plan->prefix = real->identifier;
	plan->account = *real;
	if (!plan->identified)
		plan->account.identifier = NULL;
	plan->account.kind = ++*plans->kind;
	/* the record itself is the first proof */
	if (!mc_plan_fits(plan, record) ||
		!mc_plan_pour(plan, record, &plan->arena))
		return false;
	for (size_t i = 0; i < PERSONAL; i++)
		if (!same(*mc_plan_text(&plan->account.a, personal[i]),
			    *mc_plan_text(&real->a, personal[i])))
			return false;
	return !plan->identified ||
		same(plan->account.identifier, real->identifier);
}

/* A record whose own values are not plain cannot be the first proof. */
static bool
is_worth_it(const struct mc_plans *plans, const struct mc_record *record)
{
	for (size_t i = 0; i < record->n_items; i++) {
		const struct mc_item *item = &record->items[i];
		int field = field_of(plans, record, i);
		enum mc_rule rule = field < 0 ? MC_RULE_ANY
					      : rule_of((size_t)field);

		if (is_personal(rule) && item->len > 0 &&
			!mc_plain_text(item->text, item->len))
			return false;
	}
	return true;
}

struct mc_plan *
mc_plan_learn(struct mc_plans *plans, const struct mc_record *record)
{
	struct mc_plan *plan = NULL;
	bool ok = true;

	plans->refused++;
	if (plans->n == plans->most || plans->binding->n_patterns > 0 ||
		!is_worth_it(plans, record))
		return NULL;
	/* where no plan can be made it is not tried each time */
	if (plans->failed > FAILURES && ++plans->failed % FAILURES != 0)
		return NULL;
	if (plans->plan == NULL)
		plans->plan = calloc(plans->most, sizeof(struct mc_plan *));
	if (plans->plan != NULL)
		plan = calloc(1, sizeof(*plan));
	if (plan == NULL)
		return NULL;
	plan->address = plan->given = plan->family = SIZE_MAX;
	plan->n_items = record->n_items;
	plan->identified = plans->identifiers;
	plan->items = mc_arena_alloc(
		&plan->arena, (record->n_items + 1) * sizeof(plan->items[0]));
	for (size_t i = 0; i < record->n_items && ok; i++)
		ok = plan->items != NULL && learn_item(plans, plan, record, i);
	if (ok)
		learn_same(plan, record);
	ok = ok && plan->address != SIZE_MAX && compile(plans, plan, record) &&
		!plan->arena.failed;
	if (!ok) {
		mc_plan_free(plan);
		plans->failed++;
		return NULL;
	}
	plans->failed = 0;
	plans->plan[plans->n++] = plan;
	return plan;
}
