/* SPDX-License-Identifier: ISC */
#include "yaml_input.h"

#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "bits.h"

enum {
	/* bytes that a parser needs for a record, or not much less */
	FEW = 512,
	/* bytes of one, at most */
	CHARACTER = 4,
};

/* Remembers where blanks begin that a '#' follows. */
static bool
add_hash(struct mc_yaml_input *in, unsigned line, unsigned column)
{
	if (in->n_hashes == in->cap && in->first > in->cap / 2) {
		in->n_hashes -= in->first;
		memmove(in->hashes, in->hashes + in->first,
			in->n_hashes * sizeof(in->hashes[0]));
		in->first = 0;
	}
	if (in->n_hashes == in->cap) {
		size_t cap = in->cap == 0 ? 64 : 2 * in->cap;
		struct mc_yaml_hash *more = realloc(
			in->hashes, cap * sizeof(*more));

		if (more == NULL)
			return false;
		in->hashes = more;
		in->cap = cap;
	}
	in->hashes[in->n_hashes++] = (struct mc_yaml_hash){line, column};
	return true;
}

void
mc_yaml_passed(struct mc_yaml_input *in, unsigned line, size_t unread)
{
	in->pending = unread;
	while (in->first < in->n_hashes && in->hashes[in->first].line < line)
		in->first++;
}

bool
mc_yaml_hashed(const struct mc_yaml_input *in, unsigned line, unsigned column)
{
	for (size_t i = in->first; i < in->n_hashes; i++) {
		if (in->hashes[i].line != line)
			break;
		if (in->hashes[i].column == column)
			return true;
	}
	return false;
}

/* What the parser would refuse, or take for the end of a line. */
static const char *
fault_of(uint32_t c)
{
	if (c == 0x85 || c == 0x2028 || c == 0x2029)
		return "a line end that only YAML knows: quote and escape it";
	if (c == 0xfeff)
		return "a mark of byte order inside the text";
	if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
		(c >= 0x7f && c < 0xa0))
		return c == 0 ? "a NUL is in it"
			      : "a control character is in it";
	if (c == 0xfffe || c == 0xffff)
		return "a noncharacter is in it";
	return NULL;
}

/* Printable ASCII and line feeds; n is not 0. */
static size_t
plain_prefix(const char *s, size_t n)
{
	size_t i = 0;

	for (; i < n; i += MC_BITS) {
		const struct mc_bits b = mc_bits_load_some(s + i, n - i);
		uint64_t odd = mc_bits_odd(&b);

		if (odd != 0) {
			i += mc_bits_first(odd);
			break;
		}
	}
	return i < n ? i : n;
}

/*
 * How many of the n bytes the parser will take.  *why: what is wrong with the
 * next, "" when it is not UTF-8, NULL when more of it may come.
 */
static size_t
good_prefix(const char *s, size_t n, bool eof, const char **why)
{
	size_t i = 0;

	*why = NULL;
	while (i < n) {
		uint32_t c = (unsigned char)s[i];
		size_t len = 1;

		if ((c >= ' ' && c < 0x7f) || c == '\n') {
			i += plain_prefix(s + i, n - i);
			continue;
		}
		if (c >= 0x80)
			len = mc_utf8_decode(s + i, n - i, &c);
		if (len == 0 && n - i < 4 && !eof)
			break;
		*why = len == 0 ? "" : fault_of(c);
		if (*why != NULL)
			break;
		i += len;
	}
	return i;
}

size_t
mc_yaml_good(const char *s, size_t n)
{
	const char *why;

	return good_prefix(s, n, true, &why);
}

/* Bytes before the end of the line, or all. */
static size_t
line_rest(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] != '\n' && s[i] != '\r')
		i++;
	return i;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A hash that far ahead.  false: out of memory. */
static bool
meet_hash(struct mc_yaml_input *in, size_t at)
{
	const char *s = in->reader->data + in->reader->at;
	size_t from = at;

	while (from > 0 && is_blank(s[from - 1]))
		from--;
	if (from == 0 || s[from - 1] == '\n' || s[from - 1] == '\r') {
		in->comment = true;
		return true;
	}
	if (from == at)
		return true;
	/* blanks that another hash was told from are not before this one */
	mc_walk(&in->place, s + in->placed, from - in->placed);
	in->placed = from;
	return add_hash(in, in->place.line, in->place.column);
}

