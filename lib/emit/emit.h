/* SPDX-License-Identifier: ISC */
/*
 * Targets.  A target is one file in this folder with one exported object, a
 * const struct mc_target, and one line in targets.h.  To add one, copy
 * card.c; CONTRIBUTING.md walks through it.
 *
 * What a target can express is data in its row.  mc_target_admit checks an
 * account against the row once, warns or refuses with the field's position,
 * and then asks the target's own check().  An emitter is only ever handed an
 * account that passed.  It is a pure function: no clock, randomness, locale,
 * environment or files; the same accounts give the same bytes.
 */
#ifndef MC_EMIT_H
#define MC_EMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "../account.h"
#include "../arena.h"
#include "../buf.h"
#include "../diag.h"
#include "../explain.h"
#include "../link.h"
#include "../mailcfg.h"
#include "../plain.h"
#include "../texts.h"
#include "back.h"
#include "publish.h"

/* What a target can express. */
enum mc_capability {
	MC_CAN_IMAP = 1u << 0,
	MC_CAN_POP3 = 1u << 1,
	MC_CAN_IMPLICIT = 1u << 2,
	MC_CAN_STARTTLS = 1u << 3,
	MC_CAN_CLEARTEXT = 1u << 4,
	MC_CAN_PASSWORD = 1u << 5,  /* authentication by password */
	MC_CAN_ENCRYPTED = 1u << 6, /* else it falls back to password */
	MC_CAN_OAUTH2 = 1u << 7,
	MC_CAN_NO_AUTH = 1u << 8,  /* submission without login */
	MC_CAN_SECRET = 1u << 9,   /* carries a password on request */
	MC_CAN_SEVERAL = 1u << 10, /* accounts in one document, --combine */
	MC_CAN_UTF8 = 1u << 11,    /* addresses beyond ASCII */
	MC_CAN_ALIASES = 1u << 12,
	MC_CAN_CALDAV = 1u << 13,
	MC_CAN_CARDDAV = 1u << 14,
	MC_CAN_PREFIX = 1u << 15,      /* imap.prefix */
	MC_CAN_SMTP_LOGIN = 1u << 16,  /* another login for submission */
	MC_CAN_SMTP_SECRET = 1u << 17, /* another password for submission */
	MC_BY_NAME_ONLY = 1u << 18,    /* not made for a person: not in `all` */
	MC_CAN_BOTH = 1u << 20,        /* a second incoming server too */
	MC_ONE_PER_DOMAIN = 1u << 19,  /* a person's computer keeps one */
	MC_ONE_LIST = 1u << 21,        /* its scope is always MC_SCOPE_RUN */
	MC_HAS_IDENTIFIER = 1u << 22,  /* it writes account.h's identifier */
	/*
	 * Its documents say where the account's lie, and nothing else of it:
	 * without mc_options.link there is nothing to make.
	 */
	MC_IS_LINK = 1u << 23,
	MC_HANDED_OVER = 1u << 24, /* goes by message where none is named */
	/* Its document tells of the others of an account: it is made last. */
	MC_WANTS_MANIFEST = 1u << 25,
	MC_SPEAKS = 1u << 26,   /* to its person, in their language */
	MC_EXPLAINS = 1u << 27, /* what errors mean */
};
/* What nearly every client can do. */
#define MC_CAN_USUAL                                                     \
	(MC_CAN_IMAP | MC_CAN_POP3 | MC_CAN_IMPLICIT | MC_CAN_STARTTLS | \
		MC_CAN_CLEARTEXT | MC_CAN_PASSWORD | MC_CAN_NO_AUTH |    \
		MC_CAN_SMTP_LOGIN)

#define MC_CAN_DAV (MC_CAN_CALDAV | MC_CAN_CARDDAV)

/* Beside the signs of plain.h that a target heeds. */
enum { MC_HEEDS_SIGNS = 1u << 30 };

