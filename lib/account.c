/* SPDX-License-Identifier: ISC */
/* Completion: presets, default ports, login rules, placeholders. */
#include "account.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dav.h"
#include "host.h"
#include "provider.h"
#include "text.h"
#include "url.h"
#include "uuid.h"

/* A completion under way. */
struct work {
	const struct mc_presets *presets;
	const struct mc_draft *layer[MC_LAYERS];
	struct mc_arena *arena;
	struct mc_report *report;
	struct mc_account *out;
	bool partial; /* a server that nobody knows is left out */
	bool offered; /* the incoming server is the preset's */
	bool bad;
};

const struct mailcfg_pos *
mc_origin(const struct mailcfg_account *a, enum mc_field_id id)
{
	const struct mailcfg_pos *pos = &mc_account_of(a)->origin[id];

	return pos->file == NULL ? &a->pos : pos;
}

const char *
mc_extra(const struct mailcfg_account *a, const char *name)
{
	int id = mc_field_find(name);

	return id < MC_FIELDS ? NULL : mc_account_of(a)->extra[id - MC_FIELDS];
}

static void __attribute__((format(printf, 4, 5))) refuse(struct work *w,
	enum mc_msg message, enum mc_field_id id, const char *format, ...)
{
	char detail[512];
	va_list args;

	w->bad = true;
	if (w->arena->failed)
		return;
	va_start(args, format);
	(void)vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	mc_say(w->report, message, mc_origin(&w->out->a, id),
		mc_field_at(id)->name, NULL, "%s", detail);
}

/* The value in the first of the layers [0, end) that has the field. */
static const struct mc_value *
find(const struct work *w, enum mc_field_id id, int end, int *layer)
{
	for (int i = 0; i < end; i++) {
		if (w->layer[i] != NULL &&
			w->layer[i]->value[id].text != NULL) {
			*layer = i;
			return &w->layer[i]->value[id];
		}
	}
	return NULL;
}

/* The same, and remembers where it came from. */
static const struct mc_value *
take_below(struct work *w, enum mc_field_id id, int end)
{
	int layer = 0;
	const struct mc_value *value = find(w, id, end, &layer);

	if (value == NULL)
		return NULL;
	w->out->origin[id] = value->pos;
	if (layer == MC_LAYER_OPTION)
		w->out->from_option |= 1ull << id;
	return value;
}

static const char *
take(struct work *w, enum mc_field_id id)
{
	const struct mc_value *value = take_below(w, id, MC_LAYERS);

	return value == NULL ? NULL : value->text;
}

static void
take_address(struct work *w)
{
	struct mailcfg_account *a = &w->out->a;
	const char *address = take(w, MC_ADDRESS), *sign;

	if (address == NULL) {
		w->bad = true;
		mc_say(w->report, MC_MSG_NO_ADDRESS, &a->pos, "address", NULL,
			"the field address is missing or empty");
		return;
	}
	sign = strrchr(address, '@');
	a->mailbox = address;
	a->local_part = mc_arena_strndup(
		w->arena, address, (size_t)(sign - address));
	a->domain = sign + 1;
	a->domain_display = mc_host_display(w->arena, a->domain);
	if (a->local_part == NULL || a->domain_display == NULL)
		return;
	a->mailbox_display = mc_arena_printf(
		w->arena, "%s@%s", a->local_part, a->domain_display);
	a->identity = mc_identity(w->arena, a->local_part, a->domain);
	if (a->identity != NULL)
		w->out->identifier = mc_identifier(w->arena, a->identity);
}

