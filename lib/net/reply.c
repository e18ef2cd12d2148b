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

/* Base64 in one line; NULL: out of memory. */
static char *
encoded(const char *bytes, size_t n)
{
	struct mc_buf out = {0};
	size_t used = 0;

	mc_mime_base64(&out, bytes, n);
	if (out.failed || out.data == NULL) {
		mc_buf_free(&out);
		return NULL;
	}
	for (size_t i = 0; i < out.len; i++)
		if (out.data[i] != '\r' && out.data[i] != '\n')
			out.data[used++] = out.data[i];
	out.data[used] = '\0';
	return out.data;
}

bool
mc_reply_hide(
	struct mc_reply_secrets *s, const char *login, const char *password)
{
	size_t n = strlen(login), k = strlen(password), size = n + k + 2;
	char *plain = calloc(1, size + 1);

	if (plain == NULL)
		return false;
	/* AUTH PLAIN: "\0login\0password" */
	memcpy(plain + 1, login, n + 1);
	memcpy(plain + n + 2, password, k + 1);
	s->texts[0] = strdup(password);
	s->texts[1] = encoded(password, k);
	s->texts[2] = encoded(plain, size);
	mc_wipe(plain, size);
	free(plain);
	for (size_t i = 0; i < 3; i++)
		if (s->texts[i] == NULL) {
			mc_reply_forget(s);
			return false;
		}
	return true;
}

void
mc_reply_forget(struct mc_reply_secrets *s)
{
	for (size_t i = 0; i < MC_REPLY_SECRETS; i++) {
		if (s->texts[i] != NULL)
			mc_wipe(s->texts[i], strlen(s->texts[i]));
		free(s->texts[i]);
		s->texts[i] = NULL;
	}
}

/* How many bytes from there on stand together in a secret. */
static size_t
secret_at(const char *text, size_t n, const struct mc_reply_secrets *secrets)
{
	size_t most = 0;

	for (size_t i = 0; secrets != NULL && i < MC_REPLY_SECRETS; i++) {
		const char *s = secrets->texts[i];
		size_t len = s == NULL ? 0 : strlen(s);

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
