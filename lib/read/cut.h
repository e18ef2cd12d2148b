/* SPDX-License-Identifier: ISC */
/*
 * Blocks of whole records, cut out of the source in one thread and read in
 * many.  Only quotes and line ends are looked for: it must be much quicker
 * than reading.
 */
#ifndef MC_CUT_H
#define MC_CUT_H

#include <stdint.h>

#include "input.h"

/* As the states of csv.c, of which it is the shadow. */
enum mc_cut_state { MC_CUT_PLAIN = 0, MC_CUT_QUOTED, MC_CUT_QUOTE };

struct mc_cut {
	bool table;     /* records of cells, not lines */
	char delimiter; /* of cells */
	/* bytes at hand that were looked at; that are whole records */
	size_t seen;
	size_t whole;
	enum mc_cut_state state;
	bool inside; /* MC_CUT_PLAIN: not at the start of a cell */
	bool skip;   /* the rest of a record that is too big */
	bool waited; /* it was told that nothing is there yet */
};

/* struct mc_syntax, cut() */
enum mc_fill mc_cut(struct mc_reader *, struct mc_cut *, struct mc_buf *block,
	struct mc_place *);

#endif
