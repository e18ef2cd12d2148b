/* SPDX-License-Identifier: ISC */
/*
 * A preset made of what a domain publishes.  For each protocol the first place
 * counts that offers it; what the others say is told.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "context.h"

#include "date.h"
#include "discover.h"
#include "guard.h"
#include "net/published.h"
#include "spelling.h"

struct found {
	struct discover *d;
	const char *domain;
	struct mc_published p;
	struct mc_offers chosen;
	struct finding out;
	bool unproved; /* a place that nobody vouches for was chosen */
	bool hosted;   /* the preset of who takes the mail was */
};

/* What is published, and not what is known here. */
static bool
is_published(const struct mc_published_source *s)
{
	return s->fate == MC_PUBLISHED_FOUND && strcmp(s->kind, "preset") != 0;
}

static void
choose_from(struct found *f, const struct mailcfg_offer *offers, size_t n,
	enum mailcfg_protocol protocol)
{
	for (size_t i = 0; i < n; i++)
		if (offers[i].protocol == protocol)
			mc_offers_add(&f->chosen, &offers[i], 0);
}

/* The first place that offers the protocol. */
static void
choose_protocol(struct found *f, enum mailcfg_protocol protocol)
{
	size_t before = f->chosen.n;

	/* those that vouch for themselves first */
	for (int unproved = 0; unproved < 2; unproved++)
		for (size_t i = 0; i < f->p.n_sources; i++) {
			const struct mc_published_source *s = &f->p.sources[i];

			if (!is_published(s) || s->unproved != (unproved == 1))
				continue;
			choose_from(f, s->offers, s->n, protocol);
			if (f->chosen.n == before)
				continue;
			f->unproved = f->unproved || s->unproved;
			return;
		}
}

static void
choose(struct found *f)
{
	const struct mailcfg_provider *host = f->p.host;

	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		choose_protocol(f, (enum mailcfg_protocol)i);
	if (f->chosen.n > 0 || host == NULL)
		return;
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		choose_from(f, host->offers, host->n_offers,
			(enum mailcfg_protocol)i);
	f->hosted = f->unproved = f->chosen.n > 0;
}

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
		for (size_t i = 0; i < f->p.n_sources && place == NULL; i++) {
			s = &f->p.sources[i];
			if (is_published(s) && s->unproved == (unproved == 1))
				place = place_in(s, offer);
		}
	if (url == NULL)
		return;
	if (place != NULL)
		discover_comment(&f->out, "%s: %s %s", url, s->kind, place);
	else if (f->hosted)
		discover_comment(&f->out, "%s: preset %s", url, f->p.host->id);
}

