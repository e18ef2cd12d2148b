/* SPDX-License-Identifier: ISC */
/* Payloads of a profile for calendars and address books. */
#ifndef MC_APPLE_DAV_H
#define MC_APPLE_DAV_H

#include "apple_dict.h"

struct mc_apple_dav {
	const char *description, *host, *password, *port, *use_ssl, *user;
	const char *purpose, *type, *words;
	size_t offset; /* of the server in struct mailcfg_account */
};
extern const struct mc_apple_dav mc_apple_caldav, mc_apple_carddav;

/*
 * With the account's login and password, where both mail servers have them.
 * NULL: out of memory.
 */
plist_t mc_apple_dav(struct mc_emit *, const struct mailcfg_account *,
	const char *identifier, const struct mc_apple_dav *);

#endif
