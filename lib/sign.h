/* SPDX-License-Identifier: ISC */
/*
 * Signed documents: CMS SignedData (RFC 5652) in DER with the document inside,
 * SHA-256, signed attributes, and the certificates of the signer and of those
 * who vouch for it.  The bytes are those of OpenSSL's CMS_sign; but what all
 * documents have in common is made once, and EVP_PKEY_sign is all that is left.
 *
 * Nothing of libcrypto's is set up before mc_signer_load().
 */
#ifndef MC_SIGN_H
#define MC_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "diag.h"

/* A file, as it was read; bytes NULL: there is none. */
struct mc_signer_file {
	const char *name; /* for messages */
	const char *bytes;
	size_t size;
};

/* What a signer is made of. */
struct mc_signer_source {
	struct mc_signer_file cert; /* PEM or PKCS#12 */
	struct mc_signer_file key;  /* the same; none: it is in `cert` */
	/*
	 * Asked for, once, when the key turns out to be encrypted; NULL: there
	 * is none.  It returns NULL when it has said why it has none.  The
	 * bytes end with a NUL and stay the caller's.
	 */
	const char *(*passphrase)(void *context);
	void *context;
	long long now;  /* seconds since 1970: certificates are judged by it */
	long long time; /* likewise: the signing time of all documents */
};

/* Whether the file holds a private key, as far as can be told unopened. */
bool mc_signer_has_key(const struct mc_signer_file *);
/* The key and what all documents share; threads may share it. */
struct mc_signer;
/* NULL: reported. */
struct mc_signer *mc_signer_load(
	const struct mc_signer_source *, struct mc_report *);
void mc_signer_free(struct mc_signer *);

/* The work of one thread.  NULL: out of memory.  The signer must outlive it. */
struct mc_signing;
struct mc_signing *mc_signing_new(const struct mc_signer *);
void mc_signing_free(struct mc_signing *);
/*
 * Signs the bytes of buf from start on, and puts what comes of it in their
 * place.  false: out of memory, or libcrypto failed; buf->failed is set.
 */
bool mc_sign(struct mc_signing *, struct mc_buf *, size_t start);

/*
 * Whether `old` is a document that this signer could have made instead of
 * `made`, which it did: the same content and the same certificates, only at
 * another time, or with another random number; and the signature is right.
 */
bool mc_signed_alike(const struct mc_signer *, const char *old, size_t n_old,
	const char *made, size_t n_made);

#endif
