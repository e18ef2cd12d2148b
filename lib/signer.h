/* SPDX-License-Identifier: ISC */
/* What the files that know about signers share. */
#ifndef MC_SIGNER_H
#define MC_SIGNER_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "sign.h"

/* RSA of 8192 bits; ECDSA on P-256 takes 72 bytes. */
enum { MC_SIGNATURE_MAX = 1024 };

struct mc_signer {
	EVP_PKEY *key; /* threads that sign have copies */
	/* pieces of the SignedData */
	struct mc_buf certificates; /* [0], all of it */
	struct mc_buf begin;        /* of SignerInfo, before the attributes */
	struct mc_buf attributes;   /* but for the digest at their end */
	const char *algorithm;      /* of the signature */
	size_t n_algorithm;
};

/* signer_read.c: what the files hold. */
struct mc_credentials {
	EVP_PKEY *key;
	STACK_OF(X509) * certificates; /* in the order of the file */
};
/* false: reported; what was read is the caller's to free all the same. */
bool mc_credentials_read(struct mc_credentials *,
	const struct mc_signer_source *, struct mc_report *);
void mc_credentials_free(struct mc_credentials *);
/* Says that memory ran out, if that is what libcrypto complains of. */
bool mc_signer_memory(struct mc_report *);

/*
 * sign.c: makes the pieces.  `others` are the certificates besides the
 * signer's.  false: out of memory.
 */
bool mc_signer_prepare(struct mc_signer *, const X509 *,
	const STACK_OF(X509) * others, long long time);

#endif
