/* SPDX-License-Identifier: ISC */
#ifndef MC_ACCOUNT_H
#define MC_ACCOUNT_H

#include "field.h"
#include "mailcfg.h"

/* Whose word counts, first to last. */
enum mc_layer {
	MC_LAYER_SET = 0,  /* --set */
	MC_LAYER_RECORD,   /* the record, or the operand */
	MC_LAYER_DEFAULTS, /* the file's defaults: */
	MC_LAYER_OPTION,   /* named options */
	MC_LAYER_PRESET,   /* a site preset's own fields */
	MC_LAYERS
};

/* What an account is completed from.  A NULL layer is empty. */
struct mc_layers {
	const struct mc_draft *draft[MC_LAYERS];
	/* a server that nobody knows is left out, and no error; host NULL */
	bool partial;
};

/*
 * A complete account with what only the driver and the targets' checks want:
 * where each field came from, and the targets' own fields.
 */
struct mc_account {
	struct mailcfg_account a; /* first: a pointer to it is one to us */
	struct mailcfg_pos origin[MC_FIELD_MAX];
	const char *extra[MC_FIELD_MAX - MC_FIELDS]; /* NULL: not set */
	/* mc_identifier() of the identity; plan.h may do without */
	const char *identifier;
	/* a bit (1 << field) for each value that the option layer gave */
	unsigned long long from_option;
	/*
	 * Accounts of one number, other than 0, differ in nothing but what is
	 * a person's own, and have each of those values or none has it.
	 */
	unsigned long long kind;
	/*
	 * When there is a kind: what those values look like (enum mc_sign of
	 * plain.h), logins, names (<< MC_SIGN_NAMES) and passwords; which ones
	 * are equal (mc_likes of sentinel.h).
	 */
	unsigned signs;
	unsigned secret_signs;
	unsigned likes;
};

static inline const struct mc_account *
mc_account_of(const struct mailcfg_account *a)
{
	return (const struct mc_account *)(const void *)a;
}

/* The field's position, or the record's where it was derived. */
const struct mailcfg_pos *mc_origin(
	const struct mailcfg_account *, enum mc_field_id);
/* A target's own field by its full name; NULL: not set. */
const char *mc_extra(const struct mailcfg_account *, const char *name);

struct mc_presets;

/*
 * Completes: presets, default ports, login rules, placeholders.  The account
 * lives in the arena.  NULL: reported (or arena->failed).
 */
struct mc_account *mc_complete(const struct mc_presets *,
	const struct mc_layers *, struct mc_arena *, struct mc_report *);

/*
 * The draft as an account as it stands, for showing it: nothing is completed
 * or expanded.  What is absent is NULL, and a port 0; a server without a host
 * is none; without a protocol, `incoming` is MAILCFG_SUBMISSION.  NULL: out of
 * memory.
 */
struct mc_account *mc_as_it_stands(const struct mc_draft *, struct mc_arena *);

/*
 * Splits "local-part@domain" (RFC 5321, with RFC 6531's UTF-8) into the arena.
 * NULL, or what is wrong with it, a static text.  *at: offset in code points.
 */
const char *mc_address_parse(struct mc_arena *, const char *, size_t n,
	const char **local_part, const char **domain, size_t *at);
/* "Name <address>" or "address"; the name is NULL when there is none. */
bool mc_mailbox_split(struct mc_arena *, const char *operand, const char **name,
	const char **address, size_t *address_at);

/* A-label domain + local-part in NFC, ASCII letters lower-cased. */
const char *mc_identity(
	struct mc_arena *, const char *local_part, const char *domain);

#endif
