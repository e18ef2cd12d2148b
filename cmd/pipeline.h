/* SPDX-License-Identifier: ISC */
/*
 * Blocks of records, each read, completed and made into documents by one of
 * several threads, and carried out in the order of the input.  Bytes and order
 * do not depend on the number of threads.
 */
#ifndef MC_PIPELINE_H
#define MC_PIPELINE_H

#include "gen.h"

/* What is done to a block.  The functions get `context`. */
struct pipeline {
	void *context;
	/*
	 * Cuts the next block off into w->batch.in; one thread at a time.
	 * false: there is none.
	 */
	bool (*cut)(void *, struct worker *);
	/* Makes of it what the batch shall hold; any thread. */
	void (*make)(void *, struct worker *);
	/* The worker makes no more. */
	void (*leave)(void *, struct worker *);
};

/* Until the last block, or until g->stop, or a signal. */
void pipeline_run(struct gen *, const struct pipeline *);

#endif