static void
take_provider(struct work *w)
{
	struct mailcfg_account *a = &w->out->a;
	const char *id = take(w, MC_PROVIDER), *near;

	if (id == NULL) {
		a->provider = mc_provider_by_domain(w->presets, a->domain);
	} else {
		a->provider = mc_provider_by_id(w->presets, id);
		if (a->provider == NULL) {
			near = mc_provider_nearest(w->presets, id);
			refuse(w, MC_MSG_UNKNOWN_PROVIDER, MC_PROVIDER,
				"\"%s\": %s%s", id,
				near == NULL ? "`mailcfg providers` lists them"
					     : "did you mean ",
				near == NULL ? "" : near);
		}
	}
	if (a->provider != NULL)
		w->layer[MC_LAYER_PRESET] = ((const struct mc_preset
							     *)(const void *)
						     a->provider)
						    ->fields;
}

/*
 * The protocol of which the first layer speaks that names a server to fetch
 * mail from; IMAP before POP3 in one layer.  false: none does.
 */
static bool
named_incoming(const struct work *w, enum mailcfg_protocol *protocol)
{
	for (int i = 0; i < MC_LAYER_PRESET; i++) {
		const struct mc_draft *d = w->layer[i];

		if (d == NULL)
			continue;
		if (d->value[MC_IMAP_HOST].text != NULL)
			*protocol = MAILCFG_IMAP;
		else if (d->value[MC_POP3_HOST].text != NULL)
			*protocol = MAILCFG_POP3;
		else
			continue;
		return true;
	}
	return false;
}

static const struct mailcfg_offer *
offer_of(
	const struct mailcfg_provider *provider, enum mailcfg_protocol protocol)
{
	for (size_t i = 0; provider != NULL && i < provider->n_offers; i++)
		if (provider->offers[i].protocol == protocol)
			return &provider->offers[i];
	return NULL;
}

/* How mail is fetched: as asked, as named, as the provider prefers. */
static void
choose_incoming(struct work *w)
{
	struct mailcfg_account *a = &w->out->a;
	const struct mc_value *asked = take_below(w, MC_PROTOCOL, MC_LAYERS);
	const struct mailcfg_provider *p = a->provider;

	if (asked != NULL) {
		a->incoming = (enum mailcfg_protocol)asked->number;
		return;
	}
	a->incoming = MAILCFG_IMAP;
	if (named_incoming(w, &a->incoming))
		return;
	for (size_t i = 0; p != NULL && i < p->n_offers; i++) {
		if (p->offers[i].protocol != MAILCFG_SUBMISSION) {
			a->incoming = p->offers[i].protocol;
			w->out->origin[MC_PROTOCOL] = p->pos;
			return;
		}
	}
}

/* Expands placeholders of a login or host. */
static const char *
expand(struct work *w, const char *text)
{
	const struct mailcfg_account *a = &w->out->a;

	return mc_expand(w->arena, text, a->mailbox, a->local_part, a->domain);
}

/* Port and TLS say something of a host: alone in a layer they say nothing. */
static void
check_parts(struct work *w, enum mailcfg_protocol protocol)
{
	for (int i = 0; i < MC_LAYERS; i++) {
		const struct mc_draft *d = w->layer[i];
		enum mc_field_id host = mc_server_field(protocol, MC_PART_HOST);

		if (d == NULL || d->value[host].text != NULL)
			continue;
		for (int part = MC_PART_PORT; part <= MC_PART_TLS; part++) {
			enum mc_field_id id = mc_server_field(
				protocol, (enum mc_part)part);

			if (d->value[id].text == NULL)
				continue;
			w->out->origin[id] = d->value[id].pos;
			refuse(w, MC_MSG_SERVER_PARTS, id, "%s: give %s too",
				mc_field_at(id)->name, mc_field_at(host)->name);
		}
	}
}

