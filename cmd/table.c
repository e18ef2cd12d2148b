/* SPDX-License-Identifier: ISC */
/* Columns of text, and text that is shown. */
#include <stdarg.h>
#include <string.h>

#include "cmd.h"
#include "emit/words.h"
#include "text.h"

void
table_add(struct table *t, const char *cell)
{
	const char *text = cell == NULL || *cell == '\0' ? "-" : cell;
	size_t width = mc_utf8_count(text, strlen(text));
	size_t column = t->at++ % t->columns;

	if (width > t->width[column])
		t->width[column] = width;
	mc_buf_add(&t->cells, text, strlen(text) + 1);
}

void
table_write(const struct table *t, struct mc_buf *out)
{
	const char *cell = t->cells.data;

	if (t->cells.failed)
		out->failed = true;
	for (size_t i = 0; i < t->at && !out->failed; i++) {
		size_t column = i % t->columns, n = strlen(cell);
		size_t width = mc_utf8_count(cell, n);

		mc_buf_add(out, cell, n);
		if (column + 1 == t->columns)
			mc_buf_putc(out, '\n');
		else
			mc_buf_printf(out, "%*s",
				(int)(t->width[column] - width + 2), "");
		cell += n + 1;
	}
}

void
table_free(struct table *t)
{
	mc_buf_free(&t->cells);
}

void
print_wrapped(FILE *out, const char *text, int indent, int column)
{
	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		int width = (int)mc_utf8_count(text, n);

		if (column > indent && column + 1 + width > 79) {
			(void)fputc('\n', out);
			column = 0;
		}
		if (column < indent)
			(void)fprintf(out, "%*s", indent - column, "");
		else if (column > indent)
			(void)fputc(' ', out);
		column = column < indent  ? indent
			: column > indent ? column + 1
					  : column;
		(void)fwrite(text, 1, n, out);
		column += width;
		text += n + (text[n] == ' ');
	}
	(void)fputc('\n', out);
}

const char *
shown(struct mc_arena *arena, const char *text)
{
	size_t n = strlen(text), at;
	struct mc_buf buf = {0};

	for (size_t len; n > 0; text += len, n -= len) {
		uint32_t code;

		len = mc_utf8_decode(text, n, &code);
		if (len == 0)
			len = 1;
		if (mc_text_check(text, len, true, &at) == MC_TEXT_OK)
			mc_buf_add(&buf, text, len);
		for (size_t i = 0;
			mc_text_check(text, len, true, &at) != MC_TEXT_OK &&
			i < len;
			i++)
			mc_buf_printf(&buf, "\\x%02x",
				(unsigned)(unsigned char)text[i]);
	}
	return mc_buf_keep(&buf, arena);
}

void
put_comment(struct mc_buf *out, struct mc_arena *arena, const char *format,
	va_list args)
{
	char text[2048];
	const char *clean;

	(void)vsnprintf(text, sizeof(text), format, args);
	clean = shown(arena, text);
	if (clean != NULL)
		mc_words_wrap(out, "# ", "#   ", clean);
}

const char *
shell_word(struct mc_arena *arena, const char *text)
{
	static const char
		plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "0123456789%+,-./:=@_";
	const char *clean = shown(arena, text);
	struct mc_buf buf = {0};
	const char *result = NULL;

	if (clean == NULL)
		return NULL;
	if (*clean != '\0' && clean[strspn(clean, plain)] == '\0')
		return clean;
	mc_buf_putc(&buf, '\'');
	for (; *clean != '\0'; clean++) {
		if (*clean == '\'')
			mc_buf_puts(&buf, "'\\'");
		mc_buf_putc(&buf, *clean);
	}
	mc_buf_putc(&buf, '\'');
	if (buf.failed)
		arena->failed = true;
	else
		result = mc_arena_strndup(arena, buf.data, buf.len);
	mc_buf_free(&buf);
	return result;
}
