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
	const struct frame *frame = g->sink.frame;
	bool bare = gen_is_framed(g) && g->way == NULL && frame != NULL &&
		frame->silent && g->o.report == NULL && !g->o.manifest;

	for (size_t i = 0; i < g->o.n_targets; i++) {
		struct choice *choice = &g->o.targets[i];
		const struct mc_target *target = choice->target;

		choice->bare = bare && mc_target_docs(target) == 1 &&
			target->form == NULL &&
			!gen_signs(g, &target->docs[0]) &&
			(target->can & MC_ONE_PER_DOMAIN) == 0;
	}
}

/* The entry of the account, if it can tell of the document, too; or NULL. */
static struct entry *
account_entry(const struct batch *b, size_t start)
{
	struct entry *e = b->n == 0 ? NULL : &b->entries[b->n - 1];

	return e != NULL && e->kind == ENTRY_ACCOUNT && e->u.seen.size == 0 &&
			b->out.len > start && b->out.len <= UINT32_MAX
		? e
		: NULL;
}

static void
enter(struct worker *w, size_t at, const struct mailcfg_account *a,
	size_t start, struct spot spot)
{
	const struct mc_target *target = w->g->o.targets[at].target;
	struct batch *b = &w->batch;
	struct entry *e = account_entry(b, start);

	if (e != NULL) {
		e->u.seen.start = (uint32_t)start;
		e->u.seen.size = (uint32_t)(b->out.len - start);
		return;
	}
	e = batch_add(b, ENTRY_DOC);
	if (e == NULL)
		return;
	e->own = true;
	e->secret = document_is_secret(w->g, &target->docs[0], &a, 1);
	e->target = (unsigned short)at;
	e->spot = spot;
	e->u.doc.start = start;
	e->u.doc.size = b->out.len - start;
}

void
bare_make(struct worker *w, size_t at, const struct mailcfg_account *a,
	unsigned long long shape, struct spot spot)
{
	struct mc_emit *e = &w->emit;
	struct batch *b = &w->batch;
	size_t start = b->out.len, n = b->n;
	bool ok;

	e->target = w->g->o.targets[at].target;
	e->options = &w->g->emit;
	e->out = &b->out;
	e->arena = &w->work;
	ok = mc_stencil_make(&w->stencils, e, a, shape) && !guard_failed();
	if (ok && !b->out.failed && !b->arena.failed) {
		enter(w, at, a, start, spot);
		return;
	}
	document_take_back(b, n, start);
	worker_fail(w);
}
