/* SPDX-License-Identifier: ISC */
/* Pages of HTML, whatever is on them. */
#ifndef MC_HTML_H
#define MC_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "../buf.h"

/* Text, of an element or of an attribute in quotes; controls become blanks. */
void mc_html_text(struct mc_buf *, const char *);
/* The like: a reference to a file that lies beside the page. */
void mc_html_reference(struct mc_buf *, const char *name);

/*
 * Whether the text can stand inside an element, and without elements of its
 * own in an attribute: no quotation mark, & only as a reference, and of
 * elements only <b>, <i>, <code>, <samp> and <br>, without attributes, each
 * closed.  NULL: it can; else a static text, and where in bytes.
 */
const char *mc_html_fault(const char *, size_t *at);

#endif
