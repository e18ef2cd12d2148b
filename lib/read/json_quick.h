/* SPDX-License-Identifier: ISC */
#ifndef MC_JSON_QUICK_H
#define MC_JSON_QUICK_H

#include "json.h"

/*
 * A record from a JSON text that has nothing odd in it, in one pass.  It makes
 * what json_scan.c and the library make, or returns false and says nothing:
 * then those do the work, and tell what is wrong.
 */
bool mc_json_quick(struct mc_reader *, const struct mc_json_text *,
	struct mc_arena *, struct mc_record *);

#endif
