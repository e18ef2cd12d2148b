/* SPDX-License-Identifier: ISC */
/*
 * Questions to the domain name system.  Answers come from whoever likes to
 * give them: names that are no host names, ports that are none, and more
 * records than anybody needs are dropped.
 */
#ifndef MC_DNS_H
#define MC_DNS_H

#include <stdbool.h>
#include <stddef.h>

#include "../arena.h"

enum mc_dns_type {
	MC_DNS_A = 0, /* also of localhost, and /etc/hosts (mc_dns_open) */
	MC_DNS_AAAA,
	MC_DNS_SRV,
	MC_DNS_MX,
	MC_DNS_TXT,
};

enum mc_dns_fate {
	MC_DNS_FOUND = 0, /* there are records, or all were dropped */
	MC_DNS_ABSENT,    /* no such name, or no such records */
	MC_DNS_FAILED     /* nobody knows: no answer, or a server's fault */
};

enum { MC_DNS_RECORDS = 32, MC_DNS_TEXT = 512 };

struct mc_dns_record {
	/*
	 * SRV, MX: A-labels, lower case; NULL: ".", the service is decidedly
	 * not offered (RFC 2782, RFC 7505).
	 */
	const char *host;
	const char *text; /* A, AAAA: the address; TXT: what it says, clean */
	unsigned port;    /* SRV: 1 to 65535; 0 where host is NULL */
	unsigned priority;
	unsigned weight;
};

struct mc_dns_question {
	/* asked; [a-z0-9_-] labels, else the fate is MC_DNS_ABSENT */
	const char *name;
	enum mc_dns_type type;
	/* answered, in the arena */
	enum mc_dns_fate fate;
	const char *why; /* NULL where records were found; a static text */
	/* by priority, the greater weight first, then by name */
	const struct mc_dns_record *records;
	size_t n;
	size_t dropped; /* records that cannot be used */
};

struct mc_dns;
/*
 * servers: "ADDRESS[:PORT],...", IPv6 in brackets; NULL: the system's, after
 * /etc/hosts.  Names are whole: no domain is added to them.  NULL: the list is
 * none, and *bad; or out of memory.
 */
struct mc_dns *mc_dns_open(const char *servers, bool *bad);
/*
 * Asks all at once, for 6 seconds where one server is silent, and 8 at most.
 * false: out of memory.
 */
bool mc_dns_ask(
	struct mc_dns *, struct mc_arena *, struct mc_dns_question *, size_t n);
/* Whom to ask now and then whether to stop: what is left has failed then. */
void mc_dns_stop_when(struct mc_dns *, bool (*stopped)(void *), void *context);
void mc_dns_close(struct mc_dns *);

#endif