/* Host, port and TLS: whole from the first layer that names the host. */
static bool
take_host(struct work *w, enum mailcfg_protocol protocol, int *layer)
{
	struct mailcfg_server *server = &w->out->a.server[protocol];
	enum mc_field_id host = mc_server_field(protocol, MC_PART_HOST);
	enum mc_field_id port = mc_server_field(protocol, MC_PART_PORT);
	enum mc_field_id tls = mc_server_field(protocol, MC_PART_TLS);
	const struct mc_value *value = find(w, host, MC_LAYER_PRESET, layer);
	const struct mc_draft *draft;
	const char *why = "", *text;

	if (value == NULL)
		return false;
	(void)take_below(w, host, MC_LAYER_PRESET);
	if (*layer == MC_LAYER_OPTION)
		w->out->from_option |= 1ull
			<< mc_server_field(protocol, MC_PART_URL);
	draft = w->layer[*layer];
	server->port = draft->value[port].number;
	w->out->origin[port] = draft->value[port].text == NULL
		? value->pos
		: draft->value[port].pos;
	server->tls = draft->value[tls].text == NULL
		? mc_port_tls(server->port)
		: (enum mailcfg_tls)draft->value[tls].number;
	w->out->origin[tls] = draft->value[tls].text == NULL
		? value->pos
		: draft->value[tls].pos;
	if (server->port == 0)
		server->port = mc_default_port(protocol, server->tls);
	server->host = value->text;
	if (!mc_has_placeholder(value->text))
		return true;
	text = expand(w, value->text);
	if (text == NULL)
		return true;
	server->host = mc_host_ascii(w->arena, text, strlen(text), &why);
	if (server->host == NULL)
		refuse(w, MC_MSG_BAD_HOST, host, "%s: \"%s\": %s",
			mc_field_at(host)->name, text, why);
	return true;
}

/* The same from the preset. */
static bool
take_offer(struct work *w, enum mailcfg_protocol protocol,
	const struct mailcfg_offer *offer)
{
	struct mailcfg_server *server = &w->out->a.server[protocol];
	const char *why = "", *text;

	if (offer == NULL)
		return false;
	for (int part = MC_PART_HOST; part <= MC_PART_AUTH; part++)
		w->out->origin[mc_server_field(protocol,
			(enum mc_part)part)] = mc_offer_pos(w->out->a.provider,
			offer);
	server->port = offer->port;
	server->tls = offer->tls;
	server->host = offer->host;
	if (!mc_has_placeholder(offer->host))
		return true;
	text = expand(w, offer->host);
	if (text == NULL)
		return true;
	server->host = mc_host_ascii(w->arena, text, strlen(text), &why);
	if (server->host == NULL)
		refuse(w, MC_MSG_BAD_HOST,
			mc_server_field(protocol, MC_PART_HOST),
			"the preset's host \"%s\": %s", text, why);
	return true;
}

/* Login, authentication and password of a server that has its host. */
static void
take_login(struct work *w, enum mailcfg_protocol protocol, int layer,
	const struct mailcfg_offer *offer)
{
	struct mailcfg_server *server = &w->out->a.server[protocol];
	enum mc_field_id id = mc_server_field(protocol, MC_PART_LOGIN);
	const struct mc_value *value;

	value = take_below(
		w, mc_server_field(protocol, MC_PART_AUTH), layer + 1);
	if (value != NULL)
		server->auth = (enum mailcfg_auth)value->number;
	else if (offer != NULL)
		server->auth = offer->auth;
	if (server->auth == MAILCFG_AUTH_NONE)
		return;
	value = take_below(w, id, layer + 1);
	if (value == NULL)
		value = take_below(w, MC_LOGIN, MC_LAYER_PRESET);
	if (value != NULL) {
		server->login = expand(w, value->text);
		w->out->origin[id] = value->pos;
	} else if (offer != NULL && offer->login != NULL) {
		server->login = expand(w, offer->login);
	} else {
		value = take_below(w, MC_LOGIN, MC_LAYERS);
		server->login = value == NULL ? w->out->a.mailbox
					      : expand(w, value->text);
	}
	id = mc_server_field(protocol, MC_PART_PASSWORD);
	value = take_below(w, id, layer + 1);
	if (value == NULL)
		value = take_below(w, MC_PASSWORD, MC_LAYER_PRESET);
	if (value != NULL) {
		server->password = value->text;
		w->out->origin[id] = value->pos;
	}
}

