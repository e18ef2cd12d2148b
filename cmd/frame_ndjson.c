/* SPDX-License-Identifier: ISC */
/*
 * ndjson: a line for each document.  The bytes are text where they can be, and
 * base64 else.
 *
 * The document is made longer where it lies, so that no copy of a password
 * stays anywhere: it moves to the end of the room that it will need, and is
 * then written from the front.  What was read is never overtaken by what is
 * written, as no byte becomes less than one.
 */
#include <stdint.h>
#include <string.h>

#include "sink.h"
#include "text.h"

/* What stands before the document, until it is known which it is. */
static const char as_text[] = ",\"encoding\":\"utf-8\",\"content\":\"";
static const char as_base64[] = ",\"encoding\":\"base64\",\"content\":\"";

/* Letters behind the backslash; 0: a code, or nothing. */
static const char letters[256] = {
	['"'] = '"',
	['\\'] = '\\',
	['\b'] = 'b',
	['\f'] = 'f',
	['\n'] = 'n',
	['\r'] = 'r',
	['\t'] = 't',
};

#define EACH(byte) ((uint64_t)(byte)*UINT64_C(0x0101010101010101))

static uint64_t
load(const char *s)
{
	uint64_t word;

	memcpy(&word, s, sizeof(word));
	return word;
}

/* The highest bit of each byte that is zero. */
static uint64_t
zeros(uint64_t word)
{
	return ~(((word & EACH(0x7f)) + EACH(0x7f)) | word) & EACH(0x80);
}

/* Of each byte that is a quote or a backslash. */
static uint64_t
quotes(uint64_t word)
{
	return zeros(word ^ EACH('"')) | zeros(word ^ EACH('\\'));
}

/* Of each byte that is below a blank. */
static uint64_t
controls(uint64_t word)
{
	return zeros(word & EACH(0xe0));
}

/* The sum of eight bytes. */
static size_t
sum_of(uint64_t word)
{
	size_t sum = 0;

	for (; word != 0; word >>= 8)
		sum += (size_t)(word & 0xff);
	return sum;
}

enum {
	WORD = 8,
	SLACK = WORD, /* of escape(), which writes whole words */
	MOST = 255,   /* words that a byte can count */
	PAD = 64,     /* place of base64's '=' */
};

/* As much as a text can become; *high: it has bytes above ASCII. */
static size_t
escaped_limit(const char *s, size_t n, bool *high)
{
	uint64_t all = 0, tail = EACH('x');
	size_t limit = n + SLACK;

	while (n >= WORD) {
		size_t words = n / WORD < MOST ? n / WORD : MOST;
		uint64_t short_ones = 0, long_ones = 0;

		for (size_t i = 0; i < words; i++, s += WORD) {
			uint64_t word = load(s);

			all |= word;
			short_ones += quotes(word) >> 7;
			long_ones += controls(word) >> 7;
		}
		n -= words * WORD;
		limit += sum_of(short_ones) + 5 * sum_of(long_ones);
	}
	memcpy(&tail, s, n);
	*high = ((all | tail) & EACH(0x80)) != 0;
	return limit + sum_of(quotes(tail) >> 7) +
		5 * sum_of(controls(tail) >> 7);
}

/* Which byte of a word in memory is the first with its bit. */
static size_t
first(uint64_t bits)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return (size_t)__builtin_clzll(bits) / 8;
#else
	return (size_t)__builtin_ctzll(bits) / 8;
#endif
}

static char *
escape_byte(char *out, unsigned char byte)
{
	*out++ = '\\';
	if (letters[byte] != 0) {
		*out++ = letters[byte];
		return out;
	}
	*out++ = 'u';
	*out++ = '0';
	*out++ = '0';
	*out++ = mc_hex_lower[byte >> 4];
	*out++ = mc_hex_lower[byte & 15];
	return out;
}

/*
 * Returns the end.  `out` has room for escaped_limit() bytes, the last of
 * which may be s.
 */
