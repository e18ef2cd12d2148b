/* SPDX-License-Identifier: ISC */
/* Headers: folded at 76 columns, and never with a line of somebody else's. */
#include <string.h>

#include "mime.h"
#include "text.h"

enum {
	LINE = 76,  /* columns, where it can be */
	NAME = 60,  /* of a quoted-string, or of a word that is not folded */
	FRAME = 12, /* "=?utf-8?B?" and "?=" */
	BYTES = 45, /* of an encoded word at the most */
	LETTER = 4  /* bytes of a code point at the most */
};

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* Base64 of n bytes in one piece. */
static void
add_base64(struct mc_buf *out, const unsigned char *s, size_t n)
{
	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)s[i] << 16;
		char four[4];

		v |= i + 1 < n ? (unsigned)s[i + 1] << 8 : 0;
		v |= i + 2 < n ? s[i + 2] : 0;
		four[0] = digits[v >> 18];
		four[1] = digits[(v >> 12) & 63];
		four[2] = four[3] = '=';
		if (i + 1 < n)
			four[2] = digits[(v >> 6) & 63];
		if (i + 2 < n)
			four[3] = digits[v & 63];
		mc_buf_add(out, four, sizeof(four));
	}
}

void
mc_mime_base64(struct mc_buf *out, const char *bytes, size_t n)
{
	enum { ROW = LINE / 4 * 3 };
	const unsigned char *s = (const unsigned char *)bytes;

	for (size_t i = 0; i < n; i += ROW) {
		add_base64(out, s + i, n - i < ROW ? n - i : ROW);
		mc_buf_puts(out, "\r\n");
	}
}

/* A blank for a control, U+FFFD for what is no UTF-8: the gate lets none in. */
static size_t
next_letter(const char *s, size_t n, char out[LETTER], size_t *size)
{
	uint32_t code;
	size_t len = mc_utf8_decode(s, n, &code);

	if (len == 0) {
		out[0] = '\xef';
		out[1] = '\xbf';
		out[2] = '\xbd';
		*size = 3;
		return 1;
	}
	if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 ||
		code == 0x2029) {
		out[0] = ' ';
		*size = 1;
	} else {
		memcpy(out, s, len);
		*size = len;
	}
	return len;
}

/* Bytes that an encoded word may hold from this column on. */
static size_t
room_at(size_t column)
{
	size_t left = column + FRAME < LINE ? LINE - column - FRAME : 0;

	left = left / 4 * 3;
	return left < BYTES ? left : BYTES;
}

/* Encoded words, parted between code points only. */
static size_t
add_words(struct mc_buf *out, const char *text, size_t column)
{
	size_t n = strlen(text);

	while (n > 0) {
		unsigned char word[BYTES];
		size_t room = room_at(column), used = 0;

		if (room < LETTER) {
			mc_buf_puts(out, "\r\n ");
			column = 1;
			room = room_at(column);
		}
		while (n > 0) {
			char letter[LETTER];
			size_t size, len;

			len = next_letter(text, n, letter, &size);
			if (used + size > room)
				break;
			memcpy(word + used, letter, size);
			used += size;
			text += len;
			n -= len;
		}
		mc_buf_puts(out, "=?utf-8?B?");
		add_base64(out, word, used);
		mc_buf_puts(out, "?=");
		column += FRAME + (used + 2) / 3 * 4;
		if (n > 0) {
			mc_buf_puts(out, "\r\n ");
			column = 1;
		}
	}
	return column;
}

/*
 * Whether the text can stand as it is and be folded at its blanks: ASCII, one
 * blank at a time and none at the ends, no word for a line of its own, and
 * nothing that a reader would decode.
 */
static bool
is_plain(const char *text)
{
	size_t word = 0;

	if (*text == ' ' || strstr(text, "=?") != NULL)
		return false;
	for (const char *c = text; *c != '\0'; c++) {
		if (*c < ' ' || *c > '~')
			return false;
		if (*c == ' ' && (c[1] == ' ' || c[1] == '\0'))
			return false;
		word = *c == ' ' ? 0 : word + 1;
		if (word > NAME)
			return false;
	}
	return true;
}

/* Plain text, folded before the blanks. */
static size_t
add_plain(struct mc_buf *out, const char *text, size_t column)
{
	while (*text != '\0') {
		size_t blank = *text == ' ';
		size_t n = blank + strcspn(text + blank, " ");

		if (blank > 0 && column + n > LINE) {
			mc_buf_puts(out, "\r\n");
			column = 0;
		}
		mc_buf_add(out, text, n);
		column += n;
		text += n;
	}
	return column;
}

static size_t
add_header(struct mc_buf *out, const char *header)
{
	mc_buf_printf(out, "%s: ", header);
	return strlen(header) + 2;
}

void
mc_mime_text(struct mc_buf *out, const char *header, const char *text)
{
	size_t column = add_header(out, header);

	if (is_plain(text))
		(void)add_plain(out, text, column);
	else
		(void)add_words(out, text, column);
	mc_buf_puts(out, "\r\n");
}

/* RFC 5322: atext and blanks, a phrase that wants no quotes. */
static bool
is_phrase(const char *text)
{
	static const char also[] = " !#$%&'*+-/=?^_`{|}~";

	for (const char *c = text; *c != '\0'; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			    (*c >= '0' && *c <= '9') ||
			    strchr(also, *c) != NULL))
			return false;
	return true;
}

static size_t
add_quoted(struct mc_buf *out, const char *text, size_t column)
{
	mc_buf_putc(out, '"');
	column += 2;
	for (; *text != '\0'; text++, column++) {
		if (*text == '"' || *text == '\\') {
			mc_buf_putc(out, '\\');
			column++;
		}
		mc_buf_putc(out, *text);
	}
	mc_buf_putc(out, '"');
	return column;
}

void
mc_mime_mailbox(struct mc_buf *out, const char *header, const char *display,
	const char *address)
{
	size_t column = add_header(out, header);

	if (display == NULL || *display == '\0') {
		mc_buf_printf(out, "%s\r\n", address);
		return;
	}
	if (!is_plain(display) || strlen(display) > NAME)
		column = add_words(out, display, column);
	else if (is_phrase(display))
		column = add_plain(out, display, column);
	else
		column = add_quoted(out, display, column);
	mc_buf_printf(out, "%s <%s>\r\n",
		column + strlen(address) + 3 > LINE ? "\r\n" : "", address);
}

/* Days since 1970 as a date; after Howard Hinnant's civil_from_days. */
static void
civil(long long days, long long *year, int *month, int *day)
{
	long long z = days + 719468;
	long long era = (z >= 0 ? z : z - 146096) / 146097;
	long long doe = z - era * 146097;
	long long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	long long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	long long mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

void
mc_mime_date(struct mc_buf *out, long long seconds)
{
	static const char week[][4] = {
		"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	long long days, rest, year;
	int month, day;

	/* RFC 5322 knows years of four digits, and none before 1900 */
	if (seconds < 0)
		seconds = 0;
	if (seconds > 253402300799)
		seconds = 253402300799;
	days = seconds / 86400;
	rest = seconds % 86400;
	civil(days, &year, &month, &day);
	mc_buf_printf(out,
		"Date: %s, %02d %s %04lld %02lld:%02lld:%02lld +0000\r\n",
		week[days % 7], day, months[month - 1], year, rest / 3600,
		rest / 60 % 60, rest % 60);
}
