/* SPDX-License-Identifier: ISC */
/* What plan.c, which applies plans, and plan_learn.c, which makes them, share.
 */
#ifndef MC_PLAN_PARTS_H
#define MC_PLAN_PARTS_H

#include "plan.h"

/* What an item of a record must be like. */
enum mc_rule {
	MC_RULE_ANY = 0, /* it says nothing to us */
	MC_RULE_SAME,    /* as it was, byte by byte */
	MC_RULE_ADDRESS, /* another local-part of the same domain */
	MC_RULE_NAME,    /* another plain text, of a person */
	MC_RULE_LOGIN,   /* the same, of a login */
	MC_RULE_SECRET   /* the same, of a password */
};

struct mc_plan_item {
	enum mc_rule rule;
	size_t field;
	size_t limit;
	const char *name; /* NULL: the columns have names */
	const char *text;
	size_t len;
	enum mc_type type;
	bool list;
};

/* What a text of the account follows from. */
enum mc_follow_source {
	MC_FROM_MAILBOX = 0,
	MC_FROM_DISPLAY,
	MC_FROM_LOCAL_PART,
	MC_FROM_IDENTITY,
	MC_FROM_ITEM,
	MC_FROM_BOTH_NAMES,
	MC_FROM_COUNT
};

struct mc_follow {
	size_t offset; /* of the pointer in struct mailcfg_account */
	enum mc_follow_source source;
	size_t item;
};

enum { MC_FOLLOWS = 32 };

struct mc_plan {
	struct mc_arena arena;
	struct mc_account account; /* what does not follow stands here */
	struct mc_plan_item *items;
	size_t n_items;
	/*
	 * Of a table: neighbours that must be as they were, as they lie in
	 * memory, each with its NUL.
	 */
	size_t first, n_same;
	const char *same;
	size_t same_len;
	size_t address; /* which item it is */
	const char *at; /* "@domain", as the source writes it */
	size_t at_len;
	const char *display; /* "@domain" in Unicode; NULL: the same */
	bool identified;     /* whether an identifier is wanted */
	const char *prefix;  /* of the identifier, up to the local-part */
	size_t prefix_len;
	size_t given, family; /* items; SIZE_MAX: none */
	struct mc_follow follow[MC_FOLLOWS];
	size_t n_follow;
	unsigned name_signs;
	bool upper; /* the local-part at hand has upper-case letters */
	void *note;
};

static inline const char **
mc_plan_text(struct mailcfg_account *a, size_t offset)
{
	return (const char **)(void *)((char *)a + offset);
}

/* Whether the record is like the plan's; the signs of its values are noted. */
bool mc_plan_fits(struct mc_plan *, const struct mc_record *);
/* The text that follows from the record. */
const char *mc_plan_value(const struct mc_plan *, const struct mc_follow *,
	const struct mc_record *, struct mc_arena *);
/* Makes the plan's account that of the record.  false: out of memory. */
bool mc_plan_pour(
	struct mc_plan *, const struct mc_record *, struct mc_arena *);
void mc_plan_free(struct mc_plan *);

#endif
