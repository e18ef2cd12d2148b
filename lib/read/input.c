/* SPDX-License-Identifier: ISC */
#include "input.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "bits.h"

/*
 * Where blocks are cut, a read brings one, so that no thread waits longer for
 * the next than another; it brings several that are shorter than this.
 */
enum { READ_LEAST = 16 * 1024 };

struct mc_reader *
mc_reader_new(size_t size, const struct mc_syntax *syntax,
	const struct mc_source *source, struct mc_report *report)
{
	struct mc_reader *r = calloc(1, size);

	if (r == NULL)
		return NULL;
	r->syntax = syntax;
	r->source = *source;
	r->report = report;
	r->place = (struct mc_place){1, 1, false};
	return r;
}

void
mc_reader_free(struct mc_reader *r)
{
	mc_wipe(r->own, r->peak); /* passwords, perhaps */
	free(r->own);
	free(r);
}

/* Room for a block behind the bytes at hand. */
static bool
make_room(struct mc_reader *r)
{
	size_t n = r->end - r->at, cap = r->cap;
	char *data;

	if (r->at > 0)
		memmove(r->own, r->own + r->at, n);
	r->at = 0;
	r->end = n;
	while (cap < n + MC_BLOCK)
		cap = cap == 0 ? (size_t)2 * MC_BLOCK : 2 * cap;
	if (cap == r->cap)
		return true;
	/* not realloc: it leaves the old bytes where they were */
	data = malloc(cap);
	if (data == NULL)
		return false;
	if (r->own != NULL) {
		memcpy(data, r->own, n);
		mc_wipe(r->own, r->peak); /* passwords, perhaps */
		free(r->own);
	}
	r->own = data;
	r->data = data;
	r->peak = n;
	r->cap = cap;
	return true;
}

static enum mc_fill
read_block(struct mc_reader *r)
{
	long n;

	if (!make_room(r)) {
		(void)mc_reader_no_memory(r);
		return MC_FILL_FAILED;
	}
	n = r->source.read(r->source.context, r->own + r->end,
		r->size >= READ_LEAST && r->size < MC_BLOCK ? r->size
							    : MC_BLOCK);
	if (n < 0) {
		r->error = errno != 0 ? errno : EIO;
		return MC_FILL_FAILED;
	}
	r->eof = n == 0;
	r->end += (size_t)n;
	if (r->peak < r->end)
		r->peak = r->end;
	return r->eof ? MC_FILL_END : MC_FILL_MORE;
}

/* Reads the beginning, and looks for a mark of byte order. */
static enum mc_fill
begin(struct mc_reader *r)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *encoding;
	} marks[] = {
		{"\xff\xfe\0\0", 4, "UTF-32"},
		{"\0\0\xfe\xff", 4, "UTF-32"},
		{"\xff\xfe", 2, "UTF-16"},
		{"\xfe\xff", 2, "UTF-16"},
	};
	enum mc_fill fill = MC_FILL_MORE;

	r->begun = true;
	while (r->end < 4 && fill == MC_FILL_MORE)
		fill = read_block(r);
	if (fill == MC_FILL_FAILED)
		return fill;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (r->end < marks[i].n ||
			memcmp(r->data, marks[i].bytes, marks[i].n) != 0)
			continue;
		(void)mc_reader_not_utf8(r, &r->place, marks[i].encoding);
		return MC_FILL_FAILED;
	}
	if (r->end >= 3 && memcmp(r->data, "\xef\xbb\xbf", 3) == 0)
		r->at = 3;
	return r->at < r->end ? MC_FILL_MORE : MC_FILL_END;
}

enum mc_fill
mc_reader_more(struct mc_reader *r)
{
	if (r->dead || r->error != 0)
		return MC_FILL_FAILED;
	if (!r->begun)
		return begin(r);
	return r->eof ? MC_FILL_END : read_block(r);
}

enum mc_fill
mc_reader_fill(struct mc_reader *r)
{
	enum mc_fill fill = mc_reader_more(r);
	char why[128] = "";

	if (fill != MC_FILL_FAILED || r->dead)
		return fill;
	(void)strerror_r(r->error, why, sizeof(why));
	(void)mc_reader_fatal(r, MC_MSG_NO_INPUT, NULL, "%s", why);
	return fill;
}

void
mc_reader_feed(struct mc_reader *r, const char *data, size_t n,
	const struct mc_place *place)
{
	r->data = data;
	r->at = 0;
	r->end = n;
	r->place = *place;
	r->begun = true;
	r->eof = true;
	r->dead = false;
	r->no_memory = false;
	r->records = true; /* whether there are any is the caller's to say */
}

void
mc_reader_take(struct mc_reader *r, size_t n)
{
	mc_walk(&r->place, r->data + r->at, n);
	r->at += n;
}

struct mc_place
mc_reader_place(const struct mc_reader *r, size_t n)
{
	struct mc_place place = r->place;

	mc_walk(&place, r->data + r->at, n);
	return place;
}

