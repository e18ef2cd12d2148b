/* SPDX-License-Identifier: ISC */
/*
 * Texts for people, by language: each has a key and is a template
 * (mail/template.h).  And the parts that all languages share, by file name.
 */
#ifndef MC_TEXTS_H
#define MC_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diag.h"

struct mc_text {
	const char *key;
	const char *text;
};
struct mc_language {
	const char *lang;            /* BCP 47 */
	const struct mc_text *texts; /* sorted by key */
	size_t n;
};
/* A folder: LANG/X.yaml with the texts, and files beside. */
struct mc_texts {
	const struct mc_language *languages; /* sorted */
	size_t n;
	const struct mc_text *files; /* sorted by name */
	size_t n_files;
};
enum { MC_TEXTS_BYTES = 64 * 1024 }; /* of a file at the most */

/* Of templates/guide, embedded when it is built. */
extern const struct mc_texts mc_builtin_texts;

/* Texts of one that asks for a language: where to look, first to last. */
enum { MC_TABLES = 8, MC_CHAIN = 64 };
struct mc_voice {
	const struct mc_language *chain[MC_CHAIN];
	size_t n;
	const struct mc_texts *tables;
	size_t n_tables;
};
/*
 * For pt-BR: pt-BR, pt, en; each in the tables first to last, then built in.
 * Of the tables at most MC_TABLES count.  lang NULL: en.
 */
void mc_voice_choose(struct mc_voice *, const struct mc_texts *tables, size_t n,
	const char *lang);
/* The first language that there is. */
const char *mc_voice_lang(const struct mc_voice *);
/* The key is not NUL-terminated.  NULL: there is no such text. */
const char *mc_voice_text(const struct mc_voice *, const char *key, size_t n);
/* A file that begins with the word and a dot; NULL: there is none. */
const struct mc_text *mc_voice_file(
	const struct mc_voice *, const char *word, size_t n);

/*
 * Reads a folder.  One that is not there is empty.  *found may be NULL.
 * false: reported.
 */
bool mc_texts_read_dir(struct mc_arena *, const char *path, struct mc_texts *,
	bool *found, struct mc_report *);
/* A key that the language lacks and the other has; NULL: none. */
const char *mc_texts_missing(
	const struct mc_language *, const struct mc_language *than);

#endif
