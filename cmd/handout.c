/* SPDX-License-Identifier: ISC */
/* What documents for people tell: of the others, and in which texts. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

static bool
is_wanted(const struct gen_options *o, unsigned bit)
{
	for (size_t i = 0; i < o->n_targets; i++)
		if ((o->targets[i].target->can & bit) != 0)
			return true;
	return false;
}

/* A folder that is not the person's has what is its account's alone. */
bool
handout_joins(const struct gen_options *o, const struct mc_target *target)
{
	if ((target->can & MC_WANTS_MANIFEST) != 0)
		return o->by == BY_PERSON;
	return target->person != NULL &&
		(o->by == BY_NOTHING || o->by == BY_PERSON);
}

/* An option, or a target, or NULL. */
static const char *
why_grouped(const struct gen_options *o)
{
	if (o->combine)
		return "--combine";
	for (size_t i = 0; i < o->n_targets; i++)
		if (handout_joins(o, o->targets[i].target))
			return o->targets[i].target->person != NULL
				? o->targets[i].target->name
				: "--by person";
	return NULL;
}

void
handout_order(struct gen_options *o)
{
	size_t n = 0;

	o->manifest = is_wanted(o, MC_WANTS_MANIFEST);
	o->grouped = why_grouped(o);
	/* what tells of the others comes after them; in their order else */
	for (size_t i = 0; o->manifest && i < o->n_targets; i++) {
		const struct choice choice = o->targets[i];

		if ((choice.target->can & MC_WANTS_MANIFEST) != 0)
			continue;
		memmove(&o->targets[n + 1], &o->targets[n],
			(i - n) * sizeof(choice));
		o->targets[n++] = choice;
	}
}

/* The targets of the run, where they leave some clients out. */
static bool
tell_targets(struct gen *g)
{
	const struct gen_options *o = &g->o;
	const struct mc_target **list = mc_arena_alloc(
		&g->arena, (o->n_targets + 1) * sizeof(void *));
	bool some = false;

	if (list == NULL)
		return false;
	for (size_t i = 0; i < o->n_targets; i++) {
		list[i] = o->targets[i].target;
		some = some || list[i]->clients != NULL;
	}
	if (some)
		g->emit.targets = list;
	return true;
}

static bool
read_texts(struct gen *g, const char *dir)
{
	struct mc_texts *table = &g->texts[g->emit.n_texts];
	bool found;

	if (!mc_texts_read_dir(&g->arena, dir, table, &found, g->report))
		return false;
	g->emit.n_texts += found;
	return true;
}

static bool
open_rules(struct gen *g)
{
	if (!is_wanted(&g->o, MC_EXPLAINS))
		return true;
	g->emit.rules = &g->rules;
	if (mc_rules_unpack(&g->arena, &mc_builtin_errors, &g->rules))
		return true;
	g->arena.failed = true;
	return false;
}

bool
handout_prepare(struct gen *g)
{
	bool speaks = is_wanted(&g->o, MC_SPEAKS), ok;

	/* a message speaks, too */
	if (!speaks && g->way == NULL && g->o.templates != NULL) {
		const struct mailcfg_pos pos = {"--templates", 0, 0};

		mc_say(g->report, MC_MSG_OPTION_UNUSED, &pos, NULL, NULL,
			"no target speaks to people");
	}
	if (!speaks)
		return true;
	g->emit.texts = g->texts;
	ok = tell_targets(g) && templates_read(g, "guide", read_texts) &&
		open_rules(g);
	if (g->arena.failed)
		complain_memory(g->program);
	return ok && !g->arena.failed;
}

void
handout_made(struct worker *w, const struct mc_made *made)
{
	const struct mailcfg_account **list = mc_arena_alloc(
		&w->work, made->n * sizeof(void *));

	if (list != NULL && w->n_made == w->room_made) {
		size_t room = w->room_made == 0 ? 32 : 2 * w->room_made;
		struct mc_made *all = realloc(w->made, room * sizeof(*all));

		if (all != NULL) {
			w->made = all;
			w->room_made = room;
		}
	}
	if (list == NULL || w->n_made == w->room_made) {
		worker_fail(w);
		return;
	}
	for (size_t i = 0; i < made->n; i++)
		list[i] = made->accounts[i];
	w->made[w->n_made] = *made;
	w->made[w->n_made++].accounts = list;
}
