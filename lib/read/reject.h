/* SPDX-License-Identifier: ISC */
/*
 * Records that were refused, written in their own syntax with the reason, so
 * that they can be mended and fed again.  JSON and tables have the reason as
 * mailcfg_reason, which readers accept and ignore; the others as a comment.
 */
#ifndef MC_REJECT_H
#define MC_REJECT_H

#include "read.h"

struct mc_reject {
	const char *head; /* the header as it came; tables */
	size_t n_head;
	const char *raw; /* the record as it came */
	size_t n_raw;
	const char *reason;  /* one line */
	unsigned long count; /* of records before it */
};

/* All append.  head: the header or the defaults as they came; n 0: neither. */
void mc_reject_begin(
	struct mc_buf *, const struct mc_syntax *, const char *head, size_t n);
void mc_reject_record(
	struct mc_buf *, const struct mc_syntax *, const struct mc_reject *);
void mc_reject_end(struct mc_buf *, const struct mc_syntax *, bool had_head);

#endif