/* Looks for comments in n more bytes.  false: out of memory. */
static bool
look_for_hashes(struct mc_yaml_input *in, size_t n)
{
	const char *s = in->reader->data + in->reader->at + in->ahead;
	size_t i = 0;

	in->pending += n;
	while (i < n) {
		const char *hash;

		if (in->comment) {
			size_t rest = line_rest(s + i, n - i);

			in->pending -= rest;
			i += rest;
			in->comment = i == n;
			continue;
		}
		hash = memchr(s + i, '#', n - i);
		if (hash == NULL)
			break;
		i = (size_t)(hash - s);
		if (!meet_hash(in, in->ahead + i))
			return false;
		i += !in->comment;
	}
	return true;
}

/* Lets go of n bytes that were given, which are so many characters. */
static void
let_go(struct mc_yaml_input *in, size_t n, size_t characters,
	const struct mc_place *place)
{
	in->reader->at += n;
	in->reader->place = *place;
	in->ahead -= n;
	in->index += characters;
	if (in->placed >= n) {
		in->placed -= n;
	} else {
		in->placed = 0;
		in->place = *place;
	}
}

/* What is so far behind can be no part of a record that is not too big. */
static void
limit_source(struct mc_yaml_input *in)
{
	const size_t kept = (size_t)2 * MC_RECORD_BYTES;
	const struct mc_reader *r = in->reader;
	struct mc_place place = r->place;
	size_t n = in->ahead - kept;

	if (in->ahead < 2 * kept)
		return;
	while (n > 0 && ((unsigned char)r->data[r->at + n] & 0xc0) == 0x80)
		n--;
	mc_walk(&place, r->data + r->at, n);
	let_go(in, n, mc_columns(r->data + r->at, n), &place);
}

/* The bytes of so many characters. */
static size_t
bytes_of(const char *s, size_t n, size_t characters)
{
	size_t i = 0;

	while (i < n && characters > 0) {
		uint64_t word;

		if (n - i >= sizeof(word) && characters >= sizeof(word)) {
			memcpy(&word, s + i, sizeof(word));
			if ((word & UINT64_C(0x8080808080808080)) == 0) {
				i += sizeof(word);
				characters -= sizeof(word);
				continue;
			}
		}
		i++;
		while (i < n && ((unsigned char)s[i] & 0xc0) == 0x80)
			i++;
		characters--;
	}
	return i;
}

static size_t
line_start(const char *s, size_t n)
{
	while (n > 0 && s[n - 1] != '\n' && s[n - 1] != '\r')
		n--;
	return n;
}

/* Where the line begins that a dash begins, at or before the line of n. */
static size_t
item_start(const char *s, size_t n)
{
	for (;;) {
		size_t from = line_start(s, n), i = from;

		while (i < n && is_blank(s[i]))
			i++;
		if (from == 0 || (i < n && s[i] == '-'))
			return from;
		/* a comment, or nothing, is between it and the record */
		n = from - 1;
	}
}

void
mc_yaml_begin(struct mc_yaml_input *in, size_t index, unsigned line,
	unsigned column, enum mc_yaml_from mode)
{
	const char *s = in->reader->data + in->reader->at;
	struct mc_place place = {line, column, false}, moved = {0, 0, false};
	size_t n, from;

	in->start = SIZE_MAX;
	if (index < in->index)
		return;
	n = from = bytes_of(s, in->ahead, index - in->index);
	if (mode != MC_YAML_FROM_MARK) {
		from = mode == MC_YAML_FROM_ITEM ? item_start(s, n)
						 : line_start(s, n);
		mc_walk(&moved, s + from, n - from);
		place = (struct mc_place){line - moved.line, 1, false};
	}
	let_go(in, from, index - in->index - mc_columns(s + from, n - from),
		&place);
	in->start = in->index;
}

/* The parser has been given nothing of what is at hand. */
static void
forget(struct mc_yaml_input *in)
{
	in->total -= in->ahead;
	in->ahead = 0;
	in->start = SIZE_MAX;
	in->pending = 0;
	in->comment = false;
	in->place = in->reader->place;
	in->placed = 0;
	in->first = in->n_hashes = 0;
}

size_t
mc_yaml_dash(const struct mc_yaml_input *in, size_t index, size_t blanks)
{
	const char *s = in->reader->data + in->reader->at;
	size_t dash, from;

	if (index < in->index)
		return SIZE_MAX;
	dash = bytes_of(s, in->ahead, index - in->index);
	if (in->ahead - dash < 2 || s[dash] != '-' || s[dash + 1] != ' ')
		return SIZE_MAX;
	from = line_start(s, dash);
	return dash - from == blanks && strspn(s + from, " ") >= blanks
		? from
		: SIZE_MAX;
}

