/* SPDX-License-Identifier: ISC */
#include "arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK = 16 * 1024,
	SPARE = 16 /* chunks that a reset keeps */
};

struct mc_chunk {
	struct mc_chunk *next;
	size_t size; /* bytes of data */
	max_align_t data[];
};

static struct mc_chunk *
chunk_new(struct mc_arena *arena, size_t size)
{
	struct mc_chunk *chunk = NULL;

	if (size == CHUNK && arena->spare != NULL) {
		chunk = arena->spare;
		arena->spare = chunk->next;
		arena->n_spare--;
	} else if (size <= SIZE_MAX - sizeof(*chunk))
		chunk = malloc(sizeof(*chunk) + size);
	if (chunk == NULL) {
		arena->failed = true;
		return NULL;
	}
	chunk->size = size;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->used = 0;
	return chunk;
}

/* The next n bytes, not zeroed. */
static void *
take(struct mc_arena *arena, size_t n)
{
	const size_t align = sizeof(max_align_t) - 1;
	struct mc_chunk *chunk = arena->chunks;
	char *start;

	if (n > SIZE_MAX / 2) {
		arena->failed = true;
		return NULL;
	}
	n = (n + align) & ~align;
	if (chunk == NULL || n > chunk->size - arena->used) {
		chunk = chunk_new(arena, n > CHUNK ? n : CHUNK);
		if (chunk == NULL)
			return NULL;
	}
	start = (char *)chunk->data + arena->used;
	arena->used += n;
	return start;
}

void *
mc_arena_alloc(struct mc_arena *arena, size_t n)
{
	void *p = take(arena, n);

	if (p != NULL)
		memset(p, 0, n);
	return p;
}

char *
mc_arena_room(struct mc_arena *arena, size_t n)
{
	return take(arena, n);
}

char *
mc_arena_strndup(struct mc_arena *arena, const char *s, size_t n)
{
	char *copy = take(arena, n + 1);

	if (copy != NULL) {
		memcpy(copy, s, n);
		copy[n] = '\0';
	}
	return copy;
}

char *
mc_arena_strdup(struct mc_arena *arena, const char *s)
{
	return mc_arena_strndup(arena, s, strlen(s));
}

char *
mc_arena_printf(struct mc_arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0) {
		arena->failed = true;
		return NULL;
	}
	text = take(arena, (size_t)n + 1);
	if (text == NULL)
		return NULL;
	va_start(args, format);
	(void)vsnprintf(text, (size_t)n + 1, format, args);
	va_end(args);
	return text;
}

void
mc_wipe(void *p, size_t n)
{
	static void *(*const volatile set)(void *, int, size_t) = memset;

	if (n > 0)
		(void)set(p, 0, n);
}

/*
 * What is kept is wiped at the end, not each time: most arenas are emptied once
 * a record, and filled again at once.
 */
void
mc_arena_reset(struct mc_arena *arena)
{
	struct mc_chunk *chunk, *next;

	for (chunk = arena->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		if (chunk->size != CHUNK || arena->n_spare == SPARE) {
			mc_wipe(chunk->data, chunk->size);
			free(chunk);
			continue;
		}
		chunk->next = arena->spare;
		arena->spare = chunk;
		arena->n_spare++;
	}
	arena->chunks = NULL;
	arena->used = 0;
	arena->failed = false;
}

void
mc_arena_free(struct mc_arena *arena)
{
	struct mc_chunk *next;

	mc_arena_reset(arena);
	for (; arena->spare != NULL; arena->spare = next) {
		next = arena->spare->next;
		mc_wipe(arena->spare->data, arena->spare->size);
		free(arena->spare);
	}
	arena->n_spare = 0;
}
