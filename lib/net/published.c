/* SPDX-License-Identifier: ISC */
#include "published.h"

#include <string.h>

#include "../host.h"
#include "../provider.h"
#include "../text.h"
#include "published_parts.h"

/* RFC 6186 and RFC 8314. */
static const struct {
	const char *label;
	enum mailcfg_protocol protocol;
	enum mailcfg_tls tls;
} labels[] = {
	{"_imaps._tcp", MAILCFG_IMAP, MAILCFG_TLS_IMPLICIT},
	{"_imap._tcp", MAILCFG_IMAP, MAILCFG_TLS_STARTTLS},
	{"_pop3s._tcp", MAILCFG_POP3, MAILCFG_TLS_IMPLICIT},
	{"_pop3._tcp", MAILCFG_POP3, MAILCFG_TLS_STARTTLS},
	{"_submissions._tcp", MAILCFG_SUBMISSION, MAILCFG_TLS_IMPLICIT},
	{"_submission._tcp", MAILCFG_SUBMISSION, MAILCFG_TLS_STARTTLS},
};
enum { LABELS = sizeof(labels) / sizeof(labels[0]) };

/* The questions that are asked at once: the labels come first. */
enum {
	ASK_CALDAV = LABELS,
	ASK_CALDAV_PATH,
	ASK_CARDDAV,
	ASK_CARDDAV_PATH,
	ASK_MX,
	QUESTIONS
};

static const struct {
	const char *label; /* NULL: the domain itself */
	enum mc_dns_type type;
} others[] = {
	[ASK_CALDAV - LABELS] = {"_caldavs._tcp", MC_DNS_SRV},
	[ASK_CALDAV_PATH - LABELS] = {"_caldavs._tcp", MC_DNS_TXT},
	[ASK_CARDDAV - LABELS] = {"_carddavs._tcp", MC_DNS_SRV},
	[ASK_CARDDAV_PATH - LABELS] = {"_carddavs._tcp", MC_DNS_TXT},
	[ASK_MX - LABELS] = {NULL, MC_DNS_MX},
};

const char *
mc_published_word(enum mc_published_fate fate)
{
	switch (fate) {
	case MC_PUBLISHED_FOUND: return "found";
	case MC_PUBLISHED_ABSENT: return "absent";
	case MC_PUBLISHED_UNUSABLE: return "unusable";
	case MC_PUBLISHED_FAILED: return "failed";
	}
	return NULL;
}

void
mc_published_heed(struct mc_publishing *p, const struct mc_dns_question *q)
{
	if (q->fate == MC_DNS_FAILED && p->out->unknown == NULL)
		p->out->unknown = q->why;
}

struct mc_published_source *
mc_published_add(struct mc_publishing *p, const char *kind, const char *place)
{
	struct mc_published_source *source;

	if (p->out->n_sources == MC_PUBLISHED_SOURCES)
		return NULL;
	source = &p->sources[p->out->n_sources++];
	source->kind = kind;
	source->place = place;
	return source;
}

void
mc_published_take(struct mc_publishing *p, struct mc_published_source *source,
	const struct mc_offers *offers)
{
	const char **places = mc_arena_alloc(
		p->arena, (offers->n + 1) * sizeof(*places));

	for (size_t i = 0; places != NULL && i < offers->n; i++)
		places[i] = offers->lines[i] == 0
			? source->place
			: mc_arena_printf(p->arena, "%s, line %u",
				  source->place, offers->lines[i]);
	source->offers = offers->list;
	source->places = places;
	source->n = offers->n;
	source->notes = offers->notes;
	source->n_notes = offers->n_notes;
	if (p->out->name == NULL && !source->unproved)
		p->out->name = offers->name;
}

static const char *
name_of(struct mc_publishing *p, size_t i)
{
	const char *label = i < LABELS ? labels[i].label
				       : others[i - LABELS].label;

	if (label == NULL)
		return p->query->domain;
	return mc_arena_printf(p->arena, "%s.%s", label, p->query->domain);
}

