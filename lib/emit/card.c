/* SPDX-License-Identifier: ISC */
/*
 * One screen of plain text, for any client and to be read out on the phone.
 * It never holds a password.
 */
#include <string.h>

#include "emit.h"
#include "words.h"

enum shape {
	SHAPE_NAME = 1 << 0,
	SHAPE_ORGANIZATION = 1 << 1,
	SHAPE_DISPLAY = 1 << 2,
	SHAPE_OTHER_LOGIN = 1 << 3,
	SHAPE_OTHER_PASSWORD = 1 << 4,
	SHAPE_BOTH = 1 << 5,
	SHAPE_PREFIX = 1 << 6,
	SHAPE_CALDAV = 1 << 7,
	SHAPE_CARDDAV = 1 << 8,
	SHAPE_PREPARATION = 1 << 9,
	SHAPE_SUPPORT = 1 << 10,
	SHAPE_ALIASES = 1 << 11, /* times their number */
};

/* What most clients call it. */
static const char *
security_of(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return "SSL/TLS";
	case MAILCFG_TLS_STARTTLS: return "STARTTLS";
	case MAILCFG_TLS_NONE: return "none (NOT encrypted)";
	}
	return "";
}

static const char *
way_of(enum mailcfg_auth auth)
{
	switch (auth) {
	case MAILCFG_AUTH_PASSWORD: return "password: the program asks for it";
	case MAILCFG_AUTH_ENCRYPTED:
		return "password, sent encrypted (CRAM-MD5): the program asks "
		       "for it";
	case MAILCFG_AUTH_OAUTH2:
		return "sign in with the provider's own page (OAuth2)";
	case MAILCFG_AUTH_NONE: return "no login for sending";
	}
	return "";
}

static const char *
service_of(enum mailcfg_protocol protocol)
{
	switch (protocol) {
	case MAILCFG_IMAP: return "IMAP";
	case MAILCFG_POP3: return "POP3";
	case MAILCFG_SUBMISSION: return "SMTP";
	}
	return "";
}

static void
put(struct mc_buf *out, const char *label, const char *value)
{
	if (value != NULL)
		mc_buf_printf(out, "%-12s%s\n", label, value);
}

static void
put_aliases(struct mc_buf *out, const struct mailcfg_account *a)
{
	for (size_t i = 0; i < a->n_aliases; i++) {
		if (i == 0)
			mc_buf_printf(out, "%-12s", "Also");
		else
			mc_buf_puts(out, ", ");
		mc_buf_puts(out, a->aliases[i]);
	}
	if (a->n_aliases > 0)
		mc_buf_putc(out, '\n');
}

static void
put_person(struct mc_buf *out, const struct mailcfg_account *a)
{
	mc_buf_printf(out, "E-mail account %s\n", a->mailbox_display);
	if (strcmp(a->mailbox, a->mailbox_display) != 0)
		put(out, "or as", a->mailbox);
	if (a->name != NULL || a->organization != NULL || a->n_aliases > 0)
		mc_buf_putc(out, '\n');
	put(out, "Name", a->name);
	put(out, "Issued by", a->organization);
	put_aliases(out, a);
}

static void
put_server(
	struct mc_buf *out, const char *label, const struct mailcfg_server *s)
{
	mc_buf_printf(out, "%-12s%s server %s\n", label,
		service_of(s->protocol), s->host);
	mc_buf_printf(out, "%-12sport %u, security %s\n", "", s->port,
		security_of(s->tls));
}

static void
put_login(struct mc_buf *out, const struct mailcfg_server *s)
{
	mc_buf_printf(out, "%-12slogin %s\n", "", s->login);
	put(out, "", way_of(s->auth));
}

static void
put_incoming(struct mc_buf *out, const struct mailcfg_account *a)
{
	const struct mailcfg_server *other = mc_other_incoming(a);

	put_server(out, "Receive", mc_incoming(a));
	put_login(out, mc_incoming(a));
	if (a->imap_prefix != NULL && a->incoming == MAILCFG_IMAP)
		mc_buf_printf(
			out, "%-12sfolders below %s\n", "", a->imap_prefix);
	if (other != NULL)
		mc_buf_printf(out, "%-12s%s server %s, port %u, security %s\n",
			"or", service_of(other->protocol), other->host,
			other->port, security_of(other->tls));
}

