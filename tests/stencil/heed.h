/* SPDX-License-Identifier: ISC */
/* Whether a target heeds no more than it says: `heeds` of emit.h. */
#ifndef HEED_H
#define HEED_H

#include "emit/emit.h"

enum heed {
	HEED_SILENT = 0, /* the account has a sign that it heeds, or it is odd
			  */
	HEED_KEPT,
	HEED_BROKEN
};

/*
 * Asks the target about the account, and about another one that is alike but
 * for its name, login, password and local-part.
 */
enum heed heed(const struct mc_target *, const struct mailcfg_account *,
	const struct mc_options *);

#endif