static bool
ask(struct mc_publishing *p, struct mc_dns_question *questions)
{
	for (size_t i = 0; i < QUESTIONS; i++) {
		questions[i].name = name_of(p, i);
		questions[i].type = i < LABELS ? MC_DNS_SRV
					       : others[i - LABELS].type;
		if (questions[i].name == NULL)
			return false;
	}
	if (!mc_dns_ask(p->dns, p->arena, questions, QUESTIONS))
		return false;
	p->deaf = true;
	for (size_t i = 0; i < QUESTIONS; i++)
		p->deaf = p->deaf && questions[i].fate == MC_DNS_FAILED;
	return true;
}

/* The records of one label; which of them they were goes into `whose`. */
static void
take_label(struct mc_offers *o, struct mc_published_source *source,
	const struct mc_dns_question *q, size_t label, size_t *whose)
{
	for (size_t i = 0; i < q->n; i++) {
		const struct mailcfg_offer offer = {
			.protocol = labels[label].protocol,
			.tls = labels[label].tls,
			.port = q->records[i].port,
			.host = q->records[i].host,
		};
		size_t before = o->n;

		if (offer.host != NULL)
			mc_offers_add(o, &offer, 0);
		else if (q->n == 1)
			source->refused |= mc_published_bit(
				offer.protocol, offer.tls);
		if (o->n > before)
			whose[before] = label;
	}
	if (q->fate == MC_DNS_FAILED)
		mc_offers_note(o, 0, "%s: %s", q->name, q->why);
	if (q->dropped > 0)
		mc_offers_note(o, 0, "%s: %zu record%s cannot be used", q->name,
			q->dropped, q->dropped == 1 ? "" : "s");
}

/* One source of all labels. */
static void
take_srv(struct mc_publishing *p, const struct mc_dns_question *questions)
{
	struct mc_published_source *source = mc_published_add(
		p, "srv", p->query->domain);
	struct mc_offers o = {.arena = p->arena};
	size_t whose[MC_OFFERS] = {0};
	const char **places;

	if (source == NULL)
		return;
	source->bare = source->unproved = true;
	source->fate = MC_PUBLISHED_ABSENT;
	source->why = "there are no such records";
	for (size_t i = 0; i < LABELS; i++) {
		const struct mc_dns_question *q = &questions[i];

		if (q->fate == MC_DNS_FOUND && q->n + q->dropped > 0)
			source->fate = MC_PUBLISHED_FOUND;
		else if (q->fate == MC_DNS_FAILED &&
			source->fate == MC_PUBLISHED_ABSENT) {
			source->fate = MC_PUBLISHED_FAILED;
			source->why = q->why;
		}
		mc_published_heed(p, q);
		take_label(&o, source, q, i, whose);
	}
	if (source->fate == MC_PUBLISHED_FOUND && o.n == 0 &&
		source->refused == 0) {
		source->fate = MC_PUBLISHED_UNUSABLE;
		source->why = "no record can be used";
	}
	if (source->fate == MC_PUBLISHED_FOUND)
		source->why = NULL;
	places = mc_arena_alloc(p->arena, (o.n + 1) * sizeof(*places));
	for (size_t i = 0; places != NULL && i < o.n; i++)
		places[i] = questions[whose[i]].name;
	mc_published_take(p, source, &o);
	source->places = places;
}

/* The path that a record "path=/..." names; NULL: none that a URL can hold. */
static const char *
path_of(struct mc_arena *arena, const struct mc_dns_question *txt)
{
	for (size_t i = 0; i < txt->n; i++) {
		const char *text = txt->records[i].text;

		if (strncmp(text, "path=/", 6) == 0 && mc_is_ascii(text) &&
			strpbrk(text, " \"#<>?\\^`{|}") == NULL)
			/* the root is what is taken without a path */
			return text[6] == '\0'
				? NULL
				: mc_arena_strdup(arena, text + 5);
	}
	return NULL;
}

/* https://host:port/path by SRV and, for the path, TXT (RFC 6764). */
static void
take_dav(struct mc_publishing *p, enum mc_published_service service,
	const struct mc_dns_question *srv, const struct mc_dns_question *txt,
	struct mailcfg_dav *first)
{
	struct mc_published_source *source;
	struct mailcfg_dav *list;
	const char *path;

