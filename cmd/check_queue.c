/* SPDX-License-Identifier: ISC */
/*
 * Accounts under way: threads ask, a host is never asked by more of them than
 * it can bear, and what is done is printed in the order of the input.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "guard.h"
#include "text.h"

long long
check_clock(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits for the condition, no longer than so many milliseconds. */
static void
wait_for(struct check *c, pthread_cond_t *cond, long long ms)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	(void)pthread_cond_timedwait(cond, &c->lock, &until);
}

bool
check_queue_open(struct check *c)
{
	pthread_condattr_t attr;
	bool ok;

	c->last = &c->first;
	if (pthread_condattr_init(&attr) != 0)
		return false;
	ok = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
		pthread_mutex_init(&c->lock, NULL) == 0 &&
		pthread_cond_init(&c->work, &attr) == 0 &&
		pthread_cond_init(&c->done, &attr) == 0;
	(void)pthread_condattr_destroy(&attr);
	c->ready = ok;
	return ok;
}

/* Whether a connection may begin; *soon: milliseconds until it may. */
static bool
is_free(const struct check *c, const struct check_host *h, long long *soon)
{
	unsigned most = h->failed ? CHECK_OPEN_CAREFUL : CHECK_OPEN;
	long long left = h->next - check_clock();

	if (h->open >= most)
		return false;
	if (c->rate == 0 || left <= 0)
		return true;
	if (left < *soon)
		*soon = left;
	return false;
}

static void
take_turn(const struct check *c, struct check_host *h)
{
	h->open++;
	if (c->rate > 0)
		h->next = check_clock() + 60000 / c->rate;
}

bool
check_take_turn(struct check *c, struct check_host *h)
{
	bool has = false;

	(void)pthread_mutex_lock(&c->lock);
	h->waiting++;
	while (!has && !c->quit && !check_is_stopped(c)) {
		long long soon = 100;

		has = is_free(c, h, &soon);
		if (has)
			take_turn(c, h);
		else
			wait_for(c, &c->work, soon);
	}
	h->waiting--;
	(void)pthread_mutex_unlock(&c->lock);
	return has;
}

void
check_give_turn(struct check *c, struct check_host *h, bool failed)
{
	(void)pthread_mutex_lock(&c->lock);
	h->open--;
	h->failed = h->failed || failed;
	(void)pthread_cond_broadcast(&c->work);
	(void)pthread_mutex_unlock(&c->lock);
}

static void *work(void *context);

/* A thread for something more: one that is idle, or another. */
static void
hire(struct check *c)
{
	if (c->idle > 0) {
		/* for this, and for nothing else */
		c->idle--;
		return;
	}
	if (c->n_threads == CHECK_THREADS)
		return;
	if (pthread_create(&c->thread[c->n_threads], NULL, work, c) == 0)
		c->n_threads++;
	else if (c->n_threads == 0)
		c->no_memory = true;
}

