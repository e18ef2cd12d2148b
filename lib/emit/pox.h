/* SPDX-License-Identifier: ISC */
/*
 * The Autodiscover answer ("plain old XML"), which two targets write: for the
 * owner of a mail domain, and as local data of one person.
 */
#ifndef MC_POX_H
#define MC_POX_H

#include "holes.h"

/* What the document can express of the account beyond the target's row. */
void mc_pox_check(struct mc_check *);
/*
 * A text as it stands in the document, with the marks that stand around it:
 * so it is not taken for the same text in another document of the target's.
 */
void mc_pox_escape(struct mc_buf *, const char *);
/* Holes of the document: rows of a target's. */
#define MC_POX_HOLES                                                 \
	{mc_get_name, mc_pox_escape}, {mc_get_login, mc_pox_escape}, \
		{mc_get_other_login, mc_pox_escape},                 \
	{                                                            \
		mc_get_smtp_login, mc_pox_escape                     \
	}
/* Appends the document.  false: out of memory, or the library failed. */
bool mc_pox_write(struct mc_buf *, const struct mailcfg_account *);

#endif
