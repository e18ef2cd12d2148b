/* SPDX-License-Identifier: ISC */
/* From drafts to accounts, and to groups that are written together. */
#include <stdlib.h>
#include <string.h>

#include "context.h"
#include "gen.h"

static void
no_memory(struct gen *g)
{
	complain_memory(g->program);
	g->stop = true;
}

struct member *
member_next(struct gen *g)
{
	struct member **slot = &g->members[g->n_group];

	if (*slot == NULL)
		*slot = calloc(1, sizeof(**slot));
	if (*slot == NULL) {
		no_memory(g);
		return NULL;
	}
	mc_arena_reset(&(*slot)->arena);
	(*slot)->draft = (*slot)->defaults = NULL;
	(*slot)->account = NULL;
	return *slot;
}

const char *
draft_identity(struct mc_arena *arena, const struct mc_draft *draft)
{
	const char *address = draft->value[MC_ADDRESS].text, *sign, *local;

	if (address == NULL)
		return NULL;
	sign = strrchr(address, '@');
	local = mc_arena_strndup(arena, address, (size_t)(sign - address));
	return local == NULL ? NULL : mc_identity(arena, local, sign + 1);
}

/* The identity of the account that the member will be. */
static const char *
identity_of(const struct gen *g, struct member *m)
{
	const struct mc_draft *layers[] = {
		g->o.set, m->draft, m->defaults, g->o.option};

	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		if (layers[i] != NULL &&
			layers[i]->value[MC_ADDRESS].text != NULL)
			return draft_identity(&m->arena, layers[i]);
	return NULL;
}

static bool
is_duplicate(struct gen *g, const struct member *m, const char *identity,
	unsigned char key[16])
{
	struct mailcfg_pos first;
	size_t at;

	seen_key(key, (const char *const[]){identity, NULL});
	at = seen_find(&g->identities, key);
	if (at == SIZE_MAX)
		return false;
	first = spot_pos(g, g->identities.entries[at].spot);
	mc_say(g->report, MC_MSG_DUPLICATE_ACCOUNT, &m->draft->pos, NULL, NULL,
		"%s: %s:%u:%u came first", identity, first.file, first.line,
		first.column);
	return true;
}

static bool
has_password(const struct gen *g, const struct member *m)
{
	return m->draft->value[MC_PASSWORD].text != NULL ||
		(m->defaults != NULL &&
			m->defaults->value[MC_PASSWORD].text != NULL) ||
		(g->o.set != NULL && g->o.set->value[MC_PASSWORD].text != NULL);
}

/* A report that leads to another, for an account. */
struct relay {
	struct mc_report *to;
	const struct mailcfg_pos *pos;
};

/* What is wrong with a password is said of the account that has it. */
static void
say_of_account(void *context, const struct mailcfg_diag *diag)
{
	const struct relay *relay = context;
	struct mailcfg_diag said = *diag;

	said.pos = *relay->pos;
	if (relay->to->fn != NULL)
		relay->to->fn(relay->to->context, &said);
}

/* The option layer with the password of this account; NULL: reported. */
static const struct mc_draft *
with_password(struct gen *g, struct member *m, const char *identity)
{
	const struct mailcfg_pos pos = {"--password-from", 0, 0};
	struct relay relay = {g->report, &m->draft->pos};
	struct mc_report relayed = {.fn = say_of_account, .context = &relay};
	struct password password = {NULL, 0};
	struct mc_draft *copy;
	bool ok;

	copy = mc_arena_alloc(&m->arena, sizeof(*copy));
	if (copy == NULL)
		return NULL;
	if (g->o.option != NULL)
		*copy = *g->o.option;
	copy->arena = &m->arena;
	ok = source_read(g, identity, &m->draft->pos, &password) &&
		mc_draft_set(copy, MC_PASSWORD, password.bytes, password.size,
			MC_TYPE_STRING, &pos, false, &relayed);
	g->report->errors += relayed.errors;
	g->report->warnings += relayed.warnings;
	password_free(&password);
	return ok ? copy : NULL;
}

static void
complete(struct gen *g, struct member *m, const char *identity)
{
	struct mc_layers layers = {.draft = {
					   [MC_LAYER_SET] = g->o.set,
					   [MC_LAYER_RECORD] = m->draft,
					   [MC_LAYER_DEFAULTS] = m->defaults,
					   [MC_LAYER_OPTION] = g->o.option,
				   }};

	if (g->o.source.kind != SOURCE_NONE && identity != NULL &&
		!has_password(g, m)) {
		layers.draft[MC_LAYER_OPTION] = with_password(g, m, identity);
		if (layers.draft[MC_LAYER_OPTION] == NULL)
			return;
	}
	m->account = mc_complete(
		&g->context->presets, &layers, &m->arena, g->report);
}

