/* SPDX-License-Identifier: ISC */
#include "csv_scan.h"

#include <string.h>

static struct mc_csv_cell *
last_cell(struct mc_csv_scan *c)
{
	size_t at = c->n_cells - 1;

	return &c->cells[at < MC_COLUMNS ? at : MC_COLUMNS];
}

static void
open_cell(struct mc_csv_scan *c, size_t at, bool quoted)
{
	c->n_cells++;
	*last_cell(c) = (struct mc_csv_cell){
		at + quoted, at + quoted, quoted, false};
	c->quotes |= quoted;
	c->lines |= quoted;
	c->state = quoted ? MC_CSV_QUOTED : MC_CSV_PLAIN;
}

static void
find_fault(struct mc_csv_scan *c, enum mc_csv_fault fault, size_t at)
{
	if (c->fault != MC_CSV_SOUND)
		return;
	c->fault = fault;
	c->fault_at = at;
}

/* A byte that ends a run; true: it ends the record. */
static bool
end_run(struct mc_csv_scan *c, char byte, size_t at)
{
	if (byte == '"') {
		find_fault(c, MC_CSV_STRAY, at);
		return false;
	}
	if (c->state == MC_CSV_PLAIN)
		last_cell(c)->end = at;
	c->state = MC_CSV_START;
	c->len = at;
	return byte != c->delimiter;
}

/* Takes a row that is whole, and has nothing odd in it. */
static bool
scan_quickly(struct mc_csv_scan *c, const char *s, size_t n)
{
	struct mc_csv_row row;

	if (c->done > 0 || c->n_cells > 0 ||
		!mc_csv_row(s, n, c->delimiter, MC_COLUMNS, c->cells, &row))
		return false;
	c->n_cells = row.n_cells;
	c->len = row.len;
	c->done = row.size;
	c->quotes = row.quotes;
	c->ascii = row.ascii;
	c->text = true;
	return true;
}

bool
mc_csv_scan(struct mc_csv_scan *c, const char *s, size_t n, bool slow)
{
	size_t i = c->done;
	bool whole = false;

	if (!slow && scan_quickly(c, s, n))
		return true;
	while (i < n && !whole) {
		const char *quote;

		switch (c->state) {
		case MC_CSV_START:
			open_cell(c, i, s[i] == '"');
			i += s[i] == '"';
			break;
		case MC_CSV_PLAIN:
			while (i < n && !c->special[(unsigned char)s[i]])
				i++;
			if (i < n) {
				whole = end_run(c, s[i], i);
				i++;
			}
			break;
		case MC_CSV_QUOTED:
			quote = memchr(s + i, '"', n - i);
			i = quote == NULL ? n : (size_t)(quote - s) + 1;
			if (quote != NULL) {
				last_cell(c)->end = i - 1;
				c->state = MC_CSV_QUOTE;
			}
			break;
		case MC_CSV_QUOTE:
			if (s[i] == '"') {
				last_cell(c)->doubled = true;
				c->state = MC_CSV_QUOTED;
			} else if (c->special[(unsigned char)s[i]]) {
				whole = end_run(c, s[i], i);
			} else {
				find_fault(c, MC_CSV_BEHIND, i);
				c->state = MC_CSV_PLAIN;
			}
			i++;
			break;
		}
	}
	c->done = i;
	return whole;
}

void
mc_csv_end(struct mc_csv_scan *c, size_t n)
{
	switch (c->state) {
	case MC_CSV_START: open_cell(c, n, false); break;
	case MC_CSV_PLAIN: last_cell(c)->end = n; break;
	case MC_CSV_QUOTED:
		find_fault(c, MC_CSV_OPEN, last_cell(c)->start - 1);
		break;
	case MC_CSV_QUOTE: break;
	}
	c->len = n;
}

void
mc_csv_delimit(struct mc_csv_scan *c, char delimiter)
{
	c->delimiter = delimiter;
	c->special[(unsigned char)delimiter] = true;
	c->special['"'] = true;
	c->special['\r'] = true;
	c->special['\n'] = true;
}

void
mc_csv_begin(struct mc_csv_scan *c)
{
	c->state = MC_CSV_START;
	c->done = 0;
	c->n_cells = 0;
	c->quotes = false;
	c->lines = false;
	c->ascii = false;
	c->text = false;
	c->fault = MC_CSV_SOUND;
}
