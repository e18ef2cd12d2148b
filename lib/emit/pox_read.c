/* SPDX-License-Identifier: ISC */
/*
 * Autodiscover answers of other makers, and the question that servers want.
 * Nobody logs in: a server that wants that answers nothing.
 */
#include "pox_read.h"

#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "../url.h"
#include "xml.h"
#include "xml_read.h"

static const char request_space
	[] = "http://schemas.microsoft.com/exchange/autodiscover/outlook/"
	     "requestschema/2006";
static const char answer_space
	[] = "http://schemas.microsoft.com/exchange/autodiscover/outlook/"
	     "responseschema/2006a";
/* some leave out the letter */
enum { ANSWER_SPACE = sizeof(answer_space) - 2 };

static bool
request(struct mc_buf *out, const char *mailbox)
{
	struct mc_xml *x = mc_xml_new("utf-8");

	if (x == NULL)
		return false;
	mc_xml_open(x, "Autodiscover");
	mc_xml_attribute(x, "xmlns", request_space);
	mc_xml_open(x, "Request");
	mc_xml_leaf(x, "EMailAddress", mailbox);
	mc_xml_leaf(x, "AcceptableResponseSchema", answer_space);
	mc_xml_close(x);
	mc_xml_close(x);
	return mc_xml_finish(x, out);
}

/* "on" unless it says otherwise: absent means on. */
static bool
is_on(const struct mc_xml_node *protocol, const char *name)
{
	return mc_strcasecmp(mc_xml_child_text(protocol, name), "off") != 0;
}

/* The port, or the one that the type is known by; 0: it is none. */
static unsigned
port_of(const struct mc_xml_node *node, const struct mailcfg_offer *offer)
{
	const char *text = mc_xml_child_text(node, "Port");
	size_t n = strspn(text, "0123456789");
	unsigned long port;

	if (*text == '\0')
		return mc_default_port(offer->protocol, offer->tls);
	port = n <= 5 && text[n] == '\0' ? strtoul(text, NULL, 10) : 0;
	return port <= 65535 ? (unsigned)port : 0;
}

/* What Encryption says, and SSL where that is silent. */
static void
take_tls(struct mc_offers *o, const struct mc_xml_node *node,
	struct mailcfg_offer *offer)
{
	const char *mode = mc_xml_child_text(node, "Encryption");
	bool said = mc_strcasecmp(mode, "TLS") == 0;
	unsigned port;

	offer->tls = MAILCFG_TLS_IMPLICIT;
	port = port_of(node, offer);
	if (mc_strcasecmp(mode, "None") == 0 ||
		(*mode == '\0' && !is_on(node, "SSL")))
		offer->tls = MAILCFG_TLS_NONE;
	else if (said ||
		(mc_strcasecmp(mode, "SSL") != 0 &&
			mc_port_tls(port) == MAILCFG_TLS_STARTTLS))
		offer->tls = MAILCFG_TLS_STARTTLS;
	if (offer->tls == MAILCFG_TLS_STARTTLS && !said)
		mc_offers_note(o, node->line,
			"%s: port %u is taken for STARTTLS, it says SSL",
			offer->host, port);
}

static void
take_protocol(struct mc_offers *o, const struct mc_xml_node *node)
{
	static const char *const types[MAILCFG_PROTOCOLS] = {
		"IMAP", "POP3", "SMTP"};
	const char *type = mc_xml_child_text(node, "Type");
	const char *login = mc_xml_child_text(node, "LoginName");
	struct mailcfg_offer offer = {0};
	int protocol = 0;

	if (*type == '\0')
		type = mc_xml_get(node, "Type");
	while (protocol < MAILCFG_PROTOCOLS &&
		mc_strcasecmp(type, types[protocol]) != 0)
		protocol++;
	if (protocol == MAILCFG_PROTOCOLS) {
		mc_offers_note(o, node->line,
			"a server of type \"%s\" is left out", type);
		return;
	}
	offer.protocol = (enum mailcfg_protocol)protocol;
	offer.host = mc_xml_child_text(node, "Server");
	take_tls(o, node, &offer);
	offer.port = port_of(node, &offer);
	if (mc_strcasecmp(mc_xml_child_text(node, "SPA"), "on") == 0)
		offer.auth = MAILCFG_AUTH_ENCRYPTED;
	if (offer.protocol == MAILCFG_SUBMISSION &&
		!is_on(node, "AuthRequired"))
		offer.auth = MAILCFG_AUTH_NONE;
	/* the address is what it means where it is silent */
	offer.login = *login == '\0' ? NULL : login;
	mc_offers_add(o, &offer, node->line);
}

static enum mc_back_result
refuse(struct mc_offers *o, unsigned line, const char *what, const char *word)
{
	const struct mailcfg_pos pos = {o->file, line, line > 0 ? 1 : 0};

	mc_say(o->report, MC_MSG_SYNTAX, &pos, NULL, NULL, "%s%s", what, word);
	return MC_BACK_BAD;
}

static enum mc_back_result
take_account(struct mc_offers *o, const struct mc_xml_node *account)
{
	const char *action = mc_xml_child_text(account, "Action");
	const char *url = mc_xml_child_text(account, "RedirectUrl");

	if (*url == '\0')
		url = mc_xml_child_text(account, "RedirectAddr");
	if (*action != '\0' && mc_strcasecmp(action, "settings") != 0)
		return refuse(o, account->line,
			"it has no settings, and sends elsewhere: ", url);
	for (const struct mc_xml_node *c = account->first; c != NULL;
		c = c->next)
		if (strcmp(c->name, "Protocol") == 0)
			take_protocol(o, c);
	if (o->arena->failed)
		return MC_BACK_BAD;
	return o->n > 0
		? MC_BACK_READ
		: refuse(o, account->line,
			  "there is no server in it that can be used", "");
}

static enum mc_back_result
read_offers(struct mc_offers *o, const char *bytes, size_t n)
{
	const struct mc_xml_node *root = mc_xml_read(
		o->arena, o->file, bytes, n, o->report);
	const struct mc_xml_node *response, *account, *error;

	if (root == NULL)
		return MC_BACK_BAD;
	if (strcmp(root->name, "Autodiscover") != 0)
		return MC_BACK_OTHER;
	response = mc_xml_child(root, "Response");
	if (response == NULL)
		return refuse(o, root->line, "there is no Response in it", "");
	error = mc_xml_child(response, "Error");
	if (error != NULL)
		return refuse(o, error->line, "the server says: ",
			mc_xml_child_text(error, "Message"));
	if (strncmp(response->space, answer_space, ANSWER_SPACE) != 0)
		return refuse(o, response->line,
			"the answer is of another name space: ",
			response->space);
	account = mc_xml_child(response, "Account");
	if (account == NULL)
		return refuse(
			o, response->line, "there is no Account in it", "");
	return take_account(o, account);
}

static const char *const urls[] = {
	"https://autodiscover.{domain}/autodiscover/autodiscover.xml",
	"https://{domain}/autodiscover/autodiscover.xml", NULL};

const struct mc_publication mc_pox_publication = {
	.kind = "autodiscover",
	.urls = urls,
	.srv = "_autodiscover._tcp",
	.srv_url = "https://{host}/autodiscover/autodiscover.xml",
	.request = request,
	.request_type = "text/xml; charset=utf-8",
	.read = read_offers,
};
