/* SPDX-License-Identifier: ISC */
/*
 * What a mail domain publishes of its servers, place by place, as it stands
 * there; nothing is completed, and nothing is made up of several places.
 */
#ifndef MC_PUBLISHED_H
#define MC_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>

#include "../arena.h"
#include "../mailcfg.h"

enum mc_published_fate {
	MC_PUBLISHED_FOUND = 0, /* there are offers, or refusals */
	MC_PUBLISHED_ABSENT,    /* it is not there */
	MC_PUBLISHED_UNUSABLE,  /* it is, and cannot be read or trusted */
	MC_PUBLISHED_FAILED     /* nobody knows: no answer, bad certificate */
};
/* "found" and so on. */
const char *mc_published_word(enum mc_published_fate);

/* What a place tells of. */
enum mc_published_service {
	MC_PUBLISHED_MAIL = 0,
	MC_PUBLISHED_CALDAV,
	MC_PUBLISHED_CARDDAV
};

struct mc_published_source {
	/*
	 * "srv", "preset", or what the target calls it that reads the
	 * document: "autoconfig", "autodiscover".
	 */
	const char *kind;
	enum mc_published_service service;
	/* the URL that answered, a DNS name, or where the preset stands */
	const char *place;
	enum mc_published_fate fate;
	const char *why; /* NULL where it was found; clean English else */
	/*
	 * In the order in which the place wants them tried.  host, port, tls
	 * are sound; host and login may hold placeholders (mc_expand); a login
	 * of NULL is not said, and means the address.
	 */
	const struct mailcfg_offer *offers;
	/* of each: the place if it is a closer one than `place`; or NULL */
	const char *const *places;
	size_t n;
	/* SRV: neither login nor auth is said, and neither means anything */
	bool bare;
	/* DNS alone says so, which anybody on the way can change */
	bool unproved;
	/*
	 * Protocols that are decidedly not offered: 1 << enum mailcfg_protocol
	 * for implicit TLS, 16 << for STARTTLS.
	 */
	unsigned refused;
	/*
	 * Calendars or contacts, the most wanted first; none at a place that
	 * was found: they are decidedly not offered.  path NULL: not said.
	 */
	const struct mailcfg_dav *dav;
	size_t n_dav;
	/* what else it says, for people; clean */
	const char *const *notes;
	size_t n_notes;
};

#define MC_PUBLISHED_STARTTLS 16u
/* The bit of a service that is refused. */
static inline unsigned
mc_published_bit(unsigned protocol, enum mailcfg_tls tls)
{
	return (tls == MAILCFG_TLS_STARTTLS ? MC_PUBLISHED_STARTTLS : 1u)
		<< protocol;
}

struct mc_published {
	/*
	 * Those that vouch for themselves first: documents, then SRV; of
	 * calendars and contacts only those that are there.
	 */
	const struct mc_published_source *sources;
	size_t n_sources;
	const char *name; /* of who offers it; NULL: nobody says */
	/* where mail for the domain goes, most wanted first */
	const char *const *mx;
	size_t n_mx;
	/* the preset whose domain holds the first of them; NULL: none */
	const struct mailcfg_provider *host;
	/* the most wanted, by SRV; host NULL: none */
	struct mailcfg_dav caldav;
	struct mailcfg_dav carddav;
	/*
	 * Why nobody knows of some records or hosts whether there are any: the
	 * name service gave no answer, a static text; NULL: it did.
	 */
	const char *unknown;
};

struct mc_presets;
struct mc_published_query {
	const char *domain;  /* A-labels */
	const char *mailbox; /* whom to ask for; NULL: postmaster */
	const struct mc_presets *presets; /* NULL: none is asked */
	const char *servers; /* name servers, dns.h; NULL: the system's */
	const char *ca_file; /* NULL: the system's certificates */
	/*
	 * For tests and rehearsals: "ADDRESS:PORT" where every web server is
	 * taken to be, the certificate still wanted; NULL: the real ones.
	 */
	const char *web;
	bool (*stopped)(void *); /* asked now and then; NULL: never */
	void *context;
};

/*
 * Asks, for half a minute at the most while servers play dead.  The caller
 * has initialised libcurl.  What is found lives in the arena.  false: out of
 * memory, or *bad: `servers` is no list.
 */
bool mc_published_find(struct mc_arena *, const struct mc_published_query *,
	struct mc_published *, bool *bad);

#endif
