/* SPDX-License-Identifier: ISC */
#ifndef MC_DAV_H
#define MC_DAV_H

#include "arena.h"
#include "mailcfg.h"

/*
 * Takes https://host[:port][/path] apart, into the arena.  NULL, or what is
 * wrong with it, a static text.
 */
const char *mc_dav_parse(
	struct mc_arena *, const char *text, struct mailcfg_dav *);

#endif
