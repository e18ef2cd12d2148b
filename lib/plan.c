/* SPDX-License-Identifier: ISC */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "plain.h"
#include "text.h"
#include "uuid.h"

/* What an item of a record must be like. */
enum rule {
	ANY = 0, /* it says nothing to us */
	SAME,    /* as it was, byte by byte */
	ADDRESS, /* another local-part of the same domain */
	NAME,    /* another plain text, of a person */
	LOGIN,   /* the same, of a login */
	SECRET   /* the same, of a password */
};

/* Signs that the gate acts on: a brace may begin a placeholder. */
enum { UNFIT = MC_SIGN_ODD | MC_SIGN_BRACE };

static bool
is_personal(enum rule rule)
{
	return rule == NAME || rule == LOGIN || rule == SECRET;
}

struct item {
	enum rule rule;
	size_t field;
	size_t limit;
	const char *name; /* NULL: the columns have names */
	const char *text;
	size_t len;
	enum mc_type type;
	bool list;
};

/* What a text of the account follows from. */
enum source {
	MAILBOX = 0,
	DISPLAY,
	LOCAL_PART,
	IDENTITY,
	ITEM,
	BOTH_NAMES,
	SOURCES
};

struct follow {
	size_t offset; /* of the pointer in struct mailcfg_account */
	enum source source;
	size_t item;
};

enum { FOLLOWS = 32, FAILURES = 32 };

struct mc_plan {
	struct mc_arena arena;
	struct mc_account account; /* what does not follow stands here */
	struct item *items;
	size_t n_items;
	/*
	 * Of a table: neighbours that must be as they were, as they lie in
	 * memory, each with its NUL.
	 */
	size_t first, n_same;
	const char *same;
	size_t same_len;
	size_t address; /* which item it is */
	const char *at; /* "@domain", as the source writes it */
	size_t at_len;
	const char *display; /* "@domain" in Unicode; NULL: the same */
	const char *prefix;  /* of the identifier, up to the local-part */
	size_t prefix_len;
	size_t given, family; /* items; SIZE_MAX: none */
	struct follow follow[FOLLOWS];
	size_t n_follow;
	unsigned name_signs;
	bool upper; /* the local-part at hand has upper-case letters */
	void *note;
};

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

