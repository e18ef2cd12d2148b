/* SPDX-License-Identifier: ISC */
#ifndef MC_ARENA_H
#define MC_ARENA_H

#include <stddef.h>

/*
 * A variable that is written before it is read, and is too large to be zeroed
 * each time, as hardened builds do.
 */
#ifdef __has_attribute
#if __has_attribute(uninitialized)
#define MC_UNINITIALIZED __attribute__((uninitialized))
#endif
#endif
#ifndef MC_UNINITIALIZED
#define MC_UNINITIALIZED
#endif

/*
 * Memory that is given back all at once.  Zero-initialise it; what it hands
 * out dies at the next reset or free.  NULL means out of memory, and then
 * `failed` stays true until the reset, so that it may be asked once, late.
 */
struct mc_arena {
	struct mc_chunk *chunks;
	struct mc_chunk *spare; /* to be used again */
	size_t n_spare;
	size_t used; /* bytes of the first chunk */
	_Bool failed;
};

/* n bytes, zeroed, aligned for any object. */
void *mc_arena_alloc(struct mc_arena *, size_t n);
/* The like, not zeroed. */
char *mc_arena_room(struct mc_arena *, size_t n);
char *mc_arena_strndup(struct mc_arena *, const char *, size_t n);
char *mc_arena_strdup(struct mc_arena *, const char *);
char *mc_arena_printf(struct mc_arena *, const char *, ...)
	__attribute__((format(printf, 2, 3)));
/* Forgets everything and keeps the memory, to be filled again. */
void mc_arena_reset(struct mc_arena *);
/* Wipes all that it ever had: secrets were in it. */
void mc_arena_free(struct mc_arena *);

/* Zeroes what may be a secret: a store that the compiler may not leave out. */
void mc_wipe(void *, size_t n);

#endif
