/* SPDX-License-Identifier: ISC */
/* Rows of a table cut to cells, whatever is in them, as their bytes come. */
#ifndef MC_CSV_SCAN_H
#define MC_CSV_SCAN_H

#include "csv_row.h"
#include "read.h"

enum mc_csv_state {
	MC_CSV_START = 0, /* of a cell */
	MC_CSV_PLAIN,
	MC_CSV_QUOTED,
	MC_CSV_QUOTE /* in a quoted cell: its end, or half of a doubled one */
};

enum mc_csv_fault {
	MC_CSV_SOUND = 0,
	MC_CSV_STRAY,  /* a quote in a cell without quotes */
	MC_CSV_BEHIND, /* text behind a closing quote */
	MC_CSV_OPEN    /* the quote is never closed */
};

struct mc_csv_scan {
	char delimiter;    /* '\0': not yet known */
	bool special[256]; /* ends a run of plain text */
	/* the row under way: offsets are from its start */
	enum mc_csv_state state;
	size_t done;    /* bytes looked at */
	size_t len;     /* bytes without the line's end, when it is whole */
	size_t n_cells; /* may exceed the array */
	bool quotes;    /* one was there */
	bool lines;     /* ends of lines may be inside */
	bool ascii;     /* all of it, as far as is known */
	bool text;      /* it is known that no NUL is in it */
	enum mc_csv_fault fault;
	size_t fault_at;
	struct mc_csv_cell cells[MC_COLUMNS + 1];
};

void mc_csv_delimit(struct mc_csv_scan *, char delimiter);
/* Forgets the row. */
void mc_csv_begin(struct mc_csv_scan *);
/*
 * Goes on; n bytes from the row's start are at hand.  slow: takes no short cut.
 * true: the row is whole.
 */
bool mc_csv_scan(struct mc_csv_scan *, const char *, size_t n, bool slow);
/* Ends the last row, which no line's end does. */
void mc_csv_end(struct mc_csv_scan *, size_t n);

#endif
