/* SPDX-License-Identifier: ISC */
/* Thunderbird: autoconfig XML, one for a domain where it can be. */
#include <string.h>

#include "../text.h"
#include "holes.h"
#include "thunderbird_client.h"
#include "thunderbird_read.h"
#include "xml.h"

/* Servers that a file can hold: both incoming ones, and submission. */
enum { SERVERS_MAX = 3 };

/* In the order of the file; returns how many. */
static size_t
servers_of(const struct mailcfg_account *a,
	const struct mailcfg_server *list[SERVERS_MAX])
{
	const struct mailcfg_server *other = mc_other_incoming(a);
	size_t n = 0;

	list[n++] = mc_incoming(a);
	if (other != NULL)
		list[n++] = other;
	list[n++] = mc_submission(a);
	return n;
}

/*
 * Logins that the client makes out of the address.  Local-part, @ and domain
 * are not among them: a client has been seen to stumble over that one.
 */
static const struct {
	const char *text;
	char between;
	bool domain_first;
} forms[] = {
	{"%EMAILLOCALPART%.%EMAILDOMAIN%", '.', false},
	{"%EMAILLOCALPART%_%EMAILDOMAIN%", '_', false},
	{"%EMAILLOCALPART%+%EMAILDOMAIN%", '+', false},
	{"%EMAILDOMAIN%\\%EMAILLOCALPART%", '\\', true},
	{"%EMAILDOMAIN%/%EMAILLOCALPART%", '/', true},
};

static bool
joins(const char *login, const char *first, char between, const char *second)
{
	size_t n;

	if (*login != *first)
		return false;
	n = strlen(first);
	return strncmp(login, first, n) == 0 && login[n] == between &&
		strcmp(login + n + 1, second) == 0;
}

/* How a login is written; the rows of forms[] follow. */
enum { FORM_ITSELF = 0, FORM_MAILBOX, FORM_LOCAL_PART, FORM_JOINED };

/*
 * The login in the words of the format, and its form: the login itself where
 * no placeholder makes it.
 */
static const char *
login_text(const struct mailcfg_account *a, const char *login, unsigned *form)
{
	*form = FORM_MAILBOX;
	if (strcmp(login, a->mailbox) == 0)
		return "%EMAILADDRESS%";
	*form = FORM_LOCAL_PART;
	if (strcmp(login, a->local_part) == 0)
		return "%EMAILLOCALPART%";
	for (unsigned i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		bool swap = forms[i].domain_first;

		*form = FORM_JOINED + i;
		if (joins(login, swap ? a->domain : a->local_part,
			    forms[i].between, swap ? a->local_part : a->domain))
			return forms[i].text;
	}
	*form = FORM_ITSELF;
	return login;
}

/* A password that is written; with OAuth2 there is none to write. */
static const char *
password_of(const struct mailcfg_server *s, const struct mc_options *o)
{
	return o->embed_password && s->auth != MAILCFG_AUTH_OAUTH2 ? s->password
								   : NULL;
}

/* Elements that show the domain to people. */
static const struct {
	const char *element;
	size_t most; /* characters that the format allows */
} labels[] = {{"displayName", 60}, {"displayShortName", 20}};

enum { LABELS = sizeof(labels) / sizeof(labels[0]) };

/* Whether the domain as people know it can be the label. */
static bool
fits(const char *domain, size_t i)
{
	return mc_utf8_count(domain, strlen(domain)) <= labels[i].most &&
		mc_thunderbird_keeps(domain);
}

/* Whether the file would fit one person only. */
static enum mc_scope
scope(const struct mailcfg_account *a, const struct mc_options *o)
{
	const struct mailcfg_server *list[SERVERS_MAX];
	size_t n = servers_of(a, list);
	unsigned form;

	for (size_t i = 0; i < n; i++) {
		if (password_of(list[i], o) != NULL)
			return MC_SCOPE_ACCOUNT;
		if (list[i]->login == NULL)
			continue;
		(void)login_text(a, list[i]->login, &form);
		if (form == FORM_ITSELF)
			return MC_SCOPE_ACCOUNT;
	}
	return MC_SCOPE_DOMAIN;
}

/*
 * The address is the second argument of JavaScript's replaceAll() when the
 * client puts it in the place of %EMAILADDRESS%, also for the From field: some
 * pairs that begin with $ mean something there, and the other placeholders
 * are replaced in it afterwards.
 */