enum mc_scope {
	MC_SCOPE_ACCOUNT = 0, /* a document an account */
	MC_SCOPE_DOMAIN,      /* one for every account of a domain */
	MC_SCOPE_RUN          /* one for the run */
};

enum { MC_DOCS_MAX = 4 };

/* What a document has to do with mc_options.link. */
enum mc_at_link {
	MC_AT_LINK_NOTHING = 0,
	MC_AT_LINK_LIES, /* it lies there, and is named by it */
	MC_AT_LINK_SAYS  /* it tells where */
};

/* One document of a target. */
struct mc_doc {
	const char *role; /* "profile", "card" ...; for people */
	/*
	 * What follows the address or domain in the file name; unique over all
	 * targets.  With MC_SCOPE_RUN the whole name.
	 */
	const char *suffix;
	/* The whole name in a folder of the person's own; NULL: as elsewhere.
	 */
	const char *own_name;
	const char *type; /* media type */
	bool secret;      /* holds the password when one is embedded */
	bool binary;      /* not for a terminal */
	bool sign;        /* clients take it inside a signature, lib/sign.h */
	enum mc_at_link at_link;
};

struct mc_options {
	bool embed_password;
	bool terminal;              /* the document is shown on one */
	const struct mc_link *link; /* where documents lie; NULL: unknown */
	/* all that are made of an account; ends with NULL; NULL: unknown */
	const struct mc_target *const *targets;
	const struct mc_texts *texts; /* before the built-in ones */
	size_t n_texts;
	const struct mc_rules *rules; /* MC_EXPLAINS: what errors mean */
};

/* A document that was made for accounts, or for a domain of theirs. */
struct mc_made {
	const struct mc_target *target;
	const struct mc_doc *doc;
	const char *name;
	const struct mailcfg_account *const *accounts;
	size_t n;
	/* one more of its kind, of a person's accounts that did not fit in */
	bool further;
};

/* A check under way: what the target's check() may say, and the outcome. */
struct mc_check {
	const struct mc_target *target;
	const struct mailcfg_account *account;
	const struct mc_options *options;
	struct mc_report *report;
	struct mc_arena *arena; /* the caller's, who looks whether it failed */
	bool lenient;           /* under `all`: a refusal is a note */
	bool refused;
	/*
	 * Every branch on a person's own value that emit takes is a bit here,
	 * so that two accounts with equal bits, servers and presence of each
	 * value have documents of one shape.  (Which logins and passwords are
	 * the same, or are mailbox or local-part, the stencil knows itself.)
	 */
	unsigned long long shape;
};

/* Refuses the account for this target: not-expressible, at the field. */
void mc_refuse(struct mc_check *, enum mc_field_id, const char *, ...)
	__attribute__((format(printf, 3, 4)));
/* Warns; once per message, target, field and text (the program counts). */
void mc_warn(struct mc_check *, enum mc_msg, enum mc_field_id, const char *,
	...) __attribute__((format(printf, 4, 5)));

/* A document in the making. */
struct mc_emit {
	const struct mc_target *target;
	const struct mc_options *options;
	struct mc_buf *out;     /* mc_target_docs() of them */
	struct mc_arena *arena; /* lives until end() has run */
	/*
	 * MC_WANTS_MANIFEST: what was made before of these accounts, and of
	 * others of the same run
	 */
	const struct mc_made *made;
	size_t n_made;
	size_t count; /* accounts so far, this one included */
	void *state;  /* the target's own */
	bool failed;  /* something went wrong: end() drops */
};

/*
 * A place in a target's documents where a person's own value stands: how the
 * value is got, and how the format writes it.  For many accounts the stencil
 * (stencil.h) pours values into the holes of one document instead of making
 * it again each time, and the bytes must be the same: poured == emitted.
 * What an account has that is no hole is part of the document's shape.
 */
