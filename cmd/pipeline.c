/* SPDX-License-Identifier: ISC */
#include "pipeline.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "apart.h"
#include "guard.h"

/*
 * Threads are worth their while from so many blocks on, or where one signs.
 * The first will do where so many bytes are to come.
 */
enum { FEW = 2, MANY = 1024 * 1024 };

/*
 * Who sleeps is woken late, and costs who wakes it time.  What is waited for is
 * short: so one gives way so often before, some 50 microseconds where there is
 * nobody to take it.
 */
enum { PATIENCE = 100 };

struct run {
	struct gen *g;
	const struct pipeline *p;
	pthread_mutex_t cutting;
	bool cut_all;           /* by `cutting` */
	unsigned long next;     /* ticket, by `cutting` */
	pthread_mutex_t taking; /* for what follows */
	pthread_cond_t taken;
	atomic_ulong turn; /* the ticket that is carried out next */
	int processor;     /* of who carried out the one before */
};

struct helper {
	struct run *run;
	struct worker worker;
	pthread_t thread;
};

static void
begin_cutting(struct run *r)
{
	for (int i = 0; i < PATIENCE; i++) {
		if (pthread_mutex_trylock(&r->cutting) == 0)
			return;
		(void)sched_yield();
	}
	(void)pthread_mutex_lock(&r->cutting);
}

/* The ticket of a block; false: there is none left. */
static bool
draw(struct run *r, struct worker *w, unsigned long *ticket)
{
	bool got;

	begin_cutting(r);
	got = !r->cut_all && !r->g->stop && stop_signal() == 0 &&
		r->p->cut(r->p->context, w);
	r->cut_all = !got;
	/* what was said while nothing was cut has its turn too */
	*ticket = r->next++;
	(void)pthread_mutex_unlock(&r->cutting);
	return got;
}

static void
wait_for_turn(struct run *r, unsigned long ticket)
{
	int before;

	if (r->turn == ticket)
		return;
	for (int i = 0; i < PATIENCE && r->turn != ticket; i++)
		(void)sched_yield();
	(void)pthread_mutex_lock(&r->taking);
	while (r->turn != ticket)
		(void)pthread_cond_wait(&r->taken, &r->taking);
	before = r->processor;
	(void)pthread_mutex_unlock(&r->taking);
	apart_from(before, r->g->o.jobs);
}

/* Carries the batch out when it is its turn. */
static void
turn(struct run *r, struct worker *w, unsigned long ticket)
{
	wait_for_turn(r, ticket);
	commit(r->g, &w->batch);
	(void)pthread_mutex_lock(&r->taking);
	r->turn++;
	r->processor = apart_here();
	(void)pthread_cond_broadcast(&r->taken);
	(void)pthread_mutex_unlock(&r->taking);
}

/* One block.  false: it was the last. */
static bool
step(struct run *r, struct worker *w, unsigned long *ticket)
{
	bool got = draw(r, w, ticket);

	if (got)
		r->p->make(r->p->context, w);
	if (w->stop)
		(void)batch_add(&w->batch, ENTRY_STOP);
	turn(r, w, *ticket);
	return got && !w->stop;
}

static void *
help(void *context)
{
	struct helper *h = context;
	unsigned long ticket;
	bool more = guard_thread();

	/* without it the others do the work */
	while (more)
		more = step(h->run, &h->worker, &ticket);
	h->run->p->leave(h->run->p->context, &h->worker);
	return NULL;
}

static bool
is_worth(const struct gen *g, unsigned long blocks)
{
	const struct progress *p = &g->progress;

	return blocks == FEW || g->signer != NULL ||
		(p->total > MANY && p->total - MANY > p->read);
}

/* Starts threads as far as the system lets us. */
static unsigned
start(struct run *r, struct helper *helpers, unsigned n)
{
	unsigned started = 0;

	for (; started < n; started++) {
		struct helper *h = &helpers[started];

		h->run = r;
		worker_start(&h->worker, r->g);
		mc_stencils_learn(&h->worker.stencils, &r->g->worker.stencils);
		if (!apart_start(&h->thread, help, h)) {
			worker_free(&h->worker);
			break;
		}
	}
	return started;
}

void
pipeline_run(struct gen *g, const struct pipeline *p)
{
	struct run r = {.g = g, .p = p};
	unsigned wanted = g->o.jobs > 1 ? g->o.jobs - 1 : 0, started = 0;
	struct helper *helpers = NULL;
	unsigned long ticket;

	(void)pthread_mutex_init(&r.cutting, NULL);
	(void)pthread_mutex_init(&r.taking, NULL);
	(void)pthread_cond_init(&r.taken, NULL);
	while (step(&r, &g->worker, &ticket)) {
		if (helpers != NULL || wanted == 0 || !is_worth(g, ticket + 1))
			continue;
		guard_threads();
		helpers = calloc(wanted, sizeof(*helpers));
		if (helpers != NULL)
			started = start(&r, helpers, wanted);
	}
	p->leave(p->context, &g->worker);
	for (unsigned i = 0; helpers != NULL && i < started; i++) {
		(void)pthread_join(helpers[i].thread, NULL);
		worker_free(&helpers[i].worker);
	}
	free(helpers);
	(void)pthread_cond_destroy(&r.taken);
	(void)pthread_mutex_destroy(&r.taking);
	(void)pthread_mutex_destroy(&r.cutting);
}
