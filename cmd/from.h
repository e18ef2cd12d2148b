/* SPDX-License-Identifier: ISC */
#ifndef MC_FROM_H
#define MC_FROM_H

#include "gen.h"

/* One --from. */
struct input {
	struct gen *g;
	struct worker *w; /* who reads what is not cut */
	const char *path; /* "-": standard input */
	size_t number;
	int fd;
	bool is_file;
	char peek[4096]; /* what was read to tell the format */
	size_t n_peek;
	size_t at;
	bool read_all; /* the end was met while peeking */
	struct mc_source source;
	struct mc_report report; /* of the reader: leads to w */
	const struct mc_syntax *syntax;
	struct mc_reader *reader;
	struct mc_binding binding;
	const struct mc_draft *defaults;
	_Atomic unsigned long records;
	_Atomic size_t block; /* bytes that are cut off at once */
	_Atomic bool private; /* others cannot read it, or that is allowed */
};

/* input.c */
/* One record.  false: it was the last, or nothing more can be done. */
bool input_step(struct input *, struct worker *, struct mc_reader *);
/* What in->w has is carried out. */
void input_settle(struct input *);

/* blocks.c: all records of one that is open. */
void input_take(struct input *);

#endif
