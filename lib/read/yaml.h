/* SPDX-License-Identifier: ISC */
#ifndef MC_YAML_H
#define MC_YAML_H

#include "read.h"

struct mc_reader *mc_yaml_open(
	const struct mc_syntax *, const struct mc_source *, struct mc_report *);
enum mc_next mc_yaml_next(
	struct mc_reader *, struct mc_arena *, struct mc_record *);
void mc_yaml_close(struct mc_reader *);

#endif
