/* SPDX-License-Identifier: ISC */
/* Words as they are compared: what was said, and the phrases of rules. */
#ifndef MC_EXPLAIN_HEAR_H
#define MC_EXPLAIN_HEAR_H

#include "explain.h"

enum { MC_HEARD_CODES = 8, MC_HEARD_ANSWERS = 8, MC_ANSWER = 24 };

struct mc_heard {
	/* small letters and digits, a blank around each word: " user unknown "
	 */
	const char *words;
	struct mc_code code[MC_HEARD_CODES];
	size_t n_codes;
	char answer[MC_HEARD_ANSWERS]
		   [MC_ANSWER]; /* "[SYS/TEMP]", in capitals */
	size_t n_answers;
	const char *slug; /* of one of our own messages; or NULL */
};

/* false: out of memory. */
bool mc_hear(struct mc_arena *, const char *, size_t n, struct mc_heard *);

/*
 * A phrase of a rule: words as above, and "*" for any few words between.  NULL:
 * out of memory, or there is no word in it.
 */
const char *mc_hear_phrase(struct mc_arena *, const char *, size_t n);
/* Both must be there, in any order. */
const char *mc_hear_both(struct mc_arena *, const char *, const char *);
/* The number of the phrase's words that were heard; 0: not the phrase. */
unsigned mc_heard_phrase(const char *words, const char *phrase);

/* Reads "5.1.1" at s; its bytes, or 0. */
size_t mc_code_read(const char *s, size_t n, struct mc_code *);

#endif
