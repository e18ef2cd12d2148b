/* SPDX-License-Identifier: ISC */
#include "pox.h"

#include "../text.h"
#include "xml.h"

/*
 * What the program asks for and reads; "https:" in the vendor's pages is a
 * slip of their own, and answers that have it are not understood.
 */
static const char base_space[] = "http://schemas.microsoft.com/exchange/"
				 "autodiscover/responseschema/2006";
static const char answer_space[] = "http://schemas.microsoft.com/exchange/"
				   "autodiscover/outlook/responseschema/2006a";

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

/*
 * Programs up to 2007 know SSL alone: with STARTTLS they shall fail rather
 * than send in clear.
 */
static const char *
ssl_of(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT:
	case MAILCFG_TLS_STARTTLS: return "on";
	case MAILCFG_TLS_NONE: return "off";
	}
	return "";
}

/* Later ones obey this before SSL. */
static const char *
encryption_of(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return "SSL";
	case MAILCFG_TLS_STARTTLS: return "TLS";
	case MAILCFG_TLS_NONE: return "None";
	}
	return "";
}

static void
write_server(struct mc_xml *x, const struct mailcfg_account *a,
	const struct mailcfg_server *s)
{
	bool authenticates = s->auth != MAILCFG_AUTH_NONE;
	bool one = mc_same_login(a) && mc_same_password(a);

	mc_xml_open(x, "Protocol");
	mc_xml_leaf(x, "Type", type_of(s->protocol));
	mc_xml_leaf(x, "Server", s->host);
	mc_xml_leaf_uint(x, "Port", s->port);
	if (authenticates) {
		mc_xml_leaf(x, "LoginName", s->login);
		mc_xml_leaf(x, "DomainRequired", "off");
	}
	/* absent means on, for these three */
	mc_xml_leaf(x, "SPA", "off");
	mc_xml_leaf(x, "SSL", ssl_of(s->tls));
	mc_xml_leaf(x, "Encryption", encryption_of(s->tls));
	mc_xml_leaf(x, "AuthRequired", authenticates ? "on" : "off");
	if (s->protocol == MAILCFG_SUBMISSION) {
		mc_xml_leaf(
			x, "UsePOPAuth", authenticates && one ? "on" : "off");
		mc_xml_leaf(x, "SMTPLast", "off");
	}
	mc_xml_close(x);
}

bool
mc_pox_write(struct mc_buf *out, const struct mailcfg_account *a)
{
	const struct mailcfg_server *other = mc_other_incoming(a);
	struct mc_xml *x = mc_xml_new("utf-8");

	if (x == NULL)
		return false;
	mc_xml_open(x, "Autodiscover");
	mc_xml_attribute(x, "xmlns", base_space);
	mc_xml_open(x, "Response");
	mc_xml_attribute(x, "xmlns", answer_space);
	if (a->name != NULL) {
		mc_xml_open(x, "User");
		mc_xml_leaf(x, "DisplayName", a->name);
		mc_xml_close(x);
	}
	mc_xml_open(x, "Account");
	mc_xml_leaf(x, "AccountType", "email");
	mc_xml_leaf(x, "Action", "settings");
	/* in order of preference */
	write_server(x, a, mc_incoming(a));
	if (other != NULL)
		write_server(x, a, other);
	write_server(x, a, mc_submission(a));
	mc_xml_close(x);
	mc_xml_close(x);
	mc_xml_close(x);
	return mc_xml_finish(x, out);
}

void
mc_pox_check(struct mc_check *c)
{
	if (!mc_is_ascii(c->account->local_part))
		mc_warn(c, MC_MSG_UNDOCUMENTED, MC_ADDRESS,
			"nobody says which versions take an address beyond "
			"ASCII");
}

void
mc_pox_escape(struct mc_buf *out, const char *text)
{
	mc_buf_putc(out, '>');
	mc_escape_xml(out, text);
	mc_buf_putc(out, '<');
}
