/* SPDX-License-Identifier: ISC */
/* What domains publish, and what accounts say otherwise. */
#include <string.h>

#include "context.h"

#include "check.h"
#include "chosen.h"
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

	for (size_t i = 0; offers != NULL && i < s->n; i++) {
		offers[i] = s->offers[i];
		offers[i].host = copy(arena, s->offers[i].host);
		offers[i].login = copy(arena, s->offers[i].login);
	}
	s->place = copy(arena, s->place);
	s->why = copy(arena, s->why);
	s->offers = offers;
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
	if (mc_published_find(&arena, &query, &found, &bad))
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
	unsigned bit = (t->server->tls == MAILCFG_TLS_STARTTLS
				       ? MC_PUBLISHED_STARTTLS
				       : 1u)
		<< t->server->service;
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

void
check_compare(struct check *c, struct check_account *a)
{
	const struct mc_published *p;

	if (a->published == NULL)
		return;
	p = &a->published->found;
	a->difference = mc_arena_alloc(
		&a->arena, (p->n_sources * a->n + 1) * sizeof(*a->difference));
	for (size_t i = 0; a->difference != NULL && i < p->n_sources; i++)
		for (size_t k = 0; k < a->n; k++)
			if (p->sources[i].fate == MC_PUBLISHED_FOUND &&
				a->task[k].server->service <= CHECK_SUBMISSION)
				compare(a, &a->task[k], &p->sources[i]);
	if (a->arena.failed)
		c->no_memory = true;
}

/* Whether options give the field, for every account. */
static bool
is_set(const struct gen *g, enum mc_field_id id)
{
	return (g->o.option != NULL && g->o.option->value[id].text != NULL) ||
		(g->o.set != NULL && g->o.set->value[id].text != NULL);
}

static bool
has_server(const struct gen *g, enum mailcfg_protocol protocol)
{
	return is_set(g, mc_server_field(protocol, MC_PART_URL)) ||
		is_set(g, mc_server_field(protocol, MC_PART_HOST));
}

/* The domain of an operand; NULL: it is none, which is told later. */
static const char *
domain_of(struct check *c, const char *operand)
{
	const char *at = strrchr(operand, '@'), *why = "";
	size_t n = at == NULL ? 0 : strcspn(at + 1, "> ");

	return n == 0 ? NULL : mc_host_ascii(&c->arena, at + 1, n, &why);
}

/*
 * The domain that operand `at` is, where nobody knows it.  A mailbox in the
 * same domain might log in where DNS alone leads to, so there is none then.
 */
static const char *
unknown_domain(struct check *c, size_t at)
{
	struct gen *g = c->g;
	const char *domain = c->is_domain[at] ? domain_of(c, g->o.operands[at])
					      : NULL;

	if (domain == NULL ||
		mc_provider_by_domain(&g->context->presets, domain) != NULL)
		return NULL;
	for (size_t i = 0; i < g->o.n_operands; i++) {
		const char *other = c->is_domain[i]
			? NULL
			: domain_of(c, g->o.operands[i]);

		if (other != NULL && strcmp(other, domain) == 0)
			return NULL;
	}
	return domain;
}

/* What was tried. */
static void
say_nothing(struct check *c, size_t at, const struct check_domain *d)
{
	const struct mailcfg_pos pos = {c->g->o.operand_names[at], 1, 1};
	struct mc_buf tried = {0};

	for (size_t i = 0; i < d->found.n_sources; i++) {
		const struct mc_published_source *s = &d->found.sources[i];

		mc_buf_printf(&tried, "; %s %s: %s", s->kind, s->place,
			s->why == NULL ? "no server in it" : s->why);
	}
	if (tried.failed)
		c->no_memory = true;
	else
		mc_say(c->g->report, MC_MSG_NO_SERVER, &pos, NULL, NULL,
			"no preset knows %s, and it publishes none: give "
			"--imap imaps://HOST and --smtp smtps://HOST; tried%s",
			d->name, tried.len > 0 ? tried.data + 1 : "");
	mc_buf_free(&tried);
}

/* The preset of what the domain publishes; NULL: there is none. */
static const struct mc_preset *
find_preset(struct check *c, const struct check_domain *d)
{
	struct chosen chosen = {.arena = &c->arena,
		.report = c->g->report,
		.domain = d->name,
		.p = d->found};

	chosen_choose(&chosen);
	if (chosen.offers.n == 0)
		return NULL;
	if (chosen.unproved)
		mc_say(c->g->report, MC_MSG_UNPROVED, NULL, NULL, NULL,
			"%s: DNS alone names servers: compare them with what "
			"the provider says",
			d->name);
	return chosen_preset(&chosen);
}

/* The presets serve the run, after all others. */
static void
add_presets(struct check *c, struct mc_preset *list, size_t n)
{
	struct mc_presets *presets = &c->g->context->presets;
	struct mc_preset_table *table = mc_arena_alloc(
		&c->arena, sizeof(*table));

	if (table != NULL && n > 0 &&
		presets->n <
			sizeof(presets->table) / sizeof(presets->table[0]) &&
		mc_preset_index(&c->arena, list, n, table, c->g->report))
		presets->table[presets->n++] = table;
}

/* Whether a domain comes a second time. */
static bool
is_new(const struct mc_preset *list, size_t n, const char *domain)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].p.domains[0], domain) == 0)
			return false;
	return true;
}

/* Takes the answers, and the operands that got none out. */
static void
take_answers(struct check *c, struct check_domain **asked)
{
	struct gen_options *o = &c->g->o;
	struct mc_preset *list = mc_arena_alloc(
		&c->arena, (o->n_operands + 1) * sizeof(*list));
	size_t kept = 0, n = 0;

	for (size_t i = 0; list != NULL && i < o->n_operands; i++) {
		const struct mc_preset *preset = NULL;

		if (asked[i] != NULL && is_new(list, n, asked[i]->name)) {
			preset = find_preset(c, asked[i]);
			if (preset != NULL)
				list[n++] = *preset;
			else
				say_nothing(c, i, asked[i]);
			if (preset == NULL)
				continue;
		}
		o->operands[kept] = o->operands[i];
		o->operand_names[kept] = o->operand_names[i];
		c->is_domain[kept++] = c->is_domain[i];
	}
	o->n_operands = kept;
	add_presets(c, list, n);
}

void
check_domains_find(struct check *c)
{
	struct gen *g = c->g;
	struct check_domain **asked;
	bool any = false;

	if (g->o.n_from > 0 || is_set(g, MC_PROVIDER) ||
		(has_server(g, MAILCFG_SUBMISSION) &&
			(has_server(g, MAILCFG_IMAP) ||
				has_server(g, MAILCFG_POP3))))
		return;
	asked = mc_arena_alloc(
		&c->arena, (g->o.n_operands + 1) * sizeof(void *));
	for (size_t i = 0; asked != NULL && i < g->o.n_operands; i++) {
		const char *domain = unknown_domain(c, i);

		if (domain != NULL)
			asked[i] = check_domain_for(c, domain);
		any = any || asked[i] != NULL;
	}
	if (any)
		check_domains_wait(c);
	if (any && stop_signal() == 0 && !c->no_memory)
		take_answers(c, asked);
	c->no_memory = c->no_memory || c->arena.failed;
}
