/* SPDX-License-Identifier: ISC */
/*
 * A preset made of what a domain publishes.  For each protocol the first place
 * counts that offers it; what the others say is told.
 */
#include <string.h>

#include "context.h"

#include "chosen.h"
#include "discover.h"
#include "guard.h"
#include "net/published.h"
#include "spelling.h"

struct found {
	struct discover *d;
	struct chosen c;
	struct finding out;
};

/* Whether two places mean one server; a bare one says less. */
static bool
agrees(const struct mailcfg_offer *a, const struct mailcfg_offer *b, bool bare)
{
	const char *x = a->login == NULL ? "{mailbox}" : a->login;
	const char *y = b->login == NULL ? "{mailbox}" : b->login;

	return a->protocol == b->protocol && a->tls == b->tls &&
		a->port == b->port && strcmp(a->host, b->host) == 0 &&
		(bare ||
			(a->auth == b->auth &&
				(a->auth == MAILCFG_AUTH_NONE ||
					strcmp(x, y) == 0)));
}

/* Where the source says the offer; NULL: it does not. */
static const char *
place_in(const struct mc_published_source *s, const struct mailcfg_offer *offer)
{
	for (size_t i = 0; i < s->n; i++)
		if (agrees(&s->offers[i], offer, s->bare))
			return s->places == NULL ? s->place : s->places[i];
	return NULL;
}

/* Who says the offer first, as the choice was made. */
static void
tell_origin(struct found *f, const struct mailcfg_offer *offer)
{
	struct mc_arena *arena = &f->d->arena;
	const char *url = discover_url(arena, offer), *place = NULL;
	const struct mc_published_source *s = NULL;

	for (int unproved = 0; unproved < 2 && place == NULL; unproved++)
		for (size_t i = 0; i < f->c.p.n_sources && place == NULL; i++) {
			s = &f->c.p.sources[i];
			if (chosen_is_published(s) &&
				s->unproved == (unproved == 1))
				place = place_in(s, offer);
		}
	if (url == NULL)
		return;
	if (place != NULL)
		discover_comment(&f->out, "%s: %s %s", url, s->kind, place);
	else if (f->c.hosted)
		discover_comment(
			&f->out, "%s: preset %s", url, f->c.p.host->id);
}

/* What a place says that did not become part of the preset. */
static void
tell_differences(struct found *f, const struct mc_published_source *s)
{
	struct mc_arena *arena = &f->d->arena;
	const struct mc_offers *chosen = &f->c.offers;

	for (size_t i = 0; i < s->n; i++) {
		const struct mailcfg_offer *o = &s->offers[i];
		const char *url = discover_url(arena, o);
		bool same = false;

		/* nor cleartext, which was left out with a word */
		for (size_t k = 0; k < chosen->n; k++)
			same = same || agrees(&chosen->list[k], o, s->bare) ||
				(o->tls == MAILCFG_TLS_NONE &&
					chosen->list[k].protocol ==
						o->protocol);
		if (same || url == NULL)
			continue;
		discover_comment(&f->out, "elsewhere: %s%s%s%s%s, by %s %s",
			url, s->bare ? "" : ", auth ",
			s->bare ? "" : mc_auth_word(o->auth),
			s->bare || o->login == NULL ? "" : ", login ",
			s->bare || o->login == NULL ? "" : o->login, s->kind,
			s->places == NULL ? s->place : s->places[i]);
	}
	for (size_t i = 0; i < chosen->n; i++) {
		const struct mailcfg_offer *o = &chosen->list[i];
		unsigned bit = mc_published_bit(o->protocol, o->tls);
		const char *url = discover_url(arena, o);

		if ((s->refused & bit) != 0 && url != NULL)
			discover_comment(&f->out,
				"elsewhere: %s does not offer the like of %s",
				s->kind, url);
	}
	for (size_t i = 0; i < s->n_notes; i++)
		discover_comment(&f->out, "%s: %s", s->kind, s->notes[i]);
}

