/* SPDX-License-Identifier: ISC */
#ifndef MC_DATE_H
#define MC_DATE_H

#include <stdbool.h>

/* "2027-06-30T00:00:00Z" and its NUL. */
enum { MC_DATE_SIZE = 21 };

/*
 * A moment in UTC: "2027-06-30", its first second, or "2027-06-30T12:00:00Z"
 * (RFC 3339, without fractions).  *seconds: since 1970.  false: it is none, or
 * not between 2001 and 2067, which is what property lists hold everywhere.
 */
bool mc_date_parse(const char *text, long long *seconds);
/* The longer of the two forms. */
void mc_date_print(long long seconds, char out[MC_DATE_SIZE]);

#endif