static const char **
text_at(struct mailcfg_account *a, size_t offset)
{
	return (const char **)(void *)((char *)a + offset);
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Whether it has nothing but signs that the gate lets through. */
static bool
is_plain(const struct item *rule, const struct mc_item *item, unsigned odd,
	unsigned *signs)
{
	unsigned found;

	if (item->len > rule->limit)
		return false;
	found = mc_plain_signs(item->text, item->len);
	*signs |= found;
	return (found & odd) == 0;
}

static inline bool
fits_item(struct mc_plan *plan, const struct item *rule,
	const struct mc_item *item)
{
	if (rule->rule == ANY)
		return true;
	if (item->type != rule->type || item->list != rule->list ||
		item->doubtful)
		return false;
	switch (rule->rule) {
	case ANY: return true;
	case SAME:
		return item->len == rule->len &&
			memcmp(item->text, rule->text, rule->len) == 0;
	case ADDRESS:
		return item->len > plan->at_len && item->len <= 254 &&
			memcmp(item->text + item->len - plan->at_len, plan->at,
				plan->at_len) == 0 &&
			mc_plain_local(item->text, item->len - plan->at_len,
				&plan->upper);
	case NAME: return is_plain(rule, item, UNFIT, &plan->name_signs);
	case LOGIN: return is_plain(rule, item, UNFIT, &plan->account.signs);
	case SECRET:
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

static bool
fits(struct mc_plan *plan, const struct mc_record *record)
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

		const struct item *rule = &plan->items[i];
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
static const char *
value_of(const struct mc_plan *plan, const struct follow *f,
	const struct mc_record *record, struct mc_arena *arena)
{
	const struct mc_item *address = &record->items[plan->address];
	size_t local = address->len - plan->at_len;

	switch (f->source) {
	case MAILBOX: return address->text;
	case DISPLAY:
		return plan->display == NULL
			? address->text
			: joined(arena, address->text, local, plan->display);
	case LOCAL_PART: return mc_arena_strndup(arena, address->text, local);
	case IDENTITY:
		return plan->upper ? lowered(arena, address->text)
				   : address->text;
	case ITEM: return record->items[f->item].text;
	case BOTH_NAMES:
		return mc_arena_printf(arena, "%s %s",
			record->items[plan->given].text,
			record->items[plan->family].text);
	case SOURCES: break;
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

static bool
pour(struct mc_plan *plan, const struct mc_record *record,
	struct mc_arena *arena)
{
	struct mailcfg_account *a = &plan->account.a;
	const char *made[SOURCES] = {NULL}; /* equal texts are one */

	a->pos = record->pos;
	for (size_t i = 0; i < plan->n_follow; i++) {
		const struct follow *f = &plan->follow[i];
		const char **to = text_at(a, f->offset);

		if (f->source == ITEM) {
			*to = record->items[f->item].text;
			continue;
		}
		if (made[f->source] == NULL)
			made[f->source] = value_of(plan, f, record, arena);
		*to = made[f->source];
	}
	if (arena->failed)
		return false;
	plan->account.identifier = identifier(plan, arena);
	return !arena->failed;
}

struct mc_account *
mc_plan_apply(struct mc_plans *plans, const struct mc_record *record,
	struct mc_arena *arena, struct mc_plan **found)
{
	for (size_t i = 0; i < plans->n; i++) {
		/* the one that fitted last comes first */
		size_t at = i == 0 ? plans->last : i <= plans->last ? i - 1 : i;
		struct mc_plan *plan = plans->plan[at];

		if (!fits(plan, record))
			continue;
		plans->last = at;
		plans->refused = 0;
		*found = plan;
		return pour(plan, record, arena) ? &plan->account : NULL;
	}
	return NULL;
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

static enum rule
rule_of(size_t field)
{
	switch (field) {
	case MC_ADDRESS: return ADDRESS;
	case MC_NAME:
	case MC_GIVEN_NAME:
	case MC_FAMILY_NAME:
	case MC_PERSON: return NAME;
	case MC_LOGIN:
	case MC_IMAP_LOGIN:
	case MC_POP3_LOGIN:
	case MC_SMTP_LOGIN: return LOGIN;
	case MC_PASSWORD:
	case MC_IMAP_PASSWORD:
	case MC_POP3_PASSWORD:
	case MC_SMTP_PASSWORD: return SECRET;
	default: return SAME;
	}
}

/* The rule for one item.  false: no plan can be made of the record. */
static bool
learn_item(struct mc_plans *plans, struct mc_plan *plan,
	const struct mc_record *record, size_t i)
{
	const struct mc_item *item = &record->items[i];
	struct item *rule = &plan->items[i];
	int field = field_of(plans, record, i);

	if (!record->columns && field < 0)
		return false;
	if (!record->columns)
		rule->name = mc_arena_strdup(&plan->arena, item->name);
	if (field < 0 || mc_field_at((size_t)field)->kind == MC_KIND_IGNORED)
		return true;
	rule->field = (size_t)field;
	rule->limit = mc_field_at((size_t)field)->limit;
	rule->rule = item->len == 0 ? SAME : rule_of(rule->field);
	rule->type = item->type;
	rule->list = item->list;
	if (rule->rule != SAME && item->type != MC_TYPE_STRING)
		return false;
	rule->len = item->len;
	if (rule->rule == SAME)
		rule->text = mc_arena_strndup(
			&plan->arena, item->text, item->len);
	if (rule->rule == ADDRESS) {
		const char *at = memchr(item->text, '@', item->len);

		if (at == NULL)
			return false;
		plan->address = i;
		plan->at = mc_arena_strdup(&plan->arena, at);
		plan->at_len = item->len - (size_t)(at - item->text);
	}
	if (rule->rule == NAME && rule->field == MC_GIVEN_NAME)
		plan->given = i;
	if (rule->rule == NAME && rule->field == MC_FAMILY_NAME)
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
		if (plan->items[i].rule != SAME)
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
		const struct item *rule = &plan->items[i];

		*item = record->items[i];
		if (rule->rule == ADDRESS)
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
	const char *text, struct follow *f)
{
	struct mc_arena arena = {0};
	bool found = false;

	for (int source = MAILBOX; source <= IDENTITY && !found; source++) {
		f->source = (enum source)source;
		found = same(text, value_of(plan, f, sentinels, &arena));
	}
	for (size_t i = 0; i < plan->n_items && !found; i++) {
		f->source = ITEM;
		f->item = i;
		found = is_personal(plan->items[i].rule) &&
			same(text, sentinels->items[i].text);
	}
	if (!found && plan->given != SIZE_MAX && plan->family != SIZE_MAX) {
		f->source = BOTH_NAMES;
		found = same(text, value_of(plan, f, sentinels, &arena));
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
		struct follow f = {.offset = personal[i]};
		const char *text = *text_at(&other->a, f.offset);

		if (same(text, *text_at(&real->a, f.offset)))
			continue;
		if (text == NULL || plan->n_follow == FOLLOWS ||
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
	plan->account.kind = ++*plans->kind;
	/* the record itself is the first proof */
	if (!fits(plan, record) || !pour(plan, record, &plan->arena))
		return false;
	for (size_t i = 0; i < PERSONAL; i++)
		if (!same(*text_at(&plan->account.a, personal[i]),
			    *text_at(&real->a, personal[i])))
			return false;
	return same(plan->account.identifier, real->identifier);
}

static void
plan_free(struct mc_plan *plan)
{
	mc_arena_free(&plan->arena);
	free(plan);
}

/* A record whose own values are not plain cannot be the first proof. */
static bool
is_worth_it(const struct mc_plans *plans, const struct mc_record *record)
{
	for (size_t i = 0; i < record->n_items; i++) {
		const struct mc_item *item = &record->items[i];
		int field = field_of(plans, record, i);
		enum rule rule = field < 0 ? ANY : rule_of((size_t)field);

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
	plan->items = mc_arena_alloc(
		&plan->arena, (record->n_items + 1) * sizeof(plan->items[0]));
	for (size_t i = 0; i < record->n_items && ok; i++)
		ok = plan->items != NULL && learn_item(plans, plan, record, i);
	if (ok)
		learn_same(plan, record);
	ok = ok && plan->address != SIZE_MAX && compile(plans, plan, record) &&
		!plan->arena.failed;
	if (!ok) {
		plan_free(plan);
		plans->failed++;
		return NULL;
	}
	plans->failed = 0;
	plans->last = plans->n;
	plans->plan[plans->n++] = plan;
	return plan;
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
		plan_free(plans->plan[i]);
	free(plans->plan);
	plans->plan = NULL;
	plans->n = plans->last = 0;
	plans->refused = 0;
}
