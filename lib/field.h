/* SPDX-License-Identifier: ISC */
/*
 * The field table and the gate: the only way into the model.  A field's row
 * drives CSV columns, YAML and JSON keys, --set, `mailcfg fields`, the help
 * and the manual.
 */
#ifndef MC_FIELD_H
#define MC_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diag.h"
#include "mailcfg.h"

enum mc_field_id {
	MC_ADDRESS = 0,
	MC_NAME,
	MC_GIVEN_NAME,
	MC_FAMILY_NAME,
	MC_LOGIN,
	MC_PASSWORD,
	MC_ORGANIZATION,
	MC_SUPPORT,
	MC_LANG,
	MC_ALIASES,
	MC_PERSON,
	MC_PROVIDER,
	MC_DELIVER_TO,
	MC_PROTOCOL,
	MC_CALDAV,
	MC_CARDDAV,
	/* seven for each protocol, in the order of enum mailcfg_protocol */
	MC_IMAP,
	MC_IMAP_HOST,
	MC_IMAP_PORT,
	MC_IMAP_TLS,
	MC_IMAP_LOGIN,
	MC_IMAP_AUTH,
	MC_IMAP_PASSWORD,
	MC_POP3,
	MC_POP3_HOST,
	MC_POP3_PORT,
	MC_POP3_TLS,
	MC_POP3_LOGIN,
	MC_POP3_AUTH,
	MC_POP3_PASSWORD,
	MC_SMTP,
	MC_SMTP_HOST,
	MC_SMTP_PORT,
	MC_SMTP_TLS,
	MC_SMTP_LOGIN,
	MC_SMTP_AUTH,
	MC_SMTP_PASSWORD,
	MC_IMAP_PREFIX,
	MC_REASON, /* mailcfg_reason: accepted and ignored */
	MC_FIELDS, /* the targets' own follow from here */
	MC_FIELD_MAX = 64
};

/* The parts of a server, in the order of the identifiers above. */
enum mc_part {
	MC_PART_URL = 0,
	MC_PART_HOST,
	MC_PART_PORT,
	MC_PART_TLS,
	MC_PART_LOGIN,
	MC_PART_AUTH,
	MC_PART_PASSWORD,
	MC_PARTS
};
static inline enum mc_field_id
mc_server_field(enum mailcfg_protocol protocol, enum mc_part part)
{
	return (enum mc_field_id)(
		MC_IMAP + (int)protocol * MC_PARTS + (int)part);
}

enum mc_kind {
	MC_KIND_TEXT = 0, /* one line */
	MC_KIND_ADDRESS,
	MC_KIND_ADDRESSES, /* separated by comma, semicolon or blank */
	MC_KIND_HOST,      /* may hold placeholders */
	MC_KIND_PORT,
	MC_KIND_TLS,
	MC_KIND_AUTH,
	MC_KIND_LOGIN, /* text; may hold placeholders */
	MC_KIND_SECRET,
	MC_KIND_SERVER, /* a server URL */
	MC_KIND_DAV,    /* https://host[:port][/path] */
	MC_KIND_LANG,
	MC_KIND_PROTOCOL,
	MC_KIND_IGNORED,
	MC_KIND_PATH,   /* a Windows folder: printable ASCII, no trailing \ */
	MC_KIND_DATE,   /* date.h; kept in its longer form */
	MC_KIND_SWITCH, /* yes or no */
	MC_KIND_CHOICE, /* one of the field's words */
};
const char *mc_kind_name(enum mc_kind);

struct mc_field {
	const char *name;
	enum mc_kind kind;
	unsigned short limit; /* bytes */
	bool secret;
	const char *help;            /* one line, no full stop */
	const char *const *words;    /* MC_KIND_CHOICE; NULL-ended */
	const char *const *synonyms; /* CSV headers, normalised; NULL-ended */
	const char *const *weak;     /* those that yield to any other column */
	/* of directories, in lower case, the best first; NULL-ended */
	const char *const *attributes;
};

/* The table: the fixed fields, then each target's own. */
size_t mc_field_count(void);
const struct mc_field *mc_field_at(size_t);
/* By its exact name; -1 when there is none. */
int mc_field_find(const char *name);
/*
 * By a CSV header: without regard to case, blanks, '-', '_', and by the
 * synonyms.  -1: none.  *nearest (may be NULL) is set to the field that the
 * header nearly matches, or NULL.
 */
int mc_field_match(const char *header, const struct mc_field **nearest);
/* Whether the header yields to another column of the field. */
bool mc_header_is_weak(const char *header, int field);
/* Without regard to case, blanks and marks. */
bool mc_header_same(const char *, const char *);
/* The field whose name is nearest to `name`, or NULL. */
const struct mc_field *mc_field_nearest(const char *name);
/* Whether the header is a column of a known export that is of no use to us. */
bool mc_column_known(const char *header);

/* A value that passed the gate. */
struct mc_value {
	const char *text; /* canonical; NULL: not set */
	unsigned number;  /* port, or the enumerator */
	struct mailcfg_pos pos;
};

/* One layer of an account in the making.  Zero-initialise `value`. */
struct mc_draft {
	struct mc_arena *arena;
	struct mailcfg_pos pos; /* of the record */
	bool bad;               /* something was refused */
	struct mc_value value[MC_FIELD_MAX];
};

/* What a reader knows of a value besides its text. */
enum mc_type { MC_TYPE_STRING = 0, MC_TYPE_NUMBER, MC_TYPE_BOOL, MC_TYPE_NULL };

/*
 * The gate.  Validates, normalises, and keeps a copy in the draft's arena.
 * pos is the value's; a fault inside it is reported at its own column when
 * the text stands in the source as it is (`exact`).  Empty text and
 * MC_TYPE_NULL mean absent.  false: refused, reported, draft->bad is set.
 */
bool mc_draft_set(struct mc_draft *, size_t field, const char *text, size_t n,
	enum mc_type, const struct mailcfg_pos *pos, bool exact,
	struct mc_report *);

/*
 * Replaces {mailbox} {local-part} {domain}; other braces stay as they are.
 * NULL: out of memory.
 */
const char *mc_expand(struct mc_arena *, const char *, const char *mailbox,
	const char *local_part, const char *domain);
bool mc_has_placeholder(const char *);

#endif
