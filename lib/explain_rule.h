/* SPDX-License-Identifier: ISC */
/* One rule of errors from its YAML. */
#ifndef MC_EXPLAIN_RULE_H
#define MC_EXPLAIN_RULE_H

#include "explain.h"
#include "preset_take.h"

/* Bytes of a paragraph, and of "file/rule". */
enum { MC_TAKE_LONG = 2048, MC_TAKE_NAME = 2 * MC_TAKE_WORD + 1 };

/* A rule in the making. */
struct mc_rule_draft {
	const char *file; /* the id of its file */
	struct mc_rule rule;
	struct mailcfg_pos pos;
	const char *like; /* the rule whose advice it shares; NULL: its own */
	struct mailcfg_pos like_pos;
	bool sure_given;
	bool said[MC_SPEECHES];
};

/* Fills a draft whose file alone is set.  What is wrong is refused. */
void mc_rule_take(
	struct mc_taking *, const struct mc_node *, struct mc_rule_draft *);

/* A name of a-z, 0-9, "." and "-"; NULL: refused. */
const char *mc_rule_take_name(struct mc_taking *, const struct mc_node *);
/* Phrases: a text, or a list of texts and of lists. */
const char *const *mc_rule_take_phrases(
	struct mc_taking *, const struct mc_node *);

#endif
