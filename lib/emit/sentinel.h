/* SPDX-License-Identifier: ISC */
/*
 * The account that the stencil has emitted to see where a person's own values
 * stand: they are text that is nowhere else, in letters that no format
 * escapes, and what was equal stays equal.
 */
#ifndef MC_SENTINEL_H
#define MC_SENTINEL_H

#include "emit.h"

/* What a login or password is equal to. */
enum mc_like {
	MC_LIKE_NONE = 0, /* it is absent */
	MC_LIKE_ITSELF,
	MC_LIKE_MAILBOX,
	MC_LIKE_LOCAL_PART,
	MC_LIKE_IMAP, /* that of an earlier server */
	MC_LIKE_POP3
};
enum mc_like mc_login_like(const struct mailcfg_account *, int protocol);
enum mc_like mc_password_like(const struct mailcfg_account *, int protocol);
/*
 * Which values are equal, in a number.  *signs: MC_SIGN_NEAR is added where a
 * login has it.
 */
unsigned mc_likes(const struct mailcfg_account *, unsigned *signs);

/* Copies `a` into s.  Texts live in the arena; false: out of memory. */
bool mc_make_sentinel(struct mc_arena *, struct mc_account *s,
	const struct mailcfg_account *a);

#endif
