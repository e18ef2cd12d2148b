/* SPDX-License-Identifier: ISC */
/*
 * The Autodiscover answer ("plain old XML"), which two targets write: for the
 * owner of a mail domain, and as local data of one person.
 */
#ifndef MC_POX_H
#define MC_POX_H

#include "emit.h"

/* What mc_pox_check may set in shape; a target's own bits follow. */
enum { MC_POX_SHAPE_BITS = 4 };

/* What the document can express of the account beyond the target's row. */
void mc_pox_check(struct mc_check *);
/* Appends the document.  false: out of memory, or the library failed. */
bool mc_pox_write(struct mc_buf *, const struct mailcfg_account *);

#endif
