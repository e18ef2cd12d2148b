/* SPDX-License-Identifier: ISC */
/*
 * Text that the gate takes as it is without a word, told at a glance.  What is
 * not plain may be right all the same.
 */
#ifndef MC_PLAIN_H
#define MC_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Letters and marks of some scripts that stay as they are in normal form C
 * wherever they stand.  The text is valid UTF-8.
 */
bool mc_plain_text(const char *, size_t n);
/* A local-part of letters, digits and - _ +, with dots between. */
bool mc_plain_local(const char *, size_t n);

#endif