struct mc_hole {
	/*
	 * The value as text; NULL: this account has none.  Made of mailbox,
	 * local-part, domain, names, logins, passwords, person and deliver-to
	 * only.  What is not in the account lives in the arena.  holes.h has
	 * the usual ones.
	 */
	const char *(*get)(struct mc_arena *, const struct mailcfg_account *);
	/* Appends it as it stands in the document; NULL: as it is. */
	void (*escape)(struct mc_buf *, const char *);
};

#define MC_ANY_CLIENT "*"

struct mc_target {
	const char *name;
	const char *const *aliases; /* NULL-ended; NULL: none */
	const char *summary;        /* one line, no full stop */
	unsigned can;               /* enum mc_capability */
	/* What to do instead of OAuth2, in the words of the client. */
	const char *oauth2_way;
	/*
	 * What the client cannot do that the bits do not tell, a line each;
	 * ends with NULL.  NULL: nothing is known.
	 */
	const char *const *limits;
	/*
	 * Whom its documents serve, as the pages for people call them
	 * (templates/guide/devices.html); MC_ANY_CLIENT: whoever types.  Ends
	 * with NULL; NULL: nobody in particular.
	 */
	const char *const *clients;
	/*
	 * NULL, or what a QR code for these clients holds, of an account that
	 * was admitted; *n bytes, in the arena.  NULL: there is nothing, or out
	 * of memory.
	 */
	const char *(*code)(struct mc_arena *, const struct mailcfg_account *,
		const struct mc_options *, size_t *n);
	/* NULL: always MC_SCOPE_ACCOUNT. */
	enum mc_scope (*scope)(
		const struct mailcfg_account *, const struct mc_options *);
	struct mc_doc docs[MC_DOCS_MAX]; /* ends with a NULL role */
	/*
	 * NULL, or docs[] are the forms of one document, and this tells which
	 * of them it takes.  Only with MC_SCOPE_ACCOUNT.
	 */
	size_t (*form)(
		const struct mailcfg_account *, const struct mc_options *);
	/*
	 * NULL, or with MC_CAN_SEVERAL: how many of n accounts, from the first
	 * on, go into one document.  The first always does; 0 is that memory
	 * ran out.
	 */
	size_t (*fit)(struct mc_arena *, const struct mailcfg_account *const *,
		size_t n, const struct mc_options *);
	/*
	 * Its own fields, named "target.something"; NULL-name-ended.  Targets
	 * may share them: code.h.
	 */
	const struct mc_field *fields;
	/*
	 * Where persons' own values stand; ends with a NULL get.  NULL: the
	 * documents are emitted each time.
	 */
	const struct mc_hole *holes;
	/*
	 * 0: check(), scope() and item() may act on whatever they find in a
	 * person's names, logins and passwords.  Otherwise MC_HEEDS_SIGNS and
	 * the signs (enum mc_sign of plain.h) that they act on, for names
	 * << MC_SIGN_NAMES: accounts alike in all else, whose values have none
	 * of these signs, are given the same words, scope and shape, and need
	 * not be asked about each time.  What is present and what is equal
	 * counts as ever; passwords only where they are embedded.
	 */
	unsigned heeds;
	/* May warn and refuse; NULL: nothing of its own to say. */
	void (*check)(struct mc_check *);
	/*
	 * begin and end may be NULL.  end runs whenever begin succeeded, also
	 * after a failure, and lets go of state.  With MC_SCOPE_RUN the bytes
	 * in out[] are taken away after each call, and item does without
	 * state and count: it may run anywhere.  false: out of memory or a
	 * library failed; nothing is written.
	 */
	bool (*begin)(struct mc_emit *);
	bool (*item)(struct mc_emit *, const struct mailcfg_account *);
	bool (*end)(struct mc_emit *);
	/*
	 * NULL, or with MC_SCOPE_RUN: item() for all accounts of one person,
	 * from one on, who wait for each other then.
	 */
	bool (*person)(struct mc_emit *, const struct mailcfg_account *const *,
		size_t n);
	/* What stands between two accounts' bytes, MC_SCOPE_RUN; NULL: none. */
	const char *between;
	/*
	 * Reads a document of its kind back into records, its own or another
	 * maker's; NULL: it cannot.
	 */
	enum mc_back_result (*read)(struct mc_back *, const char *, size_t n);
	/* What mail domains publish in its dialect; NULL: nothing. */
	const struct mc_publication *publication;
};

