/* SPDX-License-Identifier: ISC */
/* A folder of YAML files that people edit: presets, rules of errors. */
#ifndef MC_FOLDER_H
#define MC_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diag.h"

enum { MC_FOLDER_FILE = 1024 * 1024 }; /* bytes of one file */

/*
 * Takes a file; its path lives in the arena, its text only for the call.  A
 * file that is larger than MC_FOLDER_FILE comes with one byte more than that.
 * false: it was bad, and reported; or out of memory.
 */
typedef bool mc_folder_fn(
	void *context, const char *path, const char *text, size_t n);

/*
 * Hands over every file of the folder that ends in .yaml and is not empty, in
 * the order of names.  What cannot be read is reported as `msg`.  false: that,
 * a file was bad, or out of memory.  *found (may be NULL): whether the folder
 * exists; one that does not is no error.
 */
bool mc_folder_read(struct mc_arena *, const char *path, enum mc_msg msg,
	mc_folder_fn *, void *context, bool *found, struct mc_report *);

#endif
