/* SPDX-License-Identifier: ISC */
/*
 * Text that the gate takes as it is without a word, told at a glance.  What is
 * not plain may be right all the same.
 */
#ifndef MC_PLAIN_H
#define MC_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

/* What is to be seen in a text, and what else it might be taken for. */
enum mc_sign {
	MC_SIGN_ODD = 1u << 0,    /* it is not plain */
	MC_SIGN_WIDE = 1u << 1,   /* beyond ASCII */
	MC_SIGN_BRACE = 1u << 2,  /* { } */
	MC_SIGN_DOLLAR = 1u << 3, /* $ % */
	MC_SIGN_QUOTE = 1u << 4,  /* " ' ` and the backslash */
	MC_SIGN_MARKUP = 1u << 5, /* & < > */
	MC_SIGN_OTHER = 1u << 6,  /* signs that are none of these */
	MC_SIGN_NUMBER = 1u << 8, /* it begins with a digit, + - or . */
	MC_SIGN_WORD = 1u << 9,   /* no number, of five bytes at the most */
	/* of a login: it is more than the local-part it begins or ends with */
	MC_SIGN_NEAR = 1u << 10
};

/* The signs of a person's names stand beside those of logins. */
enum { MC_SIGN_NAMES = 16 };

/*
 * Without MC_SIGN_ODD: letters and marks of some scripts that stay as they are
 * in normal form C wherever they stand.  The text is valid UTF-8, and one more
 * byte can be read behind it.
 */
unsigned mc_plain_signs(const char *, size_t n);
/* The same, quicker for texts that have signs. */
unsigned mc_plain_signs_of_secret(const char *, size_t n);

static inline bool
mc_plain_text(const char *text, size_t n)
{
	return (mc_plain_signs(text, n) & MC_SIGN_ODD) == 0;
}

/*
 * A local-part of letters, digits and - _ +, with dots between.  *upper:
 * whether upper-case letters are among them.
 */
bool mc_plain_local(const char *, size_t n, bool *upper);

#endif