static void
check_address(struct mc_check *c)
{
	const char *mailbox = c->account->mailbox;
	const char *word = mc_thunderbird_placeholder(mailbox);

	for (const char *s = mailbox; (s = strchr(s, '$')) != NULL; s++)
		if (s[1] != '\0' && strchr("$&'`", s[1]) != NULL) {
			mc_refuse(c, MC_ADDRESS,
				"Thunderbird would change %.2s in it, a "
				"user.js file can carry it",
				s);
			return;
		}
	if (word != NULL)
		mc_refuse(c, MC_ADDRESS,
			"Thunderbird would replace %s in it, a user.js file "
			"can carry it",
			word);
	if (!mc_thunderbird_keeps(c->account->domain))
		mc_refuse(c, MC_ADDRESS,
			"Thunderbird would take the domain for a number");
}

static void
check_login(struct mc_check *c, const struct mailcfg_server *s)
{
	enum mc_field_id id = mc_server_field(s->protocol, MC_PART_LOGIN);
	const char *text, *word;
	unsigned form;

	if (s->login == NULL)
		return;
	text = login_text(c->account, s->login, &form);
	if (form != FORM_ITSELF)
		return;
	word = mc_thunderbird_placeholder(text);
	if (word != NULL)
		mc_refuse(c, id,
			"Thunderbird would replace %s in it, a user.js file "
			"can carry it",
			word);
	else if (!mc_thunderbird_keeps(text))
		mc_refuse(c, id,
			"Thunderbird would change \"%s\", for it looks like a "
			"number or a truth value or has a blank at an end; a "
			"user.js file can carry it",
			text);
}

static void
check_password(struct mc_check *c, const struct mailcfg_server *s)
{
	const char *password = password_of(s, c->options);

	if (password != NULL && !mc_thunderbird_keeps(password))
		mc_refuse(c, mc_server_field(s->protocol, MC_PART_PASSWORD),
			"Thunderbird would change it, for it looks like a "
			"number or a truth value or has a blank at an end: "
			"leave out --embed-password, and it asks the person");
}

static void
check_server(struct mc_check *c, const struct mailcfg_server *s)
{
	if (!mc_thunderbird_keeps(s->host))
		mc_refuse(c, mc_server_field(s->protocol, MC_PART_HOST),
			"Thunderbird would take \"%s\" for a number or a "
			"truth value",
			s->host);
	check_login(c, s);
	check_password(c, s);
	mc_thunderbird_check_server(c, s);
}

/* Says at the first server what costs one client the file. */
static void
check_android(
	struct mc_check *c, const struct mailcfg_server *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct mailcfg_server *s = list[i];
		bool clear = s->tls == MAILCFG_TLS_NONE;

		if (!clear && s->auth != MAILCFG_AUTH_NONE)
			continue;
		mc_warn(c, MC_MSG_UNDOCUMENTED,
			mc_server_field(s->protocol,
				clear ? MC_PART_TLS : MC_PART_AUTH),
			"Thunderbird for Android refuses the whole file for "
			"it");
		return;
	}
}

static void
check(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;
	const struct mailcfg_server *list[SERVERS_MAX];
	size_t n = servers_of(a, list);

	check_address(c);
	for (size_t i = 0; i < n; i++)
		check_server(c, list[i]);
	check_android(c, list, n);
	if (a->server[MAILCFG_POP3].host != NULL)
		mc_warn(c, MC_MSG_POP3_DELETES, MC_POP3,
			"Thunderbird removes it there after 14 days, unless "
			"the account's settings say otherwise");
}

static const char *
server_type(enum mailcfg_protocol protocol)
{
	switch (protocol) {
	case MAILCFG_IMAP: return "imap";
	case MAILCFG_POP3: return "pop3";
	case MAILCFG_SUBMISSION: return "smtp";
	}
	return "";
}

static const char *
socket_type(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return "SSL";
	case MAILCFG_TLS_STARTTLS: return "STARTTLS";
	case MAILCFG_TLS_NONE: return "plain";
	}
	return "";
}

/* One value only: a client takes the first that it knows. */
static const char *
authentication(enum mailcfg_auth auth)
{
	switch (auth) {
	case MAILCFG_AUTH_PASSWORD: return "password-cleartext";
	case MAILCFG_AUTH_ENCRYPTED: return "password-encrypted";
	case MAILCFG_AUTH_OAUTH2: return "OAuth2";
	case MAILCFG_AUTH_NONE: return "none";
	}
	return "";
}