enum mc_next
mc_reader_done(struct mc_reader *r, struct mc_arena *arena, enum mc_next next)
{
	if (arena->failed && !r->no_memory)
		next = mc_reader_no_memory(r);
	if (r->no_memory)
		arena->failed = true;
	if (r->dead)
		return MC_NEXT_FATAL;
	if (next == MC_NEXT_RECORD || next == MC_NEXT_BAD)
		r->records = true;
	if (next == MC_NEXT_END && !r->records) {
		const struct mailcfg_pos pos = mc_reader_pos(r, NULL);

		mc_say(r->report, MC_MSG_EMPTY_INPUT, &pos, NULL, NULL,
			"there is no account in it");
		r->records = true;
	}
	return next;
}

enum mc_next
mc_reader_next(struct mc_reader *r, struct mc_arena *arena,
	struct mc_record *record, mc_reader_step *step)
{
	enum mc_next next = MC_NEXT_FATAL;

	*record = (struct mc_record){0};
	if (!r->dead)
		next = step(r, arena, record);
	return mc_reader_done(r, arena, next);
}

enum mc_next
mc_reader_fatal(struct mc_reader *r, enum mc_msg message,
	const struct mc_place *place, const char *format, ...)
{
	const struct mailcfg_pos pos = mc_reader_pos(r, place);
	char detail[512];
	va_list args;

	r->dead = true;
	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(r->report, message, &pos, NULL, NULL, "%s", detail);
	return MC_NEXT_FATAL;
}

/* The name as a shell takes it for one word. */
static void
quote_name(char *out, size_t size, const char *name)
{
	static const char
		plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "0123456789._/+@%-";
	size_t n = 0;

	if (strspn(name, plain) == strlen(name) && strlen(name) < size) {
		(void)snprintf(out, size, "%s", name);
		return;
	}
	out[n++] = '\'';
	for (; *name != '\0' && n + 6 < size; name++) {
		if (*name == '\'') {
			memcpy(out + n, "'\\''", 4);
			n += 4;
		} else {
			out[n++] = *name;
		}
	}
	out[n++] = '\'';
	out[n] = '\0';
}

enum mc_next
mc_reader_not_utf8(
	struct mc_reader *r, const struct mc_place *place, const char *encoding)
{
	char name[256];

	if (strcmp(r->source.name, "-") == 0)
		return mc_reader_fatal(r, MC_MSG_NOT_UTF8, place,
			"pipe it through iconv -f %s -t UTF-8", encoding);
	quote_name(name, sizeof(name), r->source.name);
	return mc_reader_fatal(r, MC_MSG_NOT_UTF8, place,
		"type iconv -f %s -t UTF-8 %s > utf8.%s", encoding, name,
		r->syntax->name);
}

enum mc_next
mc_reader_no_memory(struct mc_reader *r)
{
	r->no_memory = true;
	return mc_reader_fatal(r, MC_MSG_NO_MEMORY, NULL, "while reading");
}

/* Eight bytes of ASCII without controls? */
static bool
is_plain(const char *s)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t word;

	memcpy(&word, s, sizeof(word));
	return ((word | (word - UINT64_C(0x2020202020202020))) & high) == 0;
}

void
mc_walk(struct mc_place *place, const char *s, size_t n)
{
	struct mc_place p = *place;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (n - i >= 8 && is_plain(s + i)) {
			p.column += 8;
			p.cr = false;
			i += 7;
			continue;
		}
		if (c == '\n' || c == '\r') {
			if (c == '\r' || !p.cr) {
				p.line++;
				p.column = 1;
			}
			p.cr = c == '\r';
			continue;
		}
		p.cr = false;
		p.column += (c & 0xc0) != 0x80;
	}
	*place = p;
}

size_t
mc_utf8_prefix(const char *s, size_t n)
{
	size_t i = 0; /* behind the last character beyond ASCII */

	for (size_t base = 0; base < n; base += MC_BITS) {
		const struct mc_bits b = mc_bits_load_some(s + base, n - base);
		uint64_t high = mc_bits_high(&b);

		if (i > base)
			high &= ~mc_bits_below(i - base);
		while (high != 0) {
			unsigned char c;
			uint32_t code;
			size_t len = 2;

			i = base + mc_bits_first(high);
			c = (unsigned char)s[i];
			/* most are of two bytes */
			if (c < 0xc2 || c >= 0xe0 || n - i < 2 ||
				((unsigned char)s[i + 1] & 0xc0) != 0x80)
				len = mc_utf8_decode(s + i, n - i, &code);
			if (len == 0)
				return i;
			i += len;
			high &= ~mc_bits_below(i - base);
		}
	}
	return n;
}

size_t
mc_columns(const char *s, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t count = n, i = 0;

	/* the bytes 10xxxxxx are inside characters */
	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, s + i, sizeof(word));
		word = (word >> 7) & ~(word >> 6) & ones;
		count -= (size_t)((word * ones) >> 56);
	}
	for (; i < n; i++)
		count -= ((unsigned char)s[i] & 0xc0) == 0x80;
	return count;
}

void
mc_record_places(struct mc_record *record)
{
	const struct mc_reader *r = record->unplaced;

	if (r != NULL)
		r->syntax->places(r, record);
	record->unplaced = NULL;
}

void
mc_reader_block(struct mc_reader *r, size_t bytes)
{
	r->size = bytes;
}
