/* SPDX-License-Identifier: ISC */
/* Apple: a configuration profile with mail, CalDAV and CardDAV payloads. */
#include <stdlib.h>
#include <string.h>

#include "../date.h"
#include "../text.h"
#include "../uuid.h"
#include "apple_dav.h"
#include "apple_dict.h"
#include "apple_read.h"
#include "holes.h"

enum shape {
	SHAPE_NAME = 1 << 0,
	SHAPE_ORGANIZATION = 1 << 1,
	SHAPE_PREFIX = 1 << 2,
	SHAPE_PASSWORD_IN = 1 << 3,
	SHAPE_PASSWORD_OUT = 1 << 4,
	SHAPE_ONE_PASSWORD = 1 << 5,
	SHAPE_CALDAV = 1 << 6,
	SHAPE_CARDDAV = 1 << 7,
};

/* Every branch on a value that is taken below. */
static unsigned
shape_of(const struct mailcfg_account *a, const struct mc_options *o)
{
	const struct mailcfg_server *in = mc_incoming(a);
	const struct mailcfg_server *out = mc_submission(a);
	unsigned shape = 0;

	if (a->name != NULL)
		shape |= SHAPE_NAME;
	if (a->organization != NULL)
		shape |= SHAPE_ORGANIZATION;
	if (a->imap_prefix != NULL && in->protocol == MAILCFG_IMAP)
		shape |= SHAPE_PREFIX;
	if (o->embed_password && in->password != NULL)
		shape |= SHAPE_PASSWORD_IN;
	if (o->embed_password && out->password != NULL)
		shape |= SHAPE_PASSWORD_OUT;
	if (out->auth != MAILCFG_AUTH_NONE && mc_same_password(a))
		shape |= SHAPE_ONE_PASSWORD;
	if (a->caldav.host != NULL)
		shape |= SHAPE_CALDAV;
	if (a->carddav.host != NULL)
		shape |= SHAPE_CARDDAV;
	return shape;
}

/*
 * There is one switch for both kinds of TLS, so the device chooses by the
 * port: what the port does not say cannot be said.
 */
static void
check_tls(struct mc_check *c, const struct mailcfg_server *s)
{
	enum mc_field_id port = mc_server_field(s->protocol, MC_PART_PORT);
	enum mc_field_id tls = mc_server_field(s->protocol, MC_PART_TLS);
	const char *name = mc_field_at(tls)->name;

	switch (s->tls) {
	case MAILCFG_TLS_IMPLICIT:
		if (!mc_apple_is_tls_port(s->port))
			mc_refuse(c, port,
				"with %s implicit a device uses ports 993, "
				"995 and 465 only, on %u it would try STARTTLS",
				name, s->port);
		break;
	case MAILCFG_TLS_STARTTLS:
		if (mc_apple_is_tls_port(s->port))
			mc_refuse(c, port,
				"with %s starttls it cannot be %u, where a "
				"device begins with TLS",
				name, s->port);
		else if (mc_apple_is_starttls_port(s->port))
			mc_warn(c, MC_MSG_STARTTLS_DEVICE, tls,
				"the device decides by port %u, and nothing "
				"in a profile can require it",
				s->port);
		else
			mc_warn(c, MC_MSG_STARTTLS_DEVICE, tls,
				"the device decides by the port, and nobody "
				"has reported what it does on %u: try it on "
				"one device first, or use a standard port",
				s->port);
		break;
	case MAILCFG_TLS_NONE: break; /* the driver has warned */
	}
}

static void
check_dav(struct mc_check *c, enum mc_field_id id,
	const struct mailcfg_dav *dav, const char *well_known)
{
	if (dav->host != NULL && dav->path != NULL)
		mc_warn(c, MC_MSG_LEFT_OUT, id,
			"devices ignore a path: the server must answer at %s",
			well_known);
}

static void
check(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;

	check_tls(c, mc_incoming(a));
	check_tls(c, mc_submission(a));
	if (a->incoming == MAILCFG_POP3)
		mc_warn(c, MC_MSG_POP3_DELETES, MC_POP3,
			"a profile cannot say that it shall stay there: look "
			"at the account's settings on the device");
	if (a->n_aliases > 0)
		mc_warn(c, MC_MSG_UNDOCUMENTED, MC_ALIASES,
			"several addresses in one field have been seen to "
			"work");
	for (size_t i = 0; i < a->n_aliases; i++)
		if (!mc_is_ascii(a->aliases[i]))
			mc_refuse(c, MC_ALIASES,
				"it cannot carry an address beyond ASCII");
	check_dav(c, MC_CALDAV, &a->caldav, "/.well-known/caldav");
	check_dav(c, MC_CARDDAV, &a->carddav, "/.well-known/carddav");
	c->shape |= shape_of(a, c->options);
}

