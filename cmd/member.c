/* SPDX-License-Identifier: ISC */
/* From drafts to accounts, and to groups that are written together. */
#include <stdlib.h>
#include <string.h>

#include "context.h"
#include "gen.h"

struct member *
member_next(struct worker *w)
{
	struct member **slot = &w->members[w->n_group];

	if (*slot == NULL)
		*slot = calloc(1, sizeof(**slot));
	if (*slot == NULL) {
		worker_fail(w);
		return NULL;
	}
	w->own = false;
	mc_arena_reset(&(*slot)->arena);
	(*slot)->draft = (*slot)->defaults = NULL;
	(*slot)->account = NULL;
	(*slot)->nobody = false;
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

/*
 * Accounts that are combined must be known to be new at once: there is one
 * worker then.  false: reported.
 */
static bool
claim(struct worker *w, const struct member *m, const char *identity,
	const unsigned char key[16])
{
	struct seen *seen = &w->g->identities;
	struct mailcfg_pos first;
	struct spot spot;

	if (!seen_find(seen, key, &spot)) {
		if (!seen_add(seen, key, m->spot, NULL))
			worker_fail(w);
		return !w->stop;
	}
	first = spot_pos(w->g, spot);
	mc_say(&w->report, MC_MSG_DUPLICATE_ACCOUNT, &m->draft->pos, NULL, NULL,
		"%s: %s:%u:%u came first", identity, first.file, first.line,
		first.column);
	return false;
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
with_password(struct worker *w, struct member *m, const char *identity)
{
	struct gen *g = w->g;
	const struct mailcfg_pos pos = {"--password-from", 0, 0};
	struct relay relay = {&w->report, &m->draft->pos};
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
	ok = source_read(g, &g->o.source, &w->report, identity, &m->draft->pos,
		     &password) &&
		mc_draft_set(copy, MC_PASSWORD, password.bytes, password.size,
			MC_TYPE_STRING, &pos, false, &relayed);
	w->report.errors += relayed.errors;
	w->report.warnings += relayed.warnings;
	password_free(&password);
	return ok ? copy : NULL;
}

static void
complete(struct worker *w, struct member *m, const char *identity)
{
	struct gen *g = w->g;
	struct mc_layers layers = {.draft = {
					   [MC_LAYER_SET] = g->o.set,
					   [MC_LAYER_RECORD] = m->draft,
					   [MC_LAYER_DEFAULTS] = m->defaults,
					   [MC_LAYER_OPTION] = g->o.option,
				   }};
	const struct mc_presets *presets = &g->context->presets;

	if (g->way != NULL && g->way->meet != NULL && identity != NULL) {
		presets = g->way->meet(w, m, identity, &layers);
		if (presets == NULL)
			return;
	}
	if (g->o.source.kind != SOURCE_NONE && identity != NULL && !m->nobody &&
		!has_password(g, m)) {
		layers.draft[MC_LAYER_OPTION] = with_password(w, m, identity);
		if (layers.draft[MC_LAYER_OPTION] == NULL)
			return;
	}
	m->account = mc_complete(presets, &layers, &m->arena, &w->report);
}

/*
 * What must be done at the provider first, where this worker has not told it.
 * The ordered stage tells it once.
 */
static const char *
preparation(struct worker *w, const struct mailcfg_account *a,
	const struct mailcfg_provider *p)
{
	const char *text;
	unsigned char key[16];

	if (p == NULL || p == w->told_last)
		return NULL;
	w->told_last = p;
	seen_key(key, (const char *const[]){p->id, p->pos.file, NULL});
	if (seen_find(&w->told, key, NULL))
		return NULL;
	if (!seen_add(&w->told, key, (struct spot){0}, NULL)) {
		worker_fail(w);
		return NULL;
	}
	text = mc_preparation(&w->batch.arena, a);
	return text == NULL ? "" : text;
}

void
member_done(
	struct worker *w, const struct mc_account *account, struct spot spot)
{
	const struct mailcfg_account *a = &account->a;
	const struct mailcfg_provider *p = a->hints == NULL ? a->provider
							    : a->hints;
	struct entry *e = batch_add(&w->batch, ENTRY_DONE);

	if (e == NULL)
		return;
	e->own = true;
	e->spot = spot;
	e->u.done.provider = p;
	e->u.done.preparation = preparation(w, a, p);
	e->u.done.from_option = account->from_option;
	w->n_accounts++;
}

/* The key of the person, or NULL: the account stands alone. */
static const char *
person_of(const struct worker *w, const struct member *m)
{
	/* the operands of a command line are one person */
	if (w->g->o.n_from == 0)
		return "";
	return m->account->a.person;
}

static bool
joins(const struct worker *w, const struct member *m)
{
	const char *person = person_of(w, m), *other;

	if (w->n_group == 0 || person == NULL)
		return false;
	other = person_of(w, w->members[0]);
	return other != NULL && strcmp(person, other) == 0;
}

/* Whether the person's records were written already, further up. */
static bool
is_late(struct worker *w, const struct member *m)
{
	struct seen *persons = &w->g->persons;
	const char *person = person_of(w, m);
	struct mailcfg_pos first;
	unsigned char key[16];
	struct spot spot;

	if (person == NULL)
		return false;
	seen_key(key, (const char *const[]){person, NULL});
	if (!seen_find(persons, key, &spot)) {
		if (!seen_add(persons, key, m->spot, NULL))
			worker_fail(w);
		return w->stop;
	}
	first = spot_pos(w->g, spot);
	mc_say(&w->report, MC_MSG_NOT_ADJACENT, &m->account->a.pos, "person",
		NULL, "%s: the first is %s:%u:%u; sort the records by person",
		person, first.file, first.line, first.column);
	return true;
}

static void
combine(struct worker *w, struct member *m)
{
	size_t at = w->n_group;

	if (joins(w, m)) {
		if (w->n_group < GROUP_MAX)
			w->n_group++;
		else
			mc_say(&w->report, MC_MSG_TOO_MANY, &m->account->a.pos,
				NULL, NULL, "%s: at most %d go into one",
				m->account->a.mailbox_display, GROUP_MAX);
		return;
	}
	members_flush(w);
	w->members[at] = w->members[0];
	w->members[0] = m;
	if (!w->stop && !is_late(w, m))
		w->n_group = 1;
}

static struct entry *
begin(struct worker *w, enum entry_kind kind, const char *identity,
	struct spot spot)
{
	struct entry *e = batch_add(&w->batch, kind);

	if (e == NULL)
		return NULL;
	w->own = true;
	e->own = true;
	e->spot = spot;
	e->u.seen.text = mc_arena_strdup(&w->batch.arena, identity);
	seen_key(e->u.seen.key, (const char *const[]){identity, NULL});
	if (e->u.seen.text == NULL)
		worker_fail(w);
	return e;
}

void
member_announce(struct worker *w, const char *identity, struct spot spot)
{
	(void)begin(w, ENTRY_RECORD, identity, spot);
}

void
member_whole(
	struct worker *w, const struct mc_account *account, struct spot spot)
{
	const struct mailcfg_account *a = &account->a;
	const struct mailcfg_provider *p = a->hints == NULL ? a->provider
							    : a->hints;
	struct entry *e;

	if (p != NULL && p != w->told_last) {
		member_announce(w, a->identity, spot);
		member_done(w, account, spot);
		return;
	}
	e = begin(w, ENTRY_ACCOUNT, a->identity, spot);
	if (e == NULL)
		return;
	e->u.seen.from_option = account->from_option;
	w->n_accounts++;
}

static void
process(struct worker *w, struct member *m)
{
	const struct gen *g = w->g;
	const char *identity = identity_of(g, m);

	if (identity != NULL &&
		(g->o.grouped != NULL || gen_has_no_targets(g))) {
		unsigned char key[16];

		seen_key(key, (const char *const[]){identity, NULL});
		if (!claim(w, m, identity, key))
			return;
	} else if (identity != NULL) {
		member_announce(w, identity, m->spot);
	}
	complete(w, m, identity);
	if (m->arena.failed) {
		worker_fail(w);
		return;
	}
	if (m->account == NULL || identity == NULL)
		return;
	member_done(w, m->account, m->spot);
	if (g->o.dry_run && w->n_accounts == 1)
		origin_write(w->g, &m->account->a);
	if (g->o.grouped != NULL) {
		combine(w, m);
		return;
	}
	w->n_group = 1;
	members_flush(w);
}

void
member_accept(struct worker *w, struct member *m)
{
	const struct gen_options *o = &w->g->o;

	if (o->single == NULL || o->n_from == 0) {
		process(w, m);
		return;
	}
	/* what serves one account waits until it is known to be one */
	if (w->held != NULL) {
		mc_say(&w->report, MC_MSG_USAGE, &m->draft->pos, NULL, NULL,
			"%s serves one account, this is the second", o->single);
		w->stop = true;
		return;
	}
	w->held = m;
	w->members[w->n_group] = NULL;
}

void
members_flush(struct worker *w)
{
	size_t first = w->batch.n;

	w->n_made = 0;
	for (size_t i = 0; w->n_group > 0 && i < w->g->o.n_targets && !w->stop;
		i++)
		documents_make(w, i);
	if (w->g->way != NULL && w->n_group > 0)
		w->g->way->wrap(w, first);
	/* member_next() empties their arenas */
	w->n_group = 0;
	mc_arena_reset(&w->work);
}

void
members_finish(struct worker *w)
{
	if (w->held != NULL) {
		struct member *m = w->held;

		if (w->members[0] != NULL) {
			mc_arena_free(&w->members[0]->arena);
			free(w->members[0]);
		}
		w->members[0] = m;
		w->held = NULL;
		process(w, m);
	}
	if (!w->stop)
		members_flush(w);
}
