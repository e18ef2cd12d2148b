/* SPDX-License-Identifier: ISC */
#include "chosen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "date.h"
#include "provider.h"

bool
chosen_is_published(const struct mc_published_source *s)
{
	return s->fate == MC_PUBLISHED_FOUND && strcmp(s->kind, "preset") != 0;
}

static void
choose_from(struct chosen *c, const struct mailcfg_offer *offers, size_t n,
	enum mailcfg_protocol protocol)
{
	for (size_t i = 0; i < n; i++)
		if (offers[i].protocol == protocol)
			mc_offers_add(&c->offers, &offers[i], 0);
}

/* The first place that offers the protocol. */
static void
choose_protocol(struct chosen *c, enum mailcfg_protocol protocol)
{
	size_t before = c->offers.n;

	/* those that vouch for themselves first */
	for (int unproved = 0; unproved < 2; unproved++)
		for (size_t i = 0; i < c->p.n_sources; i++) {
			const struct mc_published_source *s = &c->p.sources[i];

			if (!chosen_is_published(s) ||
				s->unproved != (unproved == 1))
				continue;
			choose_from(c, s->offers, s->n, protocol);
			if (c->offers.n == before)
				continue;
			c->doubted[protocol] = s->unproved;
			c->unproved = c->unproved || s->unproved;
			return;
		}
}

void
chosen_choose(struct chosen *c)
{
	const struct mailcfg_provider *host = c->p.host;

	c->offers.arena = c->arena;
	c->offers.report = c->report;
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		choose_protocol(c, (enum mailcfg_protocol)i);
	if (c->offers.n == 0 && host != NULL) {
		for (int i = 0; i < MAILCFG_PROTOCOLS; i++) {
			choose_from(c, host->offers, host->n_offers,
				(enum mailcfg_protocol)i);
			c->doubted[i] = true;
		}
		c->hosted = c->unproved = c->offers.n > 0;
	}
	/* nobody but SRV records names these */
	if (c->offers.n > 0 &&
		(c->p.caldav.host != NULL || c->p.carddav.host != NULL))
		c->unproved = true;
}

const char *
chosen_dav_url(struct mc_arena *arena, const struct mailcfg_dav *dav)
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
set_dav(struct chosen *c, struct mc_draft *draft, enum mc_field_id id,
	const struct mailcfg_dav *dav)
{
	const struct mailcfg_pos pos = {c->domain, 0, 0};
	const char *url = chosen_dav_url(draft->arena, dav);

	if (url != NULL)
		(void)mc_draft_set(draft, (size_t)id, url, strlen(url),
			MC_TYPE_STRING, &pos, false, c->report);
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

struct mc_preset *
chosen_preset(struct chosen *c)
{
	struct mc_arena *arena = c->arena;
	struct mc_draft *draft = mc_arena_alloc(arena, sizeof(*draft));
	const char *id = mc_offers_id(arena, c->domain);
	struct mc_preset *preset;

	/* only this one, whoever else is said to be served */
	mc_offers_domain(&c->offers, c->domain);
	if (c->p.name != NULL)
		mc_offers_name(&c->offers, c->p.name);
	preset = mc_offers_preset(&c->offers, id == NULL ? "discovered" : id);
	if (preset == NULL || draft == NULL)
		return NULL;
	draft->arena = arena;
	set_dav(c, draft, MC_CALDAV, &c->p.caldav);
	set_dav(c, draft, MC_CARDDAV, &c->p.carddav);
	preset->fields = draft;
	if (id == NULL)
		preset->p.name = c->domain;
	preset->p.checked = today(arena);
	return preset;
}
