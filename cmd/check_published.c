/* SPDX-License-Identifier: ISC */
/* What domains publish, and what accounts say otherwise. */
#include <string.h>

#include "context.h"

#include "check.h"
#include "chosen.h"
#include "guard.h"
#include "host.h"
#include "spelling.h"
#include "text.h"
#include "url.h"

static bool
is_stopped(void *context)
{
	(void)context;
	return stop_signal() != 0;
}

static const char *
copy(struct mc_arena *arena, const char *text)
{
	return text == NULL ? NULL : mc_arena_strdup(arena, text);
}

static void
keep_source(struct mc_arena *arena, struct mc_published_source *s)
{
	struct mailcfg_offer *offers = mc_arena_alloc(
		arena, (s->n + 1) * sizeof(*offers));
	struct mailcfg_dav *dav = mc_arena_alloc(
		arena, (s->n_dav + 1) * sizeof(*dav));

	for (size_t i = 0; offers != NULL && i < s->n; i++) {
		offers[i] = s->offers[i];
		offers[i].host = copy(arena, s->offers[i].host);
		offers[i].login = copy(arena, s->offers[i].login);
	}
	for (size_t i = 0; dav != NULL && i < s->n_dav; i++) {
		dav[i] = s->dav[i];
		dav[i].host = copy(arena, s->dav[i].host);
		dav[i].path = copy(arena, s->dav[i].path);
	}
	s->place = copy(arena, s->place);
	s->why = copy(arena, s->why);
	s->offers = offers;
	s->dav = dav;
	s->places = NULL;
	s->notes = NULL;
	s->n_notes = 0;
}

/* What is used later: there may be many domains, and answers are large. */
static void
keep(struct check_domain *d, const struct mc_published *from)
{
	struct mc_arena *arena = &d->arena;
	struct mc_published_source *sources = mc_arena_alloc(
		arena, (from->n_sources + 1) * sizeof(*sources));

	d->found = *from;
	d->found.sources = sources;
	for (size_t i = 0; sources != NULL && i < from->n_sources; i++) {
		sources[i] = from->sources[i];
		keep_source(arena, &sources[i]);
	}
	d->found.name = copy(arena, from->name);
	d->found.mx = NULL;
	d->found.n_mx = 0;
	d->found.caldav.host = copy(arena, from->caldav.host);
	d->found.caldav.path = copy(arena, from->caldav.path);
	d->found.carddav.host = copy(arena, from->carddav.host);
	d->found.carddav.path = copy(arena, from->carddav.path);
	if (arena->failed)
		d->found.n_sources = 0;
}

void
check_domain_ask(struct check *c, struct check_domain *d)
{
	const struct mc_published_query query = {.domain = d->name,
		.presets = &c->g->context->presets,
		.servers = c->name_servers,
		.ca_file = c->ca_file,
		.web = c->web,
		.stopped = is_stopped};
	struct mc_published found;
	struct mc_arena arena = {0};
	bool bad;

	/* `servers` was looked at when it was given */
	if (mc_published_find(&arena, &query, &found, &bad) && !guard_failed())
		keep(d, &found);
	else
		d->arena.failed = true;
	mc_arena_free(&arena);
}

bool
check_is_told(const struct mc_published_source *s)
{
	return s->fate == MC_PUBLISHED_FOUND ||
		s->fate == MC_PUBLISHED_UNUSABLE;
}

/* How a login is set for everybody, where it is one of the usual ones. */
static const char *
general_login(const struct check_account *a, const char *login)
{
	if (login == NULL || strcmp(login, a->mailbox) == 0)
		return "{mailbox}";
	return a->local_part != NULL && strcmp(login, a->local_part) == 0
		? "{local-part}"
		: login;
}

static const char *
expand(struct check_account *a, const char *text)
{
	const char *mailbox = a->mailbox;

	if (mailbox == NULL)
		mailbox = mc_arena_printf(
			&a->arena, "postmaster@%s", a->domain);
	return mailbox == NULL
		? NULL
		: mc_expand(&a->arena, text, mailbox,
			  a->local_part == NULL ? "postmaster" : a->local_part,
			  a->domain);
}

/* How the offer differs from the task; the lists are the result's. */
static struct check_difference
differ(struct check_account *a, const struct check_task *t,
	const struct mc_published_source *s, const struct mailcfg_offer *o)
{
	const struct check_server *is = t->server;
	const char *host = expand(a, o->host), *login;
	struct check_difference d = {.source = s, .task = t, .offer = o};

	d.server = host == NULL || o->tls != is->tls || o->port != is->port ||
		mc_strcasecmp(host, is->name) != 0;
	if (s->bare)
		return d;
	d.auth = o->auth != is->auth;
	if (a->mailbox == NULL || is->auth == MAILCFG_AUTH_NONE ||
		o->auth == MAILCFG_AUTH_NONE)
		return d;
	login = o->login == NULL ? a->mailbox : expand(a, o->login);
	d.login = login == NULL || t->login == NULL ||
		strcmp(login, t->login) != 0;
	return d;
}

static int
weight(const struct check_difference *d)
{
	return 4 * d->server + 2 * d->login + d->auth;
}

