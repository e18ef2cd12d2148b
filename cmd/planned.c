/* SPDX-License-Identifier: ISC */
/*
 * Records that are like others: a plan completes them, and what a target said
 * of one account it says of each that has the same shape.
 */
#include <string.h>

#include "context.h"
#include "emit/sentinel.h"
#include "gen.h"

enum { PLANS = 32, SHAPES = 8, CALM = 16 };

/* What a target said of an account with these bits of shape. */
struct said {
	struct verdict verdict;
	struct mailcfg_diag *diags;
	unsigned long long *kins;
	size_t *places; /* of what each is said */
	bool *known;    /* which ones are only counted: nobody asks where */
	size_t n;
};

/* A place that is no item of the record: the record, or not in it at all. */
enum { PLACE_RECORD = MC_COLUMNS, PLACE_ELSEWHERE };

/*
 * What is said of accounts that have these values equal, and none of the signs
 * that the target heeds: it need not be asked.
 */
struct calm {
	const struct said *said;
	enum mc_scope scope;
	unsigned likes;
};

/* What is kept with a plan: for each target. */
struct opinion {
	struct said said[SHAPES];
	size_t n;
	struct calm calm[CALM];
	size_t n_calm;
};

void
planned_stop(struct worker *w)
{
	mc_plans_free(&w->plans);
	w->plans = (struct mc_plans){0};
}

void
planned_start(struct worker *w, struct mc_binding *binding,
	const struct mc_draft *defaults)
{
	const struct gen_options *o = &w->g->o;

	planned_stop(w);
	/* accounts that are combined, picked or asked about go the long way */
	if (w->g->way != NULL || o->no_stencil || o->grouped != NULL ||
		o->dry_run || o->single != NULL || o->n_operands > 0 ||
		o->source.kind != SOURCE_NONE)
		return;
	w->layers = (struct mc_layers){.draft = {
					       [MC_LAYER_SET] = o->set,
					       [MC_LAYER_DEFAULTS] = defaults,
					       [MC_LAYER_OPTION] = o->option,
				       }};
	w->plans = (struct mc_plans){.presets = &w->g->context->presets,
		.layers = &w->layers,
		.binding = binding,
		.most = PLANS,
		.kind = &w->kind};
	for (size_t i = 0; i < o->n_targets; i++)
		if ((o->targets[i].target->can & MC_HAS_IDENTIFIER) != 0)
			w->plans.identifiers = true;
}

void
planned_refresh(struct worker *w)
{
	/* entries that wait refer to what is kept with a plan */
	if (w->plans.n > 0 && w->plans.n == w->plans.most &&
		w->plans.refused > PLANS && w->batch.n == 0)
		mc_plans_free(&w->plans);
}

static const struct said *
said_of(const struct opinion *opinion, const struct verdict *verdict)
{
	for (size_t i = 0; i < opinion->n; i++)
		if (opinion->said[i].verdict.shape == verdict->shape &&
			opinion->said[i].verdict.sum == verdict->sum &&
			opinion->said[i].verdict.refused == verdict->refused)
			return &opinion->said[i];
	return NULL;
}

static bool
same_pos(const struct mailcfg_pos *a, const struct mailcfg_pos *b)
{
	return a->file == b->file && a->line == b->line &&
		a->column == b->column;
}

/* Of what in the record something is said at that position. */
static size_t
place_of(const struct mc_record *record, const struct mailcfg_pos *pos)
{
	for (size_t i = 0; i < record->n_items && i < MC_COLUMNS; i++)
		if (same_pos(&record->items[i].pos, pos))
			return i;
	return same_pos(&record->pos, pos) ? PLACE_RECORD : PLACE_ELSEWHERE;
}

/* Where the place is in this record; line 0: where it was before. */
static struct spot
spot_of(const struct mc_record *record, size_t place, struct spot spot)
{
	if (place == PLACE_RECORD)
		return spot;
	if (place == PLACE_ELSEWHERE)
		return (struct spot){0};
	spot.line = record->items[place].pos.line;
	spot.column = record->items[place].pos.column < UINT16_MAX
		? (uint16_t)record->items[place].pos.column
		: UINT16_MAX;
	return spot;
}