struct check_domain *
check_domain_for(struct check *c, const char *name)
{
	struct check_domain *d;

	(void)pthread_mutex_lock(&c->lock);
	d = check_known_domain(c, name);
	if (d != NULL && d->state == CHECK_NEW) {
		hire(c);
		(void)pthread_cond_broadcast(&c->work);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return d;
}

void
check_domain_leave(struct check *c, struct check_domain *d)
{
	(void)pthread_mutex_lock(&c->lock);
	d->users--;
	(void)pthread_mutex_unlock(&c->lock);
}

/* Whether the task is about the person, and not only about the server. */
static bool
wants_login(const struct check_account *a, const struct check_task *t)
{
	return a->mailbox != NULL && t->server->service <= CHECK_SUBMISSION &&
		t->server->auth != MAILCFG_AUTH_NONE && t->password != NULL;
}

/* Or at least about the address: a sender that needs no login. */
static bool
is_personal(const struct check_account *a, const struct check_task *t)
{
	return wants_login(a, t) ||
		(a->mailbox != NULL && t->server->service == CHECK_SUBMISSION &&
			t->server->auth == MAILCFG_AUTH_NONE);
}

/* What is known without asking. */
static void
settle(const struct check_account *a, struct check_task *t, bool locked)
{
	const struct check_server *s = t->server;
	enum mc_reason why = locked  ? MC_WHY_LOCK_OUT
		: a->mailbox == NULL ? MC_WHY_NO_MAILBOX
		: t->unproved        ? MC_WHY_UNPROVED
				     : MC_WHY_NO_PASSWORD;

	t->probe = s->probe;
	t->probe.refused = false;
	t->state = TASK_DONE;
	if (s->service > CHECK_SUBMISSION || !check_is_sound(&s->probe))
		return;
	if (s->auth == MAILCFG_AUTH_NONE)
		why = MC_WHY_NONE;
	check_find(&t->probe, MC_STEP_LOGIN, why);
}

/* Whether the task can begin; *soon: milliseconds until it may. */
static bool
may_begin(struct check *c, const struct check_account *a,
	const struct check_task *t, long long *soon)
{
	const struct check_host *h = t->server->host;

	if (t->server->state == CHECK_BUSY || h->waiting > 0)
		return false;
	/* each login that is under way may be refused */
	if (wants_login(a, t) && h->refused < CHECK_REFUSED &&
		h->refused + h->logins >= CHECK_REFUSED)
		return false;
	return is_free(c, h, soon);
}

/* Tasks that need nobody's answer any more. */
static void
shortcut(struct check *c, const struct check_account *a, struct check_task *t)
{
	bool locked = wants_login(a, t) &&
		t->server->host->refused >= CHECK_REFUSED;

	if (t->server->state != CHECK_KNOWN)
		return;
	if (!check_is_sound(&t->server->probe) || !is_personal(a, t) ||
		locked) {
		settle(a, t, locked);
		(void)pthread_cond_broadcast(&c->done);
	}
}

/* The next task that can begin, with its account; NULL: none can. */
static struct check_task *
pick(struct check *c, struct check_account **whose, long long *soon)
{
	for (struct check_account *a = c->first; a != NULL; a = a->after)
		for (size_t i = 0; i < a->n; i++) {
			struct check_task *t = &a->task[i];

			if (t->state == TASK_WAITS)
				shortcut(c, a, t);
			if (t->state != TASK_WAITS || !may_begin(c, a, t, soon))
				continue;
			*whose = a;
			return t;
		}
	return NULL;
}

static void
begin(struct check *c, const struct check_account *a, struct check_task *t)
{
	struct check_host *h = t->server->host;

	t->state = TASK_RUNS;
	t->asked_login = wants_login(a, t) && h->refused < CHECK_REFUSED;
	h->logins += t->asked_login;
	take_turn(c, h);
	if (t->server->state == CHECK_NEW)
		t->server->state = CHECK_BUSY;
}

/* A probe without what is the person's. */
static void
keep_server(struct check_server *s, const struct mc_probe *p)
{
	s->probe = *p;
	s->probe.refused = false;
	s->probe.step[MC_STEP_LOGIN] = (struct mc_finding){.detail = ""};
	s->probe.step[MC_STEP_SENDER] = (struct mc_finding){.detail = ""};
	s->state = CHECK_KNOWN;
}

static void
finish(struct check *c, struct check_task *t)
{
	struct check_host *h = t->server->host;
	const struct mc_finding *login = &t->probe.step[MC_STEP_LOGIN];

	h->logins -= t->asked_login;
	if (t->asked_login && login->reason == MC_WHY_LOGIN) {
		h->refused++;
		t->server->refused++;
	} else if (t->asked_login && h->refused < CHECK_REFUSED &&
		(login->verdict == MC_VERDICT_OK ||
			login->verdict == MC_VERDICT_WARN)) {
		/* what another service of the host refuses stays refused */
		h->refused -= t->server->refused;
		t->server->refused = 0;
	}
	if (t->server->state == CHECK_BUSY)
		keep_server(t->server, &t->probe);
	t->state = TASK_DONE;
	(void)pthread_cond_broadcast(&c->work);
	(void)pthread_cond_broadcast(&c->done);
}

/* A domain that is to be asked, the one that waits longest; NULL: none. */
static struct check_domain *
pick_domain(struct check *c)
{
	struct check_domain *oldest = NULL;
	size_t left = c->n_new;

	if (c->asking == CHECK_DOMAINS)
		return NULL;
	for (struct check_domain *d = c->domains; d != NULL && left > 0;
		d = d->after)
		if (d->state == CHECK_NEW) {
			oldest = d;
			left--;
		}
	return oldest;
}

/* The lock is held, but not while the domain is asked. */
static void
ask_domain(struct check *c, struct check_domain *d)
{
	d->state = CHECK_BUSY;
	c->n_new--;
	c->asking++;
	(void)pthread_mutex_unlock(&c->lock);
	check_domain_ask(c, d);
	(void)pthread_mutex_lock(&c->lock);
	d->state = CHECK_KNOWN;
	c->asking--;
	if (d->arena.failed)
		c->no_memory = true;
	(void)pthread_cond_broadcast(&c->work);
	(void)pthread_cond_broadcast(&c->done);
}

static void *
work(void *context)
{
	struct check *c = context;
	bool more = guard_thread();

	if (!more)
		c->no_memory = true;
	(void)pthread_mutex_lock(&c->lock);
	while (more && !c->quit) {
		struct check_account *a = NULL;
		struct check_domain *d = pick_domain(c);
		long long soon = 1000;
		struct check_task *t;

		if (d != NULL) {
			ask_domain(c, d);
			continue;
		}
		t = pick(c, &a, &soon);
		if (t == NULL) {
			c->idle++;
			wait_for(c, &c->work, soon);
			if (c->idle > 0)
				c->idle--;
			continue;
		}
		begin(c, a, t);
		(void)pthread_mutex_unlock(&c->lock);
		check_ask(c, a, t);
		(void)pthread_mutex_lock(&c->lock);
		finish(c, t);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return NULL;
}

static bool
is_done(const struct check_account *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->task[i].state != TASK_DONE)
			return false;
	return a->published == NULL || a->published->state == CHECK_KNOWN;
}

static void
drop(struct check_account *a)
{
	for (size_t i = 0; i < a->n; i++)
		a->task[i].server->users--;
	if (a->published != NULL)
		a->published->users--;
	mc_arena_free(&a->arena);
	free(a);
}

/* Prints what is done, until at most so many are left.  Locked. */
static void
drain(struct check *c, size_t most)
{
	while (c->first != NULL && !c->no_memory && stop_signal() == 0) {
		struct check_account *a = c->first;

		if (!is_done(a)) {
			if (c->n_window <= most)
				return;
			wait_for(c, &c->done, 100);
			progress_show(&c->g->progress,
				c->n_good + c->n_warned + c->n_refused +
					c->n_failed);
			continue;
		}
		c->first = a->after;
		if (c->first == NULL)
			c->last = &c->first;
		c->n_window--;
		(void)pthread_mutex_unlock(&c->lock);
		complain_clear(&c->g->program->complain);
		if (c->json)
			check_json(c, a);
		else
			check_print(c, a);
		(void)pthread_mutex_lock(&c->lock);
		drop(a);
	}
}

bool
check_domain_wait(struct check *c, const struct check_domain *d)
{
	bool known = false;

	(void)pthread_mutex_lock(&c->lock);
	while (!known && !c->no_memory && stop_signal() == 0) {
		drain(c, SIZE_MAX);
		known = d->state == CHECK_KNOWN;
		if (!known)
			wait_for(c, &c->done, 100);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return known;
}

void
check_queue_add(struct check *c, struct check_account *a)
{
	(void)pthread_mutex_lock(&c->lock);
	*c->last = a;
	c->last = &a->after;
	c->n_window++;
	for (size_t i = 0; i < a->n; i++)
		hire(c);
	(void)pthread_cond_broadcast(&c->work);
	drain(c, CHECK_WINDOW - 1);
	(void)pthread_mutex_unlock(&c->lock);
}

void
check_queue_finish(struct check *c)
{
	(void)pthread_mutex_lock(&c->lock);
	drain(c, 0);
	(void)pthread_mutex_unlock(&c->lock);
}

void
check_queue_close(struct check *c)
{
	if (!c->ready)
		return;
	(void)pthread_mutex_lock(&c->lock);
	c->quit = true;
	(void)pthread_cond_broadcast(&c->work);
	(void)pthread_mutex_unlock(&c->lock);
	for (size_t i = 0; i < c->n_threads; i++)
		(void)pthread_join(c->thread[i], NULL);
	while (c->first != NULL) {
		struct check_account *a = c->first;

		c->first = a->after;
		drop(a);
	}
	(void)pthread_cond_destroy(&c->done);
	(void)pthread_cond_destroy(&c->work);
	(void)pthread_mutex_destroy(&c->lock);
	c->ready = false;
}
