/* SPDX-License-Identifier: ISC */
#include "cut.h"

#include "bits.h"

/* What tells records apart. */
struct ends {
	uint64_t quote;
	uint64_t line; /* CR and LF */
};

/* n: at most MC_BITS. */
static inline struct ends
look(const char *s, size_t n)
{
	const struct mc_bits b = mc_bits_load_some(s, n);

	return (struct ends){mc_bits_of(&b, '"'), mc_bits_ends(&b)};
}

/* Where CR is among them. */
static void
walk_crs(struct mc_place *place, const char *s, size_t n)
{
	uint64_t cr = place->cr;

	for (size_t i = 0; i < n; i += MC_BITS) {
		size_t len = n - i < MC_BITS ? n - i : MC_BITS;
		const struct mc_bits b = mc_bits_load_some(s + i, len);
		uint64_t crs = mc_bits_of(&b, '\r');
		uint64_t lf = mc_bits_of(&b, '\n') & ~(crs << 1 | cr);

		cr = crs >> (len - 1) & 1;
		place->line += (unsigned)__builtin_popcountll(crs) +
			(unsigned)__builtin_popcountll(lf);
	}
	place->cr = cr != 0;
}

/* Past text that ends with a line's end; columns are not looked at. */
static void
walk_lines(struct mc_place *place, const char *s, size_t n)
{
	if (place->cr || memchr(s, '\r', n) != NULL) {
		walk_crs(place, s, n);
	} else {
		for (size_t i = 0; i < n; i += MC_BITS) {
			const struct mc_bits b = mc_bits_load_some(
				s + i, n - i < MC_BITS ? n - i : MC_BITS);

			place->line += mc_bits_count(&b, '\n');
		}
	}
	place->column = 1;
}

static bool
is_special(const struct mc_cut *k, char c)
{
	return c == k->delimiter || c == '\n' || c == '\r';
}

/*
 * The line ends of n bytes that no quotes hide.  A quote opens a cell only at
 * its start, as in csv.c; another one in a plain cell is a fault that hides
 * nothing.
 */
static uint64_t
ends_of_rows(struct mc_cut *k, const char *s, size_t n, const struct ends *b)
{
	uint64_t hidden = 0;
	size_t open = 0,
	       met = SIZE_MAX; /* MC_CUT_QUOTE: where; before it: -1 */

	for (uint64_t q = b->quote; q != 0; q &= q - 1) {
		size_t i = mc_bits_first(q);

		bool doubled = k->state == MC_CUT_QUOTE && i == met + 1;

		if (k->state == MC_CUT_QUOTED) {
			hidden |= mc_bits_below(i) & ~mc_bits_below(open);
			k->state = MC_CUT_QUOTE;
			met = i;
		} else if (doubled ||
			(i == 0 ? k->state == MC_CUT_PLAIN && !k->inside
				: is_special(k, s[i - 1]))) {
			k->state = MC_CUT_QUOTED;
			open = i;
		} else {
			k->state = MC_CUT_PLAIN;
		}
	}
	if (k->state == MC_CUT_QUOTED)
		hidden |= ~mc_bits_below(open);
	else if (k->state == MC_CUT_QUOTE && met + 1 != n)
		k->state = MC_CUT_PLAIN;
	k->inside = !is_special(k, s[n - 1]);
	return b->line & ~hidden;
}

/* Where no cells are, LF alone ends a record. */
static uint64_t
lines_of(const char *s, size_t n)
{
	const struct mc_bits b = mc_bits_load_some(s, n);

	return mc_bits_of(&b, '\n');
}

/*
 * How many bytes from what was seen on, up to n, have no quotes among them,
 * or none that count.
 */
static size_t
plain_bytes(const struct mc_cut *k, const char *s, size_t n)
{
	const char *quote;

	if (k->skip || k->state != MC_CUT_PLAIN)
		return 0;
	quote = k->table ? memchr(s + k->seen, '"', n - k->seen) : NULL;
	return (quote == NULL ? n : (size_t)(quote - s)) - k->seen;
}

/* Past n of them, of which the last line end matters alone. */
static void
go_plainly(struct mc_cut *k, const char *s, size_t n)
{
	size_t at = k->seen + n;

	k->inside = !is_special(k, s[at - 1]);
	for (; at > k->seen; at--)
		if (s[at - 1] == '\n' || (k->table && s[at - 1] == '\r')) {
			k->whole = at;
			break;
		}
	k->seen += n;
}

