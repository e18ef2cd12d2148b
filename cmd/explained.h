/* SPDX-License-Identifier: ISC */
/* mailcfg explain: what its files have in common. */
#ifndef MC_CMD_EXPLAIN_H
#define MC_CMD_EXPLAIN_H

#include "cmd.h"
#include "explain.h"

enum {
	EXPLAIN_SHOWN = 512,     /* bytes of a server's text that are shown */
	EXPLAIN_RECIPIENTS = 10, /* names that are shown */
	EXPLAIN_CASES = 64
};

/* One error of the input, and all whom it befell. */
struct explain_case {
	const char *file; /* NULL: from the command line or standard input */
	const char *said; /* cleaned and cut, to be shown */
	const char *recipients[EXPLAIN_RECIPIENTS];
	size_t n_recipients; /* all, also those that are not shown */
	struct mc_explained found;
};

struct explain {
	struct program *program;
	struct mc_arena arena;
	struct mc_rules rules;
	enum mc_speech speech;
	bool json;
	struct explain_case *cases;
	size_t n;
	size_t room;
};

/* Whether nobody need be told that it is not known. */
static inline bool
explain_is_known(const struct explain_case *c)
{
	return c->found.n > 0 || c->found.success;
}
/* The person's language, from where the system has it. */
enum mc_speech explain_own_speech(void);
/* Whether it is a tag of a language. */
bool explain_is_tag(const char *);
/* A word of words.yaml in the person's language. */
const char *explain_word(const struct explain *, enum mc_word);
/* "5.1.1" or "550"; ""; in `out`. */
void explain_code(char out[16], const struct mc_code *);
/* What the code alone tells: its class, then its subject; NULL: no memory. */
const char *explain_tells(struct explain *, const struct mc_code *);

/* explain_print.c: for people. */
void explain_print(struct explain *, FILE *);
/* explain_json.c: for machines. */
void explain_json(struct explain *);

#endif
