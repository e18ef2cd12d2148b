/* SPDX-License-Identifier: ISC */
/*
 * The stencil: how to repeat a document for many accounts without building it
 * again.  It knows no format.
 *
 * The shape of an account's documents is everything an emitter may branch on:
 * servers, what is present, which values are equal, the bits of check().  The
 * second account of a shape compiles it: the emitter runs once more on an
 * account whose personal values are sentinels, and what lies between them is
 * kept.  From then on values are poured.  A shape whose first pouring does not
 * give the very bytes that were emitted is emitted for ever.
 *
 * One thread's; several may exist side by side.
 */
#ifndef MC_STENCIL_H
#define MC_STENCIL_H

#include "emit.h"

struct mc_stencil;
struct mc_bound;

/* Zero-initialise it but for options. */
struct mc_stencils {
	const struct mc_options *options;
	bool off;                /* always emit */
	struct mc_stencil *slot; /* the cache */
	size_t n;
	struct mc_bound *bound;   /* a quicker one, of accounts with a kind */
	unsigned turn;            /* which of its places is taken next */
	unsigned long long clock; /* of use, for the oldest to go */
	struct mc_buf key;
	struct mc_buf scratch; /* what is poured */
	struct mc_buf made[MC_DOCS_MAX];
	/* what was done, for tests */
	unsigned long emitted;
	unsigned long poured;
	unsigned long compiled;
};

/*
 * Appends to e->out[] the documents that begin, item, end would make of one
 * admitted account with these bits of shape; with MC_SCOPE_RUN what item alone
 * would.  e->target, options, arena are set.  false: out
 * of memory or a library failed; what was appended must be dropped.
 */
bool mc_stencil_make(struct mc_stencils *, struct mc_emit *,
	const struct mailcfg_account *, unsigned long long shape);
/*
 * Of empty ones: they begin with what others know, which are not used
 * meanwhile; with less when memory runs out.
 */
void mc_stencils_learn(struct mc_stencils *, const struct mc_stencils *);
void mc_stencils_free(struct mc_stencils *);

#endif
