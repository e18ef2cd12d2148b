/* SPDX-License-Identifier: ISC */
/*
 * autoconfig XML of other makers, clientConfig 1.1.  What no preset can say
 * becomes a note; a server is left out rather than changed.
 */
#include "thunderbird_read.h"

#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "xml_read.h"

/* The words of a value, and what they mean here. */
struct word {
	const char *text;
	int value;
};

static const struct word modes[] = {
	{"SSL", MAILCFG_TLS_IMPLICIT},
	{"STARTTLS", MAILCFG_TLS_STARTTLS},
	{"plain", MAILCFG_TLS_NONE},
	{NULL, -1},
};

/* The first two are what older files say. */
static const struct word ways[] = {
	{"plain", MAILCFG_AUTH_PASSWORD},
	{"secure", MAILCFG_AUTH_ENCRYPTED},
	{"password-cleartext", MAILCFG_AUTH_PASSWORD},
	{"password-encrypted", MAILCFG_AUTH_ENCRYPTED},
	{"OAuth2", MAILCFG_AUTH_OAUTH2},
	{"none", MAILCFG_AUTH_NONE},
	{NULL, -1},
};

static int
find(const struct word *words, const char *text)
{
	while (words->text != NULL && strcmp(words->text, text) != 0)
		words++;
	return words->value;
}

/* Five digits at the most; 0: it is no port. */
static unsigned
port_of(const char *text)
{
	size_t n = strspn(text, "0123456789");
	unsigned long port = n > 0 && n <= 5 ? strtoul(text, NULL, 10) : 0;

	return text[n] == '\0' && port <= 65535 ? (unsigned)port : 0;
}

/* What stands for something else, and our word for it. */
static const struct {
	const char *theirs, *ours;
} places[] = {
	{"%EMAILADDRESS%", "{mailbox}"},
	{"%EMAILLOCALPART%", "{local-part}"},
	{"%EMAILDOMAIN%", "{domain}"},
};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

/* The placeholder that begins here; PLACES: none. */
static size_t
place_at(const char *s)
{
	size_t i = 0;

	while (i < PLACES &&
		strncmp(s, places[i].theirs, strlen(places[i].theirs)) != 0)
		i++;
	return i;
}

/* The like without its closing mark, at the end: two known files have it. */
static size_t
broken_at(const char *s)
{
	size_t i = 0, n;

	for (; i < PLACES; i++) {
		n = strlen(places[i].theirs);
		if (strncmp(s, places[i].theirs, n - 1) == 0 &&
			s[n - 1] == '\0')
			break;
	}
	return i;
}

/* A mark that begins no placeholder and may be meant to: %WORD */
static bool
is_stray(const char *s)
{
	return s[0] == '%' && s[1] >= 'A' && s[1] <= 'Z';
}

/*
 * The text in our words.  NULL: it holds what only its maker can replace, or
 * out of memory.
 */
static const char *
translate(struct mc_offers *o, const char *text, unsigned line)
{
	struct mc_buf out = {0};
	const char *result;
	bool stray = false;

	for (const char *s = text; *s != '\0' && !stray;) {
		size_t i = place_at(s);

		if (i < PLACES) {
			mc_buf_puts(&out, places[i].ours);
			s += strlen(places[i].theirs);
			continue;
		}
		i = broken_at(s);
		if (i < PLACES) {
			mc_offers_note(o, line, "%s is taken for %s", s,
				places[i].theirs);
			mc_buf_puts(&out, places[i].ours);
			break;
		}
		/* a brace of theirs would be a placeholder of ours */
		stray = is_stray(s) || *s == '{' || *s == '}';
		mc_buf_putc(&out, *s++);
	}
	result = mc_buf_keep(&out, o->arena);
	return stray ? NULL : result;
}

/* Of several ways, the one that most clients have. */
static int
choose_auth(
	struct mc_offers *o, const struct mc_xml_node *server, const char *host)
{
	unsigned oauth2 = 0;
	int best = -1;

	for (const struct mc_xml_node *c = server->first; c != NULL;
		c = c->next) {
		int way;

		if (strcmp(c->name, "authentication") != 0)
			continue;
		way = find(ways, c->text);
		if (way >= 0 && (best < 0 || way < best))
			best = way;
		if (way == MAILCFG_AUTH_OAUTH2)
			oauth2 = c->line;
		if (way < 0)
			mc_offers_note(o, c->line,
				"%s: authentication \"%s\" is not known here",
				host, c->text);
	}
	if (oauth2 > 0 && best != MAILCFG_AUTH_OAUTH2)
		mc_offers_note(o, oauth2, "%s takes OAuth2 too", host);
	return best;
}

/* false: noted, or out of memory. */
static bool
take_login(struct mc_offers *o, const struct mc_xml_node *server,
	struct mailcfg_offer *offer)
{
	const struct mc_xml_node *name = mc_xml_child(server, "username");

	offer->login = NULL;
	if (name == NULL || *name->text == '\0') {
		if (offer->auth != MAILCFG_AUTH_NONE)
			mc_offers_note(o, server->line,
				"%s: no login is said, the address is taken",
				offer->host);
		return true;
	}
	offer->login = translate(o, name->text, name->line);
	if (offer->login == NULL)
		mc_offers_note(o, name->line,
			"%s is left out: no preset can say the login \"%s\"",
			offer->host, name->text);
	return offer->login != NULL;
}

/* host, port, TLS, authentication.  false: noted. */
static bool
take_parts(struct mc_offers *o, const struct mc_xml_node *server,
	struct mailcfg_offer *offer)
{
	const char *host = mc_xml_child_text(server, "hostname");
	const char *port = mc_xml_child_text(server, "port");
	const char *mode = mc_xml_child_text(server, "socketType");
	int tls = find(modes, mode), auth;

