/* SPDX-License-Identifier: ISC */
#include "pour.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "holes.h"

/* Bytes that are copied at once, also where fewer are wanted. */
enum { STEP = 64 };

/* Text as it stands in the document, and what is poured behind it. */
struct mc_mould_part {
	unsigned start; /* of the text in `literal` */
	unsigned size;
	unsigned char doc;
	signed char hole; /* into used[]; -1: none */
};

bool
mc_hole_write(const struct mc_hole *hole, struct mc_arena *arena,
	const struct mailcfg_account *a, struct mc_buf *out)
{
	const char *text = hole->get(arena, a);

	if (text == NULL)
		return !arena->failed;
	if (hole->escape == NULL)
		mc_buf_puts(out, text);
	else
		hole->escape(out, text);
	return !out->failed;
}

bool
mc_mould_begin(struct mc_mould *mould, size_t docs)
{
	mould->parts = calloc(MC_MOULD_PARTS + docs, sizeof(mould->parts[0]));
	return mould->parts != NULL;
}

static int
use_hole(struct mc_mould *mould, unsigned char hole)
{
	for (size_t i = 0; i < mould->n_used; i++)
		if (mould->used[i] == hole)
			return (int)i;
	mould->used[mould->n_used] = hole;
	return (int)mould->n_used++;
}

bool
mc_mould_add(struct mc_mould *mould, size_t doc, const char *text, size_t n,
	int hole)
{
	struct mc_mould_part *part = &mould->parts[mould->n_parts];

	if (hole >= 0 && mould->n_parts >= MC_MOULD_PARTS)
		return false;
	*part = (struct mc_mould_part){(unsigned)mould->literal.len,
		(unsigned)n, (unsigned char)doc, -1};
	if (hole >= 0) {
		part->hole = (signed char)use_hole(mould, (unsigned char)hole);
		if (mould->uses[doc][part->hole]++ == UCHAR_MAX)
			return false;
	}
	mould->n_parts++;
	mould->literal_size[doc] += n;
	mc_buf_add(&mould->literal, text, n);
	return !mould->literal.failed;
}

bool
mc_mould_end(struct mc_mould *mould)
{
	/* what is copied in steps is read a little further */
	if (mc_buf_room(&mould->literal, STEP) != NULL)
		mould->literal.len -= STEP;
	return !mould->literal.failed;
}

static bool
is_of_domain(const struct mc_hole *hole)
{
	return hole->get == mc_get_domain || hole->get == mc_get_domain_display;
}

bool
mc_mould_fill(struct mc_mould *mould, const struct mc_mould *from,
	struct mc_buf *scratch, const struct mc_emit *e,
	const struct mailcfg_account *a)
{
	size_t docs = mc_target_docs(e->target);

	if (!mc_mould_begin(mould, docs))
		return false;
	mc_buf_reset(scratch);
	for (size_t i = 0; i < from->n_parts; i++) {
		const struct mc_mould_part *part = &from->parts[i];
		bool last = i + 1 == from->n_parts ||
			from->parts[i + 1].doc != part->doc;
		int hole = part->hole < 0 ? -1 : from->used[part->hole];

		mc_buf_add(
			scratch, from->literal.data + part->start, part->size);
		if (hole >= 0 && is_of_domain(&e->target->holes[hole])) {
			if (!mc_hole_write(&e->target->holes[hole], e->arena, a,
				    scratch))
				return false;
			hole = -1;
		}
		if (hole < 0 && !last)
			continue;
		if (scratch->failed ||
			!mc_mould_add(mould, part->doc,
				scratch->len == 0 ? "" : scratch->data,
				scratch->len, hole))
			return false;
		mc_buf_reset(scratch);
	}
	return mc_mould_end(mould);
}

/* Copies n bytes, and touches up to STEP - 1 behind them on both sides. */
static inline char *
put(char *to, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i += STEP)
		memcpy(to + i, from + i, STEP);
	return to + n;
}

bool
mc_mould_pour(const struct mc_mould *mould, struct mc_buf *scratch,
	const struct mc_emit *e, const struct mailcfg_account *a,
	struct mc_buf out[MC_DOCS_MAX])
{
	size_t docs = mc_target_docs(e->target);
	size_t start[MC_MOULD_HOLES + 1];
	char *to[MC_DOCS_MAX];

	mc_buf_rewind(scratch);
	for (size_t i = 0; i < mould->n_used; i++) {
		start[i] = scratch->len;
		if (!mc_hole_write(&e->target->holes[mould->used[i]], e->arena,
			    a, scratch))
			return false;
	}
	start[mould->n_used] = scratch->len;
	if (mc_buf_room(scratch, STEP) == NULL)
		return false;
	for (size_t d = 0; d < docs; d++) {
		size_t n = mould->literal_size[d];

		for (size_t i = 0; i < mould->n_used; i++)
			n += mould->uses[d][i] * (start[i + 1] - start[i]);
		to[d] = mc_buf_room(&out[d], n + STEP);
		if (to[d] == NULL)
			return false;
		out[d].len -= STEP;
	}
	for (size_t i = 0; i < mould->n_parts; i++) {
		const struct mc_mould_part *part = &mould->parts[i];
		char *at = put(to[part->doc], mould->literal.data + part->start,
			part->size);

		if (part->hole >= 0)
			at = put(at, scratch->data + start[part->hole],
				start[part->hole + 1] - start[part->hole]);
		to[part->doc] = at;
	}
	for (size_t d = 0; d < docs; d++)
		*to[d] = '\0';
	return true;
}

void
mc_mould_free(struct mc_mould *mould)
{
	mc_buf_free(&mould->literal);
	free(mould->parts);
	*mould = (struct mc_mould){0};
}
