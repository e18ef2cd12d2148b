/* SPDX-License-Identifier: ISC */
#include "yaml_input.h"

#include <stdlib.h>
#include <string.h>

#include "../text.h"

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
mc_yaml_passed(struct mc_yaml_input *in, unsigned line)
{
	in->pending = 0;
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

/* Goes past one character.  false: out of memory. */
static bool
pass(struct mc_yaml_input *in, unsigned char c)
{
	struct mc_place *place = &in->reader->place;
	bool fits = true;

	if (c == '\n' || c == '\r') {
		in->comment = in->content = false;
		in->blank = 0;
	} else if (c == ' ' || c == '\t') {
		if (in->blank == 0)
			in->blank = place->column;
	} else {
		if (c == '#' && !in->content)
			in->comment = true;
		if (c == '#' && in->blank != 0 && in->content && !in->comment)
			fits = add_hash(in, place->line, in->blank);
		in->content = true;
		in->blank = 0;
	}
	in->pending += !in->comment;
	return fits;
}

/* Looks at the bytes at hand; *n: how many of them the parser may have. */
static bool
look(struct mc_yaml_input *in, size_t size, size_t *n)
{
	struct mc_reader *r = in->reader;

	for (*n = 0; *n < size && r->at < r->end;) {
		const char *s = r->data + r->at;
		uint32_t c = (unsigned char)*s;
		const char *why;
		size_t len = 1;

		if (c > ' ' && c < 0x7f && c != '#') {
			in->content = true;
			in->blank = 0;
			in->pending += !in->comment;
			r->place.column++;
			r->place.cr = false;
			r->at++;
			++*n;
			continue;
		}
		if (c >= 0x80)
			len = mc_utf8_decode(s, r->end - r->at, &c);
		/* the rest of a character may still be on its way */
		if (len == 0 && r->end - r->at < 4 && !r->eof)
			break;
		why = len == 0 ? "" : fault_of(c);
		if (len > size - *n)
			break;
		if (why != NULL) {
			/* what comes before it may still be used */
			if (*n > 0)
				return true;
			if (len == 0)
				(void)mc_reader_not_utf8(
					r, &r->place, "WINDOWS-1252");
			else
				(void)mc_reader_fatal(r, MC_MSG_BAD_TEXT,
					&r->place, "%s", why);
			return false;
		}
		if (!pass(in, len == 1 ? (unsigned char)*s : 0x80)) {
			(void)mc_reader_no_memory(r);
			return false;
		}
		mc_reader_take(r, len);
		*n += len;
	}
	return true;
}

static bool
limits(struct mc_yaml_input *in)
{
	struct mc_reader *r = in->reader;

	if (in->total > MC_YAML_BYTES)
		(void)mc_reader_fatal(r, MC_MSG_TOO_BIG, &r->place,
			"YAML of more than 64 MiB: use NDJSON or CSV");
	else if (in->pending > MC_RECORD_BYTES)
		(void)mc_reader_fatal(r, MC_MSG_TOO_BIG, &r->place,
			"a value that does not end within 1 MiB");
	return !r->dead;
}

bool
mc_yaml_read(
	struct mc_yaml_input *in, unsigned char *out, size_t size, size_t *n)
{
	struct mc_reader *r = in->reader;

	*n = 0;
	while (*n == 0) {
		const char *from;
		enum mc_fill fill;

		if (r->at < r->end) {
			from = r->data + r->at;
			if (!look(in, size, n))
				return false;
			memcpy(out, from, *n);
			in->total += *n;
			if (!limits(in))
				return false;
			if (*n > 0)
				return true;
		}
		fill = mc_reader_fill(r);
		if (fill == MC_FILL_FAILED)
			return false;
		if (fill == MC_FILL_END && r->at == r->end)
			return true;
	}
	return true;
}

void
mc_yaml_input_free(struct mc_yaml_input *in)
{
	free(in->hashes);
}
