/* SPDX-License-Identifier: ISC */
#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "text.h"

/*
 * Memory of so many bytes and more begins with a line of the cache, as a file
 * does: write(2) takes a third longer where they do not meet.
 */
enum { LONG = 64 * 1024, LINE = 64 };

/*
 * Room for n more bytes and a NUL.  Grows by copying, not by realloc, which
 * would leave a copy of a secret in freed memory.
 */
static bool
reserve(struct mc_buf *buf, size_t n)
{
	size_t cap = buf->cap == 0 ? 1024 : buf->cap;
	char *data;

	if (buf->failed)
		return false;
	if (buf->cap - buf->len > n)
		return true;
	if (n > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4) {
		buf->failed = true;
		return false;
	}
	/* who asks for so much at once knows how much it will be */
	if (n > cap && n >= LONG)
		cap = (buf->len + n) / LONG * LONG + LONG;
	while (cap - buf->len <= n)
		cap *= 2;
	data = cap < LONG ? malloc(cap) : aligned_alloc(LINE, cap);
	if (data == NULL) {
		buf->failed = true;
		return false;
	}
	if (buf->data != NULL) {
		memcpy(data, buf->data, buf->len);
		/* all of it: it may have been rewound */
		mc_wipe(buf->data, buf->cap);
		free(buf->data);
	}
	buf->data = data;
	buf->cap = cap;
	return true;
}

void
mc_buf_add(struct mc_buf *buf, const void *bytes, size_t n)
{
	char *room = n == 0 ? NULL : mc_buf_spare(buf, n);

	if (room == NULL)
		return;
	memcpy(room, bytes, n);
	room[n] = '\0';
	buf->len += n;
}

char *
mc_buf_grow(struct mc_buf *buf, size_t n)
{
	return reserve(buf, n) ? buf->data + buf->len : NULL;
}

char *
mc_buf_room(struct mc_buf *buf, size_t n)
{
	char *room = mc_buf_spare(buf, n);

	if (room == NULL)
		return NULL;
	buf->len += n;
	room[n] = '\0';
	return room;
}

void
mc_buf_puts(struct mc_buf *buf, const char *s)
{
	mc_buf_add(buf, s, strlen(s));
}

void
mc_buf_putc(struct mc_buf *buf, char c)
{
	mc_buf_add(buf, &c, 1);
}

void
mc_buf_printf(struct mc_buf *buf, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0) {
		buf->failed = true;
		return;
	}
	if (!reserve(buf, (size_t)n))
		return;
	va_start(args, format);
	(void)vsnprintf(buf->data + buf->len, (size_t)n + 1, format, args);
	va_end(args);
	buf->len += (size_t)n;
}

void
mc_buf_percent(struct mc_buf *buf, const char *text, const char *marks)
{
	for (; *text != '\0'; text++) {
		char c = *text, low = mc_lower(c);

		if ((low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') ||
			strchr(marks, c) != NULL)
			mc_buf_putc(buf, c);
		else
			mc_buf_printf(buf, "%%%02X", (unsigned char)c);
	}
}

void
mc_buf_reset(struct mc_buf *buf)
{
	if (buf->data != NULL) {
		mc_wipe(buf->data, buf->len);
		buf->data[0] = '\0';
	}
	buf->len = 0;
	buf->failed = false;
}

void
mc_buf_rewind(struct mc_buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

void
mc_buf_free(struct mc_buf *buf)
{
	/* all of it: it may have been rewound */
	if (buf->data != NULL)
		mc_wipe(buf->data, buf->cap);
	buf->len = 0;
	buf->failed = false;
	free(buf->data);
	buf->data = NULL;
	buf->cap = 0;
}

char *
mc_buf_keep(struct mc_buf *buf, struct mc_arena *arena)
{
	char *text = NULL;

	if (buf->failed)
		arena->failed = true;
	else
		text = mc_arena_strndup(
			arena, buf->data == NULL ? "" : buf->data, buf->len);
	mc_buf_free(buf);
	return text;
}
