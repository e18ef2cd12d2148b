/* SPDX-License-Identifier: ISC */
/*
 * The client's side of SASL: PLAIN, LOGIN, CRAM-MD5 and SCRAM (RFC 5802), as
 * lines in base64.
 */
#ifndef MC_SASL_H
#define MC_SASL_H

#include <stdbool.h>

#include "../buf.h"
#include "abilities.h"

enum { MC_SASL_NONCE = 25, MC_SASL_HASH = 64 };

struct mc_sasl {
	enum mc_mechanism mechanism;
	const char *login;
	const char *password;
	/* its own */
	unsigned step;
	bool failed;  /* out of memory, or no random numbers */
	bool refused; /* SCRAM: the server's last word was an error */
	bool proved;  /* SCRAM: the server knows the password */
	char nonce[MC_SASL_NONCE];
	struct mc_buf bare; /* of SCRAM's messages */
	unsigned char server[MC_SASL_HASH];
};

/* The first answer, where the client begins.  false: it does not. */
bool mc_sasl_first(struct mc_sasl *, struct mc_buf *out);
/* The answer to a challenge.  false: the challenge is none, or no memory. */
bool mc_sasl_next(struct mc_sasl *, const char *challenge, struct mc_buf *out);
/* Whether the server has proved what it has to. */
bool mc_sasl_is_done(const struct mc_sasl *);
void mc_sasl_free(struct mc_sasl *);

#endif
