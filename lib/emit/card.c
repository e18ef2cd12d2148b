/* SPDX-License-Identifier: ISC */
/*
 * One screen of plain text, for any client and to be read out on the phone.
 * It never holds a password.
 */
#include <string.h>

#include "emit.h"
#include "holes.h"
#include "words.h"

enum shape {
	SHAPE_DISPLAY = 1 << 0, /* the mailbox is shown in two ways */
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

static bool
asks_password(enum mailcfg_auth auth)
{
	return auth == MAILCFG_AUTH_PASSWORD || auth == MAILCFG_AUTH_ENCRYPTED;
}

/* Of two texts that may be absent. */
static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Whether a person logs in to both servers in one way. */
static bool
same_way(const struct mailcfg_server *a, const struct mailcfg_server *b)
{
	return a->auth == b->auth && same(a->login, b->login) &&
		(!asks_password(a->auth) || same(a->password, b->password));
}

static void
put_login(struct mc_buf *out, const struct mailcfg_server *s)
{
	mc_buf_printf(out, "%-12slogin %s\n", "", s->login);
	put(out, "", way_of(s->auth));
}

/* The login of a server besides the chosen incoming one. */
static void
put_other_login(struct mc_buf *out, const struct mailcfg_server *s,
	const struct mailcfg_server *in)
{
	put_login(out, s);
	if (asks_password(s->auth) && asks_password(in->auth) &&
		s->password != NULL && in->password != NULL &&
		strcmp(s->password, in->password) != 0)
		mc_buf_printf(out, "%-12sanother password than for %s\n", "",
			service_of(in->protocol));
}

static void
put_incoming(struct mc_buf *out, const struct mailcfg_account *a)
{
	const struct mailcfg_server *in = mc_incoming(a);
	const struct mailcfg_server *other = mc_other_incoming(a);

	put_server(out, "Receive", in);
	put_login(out, in);
	if (a->imap_prefix != NULL && a->incoming == MAILCFG_IMAP)
		mc_buf_printf(
			out, "%-12sfolders below %s\n", "", a->imap_prefix);
	if (other == NULL)
		return;
	mc_buf_printf(out, "%-12s%s server %s, port %u, security %s\n", "or",
		service_of(other->protocol), other->host, other->port,
		security_of(other->tls));
	if (!same_way(other, in))
		put_other_login(out, other, in);
}

/* How to log in for sending. */
static void
put_submission(struct mc_buf *out, const struct mailcfg_account *a)
{
	const struct mailcfg_server *s = mc_submission(a);
	const struct mailcfg_server *in = mc_incoming(a);

	put_server(out, "Send", s);
	if (s->auth == MAILCFG_AUTH_NONE)
		put(out, "", way_of(s->auth));
	else if (!same_way(s, in))
		put_other_login(out, s, in);
	else if (asks_password(s->auth))
		put(out, "", "login and password as for receiving");
	else
		put(out, "", "login and sign-in as for receiving");
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
	bool is[MAILCFG_TLS_NONE + 1] = {false};

	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		if (a->server[i].host != NULL)
			is[a->server[i].tls] = true;
	mc_buf_putc(out, '\n');
	if (is[MAILCFG_TLS_IMPLICIT])
		mc_buf_puts(out,
			"Some programs call SSL/TLS: SSL, Use SSL, TLS on the "
			"dedicated port.\n");
	if (is[MAILCFG_TLS_STARTTLS])
		mc_buf_puts(out,
			"Some programs call STARTTLS: TLS, TLS on the regular "
			"port.\n");
}

/* What to do in the mail program. */
static const char *
step_of(const struct mailcfg_account *a)
{
	bool receive = mc_incoming(a)->auth == MAILCFG_AUTH_OAUTH2;
	bool send = mc_submission(a)->auth == MAILCFG_AUTH_OAUTH2;

	if (receive && send)
		return "in the mail program add an account by its address, "
		       "and sign in on the page that it opens.";
	if (receive || send)
		return receive
			? "in the mail program add an account, choose to set "
			  "it up by hand, type what stands above, and for "
			  "receiving sign in on the page that it opens."
			: "in the mail program add an account, choose to set "
			  "it up by hand, type what stands above, and for "
			  "sending sign in on the page that it opens.";
	return "in the mail program add an account, choose to set it up by "
	       "hand, and type what stands above.";
}

static void
put_steps(struct mc_buf *out, struct mc_arena *arena,
	const struct mailcfg_account *a)
{
	const char *preparation = mc_preparation(arena, a);

	if (preparation != NULL)
		mc_words_wrap(out, "First: ", "       ", preparation);
	mc_words_wrap(out,
		preparation == NULL ? "First: " : "Then:  ", "       ",
		step_of(a));
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

	if (strcmp(a->mailbox, a->mailbox_display) != 0)
		c->shape |= SHAPE_DISPLAY;
}

/* Plain text: everything stands as it is. */
static const struct mc_hole holes[] = {
	{mc_get_mailbox_display, NULL},
	{mc_get_mailbox, NULL},
	{mc_get_name, NULL},
	{mc_get_login, NULL},
	{mc_get_smtp_login, NULL},
	{mc_get_other_login, NULL},
	{NULL, NULL},
};

static const char *const clients[] = {MC_ANY_CLIENT, NULL};

const struct mc_target mc_target_card = {
	.name = "card",
	.summary = "one screen of plain text with every value, for the phone",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_OAUTH2 | MC_CAN_UTF8 |
		MC_CAN_ALIASES | MC_CAN_CALDAV | MC_CAN_CARDDAV |
		MC_CAN_PREFIX | MC_CAN_BOTH,
	.clients = clients,
	.docs = {{.role = "card", .suffix = ".card.txt", .type = "text/plain"}},
	.holes = holes,
	.check = check,
	.item = item,
};
