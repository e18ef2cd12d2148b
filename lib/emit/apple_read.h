/* SPDX-License-Identifier: ISC */
#ifndef MC_APPLE_READ_H
#define MC_APPLE_READ_H

#include "back.h"

/* Profiles on their way back, whoever made them: mc_target's read. */
enum mc_back_result mc_apple_read(
	struct mc_back *, const char *bytes, size_t n);

#endif
