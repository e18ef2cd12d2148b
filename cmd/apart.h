/* SPDX-License-Identifier: ISC */
/*
 * Threads that do not stand in each other's way.  Linux starts and wakes a
 * thread on the processor of who starts or wakes it, where the two take turns
 * for milliseconds until one that is idle takes it over.
 */
#ifndef MC_APART_H
#define MC_APART_H

#include <pthread.h>
#include <stdbool.h>

/*
 * Starts a thread that hears no signal, on another processor than this one if
 * there is one.  false: there is no thread.
 */
bool apart_start(pthread_t *, void *(*)(void *), void *context);

/* The processor that this thread is on; -1: not known. */
int apart_here(void);

/*
 * Leaves this processor for another if it is `taken`, by another of so many
 * threads, and there is one for each.
 */
void apart_from(int taken, unsigned threads);

#endif
