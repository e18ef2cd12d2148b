/* SPDX-License-Identifier: ISC */
#ifndef MC_NAME_H
#define MC_NAME_H

#include <stddef.h>

#include "arena.h"

/*
 * A file name of at most 255 bytes from any text and a suffix: total,
 * deterministic, injective (promise P8), safe on Linux, macOS and Windows.
 * NULL: out of memory.
 */
char *mc_file_name(struct mc_arena *, const char *text, const char *suffix);

#endif
