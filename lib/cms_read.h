/* SPDX-License-Identifier: ISC */
/*
 * Signed files, from bytes that nobody vouches for: CMS SignedData (RFC 5652)
 * with its content inside.  The signature is checked with the certificate that
 * comes with it, so a good one says only that nothing was changed since; how
 * far the certificate can be followed is told besides.
 */
#ifndef MC_CMS_READ_H
#define MC_CMS_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

enum {
	MC_CMS_BYTES = 2 * 1024 * 1024, /* the most that is read */
	MC_CMS_SIGNERS = 8
};

/* Where the signer's chain of certificates leads. */
enum mc_chain {
	MC_CHAIN_NONE = 0,   /* there is no certificate to begin with */
	MC_CHAIN_TRUSTED,    /* to one of the roots that are trusted */
	MC_CHAIN_ROOT,       /* to a root that is in the file itself */
	MC_CHAIN_SELF,       /* nowhere: the signer vouches for itself */
	MC_CHAIN_INCOMPLETE, /* to a certificate that is not there */
	MC_CHAIN_BROKEN      /* its certificates do not fit */
};

enum { MC_CMS_DATE = sizeof("2026-01-31T12:00:00Z") };

/* The first signer; text is not yet fit for a terminal. */
struct mc_signature {
	bool there; /* the file is signed at all */
	bool good;
	const char *why;     /* it is not; a static text */
	size_t signers;      /* more than one: the others are only counted */
	size_t certificates; /* in the file */
	const char *digest;  /* "sha256" ...; NULL: not known */
	const char *signer;  /* subject as "CN=..., O=..."; NULL: not there */
	const char *issuer;
	char from[MC_CMS_DATE]; /* validity; "" when there is none */
	char until[MC_CMS_DATE];
	bool early, expired;         /* now */
	char signed_at[MC_CMS_DATE]; /* as the signer says; "": nothing */
	enum mc_chain chain;
	const char *chain_end; /* the root, or who is missing; NULL: none */
	const char *chain_why; /* MC_CHAIN_BROKEN; NULL otherwise */
};

enum mc_cms_result {
	MC_CMS_OTHER = 0, /* not in DER at all: the bytes are the content */
	MC_CMS_READ,
	MC_CMS_BAD,   /* it cannot be read: *why, a static text */
	MC_CMS_ROOTS, /* the file of roots cannot be read */
	MC_CMS_MEMORY
};

struct mc_cms {
	struct mc_signature signature;
	const char *content; /* in the arena */
	size_t size;
	const char *why;
};

/*
 * roots: a file of certificates in PEM that are trusted; NULL: the system's;
 * "": none.
 * now: seconds since 1970.  A bad signature is read all the same.
 */
enum mc_cms_result mc_cms_read(struct mc_arena *, const char *, size_t n,
	const char *roots, int64_t now, struct mc_cms *);

#endif
