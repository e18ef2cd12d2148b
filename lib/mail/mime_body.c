/* SPDX-License-Identifier: ISC */
/* The parts of a message, and the message. */
#include <string.h>

#include "mime.h"
#include "text.h"

enum { LINE = 76 };

static bool
ends_line(const char *s, size_t n)
{
	return n == 0 || s[0] == '\n' ||
		(n > 1 && s[0] == '\r' && s[1] == '\n');
}

/* Whether the byte stands for itself there. */
static bool
is_literal(const char *s, size_t n, size_t column)
{
	unsigned char c = (unsigned char)s[0];

	if (c == ' ' || c == '\t')
		return !ends_line(s + 1, n - 1);
	if (c < '!' || c > '~' || c == '=')
		return false;
	/* what mailboxes and SMTP read as signs of their own */
	if (column > 0)
		return true;
	return c != '.' && (n < 5 || memcmp(s, "From ", 5) != 0);
}

/* One line without its end. */
static void
quote_line(struct mc_buf *out, const char *s, size_t n)
{
	size_t column = 0;

	for (; n > 0; s++, n--) {
		bool literal = is_literal(s, n, column);

		if (column + (literal ? 1 : 3) > LINE - 1) {
			mc_buf_puts(out, "=\r\n");
			column = 0;
			literal = is_literal(s, n, column);
		}
		if (literal)
			mc_buf_putc(out, *s);
		else
			mc_buf_printf(
				out, "=%02X", (unsigned)(unsigned char)*s);
		column += literal ? 1 : 3;
	}
	mc_buf_puts(out, "\r\n");
}

void
mc_mime_quoted_printable(struct mc_buf *out, const char *s, size_t n)
{
	while (n > 0) {
		const char *end = memchr(s, '\n', n);
		size_t line = end == NULL ? n : (size_t)(end - s);
		size_t whole = end == NULL ? n : line + 1;

		if (end != NULL && line > 0 && s[line - 1] == '\r')
			line--;
		quote_line(out, s, line);
		s += whole;
		n -= whole;
	}
}

/* Text of many letters that are not ASCII is shorter in base64. */
static bool
is_mostly_ascii(const char *s)
{
	size_t high = 0, n = 0;

	for (; s[n] != '\0'; n++)
		high += (unsigned char)s[n] >= 0x80;
	return high * 6 <= n;
}

/* With CR LF at the ends of lines, which base64 does not make. */
static void
add_lines(struct mc_buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\n')
			mc_buf_puts(out, "\r\n");
		else if (*s != '\r')
			mc_buf_putc(out, *s);
	}
}

static void
add_text(struct mc_buf *out, const char *type, const char *text)
{
	struct mc_buf lines = {0};

	mc_buf_printf(out, "Content-Type: %s; charset=utf-8\r\n", type);
	mc_buf_puts(out, "Content-Transfer-Encoding: ");
	if (is_mostly_ascii(text)) {
		mc_buf_puts(out, "quoted-printable\r\n\r\n");
		mc_mime_quoted_printable(out, text, strlen(text));
		return;
	}
	mc_buf_puts(out, "base64\r\n\r\n");
	add_lines(&lines, text);
	mc_mime_base64(out, lines.data == NULL ? "" : lines.data, lines.len);
	out->failed = out->failed || lines.failed;
	mc_buf_free(&lines);
}

/* A boundary: "=_" stands in neither encoding. */
static void
add_boundary(struct mc_buf *out, const struct mc_mime *m, int number)
{
	mc_buf_printf(out, "=_%d_%s", number, m->id);
}

static void
open_parts(struct mc_buf *out, const struct mc_mime *m, const char *kind,
	int number)
{
	mc_buf_printf(out, "Content-Type: multipart/%s;\r\n boundary=\"", kind);
	add_boundary(out, m, number);
	mc_buf_puts(out, "\"\r\n\r\n");
}

/* The first part follows the headers at once. */
static void
first_part(struct mc_buf *out, const struct mc_mime *m, int number)
{
	mc_buf_puts(out, "--");
	add_boundary(out, m, number);
	mc_buf_puts(out, "\r\n");
}

