/* SPDX-License-Identifier: ISC */
#include "csv_row.h"

#include "bits.h"

enum { LONGEST = 32 * 1024 }; /* below what a cell may hold */

/* Goes from one byte that may mean something to the next. */
struct scan {
	const char *s;
	size_t n;
	char delimiter;
	size_t base;   /* of the bytes that were looked at last */
	uint64_t bits; /* what is special of them, still to come */
	uint64_t far;  /* what is not ASCII of them */
	uint64_t high; /* of all before them */
};

/* Looks on until there is one.  false: there is none. */
static bool
look_on(struct scan *k)
{
	do {
		struct mc_bits b;

		k->base += MC_BITS;
		k->high |= k->far;
		if (k->base >= k->n)
			return false;
		b = mc_bits_load_some(k->s + k->base, k->n - k->base);
		k->bits = mc_bits_cells(&b, k->delimiter);
		k->far = mc_bits_high(&b);
	} while (k->bits == 0);
	return true;
}

/* Where the next one is; k->n: it is not at hand. */
static inline size_t
next(struct scan *k)
{
	size_t at;

	if (k->bits == 0 && !look_on(k))
		return k->n;
	at = k->base + mc_bits_first(k->bits);
	k->bits &= k->bits - 1;
	/* the NULs behind the last byte are special, too */
	return at < k->n ? at : k->n;
}

/*
 * Goes to the end of the quoted cell that began: what stands behind its quote.
 * k->n: something is odd.
 */
static inline size_t
pass_quoted(struct scan *k, bool *doubled)
{
	for (;;) {
		size_t at = next(k), quote = at;

		if (at == k->n)
			return at;
		if (k->s[at] == k->delimiter)
			continue;
		if (k->s[at] != '"')
			return k->n;
		at = next(k);
		if (at != quote + 1)
			return k->n;
		if (k->s[at] != '"')
			return at;
		*doubled = true;
	}
}

/* The same for a row without a quote, as most are; false: there is one. */
static inline bool
cut_plain(const char *s, size_t n, char delimiter, size_t max,
	struct mc_csv_cell *cells, struct mc_csv_row *row)
{
	size_t start = 0, used = 0;
	bool ascii = true;

	for (size_t base = 0; base < n; base += MC_BITS) {
		const struct mc_bits b = mc_bits_load_some(s + base, n - base);
		uint64_t bits = mc_bits_cells(&b, delimiter);

		for (; bits != 0; bits &= bits - 1) {
			size_t at = base + mc_bits_first(bits);

			/* the NULs behind the last byte are special, too */
			if (at >= n || used == max)
				return false;
			cells[used++] = (struct mc_csv_cell){
				start, at, false, false};
			start = at + 1;
			if (s[at] == delimiter)
				continue;
			if (s[at] != '\n' && s[at] != '\r')
				return false;
			ascii = ascii &&
				(mc_bits_high(&b) & mc_bits_below(at - base)) ==
					0;
			*row = (struct mc_csv_row){
				at, at + 1, used, false, ascii};
			return true;
		}
		ascii = ascii && !mc_bits_is_high(&b);
	}
	return false;
}

bool
mc_csv_row(const char *s, size_t n, char delimiter, size_t max,
	struct mc_csv_cell *cells, struct mc_csv_row *row)
{
	struct scan k = {.s = s,
		.n = n < LONGEST ? n : LONGEST,
		.delimiter = delimiter,
		.base = (size_t)0 - MC_BITS};
	size_t start = 0, used = 0;
	bool quotes = false;

	if (cut_plain(s, k.n, delimiter, max, cells, row))
		return true;
	for (; used < max; used++) {
		struct mc_csv_cell *cell = &cells[used];
		size_t at = next(&k);
		bool quoted = at < k.n && s[at] == '"';
		bool doubled = false;

		if (quoted) {
			if (at != start)
				return false;
			start++;
			quotes = true;
			at = pass_quoted(&k, &doubled);
		}
		if (at == k.n)
			return false;
		*cell = (struct mc_csv_cell){
			start, at - quoted, quoted, doubled};
		start = at + 1;
		if (s[at] == delimiter)
			continue;
		if (s[at] != '\n' && s[at] != '\r')
			return false;
		k.high |= k.far & mc_bits_below(at - k.base);
		*row = (struct mc_csv_row){
			at, at + 1, used + 1, quotes, k.high == 0};
		return true;
	}
	return false;
}
