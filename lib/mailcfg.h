/* SPDX-License-Identifier: ISC */
/*
 * libmailcfg: one model of a mailbox account, many client configurations.
 *
 * All memory belongs to the library and lives until the object it came from
 * is freed, unless stated otherwise.  Text is valid UTF-8, NUL-terminated, and
 * free of control characters.  A pointer is NULL where a value is absent,
 * never "".  Nothing here prints, exits, opens a file for writing or touches
 * the state of the process.  A struct mailcfg and what came from it belong to
 * one thread at a time; separate ones are independent.
 *
 * Everything is documented in libmailcfg(3).
 */
#ifndef MAILCFG_H
#define MAILCFG_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MAILCFG_API __attribute__((visibility("default")))
#else
#define MAILCFG_API
#endif

/* The three services of an account (RFC 9051, RFC 1939, RFC 6409). */
enum mailcfg_protocol {
	MAILCFG_IMAP = 0,
	MAILCFG_POP3,
	MAILCFG_SUBMISSION,
};
#define MAILCFG_PROTOCOLS 3

/* How a connection is protected (RFC 8314).  Zero is the safe value. */
enum mailcfg_tls {
	MAILCFG_TLS_IMPLICIT = 0,
	MAILCFG_TLS_STARTTLS,
	MAILCFG_TLS_NONE, /* cleartext */
};

/* How a person proves who they are. */
enum mailcfg_auth {
	MAILCFG_AUTH_PASSWORD = 0, /* PLAIN or LOGIN, inside TLS */
	MAILCFG_AUTH_ENCRYPTED,    /* CRAM-MD5 and its like */
	MAILCFG_AUTH_OAUTH2,
	MAILCFG_AUTH_NONE, /* submission only */
};

/* In order of severity. */
enum mailcfg_level {
	MAILCFG_ERROR = 0,
	MAILCFG_WARNING,
	MAILCFG_NOTE,
};

/*
 * Where a value was read.  file is a path, "-" for standard input, an option
 * ("--imap"), "operand N", or a preset's origin.  line and column start at 1;
 * columns count code points; 0 means that there is none.
 */
struct mailcfg_pos {
	const char *file;
	unsigned line;
	unsigned column;
};

/* A complaint.  It lives only during the call; no secret is ever in it. */
struct mailcfg_diag {
	enum mailcfg_level level;
	const char *slug; /* stable; see mailcfg(1), DIAGNOSTICS */
	const char *text; /* fixed for the slug */
	const char *detail;
	const char *field;  /* NULL, or the field's name */
	const char *target; /* NULL, or the target that speaks */
	struct mailcfg_pos pos;
};

/* One server of an account, complete: port, tls and auth are always right. */
struct mailcfg_server {
	enum mailcfg_protocol protocol;
	enum mailcfg_tls tls;
	enum mailcfg_auth auth;
	unsigned port;     /* 1 to 65535 */
	const char *host;  /* A-labels; NULL: the account has no such server */
	const char *login; /* NULL only with MAILCFG_AUTH_NONE */
	const char *password; /* NULL: the client asks */
};

/* A CalDAV or CardDAV service (RFC 4791, RFC 6352). */
struct mailcfg_dav {
	const char *host; /* A-labels; NULL: none */
	unsigned port;
	const char *path; /* NULL: none was given */
};

/* A page of a provider's. */
struct mailcfg_link {
	const char *kind; /* "documentation", "enable", "website" ... */
	const char *url;
};

/* What a provider's preset says of one server. */
struct mailcfg_offer {
	enum mailcfg_protocol protocol;
	enum mailcfg_tls tls;
	enum mailcfg_auth auth;
	unsigned port;
	const char *host;  /* may hold {mailbox} {local-part} {domain} */
	const char *login; /* likewise; NULL with MAILCFG_AUTH_NONE */
};

enum mailcfg_status {
	MAILCFG_STATUS_OK = 0,
	MAILCFG_STATUS_PREPARATION, /* something must be done there first */
	MAILCFG_STATUS_BROKEN,      /* known not to work with a password */
};