	offer->host = translate(o, host, server->line);
	offer->port = port_of(port);
	if (offer->host == NULL || *host == '\0')
		mc_offers_note(o, server->line,
			"a server is left out: host \"%s\"", host);
	else if (offer->port == 0)
		mc_offers_note(o, server->line, "%s is left out: port \"%s\"",
			host, port);
	else if (tls < 0)
		mc_offers_note(o, server->line,
			"%s is left out: socketType \"%s\"", host, mode);
	else
		offer->tls = (enum mailcfg_tls)tls;
	if (offer->host == NULL || *host == '\0' || offer->port == 0 || tls < 0)
		return false;
	auth = choose_auth(o, server, host);
	if (auth >= 0)
		offer->auth = (enum mailcfg_auth)auth;
	else
		mc_offers_note(o, server->line,
			"%s is left out: no authentication that is known here",
			host);
	return auth >= 0;
}

static void
take_server(struct mc_offers *o, const struct mc_xml_node *server)
{
	static const struct word types[] = {
		{"imap", MAILCFG_IMAP},
		{"pop3", MAILCFG_POP3},
		{"smtp", MAILCFG_SUBMISSION},
		{NULL, -1},
	};
	bool out = strcmp(server->name, "outgoingServer") == 0;
	const char *type = mc_xml_get(server, "type");
	int protocol = find(types, type);
	struct mailcfg_offer offer = {0};

	if (protocol < 0 || (protocol == MAILCFG_SUBMISSION) != out) {
		mc_offers_note(o, server->line,
			"a server of type \"%s\" is left out", type);
		return;
	}
	offer.protocol = (enum mailcfg_protocol)protocol;
	if (mc_xml_child(server, "password") != NULL)
		mc_offers_note(
			o, server->line, "a password is inside, and left out");
	if (take_parts(o, server, &offer) && take_login(o, server, &offer))
		mc_offers_add(o, &offer, server->line);
}

static void
take_domain(struct mc_offers *o, const struct mc_xml_node *node)
{
	/* what serves any domain says so in this way */
	if (strcmp(node->text, places[PLACES - 1].theirs) == 0)
		return;
	if (*mc_xml_get(node, "purpose") != '\0')
		mc_offers_note(o, node->line,
			"domain \"%s\" is left out: its purpose is \"%s\"",
			node->text, mc_xml_get(node, "purpose"));
	else
		mc_offers_domain(o, node->text);
}

static void
take_provider(struct mc_offers *o, const struct mc_xml_node *provider)
{
	for (const struct mc_xml_node *c = provider->first; c != NULL;
		c = c->next) {
		if (strcmp(c->name, "domain") == 0)
			take_domain(o, c);
		else if (strcmp(c->name, "displayName") == 0)
			mc_offers_name(o, c->text);
		else if (strcmp(c->name, "documentation") == 0)
			mc_offers_link(
				o, "documentation", mc_xml_get(c, "url"));
		else if (strcmp(c->name, "enable") == 0)
			mc_offers_link(o, "enable", mc_xml_get(c, "visiturl"));
		else if (strcmp(c->name, "incomingServer") == 0 ||
			strcmp(c->name, "outgoingServer") == 0)
			take_server(o, c);
	}
}

static enum mc_back_result
refuse(struct mc_offers *o, unsigned line, const char *why)
{
	const struct mailcfg_pos pos = {o->file, line, line > 0 ? 1 : 0};

	mc_say(o->report, MC_MSG_SYNTAX, &pos, NULL, NULL, "%s", why);
	return MC_BACK_BAD;
}

/* The first element with a prefix, or in another name space than the root. */
static const struct mc_xml_node *
foreign(const struct mc_xml_node *node, const char *space)
{
	const struct mc_xml_node *found = NULL;

	if (*node->prefix != '\0' || strcmp(node->space, space) != 0)
		return node;
	for (const struct mc_xml_node *c = node->first;
		c != NULL && found == NULL; c = c->next)
		found = foreign(c, space);
	return found;
}

static enum mc_back_result
read_offers(struct mc_offers *o, const char *bytes, size_t n)
{
	const struct mc_xml_node *root = mc_xml_read(
		o->arena, o->file, bytes, n, o->report);
	const struct mc_xml_node *provider, *other;

	if (root == NULL)
		return MC_BACK_BAD;
	if (strcmp(root->name, "clientConfig") != 0)
		return MC_BACK_OTHER;
	/* mail programs refuse prefixes, and take any default name space */
	other = foreign(root, root->space);
	if (other != NULL)
		return refuse(
			o, other->line, "an element of another name space");
	provider = mc_xml_child(root, "emailProvider");
	if (provider == NULL)
		return refuse(o, root->line, "there is no emailProvider in it");
	o->id = mc_xml_get(provider, "id");
	take_provider(o, provider);
	if (o->arena->failed)
		return MC_BACK_BAD;
	if (o->n == 0)
		return refuse(o, provider->line,
			"there is no server in it that can be used");
	return MC_BACK_READ;
}

static const char *const urls[] = {
	"https://autoconfig.{domain}/mail/config-v1.1.xml"
	"?emailaddress={address}",
	"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml"
	"?emailaddress={address}",
	NULL};

static const char *const plain_urls[] = {
	"http://autoconfig.{domain}/mail/config-v1.1.xml", NULL};

const struct mc_publication mc_thunderbird_publication = {
	.kind = "autoconfig",
	.urls = urls,
	.plain_urls = plain_urls,
	.read = read_offers,
};
