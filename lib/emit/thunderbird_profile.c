/* SPDX-License-Identifier: ISC */
/* Thunderbird: the user.js that gives a new profile its account. */
#include <string.h>

#include "holes.h"
#include "thunderbird_client.h"

static void
check(struct mc_check *c)
{
	mc_thunderbird_check_server(c, mc_incoming(c->account));
	mc_thunderbird_check_server(c, mc_submission(c->account));
}

/* In a JavaScript string; control characters do not pass the gate. */
static void
escape(struct mc_buf *out, const char *text)
{
	for (;;) {
		size_t n = strcspn(text, "\\\"");

		mc_buf_add(out, text, n);
		text += n;
		if (*text == '\0')
			return;
		mc_buf_putc(out, '\\');
		mc_buf_putc(out, *text++);
	}
}

static void
put_text(struct mc_buf *out, const char *key, const char *text)
{
	mc_buf_printf(out, "user_pref(\"%s\", \"", key);
	escape(out, text);
	mc_buf_puts(out, "\");\n");
}

static void
put_number(struct mc_buf *out, const char *key, unsigned number)
{
	mc_buf_printf(out, "user_pref(\"%s\", %u);\n", key, number);
}

static void
put_true(struct mc_buf *out, const char *key)
{
	mc_buf_printf(out, "user_pref(\"%s\", true);\n", key);
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

/* nsMsgSocketType; 1 is STARTTLS if the server likes, and never written. */
static unsigned
socket_type(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return 3;
	case MAILCFG_TLS_STARTTLS: return 2;
	case MAILCFG_TLS_NONE: return 0;
	}
	return 3;
}

/* nsMsgAuthMethod */
static unsigned
auth_method(enum mailcfg_auth auth)
{
	switch (auth) {
	case MAILCFG_AUTH_PASSWORD: return 3;
	case MAILCFG_AUTH_ENCRYPTED: return 4;
	case MAILCFG_AUTH_OAUTH2: return 10;
	case MAILCFG_AUTH_NONE: return 1;
	}
	return 3;
}

static void
put_person(struct mc_buf *out, const struct mailcfg_account *a)
{
	put_text(out, "mail.accountmanager.accounts", "account1");
	put_text(out, "mail.accountmanager.defaultaccount", "account1");
	put_text(out, "mail.account.account1.server", "server1");
	put_text(out, "mail.account.account1.identities", "id1");
	put_text(out, "mail.identity.id1.useremail", a->mailbox);
	/* a name that is another spelling of the address looks like a fraud */
	put_text(out, "mail.identity.id1.fullName",
		a->name == NULL ? a->mailbox : a->name);
	put_text(out, "mail.identity.id1.smtpServer", "smtp1");
	put_true(out, "mail.identity.id1.valid");
}

/* Note userName here, username below. */
static void
put_incoming(struct mc_buf *out, const struct mailcfg_account *a)
{
	const struct mailcfg_server *s = mc_incoming(a);

	put_text(out, "mail.server.server1.type", server_type(s->protocol));
	put_text(out, "mail.server.server1.hostname", s->host);
	put_number(out, "mail.server.server1.port", s->port);
	put_number(out, "mail.server.server1.socketType", socket_type(s->tls));
	put_number(out, "mail.server.server1.authMethod", auth_method(s->auth));
	put_text(out, "mail.server.server1.userName", s->login);
	put_text(out, "mail.server.server1.name", a->mailbox_display);
	/* without it mail that was fetched is deleted on the server */
	if (s->protocol == MAILCFG_POP3)
		put_true(out, "mail.server.server1.leave_on_server");
}

static void
put_outgoing(struct mc_buf *out, const struct mailcfg_account *a)
{
	const struct mailcfg_server *s = mc_submission(a);

	put_text(out, "mail.smtpservers", "smtp1");
	put_text(out, "mail.smtp.defaultserver", "smtp1");
	put_text(out, "mail.smtpserver.smtp1.type", server_type(s->protocol));
	put_text(out, "mail.smtpserver.smtp1.hostname", s->host);
	put_number(out, "mail.smtpserver.smtp1.port", s->port);
	put_number(out, "mail.smtpserver.smtp1.try_ssl", socket_type(s->tls));
	put_number(
		out, "mail.smtpserver.smtp1.authMethod", auth_method(s->auth));
	if (s->login != NULL)
		put_text(out, "mail.smtpserver.smtp1.username", s->login);
	put_text(out, "mail.smtpserver.smtp1.description", a->domain_display);
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	put_person(&e->out[0], a);
	put_incoming(&e->out[0], a);
	put_outgoing(&e->out[0], a);
	return true;
}

static const struct mc_hole holes[] = {
	{mc_get_mailbox, escape},
	{mc_get_mailbox_display, escape},
	{mc_get_domain_display, escape},
	{mc_get_name, escape},
	{mc_get_login, escape},
	{mc_get_smtp_login, escape},
	{NULL, NULL},
};

static const char *const clients[] = {"thunderbird", NULL};

/*
 * Without MC_CAN_SECRET: Thunderbird keeps passwords encrypted, elsewhere.
 * Without MC_CAN_UTF8: it reads the preferences of an address and of a login
 * for submission byte by byte.
 */
const struct mc_target mc_target_thunderbird_profile = {
	.name = "thunderbird-profile",
	.summary = "user.js with the whole account for a new Thunderbird "
		   "profile",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_OAUTH2,
	.clients = clients,
	.docs = {{.role = "preferences",
		.suffix = ".user.js",
		.type = "text/javascript"}},
	.holes = holes,
	.check = check,
	.item = item,
};
