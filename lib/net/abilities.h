/* SPDX-License-Identifier: ISC */
/* What a server says that it can do. */
#ifndef MC_ABILITIES_H
#define MC_ABILITIES_H

#include <stdbool.h>
#include <stddef.h>

#include "../mailcfg.h"

/* Ways to log in, as SASL calls them. */
#define MC_MECHANISMS(M)                         \
	M(PLAIN, "PLAIN", PASSWORD)              \
	M(LOGIN, "LOGIN", PASSWORD)              \
	M(CRAM, "CRAM-MD5", ENCRYPTED)           \
	M(DIGEST, "DIGEST-MD5", ENCRYPTED)       \
	M(SCRAM_1, "SCRAM-SHA-1", ENCRYPTED)     \
	M(SCRAM_256, "SCRAM-SHA-256", ENCRYPTED) \
	M(SCRAM_512, "SCRAM-SHA-512", ENCRYPTED) \
	M(NTLM, "NTLM", ENCRYPTED)               \
	M(GSSAPI, "GSSAPI", ENCRYPTED)           \
	M(XOAUTH2, "XOAUTH2", OAUTH2)            \
	M(OAUTHBEARER, "OAUTHBEARER", OAUTH2)    \
	M(EXTERNAL, "EXTERNAL", NONE)
enum mc_mechanism {
#define MC_MECHANISM_ENUM(id, name, auth) MC_MECHANISM_##id,
	MC_MECHANISMS(MC_MECHANISM_ENUM)
#undef MC_MECHANISM_ENUM
		MC_MECHANISM_COUNT
};
extern const char *const mc_mechanism_names[MC_MECHANISM_COUNT];

enum { MC_ABILITIES_TEXT = 512 };

struct mc_abilities {
	unsigned mechanisms; /* 1u << enum mc_mechanism */
	bool starttls;
	bool no_command; /* LOGINDISABLED, or POP3 without USER */
	bool initial;    /* AUTHENTICATE takes its first answer at once */
	bool utf8;       /* SMTPUTF8 */
	bool quota;
	bool size;                    /* SIZE */
	char text[MC_ABILITIES_TEXT]; /* all words, as they came; NUL-ended */
	size_t n;
};

/*
 * A line of the answer to CAPABILITY, CAPA or EHLO, without what leads it
 * ("* ", "250-"); lines add up.
 */
void mc_abilities_line(struct mc_abilities *, enum mailcfg_protocol,
	const char *line, size_t n);
/* Those that fit the setting. */
unsigned mc_abilities_fit(const struct mc_abilities *, enum mailcfg_auth);
/* "PLAIN LOGIN", cut where it does not fit. */
void mc_abilities_names(unsigned mechanisms, char *out, size_t size);

#endif
