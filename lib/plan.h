/* SPDX-License-Identifier: ISC */
/*
 * The plan: how to complete many records that differ only in what is a
 * person's own, without going through gate and completion again.
 *
 * A record is read and completed the long way, and a second time with
 * sentinels in place of the person's values; where those turn up says what of
 * the account follows from which value.  Another record fits the plan when
 * everything else is the same, byte by byte, and the person's own values are
 * plain: valid, in normal form, without anything the gate would change, refuse
 * or warn of.  Then account and completed account are the same.  Whatever does
 * not fit goes the long way.
 *
 * One thread's.
 */
#ifndef MC_PLAN_H
#define MC_PLAN_H

#include "account.h"
#include "bind.h"
#include "provider.h"

struct mc_plan;

enum { MC_PLAN_GUESSES = 64 };

/* The plans of one source.  Zero-initialise it but for the first six. */
struct mc_plans {
	const struct mc_presets *presets;
	const struct mc_layers *layers; /* all but the record's */
	struct mc_binding *binding;
	size_t most;              /* plans that are kept, 255 at most */
	bool identifiers;         /* somebody wants accounts' identifiers */
	unsigned long long *kind; /* the last account.h kind that was given */
	struct mc_plan **plan;
	size_t n;
	/* the one that fitted last, by how the address ends */
	unsigned char last[MC_PLAN_GUESSES];
	unsigned long refused; /* records that fitted none, in a row */
	unsigned long failed;  /* that made no plan, in a row */
};

/*
 * The account of a record that fits a plan; it dies with the next call.  Its
 * positions are those of another record, but for pos.  NULL: none fits, or
 * the arena has failed.
 */
struct mc_account *mc_plan_apply(struct mc_plans *, const struct mc_record *,
	struct mc_arena *, struct mc_plan **);
/* Makes a plan of a record that was completed without a word. */
struct mc_plan *mc_plan_learn(struct mc_plans *, const struct mc_record *);
/* What the caller keeps with a plan; NULL at first. */
void **mc_plan_note(struct mc_plan *);
/* The arena that lives as long as the plan. */
struct mc_arena *mc_plan_arena(struct mc_plan *);
/* Forgets all plans. */
void mc_plans_free(struct mc_plans *);

#endif