/* True for STARTTLS too: false would let the device send in clear. */
static bool
use_ssl(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT:
	case MAILCFG_TLS_STARTTLS: return true;
	case MAILCFG_TLS_NONE: return false;
	}
	return true;
}

static void
put_server(struct mc_dict *d, const struct mc_apple_server *keys,
	const struct mailcfg_server *s, const char *prefix,
	const char *password)
{
	mc_dict_text(d, keys->authentication, mc_apple_authentication(s->auth));
	mc_dict_text(d, keys->host, s->host);
	mc_dict_text(d, keys->prefix, prefix);
	mc_dict_number(d, keys->port, s->port);
	mc_dict_switch(d, keys->use_ssl, use_ssl(s->tls));
	mc_dict_text(d, keys->user, s->login);
	mc_dict_text(d, keys->password, password);
}

/* "address", or "address, alias, alias" */
static const char *
addresses(struct mc_arena *arena, const struct mailcfg_account *a)
{
	const char *list = a->mailbox;

	for (size_t i = 0; i < a->n_aliases && list != NULL; i++)
		list = mc_arena_printf(arena, "%s, %s", list, a->aliases[i]);
	return list;
}

/*
 * Lets people add certificates of their own (iOS 12 and later), as one provider
 * is known to do.  SMIMEEnabled is none of these: false locks it.
 */
static void
put_smime(struct mc_dict *d, const struct mailcfg_account *a)
{
	const char *word = mc_extra(a, MC_APPLE_SMIME);

	if (word == NULL || strcmp(word, "yes") != 0)
		return;
	for (size_t i = 0; mc_apple_smime[i] != NULL; i++)
		mc_dict_switch(d, mc_apple_smime[i], true);
}

static plist_t
mail_payload(struct mc_emit *e, const struct mailcfg_account *a,
	const char *identifier)
{
	const struct mailcfg_server *in = mc_incoming(a);
	const struct mailcfg_server *out = mc_submission(a);
	unsigned shape = shape_of(a, e->options);
	struct mc_dict d = {.node = plist_new_dict()};
	const struct mc_frame frame = {
		.description = mc_arena_printf(
			e->arena, "Mail account %s", a->mailbox_display),
		.title = a->mailbox_display,
		.identifier = identifier,
		.purpose = &mc_apple_mail,
		.organization = a->organization,
		.type = MC_APPLE_MAIL,
	};

	mc_dict_text(&d, "EmailAccountDescription", a->mailbox_display);
	mc_dict_text(&d, "EmailAccountName", a->name);
	mc_dict_text(&d, "EmailAccountType", mc_apple_type(a->incoming));
	mc_dict_text(&d, "EmailAddress", addresses(e->arena, a));
	put_server(&d, &mc_apple_incoming, in,
		shape & SHAPE_PREFIX ? a->imap_prefix : NULL,
		shape & SHAPE_PASSWORD_IN ? in->password : NULL);
	put_server(&d, &mc_apple_outgoing, out, NULL,
		shape & SHAPE_PASSWORD_OUT ? out->password : NULL);
	/*
	 * Honoured only where a person installs the profile, hence the
	 * password above besides.
	 */
	if (shape & SHAPE_ONE_PASSWORD)
		mc_dict_switch(&d, MC_APPLE_ONE_PASSWORD, true);
	mc_dict_frame(&d, e->arena, &frame);
	put_smime(&d, a);
	return mc_dict_end(&d);
}

/* A profile in the making. */
struct profile {
	plist_t payloads; /* owned until the profile takes it */
	/* of the first account, in the arena */
	const char *identifier;
	const char *title;
	const char *organization;
	/* of all, in the arena */
	const char *mailboxes;
	const char *consent; /* NULL: nothing is asked */
	const char *advice;  /* NULL: nothing is to be done first */
	bool removed;        /* at some time, which is: */
	long long removal;   /* the earliest */
};

static bool
begin(struct mc_emit *e)
{
	struct profile *p = mc_arena_alloc(e->arena, sizeof(*p));

	if (p == NULL)
		return false;
	p->payloads = plist_new_array();
	e->state = p;
	return p->payloads != NULL;
}