/* "imaps://imap.example.org, login {mailbox}": as much as differs. */
static void
describe(struct check_account *a, struct check_difference *d)
{
	const struct check_server *is = d->task->server;
	const struct mailcfg_offer *o = d->offer;
	struct mc_buf text[2] = {{0}};
	struct mc_arena *arena = &a->arena;
	const char *url[2] = {mc_url_write(arena, o->protocol, o->tls,
				      expand(a, o->host), o->port),
		mc_url_write(arena, o->protocol, is->tls, is->name, is->port)};
	const char *login[2] = {o->login == NULL ? "{mailbox}" : o->login,
		d->login ? general_login(a, d->task->login) : NULL};
	const char *auth[2] = {mc_auth_word(o->auth), mc_auth_word(is->auth)};

	for (size_t i = 0; i < 2; i++) {
		if (d->server && url[i] != NULL)
			mc_buf_puts(&text[i], url[i]);
		if (d->login)
			mc_buf_printf(&text[i], "%slogin %s",
				text[i].len > 0 ? ", " : "", login[i]);
		if (d->auth)
			mc_buf_printf(&text[i], "%sauth %s",
				text[i].len > 0 ? ", " : "", auth[i]);
	}
	if (text[0].failed || text[1].failed || text[0].len == 0 ||
		text[1].len == 0) {
		arena->failed = true;
	} else {
		d->published = mc_arena_strdup(arena, text[0].data);
		d->account = mc_arena_strdup(arena, text[1].data);
	}
	mc_buf_free(&text[0]);
	mc_buf_free(&text[1]);
}

/* What the place says of a server of the account, if it differs. */
static void
compare(struct check_account *a, const struct check_task *t,
	const struct mc_published_source *s)
{
	unsigned bit = mc_published_bit(t->server->service, t->server->tls);
	struct check_difference nearest = {.source = s, .task = t};

	for (size_t i = 0; i < s->n; i++) {
		struct check_difference d;

		if ((int)s->offers[i].protocol != (int)t->server->service)
			continue;
		d = differ(a, t, s, &s->offers[i]);
		if (weight(&d) == 0)
			return;
		if (nearest.offer == NULL || weight(&d) < weight(&nearest))
			nearest = d;
	}
	/* records need not name every service; a document does */
	if (nearest.offer == NULL && (s->refused & bit) == 0 &&
		(s->bare || s->n == 0))
		return;
	if (nearest.offer != NULL)
		describe(a, &nearest);
	a->difference[a->n_differences++] = nearest;
}

const char *
check_dav_url(struct mc_arena *arena, const struct check_server *s)
{
	/* which is where one looks without a path, and says no more */
	bool usual = strncmp(s->path, "/.well-known/", 13) == 0;
	const struct mailcfg_dav dav = {.host = s->name,
		.port = s->port,
		.path = usual ? NULL : s->path};

	return chosen_dav_url(arena, &dav);
}

static bool
same_dav(const struct check_server *is, const struct mailcfg_dav *dav)
{
	return is->port == dav->port &&
		mc_strcasecmp(is->name, dav->host) == 0 &&
		(dav->path == NULL || strcmp(is->path, dav->path) == 0 ||
			strncmp(is->path, "/.well-known/", 13) == 0);
}

/* The same of calendars, or of contacts. */
static void
compare_dav(struct check_account *a, const struct mc_published_source *s)
{
	enum check_service service = s->service == MC_PUBLISHED_CALDAV
		? CHECK_CALDAV
		: CHECK_CARDDAV;
	struct check_difference d = {.source = s, .server = true};
	const char *url = s->n_dav == 0 ? NULL
					: chosen_dav_url(&a->arena, &s->dav[0]);

	for (size_t i = 0; i < a->n; i++)
		if (a->task[i].server->service == service)
			d.task = &a->task[i];
	if (d.task == NULL) {
		if (url != NULL && a->n_unused < CHECK_UNUSED)
			a->unused[a->n_unused++] = (struct check_unused){
				s, service, url};
		return;
	}
	for (size_t i = 0; i < s->n_dav; i++)
		if (same_dav(d.task->server, &s->dav[i]))
			return;
	d.published = url;
	if (url != NULL)
		d.account = check_dav_url(&a->arena, d.task->server);
	a->difference[a->n_differences++] = d;
}

void
check_compare(struct check *c, struct check_account *a)
{
	const struct mc_published *p;

	if (a->published == NULL)
		return;
	p = &a->published->found;
	a->difference = mc_arena_alloc(
		&a->arena, (p->n_sources * a->n + 1) * sizeof(*a->difference));
	for (size_t i = 0; a->difference != NULL && i < p->n_sources; i++) {
		const struct mc_published_source *s = &p->sources[i];

		if (s->fate != MC_PUBLISHED_FOUND)
			continue;
		if (s->service != MC_PUBLISHED_MAIL) {
			compare_dav(a, s);
			continue;
		}
		for (size_t k = 0; k < a->n; k++)
			if (a->task[k].server->service <= CHECK_SUBMISSION)
				compare(a, &a->task[k], s);
	}
	if (a->arena.failed)
		c->no_memory = true;
}
