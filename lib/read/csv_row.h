/* SPDX-License-Identifier: ISC */
/* Rows of a table without anything odd, cut to cells in one quick pass. */
#ifndef MC_CSV_ROW_H
#define MC_CSV_ROW_H

#include <stdbool.h>
#include <stddef.h>

/* Offsets from the row's start; the quotes of a cell do not count. */
struct mc_csv_cell {
	size_t start;
	size_t end;
	bool quoted;
	bool doubled; /* quotes in it are */
};

struct mc_csv_row {
	size_t len;  /* without the line's end */
	size_t size; /* with it */
	size_t n_cells;
	bool quotes; /* one was there */
	bool ascii;  /* all of it */
};

/*
 * Cuts the row that begins at s.  false: it is not whole within n bytes, has
 * more than `max` cells, or needs a closer look: a stray quote, a line end
 * inside quotes, a NUL, a size near the limits.
 */
bool mc_csv_row(const char *s, size_t n, char delimiter, size_t max,
	struct mc_csv_cell *, struct mc_csv_row *);

#endif
