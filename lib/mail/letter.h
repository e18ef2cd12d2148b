/* SPDX-License-Identifier: ISC */
/*
 * The message that hands a person's documents over: texts in the person's
 * language, filled in, with the documents attached.
 */
#ifndef MC_LETTER_H
#define MC_LETTER_H

#include "arena.h"
#include "diag.h"
#include "mime.h"

/* The files of a language, each a template. */
enum mc_letter_part {
	MC_LETTER_SUBJECT = 0, /* one line */
	MC_LETTER_TEXT,
	MC_LETTER_HTML,
	MC_LETTER_PARTS
};
enum { MC_LETTER_BYTES = 64 * 1024 }; /* of one of them at the most */
const char *mc_letter_file(enum mc_letter_part);

struct mc_letter_texts {
	const char *lang; /* BCP 47 */
	const char *part[MC_LETTER_PARTS];
};
struct mc_letter_table {
	const struct mc_letter_texts *texts;
	size_t n;
};
/* Of templates/mail, embedded when it is built. */
extern const struct mc_letter_table mc_builtin_letters;

/*
 * Reads a folder with a folder of files for each language.  A folder that is
 * not there is empty.  *found may be NULL.  false: reported.
 */
bool mc_letter_read_dir(struct mc_arena *, const char *path,
	struct mc_letter_table *, bool *found, struct mc_report *);
/*
 * The texts for a language: pt-BR, pt, en; each in the tables first to last,
 * the built-in one after them.  lang NULL: en.
 */
const struct mc_letter_texts *mc_letter_choose(
	const struct mc_letter_table *, size_t n, const char *lang);
/* NULL: a text may be filled in; see mc_template_check(). */
const char *mc_letter_check(
	enum mc_letter_part, const char *template, size_t *at);

struct mc_letter {
	const struct mailcfg_account *const *accounts; /* of one person */
	size_t n;
	const char *from_name; /* NULL: none */
	const char *from;
	const char *to;
	const char *id; /* mime.h */
	long long date;
	bool password;                    /* one is inside */
	const struct mc_mime_file *image; /* of a code; NULL: none */
	const struct mc_mime_file *files;
	const char *const *targets; /* names: who made each file */
	size_t n_files;
};
/*
 * Appends the message.  false: something could not stand in a header; want of
 * memory is the buffer's or the arena's.
 */
bool mc_letter_write(const struct mc_letter_texts *, const struct mc_letter *,
	struct mc_arena *, struct mc_buf *);

#endif
