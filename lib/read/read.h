/* SPDX-License-Identifier: ISC */
/*
 * Readers: one syntax each, no mail.  A reader turns source text into records
 * of (name, text, position); nested maps become dotted names, lists of text
 * become one text joined by ", ".
 *
 * A record's memory lives in the arena it was read into, but for the array of
 * its items, which the next call of next() may use again.
 */
#ifndef MC_READ_H
#define MC_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "../arena.h"
#include "../buf.h"
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

/* A place in the text; LF, CR LF and CR end lines, columns are code points. */
struct mc_place {
	unsigned line;
	unsigned column;
	bool cr; /* the last byte was a CR: an LF belongs to it */
};

enum mc_fill { MC_FILL_MORE = 0, MC_FILL_END, MC_FILL_FAILED };

/* Where bytes come from.  read() is read(2): -1 sets errno, 0 is the end. */
struct mc_source {
	const char *name; /* for positions; outlives everything */
	long (*read)(void *context, void *, size_t);
	void *context;
	/*
	 * Whether read() would wait, so that records at hand had better be
	 * handed out first; NULL: never.
	 */
	bool (*waits)(void *context);
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
	/*
	 * LDIF: why the value is of no use, such as "it is not UTF-8"; static,
	 * and the text is empty.  Only who wants the value need complain.
	 */
	const char *fault;
	struct mailcfg_pos name_pos;
	struct mailcfg_pos pos;
};

struct mc_record {
	struct mc_item *items;
	size_t n_items;
	bool columns; /* CSV: the names are the header's; the reader has them */
	/*
	 * LDIF: the names are attributes, in lower case and with options
	 * ("cn;lang-en"); one may be there several times.
	 */
	bool directory;
	struct mailcfg_pos pos;
	/*
	 * The source of the record as it came, without the last line's end,
	 * until the next call of next(); NULL: not known.  With MC_NEXT_BAD
	 * too: it is what was refused.  CSV: the row, quoted line ends
	 * included.  NDJSON: the line.  JSON: the object.  YAML: the lines,
	 * with their indentation and "- "; of a flow list, the map alone.
	 * LDIF: the lines between two empty ones.
	 */
	const char *raw;
	size_t raw_len;
	/*
	 * CSV: not NULL while the items have no positions.  Few records want
	 * them, and they cost as much as the rest of reading.
	 */
	const struct mc_reader *unplaced;
};

/*
 * Finds the positions of the items, where the reader has left that open; before
 * the next call of next().
 */
void mc_record_places(struct mc_record *);

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

enum mc_rejects {
	MC_REJECTS_TABLE = 0,
	MC_REJECTS_JSON,
	MC_REJECTS_NDJSON,
	MC_REJECTS_YAML,
	MC_REJECTS_LDIF
};

/* A syntax: one row each in read.c.  open: NULL is out of memory. */
struct mc_syntax {
	const char *name;
	const char *summary;
	const char *suffixes[4]; /* ".csv"; NULL-ended */
	bool columns; /* the names are the source's own: a header's, or LDIF */
	enum mc_rejects rejects; /* how refused records are written; reject.h */
	struct mc_reader *(*open)(const struct mc_syntax *,
		const struct mc_source *, struct mc_report *);
	enum mc_next (*next)(
		struct mc_reader *, struct mc_arena *, struct mc_record *);
	void (*close)(struct mc_reader *);
	/*
	 * NULL: the input cannot be cut.  Otherwise one thread cuts the rest
	 * of the input into blocks of whole records, and any number of threads
	 * reads those, each with a fork of the reader.  Records and complaints
	 * are those of next(), in the order of the blocks; only the complaint
	 * about an input without a record is the caller's.
	 */
	/*
	 * Adds the next block to *block, which is empty: about 64 KiB, at most
	 * MC_RECORD_BYTES + 64 KiB; an empty one, once, before it waits for a
	 * source that has nothing yet.  *place: where it begins.  The header
	 * must have been read; next() is not for use any more.
	 *
	 * MC_FILL_END: that was all, *block stays empty.  MC_FILL_FAILED: it
	 * cannot be read, which is reported in this very call, after all that
	 * could be read was handed out; when it was memory, block->failed.
	 */
	enum mc_fill (*cut)(
		struct mc_reader *, struct mc_buf *block, struct mc_place *);
	/*
	 * A reader of such blocks, to be closed with close().  `from` must
	 * have read the header, and stay open; that next() or cut() works on
	 * it meanwhile does no harm.  NULL: out of memory.
	 */
	struct mc_reader *(*fork)(
		const struct mc_reader *from, struct mc_report *);
	/*
	 * Lets next() of a fork read a block, which must stay where it is
	 * until MC_NEXT_END and the records' end.  After MC_NEXT_FATAL no
	 * later block counts.
	 */
	void (*feed)(struct mc_reader *fork, const char *, size_t n,
		const struct mc_place *);
	/* NULL: records have the positions of their items at once. */
	void (*places)(const struct mc_reader *, struct mc_record *);
};

/* Blocks of about so many bytes, from the next cut() on; 0: 64 KiB. */
void mc_reader_block(struct mc_reader *, size_t);

size_t mc_syntax_count(void);
const struct mc_syntax *mc_syntax_at(size_t);
const struct mc_syntax *mc_syntax_by_name(const char *);
const struct mc_syntax *mc_syntax_by_suffix(const char *path);
/*
 * From the first bytes: '[' or '{' is JSON (NDJSON when the first line is a
 * whole object), "dn:" or "version: 1" is LDIF, "- " or "word:" is YAML, a line
 * with , ; or a tab is CSV.  NULL: cannot tell.
 */
const struct mc_syntax *mc_syntax_sniff(const char *, size_t);

#endif
