/* SPDX-License-Identifier: ISC */
/*
 * Small documents from web servers that nobody here knows: https with a
 * verified certificate, no redirect to anything else, no proxy, no cookie, no
 * login, at most 1 MiB each.
 */
#ifndef MC_FETCH_H
#define MC_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "../arena.h"
#include "../buf.h"

enum mc_fetch_fate {
	MC_FETCH_FOUND = 0,
	MC_FETCH_ABSENT,   /* the server, or the host's name, says so */
	MC_FETCH_UNUSABLE, /* too big, a login is wanted, sent elsewhere */
	MC_FETCH_FAILED    /* no connection, bad certificate, server's fault */
};

struct mc_fetch {
	/* asked */
	const char *url;       /* https://, or http:// where `plain` */
	bool plain;            /* what comes is not to be trusted */
	const char *body;      /* to POST; NULL: GET */
	const char *body_type; /* media type */
	/* of its host; "": it has none; NULL: the system shall look */
	const char *address;
	/* answered; strings in the arena, clean */
	enum mc_fetch_fate fate;
	const char *why;   /* NULL where it was found */
	const char *place; /* the URL, or where it led to, without its query */
	struct mc_buf answer; /* for mc_buf_free() */
};

struct mc_fetch_way {
	const char *ca_file;     /* NULL: the system's */
	const char *web;         /* "ADDRESS:PORT" of every server; NULL */
	long patience;           /* milliseconds for all; 0: 15 s */
	bool (*stopped)(void *); /* asked now and then; NULL: never */
	void *context;
};

/* Asks all at once.  false: out of memory. */
bool mc_fetch_all(struct mc_arena *, const struct mc_fetch_way *,
	struct mc_fetch *, size_t n);

#endif
