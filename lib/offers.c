/* SPDX-License-Identifier: ISC */
#include "offers.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "field.h"
#include "host.h"
#include "preset_take.h"
#include "text.h"
#include "url.h"

void
mc_offers_note(struct mc_offers *o, unsigned line, const char *format, ...)
{
	char text[1024], clean[512], where[32] = "";
	const char *note;
	va_list args;

	if (o->notes == NULL)
		o->notes = mc_arena_alloc(
			o->arena, MC_OFFERS_NOTES * sizeof(*o->notes));
	if (o->notes == NULL || o->n_notes == MC_OFFERS_NOTES)
		return;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	mc_clean(clean, sizeof(clean), text, strlen(text));
	if (line > 0)
		(void)snprintf(where, sizeof(where), "line %u: ", line);
	note = o->n_notes == MC_OFFERS_NOTES - 1
		? "and more"
		: mc_arena_printf(o->arena, "%s%s", where, clean);
	for (size_t i = 0; note != NULL && i < o->n_notes; i++)
		if (strcmp(o->notes[i], note) == 0)
			return;
	if (note != NULL)
		o->notes[o->n_notes++] = note;
}

void
mc_offers_name(struct mc_offers *o, const char *name)
{
	size_t n = strlen(name), at;

	if (o->name == NULL && n > 0 && n <= MC_TAKE_TEXT &&
		mc_text_check(name, n, true, &at) == MC_TEXT_OK)
		o->name = mc_arena_strndup(o->arena, name, n);
}

void
mc_offers_domain(struct mc_offers *o, const char *text)
{
	const char *why = "", *domain;

	if (o->domains == NULL)
		o->domains = mc_arena_alloc(o->arena,
			(MC_OFFERS_DOMAINS + 1) * sizeof(*o->domains));
	if (o->domains == NULL)
		return;
	domain = mc_host_ascii(o->arena, text, strlen(text), &why);
	if (domain == NULL) {
		mc_offers_note(
			o, 0, "domain \"%s\" is left out: %s", text, why);
		return;
	}
	for (size_t i = 0; i < o->n_domains; i++)
		if (strcmp(o->domains[i], domain) == 0)
			return;
	if (o->n_domains == MC_OFFERS_DOMAINS)
		mc_offers_note(o, 0, "domains beyond %d are left out",
			MC_OFFERS_DOMAINS);
	else
		o->domains[o->n_domains++] = domain;
}

void
mc_offers_link(struct mc_offers *o, const char *kind, const char *url)
{
	size_t n = strlen(url), at;

	if (o->links == NULL)
		o->links = mc_arena_alloc(
			o->arena, MC_OFFERS_LINKS * sizeof(*o->links));
	if (o->links == NULL || o->n_links == MC_OFFERS_LINKS ||
		n > MC_TAKE_URL || strncmp(url, "https://", 8) != 0 ||
		strpbrk(url, " \"<>\\^`{|}") != NULL || !mc_is_ascii(url) ||
		mc_text_check(url, n, true, &at) != MC_TEXT_OK)
		return;
	for (size_t i = 0; i < o->n_links; i++)
		if (strcmp(o->links[i].url, url) == 0)
			return;
	o->links[o->n_links].kind = kind;
	o->links[o->n_links].url = mc_arena_strndup(o->arena, url, n);
	if (o->links[o->n_links].url != NULL)
		o->n_links++;
}

/* The host in A-labels; one with placeholders as it is.  NULL: noted. */
static const char *
host_of(struct mc_offers *o, const char *text, unsigned line)
{
	const char *sample = text, *host, *why = "";
	bool places = mc_has_placeholder(text);

	if (places)
		sample = mc_expand(o->arena, text, "a", "a", "a");
	if (sample == NULL)
		return NULL;
	host = mc_host_ascii(o->arena, sample, strlen(sample), &why);
	if (host == NULL)
		mc_offers_note(
			o, line, "host \"%s\" is left out: %s", text, why);
	/* the gate takes no capitals beside the placeholders either */
	if (host != NULL && places && mc_stray_brace(text) != SIZE_MAX) {
		mc_offers_note(o, line, "host \"%s\" is left out", text);
		return NULL;
	}
	return places && host != NULL ? mc_arena_strdup(o->arena, text) : host;
}

