/* SPDX-License-Identifier: ISC */
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../arena.h"
#include "../buf.h"
#include "../mail/mime.h"
#include "../text.h"

bool
mc_reply_line(struct mc_reply *r, const char *line, size_t n)
{
	int code = 0;

	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	for (size_t i = 0; i < 3; i++) {
		if (n < 3 || line[i] < '0' || line[i] > '9')
			return false;
		code = code * 10 + (line[i] - '0');
	}
	if (n > 3 && line[3] != ' ' && line[3] != '-')
		return false;
	if (r->whole || r->code != code)
		*r = (struct mc_reply){.code = code};
	r->whole = n == 3 || line[3] == ' ';
	if (n <= 4)
		return true;
	if (r->n > 0 && r->n < sizeof(r->text))
		r->text[r->n++] = ' ';
	n -= 4;
	if (n > sizeof(r->text) - r->n)
		n = sizeof(r->text) - r->n;
	memcpy(r->text + r->n, line + 4, n);
	r->n += n;
	return true;
}

/*
 * A text that is not to be shown.  What an encoding makes of a password of two
 * letters may stand anywhere.
 */
static bool
hide(struct mc_reply_secrets *s, const struct mc_buf *text)
{
	char *copy;

	if (text->failed)
		return false;
	if (text->len == 0 || (s->n > 0 && text->len < 4))
		return true;
	if (s->n > 0 && text->len == s->size[0] &&
		memcmp(text->data, s->texts[0], text->len) == 0)
		return true;
	copy = malloc(text->len);
	if (copy == NULL)
		return false;
	memcpy(copy, text->data, text->len);
	s->texts[s->n] = copy;
	s->size[s->n++] = text->len;
	return true;
}

/*
 * The base64 of bytes alone, or of bytes that `lead` others stand before: then
 * what depends on those, or on what may follow, is left out.
 */
static void
put_base64(struct mc_buf *out, size_t lead, const char *bytes, size_t n)
{
	static const char others[2] = {0};
	struct mc_buf in = {0}, lines = {0};
	size_t skip = lead == 0 ? 0 : lead + 1, left;

	mc_buf_add(&in, others, lead);
	mc_buf_add(&in, bytes, n);
	if (!in.failed && in.len > 0)
		mc_mime_base64(&lines, in.data, in.len);
	out->failed = out->failed || in.failed || lines.failed;
	left = (lead + n) % 3 == 0 ? 0 : (lead + n) % 3 + 1;
	for (size_t i = 0, at = 0; i < lines.len; i++) {
		if (strchr(lead == 0 ? "\r\n" : "\r\n=", lines.data[i]) != NULL)
			continue;
		/* the last character holds bits of what follows */
		if (at++ >= skip &&
			(lead == 0 || left == 0 ||
				at < 4 * ((lead + n) / 3) + left))
			mc_buf_putc(out, lines.data[i]);
	}
	mc_buf_free(&in);
	mc_buf_free(&lines);
}

static void
put_hex(struct mc_buf *out, const char *text, size_t n, const char *mark,
	const char *digits)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)text[i];

		mc_buf_puts(out, mark);
		mc_buf_putc(out, digits[byte >> 4]);
		mc_buf_putc(out, digits[byte & 15]);
	}
}

/* As IMAP quotes it. */
static void
put_quoted(struct mc_buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			mc_buf_putc(out, '\\');
		mc_buf_putc(out, *text);
	}
}

static void
put_html(struct mc_buf *out, const char *text)
{
	static const struct {
		char c;
		const char *name;
	} rows[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"},
		{'"', "&quot;"}, {'\'', "&#39;"}};

	for (; *text != '\0'; text++) {
		size_t i = 0;

		while (i < 5 && rows[i].c != *text)
			i++;
		if (i < 5)
			mc_buf_puts(out, rows[i].name);
		else
			mc_buf_putc(out, *text);
	}
}

/* Of what is ASCII. */
static void
put_utf16(struct mc_buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		mc_buf_putc(out, *text);
		mc_buf_putc(out, '\0');
	}
}

/* The ways, a case each. */
static void
put_way(struct mc_buf *out, size_t way, const char *login, const char *password)
{
	size_t n = strlen(password);
	struct mc_buf plain = {0};

	switch (way) {
	case 0: mc_buf_puts(out, password); break;
	case 1:
	case 2:
	case 3: put_base64(out, way - 1, password, n); break;
	case 4:
		/* AUTH PLAIN: "\0login\0password" */
		mc_buf_putc(&plain, '\0');
		mc_buf_puts(&plain, login);
		mc_buf_putc(&plain, '\0');
		mc_buf_puts(&plain, password);
		if (!plain.failed)
			put_base64(out, 0, plain.data, plain.len);
		out->failed = out->failed || plain.failed;
		mc_buf_free(&plain);
		break;
	case 5: put_hex(out, password, n, "", mc_hex_lower); break;
	case 6: put_hex(out, password, n, "", mc_hex_upper); break;
	case 7: mc_buf_percent(out, password, "-._~"); break;
	case 8: put_quoted(out, password); break;
	case 9: put_html(out, password); break;
	case 10: put_utf16(out, password); break;
	default: put_hex(out, password, n, "=", mc_hex_upper); break;
	}
}

bool
mc_reply_hide(
	struct mc_reply_secrets *s, const char *login, const char *password)
{
	bool ok = true;

	for (size_t way = 0; ok && way < MC_REPLY_SECRETS; way++) {
		struct mc_buf text = {0};

		put_way(&text, way, login, password);
		ok = hide(s, &text);
		mc_buf_free(&text);
	}
	if (!ok)
		mc_reply_forget(s);
	return ok;
}

void
mc_reply_forget(struct mc_reply_secrets *s)
{
	for (size_t i = 0; i < s->n; i++) {
		mc_wipe(s->texts[i], s->size[i]);
		free(s->texts[i]);
		s->texts[i] = NULL;
	}
	s->n = 0;
}

/* How many bytes from there on stand together in a secret. */
static size_t
secret_at(const char *text, size_t n, const struct mc_reply_secrets *secrets)
{
	size_t most = 0;

	for (size_t i = 0; secrets != NULL && i < secrets->n; i++) {
		const char *s = secrets->texts[i];
		size_t len = secrets->size[i];

		for (size_t at = 0; at < len; at++) {
			size_t k = 0;

			while (k < n && at + k < len && text[k] == s[at + k])
				k++;
			/* a short one has to be there as a whole */
			if (k > most && (k >= 4 || k == len))
				most = k;
		}
	}
	return most;
}

void
mc_reply_show(char *out, size_t size, const char *text, size_t n,
	const struct mc_reply_secrets *secrets)
{
	size_t used = 0;

	while (n > 0) {
		char piece[16] = "";
		size_t len = secret_at(text, n, secrets), at, more;
		uint32_t code = 0;

		if (len > 0) {
			(void)snprintf(piece, sizeof(piece), "***");
		} else if ((len = mc_utf8_decode(text, n, &code)) == 0) {
			len = 1;
			(void)snprintf(piece, sizeof(piece), "\\x%02x",
				(unsigned)(unsigned char)*text);
		} else if (code == 0 ||
			mc_text_check(text, len, true, &at) != MC_TEXT_OK) {
			(void)snprintf(piece, sizeof(piece), "\\u{%x}",
				(unsigned)code);
		} else {
			memcpy(piece, text, len);
			piece[len] = '\0';
		}
		more = strlen(piece);
		if (used + more + 1 > size)
			break;
		memcpy(out + used, piece, more);
		used += more;
		text += len;
		n -= len;
	}
	out[used] = '\0';
}
