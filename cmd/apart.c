/* SPDX-License-Identifier: ISC */
#include "apart.h"

#include <sched.h>
#include <signal.h>

#ifdef __GLIBC__
/* The processors that are allowed, and those of them but `here`. */
struct processors {
	cpu_set_t all;
	cpu_set_t others;
};

/* How many there are; 0: not known. */
static unsigned
look(struct processors *p, int here)
{
	if (here < 0 || here >= CPU_SETSIZE ||
		sched_getaffinity(0, sizeof(p->all), &p->all) != 0)
		return 0;
	p->others = p->all;
	CPU_CLR((unsigned)here, &p->others);
	return (unsigned)CPU_COUNT(&p->all);
}

int
apart_here(void)
{
	return sched_getcpu();
}

/* It is only sent there: then it goes where the system likes. */
static bool
start_elsewhere(pthread_t *thread, void *(*work)(void *), void *context)
{
	struct processors p;
	pthread_attr_t attr;
	bool started;

	if (look(&p, apart_here()) < 2 || pthread_attr_init(&attr) != 0)
		return false;
	started = pthread_attr_setaffinity_np(
			  &attr, sizeof(p.others), &p.others) == 0 &&
		pthread_create(thread, &attr, work, context) == 0;
	(void)pthread_attr_destroy(&attr);
	if (started)
		(void)pthread_setaffinity_np(*thread, sizeof(p.all), &p.all);
	return started;
}

void
apart_from(int taken, unsigned threads)
{
	struct processors p;

	if (taken != apart_here() || look(&p, taken) < threads)
		return;
	/* it is refused where there is no other */
	if (sched_setaffinity(0, sizeof(p.others), &p.others) == 0)
		(void)sched_setaffinity(0, sizeof(p.all), &p.all);
}
#else
int
apart_here(void)
{
	return -1;
}

static bool
start_elsewhere(pthread_t *thread, void *(*work)(void *), void *context)
{
	(void)thread, (void)work, (void)context;
	return false;
}

void
apart_from(int taken, unsigned threads)
{
	(void)taken, (void)threads;
}
#endif

bool
apart_start(pthread_t *thread, void *(*work)(void *), void *context)
{
	sigset_t all, old;
	bool started;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &old);
	started = start_elsewhere(thread, work, context) ||
		pthread_create(thread, NULL, work, context) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return started;
}
