/* SPDX-License-Identifier: ISC */
/*
 * A connection that speaks in lines, in the clear or through TLS, within
 * limits of time and size.
 */
#ifndef MC_WIRE_H
#define MC_WIRE_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

/* Bytes of a line, and of all that is heard; lines. */
enum {
	MC_WIRE_LINE = 8 * 1024,
	MC_WIRE_TALK = 256 * 1024,
	MC_WIRE_LINES = 4096
};

enum mc_wire_fault {
	MC_WIRE_OK = 0,
	MC_WIRE_CLOSED,
	MC_WIRE_TIMEOUT,
	MC_WIRE_STOPPED,
	MC_WIRE_ENDLESS, /* a limit of size */
	MC_WIRE_TLS,     /* a record that is none */
	MC_WIRE_MEMORY
};

/* What became of a handshake, with what is known of the certificate. */
struct mc_shaken {
	long verify;    /* X509_V_OK, or why the certificate does not hold */
	bool old;       /* no version that we speak */
	bool plain;     /* the other side speaks no TLS */
	char text[161]; /* what it said instead; as it came */
	size_t n_text;
	const char *version; /* "TLSv1.3" */
	int days;            /* left; negative: it has expired */
	char names[257];     /* of the certificate, separated by blanks */
};

struct mc_wire {
	int fd;
	long long until; /* of the whole, mc_wire_clock() */
	bool (*stopped)(void *);
	void *context;
	enum mc_wire_fault fault; /* for ever */
	SSL *ssl;                 /* NULL: in the clear */
	BIO *in, *out;            /* of it */
	bool secure;              /* verified TLS, 1.2 or newer */
	struct mc_shaken *shaken; /* while the handshake is on */
	size_t heard, lines;
	char bytes[4096]; /* that came and were not asked for yet */
	size_t at, n;
	char line[MC_WIRE_LINE + 1];
};

/* Milliseconds on a clock that nobody sets. */
long long mc_wire_clock(void);
/*
 * Waits for what poll(2) calls events; limit: milliseconds from now.  false:
 * w->fault.
 */
bool mc_wire_wait(struct mc_wire *, short events, long long limit);

/*
 * The next line without its end, NUL-terminated; NULs in it stay.  NULL:
 * w->fault.
 */
const char *mc_wire_line(struct mc_wire *, long long limit, size_t *n);
bool mc_wire_send(struct mc_wire *, const char *, size_t);
/* Whether something came already that nobody asked for. */
bool mc_wire_is_ahead(const struct mc_wire *);
/* false: *out says why, or w->fault does. */
bool mc_wire_tls(struct mc_wire *, SSL_CTX *, const char *name, long long limit,
	struct mc_shaken *out);
void mc_wire_close(struct mc_wire *);

/* A verify callback for the context; tls.c. */
int mc_tls_verify(int good, X509_STORE_CTX *);
/* What is known of a certificate. */
void mc_tls_facts(X509 *, struct mc_shaken *);
struct mc_tls;
SSL_CTX *mc_tls_context(struct mc_tls *);

#endif