/* A provider's preset, built in or the site's. */
struct mailcfg_provider {
	const char *id;
	const char *name;
	const char *checked; /* YYYY, YYYY-MM or YYYY-MM-DD; NULL: never */
	enum mailcfg_status status;
	bool application_password; /* the normal password is refused */
	const char *application_password_page;
	const char *const *domains; /* A-labels or "*"; ends with NULL */
	const struct mailcfg_offer *offers; /* in order of preference */
	size_t n_offers;
	const struct mailcfg_link *links;
	size_t n_links;
	struct mailcfg_pos pos; /* file "built in", or where it was read */
};

/* A complete account: what every target is made from. */
struct mailcfg_account {
	struct mailcfg_pos pos;
	const char *mailbox;         /* local-part@domain, A-labels */
	const char *mailbox_display; /* the same with Unicode labels */
	const char *local_part;      /* as given, NFC */
	const char *domain;          /* A-labels */
	const char *domain_display;
	const char *identity; /* as mailbox, ASCII letters lower-cased */
	const char *name;     /* display-name (RFC 5322) */
	const char *given_name;
	const char *family_name;
	const char *organization;
	const char *support;
	const char *lang; /* of its person, BCP 47 */
	const char *person;
	const char *deliver_to;
	const char *const *aliases; /* ends with NULL; NULL: none */
	size_t n_aliases;
	enum mailcfg_protocol incoming; /* the one that was chosen */
	struct mailcfg_server server[MAILCFG_PROTOCOLS];
	const char *imap_prefix;
	struct mailcfg_dav caldav;
	struct mailcfg_dav carddav;
	const struct mailcfg_provider *provider; /* it was completed from */
	const struct mailcfg_provider *hints;    /* whose servers it uses */
};

/* A finished document. */
struct mailcfg_document {
	char *name;       /* a safe file name, see mailcfg(1), FILE NAMES */
	const char *type; /* media type */
	char *bytes;
	size_t size;
	bool secret; /* a password is inside: mode 0600 */
};

struct mailcfg;
struct mailcfg_draft;

typedef void mailcfg_report_fn(void *context, const struct mailcfg_diag *);

/* A new context.  report may be NULL.  NULL: out of memory. */
MAILCFG_API struct mailcfg *mailcfg_new(
	mailcfg_report_fn *report, void *context);
MAILCFG_API void mailcfg_free(struct mailcfg *);

/*
 * Reads the site's presets, every DIR file that ends in .yaml.  A directory
 * that is not there is no error.  false: a file was bad, and was reported.
 */
MAILCFG_API bool mailcfg_add_presets(struct mailcfg *, const char *dir);

/*
 * Where the web server will have each account's profile, for documents that
 * say so and for their names: https://..., with {token} {mailbox} {local-part}
 * {domain}.  key: the site's secret of 32 bytes or more, from which {token} is
 * made; it is copied.  0 bytes: none.  false: it was reported why.
 */
MAILCFG_API bool mailcfg_profile_url(struct mailcfg *, const char *pattern,
	const void *key, size_t key_size);

/* An account in the making: set fields by name, then complete it. */
MAILCFG_API struct mailcfg_draft *mailcfg_draft_new(struct mailcfg *);
MAILCFG_API bool mailcfg_draft_set(
	struct mailcfg_draft *, const char *field, const char *text);
/* NULL: it was reported why.  The account lives as long as the draft. */
MAILCFG_API const struct mailcfg_account *mailcfg_draft_complete(
	struct mailcfg_draft *);
MAILCFG_API void mailcfg_draft_free(struct mailcfg_draft *);

/* Consent to write passwords into documents. */
#define MAILCFG_EMBED_PASSWORD 1u

/*
 * Makes the documents of a target for the accounts (more than one only where
 * the target can hold several).  *docs must be freed by
 * mailcfg_documents_free.  false: it was reported why.
 */
MAILCFG_API bool mailcfg_emit(struct mailcfg *, const char *target,
	const struct mailcfg_account *const *accounts, size_t n_accounts,
	unsigned flags, struct mailcfg_document **docs, size_t *n_docs);
MAILCFG_API void mailcfg_documents_free(struct mailcfg_document *, size_t n);

/* The version of the library, as "1.0.0". */
MAILCFG_API const char *mailcfg_version(void);

#ifdef __cplusplus
}
#endif

#endif