/* Whether the target acts on no more than what is present and what equal. */
static bool
is_calm(const struct gen *g, const struct mc_target *target,
	const struct mc_account *account)
{
	unsigned signs = account->signs;

	if (g->emit.embed_password)
		signs |= account->secret_signs;
	return (target->heeds & MC_HEEDS_SIGNS) != 0 &&
		(target->heeds & signs) == 0;
}

static const struct calm *
calm_of(const struct opinion *opinion, const struct mc_account *account)
{
	for (size_t i = 0; i < opinion->n_calm; i++)
		if (opinion->calm[i].likes == account->likes)
			return &opinion->calm[i];
	return NULL;
}

/* What the target says of the account; NULL: it has more to say than is known.
 */
static const struct said *
ask(struct worker *w, size_t at, struct opinion *opinion,
	const struct mc_account *account,
	const struct mailcfg_account **admitted, enum mc_scope *scope)
{
	const struct choice *choice = &w->g->o.targets[at];
	const struct mc_target *target = choice->target;
	struct mc_report mute = {0};
	unsigned long long shape = 0;
	const struct mailcfg_account *a = mc_target_admit(target, &account->a,
		&w->g->emit, choice->lenient, &w->work, &mute, &shape);
	const struct verdict verdict = {
		a == NULL ? 0 : shape, mute.sum, a == NULL};
	const struct said *said = said_of(opinion, &verdict);

	/* which must not be taken for a refusal */
	if (said == NULL || w->work.failed || mute.errors > 0 ||
		mute.warnings + mute.notes != said->n)
		return NULL;
	*admitted = a;
	if (a == NULL)
		return said;
	*scope = mc_target_scope(target, a, &w->g->emit);
	/* an account that was changed for the target stays its own case */
	if (a == &account->a && opinion->n_calm < CALM &&
		is_calm(w->g, target, account))
		opinion->calm[opinion->n_calm++] = (struct calm){
			said, *scope, account->likes};
	return said;
}

static bool
is_mute(const struct worker *w)
{
	const struct complain *complain = &w->g->program->complain;

	return complain->quiet && complain->report == NULL;
}

/* One target.  false: it has more to say than is known. */
static bool
take_target(struct worker *w, size_t at, struct opinion *opinion,
	const struct mc_account *account, struct mc_record *record,
	struct spot spot)
{
	const struct mc_target *target = w->g->o.targets[at].target;
	const struct mailcfg_account *a = &account->a;
	enum mc_scope scope = MC_SCOPE_ACCOUNT;
	const struct calm *calm = NULL;
	const struct said *said;

	if (is_calm(w->g, target, account))
		calm = calm_of(opinion, account);
	if (calm != NULL) {
		said = calm->said;
		scope = calm->scope;
	} else {
		said = ask(w, at, opinion, account, &a, &scope);
	}
	if (said == NULL)
		return false;
	/* quiet, nothing but errors is told */
	for (size_t i = is_mute(w) ? said->n : 0; i < said->n; i++) {
		struct entry *e = batch_add(&w->batch, ENTRY_REPEAT);

		if (e == NULL)
			return true;
		e->own = true;
		e->spot = spot;
		if (said->places[i] < PLACE_RECORD && !said->known[i])
			mc_record_places(record);
		if (!said->known[i])
			e->spot = spot_of(record, said->places[i], spot);
		e->u.repeat.known = &said->known[i];
		e->u.repeat.diag = &said->diags[i];
		e->u.repeat.kin = said->kins[i];
	}
	if (a != NULL)
		document_make(w, at, a, said->verdict.shape, scope, spot);
	return true;
}

