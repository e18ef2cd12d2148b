/* SPDX-License-Identifier: ISC */
/* What the parts of `mailcfg mail` share. */
#ifndef MC_MAIL_H
#define MC_MAIL_H

#include "mail/letter.h"
#include "post.h"

enum { MAIL_TABLES = 2 };

struct mail {
	/* options */
	const char *sender_text; /* as it was given; NULL: not at all */
	const char *sendmail;    /* NULL: not so */
	const char *submit;      /* a URL; NULL: not so */
	const char *login;
	bool has_login_source;
	bool allow_unverified;
	/* from them */
	const char *sender_name; /* NULL: none */
	const char *sender;      /* A-labels */
	struct post post;
	/* before the first account */
	struct mc_letter_table tables[MAIL_TABLES];
	size_t n_tables;
	long long date;
};

static inline struct mail *
mail_of(const struct gen *g)
{
	return g->own;
}

/* mail_options.c */
extern const struct option_row mail_rows[];
bool mail_take(struct gen *, int id, const char *value);
void mail_check(struct gen *);

/* mail_wrap.c: the documents of a person become a message. */
void mail_wrap(struct worker *, size_t first);

#endif
