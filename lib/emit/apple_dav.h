/* SPDX-License-Identifier: ISC */
/* Payloads of a profile for calendars and address books. */
#ifndef MC_APPLE_DAV_H
#define MC_APPLE_DAV_H

#include "apple_dict.h"
#include "apple_keys.h"

/*
 * With the account's login and password, where both mail servers have them.
 * NULL: out of memory.
 */
plist_t mc_apple_dav(struct mc_emit *, const struct mailcfg_account *,
	const char *identifier, const struct mc_apple_dav *);

#endif
