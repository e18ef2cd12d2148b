/* SPDX-License-Identifier: ISC */
#ifndef MC_URL_H
#define MC_URL_H

#include <stddef.h>

#include "arena.h"
#include "mailcfg.h"

enum mc_url_fault {
	MC_URL_OK = 0,
	MC_URL_SCHEME,   /* no such scheme, or not this protocol's */
	MC_URL_PASSWORD, /* there is a password in it */
	MC_URL_PORT,
	MC_URL_USER, /* bad percent-encoding */
	MC_URL_TAIL, /* a path, query or fragment */
	MC_URL_EMPTY,
	MC_URL_MEMORY
};

/* A server URL taken apart; host and user are not yet validated. */
struct mc_url {
	enum mailcfg_tls tls;
	unsigned port;    /* never 0: the scheme's default */
	const char *host; /* may hold placeholders */
	const char *user; /* percent-decoded; NULL: none */
	size_t host_at;   /* offsets in code points, for positions */
	size_t fault_at;
};

/*
 * imaps://[user@]host[:port] and its like; a bare host[:port] means implicit
 * TLS.  The standard ports are RFC 8314's.
 */
enum mc_url_fault mc_url_parse(struct mc_arena *, enum mailcfg_protocol,
	const char *, struct mc_url *);
const char *mc_url_fault_name(enum mc_url_fault);

/* The standard port of a protocol and TLS mode: 993, 143, 995, 110, 465, 587.
 */
unsigned mc_default_port(enum mailcfg_protocol, enum mailcfg_tls);
/* What a port means where TLS is not named: STARTTLS on 25, 110, 143, 587. */
enum mailcfg_tls mc_port_tls(unsigned port);
/* The URL of an offer, as presets write it: the port only when odd. */
const char *mc_url_write(struct mc_arena *, enum mailcfg_protocol,
	enum mailcfg_tls, const char *host, unsigned port);

#endif
