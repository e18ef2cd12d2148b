/* SPDX-License-Identifier: ISC */
/*
 * The line that says how far a run is, on a terminal, for work that takes over
 * half a second.
 */
#ifndef MC_PROGRESS_H
#define MC_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct complain;

struct progress {
	bool on;
	struct complain *complain; /* clears the line before it speaks */
	int64_t start;             /* nanoseconds */
	int64_t last;
	uint64_t total;        /* bytes of all inputs; 0: not known */
	_Atomic uint64_t read; /* of them */
};
void progress_start(struct progress *, struct complain *);
/* So many accounts are done. */
void progress_show(struct progress *, unsigned long accounts);

#endif