static void
no_server(struct work *w, enum mailcfg_protocol protocol)
{
	static const char *const words[] = {"imap", "pop3", "smtp"};
	const struct mailcfg_account *a = &w->out->a;
	const char *word = words[protocol];

	if (a->provider != NULL)
		refuse(w, MC_MSG_NO_SERVER, MC_ADDRESS,
			"%s: %s has none in its preset: give --%s or the "
			"field %s",
			word, a->provider->name, word, word);
	else
		refuse(w, MC_MSG_NO_SERVER, MC_ADDRESS,
			"%s: nobody knows %s: give --%s %ss://HOST or the "
			"field %s, or a preset (mailcfg discover %s)",
			word, a->domain_display, word, word, word,
			a->domain_display);
}

static void
take_server(struct work *w, enum mailcfg_protocol protocol)
{
	struct mailcfg_account *a = &w->out->a;
	const struct mailcfg_offer *offer = NULL;
	int layer = MC_LAYER_PRESET - 1;

	a->server[protocol].protocol = protocol;
	check_parts(w, protocol);
	if (!take_host(w, protocol, &layer)) {
		w->offered = w->offered || protocol == a->incoming;
		if (protocol != MAILCFG_SUBMISSION && protocol != a->incoming)
			return;
		offer = offer_of(a->provider, protocol);
		if (!take_offer(w, protocol, offer)) {
			if (!w->partial)
				no_server(w, protocol);
			return;
		}
	}
	if (a->server[protocol].host != NULL)
		take_login(w, protocol, layer, offer);
}

static void
take_dav(struct work *w, enum mc_field_id id, struct mailcfg_dav *dav)
{
	const char *text = take(w, id);

	if (text != NULL)
		(void)mc_dav_parse(w->arena, text, dav);
}

static bool
same_mailbox(const char *a, const char *b)
{
	return mc_strcasecmp(a, b) == 0;
}

/* Exports list the address itself among its aliases. */
static bool
is_known_alias(const struct work *w, const char *const *list, const char *alias)
{
	const struct mailcfg_account *a = &w->out->a;

	for (size_t i = 0; i < a->n_aliases; i++)
		if (same_mailbox(list[i], alias))
			return true;
	return a->mailbox != NULL && same_mailbox(a->mailbox, alias);
}

static void
take_aliases(struct work *w)
{
	struct mailcfg_account *a = &w->out->a;
	const char *text = take(w, MC_ALIASES);
	const char **list;
	size_t n = 1;

	if (text == NULL)
		return;
	for (const char *c = text; *c != '\0'; c++)
		n += *c == ',';
	list = mc_arena_alloc(w->arena, (n + 1) * sizeof(*list));
	if (list == NULL)
		return;
	/* as the gate wrote them: joined by comma and blank */
	for (; n > 0; n--) {
		size_t len = strcspn(text, ",");
		const char *alias = mc_arena_strndup(w->arena, text, len);

		if (alias == NULL)
			return;
		text += len + (text[len] == ',' ? 2 : 0);
		if (!is_known_alias(w, list, alias))
			list[a->n_aliases++] = alias;
	}
	if (a->n_aliases > 0)
		a->aliases = list;
}

