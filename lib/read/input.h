/* SPDX-License-Identifier: ISC */
/* What the readers share: bytes at hand, places, and the ways to stop. */
#ifndef MC_INPUT_H
#define MC_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "read.h"

enum { MC_BLOCK = 64 * 1024 };

/* Every reader's structure begins with one. */
struct mc_reader {
	const struct mc_syntax *syntax;
	struct mc_source source;
	struct mc_report *report;
	/* what was read and not yet taken: data[at] to data[end - 1] */
	const char *data;
	char *own; /* its memory; NULL: it is a block of the caller's */
	size_t cap;
	size_t at;
	size_t end;
	size_t peak;           /* where the bytes reached, to be wiped */
	struct mc_place place; /* of data[at] */
	bool begun;
	bool eof;
	int error;      /* errno of a read that failed; not reported yet */
	bool dead;      /* a fatal fault was reported */
	bool no_memory; /* it was that */
	bool records;   /* there was one, good or bad */
	bool slow;      /* takes no short cut: for tests */
	size_t size;    /* of the blocks it is cut into, about; 0: MC_BLOCK */
};

/* A zeroed reader of `size` bytes; NULL: out of memory. */
struct mc_reader *mc_reader_new(size_t size, const struct mc_syntax *,
	const struct mc_source *, struct mc_report *);
void mc_reader_free(struct mc_reader *);
/*
 * Reads another block behind the bytes at hand, which move: offsets from
 * data + at stay right.  Marks of byte order are taken off.
 */
enum mc_fill mc_reader_fill(struct mc_reader *);
/* The same, but a read that fails is not yet reported. */
enum mc_fill mc_reader_more(struct mc_reader *);
/* Makes it read the caller's block, and nothing else. */
void mc_reader_feed(
	struct mc_reader *, const char *, size_t n, const struct mc_place *);
/* Lets go of n bytes, and moves the place past them. */
void mc_reader_take(struct mc_reader *, size_t n);
/* The place that is n bytes on. */
struct mc_place mc_reader_place(const struct mc_reader *, size_t n);
/* place: NULL is none. */
static inline struct mailcfg_pos
mc_reader_pos(const struct mc_reader *r, const struct mc_place *place)
{
	return (struct mailcfg_pos){r->source.name,
		place == NULL ? 0 : place->line,
		place == NULL ? 0 : place->column};
}
/* What next() returns: tells of an input without a record, and of memory. */
enum mc_next mc_reader_done(
	struct mc_reader *, struct mc_arena *, enum mc_next);
/* next(), by a step that looks for a record and leaves the rest to it. */
typedef enum mc_next mc_reader_step(
	struct mc_reader *, struct mc_arena *, struct mc_record *);
enum mc_next mc_reader_next(struct mc_reader *, struct mc_arena *,
	struct mc_record *, mc_reader_step *);

/* They report, and return MC_NEXT_FATAL.  place: NULL is none. */
enum mc_next mc_reader_fatal(struct mc_reader *, enum mc_msg,
	const struct mc_place *, const char *, ...)
	__attribute__((format(printf, 4, 5)));
enum mc_next mc_reader_not_utf8(
	struct mc_reader *, const struct mc_place *, const char *encoding);
enum mc_next mc_reader_no_memory(struct mc_reader *);

void mc_walk(struct mc_place *, const char *, size_t n);
/* How many bytes are valid UTF-8, from the start. */
size_t mc_utf8_prefix(const char *, size_t n);
/* How many characters, of valid UTF-8. */
size_t mc_columns(const char *, size_t n);

#endif
