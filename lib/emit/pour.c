/* SPDX-License-Identifier: ISC */
#include "pour.h"

#include <stdlib.h>
#include <string.h>

#include "holes.h"

/* Bytes that are copied at once, also where fewer are wanted. */
enum { STEP = 64 };

/* Text as it stands in the document, and what is poured behind it. */
struct mc_mould_part {
	unsigned start; /* of the text in `literal` */
	unsigned size;
	unsigned left; /* of text in the document, this one's included */
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
	*part = (struct mc_mould_part){.start = (unsigned)mould->literal.len,
		.size = (unsigned)n,
		.doc = (unsigned char)doc,
		.hole = -1};
	if (hole >= 0)
		part->hole = (signed char)use_hole(mould, (unsigned char)hole);
	mould->n_parts++;
	mc_buf_add(&mould->literal, text, n);
	return !mould->literal.failed;
}

/* What is copied in steps is read a little further. */
static bool
pad(struct mc_buf *buf)
{
	return mc_buf_spare(buf, STEP) != NULL;
}

bool
mc_mould_end(struct mc_mould *mould)
{
	const struct mc_mould_part *next = NULL;

	for (size_t i = mould->n_parts; i > 0; i--) {
		struct mc_mould_part *part = &mould->parts[i - 1];

		part->left = part->size;
		if (next != NULL && next->doc == part->doc)
			part->left += next->left;
		next = part;
	}
	return pad(&mould->literal);
}

bool
mc_mould_copy(struct mc_mould *mould, const struct mc_mould *from)
{
	*mould = *from;
	mould->literal = (struct mc_buf){0};
	mc_buf_add(&mould->literal, from->literal.data, from->literal.len);
	mould->parts = calloc(from->n_parts, sizeof(from->parts[0]));
	if (mould->parts == NULL || !pad(&mould->literal))
		return false;
	memcpy(mould->parts, from->parts,
		from->n_parts * sizeof(from->parts[0]));
	return true;
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

/* Where the value of each hole is in the scratch. */
struct values {
	const char *scratch;
	size_t start[MC_MOULD_HOLES];
	size_t size[MC_MOULD_HOLES];
};

/*
 * Values first, and text later: what depends on the person is over before what
 * the processor can foresee begins.
 */
static bool
write_values(const struct mc_mould *mould, const struct mc_emit *e,
	const struct mailcfg_account *a, struct mc_buf *scratch,
	struct values *values)
{
	mc_buf_rewind(scratch);
	for (size_t i = 0; i < mould->n_used; i++) {
		values->start[i] = scratch->len;
		if (!mc_hole_write(&e->target->holes[mould->used[i]], e->arena,
			    a, scratch))
			return false;
		values->size[i] = scratch->len - values->start[i];
	}
	if (!pad(scratch))
		return false;
	values->scratch = scratch->data;
	return true;
}

/* The document that begins with the part; what comes behind it, or NULL. */
static const struct mc_mould_part *
pour(const struct mc_mould *mould, const struct mc_mould_part *part,
	const struct values *values, struct mc_buf *out)
{
	char *to = mc_buf_spare(out, part->left + STEP);

	while (to != NULL) {
		signed char hole = part->hole;

		to = put(to, mould->literal.data + part->start, part->size);
		part++;
		out->len = (size_t)(to - out->data);
		if (hole < 0)
			break;
		to = mc_buf_spare(out, values->size[hole] + part->left + STEP);
		if (to != NULL)
			to = put(to, values->scratch + values->start[hole],
				values->size[hole]);
	}
	if (to == NULL)
		return NULL;
	*to = '\0';
	return part;
}

bool
mc_mould_pour(const struct mc_mould *mould, struct mc_buf *scratch,
	const struct mc_emit *e, const struct mailcfg_account *a,
	struct mc_buf *out)
{
	const struct mc_mould_part *part = mould->parts;
	struct values values MC_UNINITIALIZED;

	if (!write_values(mould, e, a, scratch, &values))
		return false;
	while (part != NULL && part < mould->parts + mould->n_parts)
		part = pour(mould, part, &values, &out[part->doc]);
	return part != NULL;
}

void
mc_mould_free(struct mc_mould *mould)
{
	mc_buf_free(&mould->literal);
	free(mould->parts);
	*mould = (struct mc_mould){0};
}
