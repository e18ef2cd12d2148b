/* SPDX-License-Identifier: ISC */
/* --dry-run: every value of an account, and where it comes from. */
#include <string.h>

#include "gen.h"
#include "spelling.h"

static const char *
server_value(struct mc_arena *arena, const struct mailcfg_server *s,
	enum mc_part part)
{
	if (s->host == NULL)
		return NULL;
	switch (part) {
	case MC_PART_HOST: return s->host;
	case MC_PART_PORT: return mc_arena_printf(arena, "%u", s->port);
	case MC_PART_TLS: return mc_tls_word(s->tls);
	case MC_PART_LOGIN: return s->login;
	case MC_PART_AUTH: return mc_auth_word(s->auth);
	case MC_PART_PASSWORD: return s->password == NULL ? NULL : "***";
	case MC_PART_URL:
	case MC_PARTS: break;
	}
	return NULL;
}

static const char *
dav_value(struct mc_arena *arena, const struct mailcfg_dav *dav)
{
	if (dav->host == NULL)
		return NULL;
	return mc_arena_printf(arena, "https://%s:%u%s", dav->host, dav->port,
		dav->path == NULL ? "" : dav->path);
}

static const char *
aliases_value(struct mc_arena *arena, const struct mailcfg_account *a)
{
	const char *all = NULL;

	for (size_t i = 0; i < a->n_aliases; i++)
		all = all == NULL
			? a->aliases[i]
			: mc_arena_printf(arena, "%s, %s", all, a->aliases[i]);
	return all;
}

/* What the field of the completed account says; NULL: it is not set. */
static const char *
value_of(struct mc_arena *arena, const struct mailcfg_account *a, size_t id)
{
	if (id >= MC_FIELDS)
		return mc_account_of(a)->extra[id - MC_FIELDS];
	if (id >= MC_IMAP && id <= MC_SMTP_PASSWORD)
		return server_value(arena,
			&a->server[(id - MC_IMAP) / MC_PARTS],
			(enum mc_part)((id - MC_IMAP) % MC_PARTS));
	switch ((enum mc_field_id)id) {
	case MC_ADDRESS: return a->mailbox_display;
	case MC_NAME: return a->name;
	case MC_GIVEN_NAME: return a->given_name;
	case MC_FAMILY_NAME: return a->family_name;
	case MC_ORGANIZATION: return a->organization;
	case MC_SUPPORT: return a->support;
	case MC_LANG: return a->lang;
	case MC_ALIASES: return aliases_value(arena, a);
	case MC_PERSON: return a->person;
	case MC_PROVIDER: return a->provider == NULL ? NULL : a->provider->id;
	case MC_DELIVER_TO: return a->deliver_to;
	case MC_PROTOCOL: return a->incoming == MAILCFG_IMAP ? "imap" : "pop3";
	case MC_CALDAV: return dav_value(arena, &a->caldav);
	case MC_CARDDAV: return dav_value(arena, &a->carddav);
	case MC_IMAP_PREFIX: return a->imap_prefix;
	default: return NULL;
	}
}

/* "FILE:LINE"; options, operands and built-in presets have no lines. */
static const char *
origin_of(struct mc_arena *arena, const struct mailcfg_account *a, size_t id)
{
	const struct mailcfg_pos *pos = mc_origin(a, (enum mc_field_id)id);
	const char *file;

	if (mc_account_of(a)->origin[id].file == NULL) {
		/* nobody gave it: found by the domain, or as it is by itself */
		if (id != MC_PROVIDER)
			return "default";
		pos = &a->provider->pos;
	}
	file = shown(arena, pos->file);

	if (file == NULL || pos->line == 0 || strncmp(file, "--", 2) == 0 ||
		strncmp(file, "operand ", 8) == 0)
		return file;
	return mc_arena_printf(arena, "%s:%u", file, pos->line);
}

void
origin_write(struct gen *g, const struct mailcfg_account *a)
{
	struct table table = {.columns = 3};
	const char *value;

	for (size_t i = 0; i < mc_field_count(); i++) {
		value = value_of(&g->work, a, i);
		if (value == NULL)
			continue;
		table_add(&table, mc_field_at(i)->name);
		table_add(&table, value);
		table_add(&table, origin_of(&g->work, a, i));
	}
	table_write(&table, &g->origins);
	table_free(&table);
	if (g->work.failed || g->origins.failed) {
		complain_memory(g->program);
		g->stop = true;
	}
}
