/* SPDX-License-Identifier: ISC */
/* Work that is done aside, by a thread of its own, one piece at a time. */
#ifndef MC_ASIDE_H
#define MC_ASIDE_H

#include <pthread.h>
#include <stdbool.h>

/* Zero-initialise it. */
struct aside {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t turned; /* for what follows */
	void (*work)(void *);  /* what is being done; NULL: nothing */
	void *context;         /* of the work */
	bool started;
	bool over; /* nothing more will come, or there is no thread */
};

/*
 * Has work(context) done, once what was given before is; where no thread is to
 * be had, at once.
 */
void aside_do(struct aside *, void (*work)(void *), void *context);
/* Waits until it is done. */
void aside_wait(struct aside *);
/* The same, and ends the thread. */
void aside_stop(struct aside *);

#endif
