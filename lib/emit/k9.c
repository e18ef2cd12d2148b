/* SPDX-License-Identifier: ISC */
/*
 * The settings file of K-9 Mail, which Thunderbird for Android and FairEmail
 * import too.
 */
#include <string.h>

#include "../text.h"
#include "../uuid.h"
#include "android_client.h"
#include "holes.h"
#include "xml.h"

/*
 * The version of what is in it decides which words there are.  This one is
 * what the program itself writes when it imports a QR code.
 */
static const char content_version[] = "99";
static const char format_version[] = "1";

/* NULL: out of memory. */
static const char *
uuid_of(struct mc_arena *arena, const struct mailcfg_account *a)
{
	static const struct mc_purpose k9 = MC_PURPOSE(".k9");
	char *text = mc_arena_room(arena, MC_UUID_SIZE);

	if (text == NULL)
		return NULL;
	mc_uuid5(mc_account_of(a)->identifier, &k9, text);
	/* as the program writes its own */
	for (char *at = text; *at != '\0'; at++)
		*at = mc_lower(*at);
	return text;
}

static const char *
type_of(enum mailcfg_protocol protocol)
{
	switch (protocol) {
	case MAILCFG_IMAP: return "IMAP";
	case MAILCFG_POP3: return "POP3";
	case MAILCFG_SUBMISSION: return "SMTP";
	}
	return "";
}

static const char *
security_of(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return "SSL_TLS_REQUIRED";
	case MAILCFG_TLS_STARTTLS: return "STARTTLS_REQUIRED";
	case MAILCFG_TLS_NONE: return "NONE";
	}
	return "";
}

static const char *
authentication_of(enum mailcfg_auth auth)
{
	switch (auth) {
	case MAILCFG_AUTH_PASSWORD: return "PLAIN";
	case MAILCFG_AUTH_ENCRYPTED: return "CRAM_MD5";
	case MAILCFG_AUTH_OAUTH2: return "XOAUTH2";
	case MAILCFG_AUTH_NONE: return "NONE";
	}
	return "";
}

/*
 * What the program chooses by itself: mail stays on a POP3 server when it is
 * deleted on the telephone.
 */
static const char *
deletion_of(enum mailcfg_protocol incoming)
{
	return incoming == MAILCFG_POP3 ? "NEVER" : "DELETE";
}

static void
write_value(struct mc_xml *x, const char *key, const char *text)
{
	mc_xml_open(x, "value");
	mc_xml_attribute(x, "key", key);
	mc_xml_text(x, text);
	mc_xml_close(x);
}

static void
write_login(struct mc_xml *x, const char *login)
{
	if (login != NULL) {
		mc_xml_leaf(x, "username", login);
		return;
	}
	mc_xml_open(x, "username");
	mc_xml_close(x);
}

static void
write_server(struct mc_xml *x, const char *element,
	const struct mailcfg_account *a, const struct mailcfg_server *s,
	const struct mc_options *o)
{
	const char *password = mc_android_password(s, o);

	mc_xml_open(x, element);
	mc_xml_attribute(x, "type", type_of(s->protocol));
	mc_xml_leaf(x, "host", s->host);
	mc_xml_leaf_uint(x, "port", s->port);
	mc_xml_leaf(x, "connection-security", security_of(s->tls));
	mc_xml_leaf(x, "authentication-type", authentication_of(s->auth));
	write_login(x, s->login);
	if (password != NULL)
		mc_xml_leaf(x, "password", password);
	if (s->protocol == MAILCFG_IMAP && a->imap_prefix != NULL) {
		mc_xml_open(x, "extra");
		write_value(x, "autoDetectNamespace", "false");
		write_value(x, "pathPrefix", a->imap_prefix);
		mc_xml_close(x);
	}
	mc_xml_close(x);
}

static void
write_identity(struct mc_xml *x, const char *name, const char *address)
{
	mc_xml_open(x, "identity");
	if (name != NULL)
		mc_xml_leaf(x, "name", name);
	mc_xml_leaf(x, "email", address);
	mc_xml_close(x);
}

static bool
begin(struct mc_emit *e)
{
	struct mc_xml *x = mc_xml_new("UTF-8");

	e->state = x;
	if (x == NULL)
		return false;
	mc_xml_open(x, "k9settings");
	mc_xml_attribute(x, "version", content_version);
	mc_xml_attribute(x, "format", format_version);
	mc_xml_open(x, "accounts");
	return true;
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	const char *uuid = uuid_of(e->arena, a);
	struct mc_xml *x = e->state;

	if (uuid == NULL)
		return false;
	mc_xml_open(x, "account");
	mc_xml_attribute(x, "uuid", uuid);
	mc_xml_leaf(x, "name", a->mailbox);
	write_server(x, "incoming-server", a, mc_incoming(a), e->options);
	write_server(x, "outgoing-server", a, mc_submission(a), e->options);
	mc_xml_open(x, "settings");
	write_value(x, "deletePolicy", deletion_of(a->incoming));
	mc_xml_close(x);
	mc_xml_open(x, "identities");
	write_identity(x, a->name, a->mailbox);
	for (size_t i = 0; i < a->n_aliases; i++)
		write_identity(x, a->name, a->aliases[i]);
	mc_xml_close(x);
	mc_xml_close(x);
	return true;
}

static bool
end(struct mc_emit *e)
{
	struct mc_xml *x = e->state;

	e->state = NULL;
	mc_xml_close(x);
	mc_xml_close(x);
	return mc_xml_finish(x, &e->out[0]) && !e->failed;
}

/* FairEmail takes an account with passwords at both servers, or not at all. */
static void
check_password_alone(struct mc_check *c, const struct mailcfg_server *s)
{
	if (s->auth != MAILCFG_AUTH_PASSWORD)
		mc_warn(c, MC_MSG_UNDOCUMENTED,
			mc_server_field(s->protocol, MC_PART_AUTH),
			"FairEmail leaves the account out for it");
}

static void
check(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;

	mc_android_check(c);
	if (c->refused)
		return;
	check_password_alone(c, mc_incoming(a));
	check_password_alone(c, mc_submission(a));
}

static const struct mc_hole holes[] = {
	{uuid_of, NULL},
	{mc_get_mailbox, mc_escape_xml},
	{mc_get_name, mc_escape_xml},
	{mc_get_login, mc_escape_xml},
	{mc_get_smtp_login, mc_escape_xml},
	{mc_get_password, mc_escape_xml},
	{mc_get_smtp_password, mc_escape_xml},
	{NULL, NULL},
};

static const char *const limits[] = {
	"OAuth2 for Gmail, Microsoft, Yahoo, AOL and Fastmail alone, and not "
	"over POP3",
	"a second import of the same file makes a second account",
	"FairEmail takes no password from it, and no account that logs in "
	"otherwise than by password",
	NULL};

static const char *const clients[] = {"tfa", NULL};

const struct mc_target mc_target_k9 = {
	.name = "k9",
	.summary = "settings file for K-9 Mail, Thunderbird for Android and "
		   "FairEmail",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_OAUTH2 | MC_CAN_SECRET |
		MC_CAN_SMTP_SECRET | MC_CAN_SEVERAL | MC_CAN_ALIASES |
		MC_CAN_PREFIX | MC_HAS_IDENTIFIER,
	.limits = limits,
	.clients = clients,
	.docs = {{.role = "settings",
		.suffix = ".k9s",
		.type = "application/octet-stream",
		.secret = true}},
	.holes = holes,
	.heeds = MC_HEEDS_SIGNS,
	.check = check,
	.begin = begin,
	.item = item,
	.end = end,
};
