/* SPDX-License-Identifier: ISC */
#ifndef MC_DIAG_H
#define MC_DIAG_H

#include "mailcfg.h"

/*
 * The closed table of messages: identifier, level, slug, text.  Slugs are
 * stable, texts are not.  Each has an entry in mailcfg(1), DIAGNOSTICS, and a
 * golden in tests/.  In order of severity, then by who finds it.
 */
#define MC_MESSAGES(M)                                                         \
	/* values: the gate */                                                 \
	M(BAD_TEXT, ERROR, "bad-text", "text cannot be used")                  \
	M(TOO_LONG, ERROR, "too-long", "value is too long")                    \
	M(BAD_ADDRESS, ERROR, "bad-address", "not a mail address")             \
	M(BAD_HOST, ERROR, "bad-host", "not a host name")                      \
	M(BAD_PORT, ERROR, "bad-port", "not a port")                           \
	M(BAD_URL, ERROR, "bad-url", "not a server URL")                       \
	M(URL_PASSWORD, ERROR, "url-password",                                 \
		"a URL must not hold a password")                              \
	M(BAD_CHOICE, ERROR, "bad-choice", "not one of the known values")      \
	M(BAD_TYPE, ERROR, "bad-type", "text is wanted")                       \
	M(BAD_LANG, ERROR, "bad-lang", "not a language tag")                   \
	M(UNKNOWN_FIELD, ERROR, "unknown-field", "unknown field")              \
	M(UNKNOWN_COLUMN, ERROR, "unknown-column", "unknown column")           \
	M(DUPLICATE_FIELD, ERROR, "duplicate-field", "field is given twice")   \
	M(SECRET_OPTION, ERROR, "secret-option",                               \
		"a secret must not be an option's value")                      \
	/* the account: complete */                                            \
	M(NO_ADDRESS, ERROR, "no-address", "record has no address")            \
	M(NO_SERVER, ERROR, "no-server", "server is not known")                \
	M(SERVER_PARTS, ERROR, "server-parts",                                 \
		"port and TLS belong to a host")                               \
	M(SERVER_TWICE, ERROR, "server-twice",                                 \
		"a URL and its parts in one record")                           \
	M(UNKNOWN_PROVIDER, ERROR, "unknown-provider", "unknown provider")     \
	M(CLEARTEXT_PASSWORD, ERROR, "cleartext-password",                     \
		"a password would travel without TLS")                         \
	M(DUPLICATE_ACCOUNT, ERROR, "duplicate-account",                       \
		"two records are one mailbox")                                 \
	/* input: the readers */                                               \
	M(SYNTAX, ERROR, "syntax", "input is malformed")                       \
	M(NOT_UTF8, ERROR, "not-utf8", "input is not UTF-8")                   \
	M(TOO_BIG, ERROR, "too-big", "input exceeds a limit")                  \
	M(UNSAFE_YAML, ERROR, "unsafe-yaml", "YAML feature is not allowed")    \
	M(QUOTE_IT, ERROR, "quote-it", "value is ambiguous: quote it")         \
	M(EMPTY_INPUT, ERROR, "empty-input", "input has no record")            \
	M(NO_HEADER, ERROR, "no-header", "header line is missing")             \
	M(NO_INPUT, ERROR, "no-input", "cannot read input")                    \
	M(UNKNOWN_FORMAT, ERROR, "unknown-format", "input format is unknown")  \
	M(BAD_SIGNATURE, ERROR, "bad-signature", "signature does not hold")    \
	M(DEFAULTS_LATE, ERROR, "defaults-late",                               \
		"defaults must come before accounts")                          \
	/* targets */                                                          \
	M(UNKNOWN_TARGET, ERROR, "unknown-target", "unknown target")           \
	M(NOT_EXPRESSIBLE, ERROR, "not-expressible",                           \
		"target cannot express this")                                  \
	M(DOMAIN_DIFFERS, ERROR, "domain-differs",                             \
		"two accounts of a domain disagree")                           \
	M(NOT_ADJACENT, ERROR, "not-adjacent",                                 \
		"records that belong together are not adjacent")               \
	M(TOO_MANY, ERROR, "too-many", "too many accounts in one document")    \
	/* running it */                                                       \
	M(USAGE, ERROR, "usage", "wrong usage")                                \
	M(UNKNOWN_COMMAND, ERROR, "unknown-command", "unknown command")        \
	M(UNKNOWN_OPTION, ERROR, "unknown-option", "unknown option")           \
	M(NO_MATCH, ERROR, "no-match", "operand picks no record")              \
	M(BAD_PRESET, ERROR, "bad-preset", "preset cannot be used")            \
	M(BAD_TEMPLATE, ERROR, "bad-template", "template cannot be used")      \
	M(READABLE_SECRET, ERROR, "readable-secret",                           \
		"others can read a file with passwords")                       \
	M(WEAK_KEY, ERROR, "weak-key", "key is too short")                     \
	M(PASSWORD_SOURCE, ERROR, "password-source", "password source failed") \
	M(TERMINAL, ERROR, "terminal", "not fit for a terminal")               \
	M(BAD_RULE, ERROR, "bad-rule", "rule of errors cannot be used")        \
	M(UNKNOWN_ERROR, ERROR, "unknown-error", "error is not known")         \
	M(FILE_EXISTS, ERROR, "file-exists", "a different file is there")      \
	M(CANNOT_CREATE, ERROR, "cannot-create", "cannot create")              \
	M(CANNOT_WRITE, ERROR, "cannot-write", "cannot write")                 \
	M(BUSY, ERROR, "busy", "another run is writing there")                 \
	M(INTERRUPTED, ERROR, "interrupted", "stopped by a signal")            \
	M(NOT_BUILT, ERROR, "not-built", "a part was left out")                \
	M(BAD_JOURNAL, ERROR, "bad-journal", "journal cannot be used")         \
	M(MAIL_REFUSED, ERROR, "mail-refused", "message was refused")          \
	M(MAIL_WAITS, ERROR, "mail-waits", "message waits for another run")    \
	M(MAIL_DOUBTFUL, ERROR, "mail-doubtful",                               \
		"whether the message arrived is not known")                    \
	M(SUBMISSION, ERROR, "submission", "messages cannot be handed on")     \
	M(NOT_PUBLISHED, ERROR, "not-published", "nothing is published")       \
	M(NAME_SERVICE, ERROR, "name-service", "the name service fails")       \
	M(SERVER_FAILS, ERROR, "server-fails", "a server fails")               \
	M(LOGIN_REFUSED, ERROR, "login-refused",                               \
		"a login or an address was refused")                           \
	M(UNVERIFIED, ERROR, "unverified-transport",                           \
		"nobody proves where a password goes")                         \
	M(NO_MEMORY, ERROR, "no-memory", "out of memory")                      \
	M(FAULT, ERROR, "fault", "internal fault")                             \
	/* signing */                                                          \
	M(SIGN_FILE, ERROR, "sign-file", "no key or certificate can be read")  \
	M(SIGN_PASSPHRASE, ERROR, "sign-passphrase", "key cannot be opened")   \
	M(SIGN_LEGACY, ERROR, "sign-legacy",                                   \
		"PKCS#12 is encrypted the old way")                            \
	M(SIGN_KEY_TYPE, ERROR, "sign-key-type",                               \
		"key is of a kind that is not taken")                          \
	M(SIGN_MISMATCH, ERROR, "sign-mismatch",                               \
		"key and certificate are not a pair")                          \
	M(SIGN_VALIDITY, ERROR, "sign-validity",                               \
		"certificate is not valid today")                              \
	M(SIGN_CHAIN, ERROR, "sign-chain", "certificates do not link")         \
	M(READABLE_KEY, ERROR, "readable-key",                                 \
		"others can read a private key")                               \
	/* warnings */                                                         \
	M(CLEARTEXT, WARNING, "cleartext", "connection is not encrypted")      \
	M(STARTTLS_DEVICE, WARNING, "starttls-device",                         \
		"STARTTLS cannot be enforced")                                 \
	M(AUTH_FALLBACK, WARNING, "auth-fallback",                             \
		"authentication falls back to password inside TLS")            \
	M(LEFT_OUT, WARNING, "left-out", "value is left out")                  \
	M(UNDOCUMENTED, WARNING, "undocumented",                               \
		"the client's vendor does not document this")                  \
	M(CLIENT_ASKS, WARNING, "client-asks",                                 \
		"target cannot carry a password")                              \
	M(PASSWORD_INSIDE, WARNING, "password-inside",                         \
		"anybody who reads the file has the password")                 \
	M(PASSWORD_MAILED, WARNING, "password-mailed",                         \
		"a password is in the message")                                \
	M(POP3_DELETES, WARNING, "pop3-deletes",                               \
		"client may delete mail from the server")                      \
	M(SHARED_VALUE, WARNING, "shared-value",                               \
		"one setting on the computer serves the whole domain")         \
	M(PASSWORD_BLANKS, WARNING, "password-blanks",                         \
		"password begins or ends with a blank")                        \
	M(PASSWORD_FORM, WARNING, "password-form",                             \
		"password is not in Unicode normal form C")                    \
	M(OPTION_UNUSED, WARNING, "option-unused",                             \
		"option changed no account")                                   \
	M(UNSAFE_DIRECTORY, WARNING, "unsafe-directory",                       \
		"others can replace files in the directory")                   \
	M(HARD_TO_SCAN, WARNING, "hard-to-scan", "QR code is hard to scan")    \
	M(PRESET_DOUBTFUL, WARNING, "preset-doubtful",                         \
		"provider is not sure to serve mail clients")                  \
	M(UNPROVED, WARNING, "unproved", "nobody vouches for what was found")  \
	M(SIGN_EXPIRES, WARNING, "sign-expires", "certificate ends soon")      \
	M(SIGN_NO_CHAIN, WARNING, "sign-no-chain",                             \
		"the issuer's certificate is not given")                       \
	M(SIGN_USAGE, WARNING, "sign-usage",                                   \
		"certificate is not made for this")                            \
	/* notes */                                                            \
	M(COLUMN_IGNORED, NOTE, "column-ignored", "columns are ignored")       \
	M(PREPARATION, NOTE, "preparation",                                    \
		"something must be done at the provider first")                \
	M(NOT_CARRIED, NOTE, "not-carried", "target has no place for a field") \
	M(SKIPPED, NOTE, "skipped", "target leaves this account out")

