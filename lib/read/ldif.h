/* SPDX-License-Identifier: ISC */
#ifndef MC_LDIF_H
#define MC_LDIF_H

#include "read.h"

struct mc_reader *mc_ldif_open(
	const struct mc_syntax *, const struct mc_source *, struct mc_report *);
enum mc_next mc_ldif_next(
	struct mc_reader *, struct mc_arena *, struct mc_record *);
void mc_ldif_close(struct mc_reader *);

#endif
