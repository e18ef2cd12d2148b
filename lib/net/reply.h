/* SPDX-License-Identifier: ISC */
/* What a server said: data, of which little is trusted. */
#ifndef MC_REPLY_H
#define MC_REPLY_H

#include <stdbool.h>
#include <stddef.h>

enum { MC_REPLY_BYTES = 1024, MC_REPLY_SECRETS = 12 };

/* The last reply of an SMTP server, line by line. */
struct mc_reply {
	int code;                  /* 0: none came */
	bool whole;                /* its last line came */
	char text[MC_REPLY_BYTES]; /* its lines, joined by blanks; with NULs */
	size_t n;
};

/* A line as it came, with its end.  false: it is no line of a reply. */
bool mc_reply_line(struct mc_reply *, const char *, size_t);

/* Texts that must not be shown, nor long parts of them. */
struct mc_reply_secrets {
	char *texts[MC_REPLY_SECRETS]; /* NULL: none */
	size_t size[MC_REPLY_SECRETS]; /* bytes; NULs may be among them */
	size_t n;
};
/*
 * The password as it is, as AUTH sends it, and in what else it may come back:
 * base64 wherever it begins, hex, percent and quoted strings, HTML, UTF-16.
 * false: out of memory.
 */
bool mc_reply_hide(
	struct mc_reply_secrets *, const char *login, const char *password);
/* Wipes them. */
void mc_reply_forget(struct mc_reply_secrets *);

/*
 * The text fit to be shown: printable, at most `size` - 1 bytes, "***" for
 * what is secret and for four letters or more of it.
 */
void mc_reply_show(char *out, size_t size, const char *text, size_t n,
	const struct mc_reply_secrets *);

#endif