/* The text with the one it was made for put back as a placeholder. */
static const char *
generalize(struct mc_offers *o, const char *login)
{
	const char *at = o->mailbox == NULL ? NULL : strrchr(o->mailbox, '@');
	size_t local = at == NULL ? 0 : (size_t)(at - o->mailbox);
	const char *found;

	if (at == NULL || mc_has_placeholder(login))
		return login;
	found = strstr(login, o->mailbox);
	if (found != NULL)
		return mc_arena_printf(o->arena, "%.*s{mailbox}%s",
			(int)(found - login), login,
			found + strlen(o->mailbox));
	if (strlen(login) == local && strncmp(login, o->mailbox, local) == 0)
		return "{local-part}";
	found = strstr(login, at + 1);
	/* DOMAIN\local-part, local-part.DOMAIN and their like */
	if (found != NULL && found > login &&
		(size_t)(found - login) == local + 1 &&
		strncmp(login, o->mailbox, local) == 0 &&
		strcmp(found, at + 1) == 0)
		return mc_arena_printf(
			o->arena, "{local-part}%c{domain}", found[-1]);
	if (found == login && found[strlen(at + 1)] != '\0' &&
		strlen(found) == strlen(at + 1) + 1 + local &&
		strncmp(found + strlen(at + 1) + 1, o->mailbox, local) == 0)
		return mc_arena_printf(o->arena, "{domain}%c{local-part}",
			found[strlen(at + 1)]);
	return login;
}

/* false: no preset can say it; noted. */
static bool
take_login(struct mc_offers *o, struct mailcfg_offer *offer, unsigned line)
{
	size_t n, at;

	if (offer->auth == MAILCFG_AUTH_NONE) {
		offer->login = NULL;
		if (offer->protocol == MAILCFG_SUBMISSION)
			return true;
		mc_offers_note(o, line,
			"%s is left out: it would be without a login",
			offer->host);
		return false;
	}
	if (offer->login == NULL)
		return true;
	n = strlen(offer->login);
	if (n == 0 || n > MC_TAKE_TEXT ||
		mc_text_check(offer->login, n, true, &at) != MC_TEXT_OK ||
		mc_stray_brace(offer->login) != SIZE_MAX) {
		mc_offers_note(o, line,
			"%s is left out: no preset can hold its login",
			offer->host);
		return false;
	}
	offer->login = generalize(o, mc_arena_strdup(o->arena, offer->login));
	return offer->login != NULL;
}

static bool
same(const struct mailcfg_offer *a, const struct mailcfg_offer *b)
{
	return a->protocol == b->protocol && a->tls == b->tls &&
		a->auth == b->auth && a->port == b->port &&
		strcmp(a->host, b->host) == 0 &&
		(a->login == b->login ||
			(a->login != NULL && b->login != NULL &&
				strcmp(a->login, b->login) == 0));
}

void
mc_offers_add(
	struct mc_offers *o, const struct mailcfg_offer *given, unsigned line)
{
	struct mailcfg_offer offer = *given;

	if (o->list == NULL) {
		o->list = mc_arena_alloc(
			o->arena, MC_OFFERS * sizeof(*o->list));
		o->lines = mc_arena_alloc(
			o->arena, MC_OFFERS * sizeof(*o->lines));
	}
	if (o->list == NULL || o->lines == NULL)
		return;
	offer.host = host_of(o, offer.host, line);
	if (offer.host == NULL)
		return;
	if (offer.port < 1 || offer.port > UINT16_MAX) {
		mc_offers_note(o, line, "%s is left out: there is no port %u",
			offer.host, offer.port);
		return;
	}
	if (!take_login(o, &offer, line))
		return;
	for (size_t i = 0; i < o->n; i++)
		if (same(&o->list[i], &offer))
			return;
	if (o->n == MC_OFFERS) {
		mc_offers_note(
			o, 0, "servers beyond %d are left out", MC_OFFERS);
		return;
	}
	o->lines[o->n] = line;
	o->list[o->n++] = offer;
}

