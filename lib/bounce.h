/* SPDX-License-Identifier: ISC */
/* Bounces: reports (RFC 3464) and what mailers wrote before there were any. */
#ifndef MC_BOUNCE_H
#define MC_BOUNCE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

enum { MC_BOUNCE_ITEMS = 256 }; /* more recipients are left out */

/* What became of one recipient.  Texts may hold anything but NUL. */
struct mc_bounce_item {
	const char *recipient; /* NULL: not told */
	const char *status;    /* "5.1.1"; NULL: not told */
	const char *said;      /* the diagnostic code's text; NULL: not told */
	const char *source;    /* names of the server that said it; or NULL */
};

struct mc_bounce {
	struct mc_bounce_item item[MC_BOUNCE_ITEMS];
	size_t n;              /* 0: it is no report */
	const char *recipient; /* X-Failed-Recipients; or NULL */
	const char *text; /* for people, without the message that came back */
	size_t n_text;
};

/* Whether the text begins as a message does. */
bool mc_bounce_is_message(const char *, size_t n);
/* Reads a message.  false: out of memory. */
bool mc_bounce_read(
	struct mc_arena *, const char *, size_t n, struct mc_bounce *);

#endif