/* What nobody vouches for, and what was not said. */
static void
tell_doubts(struct found *f)
{
	bool bare = false;

	for (size_t i = 0; i < f->c.offers.n; i++)
		for (size_t k = 0; k < f->c.p.n_sources; k++) {
			const struct mc_published_source
				*s = &f->c.p.sources[k];

			if (!chosen_is_published(s) ||
				place_in(s, &f->c.offers.list[i]) == NULL)
				continue;
			bare = bare || s->bare;
			break;
		}
	if (f->c.hosted)
		discover_comment(&f->out,
			"it publishes nothing; its mail goes to %s, so the "
			"servers of preset %s are taken",
			f->c.p.mx[0], f->c.p.host->id);
	if (bare)
		discover_comment(&f->out,
			"SRV records say neither login nor authentication: "
			"the address and a password are taken");
	if (f->c.unproved)
		discover_comment(&f->out,
			"DNS alone names servers below, and anybody on the "
			"way can change that: compare them with what the "
			"provider says");
}

/* Where nothing was found, and what stood in the way elsewhere. */
static void
tell_failures(struct found *f)
{
	struct mc_arena *arena = &f->d->arena;
	const char *absent = NULL;

	for (size_t i = 0; i < f->c.p.n_sources; i++) {
		const struct mc_published_source *s = &f->c.p.sources[i];

		if (s->fate == MC_PUBLISHED_ABSENT)
			absent = mc_arena_printf(arena, "%s%s%s %s",
				absent == NULL ? "" : absent,
				absent == NULL ? "" : ", ", s->kind, s->place);
		else if (s->fate != MC_PUBLISHED_FOUND)
			discover_comment(&f->out, "not used: %s %s: %s",
				s->kind, s->place, s->why);
	}
	if (absent != NULL)
		discover_comment(&f->out, "not there: %s", absent);
}

/* What gen would miss. */
static void
tell_missing(struct found *f)
{
	bool has[MAILCFG_PROTOCOLS] = {false};

	for (size_t i = 0; i < f->c.offers.n; i++)
		has[f->c.offers.list[i].protocol] = true;
	if (!has[MAILCFG_IMAP] && !has[MAILCFG_POP3])
		discover_comment(&f->out,
			"no server for incoming mail is published: add one");
	if (!has[MAILCFG_SUBMISSION])
		discover_comment(&f->out,
			"no server for submission is published: add one");
}

static void
describe(struct found *f)
{

	discover_comment(&f->out, "what %s publishes", f->c.domain);
	for (size_t i = 0; i < f->c.offers.n; i++)
		tell_origin(f, &f->c.offers.list[i]);
	tell_missing(f);
	tell_doubts(f);
	for (size_t i = 0; i < f->c.offers.n_notes; i++)
		discover_comment(&f->out, "%s", f->c.offers.notes[i]);
	for (size_t i = 0; i < f->c.p.n_sources; i++)
		if (f->c.p.sources[i].fate == MC_PUBLISHED_FOUND)
			tell_differences(f, &f->c.p.sources[i]);
	tell_failures(f);
	if (f->c.p.n_mx > 0 && !f->c.hosted)
		discover_comment(&f->out, "mail for it goes to %s%s%s",
			f->c.p.mx[0], f->c.p.host == NULL ? "" : ", of preset ",
			f->c.p.host == NULL ? "" : f->c.p.host->id);
}

/* Services that are decidedly not there, as URLs call them. */
static cJSON *
refused_json(unsigned refused)
{
	static const char *const schemes[2][MAILCFG_PROTOCOLS] = {
		{"imaps", "pop3s", "smtps"}, {"imap", "pop3", "smtp"}};
	cJSON *list = cJSON_CreateArray();

	for (int starttls = 0; starttls < 2; starttls++)
		for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
			if ((refused &
				    (starttls == 1 ? MC_PUBLISHED_STARTTLS << i
						   : 1u << i)) != 0)
				(void)cJSON_AddItemToArray(list,
					cJSON_CreateString(
						schemes[starttls][i]));
	return list;
}

static cJSON *
source_json(const struct mc_published_source *s)
{
	cJSON *object = cJSON_CreateObject(), *servers, *notes;

	json_text(object, "kind", s->kind);
	json_text(object, "place", s->place);
	json_text(object, "fate", mc_published_word(s->fate));
	json_text(object, "why", s->why);
	(void)cJSON_AddBoolToObject(object, "proved", !s->unproved);
	servers = cJSON_AddArrayToObject(object, "servers");
	for (size_t i = 0; i < s->n; i++) {
		cJSON *server = offer_json(&s->offers[i]);

		if (s->bare)
			cJSON_DeleteItemFromObject(server, "auth");
		json_text(server, "place",
			s->places == NULL ? s->place : s->places[i]);
		(void)cJSON_AddItemToArray(servers, server);
	}
	(void)cJSON_AddItemToObject(
		object, "refused", refused_json(s->refused));
	notes = cJSON_AddArrayToObject(object, "notes");
	for (size_t i = 0; i < s->n_notes; i++)
		(void)cJSON_AddItemToArray(
			notes, cJSON_CreateString(s->notes[i]));
	return object;
}

