/* SPDX-License-Identifier: ISC */
/*
 * Thunderbird for Android and K-9 Mail, which are one program under two names:
 * what they can do, whatever carries the settings to them.
 */
#ifndef MC_ANDROID_CLIENT_H
#define MC_ANDROID_CLIENT_H

#include "emit.h"

/* Refuses the ways to log in, and the aliases, that they do not have. */
void mc_android_check(struct mc_check *);
/* A password that is written; they have no use for one beside OAuth2. */
const char *mc_android_password(
	const struct mailcfg_server *, const struct mc_options *);

#endif