bool
planned_take(struct worker *w, struct mc_record *record, struct spot spot)
{
	struct batch *b = &w->batch;
	struct mc_account *account = NULL;
	struct opinion *opinions;
	struct mc_plan *plan = NULL;
	size_t n = b->n, size = b->out.len;
	bool taken = true;

	if (w->plans.n > 0)
		account = mc_plan_apply(&w->plans, record, &w->work, &plan);
	if (account == NULL) {
		mc_arena_reset(&w->work);
		return false;
	}
	w->n_made = 0;
	account->likes = mc_likes(&account->a, &account->signs);
	opinions = *mc_plan_note(plan);
	member_whole(w, account, spot);
	for (size_t i = 0; i < w->g->o.n_targets && taken && !w->stop; i++)
		taken = take_target(w, i, &opinions[i], account, record, spot);
	mc_arena_reset(&w->work);
	if (taken)
		return true;
	/* as if nothing had been */
	document_take_back(b, n, size);
	w->n_accounts--;
	w->own = false;
	return false;
}

/* Remembers what the target said of the record in the entries from n on. */
static void
remember(struct worker *w, size_t at, struct opinion *opinion,
	const struct mc_record *record, struct mc_arena *arena, size_t n)
{
	const struct mc_target *target = w->g->o.targets[at].target;
	const struct batch *b = &w->batch;
	struct said *said = &opinion->said[opinion->n];

	if (opinion->n == SHAPES || said_of(opinion, &w->verdicts[at]) != NULL)
		return;
	*said = (struct said){.verdict = w->verdicts[at]};
	said->diags = mc_arena_alloc(
		arena, (b->n - n + 1) * sizeof(said->diags[0]));
	said->kins = mc_arena_alloc(
		arena, (b->n - n + 1) * sizeof(said->kins[0]));
	said->places = mc_arena_alloc(
		arena, (b->n - n + 1) * sizeof(said->places[0]));
	said->known = mc_arena_alloc(
		arena, (b->n - n + 1) * sizeof(said->known[0]));
	for (size_t i = n; i < b->n && !arena->failed; i++) {
		const struct mailcfg_diag *diag = b->entries[i].u.diag;
		struct mailcfg_diag *copy = &said->diags[said->n];

		if (b->entries[i].kind != ENTRY_SAY || diag->target == NULL ||
			strcmp(diag->target, target->name) != 0)
			continue;
		if (diag->level == MAILCFG_ERROR)
			return;
		*copy = *diag;
		copy->detail = mc_arena_strdup(arena, diag->detail);
		copy->field = diag->field == NULL
			? NULL
			: mc_arena_strdup(arena, diag->field);
		said->places[said->n] = place_of(record, &diag->pos);
		said->kins[said->n++] = complain_kin(diag);
	}
	opinion->n += !arena->failed;
}

/* Whether nothing was said before the account was complete. */
static bool
was_smooth(const struct batch *b, size_t n)
{
	bool done = false;

	for (; n < b->n && !done; n++) {
		if (b->entries[n].kind == ENTRY_SAY)
			return false;
		done = b->entries[n].kind == ENTRY_DONE;
	}
	return done;
}

void
planned_learn(struct worker *w, const struct mc_record *record, size_t n)
{
	size_t targets = w->g->o.n_targets;
	struct mc_plan *plan = NULL;
	struct opinion *opinions;
	struct mc_arena *arena;

	if (w->plans.most == 0 || w->stop || !was_smooth(&w->batch, n))
		return;
	/* a shape more of a plan that fits, or a new plan */
	if (mc_plan_apply(&w->plans, record, &w->work, &plan) == NULL)
		plan = mc_plan_learn(&w->plans, record);
	mc_arena_reset(&w->work);
	if (plan == NULL)
		return;
	arena = mc_plan_arena(plan);
	opinions = *mc_plan_note(plan);
	if (opinions == NULL)
		opinions = mc_arena_alloc(arena, targets * sizeof(*opinions));
	*mc_plan_note(plan) = opinions;
	for (size_t i = 0; opinions != NULL && i < targets; i++)
		remember(w, i, &opinions[i], record, arena, n);
	if (arena->failed)
		worker_fail(w);
}
