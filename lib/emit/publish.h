/* SPDX-License-Identifier: ISC */
/*
 * Documents in a target's dialect that mail domains publish, whoever made
 * them: where they are to be had, and how they are read.
 */
#ifndef MC_PUBLISH_H
#define MC_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>

#include "../buf.h"
#include "../offers.h"
#include "back.h"

struct mc_publication {
	const char *kind; /* one word, for people */
	/*
	 * Where a domain has it, the best first; {domain}, and {address},
	 * which is an address of it, percent-encoded.  NULL-ended.
	 */
	const char *const *urls;
	/* the same where nobody vouches for what comes: http; or NULL */
	const char *const *plain_urls;
	/* a label whose SRV records name the {host} of srv_url; or NULL */
	const char *srv;
	const char *srv_url;
	/* What is sent, by POST; NULL: GET.  false: out of memory. */
	bool (*request)(struct mc_buf *, const char *mailbox);
	const char *request_type; /* its media type */
	/*
	 * Finds the offers.  MC_BACK_BAD: it is of the kind, and nothing in it
	 * can be used, which was reported; or out of memory.
	 */
	enum mc_back_result (*read)(
		struct mc_offers *, const char *bytes, size_t n);
};

#endif
