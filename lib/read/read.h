/* SPDX-License-Identifier: ISC */
/*
 * Readers: one syntax each, no mail.  A reader turns source text into records
 * of (name, text, position); nested maps become dotted names, lists of text
 * become one text joined by ", ".
 *
 * A record's memory lives in the arena it was read into.
 */
#ifndef MC_READ_H
#define MC_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "../arena.h"
#include "../diag.h"
#include "../field.h"

/* Limits of promises P11, P13, P14. */
enum {
	MC_FIELD_BYTES = 64 * 1024,    /* one value */
	MC_RECORD_BYTES = 1024 * 1024, /* one record */
	MC_DEPTH = 16,                 /* nesting */
	MC_COLUMNS = 512,
	MC_YAML_BYTES = 64 * 1024 * 1024,
};

/* Where bytes come from.  read() is read(2): -1 sets errno, 0 is the end. */
struct mc_source {
	const char *name; /* for positions; outlives everything */
	long (*read)(void *context, void *, size_t);
	void *context;
};

/* One value of a record. */
struct mc_item {
	const char *name; /* CSV: the header as it stands there */
	const char *text; /* NUL-terminated; may hold no NUL (refused) */
	size_t len;
	enum mc_type type;
	bool exact; /* source text == text, so columns inside can be told */
	bool list;  /* it was a list of texts */
	/*
	 * YAML: written without quotes, and empty, null, on several lines or
	 * with " #" behind it.  A secret must not be written like that.
	 */
	bool doubtful;
	struct mailcfg_pos name_pos;
	struct mailcfg_pos pos;
};

struct mc_record {
	struct mc_item *items;
	size_t n_items;
	bool columns; /* CSV: the names are the header's; the reader has them */
	struct mailcfg_pos pos;
};

enum mc_next {
	MC_NEXT_RECORD = 0,
	MC_NEXT_HEADER,   /* CSV, once, first: items have names, no text */
	MC_NEXT_DEFAULTS, /* the mapping before accounts: */
	MC_NEXT_BAD,      /* a record was refused and reported; go on */
	MC_NEXT_END,      /* an input without any record was reported as such */
	/*
	 * Reported; nothing more can be read.  Out of memory is reported too,
	 * and the arena has failed then.
	 */
	MC_NEXT_FATAL
};

struct mc_reader;

/* A syntax: one row each in read.c.  open: NULL is out of memory. */
struct mc_syntax {
	const char *name;
	const char *summary;
	const char *suffixes[4]; /* ".csv"; NULL-ended */
	bool columns;            /* a header names them */
	struct mc_reader *(*open)(const struct mc_syntax *,
		const struct mc_source *, struct mc_report *);
	enum mc_next (*next)(
		struct mc_reader *, struct mc_arena *, struct mc_record *);
	void (*close)(struct mc_reader *);
};

size_t mc_syntax_count(void);
const struct mc_syntax *mc_syntax_at(size_t);
const struct mc_syntax *mc_syntax_by_name(const char *);
const struct mc_syntax *mc_syntax_by_suffix(const char *path);
/*
 * From the first bytes: '[' or '{' is JSON (NDJSON when the first line is a
 * whole object), "- " or "word:" is YAML, a line with , ; or a tab is CSV.
 * NULL: cannot tell.
 */
const struct mc_syntax *mc_syntax_sniff(const char *, size_t);

#endif
