/* SPDX-License-Identifier: ISC */
/*
 * One screen of plain text, for any client and to be read out on the phone, in
 * the language of its person.  It never holds a password.
 */
#include <string.h>

#include "../text.h"
#include "emit.h"
#include "handout.h"
#include "holes.h"
#include "words.h"

enum shape {
	SHAPE_DISPLAY = 1 << 0, /* the mailbox is shown in two ways */
};

/* A card in the making. */
struct card {
	struct mc_handout h;
	const struct mailcfg_account *a;
	struct mc_buf *out;
	size_t column; /* where values begin */
	size_t indent; /* where the words of steps begin */
};

static const char *const labels[] = {"card-or-as", "card-name", "card-issued",
	"card-also", "card-receive", "card-send", "card-or", "card-calendars",
	"card-contacts", NULL};
static const char *const steps[] = {
	"card-first", "card-then", "card-help", NULL};

static const char *
word(const struct card *c, const char *key)
{
	const char *text = mc_voice_text(&c->h.voice, key, strlen(key));

	return text == NULL ? "" : text;
}

static size_t
width_of(const char *text)
{
	return mc_utf8_count(text, strlen(text));
}

static size_t
widest(const struct card *c, const char *const *keys)
{
	size_t most = 0;

	for (; *keys != NULL; keys++)
		if (width_of(word(c, *keys)) > most)
			most = width_of(word(c, *keys));
	return most;
}

static void
fill(struct mc_buf *out, size_t n)
{
	while (n-- > 0)
		mc_buf_putc(out, ' ');
}

/* A label, or NULL, and blanks up to the column of values. */
static void
put_label(const struct card *c, const char *key)
{
	const char *text = key == NULL ? "" : word(c, key);

	mc_buf_puts(c->out, text);
	fill(c->out, c->column - width_of(text));
}

static void
put(const struct card *c, const char *label, const char *value)
{
	if (value == NULL)
		return;
	put_label(c, label);
	mc_buf_printf(c->out, "%s\n", value);
}

/* A text of the language, in the column of values. */
static void
say(struct card *c, const char *label, const char *key)
{
	put_label(c, label);
	mc_handout_say(&c->h, c->out, key);
	mc_buf_putc(c->out, '\n');
}

static const char *
way_of(enum mailcfg_auth auth)
{
	switch (auth) {
	case MAILCFG_AUTH_PASSWORD: return "card-password";
	case MAILCFG_AUTH_ENCRYPTED: return "card-encrypted";
	case MAILCFG_AUTH_OAUTH2: return "card-oauth";
	case MAILCFG_AUTH_NONE: return "card-none";
	}
	return "";
}

static void
put_aliases(const struct card *c)
{
	for (size_t i = 0; i < c->a->n_aliases; i++) {
		if (i == 0)
			put_label(c, "card-also");
		else
			mc_buf_puts(c->out, ", ");
		mc_buf_puts(c->out, c->a->aliases[i]);
	}
	if (c->a->n_aliases > 0)
		mc_buf_putc(c->out, '\n');
}

static void
put_person(struct card *c)
{
	const struct mailcfg_account *a = c->a;

	mc_handout_say(&c->h, c->out, "card-heading");
	mc_buf_putc(c->out, '\n');
	if (strcmp(a->mailbox, a->mailbox_display) != 0)
		put(c, "card-or-as", a->mailbox);
	if (a->name != NULL || a->organization != NULL || a->n_aliases > 0)
		mc_buf_putc(c->out, '\n');
	put(c, "card-name", a->name);
	put(c, "card-issued", a->organization);
	put_aliases(c);
}

