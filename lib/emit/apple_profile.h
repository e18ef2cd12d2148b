/* SPDX-License-Identifier: ISC */
/* A profile that is being read, and the dictionaries in it. */
#ifndef MC_APPLE_PROFILE_H
#define MC_APPLE_PROFILE_H

#include "apple_keys.h"
#include "apple_plist.h"
#include "back.h"

/* One of its payloads. */
struct mc_apple_payload {
	struct mc_back *back;
	struct mc_plist *dict;
	size_t number; /* from 1; 0: the profile itself */
	const char *type;
	/* A mail payload's; NULL in others. */
	struct mc_draft *draft;
	const char *password;   /* of fetching; NULL: not inside */
	const char *identifier; /* NULL: it has none */
	bool caldav, carddav;   /* it has got one */
};

static inline struct mc_back_place
mc_apple_place(const struct mc_plist *node)
{
	return (struct mc_back_place){node->line, node->column};
}

/* The value; NULL: there is none.  A key that stands twice is reported. */
struct mc_plist *mc_apple_find(struct mc_apple_payload *, const char *key);
/* The same, but it counts as not met, and nothing is said. */
struct mc_plist *mc_apple_peek(
	const struct mc_apple_payload *, const char *key);
/* Text; NULL: absent, empty, or something else, which is reported. */
const struct mc_plist *mc_apple_text(
	struct mc_apple_payload *, const char *key);
/* The same, when all that counts is what it says. */
const char *mc_apple_word(struct mc_apple_payload *, const char *key);
/* Whether it is on; `otherwise` where it is not said. */
bool mc_apple_switch(
	struct mc_apple_payload *, const char *key, bool otherwise);
/* A port in digits, for the gate; NULL: there is none, or it is reported. */
const struct mc_plist *mc_apple_port(
	struct mc_apple_payload *, const char *key, const char **digits);
/* Keys of every payload are met. */
void mc_apple_common(struct mc_apple_payload *);
/* A note that names the keys that were not met. */
void mc_apple_rest(struct mc_apple_payload *);

/*
 * What the profile says of itself, for each of its accounts: title, consent,
 * the date of its removal.
 */
void mc_apple_read_frame(struct mc_apple_payload *top);

/* The readers of a kind of payload. */
void mc_apple_read_mail(struct mc_apple_payload *);
/* all[0] to all[n - 1]: every payload of the profile. */
void mc_apple_read_dav(struct mc_apple_payload *, const struct mc_apple_dav *,
	struct mc_apple_payload *all, size_t n);

#endif