/* How to log in for sending. */
static void
put_submission(struct mc_buf *out, const struct mailcfg_account *a)
{
	const struct mailcfg_server *s = mc_submission(a);

	put_server(out, "Send", s);
	if (s->auth == MAILCFG_AUTH_NONE)
		put(out, "", way_of(s->auth));
	else if (mc_same_login(a) && mc_same_password(a) &&
		s->auth == mc_incoming(a)->auth)
		put(out, "", "login and password as for receiving");
	else
		put_login(out, s);
}

static void
put_dav(struct mc_buf *out, const char *label, const struct mailcfg_dav *dav)
{
	if (dav->host == NULL)
		return;
	mc_buf_printf(out, "%-12shttps://%s", label, dav->host);
	if (dav->port != 443)
		mc_buf_printf(out, ":%u", dav->port);
	mc_buf_printf(out, "%s\n", dav->path == NULL ? "" : dav->path);
}

/* The words of clients that have others. */
static void
put_legend(struct mc_buf *out, const struct mailcfg_account *a)
{
	enum mailcfg_tls in = mc_incoming(a)->tls, sub = mc_submission(a)->tls;

	mc_buf_putc(out, '\n');
	if (in == MAILCFG_TLS_IMPLICIT || sub == MAILCFG_TLS_IMPLICIT)
		mc_buf_puts(out,
			"Some programs call SSL/TLS: SSL, Use SSL, TLS on the "
			"dedicated port.\n");
	if (in == MAILCFG_TLS_STARTTLS || sub == MAILCFG_TLS_STARTTLS)
		mc_buf_puts(out,
			"Some programs call STARTTLS: TLS, TLS on the regular "
			"port.\n");
}

static void
put_steps(struct mc_buf *out, struct mc_arena *arena,
	const struct mailcfg_account *a)
{
	/* an application password is of no use where none is asked for */
	bool page = mc_incoming(a)->auth == MAILCFG_AUTH_OAUTH2;
	const char *preparation = page ? NULL : mc_preparation(arena, a);

	if (preparation != NULL)
		mc_words_wrap(out, "First: ", "       ", preparation);
	mc_words_wrap(out,
		preparation == NULL ? "First: " : "Then:  ", "       ",
		page ? "in the mail program add an account by its address, "
		       "and sign in on the page that it opens."
		     : "in the mail program add an account, choose to set "
		       "it up by hand, and type what stands above.");
	if (a->support != NULL)
		mc_buf_printf(out, "Help:  %s\n", a->support);
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	struct mc_buf *out = &e->out[0];

	put_person(out, a);
	mc_buf_putc(out, '\n');
	put_incoming(out, a);
	put_submission(out, a);
	put_dav(out, "Calendars", &a->caldav);
	put_dav(out, "Contacts", &a->carddav);
	put_legend(out, a);
	put_steps(out, e->arena, a);
	return !out->failed && !e->arena->failed;
}

static void
check(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;
	const struct {
		bool is;
		unsigned bit;
	} branches[] = {
		{a->name != NULL, SHAPE_NAME},
		{a->organization != NULL, SHAPE_ORGANIZATION},
		{strcmp(a->mailbox, a->mailbox_display) != 0, SHAPE_DISPLAY},
		{!mc_same_login(a), SHAPE_OTHER_LOGIN},
		{!mc_same_password(a), SHAPE_OTHER_PASSWORD},
		{mc_other_incoming(a) != NULL, SHAPE_BOTH},
		{a->imap_prefix != NULL, SHAPE_PREFIX},
		{a->caldav.host != NULL, SHAPE_CALDAV},
		{a->carddav.host != NULL, SHAPE_CARDDAV},
		{a->hints != NULL, SHAPE_PREPARATION},
		{a->support != NULL, SHAPE_SUPPORT},
	};

	for (size_t i = 0; i < sizeof(branches) / sizeof(branches[0]); i++)
		if (branches[i].is)
			c->shape |= branches[i].bit;
	c->shape |= (unsigned)a->n_aliases * SHAPE_ALIASES;
}

const struct mc_target mc_target_card = {
	.name = "card",
	.summary = "one screen of plain text with every value, for the phone",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_OAUTH2 | MC_CAN_UTF8 |
		MC_CAN_ALIASES | MC_CAN_CALDAV | MC_CAN_CARDDAV |
		MC_CAN_PREFIX | MC_CAN_BOTH,
	.docs = {{.role = "card", .suffix = ".card.txt", .type = "text/plain"}},
	.check = check,
	.item = item,
};