static void
take_texts(struct work *w)
{
	struct mailcfg_account *a = &w->out->a;

	a->given_name = take(w, MC_GIVEN_NAME);
	a->family_name = take(w, MC_FAMILY_NAME);
	a->name = take(w, MC_NAME);
	if (a->name == NULL && a->given_name != NULL &&
		a->family_name != NULL) {
		a->name = mc_arena_printf(
			w->arena, "%s %s", a->given_name, a->family_name);
		w->out->origin[MC_NAME] = w->out->origin[MC_FAMILY_NAME];
	}
	a->organization = take(w, MC_ORGANIZATION);
	a->support = take(w, MC_SUPPORT);
	a->lang = take(w, MC_LANG);
	a->person = take(w, MC_PERSON);
	a->deliver_to = take(w, MC_DELIVER_TO);
	a->imap_prefix = take(w, MC_IMAP_PREFIX);
	take_dav(w, MC_CALDAV, &a->caldav);
	take_dav(w, MC_CARDDAV, &a->carddav);
	take_aliases(w);
	for (size_t i = MC_FIELDS; i < mc_field_count(); i++)
		w->out->extra[i - MC_FIELDS] = take(w, (enum mc_field_id)i);
}

struct mc_account *
mc_complete(const struct mc_presets *presets, const struct mc_layers *layers,
	struct mc_arena *arena, struct mc_report *report)
{
	struct work w = {.presets = presets,
		.arena = arena,
		.report = report,
		.partial = layers->partial};
	struct mailcfg_account *a;

	w.out = mc_arena_alloc(arena, sizeof(*w.out));
	if (w.out == NULL)
		return NULL;
	a = &w.out->a;
	for (int i = 0; i < MC_LAYER_PRESET; i++) {
		w.layer[i] = layers->draft[i];
		w.bad = w.bad || (w.layer[i] != NULL && w.layer[i]->bad);
	}
	if (w.layer[MC_LAYER_RECORD] != NULL)
		a->pos = w.layer[MC_LAYER_RECORD]->pos;
	take_address(&w);
	if (w.bad || arena->failed)
		return NULL;
	take_provider(&w);
	choose_incoming(&w);
	take_texts(&w);
	for (int i = 0; i < MAILCFG_PROTOCOLS && !arena->failed; i++)
		take_server(&w, (enum mailcfg_protocol)i);
	if (w.bad || arena->failed)
		return NULL;
	a->hints = w.offered
		? a->provider
		: mc_provider_by_host(presets, a->server[a->incoming].host);
	if (a->provider != NULL && a->hints != NULL &&
		a->hints != a->provider) {
		const struct mailcfg_provider *p = a->provider;

		/* its own word counts where several share a server */
		for (size_t i = 0; i < p->n_offers; i++)
			if (strcmp(p->offers[i].host,
				    a->server[a->incoming].host) == 0)
				a->hints = p;
	}
	return w.out;
}

static void
stand_server(struct work *w, enum mailcfg_protocol protocol)
{
	const struct mc_value *value = w->layer[MC_LAYER_RECORD]->value +
		mc_server_field(protocol, MC_PART_URL);
	struct mailcfg_server *server = &w->out->a.server[protocol];

	server->protocol = protocol;
	server->host = value[MC_PART_HOST].text;
	server->port = value[MC_PART_PORT].number;
	server->tls = (enum mailcfg_tls)value[MC_PART_TLS].number;
	server->auth = (enum mailcfg_auth)value[MC_PART_AUTH].number;
	server->login = value[MC_PART_LOGIN].text;
	server->password = value[MC_PART_PASSWORD].text;
}

struct mc_account *
mc_as_it_stands(const struct mc_draft *draft, struct mc_arena *arena)
{
	struct mc_account *out = mc_arena_alloc(arena, sizeof(*out));
	struct mc_report mute = {0};
	struct work w = {.layer[MC_LAYER_RECORD] = draft,
		.arena = arena,
		.report = &mute,
		.out = out};

	if (out == NULL)
		return NULL;
	out->a.pos = draft->pos;
	if (draft->value[MC_ADDRESS].text != NULL)
		take_address(&w);
	out->a.incoming = draft->value[MC_PROTOCOL].text == NULL
		? MAILCFG_SUBMISSION
		: (enum mailcfg_protocol)draft->value[MC_PROTOCOL].number;
	take_texts(&w);
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		stand_server(&w, (enum mailcfg_protocol)i);
	return arena->failed ? NULL : out;
}
