/* SPDX-License-Identifier: ISC */
#include "aside.h"

#include "apart.h"

static void *
run(void *context)
{
	struct aside *a = context;

	(void)pthread_mutex_lock(&a->lock);
	while (a->work != NULL || !a->over) {
		if (a->work == NULL) {
			(void)pthread_cond_wait(&a->turned, &a->lock);
			continue;
		}
		(void)pthread_mutex_unlock(&a->lock);
		a->work(a->context);
		(void)pthread_mutex_lock(&a->lock);
		a->work = NULL;
		(void)pthread_cond_signal(&a->turned);
	}
	(void)pthread_mutex_unlock(&a->lock);
	return NULL;
}

/* false: there will be no thread. */
static bool
start(struct aside *a)
{
	if (a->started)
		return true;
	if (a->over)
		return false;
	(void)pthread_mutex_init(&a->lock, NULL);
	(void)pthread_cond_init(&a->turned, NULL);
	a->started = apart_start(&a->thread, run, a);
	if (!a->started) {
		(void)pthread_cond_destroy(&a->turned);
		(void)pthread_mutex_destroy(&a->lock);
		a->over = true;
	}
	return a->started;
}

void
aside_do(struct aside *a, void (*work)(void *), void *context)
{
	if (!start(a)) {
		work(context);
		return;
	}
	aside_wait(a);
	(void)pthread_mutex_lock(&a->lock);
	a->work = work;
	a->context = context;
	(void)pthread_cond_signal(&a->turned);
	(void)pthread_mutex_unlock(&a->lock);
}

void
aside_wait(struct aside *a)
{
	if (!a->started)
		return;
	(void)pthread_mutex_lock(&a->lock);
	while (a->work != NULL)
		(void)pthread_cond_wait(&a->turned, &a->lock);
	(void)pthread_mutex_unlock(&a->lock);
}

void
aside_stop(struct aside *a)
{
	if (!a->started)
		return;
	(void)pthread_mutex_lock(&a->lock);
	a->over = true;
	(void)pthread_cond_signal(&a->turned);
	(void)pthread_mutex_unlock(&a->lock);
	(void)pthread_join(a->thread, NULL);
	(void)pthread_cond_destroy(&a->turned);
	(void)pthread_mutex_destroy(&a->lock);
	a->started = false;
}
