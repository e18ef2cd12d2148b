/* SPDX-License-Identifier: ISC */
/*
 * Hosts, servers and domains that were met: each is asked once.  There may be
 * many: those that were met longest ago are forgotten, and asked again should
 * they come back.  Hosts are kept, for what they refused.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "text.h"

/* Servers and domains that nobody uses now, at the most. */
enum { KEPT = 128 };

struct check_host *
check_host_for(struct check *c, const char *name)
{
	struct check_host *h;

	for (h = c->hosts; h != NULL; h = h->after)
		if (mc_strcasecmp(h->name, name) == 0)
			return h;
	h = mc_arena_alloc(&c->arena, sizeof(*h));
	if (h == NULL)
		return NULL;
	h->name = mc_arena_strdup(&c->arena, name);
	if (h->name == NULL)
		return NULL;
	h->after = c->hosts;
	c->hosts = h;
	return h;
}

static bool
same(const struct check_server *a, const struct check_server *b)
{
	bool paths = a->path == NULL || b->path == NULL
		? a->path == b->path
		: strcmp(a->path, b->path) == 0;

	return a->service == b->service && a->tls == b->tls &&
		a->auth == b->auth && a->port == b->port && paths &&
		mc_strcasecmp(a->name, b->name) == 0;
}

static void
free_server(struct check_server *s)
{
	mc_arena_free(&s->arena);
	free(s);
}

/* Forgets the one that was met longest ago, of those that can be. */
static void
forget_server(struct check *c)
{
	struct check_server **oldest = NULL, *s;
	size_t n = 0;

	for (struct check_server **at = &c->servers; *at != NULL;
		at = &(*at)->after)
		if ((*at)->users == 0 && (*at)->state != CHECK_BUSY) {
			oldest = at;
			n++;
		}
	if (n <= KEPT)
		return;
	s = *oldest;
	*oldest = s->after;
	free_server(s);
}

struct check_server *
check_server_for(struct check *c, const struct check_server *like)
{
	struct check_server *s, **at = &c->servers;

	/* the one that was met last is the likeliest */
	while ((s = *at) != NULL && !same(s, like))
		at = &s->after;
	if (s != NULL) {
		*at = s->after;
	} else {
		forget_server(c);
		s = calloc(1, sizeof(*s));
		if (s == NULL)
			return NULL;
		*s = *like;
		s->host = check_host_for(c, like->name);
		s->name = s->host == NULL ? NULL : s->host->name;
		if (like->path != NULL)
			s->path = mc_arena_strdup(&s->arena, like->path);
		if (c->arena.failed || s->arena.failed) {
			free_server(s);
			return NULL;
		}
	}
	s->users++;
	s->after = c->servers;
	c->servers = s;
	return s;
}

static void
free_domain(struct check_domain *d)
{
	mc_arena_free(&d->arena);
	free(d);
}

static void
forget_domain(struct check *c)
{
	struct check_domain **oldest = NULL, *d;
	size_t n = 0;

	for (struct check_domain **at = &c->domains; *at != NULL;
		at = &(*at)->after)
		if ((*at)->users == 0 && (*at)->state == CHECK_KNOWN) {
			oldest = at;
			n++;
		}
	if (n <= KEPT)
		return;
	d = *oldest;
	*oldest = d->after;
	free_domain(d);
}

struct check_domain *
check_known_domain(struct check *c, const char *name)
{
	struct check_domain *d, **at = &c->domains;

	/* the one that was met last is the likeliest */
	while ((d = *at) != NULL && strcmp(d->name, name) != 0)
		at = &d->after;
	if (d != NULL) {
		*at = d->after;
	} else {
		forget_domain(c);
		d = calloc(1, sizeof(*d));
		if (d == NULL)
			return NULL;
		d->name = mc_arena_strdup(&d->arena, name);
		if (d->name == NULL) {
			free_domain(d);
			return NULL;
		}
		c->n_new++;
	}
	d->users++;
	d->after = c->domains;
	c->domains = d;
	return d;
}

void
check_known_free(struct check *c)
{
	struct check_server *s;
	struct check_domain *d;

	while ((s = c->servers) != NULL) {
		c->servers = s->after;
		free_server(s);
	}
	while ((d = c->domains) != NULL) {
		c->domains = d->after;
		free_domain(d);
	}
}