	if (srv->fate != MC_DNS_FOUND || srv->n == 0)
		return;
	source = mc_published_add(p, "srv", srv->name);
	list = mc_arena_alloc(p->arena, srv->n * sizeof(*list));
	if (source == NULL || list == NULL)
		return;
	source->service = service;
	source->bare = source->unproved = true;
	path = path_of(p->arena, txt);
	for (size_t i = 0; i < srv->n; i++) {
		const struct mc_dns_record *r = &srv->records[i];

		if (r->host != NULL)
			list[source->n_dav++] = (struct mailcfg_dav){
				.host = r->host, .port = r->port, .path = path};
	}
	source->dav = list;
	if (source->n_dav > 0)
		*first = list[0];
}

/* The preset of the nearest domain above the host; NULL: none. */
static const struct mailcfg_provider *
host_preset(const struct mc_publishing *p, const char *host)
{
	const struct mc_presets *presets = p->query->presets;

	for (; presets != NULL && strchr(host, '.') != NULL;
		host = strchr(host, '.') + 1) {
		const struct mailcfg_provider *preset = mc_provider_by_domain(
			presets, host);

		for (size_t i = 0; preset != NULL && preset->domains[i] != NULL;
			i++)
			if (strcmp(preset->domains[i], host) == 0)
				return preset;
	}
	return NULL;
}

static void
take_mx(struct mc_publishing *p, const struct mc_dns_question *mx)
{
	const char **hosts = mc_arena_alloc(
		p->arena, (mx->n + 1) * sizeof(*hosts));

	if (hosts == NULL)
		return;
	for (size_t i = 0; i < mx->n; i++)
		if (mx->records[i].host != NULL)
			hosts[p->out->n_mx++] = mx->records[i].host;
	p->out->mx = hosts;
	if (p->out->n_mx > 0)
		p->out->host = host_preset(p, hosts[0]);
}

/* What is known here of the domain. */
static void
take_preset(struct mc_publishing *p)
{
	const struct mailcfg_provider *preset = host_preset(
		p, p->query->domain);
	struct mc_published_source *source;
	bool claims = false;

	for (size_t i = 0; preset != NULL && preset->domains[i] != NULL; i++)
		claims = claims ||
			strcmp(preset->domains[i], p->query->domain) == 0;
	if (!claims)
		return;
	source = mc_published_add(p, "preset",
		mc_arena_printf(
			p->arena, "%s (%s)", preset->id, preset->pos.file));
	if (source == NULL)
		return;
	source->offers = preset->offers;
	source->n = preset->n_offers;
}

static bool
find(struct mc_publishing *p)
{
	struct mc_dns_question questions[QUESTIONS] = {{.name = NULL}};

	p->out->sources = p->sources;
	p->mailbox = p->query->mailbox;
	if (p->mailbox == NULL)
		/* which every domain has, by RFC 5321, 4.5.1 */
		p->mailbox = mc_arena_printf(
			p->arena, "postmaster@%s", p->query->domain);
	if (p->mailbox == NULL || p->sources == NULL || !ask(p, questions) ||
		!mc_published_documents(p))
		return false;
	take_srv(p, questions);
	take_dav(p, MC_PUBLISHED_CALDAV, &questions[ASK_CALDAV],
		&questions[ASK_CALDAV_PATH], &p->out->caldav);
	take_dav(p, MC_PUBLISHED_CARDDAV, &questions[ASK_CARDDAV],
		&questions[ASK_CARDDAV_PATH], &p->out->carddav);
	take_mx(p, &questions[ASK_MX]);
	take_preset(p);
	return !p->arena->failed;
}

bool
mc_published_find(struct mc_arena *arena,
	const struct mc_published_query *query, struct mc_published *out,
	bool *bad)
{
	struct mc_publishing p = {.arena = arena, .query = query, .out = out};
	bool ok;

	*out = (struct mc_published){.sources = NULL};
	p.sources = mc_arena_alloc(
		arena, MC_PUBLISHED_SOURCES * sizeof(*p.sources));
	p.dns = mc_dns_open(query->servers, bad);
	if (p.dns == NULL)
		return false;
	mc_dns_stop_when(p.dns, query->stopped, query->context);
	ok = find(&p);
	mc_dns_close(p.dns);
	return ok;
}
