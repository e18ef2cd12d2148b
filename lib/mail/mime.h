/* SPDX-License-Identifier: ISC */
/*
 * Mail messages, RFC 5322 and MIME.  Whatever a text holds, it stays the text
 * of its header or part: nothing that came from outside is written without
 * being encoded.  The same message gives the same bytes.
 */
#ifndef MC_MIME_H
#define MC_MIME_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

/* A file in a message. */
struct mc_mime_file {
	const char *name; /* as mc_file_name() makes them */
	const char *type; /* media type, a constant of ours */
	const char *bytes;
	size_t size;
};

/* A message: a text in two forms, and files. */
struct mc_mime {
	const char *from_name; /* NULL: none */
	const char *from;      /* local-part@domain, as the gate lets it in */
	const char *to_name;   /* NULL: none */
	const char *to;
	const char *subject;
	const char *id; /* letters and digits, one for each message */
	long long date; /* seconds since 1970 */
	const char *text;
	const char *html;
	/* shown inside the HTML, as cid:MC_MIME_IMAGE; NULL: none */
	const struct mc_mime_file *image;
	const struct mc_mime_file *files;
	size_t n_files;
};
#define MC_MIME_IMAGE "image"

/*
 * Appends the message, with CR LF at the ends of lines.  false: an address or
 * the identifier could not stand in a header, and nothing was appended; want
 * of memory is the buffer's.
 */
bool mc_mime_write(struct mc_buf *, const struct mc_mime *);

/*
 * Whether the address can stand in a header and in a command of SMTP: no
 * blank, control, bracket or quote, one @ with something at both sides.
 */
bool mc_mime_is_address(const char *);

/* Parts of it, mime_header.c and mime_body.c. */
/* "Name: text", folded; what is not ASCII as encoded words (RFC 2047). */
void mc_mime_text(struct mc_buf *, const char *header, const char *text);
/* "Name: display <address>" */
void mc_mime_mailbox(struct mc_buf *, const char *header, const char *display,
	const char *address);
/* "Date: Wed, 01 Jul 2026 12:00:00 +0000" */
void mc_mime_date(struct mc_buf *, long long seconds);
/* Lines of 76. */
void mc_mime_base64(struct mc_buf *, const char *, size_t);
/* Text with LF or CR LF at the ends of lines. */
void mc_mime_quoted_printable(struct mc_buf *, const char *, size_t);

#endif