static bool
append(struct profile *p, plist_t payload)
{
	uint32_t n = plist_array_get_size(p->payloads);

	if (payload != NULL)
		plist_array_append_item(p->payloads, payload); /* takes it */
	return plist_array_get_size(p->payloads) == n + 1;
}

/* What a device calls the profile where it offers it, and lists it. */
static const char *
title_of(struct mc_arena *arena, const struct mailcfg_account *a)
{
	const char *title = mc_extra(a, MC_APPLE_TITLE);

	return title != NULL
		? title
		: mc_apple_title(arena, a->mailbox_display, a->organization);
}

/* The texts of several accounts, each once. */
static const char *
join(struct mc_arena *arena, const char *all, const char *text)
{
	if (all == NULL || text == NULL)
		return all == NULL ? text : all;
	return strstr(all, text) != NULL
		? all
		: mc_arena_printf(arena, "%s %s", all, text);
}

/* The first day on which one of the accounts shall be gone. */
static void
add_removal(struct profile *p, const char *date)
{
	long long removal;

	if (date == NULL || !mc_date_parse(date, &removal))
		return;
	if (!p->removed || removal < p->removal)
		p->removal = removal;
	p->removed = true;
}

/* Adds the account to what the profile says of itself. */
static bool
introduce(struct mc_emit *e, struct profile *p, const struct mailcfg_account *a,
	const char *identifier)
{
	if (e->count == 1) {
		p->identifier = identifier;
		p->mailboxes = mc_arena_strdup(e->arena, a->mailbox_display);
		p->title = title_of(e->arena, a);
		p->organization = a->organization;
	} else {
		p->mailboxes = mc_arena_printf(
			e->arena, "%s, %s", p->mailboxes, a->mailbox_display);
	}
	p->consent = join(e->arena, p->consent, mc_extra(a, MC_APPLE_CONSENT));
	p->advice = join(e->arena, p->advice, mc_preparation(e->arena, a));
	add_removal(p, mc_extra(a, MC_APPLE_REMOVAL));
	return !e->arena->failed;
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	const char *identifier = mc_account_of(a)->identifier;
	struct profile *p = e->state;

	if (!introduce(e, p, a, identifier) ||
		!append(p, mail_payload(e, a, identifier)))
		return false;
	if (a->caldav.host != NULL &&
		!append(p, mc_apple_dav(e, a, identifier, &mc_apple_caldav)))
		return false;
	return a->carddav.host == NULL ||
		append(p, mc_apple_dav(e, a, identifier, &mc_apple_carddav));
}

/* One text for every language: it is the site's own. */
static plist_t
consent_text(const char *text)
{
	struct mc_dict d = {.node = plist_new_dict()};

	mc_dict_text(&d, MC_APPLE_CONSENT_DEFAULT, text);
	return mc_dict_end(&d);
}

/* The whole tree; NULL: out of memory.  Takes the payloads. */
static plist_t
profile_tree(struct mc_emit *e, struct profile *p)
{
	struct mc_dict d = {.node = plist_new_dict()};
	const struct mc_frame frame = {
		.description = mc_arena_printf(e->arena,
			"Sets up the mail account%s %s%s%s",
			e->count > 1 ? "s" : "", p->mailboxes,
			p->advice == NULL ? "" : ". ",
			p->advice == NULL ? "" : p->advice),
		.title = p->title,
		.identifier = p->identifier,
		.purpose = e->count > 1 ? &mc_apple_combined
					: &mc_apple_profile,
		.organization = p->organization,
		.type = MC_APPLE_PROFILE,
	};

	if (p->consent != NULL)
		mc_dict_put(&d, MC_APPLE_CONSENT_KEY, consent_text(p->consent));
	mc_dict_put(&d, "PayloadContent", p->payloads);
	p->payloads = NULL;
	mc_dict_frame(&d, e->arena, &frame);
	if (p->removed)
		mc_dict_date(&d, MC_APPLE_REMOVAL_KEY, p->removal);
	return mc_dict_end(&d);
}

static bool
end(struct mc_emit *e)
{
	struct profile *p = e->state;
	plist_t tree = e->failed ? NULL : profile_tree(e, p);
	char *text = NULL;
	uint32_t n = 0;

	plist_free(p->payloads);
	e->state = NULL;
	if (tree == NULL)
		return false;
	/* returns nothing until libplist 2.2, a code since 2.3 */
	(void)plist_to_xml(tree, &text, &n);
	plist_free(tree);
	n = text == NULL ? 0 : n;
	mc_buf_add(&e->out[0], text, n);
	/* plist_to_xml_free until 2.2, plist_mem_free since: both are free */
	free(text);
	return n > 0;
}

