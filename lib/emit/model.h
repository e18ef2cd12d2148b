/* SPDX-License-Identifier: ISC */
/*
 * The model written down: the walk over an account's fields that the targets
 * have in common which write records of our own.  What they write is a record
 * for our readers, and gives the same account again.
 */
#ifndef MC_MODEL_H
#define MC_MODEL_H

#include "emit.h"
#include "holes.h"

/* What can be told; the targets' rows have it. */
#define MC_CAN_MODEL                                                       \
	(MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_OAUTH2 | MC_CAN_SECRET | \
		MC_CAN_UTF8 | MC_CAN_ALIASES | MC_CAN_CALDAV |             \
		MC_CAN_CARDDAV | MC_CAN_PREFIX | MC_CAN_SMTP_SECRET |      \
		MC_CAN_BOTH | MC_BY_NAME_ONLY | MC_ONE_LIST)

/*
 * Who is told.  Keys are names of fields; between open and close, the parts of
 * the field that was opened.  Nothing is told twice.
 */
struct mc_visitor {
	/* free text */
	void (*text)(void *context, const char *key, const char *);
	/* a word of ours */
	void (*word)(void *context, const char *key, const char *);
	void (*number)(void *context, const char *key, unsigned);
	void (*list)(
		void *context, const char *key, const char *const *, size_t n);
	void (*open)(void *context, const char *key);
	void (*close)(void *context);
};

/*
 * Tells everything, passwords only where the options allow.  What is told may
 * live in the arena.  An account as it stands (account.h) will do.
 */
void mc_model_walk(const struct mailcfg_account *, const struct mc_options *,
	struct mc_arena *, const struct mc_visitor *, void *context);

/* The personal values in what is told: rows of holes[]. */
/* clang-format off */
#define MC_MODEL_HOLES(escape)                                           \
	{mc_get_mailbox, escape}, {mc_get_name, escape},                 \
	{mc_get_given_name, escape}, {mc_get_family_name, escape},       \
	{mc_get_person, escape}, {mc_get_deliver_to, escape},            \
	{mc_get_login, escape}, {mc_get_smtp_login, escape},             \
	{mc_get_other_login, escape}, {mc_get_password, escape},         \
	{mc_get_smtp_password, escape}, {mc_get_other_password, escape}, \
	{NULL, NULL}
/* clang-format on */

/* What no record can say, and the shape. */
void mc_model_check(struct mc_check *);
/* The scope: one list for the run. */
enum mc_scope mc_model_scope(
	const struct mailcfg_account *, const struct mc_options *);

#endif