static void
put_server(struct card *c, const char *label, const struct mailcfg_server *s)
{
	c->h.at = s;
	say(c, label, "card-server");
	say(c, NULL, "card-port");
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
put_login(struct card *c, const struct mailcfg_server *s)
{
	c->h.at = s;
	say(c, NULL, "card-login");
	say(c, NULL, way_of(s->auth));
}

/* The login of a server besides the chosen incoming one. */
static void
put_other_login(struct card *c, const struct mailcfg_server *s)
{
	const struct mailcfg_server *in = mc_incoming(c->a);

	put_login(c, s);
	if (asks_password(s->auth) && asks_password(in->auth) &&
		s->password != NULL && in->password != NULL &&
		strcmp(s->password, in->password) != 0)
		say(c, NULL, "card-other-password");
}

static void
put_incoming(struct card *c)
{
	const struct mailcfg_server *in = mc_incoming(c->a);
	const struct mailcfg_server *other = mc_other_incoming(c->a);

	put_server(c, "card-receive", in);
	put_login(c, in);
	if (c->a->imap_prefix != NULL && c->a->incoming == MAILCFG_IMAP)
		say(c, NULL, "card-prefix");
	if (other == NULL)
		return;
	c->h.at = other;
	say(c, "card-or", "card-other");
	if (!same_way(other, in))
		put_other_login(c, other);
}

/* How to log in for sending. */
static void
put_submission(struct card *c)
{
	const struct mailcfg_server *s = mc_submission(c->a);
	const struct mailcfg_server *in = mc_incoming(c->a);

	put_server(c, "card-send", s);
	if (s->auth == MAILCFG_AUTH_NONE)
		say(c, NULL, way_of(s->auth));
	else if (!same_way(s, in))
		put_other_login(c, s);
	else if (asks_password(s->auth))
		say(c, NULL, "card-same-password");
	else
		say(c, NULL, "card-same-sign-in");
}

static void
put_dav(const struct card *c, const char *label, const struct mailcfg_dav *dav)
{
	if (dav->host == NULL)
		return;
	put_label(c, label);
	mc_buf_printf(c->out, "https://%s", dav->host);
	if (dav->port != 443)
		mc_buf_printf(c->out, ":%u", dav->port);
	mc_buf_printf(c->out, "%s\n", dav->path == NULL ? "" : dav->path);
}

/* The words of clients that have others. */
static void
put_legend(struct card *c)
{
	bool is[MAILCFG_TLS_NONE + 1] = {false};

	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		if (c->a->server[i].host != NULL)
			is[c->a->server[i].tls] = true;
	mc_buf_putc(c->out, '\n');
	if (is[MAILCFG_TLS_IMPLICIT])
		mc_buf_printf(c->out, "%s\n", word(c, "card-implicit"));
	if (is[MAILCFG_TLS_STARTTLS])
		mc_buf_printf(c->out, "%s\n", word(c, "card-starttls"));
}

/* What to do in the mail program. */
static const char *
step_of(const struct mailcfg_account *a)
{
	bool receive = mc_incoming(a)->auth == MAILCFG_AUTH_OAUTH2;
	bool send = mc_submission(a)->auth == MAILCFG_AUTH_OAUTH2;

	if (receive)
		return send ? "card-sign-in" : "card-sign-in-receive";
	return send ? "card-sign-in-send" : "card-hand";
}

/* Words of a key, wrapped behind a label.  false: out of memory. */
static void
put_step(struct card *c, const char *label, const char *key)
{
	struct mc_buf text = {0}, first = {0}, rest = {0};

	mc_handout_say(&c->h, &text, key);
	mc_buf_puts(&first, word(c, label));
	fill(&first, c->indent - width_of(word(c, label)));
	fill(&rest, c->indent);
	if (text.failed || first.failed || rest.failed)
		c->out->failed = true;
	else if (text.data != NULL)
		mc_words_wrap(c->out, first.data, rest.data, text.data);
	mc_buf_free(&text);
	mc_buf_free(&first);
	mc_buf_free(&rest);
}

static void
put_steps(struct card *c)
{
	bool first = mc_preparation(c->h.arena, c->a) != NULL;

	if (first)
		put_step(c, "card-first", "card-preparation");
	put_step(c, first ? "card-then" : "card-first", step_of(c->a));
	if (c->a->support == NULL)
		return;
	mc_buf_puts(c->out, word(c, "card-help"));
	fill(c->out, c->indent - width_of(word(c, "card-help")));
	mc_buf_printf(c->out, "%s\n", c->a->support);
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	struct card *c = mc_arena_alloc(e->arena, sizeof(*c));

	if (c == NULL)
		return false;
	c->h.options = e->options;
	c->h.arena = e->arena;
	c->h.accounts[0] = c->a = a;
	c->h.n = 1;
	c->out = &e->out[0];
	mc_handout_start(&c->h);
	c->column = widest(c, labels) + 2;
	if (c->column < 12)
		c->column = 12;
	c->indent = widest(c, steps) + 1;
	put_person(c);
	mc_buf_putc(c->out, '\n');
	put_incoming(c);
	put_submission(c);
	put_dav(c, "card-calendars", &a->caldav);
	put_dav(c, "card-contacts", &a->carddav);
	put_legend(c);
	put_steps(c);
	return !c->out->failed && !e->arena->failed;
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
		MC_CAN_PREFIX | MC_CAN_BOTH | MC_SPEAKS,
	.clients = clients,
	.docs = {{.role = "card", .suffix = ".card.txt", .type = "text/plain"}},
	.holes = holes,
	.check = check,
	.item = item,
};