static void
write_server(struct mc_xml *x, const struct mailcfg_account *a,
	const struct mailcfg_server *s, const struct mc_options *o)
{
	const char *password = password_of(s, o);
	unsigned form;

	mc_xml_open(x,
		s->protocol == MAILCFG_SUBMISSION ? "outgoingServer"
						  : "incomingServer");
	mc_xml_attribute(x, "type", server_type(s->protocol));
	mc_xml_leaf(x, "hostname", s->host);
	mc_xml_leaf_uint(x, "port", s->port);
	mc_xml_leaf(x, "socketType", socket_type(s->tls));
	mc_xml_leaf(x, "authentication", authentication(s->auth));
	if (s->login != NULL)
		mc_xml_leaf(x, "username", login_text(a, s->login, &form));
	if (password != NULL)
		mc_xml_leaf(x, "password", password);
	mc_xml_close(x);
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	const struct mailcfg_server *list[SERVERS_MAX];
	size_t n = servers_of(a, list);
	struct mc_xml *x = mc_xml_new("UTF-8");

	if (x == NULL)
		return false;
	mc_xml_open(x, "clientConfig");
	mc_xml_attribute(x, "version", "1.1");
	mc_xml_open(x, "emailProvider");
	mc_xml_attribute(x, "id", a->domain);
	mc_xml_leaf(x, "domain", a->domain);
	for (size_t i = 0; i < LABELS; i++)
		if (fits(a->domain_display, i))
			mc_xml_leaf(x, labels[i].element, a->domain_display);
	for (size_t i = 0; i < n; i++)
		write_server(x, a, list[i], e->options);
	mc_xml_close(x);
	mc_xml_close(x);
	return mc_xml_finish(x, &e->out[0]);
}

/*
 * The labels as they stand in the document, all of them or those that fit: a
 * domain's length is the one thing of a person's that adds elements.
 */
static void
escape_labels(struct mc_buf *out, const char *domain)
{
	for (size_t i = 0; i < LABELS; i++) {
		if (!fits(domain, i))
			continue;
		mc_buf_putc(out, '<');
		mc_buf_puts(out, labels[i].element);
		mc_buf_putc(out, '>');
		mc_escape_xml(out, domain);
		mc_buf_puts(out, "</");
		mc_buf_puts(out, labels[i].element);
		mc_buf_puts(out, ">\n    ");
	}
}

/*
 * What stands for the login.  Whether it is the mailbox or the local-part
 * belongs to the shape, and no hole is needed for their placeholders.
 */
static const char *
get_login_text(const struct mailcfg_account *a, const struct mailcfg_server *s)
{
	const char *text;
	unsigned form;

	if (s == NULL || s->login == NULL)
		return NULL;
	text = login_text(a, s->login, &form);
	return form == FORM_MAILBOX || form == FORM_LOCAL_PART ? NULL : text;
}

static const char *
get_login(struct mc_arena *arena, const struct mailcfg_account *a)
{
	(void)arena;
	return get_login_text(a, mc_incoming(a));
}

static const char *
get_other_login(struct mc_arena *arena, const struct mailcfg_account *a)
{
	(void)arena;
	return get_login_text(a, mc_other_incoming(a));
}

static const char *
get_smtp_login(struct mc_arena *arena, const struct mailcfg_account *a)
{
	(void)arena;
	return get_login_text(a, mc_submission(a));
}

static const struct mc_hole holes[] = {
	{mc_get_domain, NULL},
	{mc_get_domain_display, escape_labels},
	{get_login, mc_escape_xml},
	{get_other_login, mc_escape_xml},
	{get_smtp_login, mc_escape_xml},
	{mc_get_password, mc_escape_xml},
	{mc_get_other_password, mc_escape_xml},
	{mc_get_smtp_password, mc_escape_xml},
	{NULL, NULL},
};

static const char *const aliases[] = {"autoconfig", NULL};

static const char *const clients[] = {"thunderbird", NULL};

/*
 * Without MC_CAN_UTF8: Thunderbird 153 reads the file right, then keeps the
 * low bytes only of a local-part beyond ASCII, in the person's address and in
 * the login for submission.
 */
const struct mc_target mc_target_thunderbird = {
	.name = "thunderbird",
	.aliases = aliases,
	.summary = "autoconfig XML of a mail domain for Thunderbird",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_OAUTH2 | MC_CAN_SECRET |
		MC_CAN_SMTP_SECRET | MC_CAN_BOTH,
	.scope = scope,
	.clients = clients,
	.docs = {{.role = "autoconfig",
		.suffix = ".autoconfig.xml",
		.type = "text/xml",
		.secret = true}},
	.holes = holes,
	.heeds = MC_HEEDS_SIGNS | MC_SIGN_WIDE | MC_SIGN_DOLLAR |
		MC_SIGN_NUMBER | MC_SIGN_WORD | MC_SIGN_NEAR,
	.check = check,
	.item = item,
	.publication = &mc_thunderbird_publication,
};