enum mc_msg {
#define MC_MESSAGE_ENUM(id, level, slug, text) MC_MSG_##id,
	MC_MESSAGES(MC_MESSAGE_ENUM)
#undef MC_MESSAGE_ENUM
		MC_MSG_COUNT
};

struct mc_message {
	enum mailcfg_level level;
	const char *slug;
	const char *text;
};

/* Indexed by enum mc_msg. */
extern const struct mc_message mc_messages[MC_MSG_COUNT];

/* Where complaints go, and how many there were. */
struct mc_report {
	mailcfg_report_fn *fn; /* NULL: nowhere */
	void *context;
	unsigned long errors;
	unsigned long warnings;
	unsigned long notes;
	/* of what a target said, word by word; target.c */
	unsigned long long sum;
};

/*
 * Reports a message.  pos, field and target may be NULL.  The detail is cut at
 * 1 KiB, and what would harm a terminal in it is escaped.  The caller never
 * passes a secret.
 */
void mc_say(struct mc_report *, enum mc_msg, const struct mailcfg_pos *,
	const char *field, const char *target, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/*
 * Copies n bytes so that no terminal, log or person is misled by them:
 * controls, bidirectional marks and bytes that are not UTF-8 are written as
 * escapes.  What does not fit into `size` bytes (at least 16) ends in "...".
 */
void mc_clean(char *out, size_t size, const char *, size_t n);

/* The same as `level` instead of the table's (a refusal under `all`). */
void mc_say_as(struct mc_report *, enum mailcfg_level, enum mc_msg,
	const struct mailcfg_pos *, const char *field, const char *target,
	const char *detail);

#endif
