/* SPDX-License-Identifier: ISC */
/*
 * Servers chosen of what a domain publishes.  For each protocol the first place
 * counts that offers it, those that vouch for themselves before the others.
 */
#ifndef MC_CHOSEN_H
#define MC_CHOSEN_H

#include "net/published.h"
#include "offers.h"

struct chosen {
	/* given */
	struct mc_arena *arena;
	struct mc_report *report;
	const char *domain;
	struct mc_published p;
	/* found */
	struct mc_offers offers;
	bool unproved; /* a place that nobody vouches for was chosen */
	bool doubted[MAILCFG_PROTOCOLS]; /* for this protocol */
	bool hosted; /* the preset of who takes the mail was */
};

void chosen_choose(struct chosen *);
/* A preset of them for the domain; NULL: out of memory. */
struct mc_preset *chosen_preset(struct chosen *);
/* Whether it is published, and not only known here. */
bool chosen_is_published(const struct mc_published_source *);
/* NULL: there is none, or out of memory. */
const char *chosen_dav_url(struct mc_arena *, const struct mailcfg_dav *);

#endif