/*
 * Looks at the n bytes at hand until there are whole records enough; where a
 * record is skipped, until its end.
 */
static void
find_whole(struct mc_cut *k, const char *s, size_t n, size_t enough)
{
	while (k->seen < n && (k->whole == 0 || k->seen < enough)) {
		size_t most = k->seen < enough && enough < n ? enough : n;
		size_t len = n - k->seen < MC_BITS ? n - k->seen : MC_BITS;
		size_t plain = plain_bytes(k, s, most);
		struct ends b;
		uint64_t ends;

		if (plain >= MC_BITS || plain == most - k->seen) {
			go_plainly(k, s, plain);
			continue;
		}
		b = look(s + k->seen, len);
		ends = b.line;
		if (!k->table)
			ends = lines_of(s + k->seen, len);
		else if (b.quote != 0 || k->state != MC_CUT_PLAIN)
			ends = ends_of_rows(k, s + k->seen, len, &b);
		else
			k->inside = !is_special(k, s[k->seen + len - 1]);
		if (ends != 0 && k->skip) {
			k->whole = k->seen + mc_bits_first(ends) + 1;
			k->seen = k->whole;
			k->state = MC_CUT_PLAIN;
			k->inside = false;
			return;
		}
		if (ends != 0)
			k->whole = k->seen + MC_BITS -
				(size_t)__builtin_clzll(ends);
		k->seen += len;
	}
}

/* Lets go of n bytes, which end with a line unless something is skipped. */
static void
let_go(struct mc_reader *r, struct mc_cut *k, size_t n)
{
	walk_lines(&r->place, r->data + r->at, n);
	r->at += n;
	k->seen -= n;
	k->whole = 0;
}

static enum mc_fill
hand_out(struct mc_reader *r, struct mc_cut *k, size_t n, struct mc_buf *block,
	struct mc_place *place)
{
	*place = r->place;
	mc_buf_add(block, r->data + r->at, n);
	if (block->failed) {
		(void)mc_reader_no_memory(r);
		return MC_FILL_FAILED;
	}
	let_go(r, k, n);
	return MC_FILL_MORE;
}

/* Goes past the rest of a record that is too big.  false: more is wanted. */
static bool
go_past(struct mc_reader *r, struct mc_cut *k)
{
	find_whole(k, r->data + r->at, r->end - r->at, 0);
	k->skip = k->whole == 0;
	let_go(r, k, k->skip ? k->seen : k->whole);
	return !k->skip;
}

/* Whether what is at hand must do, since the source has nothing more yet. */
static bool
would_wait(const struct mc_reader *r)
{
	return r->source.waits != NULL && r->source.waits(r->source.context);
}

enum mc_fill
mc_cut(struct mc_reader *r, struct mc_cut *k, struct mc_buf *block,
	struct mc_place *place)
{
	const size_t enough = r->size == 0 ? MC_BLOCK : r->size;
	enum mc_fill fill = r->begun ? MC_FILL_MORE : mc_reader_more(r);

	for (;;) {
		if (r->dead)
			return MC_FILL_FAILED;
		if (!k->skip || go_past(r, k)) {
			size_t n = r->end - r->at;

			find_whole(k, r->data + r->at, n, enough);
			if (k->whole > 0 &&
				(k->seen >= enough || fill != MC_FILL_MORE ||
					would_wait(r)))
				return hand_out(r, k, k->whole, block, place);
			/* an empty one: who holds back can let go */
			if (k->whole == 0 && !k->waited &&
				fill == MC_FILL_MORE && would_wait(r)) {
				k->waited = true;
				*place = r->place;
				return MC_FILL_MORE;
			}
			/* a fork complains of it by what it gets of it */
			if (k->whole == 0 && k->seen > MC_RECORD_BYTES) {
				k->skip = true;
				return hand_out(r, k, MC_RECORD_BYTES + 1,
					block, place);
			}
			if (fill == MC_FILL_END && n > 0)
				return hand_out(r, k, n, block, place);
		}
		if (fill == MC_FILL_FAILED) /* it is reported now */
			return mc_reader_fill(r);
		if (fill == MC_FILL_END)
			return fill;
		fill = mc_reader_more(r);
		k->waited = false;
	}
}
