/* SPDX-License-Identifier: ISC */
/* --rejects: records that were refused, ready to be mended and fed again. */
#include "gen.h"
#include "read/reject.h"

void
rejects_begin(struct gen *g, const struct mc_syntax *syntax, const char *head,
	size_t n)
{
	if (!g->rejects.open)
		return;
	g->rejected = syntax;
	mc_buf_reset(&g->head);
	mc_buf_add(&g->head, head, n);
	g->rejects.buf.failed = g->rejects.buf.failed || g->head.failed;
}

void
rejects_add(struct gen *g, const struct entry *raw, const char *reason)
{
	struct mc_buf *out = &g->rejects.buf;
	const struct mc_reject record = {
		.head = g->head.data,
		.n_head = g->head.len,
		.raw = raw->u.raw.text,
		.n_raw = raw->u.raw.size,
		.reason = reason,
		.count = g->n_rejects,
	};

	if (g->rejected == NULL || raw->u.raw.text == NULL)
		return;
	if (g->n_rejects == 0)
		mc_reject_begin(out, g->rejected, g->head.data, g->head.len);
	mc_reject_record(out, g->rejected, &record);
	g->n_rejects++;
	log_flush(&g->rejects, false);
}

void
rejects_finish(struct gen *g)
{
	if (g->n_rejects > 0)
		mc_reject_end(&g->rejects.buf, g->rejected, g->head.len > 0);
	log_close(&g->rejects, g->program, true);
	mc_buf_free(&g->head);
}
