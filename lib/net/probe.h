/* SPDX-License-Identifier: ISC */
/*
 * One server, asked step by step whether it is as an account says.  Nothing
 * secret is sent before TLS 1.2 or newer with a certificate that holds.
 */
#ifndef MC_PROBE_H
#define MC_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "../mailcfg.h"

/* The steps, in the order in which they are told. */
#define MC_PROBE_STEPS(S)               \
	S(NAME, "name")                 \
	S(CONNECT, "connect")           \
	S(TLS, "tls")                   \
	S(CERTIFICATE, "certificate")   \
	S(GREETING, "greeting")         \
	S(CAPABILITIES, "capabilities") \
	S(MECHANISMS, "mechanisms")     \
	S(LOGIN, "login")               \
	S(SENDER, "sender")             \
	S(SERVICE, "service")
enum mc_step {
#define MC_STEP_ENUM(id, name) MC_STEP_##id,
	MC_PROBE_STEPS(MC_STEP_ENUM)
#undef MC_STEP_ENUM
		MC_STEPS
};
extern const char *const mc_step_names[MC_STEPS];

enum mc_verdict {
	MC_VERDICT_SKIPPED = 0,
	MC_VERDICT_OK,
	MC_VERDICT_WARN,
	MC_VERDICT_FAIL
};
extern const char *const mc_verdict_names[MC_VERDICT_FAIL + 1];

/*
 * Why: identifier, verdict, slug, text.  Rules of errors know the texts, so
 * that what is wrong can be explained; those without a text are none.
 */
#define MC_PROBE_REASONS(R)                                                   \
	R(NONE, SKIPPED, "not-reached", "")                                   \
	R(GOOD, OK, "good", "")                                               \
	R(STOPPED, SKIPPED, "stopped", "")                                    \
	R(NO_MEMORY, FAIL, "no-memory", "")                                   \
	R(NAME_UNKNOWN, FAIL, "name-unknown", "could not resolve host")       \
	R(NAME_SERVICE, FAIL, "name-service",                                 \
		"the name service gives no answer")                           \
	R(REFUSED, FAIL, "port-closed", "nobody listens at the port")         \
	R(TIMEOUT, FAIL, "port-silent", "the port lets nothing through")      \
	R(UNREACHABLE, FAIL, "unreachable", "no way leads to the address")    \
	R(ADDRESS, WARN, "address-fails",                                     \
		"one of its addresses takes no connection")                   \
	R(CLEARTEXT, WARN, "cleartext", "the connection has no TLS at all")   \
	R(NOT_TLS, FAIL, "not-tls", "plain text where TLS was expected")      \
	R(SILENT, FAIL, "silent", "silence where a greeting was expected")    \
	R(STARTTLS_MISSING, FAIL, "starttls-missing",                         \
		"server does not support STARTTLS")                           \
	R(STARTTLS_REFUSED, FAIL, "starttls-refused", "STARTTLS denied")      \
	R(INJECTED, FAIL, "injected", "plain text was slipped in before TLS") \
	R(PREAUTH, FAIL, "preauth", "somebody is logged in before we are")    \
	R(TLS_OLD, FAIL, "tls-old", "server has no TLS 1.2 or newer")         \
	R(TLS_FAILED, FAIL, "tls-failed", "TLS handshake failed")             \
	R(EXPIRED, FAIL, "certificate-expired", "certificate has expired")    \
	R(FUTURE, FAIL, "certificate-future", "certificate is not yet valid") \
	R(SELF_SIGNED, FAIL, "certificate-self-signed",                       \
		"self-signed certificate")                                    \
	R(ISSUER, FAIL, "certificate-issuer",                                 \
		"unable to get local issuer certificate")                     \
	R(HOST, FAIL, "certificate-name", "certificate name mismatch")        \
	R(CERTIFICATE, FAIL, "certificate-invalid",                           \
		"certificate verify failed")                                  \
	R(EXPIRES, WARN, "certificate-ends",                                  \
		"the server's certificate runs out soon")                     \
	R(TURNED_AWAY, FAIL, "turned-away",                                   \
		"the server turns the connection away")                       \
	R(OTHER_PROTOCOL, FAIL, "other-protocol",                             \
		"the port speaks another protocol")                           \
	R(ENDLESS, FAIL, "endless", "the server talks without end")           \
	R(CLOSED, FAIL, "closed", "connection closed by server")              \
	R(SLOW, FAIL, "slow", "the server leaves a question unanswered")      \
	R(ODD, FAIL, "odd-answer", "the answer cannot be understood")         \
	R(BUSY, FAIL, "busy", "the server ends the session")                  \
	R(NO_LOGIN, FAIL, "no-login", "the server offers no login here")      \
	R(MECHANISM, FAIL, "mechanism",                                       \
		"no mechanism offered fits the setting")                      \
	R(NO_PASSWORD, SKIPPED, "no-password", "")                            \
	R(NO_MAILBOX, SKIPPED, "no-mailbox", "")                              \
	R(UNSAFE, SKIPPED, "unsafe", "")                                      \
	R(UNPROVED, SKIPPED, "unproved", "")                                  \
	R(UNTRIED, SKIPPED, "untried", "")                                    \
	R(LOCK_OUT, SKIPPED, "lock-out",                                      \
		"five refused logins in a row, more would lock you out")      \
	R(LOGIN, FAIL, "login-refused", "authentication failed")              \
	R(IMPOSTOR, FAIL, "impostor",                                         \
		"the server cannot prove that it knows the password")         \
	R(LOGIN_LATER, FAIL, "login-later",                                   \
		"temporary authentication failure")                           \
	R(FULL, WARN, "mailbox-full", "the mailbox has no room left")         \
	R(SENDER, FAIL, "sender-refused", "sender address rejected")          \
	R(SENDER_LATER, WARN, "sender-later",                                 \
		"the server wants to be asked about the sender again later")  \
	R(NO_UTF8, FAIL, "no-smtputf8",                                       \
		"SMTPUTF8 is required, but not offered")                      \
	R(NO_SERVICE, FAIL, "no-service",                                     \
		"no calendar or address book is at this place")               \
	R(SERVICE_CLEAR, FAIL, "service-cleartext",                           \
		"the service is said to be at a place without TLS")           \
	R(SERVICE_FAULT, FAIL, "service-fault",                               \
		"the web server cannot answer for the service")
