/* SPDX-License-Identifier: ISC */
/* What the readers share: bytes at hand, places, and the ways to stop. */
#ifndef MC_INPUT_H
#define MC_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "read.h"

enum { MC_BLOCK = 64 * 1024 };

/* A place in the text; LF, CR LF and CR end lines, columns are code points. */
struct mc_place {
	unsigned line;
	unsigned column;
	bool cr; /* the last byte was a CR: an LF belongs to it */
};

/* Every reader's structure begins with one. */
struct mc_reader {
	const struct mc_syntax *syntax;
	struct mc_source source;
	struct mc_report *report;
	/* what was read and not yet taken: data[at] to data[end - 1] */
	char *data;
	size_t cap;
	size_t at;
	size_t end;
	size_t peak;           /* where the bytes reached, to be wiped */
	struct mc_place place; /* of data[at] */
	bool begun;
	bool eof;
	bool dead;      /* a fatal fault was reported */
	bool no_memory; /* it was that */
	bool records;   /* there was one, good or bad */
};

enum mc_fill { MC_FILL_MORE = 0, MC_FILL_END, MC_FILL_FAILED };

/* A zeroed reader of `size` bytes; NULL: out of memory. */
struct mc_reader *mc_reader_new(size_t size, const struct mc_syntax *,
	const struct mc_source *, struct mc_report *);
void mc_reader_free(struct mc_reader *);
/*
 * Reads another block behind the bytes at hand, which move: offsets from
 * data + at stay right.  Marks of byte order are taken off.
 */
enum mc_fill mc_reader_fill(struct mc_reader *);
/* Lets go of n bytes, and moves the place past them. */
void mc_reader_take(struct mc_reader *, size_t n);
/* The place that is n bytes on. */
struct mc_place mc_reader_place(const struct mc_reader *, size_t n);
struct mailcfg_pos mc_reader_pos(
	const struct mc_reader *, const struct mc_place *);
/* What next() returns: tells of an input without a record, and of memory. */
enum mc_next mc_reader_done(
	struct mc_reader *, struct mc_arena *, enum mc_next);

/* They report, and return MC_NEXT_FATAL.  place: NULL is none. */
enum mc_next mc_reader_fatal(struct mc_reader *, enum mc_msg,
	const struct mc_place *, const char *, ...)
	__attribute__((format(printf, 4, 5)));
enum mc_next mc_reader_not_utf8(
	struct mc_reader *, const struct mc_place *, const char *encoding);
enum mc_next mc_reader_no_memory(struct mc_reader *);

void mc_walk(struct mc_place *, const char *, size_t n);
/* How many bytes are ASCII; how many are valid UTF-8, from the start. */
size_t mc_ascii_prefix(const char *, size_t n);
size_t mc_utf8_prefix(const char *, size_t n);

#endif