static void
describe_json(struct found *f)
{
	cJSON *sources, *mx;

	f->out.json = cJSON_CreateObject();
	json_text(f->out.json, "domain", f->c.domain);
	sources = cJSON_AddArrayToObject(f->out.json, "sources");
	for (size_t i = 0; i < f->c.p.n_sources; i++)
		(void)cJSON_AddItemToArray(
			sources, source_json(&f->c.p.sources[i]));
	mx = cJSON_AddArrayToObject(f->out.json, "mx");
	for (size_t i = 0; i < f->c.p.n_mx; i++)
		(void)cJSON_AddItemToArray(
			mx, cJSON_CreateString(f->c.p.mx[i]));
	if (f->c.p.host != NULL)
		json_text(f->out.json, "mail-preset", f->c.p.host->id);
	json_text(f->out.json, "caldav",
		chosen_dav_url(&f->d->arena, &f->c.p.caldav));
	json_text(f->out.json, "carddav",
		chosen_dav_url(&f->d->arena, &f->c.p.carddav));
}

/* There is nothing: what stood in the way, as far as it is not that. */
static void
say_nothing(struct found *f)
{
	struct mc_buf why = {0};
	bool known = false;

	for (size_t i = 0; i < f->c.p.n_sources; i++) {
		const struct mc_published_source *s = &f->c.p.sources[i];

		if (strcmp(s->kind, "preset") == 0)
			known = true;
		else if (s->fate > MC_PUBLISHED_ABSENT &&
			s->why != f->c.p.unknown)
			mc_buf_printf(
				&why, "; %s %s: %s", s->kind, s->place, s->why);
	}
	if (known)
		mc_buf_printf(&why,
			"; mailcfg providers %s prints what is known of it",
			f->c.domain);
	if (why.failed)
		f->d->arena.failed = true;
	else if (f->c.p.unknown != NULL)
		mc_say(f->d->report, MC_MSG_NAME_SERVICE, NULL, NULL, NULL,
			"%s: %s%s; try again later", f->c.domain,
			f->c.p.unknown, why.len > 0 ? why.data : "");
	else
		mc_say(f->d->report, MC_MSG_NOT_PUBLISHED, NULL, NULL, NULL,
			"%s%s", f->c.domain,
			why.len > 0 ? why.data
				    : ": no SRV record, and no document");
	mc_buf_free(&why);
}

static void
show(struct found *f)
{
	f->out.arena = f->c.arena = &f->d->arena;
	f->c.report = f->d->report;
	chosen_choose(&f->c);
	if (f->c.offers.n > 0)
		f->out.preset = chosen_preset(&f->c);
	if (f->d->arena.failed)
		return;
	if (f->d->json)
		describe_json(f);
	else if (f->out.preset != NULL)
		describe(f);
	if (f->out.preset == NULL)
		say_nothing(f);
	else if (f->c.unproved)
		mc_say(f->d->report, MC_MSG_UNPROVED, NULL, NULL, NULL,
			"%s: DNS alone names servers: compare them with what "
			"the provider says",
			f->c.domain);
	stop_install();
	discover_put(f->d, &f->out, f->c.domain);
}

void
discover_domain(struct discover *d, const char *domain)
{
	struct mailcfg *context = presets_open(d->program, d->providers);
	struct found f = {.d = d, .c.domain = domain};
	struct mc_published_query query = {.domain = domain,
		.servers = d->servers,
		.ca_file = d->ca_file,
		.web = d->web};
	bool bad = false;

	if (context == NULL)
		return;
	query.presets = &context->presets;
	if (!guard_net())
		d->arena.failed = true;
	else if (mc_published_find(&d->arena, &query, &f.c.p, &bad) &&
		!guard_failed())
		show(&f);
	if (guard_failed())
		d->arena.failed = true;
	if (bad) {
		d->program->complain.usage = true;
		complain_usage(d->program,
			"--dns-server: ADDRESS or ADDRESS:PORT is wanted, "
			"IPv6 in brackets");
	}
	guard_net_end();
	mailcfg_free(context);
}
