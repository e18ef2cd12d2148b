/* SPDX-License-Identifier: ISC */
#ifndef MC_BUF_H
#define MC_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

/*
 * Bytes that grow.  Zero-initialise it.  Out of memory sets `failed` and
 * further writes do nothing: test once, at the end.  data is NUL-terminated
 * whenever it is not NULL.
 */
struct mc_buf {
	char *data;
	size_t len;
	size_t cap;
	bool failed;
};

void mc_buf_add(struct mc_buf *, const void *, size_t);
/*
 * Room for n bytes more, which are not added: where they will be.  NULL: out of
 * memory.
 */
char *mc_buf_grow(struct mc_buf *, size_t n);
static inline char *
mc_buf_spare(struct mc_buf *buf, size_t n)
{
	/* a NUL stands behind them */
	return !buf->failed && buf->cap - buf->len > n ? buf->data + buf->len
						       : mc_buf_grow(buf, n);
}
/* n bytes that are added, to be written at once; NULL: out of memory. */
char *mc_buf_room(struct mc_buf *, size_t n);
void mc_buf_puts(struct mc_buf *, const char *);
void mc_buf_putc(struct mc_buf *, char);
void mc_buf_printf(struct mc_buf *, const char *, ...)
	__attribute__((format(printf, 2, 3)));
/* Text with %XX for all but ASCII letters, digits and the marks. */
void mc_buf_percent(struct mc_buf *, const char *, const char *marks);
/* Empties it and keeps the memory, wiped: secrets were in it. */
void mc_buf_reset(struct mc_buf *);
/* Empties it, to be filled again at once: only mc_buf_free() wipes it then. */
void mc_buf_rewind(struct mc_buf *);
void mc_buf_free(struct mc_buf *);
/*
 * What is in it as a text in the arena; the buffer is freed.  NULL: one of them
 * was out of memory, and the arena has failed.
 */
char *mc_buf_keep(struct mc_buf *, struct mc_arena *);

#endif
