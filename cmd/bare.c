/* SPDX-License-Identifier: ISC */
/*
 * Documents of which nobody asks for more than the bytes, one behind the other:
 * what document.c does for them, without what it does for all others.
 */
#include "gen.h"
#include "guard.h"

void
bare_prepare(struct gen *g)
{
	bool bare = gen_is_framed(g) && g->way == NULL &&
		g->sink.frame->silent && g->o.report == NULL && !g->o.manifest;

	for (size_t i = 0; i < g->o.n_targets; i++) {
		struct choice *choice = &g->o.targets[i];
		const struct mc_target *target = choice->target;

		choice->bare = bare && mc_target_docs(target) == 1 &&
			target->form == NULL &&
			!gen_signs(g, &target->docs[0]) &&
			(target->can & MC_ONE_PER_DOMAIN) == 0;
	}
}

void
bare_make(struct worker *w, size_t at, const struct mailcfg_account *a,
	unsigned long long shape, struct spot spot)
{
	const struct mc_target *target = w->g->o.targets[at].target;
	struct mc_emit *e = &w->emit;
	struct batch *b = &w->batch;
	size_t start = b->out.len, n = b->n;
	struct entry *entry = NULL;
	bool ok;

	e->target = target;
	e->options = &w->g->emit;
	e->arena = &w->work;
	e->out[0] = b->out;
	ok = mc_stencil_make(&w->stencils, e, a, shape) && !guard_failed();
	b->out = e->out[0];
	if (ok && !b->out.failed && !b->arena.failed)
		entry = batch_add(b, ENTRY_DOC);
	if (entry == NULL) {
		document_take_back(b, n, start);
		worker_fail(w);
		return;
	}
	entry->own = true;
	entry->secret = document_is_secret(w->g, &target->docs[0], &a, 1);
	entry->target = (unsigned short)at;
	entry->spot = spot;
	entry->u.doc.start = start;
	entry->u.doc.size = b->out.len - start;
}
