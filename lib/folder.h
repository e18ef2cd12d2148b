/* SPDX-License-Identifier: ISC */
/* Folders of files that people edit: presets, rules of errors, texts. */
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

/* A folder that is being read; its strings live in the arena. */
struct mc_folder {
	struct mc_arena *arena;
	struct mc_report *report;
	enum mc_msg msg; /* of everything that is refused */
	const char *path;
	bool bad; /* something was */
};

/* error: an errno, told behind the words; 0: none. */
void mc_folder_refuse(struct mc_folder *, const struct mailcfg_pos *,
	const char *what, int error);
/*
 * The names in a folder that are wanted, in order.  *found: whether it exists;
 * with found NULL one that does not is refused.  false: that, or out of memory.
 */
bool mc_folder_names(struct mc_folder *, const char *path,
	bool (*wanted)(const char *), bool *found, const char *const **names,
	size_t *n);
/* The bytes of a file, at most so many, and a NUL.  NULL: as above. */
char *mc_folder_file(
	struct mc_folder *, const char *path, size_t most, size_t *n);
/* A name that is a language tag, as far as folders go. */
bool mc_folder_is_lang(const char *);

#endif
