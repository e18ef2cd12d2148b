/* SPDX-License-Identifier: ISC */
/*
 * Where an account's document lies on the web: a URL with places for what is
 * the account's own.  {token} is 160 bits of HMAC-SHA-256 of the identity,
 * which nobody guesses who has not the site's secret.
 */
#ifndef MC_LINK_H
#define MC_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "digest.h"
#include "mailcfg.h"

enum {
	MC_LINK_MAX = 1024,  /* bytes of a pattern */
	MC_LINK_SECRET = 32, /* bytes that a secret has at least */
	MC_TOKEN_SIZE = 33   /* 32 letters and digits, and NUL */
};

struct mc_link {
	/* https://..., holds {token} {mailbox} {local-part} {domain} */
	const char *pattern;
	struct mc_hmac_key key; /* of {token} */
};

/* NULL: the pattern can be used; else a static text. */
const char *mc_link_fault(const char *pattern);
bool mc_link_has_token(const char *pattern);
/* Whether no two accounts have one URL. */
bool mc_link_is_personal(const char *pattern);

void mc_link_token(
	const struct mc_link *, const char *identity, char out[MC_TOKEN_SIZE]);
/* NULL: out of memory. */
const char *mc_link_url(struct mc_arena *, const struct mc_link *,
	const struct mailcfg_account *);
/*
 * The name of the file that the URL leads to, when its last part is personal
 * and ends in the suffix.  NULL: it names none, or out of memory.
 */
const char *mc_link_name(struct mc_arena *, const struct mc_link *,
	const struct mailcfg_account *, const char *suffix);

#endif
