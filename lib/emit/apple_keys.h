/* SPDX-License-Identifier: ISC */
/* The words of a profile, for who writes one and who reads one. */
#ifndef MC_APPLE_KEYS_H
#define MC_APPLE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "../arena.h"
#include "../mailcfg.h"
#include "../uuid.h"

/* The names of one server's keys, in the order of ASCII. */
struct mc_apple_server {
	const char *authentication;
	const char *host;
	const char *prefix; /* NULL: it has none */
	const char *port;
	const char *use_ssl;
	const char *user;
	const char *password;
};
extern const struct mc_apple_server mc_apple_incoming;
extern const struct mc_apple_server mc_apple_outgoing;
#define MC_APPLE_ONE_PASSWORD "OutgoingPasswordSameAsIncomingPassword"

/* What differs between the two kinds of address and date books. */
struct mc_apple_dav {
	const char *description, *host, *password, *port, *principal, *use_ssl,
		*user;
	struct mc_purpose purpose;
	const char *type, *words;
	size_t offset; /* of the server in struct mailcfg_account */
};
extern const struct mc_apple_dav mc_apple_caldav;
extern const struct mc_apple_dav mc_apple_carddav;

/* What payloads, and profiles of several accounts, are named after. */
extern const struct mc_purpose mc_apple_profile, mc_apple_combined,
	mc_apple_mail;

#define MC_APPLE_MAIL "com.apple.mail.managed"
#define MC_APPLE_PROFILE "Configuration"
#define MC_APPLE_CONSENT_KEY "ConsentText"
#define MC_APPLE_CONSENT_DEFAULT "default"
#define MC_APPLE_REMOVAL_KEY "RemovalDate"
/* What all is on where S/MIME is; ends with NULL. */
extern const char *const mc_apple_smime[];

/* The fields of its own. */
#define MC_APPLE_TITLE "apple.title"
#define MC_APPLE_CONSENT "apple.consent"
#define MC_APPLE_REMOVAL "apple.removal-date"
#define MC_APPLE_SMIME "apple.smime"

/* The words for the enumerators; NULL: there is none. */
const char *mc_apple_type(enum mailcfg_protocol);
const char *mc_apple_authentication(enum mailcfg_auth);

/* What a device calls a profile where nobody says; NULL: out of memory. */
const char *mc_apple_title(
	struct mc_arena *, const char *mailbox, const char *organization);

/* Ports on which a device speaks TLS from the first byte. */
bool mc_apple_is_tls_port(unsigned port);
/* Ports on which a device is known to start without TLS. */
bool mc_apple_is_starttls_port(unsigned port);

#endif