enum mc_reason {
#define MC_REASON_ENUM(id, verdict, slug, text) MC_WHY_##id,
	MC_PROBE_REASONS(MC_REASON_ENUM)
#undef MC_REASON_ENUM
		MC_REASONS_COUNT
};
struct mc_reason_row {
	enum mc_verdict verdict;
	const char *slug;
	const char *text;
};
extern const struct mc_reason_row mc_reasons[MC_REASONS_COUNT];

/* Bytes of a server's text, or of ours, that are shown. */
enum { MC_PROBE_TEXT = 512 };

struct mc_finding {
	enum mc_verdict verdict;
	enum mc_reason reason;
	char detail[MC_PROBE_TEXT + 1]; /* facts, fit to be shown; "": none */
	char said[MC_PROBE_TEXT + 1];   /* by the server, cleaned; "" */
};

struct mc_probe {
	struct mc_finding step[MC_STEPS];
	bool refused; /* what failed is the login or the address alone */
	char names[MC_PROBE_TEXT + 1]; /* of a certificate for another host */
	int days;                      /* that the certificate has left */
};

struct mc_tls;
/*
 * What TLS trusts: the certificates in the file; NULL: the system's, whatever
 * the environment says.  It may serve any number of threads.  NULL: *why, a
 * static text, or NULL, which is out of memory.
 */
struct mc_tls *mc_tls_open(const char *ca_file, const char **why);
void mc_tls_close(struct mc_tls *);

struct mc_probe_to {
	enum mailcfg_protocol protocol;
	enum mailcfg_tls tls;
	enum mailcfg_auth auth;
	const char *host; /* A-labels, or an address */
	unsigned port;
	const char *address; /* to use instead of the name's; NULL: none */
	/* name servers (dns.h) that are asked for it; NULL: the system's */
	const char *servers;
	const char *tls_name; /* in the certificate; NULL: host */
	const char *login;    /* NULL: none */
	const char *password; /* NULL: no login is tried */
	const char *mailbox;  /* whose sender is tried; NULL: nobody's */
	const char *helo;     /* how we call ourselves: a domain */
	struct mc_tls *trust;
	unsigned patience;       /* milliseconds for an answer; 0: 20 seconds */
	bool (*stopped)(void *); /* asked now and then; NULL: never */
	void *context;
};

/*
 * Asks it.  What comes after a step that fails is not reached.  It takes at
 * most 40 seconds, those of the name service apart.
 */
void mc_probe_run(const struct mc_probe_to *, struct mc_probe *);
/* The same, over a connection that is there; it is closed. */
void mc_probe_talk(const struct mc_probe_to *, int fd, struct mc_probe *);
/*
 * Asks a web server for a CalDAV or CardDAV service at a path, such as
 * /.well-known/caldav (RFC 6764), without a login.
 */
void mc_probe_dav(
	const struct mc_probe_to *, const char *path, struct mc_probe *);

/* Whether it is an address, not a name. */
bool mc_is_address(const char *);

/* The worst verdict of the steps from..to. */
enum mc_verdict mc_probe_worst(
	const struct mc_probe *, enum mc_step from, enum mc_step to);

#endif