/* The line break before a boundary is the boundary's, not the part's. */
static void
next_part(struct mc_buf *out, const struct mc_mime *m, int number)
{
	mc_buf_puts(out, "\r\n");
	first_part(out, m, number);
}

static void
close_parts(struct mc_buf *out, const struct mc_mime *m, int number)
{
	mc_buf_puts(out, "\r\n--");
	add_boundary(out, m, number);
	mc_buf_puts(out, "--\r\n");
}

/* The name as a quoted-string, whatever it is. */
static void
add_name(struct mc_buf *out, const char *name)
{
	mc_buf_putc(out, '"');
	for (; *name != '\0'; name++) {
		char c = *name;
		bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || strchr("._@+%~-", c) != NULL;

		if (!safe)
			c = '_';
		mc_buf_putc(out, c);
	}
	mc_buf_putc(out, '"');
}

static void
add_file(struct mc_buf *out, const struct mc_mime_file *file,
	const char *disposition)
{
	mc_buf_printf(out, "Content-Type: %s%s;\r\n name=", file->type,
		strncmp(file->type, "text/", 5) == 0 ? "; charset=utf-8" : "");
	add_name(out, file->name);
	mc_buf_printf(
		out, "\r\nContent-Disposition: %s;\r\n filename=", disposition);
	add_name(out, file->name);
	mc_buf_puts(out, "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	mc_mime_base64(out, file->bytes, file->size);
}

enum { MIXED = 1, ALTERNATIVE, RELATED };

static void
add_body(struct mc_buf *out, const struct mc_mime *m)
{
	open_parts(out, m, "alternative", ALTERNATIVE);
	first_part(out, m, ALTERNATIVE);
	add_text(out, "text/plain", m->text);
	next_part(out, m, ALTERNATIVE);
	if (m->image == NULL) {
		add_text(out, "text/html", m->html);
	} else {
		open_parts(out, m, "related", RELATED);
		first_part(out, m, RELATED);
		add_text(out, "text/html", m->html);
		next_part(out, m, RELATED);
		mc_buf_puts(out, "Content-ID: <" MC_MIME_IMAGE ">\r\n");
		add_file(out, m->image, "inline");
		close_parts(out, m, RELATED);
	}
	close_parts(out, m, ALTERNATIVE);
}

bool
mc_mime_is_address(const char *address)
{
	const char *sign = strrchr(address, '@');

	if (sign == NULL || sign == address || sign[1] == '\0')
		return false;
	for (const char *c = address; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f ||
			strchr("<>()[]\\,;:\"", *c) != NULL)
			return false;
	return true;
}

static bool
is_token(const char *id)
{
	const char *c = id;

	for (; *c != '\0'; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9')))
			return false;
	return c > id && c - id <= 48;
}

bool
mc_mime_write(struct mc_buf *out, const struct mc_mime *m)
{
	if (!mc_mime_is_address(m->from) || !mc_mime_is_address(m->to) ||
		!is_token(m->id))
		return false;
	mc_mime_mailbox(out, "From", m->from_name, m->from);
	mc_mime_mailbox(out, "To", m->to_name, m->to);
	mc_mime_text(out, "Subject", m->subject);
	mc_mime_date(out, m->date);
	mc_buf_printf(out, "Message-ID: <%s@%s>\r\n", m->id,
		strrchr(m->from, '@') + 1);
	/* RFC 3834: no machine answers it */
	mc_buf_puts(out, "Auto-Submitted: auto-generated\r\n");
	mc_buf_puts(out, "MIME-Version: 1.0\r\n");
	open_parts(out, m, "mixed", MIXED);
	first_part(out, m, MIXED);
	add_body(out, m);
	for (size_t i = 0; i < m->n_files; i++) {
		next_part(out, m, MIXED);
		add_file(out, &m->files[i], "attachment");
	}
	close_parts(out, m, MIXED);
	return true;
}