void
mc_yaml_rewind(struct mc_yaml_input *in, size_t n, unsigned line)
{
	in->reader->at += n;
	in->reader->place = (struct mc_place){line, 1, false};
	in->ahead -= n;
	forget(in);
}

void
mc_yaml_again(struct mc_yaml_input *in, const char *before)
{
	forget(in);
	in->before = before;
	in->index = strlen(before);
	in->most = FEW;
}

const char *
mc_yaml_raw(
	const struct mc_yaml_input *in, size_t index, bool comment, size_t *n)
{
	const char *s = in->reader->data + in->reader->at;
	size_t i;

	if (in->start != in->index)
		return NULL;
	*n = bytes_of(s, in->ahead, index - in->index);
	/* a block of lines ends with the last line's end */
	if (*n > 0 && s[*n - 1] == '\n')
		*n -= *n > 1 && s[*n - 2] == '\r' ? 2 : 1;
	else if (*n > 0 && s[*n - 1] == '\r')
		--*n;
	/* something else than a comment is a fault that is met next */
	for (i = *n; comment && i < in->ahead && is_blank(s[i]);)
		i++;
	if (comment && i < in->ahead && s[i] == '#')
		*n = i + line_rest(s + i, in->ahead - i);
	return s;
}

/* How many more bytes the parser may have. */
static size_t
room(const struct mc_yaml_input *in)
{
	size_t all = MC_YAML_BYTES - in->total;
	size_t value = in->pending < MC_RECORD_BYTES
		? MC_RECORD_BYTES - in->pending
		: 0;

	return value < all ? value : all;
}

/* Always false. */
static bool
too_much(struct mc_yaml_input *in)
{
	struct mc_reader *r = in->reader;
	const struct mc_place place = mc_reader_place(r, in->ahead);

	if (MC_YAML_BYTES - in->total < CHARACTER)
		(void)mc_reader_fatal(r, MC_MSG_TOO_BIG, &place,
			"YAML of more than 64 MiB: use NDJSON or CSV");
	else
		(void)mc_reader_fatal(r, MC_MSG_TOO_BIG, &place,
			"a value that does not end within 1 MiB");
	return false;
}

/* Always false. */
static bool
refuse(struct mc_yaml_input *in, const char *why)
{
	struct mc_reader *r = in->reader;
	const struct mc_place place = mc_reader_place(r, in->ahead);

	if (*why == '\0')
		(void)mc_reader_not_utf8(r, &place, "WINDOWS-1252");
	else
		(void)mc_reader_fatal(r, MC_MSG_BAD_TEXT, &place, "%s", why);
	return false;
}

bool
mc_yaml_read(
	struct mc_yaml_input *in, unsigned char *out, size_t size, size_t *n)
{
	struct mc_reader *r = in->reader;
	const size_t most = room(in);
	enum mc_fill fill = MC_FILL_MORE;

	if (in->before != NULL) {
		*n = strlen(in->before);
		memcpy(out, in->before, *n);
		in->before = NULL;
		return true;
	}
	if (in->most > 0 && in->most < size) {
		size = in->most;
		in->most *= 2;
	}
	if (most < size)
		size = most;
	if (!r->begun && mc_reader_fill(r) == MC_FILL_FAILED)
		return false;
	for (;;) {
		const char *s = r->data + r->at + in->ahead;
		size_t left = r->end - r->at - in->ahead;
		const char *why;

		if (left > most && most < CHARACTER)
			return too_much(in);

		/* a character may be cut in two by what the parser takes */
		*n = good_prefix(s, left < size ? left : size,
			r->eof && left <= size, &why);
		if (*n > 0)
			break;
		if (why != NULL)
			return refuse(in, why);
		if (fill == MC_FILL_END)
			return true;
		fill = mc_reader_fill(r);
		if (fill == MC_FILL_FAILED)
			return false;
	}
	if (!look_for_hashes(in, *n)) {
		(void)mc_reader_no_memory(r);
		return false;
	}
	memcpy(out, r->data + r->at + in->ahead, *n);
	in->ahead += *n;
	in->total += *n;
	limit_source(in);
	return true;
}

void
mc_yaml_input_free(struct mc_yaml_input *in)
{
	free(in->hashes);
}