static const char *
get_identifier(struct mc_arena *arena, const struct mailcfg_account *a)
{
	(void)arena;
	return mc_account_of(a)->identifier;
}

/* As an identifier's UUID stands in a document. */
static void
put_uuid(struct mc_buf *out, const char *identifier,
	const struct mc_purpose *purpose)
{
	char *text = mc_buf_room(out, MC_UUID_SIZE - 1);

	if (text != NULL)
		mc_uuid5(identifier, purpose, text);
}

#define PUT_UUID(which, purpose)                            \
	static void put_##which##_uuid(                     \
		struct mc_buf *out, const char *identifier) \
	{                                                   \
		put_uuid(out, identifier, purpose);         \
	}
PUT_UUID(profile, &mc_apple_profile)
PUT_UUID(mail, &mc_apple_mail)
PUT_UUID(caldav, &mc_apple_caldav.purpose)
PUT_UUID(carddav, &mc_apple_carddav.purpose)

/* libplist escapes the three characters that XML makes it escape. */
static const struct mc_hole holes[] = {
	{mc_get_mailbox, mc_escape_markup},
	{mc_get_mailbox_display, mc_escape_markup},
	{mc_get_name, mc_escape_markup},
	{mc_get_login, mc_escape_markup},
	{mc_get_smtp_login, mc_escape_markup},
	{mc_get_password, mc_escape_markup},
	{mc_get_smtp_password, mc_escape_markup},
	{get_identifier, NULL},
	{get_identifier, put_profile_uuid},
	{get_identifier, put_mail_uuid},
	{get_identifier, put_caldav_uuid},
	{get_identifier, put_carddav_uuid},
	{NULL, NULL},
};

static const struct mc_field fields[] = {
	{.name = MC_APPLE_TITLE,
		.kind = MC_KIND_TEXT,
		.limit = 255,
		.help = "what a device calls the profile; else the address and "
			"the organization"},
	{.name = MC_APPLE_CONSENT,
		.kind = MC_KIND_TEXT,
		.limit = 1024,
		.help = "text that a person must agree to before the profile "
			"is installed"},
	{.name = MC_APPLE_REMOVAL,
		.kind = MC_KIND_DATE,
		.limit = 20,
		.help = "when the device removes profile and account by "
			"itself"},
	{.name = MC_APPLE_SMIME,
		.kind = MC_KIND_SWITCH,
		.limit = 5,
		.help = "yes: people may add S/MIME certificates of their own"},
	{.name = NULL},
};

static const char *const limits[] = {
	"it cannot be told to insist on STARTTLS: the device decides by port",
	("implicit TLS on other ports than 993, 995 and 465, and STARTTLS on "
	 "those three, is refused"),
	"a path of caldav or carddav is left out: devices look at /.well-known",
	"nothing can keep mail on a POP3 server", NULL};

static const char *const aliases[] = {"ios", "macos", NULL};

static const char *const clients[] = {"iphone", "mac", NULL};

/*
 * Without MC_CAN_UTF8: EmailAddress is any string to Apple's schema, but nobody
 * in the field says that Mail takes a local-part beyond ASCII (RFC 6531).
 */
const struct mc_target mc_target_apple = {
	.name = "apple",
	.aliases = aliases,
	.summary = "configuration profile for iPhone, iPad and Mac",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_SECRET |
		MC_CAN_SEVERAL | MC_CAN_ALIASES | MC_CAN_DAV | MC_CAN_PREFIX |
		MC_CAN_SMTP_SECRET | MC_HAS_IDENTIFIER | MC_HANDED_OVER,
	.oauth2_way = "on the device add the account as the vendor's own "
		      "type (Settings, Mail, Accounts, Add Account)",
	.limits = limits,
	.clients = clients,
	.docs = {{.role = "profile",
		.suffix = ".mobileconfig",
		.type = "application/x-apple-aspen-config",
		.secret = true,
		.sign = true,
		.at_link = MC_AT_LINK_LIES}},
	.fields = fields,
	.holes = holes,
	.heeds = MC_HEEDS_SIGNS,
	.check = check,
	.begin = begin,
	.item = item,
	.end = end,
	.read = mc_apple_read,
};