/* What must be done at the provider first, once for each provider. */
static void
say_provider(struct gen *g, struct member *m)
{
	const struct mailcfg_account *a = &m->account->a;
	const struct mailcfg_provider *p = a->hints == NULL ? a->provider
							    : a->hints;
	unsigned char key[16];
	const char *text;

	if (p == NULL || p == g->told_last)
		return;
	g->told_last = p;
	seen_key(key, (const char *const[]){p->id, p->pos.file, NULL});
	if (seen_find(&g->told, key) != SIZE_MAX)
		return;
	if (!seen_add(&g->told, key, m->spot, NULL)) {
		no_memory(g);
		return;
	}
	text = mc_preparation(&m->arena, a);
	if (text != NULL)
		mc_say(g->report, MC_MSG_PREPARATION, &a->pos, NULL, NULL, "%s",
			text);
	if (p->status == MAILCFG_STATUS_BROKEN)
		mc_say(g->report, MC_MSG_PRESET_DOUBTFUL, &a->pos, NULL, NULL,
			"%s: try one account first", p->name);
}

/* The key of the person, or NULL: the account stands alone. */
static const char *
person_of(const struct gen *g, const struct member *m)
{
	/* the operands of a command line are one person */
	if (g->o.n_from == 0)
		return "";
	return m->account->a.person;
}

static bool
joins(const struct gen *g, const struct member *m)
{
	const char *person = person_of(g, m), *other;

	if (g->n_group == 0 || person == NULL)
		return false;
	other = person_of(g, g->members[0]);
	return other != NULL && strcmp(person, other) == 0;
}

/* Whether the person's records were written already, further up. */
static bool
is_late(struct gen *g, const struct member *m)
{
	const char *person = person_of(g, m);
	struct mailcfg_pos first;
	unsigned char key[16];
	size_t at;

	if (person == NULL)
		return false;
	seen_key(key, (const char *const[]){person, NULL});
	at = seen_find(&g->persons, key);
	if (at == SIZE_MAX) {
		if (!seen_add(&g->persons, key, m->spot, NULL))
			no_memory(g);
		return g->stop;
	}
	first = spot_pos(g, g->persons.entries[at].spot);
	mc_say(g->report, MC_MSG_NOT_ADJACENT, &m->account->a.pos, "person",
		NULL, "%s: the first is %s:%u:%u; sort the records by person",
		person, first.file, first.line, first.column);
	return true;
}

static void
combine(struct gen *g, struct member *m)
{
	size_t at = g->n_group;

	if (joins(g, m)) {
		if (g->n_group < GROUP_MAX)
			g->n_group++;
		else
			mc_say(g->report, MC_MSG_TOO_MANY, &m->account->a.pos,
				NULL, NULL, "%s: at most %d go into one",
				m->account->a.mailbox_display, GROUP_MAX);
		return;
	}
	members_flush(g);
	g->members[at] = g->members[0];
	g->members[0] = m;
	if (!g->stop && !is_late(g, m))
		g->n_group = 1;
}

static void
process(struct gen *g, struct member *m)
{
	const char *identity = identity_of(g, m);
	unsigned char key[16];

	if (identity != NULL && is_duplicate(g, m, identity, key))
		return;
	complete(g, m, identity);
	if (m->arena.failed) {
		no_memory(g);
		return;
	}
	if (m->account == NULL || identity == NULL)
		return;
	if (!seen_add(&g->identities, key, m->spot, NULL)) {
		no_memory(g);
		return;
	}
	g->n_accounts++;
	g->from_option |= m->account->from_option;
	say_provider(g, m);
	if (g->o.dry_run && g->n_accounts == 1)
		origin_write(g, &m->account->a);
	if (g->o.combine) {
		combine(g, m);
		return;
	}
	g->n_group = 1;
	members_flush(g);
}

void
member_accept(struct gen *g, struct member *m)
{
	if (g->o.single == NULL || g->o.n_from == 0) {
		process(g, m);
		return;
	}
	/* what serves one account waits until it is known to be one */
	if (g->held != NULL) {
		mc_say(g->report, MC_MSG_USAGE, &m->draft->pos, NULL, NULL,
			"%s serves one account, this is the second",
			g->o.single);
		g->stop = true;
		return;
	}
	g->held = m;
	g->members[g->n_group] = NULL;
}

void
members_flush(struct gen *g)
{
	for (size_t i = 0; g->n_group > 0 && i < g->o.n_targets && !g->stop;
		i++)
		documents_make(g, i);
	for (size_t i = 0; i < g->n_group; i++)
		mc_arena_reset(&g->members[i]->arena);
	g->n_group = 0;
	mc_arena_reset(&g->work);
}

void
members_finish(struct gen *g)
{
	if (g->held != NULL) {
		struct member *m = g->held;

		if (g->members[0] != NULL) {
			mc_arena_free(&g->members[0]->arena);
			free(g->members[0]);
		}
		g->members[0] = m;
		g->held = NULL;
		process(g, m);
	}
	if (!g->stop)
		members_flush(g);
}

void
members_free(struct gen *g)
{
	for (size_t i = 0; i <= GROUP_MAX; i++) {
		if (g->members[i] == NULL)
			continue;
		mc_arena_free(&g->members[i]->arena);
		free(g->members[i]);
	}
	if (g->held != NULL) {
		mc_arena_free(&g->held->arena);
		free(g->held);
	}
}
