/* SPDX-License-Identifier: ISC */
/* The servers of a preset. */
#include <stdint.h>
#include <string.h>

#include "host.h"
#include "preset_take.h"
#include "text.h"
#include "url.h"

size_t
mc_stray_brace(const char *text)
{
	static const char *const places[] = {
		"{mailbox}", "{local-part}", "{domain}"};
	const char *s = text;

	while ((s = strchr(s, '{')) != NULL) {
		bool known = false;

		for (size_t i = 0; i < 3; i++)
			known = known ||
				strncmp(s, places[i], strlen(places[i])) == 0;
		if (!known)
			return (size_t)(s - text);
		s++;
	}
	return SIZE_MAX;
}

/* Whether the placeholders of a host or login, if any, are known ones. */
static bool
check_places(struct mc_taking *w, const struct mc_node *node)
{
	size_t at = mc_stray_brace(node->text);
	struct mailcfg_pos pos;

	if (at == SIZE_MAX)
		return true;
	pos = mc_node_inside(node, mc_utf8_count(node->text, at));
	mc_take_refuse(w, &pos,
		"unknown placeholder: {mailbox}, {local-part} and {domain} "
		"are known");
	return false;
}

static const char *
host_of(struct mc_taking *w, const struct mc_node *node,
	const struct mc_url *url)
{
	const char *sample = url->host, *host, *why = "";
	bool places = mc_has_placeholder(url->host);
	struct mailcfg_pos pos;

	if (places)
		sample = mc_expand(w->arena, url->host, "a", "a", "a");
	if (sample == NULL)
		return NULL;
	host = mc_host_ascii(w->arena, sample, strlen(sample), &why);
	if (host == NULL) {
		pos = mc_node_inside(node, url->host_at);
		mc_take_refuse(w, &pos, "not a host name: %s", why);
		return NULL;
	}
	return places ? url->host : host;
}

static void
take_url(struct mc_taking *w, const struct mc_node *node, void *out)
{
	static const char *const schemes[] = {"imap", "pop3", "smtp"};
	struct mailcfg_offer *offer = out;
	const char *text = mc_take_text(w, node, MC_TAKE_URL);
	enum mc_url_fault fault;
	struct mailcfg_pos pos;
	struct mc_url url;
	int protocol = 0;

	if (text == NULL || !check_places(w, node))
		return;
	while (protocol < MAILCFG_PROTOCOLS &&
		(mc_strncasecmp(text, schemes[protocol], 4) != 0 ||
			strstr(text, "://") == NULL))
		protocol++;
	if (protocol == MAILCFG_PROTOCOLS) {
		mc_take_refuse(w, &node->pos,
			"a URL begins with imaps, imap, pop3s, pop3, smtps or "
			"smtp, and ://");
		return;
	}
	offer->protocol = (enum mailcfg_protocol)protocol;
	fault = mc_url_parse(w->arena, offer->protocol, text, &url);
	if (fault == MC_URL_OK && url.user == NULL) {
		offer->tls = url.tls;
		offer->port = url.port;
		offer->host = host_of(w, node, &url);
		return;
	}
	if (fault == MC_URL_OK || fault == MC_URL_PASSWORD) {
		pos = mc_node_inside(
			node, (size_t)(strstr(text, "://") + 3 - text));
		mc_take_refuse(w, &pos,
			"nobody is named in a preset's URL: use login");
		return;
	}
	pos = mc_node_inside(node, url.fault_at);
	mc_take_refuse(w, &pos, "%s", mc_url_fault_name(fault));
}

static void
take_auth(struct mc_taking *w, const struct mc_node *node, void *out)
{
	static const char *const words[] = {
		"password", "encrypted", "oauth2", "none", NULL};
	struct mailcfg_offer *offer = out;
	int word = mc_take_word(
		w, node, words, "password, encrypted, oauth2 or none");

	if (word >= 0)
		offer->auth = (enum mailcfg_auth)word;
}

static void
take_login(struct mc_taking *w, const struct mc_node *node, void *out)
{
	struct mailcfg_offer *offer = out;
	const char *text = mc_take_text(w, node, MC_TAKE_TEXT);

	if (text != NULL && check_places(w, node))
		offer->login = text;
}

static void
take_server(struct mc_taking *w, const struct mc_node *node,
	struct mailcfg_offer *offer)
{
	static const struct mc_taker keys[] = {
		{"url", take_url},
		{"auth", take_auth},
		{"login", take_login},
	};
	bool bad = w->bad;

	w->bad = false;
	if (!mc_take_map(w, node, keys, 3, offer) || w->bad)
		return;
	w->bad = bad;
	if (offer->host == NULL)
		mc_take_refuse(w, &node->pos, "the server's url is missing");
	else if (offer->auth == MAILCFG_AUTH_NONE && offer->login != NULL)
		mc_take_refuse(w, &node->pos, "a login, and auth: none");
	else if (offer->auth == MAILCFG_AUTH_NONE &&
		offer->protocol != MAILCFG_SUBMISSION)
		mc_take_refuse(w, &node->pos,
			"only submission can do without a login");
}

void
mc_take_servers(struct mc_taking *w, const struct mc_node *node, void *out)
{
	struct mailcfg_offer *offers;
	struct mailcfg_pos *pos;
	size_t n = 0;

	(void)out;
	if (!mc_take_is(w, node, MC_NODE_LIST))
		return;
	offers = mc_arena_alloc(w->arena, (node->count + 1) * sizeof(*offers));
	pos = mc_arena_alloc(w->arena, (node->count + 1) * sizeof(*pos));
	if (offers == NULL || pos == NULL)
		return;
	for (const struct mc_node *c = node->first; c != NULL; c = c->next) {
		pos[n] = c->pos;
		take_server(w, c, &offers[n++]);
	}
	w->offers = offers;
	w->preset->offer_pos = pos;
	w->preset->p.offers = offers;
	w->preset->p.n_offers = n;
}
