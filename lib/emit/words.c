/* SPDX-License-Identifier: ISC */
#include "words.h"

#include <string.h>

#include "../text.h"

enum { COLUMNS = 79 };

void
mc_words_windows(struct mc_buf *out, const struct mc_buf *text)
{
	if (text->failed)
		out->failed = true;
	if (text->data == NULL)
		return;
	if (!mc_is_ascii(text->data))
		mc_buf_puts(out, "\xef\xbb\xbf");
	for (const char *s = text->data; *s != '\0';) {
		size_t n = strcspn(s, "\n");

		mc_buf_add(out, s, n);
		s += n;
		if (*s == '\n') {
			mc_buf_puts(out, "\r\n");
			s++;
		}
	}
}

void
mc_words_wrap(struct mc_buf *out, const char *first, const char *rest,
	const char *text)
{
	size_t column = 0;

	while (*(text += strspn(text, " ")) != '\0') {
		size_t n = strcspn(text, " ");
		size_t width = mc_utf8_count(text, n);

		if (column > 0 && column + 1 + width <= COLUMNS) {
			mc_buf_putc(out, ' ');
			column++;
		} else {
			const char *prefix = column == 0 ? first : rest;

			if (column > 0)
				mc_buf_putc(out, '\n');
			mc_buf_puts(out, prefix);
			column = mc_utf8_count(prefix, strlen(prefix));
		}
		mc_buf_add(out, text, n);
		column += width;
		text += n;
	}
	mc_buf_putc(out, '\n');
}