static char *
escape(char *out, const char *s, size_t n)
{
	while (n > 0) {
		size_t part = n < WORD ? n : WORD;
		uint64_t word = EACH('x'), bits;

		if (part == WORD)
			word = load(s);
		else
			memcpy(&word, s, part);
		bits = quotes(word) | controls(word);
		memcpy(out, &word, sizeof(word));
		if (bits != 0) {
			part = first(bits);
			out = escape_byte(out + part, (unsigned char)s[part]);
			s++;
			n--;
		} else {
			out += part;
		}
		s += part;
		n -= part;
	}
	return out;
}

static bool
is_utf8(const char *s, size_t n)
{
	uint32_t code;
	size_t len;

	for (; n > 0; s += len, n -= len) {
		len = n >= WORD && (load(s) & EACH(0x80)) == 0
			? WORD
			: mc_utf8_decode(s, n, &code);
		if (len == 0)
			return false;
	}
	return true;
}

static size_t
base64_length(size_t n)
{
	return (n + 2) / 3 * 4;
}

/* Returns the end; s may be the last of the bytes that are written. */
static char *
base64(char *out, const char *s, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/=";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t three = (uint32_t)(unsigned char)s[i] << 16;
		size_t left = n - i;

		if (left > 1)
			three |= (uint32_t)(unsigned char)s[i + 1] << 8;
		if (left > 2)
			three |= (uint32_t)(unsigned char)s[i + 2];
		out[0] = digits[three >> 18];
		out[1] = digits[three >> 12 & 63];
		out[2] = digits[left > 1 ? three >> 6 & 63 : PAD];
		out[3] = digits[left > 2 ? three & 63 : PAD];
		out += 4;
	}
	return out;
}

static void
add_string(struct mc_buf *buf, const char *s)
{
	size_t n = strlen(s);
	bool high;
	char *room = mc_buf_room(buf, escaped_limit(s, n, &high));

	if (room != NULL)
		buf->len = (size_t)(escape(room, s, n) - buf->data);
}

static void
add_member(struct mc_buf *buf, const char *key, const char *value)
{
	mc_buf_puts(buf, key);
	if (value == NULL) {
		mc_buf_puts(buf, "null");
		return;
	}
	mc_buf_putc(buf, '"');
	add_string(buf, value);
	mc_buf_putc(buf, '"');
}

static void
open_ndjson(struct mc_buf *buf, const struct document *doc)
{
	add_member(buf, "{\"account\":", doc->account);
	add_member(buf, ",\"target\":", doc->target);
	mc_buf_puts(buf, ",\"name\":\"");
	if (doc->folder != NULL) {
		add_string(buf, doc->folder);
		mc_buf_putc(buf, '/');
	}
	add_string(buf, doc->name);
	mc_buf_putc(buf, '"');
	add_member(buf, ",\"type\":", doc->type);
	mc_buf_add(buf, as_text, sizeof(as_text) - 1);
}

static void
close_ndjson(struct mc_buf *buf, const struct document *doc, size_t start)
{
	size_t n, limit, at;
	bool text, high;
	char *from, *out;

	if (buf->failed)
		return;
	/* a quote that is no end stands behind a backslash: it is the first */
	from = strstr(buf->data + start, as_text);
	at = (size_t)(from - buf->data);
	from += sizeof(as_text) - 1;
	n = buf->len - (size_t)(from - buf->data);
	limit = escaped_limit(from, n, &high);
	text = !doc->binary && memchr(from, '\0', n) == NULL &&
		(!high || is_utf8(from, n));
	if (!text)
		limit = base64_length(n) + sizeof(as_base64) - sizeof(as_text);
	/* the buffer may move */
	if (mc_buf_room(buf, limit - n) == NULL)
		return;
	out = buf->data + at + sizeof(as_text) - 1;
	from = memmove(out + limit - n, out, n);
	if (text) {
		out = escape(out, from, n);
	} else {
		memcpy(buf->data + at, as_base64, sizeof(as_base64) - 1);
		out = base64(buf->data + at + sizeof(as_base64) - 1, from, n);
	}
	/* what was a bit too much room still has some of it */
	n = buf->len;
	buf->len = (size_t)(out - buf->data);
	mc_wipe(out, n - buf->len);
	mc_buf_puts(buf, "\"}\n");
}

const struct frame frame_ndjson = {
	.name = "ndjson",
	.bytes = FRAME_TEXT,
	.open = open_ndjson,
	.close = close_ndjson,
};
