/* SPDX-License-Identifier: ISC */
/*
 * Submission of messages (RFC 6409) over verified TLS, one connection for all.
 * The caller has initialised libcurl.
 */
#ifndef MC_SUBMIT_H
#define MC_SUBMIT_H

#include <stdbool.h>
#include <stddef.h>

struct mc_submit_to {
	const char *host; /* checked */
	unsigned port;
	bool implicit;        /* TLS from the start; else STARTTLS */
	const char *login;    /* NULL: none */
	const char *password; /* NULL with login NULL */
	const char *ca_file;  /* NULL: the system's */
	const char *helo;     /* how we call ourselves: a domain */
};

enum mc_submit_fate {
	MC_SUBMIT_SENT = 0,
	MC_SUBMIT_REFUSED,   /* for ever: this message */
	MC_SUBMIT_WAITS,     /* for now: this message */
	MC_SUBMIT_BUSY,      /* for now: the server, or the way to it */
	MC_SUBMIT_DOUBTFUL,  /* cut off between the message and the answer */
	MC_SUBMIT_FAILED,    /* no message can be sent: login, TLS, sender */
	MC_SUBMIT_NO_MEMORY, /* nor can one, and it is nobody's fault */
	MC_SUBMIT_STOPPED    /* by `before` */
};

enum { MC_SUBMIT_TEXT = 512 };

struct mc_submit_mail {
	const char *from; /* addresses that mc_mime_is_address() takes */
	const char *to;
	const char *bytes; /* CR LF at the ends of lines */
	size_t size;
	/*
	 * The server wants the message now: from here on nobody knows whether
	 * it came, until it is told.  false: it is not sent.
	 */
	bool (*before)(void *);
	void *context;
};

struct mc_submit;
/* What it points to must live as long.  NULL: out of memory. */
struct mc_submit *mc_submit_open(const struct mc_submit_to *);
/*
 * text: what the server said or what went wrong, fit to be shown, without
 * the password in any form; "" after MC_SUBMIT_SENT.
 */
enum mc_submit_fate mc_submit_send(struct mc_submit *,
	const struct mc_submit_mail *, char text[MC_SUBMIT_TEXT + 1]);
void mc_submit_close(struct mc_submit *);

#endif
