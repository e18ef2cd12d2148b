/* SPDX-License-Identifier: ISC */
/* What stands between the source and the YAML parser. */
#ifndef MC_YAML_INPUT_H
#define MC_YAML_INPUT_H

#include "input.h"

/* The blanks before a '#', where it may begin a comment. */
struct mc_yaml_hash {
	unsigned line;
	unsigned column;
};

/*
 * The reader's bytes at hand begin with what the parser was given since the
 * record's start: its source.
 */
struct mc_yaml_input {
	struct mc_reader *reader;
	size_t total;   /* bytes that the parser was given */
	size_t ahead;   /* of them at hand */
	size_t index;   /* characters before those at hand */
	size_t start;   /* the same, when the record began; SIZE_MAX: lost */
	size_t pending; /* since the parser made something of them */
	bool comment;   /* the line began with '#' */
	size_t most;    /* bytes that it is given next, at most; 0: any */
	/* what it is given before anything else, ASCII; NULL */
	const char *before;
	/* where hashes are told from: a place, and how far ahead it is */
	struct mc_place place;
	size_t placed;
	struct mc_yaml_hash *hashes;
	size_t first; /* hashes before it are passed */
	size_t n_hashes;
	size_t cap;
};

/*
 * Gives the parser at most `size` bytes that it will take: valid UTF-8 without
 * controls.  0: the end.  false: reported.
 */
bool mc_yaml_read(
	struct mc_yaml_input *, unsigned char *out, size_t size, size_t *n);
/*
 * The parser made something of what it was given, up to that line, but for the
 * last bytes.
 */
void mc_yaml_passed(struct mc_yaml_input *, unsigned line, size_t unread);
/* Whether a comment follows a plain text that ends there. */
bool mc_yaml_hashed(
	const struct mc_yaml_input *, unsigned line, unsigned column);
/* Where the source of a record begins. */
enum mc_yaml_from {
	MC_YAML_FROM_MARK = 0, /* with its first character */
	MC_YAML_FROM_LINE,
	MC_YAML_FROM_ITEM /* with the line of the dash before it */
};

/*
 * A record begins after so many characters, at that line and column (from 1):
 * lets go of what is before it.
 */
void mc_yaml_begin(struct mc_yaml_input *, size_t index, unsigned line,
	unsigned column, enum mc_yaml_from);
/*
 * Its source, until so many characters were given, and the comment behind it.
 * NULL: it is not at hand any more.
 */
const char *mc_yaml_raw(
	const struct mc_yaml_input *, size_t index, bool comment, size_t *n);
/*
 * A dash and a blank stand after so many characters, and before them in their
 * line so many blanks, and nothing else: how many bytes ahead that line begins.
 * SIZE_MAX: they do not.
 */
size_t mc_yaml_dash(const struct mc_yaml_input *, size_t index, size_t blanks);
/* Lets go of n bytes, up to that line, and has given the parser nothing. */
void mc_yaml_rewind(struct mc_yaml_input *, size_t n, unsigned line);
/*
 * Another parser is given a text, and then what is at hand from here on, at
 * first not much of it.
 */
void mc_yaml_again(struct mc_yaml_input *, const char *before);
/* How many bytes a parser would take: valid UTF-8 without controls. */
size_t mc_yaml_good(const char *, size_t n);
void mc_yaml_input_free(struct mc_yaml_input *);

#endif
