/* SPDX-License-Identifier: ISC */
/*
 * JSON (RFC 8259) to the letter: what the library that parses it lets pass is
 * found here, and where everything stands.
 */
#ifndef MC_JSON_SCAN_H
#define MC_JSON_SCAN_H

#include "input.h"

enum { MC_JSON_MARKS = 2048 };

/* A name, a value, or the bracket of one, in the order of the text. */
struct mc_json_mark {
	size_t at; /* of a string: what is inside the quotes */
	size_t len;
	bool exact; /* a string without escapes */
	struct mc_place place;
};

struct mc_json_fault {
	bool found;
	enum mc_msg message;
	const char *why; /* a static text */
	struct mc_place place;
};

struct mc_json_scan {
	/* in */
	const char *text;
	size_t n;
	struct mc_place place;      /* of its first byte */
	unsigned depth;             /* brackets that are open around it */
	struct mc_json_mark *marks; /* room for MC_JSON_MARKS */
	/* out */
	size_t n_marks;
	struct mc_json_fault fault; /* the first that is inside a token */
	struct mc_json_fault lost;  /* where it stops to be JSON at all */
	/* at work */
	size_t at;
	size_t placed; /* where `place` is */
	unsigned n_open;
	char open[MC_DEPTH];
};

/* Whether the text is one JSON value, blanks around it allowed. */
bool mc_json_scan(struct mc_json_scan *);
bool mc_json_blank(char);

#endif
