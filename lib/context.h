/* SPDX-License-Identifier: ISC */
#ifndef MC_CONTEXT_H
#define MC_CONTEXT_H

#include "arena.h"
#include "diag.h"
#include "link.h"
#include "provider.h"

/* The public context. */
struct mailcfg {
	struct mc_report report;
	struct mc_arena arena; /* site presets */
	struct mc_presets presets;
	struct mc_preset_table site[7];
	struct mc_link link; /* pattern NULL: none */
};

#endif
