/* SPDX-License-Identifier: ISC */
/*
 * Documents read back: bytes in, accounts out.  A signature is taken off, and
 * the targets are asked in turn whose kind of document it is.
 */
#ifndef MC_SHOW_H
#define MC_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "cms_read.h"
#include "diag.h"
#include "emit/back.h"
#include "mailcfg.h"

/* The most bytes of a document, signature and all. */
enum { MC_SHOW_BYTES = MC_CMS_BYTES };

struct mc_show {
	const char *file; /* for positions */
	const char
		*roots; /* certificates that are trusted; NULL: the system's */
	int64_t now;    /* seconds since 1970 */
	struct mc_arena *arena; /* for all that is found */
	struct mc_report *report;
};

struct mc_shown {
	const char *target; /* whose kind of document it is */
	struct mc_signature signature;
	/* as they stand in the document; ends with NULL */
	const struct mailcfg_account *const *accounts;
	size_t n;
	const struct mc_back_note *notes;
	bool secret; /* a password is inside */
};

/*
 * false: nothing could be read, which was reported, or arena->failed.  What
 * else is wrong is reported, and left out; a signature that does not hold is
 * an error, and its content is shown.
 */
bool mc_show(
	const struct mc_show *, const char *bytes, size_t n, struct mc_shown *);
/*
 * Appends the accounts as the list that a target of that name makes ("yaml",
 * "json"), with passwords only where `secrets`.  false: out of memory.
 */
bool mc_shown_write(const struct mc_show *, const struct mc_shown *,
	const char *target, bool secrets, struct mc_buf *);

#endif
