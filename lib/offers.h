/* SPDX-License-Identifier: ISC */
/*
 * Mail servers as a domain or a document offers them to everybody of a
 * domain: what a preset is made of.  They come from outside: what is no host,
 * port or login never gets in, and what no preset can say becomes a note.
 */
#ifndef MC_OFFERS_H
#define MC_OFFERS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diag.h"
#include "mailcfg.h"

enum {
	MC_OFFERS = 32,
	MC_OFFERS_DOMAINS = 1024,
	MC_OFFERS_LINKS = 16,
	MC_OFFERS_NOTES = 32,
	MC_OFFERS_BYTES = 1024 * 1024 /* of a document */
};

struct mc_offers {
	/* given, the rest is zero */
	struct mc_arena *arena;
	struct mc_report *report; /* of what makes a document useless */
	const char *file;         /* for positions */
	/* whom an answer was made for: the address is not taken literally */
	const char *mailbox; /* NULL: nobody */
	/* found */
	const char *id;       /* what it calls itself; not checked; or NULL */
	const char *name;     /* of who offers; clean; NULL: not said */
	const char **domains; /* whose mail it is: A-labels, none twice */
	size_t n_domains;
	struct mailcfg_offer *list; /* in its order, none twice */
	unsigned *lines;            /* where each stands; 0: in no line */
	size_t n;
	struct mailcfg_link *links;
	size_t n_links;
	const char **notes; /* in English, for people; clean; none twice */
	size_t n_notes;
};

/*
 * What is bad is held back with a note, what is too much too; nothing is added
 * once the arena has failed.
 */

/* A mail domain. */
void mc_offers_domain(struct mc_offers *, const char *);
/*
 * A server.  host: not yet checked; login: with {mailbox} {local-part}
 * {domain}; NULL: not said.
 */
void mc_offers_add(
	struct mc_offers *, const struct mailcfg_offer *, unsigned line);
/* A page; only https, others are left out without a word. */
void mc_offers_link(struct mc_offers *, const char *kind, const char *url);
void mc_offers_name(struct mc_offers *, const char *);
/* line: 0 is none. */
void mc_offers_note(struct mc_offers *, unsigned line, const char *, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * As presets have them: IMAP, POP3, submission, implicit TLS before STARTTLS,
 * and no cleartext where the protocol has TLS.
 */
void mc_offers_prefer(struct mc_offers *);
/* What can be a preset's id of the text; NULL: nothing. */
const char *mc_offers_id(struct mc_arena *, const char *text);
/*
 * A preset of what is offered, preferred as above; it is one of provider.h's.
 * NULL: out of memory.
 */
struct mc_preset;
struct mc_preset *mc_offers_preset(struct mc_offers *, const char *id);

#endif
