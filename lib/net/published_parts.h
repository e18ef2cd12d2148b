/* SPDX-License-Identifier: ISC */
/* What the parts of published.h share. */
#ifndef MC_PUBLISHED_PARTS_H
#define MC_PUBLISHED_PARTS_H

#include "../offers.h"
#include "dns.h"
#include "published.h"

enum { MC_PUBLISHED_SOURCES = 32 };

/* Looking. */
struct mc_publishing {
	struct mc_arena *arena;
	const struct mc_published_query *query;
	struct mc_published *out;
	struct mc_published_source *sources; /* out's, to be filled */
	const char *mailbox;                 /* whom to ask for */
	struct mc_dns *dns;
	bool deaf; /* no name server answers */
};

/* The next source; NULL: there are too many. */
struct mc_published_source *mc_published_add(
	struct mc_publishing *, const char *kind, const char *place);
/* Remembers that a question has no answer. */
void mc_published_heed(struct mc_publishing *, const struct mc_dns_question *);
/* What was read becomes the source's. */
void mc_published_take(struct mc_publishing *, struct mc_published_source *,
	const struct mc_offers *);
/* Documents.  false: out of memory. */
bool mc_published_documents(struct mc_publishing *);

#endif
