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

struct mc_yaml_input {
	struct mc_reader *reader;
	size_t total;   /* bytes that the parser was given */
	size_t pending; /* of them since it made something of them */
	unsigned blank; /* column where the blanks before the place begin */
	bool comment;   /* the line began with '#' */
	bool content;   /* it has something that is neither */
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
/* The parser made something of what it was given, up to that line. */
void mc_yaml_passed(struct mc_yaml_input *, unsigned line);
/* Whether a comment follows a plain text that ends there. */
bool mc_yaml_hashed(
	const struct mc_yaml_input *, unsigned line, unsigned column);
void mc_yaml_input_free(struct mc_yaml_input *);

#endif
