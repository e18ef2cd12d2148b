/* SPDX-License-Identifier: ISC */
/*
 * How the records of an input are taken: one after the other where they stand,
 * or in blocks by several threads.
 */
#include <time.h>

#include "from.h"
#include "pipeline.h"

/* Bytes of blocks, and of what is best made of one. */
enum {
	BLOCK_LEAST = 4 * 1024,
	BLOCK_FIRST = 16 * 1024,
	BLOCK_MOST = 64 * 1024,
	BLOCK_MAKES = 1024 * 1024,
	BLOCK_OFTEN = 640 * 1024, /* more than most of them make */
	ENOUGH = 512 * 1024,      /* of documents, where no blocks are cut */
	LITTLE = 32 * 1024,
	BLOCK_LASTS = 10 * 1000 * 1000 /* nanoseconds */
};

/* Somebody waits for each account, or there is enough for once. */
static bool
is_enough(const struct input *in)
{
	return in->g->o.source.kind != SOURCE_NONE ||
		gen_has_no_targets(in->g) || in->w->batch.full;
}

/*
 * What the sink did not write, as it is no whole block, stands before what
 * comes next: so it need not be put together.
 */
static void
take_rest(struct input *in)
{
	const struct mc_buf *rest = &in->g->sink.bytes;
	struct batch *b = &in->w->batch;

	if (!gen_is_framed(in->g))
		return;
	mc_buf_add(&b->out, rest->data, rest->len);
	if (!b->out.failed)
		b->lead = rest->len;
}

/*
 * What grows step by step is copied, wiped and given back each time: once more
 * than a little is there, room is made for so many bytes in all.
 */
static void
make_room(struct mc_buf *out, size_t all)
{
	if (out->len > LITTLE && out->cap < all)
		(void)mc_buf_spare(out, all - out->len);
}

static void
read_in_one(struct input *in)
{
	bool more = true;

	planned_start(in->w, &in->binding, NULL);
	while (more && !in->g->stop && stop_signal() == 0) {
		struct batch *b = &in->w->batch;

		planned_refresh(in->w);
		more = input_step(in, in->w, in->reader);
		make_room(&b->out, ENOUGH);
		b->full = b->n >= 1024 || b->out.len >= ENOUGH;
		/* no other thread would work while it is written */
		b->gives = b->full;
		if (more && !is_enough(in))
			continue;
		input_settle(in);
		if (more)
			take_rest(in);
	}
	planned_stop(in->w);
}

static bool
cut_block(void *context, struct worker *w)
{
	struct input *in = context;
	enum mc_fill fill;

	in->w = w;
	mc_reader_block(in->reader, in->block);
	fill = in->syntax->cut(in->reader, &w->batch.in, &w->place);
	if (w->batch.in.failed)
		worker_fail(w);
	return fill == MC_FILL_MORE && !w->stop;
}

/*
 * Short records make long documents, and signing takes long: what a block
 * makes shall stay small, and no thread work on when the others are done.
 */
static void
adapt(struct input *in, size_t taken, size_t made, long long lasted)
{
	size_t block = in->block;

	if (made > BLOCK_MAKES && taken > 0)
		block = taken / (made / BLOCK_MAKES + 1);
	else if (lasted > BLOCK_LASTS && taken > 0)
		block = taken / ((size_t)(lasted / BLOCK_LASTS) + 1);
	else if (lasted < BLOCK_LASTS / 2 && taken > block / 2 &&
		made / taken * block < BLOCK_MAKES / 2)
		/* no other thread has doubled it since, and all of it would */
		block *= 2;
	in->block = block < BLOCK_LEAST ? BLOCK_LEAST
		: block > BLOCK_MOST    ? BLOCK_MOST
					: block;
}

static long long
nanoseconds(clockid_t clock)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(clock, &t);
	return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

/*
 * How long the worker worked on a block.  What others did meanwhile does not
 * count, but to know that takes a system call: so where it was long, it is the
 * mean of the blocks since it was long before, if that is less.
 */
static long long
worked(struct worker *w, long long begun)
{
	long long lasted = nanoseconds(CLOCK_MONOTONIC) - begun, mean, spent;

	w->quick++;
	if (lasted < BLOCK_LASTS / 2)
		return lasted;
	spent = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
	mean = (spent - w->spent) / w->quick;
	w->spent = spent;
	w->quick = 0;
	return mean < lasted ? mean : lasted;
}

static void
make_block(void *context, struct worker *w)
{
	struct input *in = context;
	const struct batch *b = &w->batch;
	long long begun;

	/* it comes before the source is waited for: nothing is held back */
	if (b->in.len == 0)
		return;
	begun = nanoseconds(CLOCK_MONOTONIC);
	if (w->reader == NULL) {
		planned_start(w, &in->binding, in->defaults);
		w->reader = in->syntax->fork(in->reader, &w->report);
	}
	if (w->reader == NULL) {
		worker_fail(w);
		return;
	}
	planned_refresh(w);
	in->syntax->feed(w->reader, b->in.data, b->in.len, &w->place);
	while (input_step(in, w, w->reader) && stop_signal() == 0)
		make_room(&w->batch.out, BLOCK_OFTEN);
	in->records += b->records;
	w->batch.full = true;
	adapt(in, b->in.len, b->out.len, worked(w, begun));
}

static void
leave(void *context, struct worker *w)
{
	const struct input *in = context;

	if (w->reader != NULL)
		in->syntax->close(w->reader);
	w->reader = NULL;
	planned_stop(w);
}

/*
 * Whether there are several threads, and each record can be dealt with by any
 * of them.  One alone takes records where they stand: cutting is work, too.
 */
static bool
is_free(const struct input *in)
{
	const struct gen_options *o = &in->g->o;

	return o->jobs > 1 && in->syntax->cut != NULL && o->grouped == NULL &&
		o->single == NULL && o->source.kind == SOURCE_NONE &&
		!o->dry_run && !gen_has_no_targets(in->g);
}

static void
read_in_blocks(struct input *in)
{
	const struct pipeline pipeline = {in, cut_block, make_block, leave};

	/* the header is everybody's */
	if (in->syntax->columns && !input_step(in, in->w, in->reader)) {
		input_settle(in);
		return;
	}
	input_settle(in);
	if (!in->g->stop)
		pipeline_run(in->g, &pipeline);
	in->w = &in->g->worker;
}

void
input_take(struct input *in)
{
	in->block = in->g->signer == NULL ? BLOCK_FIRST : BLOCK_LEAST;
	if (is_free(in))
		read_in_blocks(in);
	else
		read_in_one(in);
}
