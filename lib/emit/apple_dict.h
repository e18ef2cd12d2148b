/* SPDX-License-Identifier: ISC */
/* Dictionaries of a profile, through libplist. */
#ifndef MC_APPLE_DICT_H
#define MC_APPLE_DICT_H

#include <plist/plist.h>

#include "../uuid.h"
#include "emit.h"

/*
 * A dictionary in the making; its keys are put in the order of ASCII.  Out of
 * memory the library leaves things out without a word: mc_dict_end drops it
 * then.
 */
struct mc_dict {
	plist_t node;
	bool failed;
};

/* Takes the value; NULL is a failure. */
void mc_dict_put(struct mc_dict *, const char *key, plist_t);
/* Text that is not there is left out, never written empty. */
void mc_dict_text(struct mc_dict *, const char *key, const char *);
void mc_dict_number(struct mc_dict *, const char *key, unsigned);
void mc_dict_switch(struct mc_dict *, const char *key, bool);
/* Seconds since 1970, as date.h knows them. */
void mc_dict_date(struct mc_dict *, const char *key, long long);
/* The finished dictionary; NULL: out of memory. */
plist_t mc_dict_end(struct mc_dict *);

/* What stands at the end of every payload, and of the profile. */
struct mc_frame {
	const char *description;
	const char *title;
	const char *identifier;
	const struct mc_purpose *purpose;
	const char *organization;
	const char *type;
};

void mc_dict_frame(
	struct mc_dict *, struct mc_arena *, const struct mc_frame *);

#endif
