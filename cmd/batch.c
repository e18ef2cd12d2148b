/* SPDX-License-Identifier: ISC */
/* What came of a block of records, until its turn comes. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

struct entry *
batch_add(struct batch *b, enum entry_kind kind)
{
	struct entry *e;

	/* what follows would stand without what is missing */
	if (b->no_memory)
		return NULL;
	if (b->n == b->size) {
		size_t size = b->size == 0 ? 64 : 2 * b->size;

		e = realloc(b->entries, size * sizeof(*e));
		if (e == NULL) {
			b->no_memory = true;
			return NULL;
		}
		b->entries = e;
		b->size = size;
	}
	e = &b->entries[b->n++];
	*e = (struct entry){.kind = (unsigned char)kind};
	return e;
}

void
batch_say(struct batch *b, const struct mailcfg_diag *diag, bool own)
{
	struct mailcfg_diag *copy = mc_arena_alloc(&b->arena, sizeof(*copy));
	struct entry *e;

	if (copy == NULL) {
		b->no_memory = true;
		return;
	}
	*copy = *diag;
	copy->detail = mc_arena_strdup(&b->arena, diag->detail);
	if (diag->field != NULL)
		copy->field = mc_arena_strdup(&b->arena, diag->field);
	if (b->arena.failed) {
		b->no_memory = true;
		return;
	}
	e = batch_add(b, ENTRY_SAY);
	if (e == NULL)
		return;
	e->own = own;
	e->u.diag = copy;
}

void
batch_reset(struct batch *b)
{
	mc_arena_reset(&b->arena);
	mc_buf_rewind(&b->in);
	mc_buf_rewind(&b->out);
	b->lead = 0;
	b->full = b->gives = false;
	b->n = 0;
	b->records = 0;
	b->no_memory = false;
}

void
batch_free(struct batch *b)
{
	batch_reset(b);
	mc_arena_free(&b->arena);
	mc_buf_free(&b->in);
	mc_buf_free(&b->out);
	free(b->entries);
	*b = (struct batch){0};
}

/* A mailcfg_report_fn. */
static void
record(void *context, const struct mailcfg_diag *diag)
{
	struct worker *w = context;

	batch_say(&w->batch, diag, w->own);
}

void
worker_fail(struct worker *w)
{
	w->batch.no_memory = true;
	w->stop = true;
}

void
worker_start(struct worker *w, struct gen *g)
{
	w->g = g;
	w->report.fn = record;
	w->report.context = w;
	w->stencils.options = &g->emit;
	w->stencils.off = g->o.no_stencil;
	w->verdicts = calloc(g->o.n_targets, sizeof(*w->verdicts));
	w->remembered = calloc(
		g->o.n_targets * REMEMBERED, sizeof(*w->remembered));
	if (g->signer != NULL)
		w->signing = mc_signing_new(g->signer);
	if ((g->o.n_targets > 0 &&
		    (w->verdicts == NULL || w->remembered == NULL)) ||
		(g->signer != NULL && w->signing == NULL))
		worker_fail(w);
}

void
worker_free(struct worker *w)
{
	for (size_t i = 0; i <= GROUP_MAX; i++) {
		if (w->members[i] == NULL)
			continue;
		mc_arena_free(&w->members[i]->arena);
		free(w->members[i]);
	}
	if (w->held != NULL) {
		mc_arena_free(&w->held->arena);
		free(w->held);
	}
	for (size_t i = 0; i < MC_DOCS_MAX; i++)
		mc_buf_free(&w->out[i]);
	mc_stencils_free(&w->stencils);
	mc_signing_free(w->signing);
	seen_free(&w->told);
	planned_stop(w);
	for (size_t i = 0;
		w->remembered != NULL && i < w->g->o.n_targets * REMEMBERED;
		i++)
		mc_buf_free(&w->remembered[i].bytes);
	free(w->remembered);
	free(w->made);
	free(w->verdicts);
	mc_arena_free(&w->work);
	batch_free(&w->batch);
}
