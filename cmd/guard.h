/* SPDX-License-Identifier: ISC */
#ifndef MC_GUARD_H
#define MC_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * libxml2 writes wrong documents without a word when memory runs out, and much
 * code that builds JSON is easier to read when it is asked once.  From here on
 * allocations of libxml2 and cJSON are watched, and libxml2 opens no files.
 */
void guard_start(void);
/*
 * The same for libcrypto, before its first use: it may take a signature for a
 * bad one when memory runs out.
 */
void guard_crypto(void);
/*
 * Starts libcurl and c-ares, and watches them: they tell of memory as of a
 * server that fails, or a name that is not known.  false: out of memory.
 */
bool guard_net(void);
void guard_net_end(void);
/* Whether one of them has failed, in this thread. */
bool guard_failed(void);
/* Before threads: libraries set up their tables without a lock. */
void guard_threads(void);
/*
 * In a thread, before it does anything else: what libxml2 keeps for each.  It
 * would call itself without end to say that there is no memory for that.
 * false: there is none.
 */
bool guard_thread(void);

/* What is watched. */
void *guard_malloc(size_t);
void *guard_calloc(size_t, size_t);
void *guard_realloc(void *, size_t);
char *guard_strdup(const char *);

#endif