/* The registry: targets.h has a line for each. */
#define MC_TARGET(id) extern const struct mc_target mc_target_##id;
#include "targets.h"
#undef MC_TARGET
size_t mc_target_count(void);
const struct mc_target *mc_target_at(size_t);
/* By name or alias; NULL: none. */
const struct mc_target *mc_target_find(const char *);
const char *mc_target_nearest(const char *);
/* How many documents it makes, and how many rows of docs[] there are. */
size_t mc_target_docs(const struct mc_target *);
size_t mc_target_rows(const struct mc_target *);
static inline enum mc_scope
mc_target_scope(const struct mc_target *t, const struct mailcfg_account *a,
	const struct mc_options *o)
{
	return t->scope == NULL ? MC_SCOPE_ACCOUNT : t->scope(a, o);
}
/* How many of the accounts, from the first on, go into one document; or 0. */
static inline size_t
mc_target_fit(const struct mc_target *t, struct mc_arena *arena,
	const struct mailcfg_account *const *list, size_t n,
	const struct mc_options *o)
{
	return t->fit == NULL ? n : t->fit(arena, list, n, o);
}
/* The row of the i-th document of an account. */
static inline size_t
mc_target_row(const struct mc_target *t, size_t i,
	const struct mailcfg_account *a, const struct mc_options *o)
{
	return t->form == NULL ? i : t->form(a, o);
}
/*
 * The file name of a document that is named after key (an identity or domain)
 * or by the link; MC_SCOPE_RUN has others.  NULL: out of memory.
 */
const char *mc_document_name(struct mc_arena *, const struct mc_doc *,
	const char *key, const struct mailcfg_account *,
	const struct mc_options *);

/*
 * What the target is handed for the account: the account itself, or a copy in
 * the arena with `encrypted` turned into password.  NULL: refused (reported),
 * or arena->failed.
 */
const struct mailcfg_account *mc_target_admit(const struct mc_target *,
	const struct mailcfg_account *, const struct mc_options *, bool lenient,
	struct mc_arena *, struct mc_report *, unsigned long long *shape);

/*
 * begin, item for each (or for adjacent ones of each person), end.  false:
 * failed; out[] is then empty.
 */
bool mc_emit_accounts(
	struct mc_emit *, const struct mailcfg_account *const *, size_t n);

/* Helpers that know no client. */

/* The chosen incoming server; the submission server. */
static inline const struct mailcfg_server *
mc_incoming(const struct mailcfg_account *a)
{
	return &a->server[a->incoming];
}
static inline const struct mailcfg_server *
mc_submission(const struct mailcfg_account *a)
{
	return &a->server[MAILCFG_SUBMISSION];
}
/* The incoming server that the account has besides, or NULL. */
static inline const struct mailcfg_server *
mc_other_incoming(const struct mailcfg_account *a)
{
	const struct mailcfg_server *s = &a->server[a->incoming == MAILCFG_IMAP
			? MAILCFG_POP3
			: MAILCFG_IMAP];

	return s->host == NULL ? NULL : s;
}
/* Both servers have one login. */
bool mc_same_login(const struct mailcfg_account *);
/* Both servers have one password, or none. */
bool mc_same_password(const struct mailcfg_account *);
/* The person's name, or the address where a client must show something. */
const char *mc_name_or_address(const struct mailcfg_account *);
/* What the provider wants done first, in English, or NULL; in the arena. */
const char *mc_preparation(struct mc_arena *, const struct mailcfg_account *);

#endif