/* What a place says that did not become part of the preset. */
static void
tell_differences(struct found *f, const struct mc_published_source *s)
{
	struct mc_arena *arena = &f->d->arena;
	const struct mc_offers *chosen = &f->chosen;

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
		unsigned bit = (o->tls == MAILCFG_TLS_STARTTLS
					       ? MC_PUBLISHED_STARTTLS
					       : 1u)
			<< o->protocol;
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

	for (size_t i = 0; i < f->chosen.n; i++)
		for (size_t k = 0; k < f->p.n_sources; k++) {
			const struct mc_published_source *s = &f->p.sources[k];

			if (!is_published(s) ||
				place_in(s, &f->chosen.list[i]) == NULL)
				continue;
			bare = bare || s->bare;
			break;
		}
	if (f->hosted)
		discover_comment(&f->out,
			"it publishes nothing; its mail goes to %s, so the "
			"servers of preset %s are taken",
			f->p.mx[0], f->p.host->id);
	if (bare)
		discover_comment(&f->out,
			"SRV records say neither login nor authentication: "
			"the address and a password are taken");
	if (f->unproved)
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

	for (size_t i = 0; i < f->p.n_sources; i++) {
		const struct mc_published_source *s = &f->p.sources[i];

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

	for (size_t i = 0; i < f->chosen.n; i++)
		has[f->chosen.list[i].protocol] = true;
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

	discover_comment(&f->out, "what %s publishes", f->domain);
	for (size_t i = 0; i < f->chosen.n; i++)
		tell_origin(f, &f->chosen.list[i]);
	tell_missing(f);
	tell_doubts(f);
	for (size_t i = 0; i < f->chosen.n_notes; i++)
		discover_comment(&f->out, "%s", f->chosen.notes[i]);
	for (size_t i = 0; i < f->p.n_sources; i++)
		if (f->p.sources[i].fate == MC_PUBLISHED_FOUND)
			tell_differences(f, &f->p.sources[i]);
	tell_failures(f);
	if (f->p.n_mx > 0 && !f->hosted)
		discover_comment(&f->out, "mail for it goes to %s%s%s",
			f->p.mx[0], f->p.host == NULL ? "" : ", of preset ",
			f->p.host == NULL ? "" : f->p.host->id);
}

/* NULL: there is none. */
static const char *
dav_url(struct mc_arena *arena, const struct mailcfg_dav *dav)
{
	const char *path = dav->path == NULL ? "" : dav->path;

	if (dav->host == NULL)
		return NULL;
	if (dav->port == 443)
		return mc_arena_printf(arena, "https://%s%s", dav->host, path);
	return mc_arena_printf(
		arena, "https://%s:%u%s", dav->host, dav->port, path);
}

/* A default field of the preset's: where calendars or contacts are. */
static void
set_dav(struct found *f, struct mc_draft *draft, enum mc_field_id id,
	const struct mailcfg_dav *dav)
{
	const struct mailcfg_pos pos = {f->domain, 0, 0};
	const char *url = dav_url(draft->arena, dav);

	if (url != NULL)
		(void)mc_draft_set(draft, (size_t)id, url, strlen(url),
			MC_TYPE_STRING, &pos, false, f->d->report);
}

/* The day of the run; SOURCE_DATE_EPOCH counts instead.  NULL: it is odd. */
static const char *
today(struct mc_arena *arena)
{
	const char *fixed = getenv("SOURCE_DATE_EPOCH");
	long long seconds = (long long)time(NULL);
	char text[MC_DATE_SIZE], *end;

	if (fixed != NULL && *fixed >= '0' && *fixed <= '9') {
		errno = 0;
		seconds = strtoll(fixed, &end, 10);
		if (errno != 0 || *end != '\0')
			return NULL;
	}
	if (seconds < 0 || seconds > 4000000000)
		return NULL;
	mc_date_print(seconds, text);
	return mc_arena_strndup(arena, text, 10);
}

static void
make_preset(struct found *f)
{
	struct mc_arena *arena = &f->d->arena;
	struct mc_draft *draft = mc_arena_alloc(arena, sizeof(*draft));
	const char *id = mc_offers_id(arena, f->domain);
	struct mc_preset *preset;

	/* only this one, whoever else is said to be served */
	mc_offers_domain(&f->chosen, f->domain);
	if (f->p.name != NULL)
		mc_offers_name(&f->chosen, f->p.name);
	preset = mc_offers_preset(&f->chosen, id == NULL ? "discovered" : id);
	if (preset == NULL || draft == NULL)
		return;
	draft->arena = arena;
	set_dav(f, draft, MC_CALDAV, &f->p.caldav);
	set_dav(f, draft, MC_CARDDAV, &f->p.carddav);
	preset->fields = draft;
	if (id == NULL)
		preset->p.name = f->domain;
	preset->p.checked = today(arena);
	f->out.preset = preset;
}

static const char *
published_word(enum mc_published_fate fate)
{
	switch (fate) {
	case MC_PUBLISHED_FOUND: return "found";
	case MC_PUBLISHED_ABSENT: return "absent";
	case MC_PUBLISHED_UNUSABLE: return "unusable";
	case MC_PUBLISHED_FAILED: return "failed";
	}
	return NULL;
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
	json_text(object, "fate", published_word(s->fate));
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
	json_text(f->out.json, "domain", f->domain);
	sources = cJSON_AddArrayToObject(f->out.json, "sources");
	for (size_t i = 0; i < f->p.n_sources; i++)
		(void)cJSON_AddItemToArray(
			sources, source_json(&f->p.sources[i]));
	mx = cJSON_AddArrayToObject(f->out.json, "mx");
	for (size_t i = 0; i < f->p.n_mx; i++)
		(void)cJSON_AddItemToArray(mx, cJSON_CreateString(f->p.mx[i]));
	if (f->p.host != NULL)
		json_text(f->out.json, "mail-preset", f->p.host->id);
	json_text(f->out.json, "caldav", dav_url(&f->d->arena, &f->p.caldav));
	json_text(f->out.json, "carddav", dav_url(&f->d->arena, &f->p.carddav));
}

/* There is nothing: what stood in the way, as far as it is not that. */
static void
say_nothing(struct found *f)
{
	struct mc_buf why = {0};
	bool known = false;

	for (size_t i = 0; i < f->p.n_sources; i++) {
		const struct mc_published_source *s = &f->p.sources[i];

		if (strcmp(s->kind, "preset") == 0)
			known = true;
		else if (s->fate > MC_PUBLISHED_ABSENT)
			mc_buf_printf(
				&why, "; %s %s: %s", s->kind, s->place, s->why);
	}
	if (known)
		mc_buf_printf(&why,
			"; mailcfg providers %s prints what is known of it",
			f->domain);
	if (why.failed)
		f->d->arena.failed = true;
	else
		mc_say(f->d->report, MC_MSG_NOT_PUBLISHED, NULL, NULL, NULL,
			"%s%s", f->domain,
			why.len > 0 ? why.data
				    : ": no SRV record, and no document");
	mc_buf_free(&why);
}

static void
show(struct found *f)
{
	f->out.arena = f->chosen.arena = &f->d->arena;
	f->chosen.report = f->d->report;
	choose(f);
	if (f->chosen.n > 0)
		make_preset(f);
	if (f->d->arena.failed)
		return;
	if (f->d->json)
		describe_json(f);
	else if (f->out.preset != NULL)
		describe(f);
	if (f->out.preset == NULL)
		say_nothing(f);
	else if (f->unproved)
		mc_say(f->d->report, MC_MSG_UNPROVED, NULL, NULL, NULL,
			"%s: DNS alone names servers: compare them with what "
			"the provider says",
			f->domain);
	stop_install();
	discover_put(f->d, &f->out, f->domain);
}

void
discover_domain(struct discover *d, const char *domain)
{
	struct mailcfg *context = presets_open(d->program, d->providers);
	struct found f = {.d = d, .domain = domain};
	struct mc_published_query query = {.domain = domain,
		.servers = d->servers,
		.ca_file = d->ca_file,
		.web = d->web};
	bool bad = false;

	if (context == NULL)
		return;
	query.presets = &context->presets;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		d->arena.failed = true;
	else if (mc_published_find(&d->arena, &query, &f.p, &bad))
		show(&f);
	if (bad) {
		d->program->complain.usage = true;
		complain_usage(d->program,
			"--dns-server: ADDRESS or ADDRESS:PORT is wanted, "
			"IPv6 in brackets");
	}
	curl_global_cleanup();
	mailcfg_free(context);
}
