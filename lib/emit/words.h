/* SPDX-License-Identifier: ISC */
/* Plain text for people, whatever the client. */
#ifndef MC_WORDS_H
#define MC_WORDS_H

#include "../buf.h"

/*
 * Appends the text as Windows and its Notepad want it: LF becomes CR LF, and
 * what is not ASCII begins with a BOM.
 */
void mc_words_windows(struct mc_buf *out, const struct mc_buf *text);
/*
 * Appends the text in lines that end before column 80, where its words allow;
 * each begins with a prefix, the first with `first`.
 */
void mc_words_wrap(
	struct mc_buf *, const char *first, const char *rest, const char *text);

#endif