/* What wants no login comes behind what does. */
static unsigned
rank(const struct mailcfg_offer *offer)
{
	return (unsigned)offer->protocol * 6 +
		(offer->auth == MAILCFG_AUTH_NONE ? 3u : 0u) +
		(unsigned)offer->tls;
}

/* By rank, and as they stand where that is the same. */
static void
sort(struct mc_offers *o)
{
	for (size_t i = 1; i < o->n; i++) {
		const struct mailcfg_offer offer = o->list[i];
		unsigned line = o->lines[i];
		size_t at = i;

		for (; at > 0 && rank(&o->list[at - 1]) > rank(&offer); at--) {
			o->list[at] = o->list[at - 1];
			o->lines[at] = o->lines[at - 1];
		}
		o->list[at] = offer;
		o->lines[at] = line;
	}
}

static void
note_cleartext(struct mc_offers *o, const struct mailcfg_offer *offer,
	unsigned line, bool left_out)
{
	const char *url = mc_url_write(o->arena, offer->protocol, offer->tls,
		offer->host, offer->port);

	if (url != NULL)
		mc_offers_note(o, line, "%s is %s", url,
			left_out ? "left out: it is offered with TLS too"
				 : "offered without TLS only");
}

void
mc_offers_prefer(struct mc_offers *o)
{
	bool safe[MAILCFG_PROTOCOLS] = {false};
	size_t n = 0;

	sort(o);
	for (size_t i = 0; i < o->n; i++)
		if (o->list[i].tls != MAILCFG_TLS_NONE)
			safe[o->list[i].protocol] = true;
	for (size_t i = 0; i < o->n; i++) {
		const struct mailcfg_offer *offer = &o->list[i];

		if (offer->tls == MAILCFG_TLS_NONE)
			note_cleartext(
				o, offer, o->lines[i], safe[offer->protocol]);
		if (offer->tls == MAILCFG_TLS_NONE && safe[offer->protocol])
			continue;
		o->lines[n] = o->lines[i];
		o->list[n++] = *offer;
	}
	o->n = n;
}

const char *
mc_offers_id(struct mc_arena *arena, const char *text)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
	char *id = mc_arena_strdup(arena, text);

	if (id == NULL)
		return NULL;
	for (char *c = id; *c != '\0'; c++)
		*c = mc_lower(*c);
	return *id != '\0' && strlen(id) <= MC_TAKE_WORD &&
			id[strspn(id, good)] == '\0'
		? id
		: NULL;
}

struct mc_preset *
mc_offers_preset(struct mc_offers *o, const char *id)
{
	struct mc_preset *preset = mc_arena_alloc(o->arena, sizeof(*preset));

	mc_offers_prefer(o);
	if (preset == NULL)
		return NULL;
	if (o->domains == NULL)
		o->domains = mc_arena_alloc(o->arena, sizeof(*o->domains));
	preset->p.id = id;
	preset->p.name = o->name == NULL ? id : o->name;
	preset->p.domains = o->domains;
	preset->p.offers = o->list;
	preset->p.n_offers = o->n;
	preset->p.links = o->links;
	preset->p.n_links = o->n_links;
	for (size_t i = 0; i < o->n_links; i++)
		if (strcmp(o->links[i].kind, "enable") == 0)
			preset->p.status = MAILCFG_STATUS_PREPARATION;
	for (size_t i = 0; i < o->n; i++)
		if (o->list[i].login == NULL &&
			o->list[i].auth != MAILCFG_AUTH_NONE)
			o->list[i].login = mc_preset_login(preset);
	return o->arena->failed ? NULL : preset;
}
