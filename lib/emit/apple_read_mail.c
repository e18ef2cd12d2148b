/* SPDX-License-Identifier: ISC */
/* Mail payloads on their way back. */
#include <string.h>

#include "../account.h"
#include "../spelling.h"
#include "apple_profile.h"

static const char *
field_name(enum mc_field_id id)
{
	return mc_field_at(id)->name;
}

static enum mailcfg_protocol
read_type(struct mc_apple_payload *p)
{
	static const char key[] = "EmailAccountType";
	const struct mc_plist *node = mc_apple_text(p, key);

	if (node == NULL) {
		mc_back_note(p->back,
			"payload %zu: %s is missing; it is read as %s",
			p->number, key, mc_apple_type(MAILCFG_IMAP));
		return MAILCFG_IMAP;
	}
	for (int i = MAILCFG_IMAP; i <= MAILCFG_POP3; i++)
		if (strcmp(node->text,
			    mc_apple_type((enum mailcfg_protocol)i)) == 0)
			return (enum mailcfg_protocol)i;
	mc_back_say(p->back, MC_MSG_BAD_CHOICE, mc_apple_place(node),
		field_name(MC_PROTOCOL), "%s: \"%s\": %s or %s is wanted", key,
		node->text, mc_apple_type(MAILCFG_IMAP),
		mc_apple_type(MAILCFG_POP3));
	return MAILCFG_IMAP;
}

/* "address", or "address, alias, alias" */
static void
read_addresses(struct mc_apple_payload *p)
{
	static const char key[] = "EmailAddress", parts[] = ",; ";
	const struct mc_plist *node = mc_apple_text(p, key);
	struct mc_arena *arena = p->back->arena;
	const char *s, *first;
	size_t n;

	if (node == NULL) {
		mc_back_say(p->back, MC_MSG_NO_ADDRESS, mc_apple_place(p->dict),
			field_name(MC_ADDRESS),
			"payload %zu: %s is missing or empty, so the device "
			"asks for it",
			p->number, key);
		return;
	}
	s = node->text + strspn(node->text, parts);
	n = strcspn(s, parts);
	first = mc_arena_strndup(arena, s, n);
	if (first == NULL)
		return;
	(void)mc_back_set(p->back, p->draft, MC_ADDRESS, first, MC_TYPE_STRING,
		mc_apple_place(node));
	(void)mc_back_set(p->back, p->draft, MC_ALIASES, s + n, MC_TYPE_STRING,
		mc_apple_place(node));
}

/* Whether the text is the address, in whatever form of the domain. */
static bool
is_address(const struct mc_apple_payload *p, const char *text)
{
	const char *address = p->draft->value[MC_ADDRESS].text;
	const char *local = NULL, *domain = NULL, *same;
	struct mc_arena *arena = p->back->arena;
	size_t at = 0;

	if (address == NULL ||
		mc_address_parse(arena, text, strlen(text), &local, &domain,
			&at) != NULL)
		return false;
	same = mc_arena_printf(arena, "%s@%s", local, domain);
	return same != NULL && strcmp(same, address) == 0;
}

static void
read_text(struct mc_apple_payload *p, const char *key, enum mc_field_id id)
{
	const struct mc_plist *node = mc_apple_text(p, key);

	if (node != NULL)
		(void)mc_back_set(p->back, p->draft, id, node->text,
			MC_TYPE_STRING, mc_apple_place(node));
}

static void
read_label(struct mc_apple_payload *p)
{
	const char *label = mc_apple_word(p, "EmailAccountDescription");

	if (label != NULL && !is_address(p, label))
		mc_back_note(p->back, "payload %zu: the device calls it \"%s\"",
			p->number, label);
}

/* One word for what is all on. */
static void
read_smime(struct mc_apple_payload *p)
{
	struct mc_back_place place = mc_apple_place(p->dict);

	for (size_t i = 0; mc_apple_smime[i] != NULL; i++) {
		const struct mc_plist *node = mc_apple_peek(
			p, mc_apple_smime[i]);

		if (node == NULL || node->kind != MC_PLIST_TRUE)
			return;
		place = mc_apple_place(node);
	}
	for (size_t i = 0; mc_apple_smime[i] != NULL; i++)
		(void)mc_apple_find(p, mc_apple_smime[i]);
	(void)mc_back_set(p->back, p->draft,
		(enum mc_field_id)mc_field_find(MC_APPLE_SMIME), "yes",
		MC_TYPE_STRING, place);
}

/* One of the two servers. */
struct side {
	const struct mc_apple_server *keys;
	enum mailcfg_protocol protocol;
};

static enum mc_field_id
field_of(const struct side *side, enum mc_part part)
{
	return mc_server_field(side->protocol, part);
}

static bool
set_part(struct mc_apple_payload *p, const struct side *side, enum mc_part part,
	const char *text, enum mc_type type, const struct mc_plist *node)
{
	return mc_back_set(p->back, p->draft, field_of(side, part), text, type,
		mc_apple_place(node));
}

/* false: there is no server then. */
static bool
read_host(struct mc_apple_payload *p, const struct side *side)
{
	const struct mc_plist *node = mc_apple_text(p, side->keys->host);
	enum mc_field_id id = field_of(side, MC_PART_HOST);

	if (node == NULL) {
		mc_back_say(p->back, MC_MSG_NO_SERVER, mc_apple_place(p->dict),
			field_name(field_of(side, MC_PART_URL)),
			"%s: %s is missing or empty",
			field_name(field_of(side, MC_PART_URL)),
			side->keys->host);
		return false;
	}
	if (mc_has_placeholder(node->text)) {
		mc_back_say(p->back, MC_MSG_BAD_HOST, mc_apple_place(node),
			field_name(id), "%s: a brace is in it", field_name(id));
		return false;
	}
	return set_part(
		p, side, MC_PART_HOST, node->text, MC_TYPE_STRING, node);
}

static unsigned
read_port(struct mc_apple_payload *p, const struct side *side, bool wanted)
{
	const char *digits = NULL;
	const struct mc_plist *node = mc_apple_port(
		p, side->keys->port, &digits);

	if (!wanted)
		return 0;
	if (node != NULL)
		(void)set_part(
			p, side, MC_PART_PORT, digits, MC_TYPE_NUMBER, node);
	else if (digits == NULL)
		mc_back_note(p->back,
			"payload %zu: %s is missing, so the device chooses",
			p->number, side->keys->port);
	return p->draft->value[field_of(side, MC_PART_PORT)].number;
}

/*
 * The device has one switch, and goes by the port for the rest.  Off, it may
 * still be told to use TLS by the server, but nothing makes it.
 */
static void
read_tls(struct mc_apple_payload *p, const struct side *side, unsigned port)
{
	const struct mc_plist *node = mc_apple_find(p, side->keys->use_ssl);
	bool on = mc_apple_switch(p, side->keys->use_ssl, false);
	enum mailcfg_tls tls = !on ? MAILCFG_TLS_NONE
		: port == 0 || mc_apple_is_tls_port(port)
		? MAILCFG_TLS_IMPLICIT
		: MAILCFG_TLS_STARTTLS;
	const char *field = field_name(field_of(side, MC_PART_TLS));

	if (node == NULL)
		node = p->dict;
	(void)set_part(
		p, side, MC_PART_TLS, mc_tls_word(tls), MC_TYPE_STRING, node);
	if (!on)
		mc_back_say(p->back, MC_MSG_CLEARTEXT, mc_apple_place(node),
			field, "%s: %s is %s, so nothing requires TLS%s", field,
			side->keys->use_ssl,
			node == p->dict ? "missing" : "false",
			mc_apple_is_starttls_port(port)
				? "; some makers mean STARTTLS by it"
				: "");
}

/* What no enumerator says as it is. */
static const char *const encrypted[] = {"EmailAuthNTLM", "EmailAuthHTTPMD5"};

static void
read_auth(struct mc_apple_payload *p, const struct side *side)
{
	const struct mc_plist *node = mc_apple_text(
		p, side->keys->authentication);
	const char *field = field_name(field_of(side, MC_PART_AUTH));
	enum mailcfg_auth auth = MAILCFG_AUTH_ENCRYPTED;
	bool known = false;

	if (node == NULL)
		return;
	for (int i = 0; i <= MAILCFG_AUTH_NONE && !known; i++) {
		const char *word = mc_apple_authentication(
			(enum mailcfg_auth)i);

		known = word != NULL && strcmp(word, node->text) == 0;
		auth = known ? (enum mailcfg_auth)i : auth;
	}
	for (size_t i = 0; i < 2 && !known; i++) {
		known = strcmp(node->text, encrypted[i]) == 0;
		if (known)
			mc_back_note(p->back,
				"payload %zu: %s: %s is read as %s", p->number,
				field, node->text, mc_auth_word(auth));
	}
	if (known)
		(void)set_part(p, side, MC_PART_AUTH, mc_auth_word(auth),
			MC_TYPE_STRING, node);
	else
		mc_back_say(p->back, MC_MSG_BAD_CHOICE, mc_apple_place(node),
			field, "%s: \"%s\"", field, node->text);
}

static void
read_login(struct mc_apple_payload *p, const struct side *side)
{
	const struct mc_plist *node = mc_apple_text(p, side->keys->user);
	enum mc_field_id id = field_of(side, MC_PART_AUTH);

	if (node != NULL)
		(void)set_part(p, side, MC_PART_LOGIN, node->text,
			MC_TYPE_STRING, node);
	else if (p->draft->value[id].number != MAILCFG_AUTH_NONE)
		mc_back_note(p->back,
			"payload %zu: %s is missing, so the device asks for it",
			p->number, side->keys->user);
}

static void
read_server(struct mc_apple_payload *p, const struct side *side)
{
	const struct mc_plist *password = mc_apple_text(
		p, side->keys->password);
	bool there = read_host(p, side);
	unsigned port = read_port(p, side, there);

	/* what belongs to a host that is not there is not told besides */
	(void)mc_apple_find(p, side->keys->authentication);
	(void)mc_apple_find(p, side->keys->use_ssl);
	(void)mc_apple_find(p, side->keys->user);
	if (password != NULL)
		p->back->secret = true;
	if (there) {
		read_tls(p, side, port);
		read_auth(p, side);
		read_login(p, side);
	}
	if (there && password != NULL)
		(void)set_part(p, side, MC_PART_PASSWORD, password->text,
			MC_TYPE_STRING, password);
}

/* The password for sending, where it is said to be that for fetching. */
static void
share_password(struct mc_apple_payload *p, const struct side *in,
	const struct side *out)
{
	const struct mc_value *values = p->draft->value;
	const struct mc_value *fetch = &values[field_of(in, MC_PART_PASSWORD)];
	bool same = mc_apple_switch(p, MC_APPLE_ONE_PASSWORD, false);

	p->password = fetch->text;
	if (fetch->text == NULL ||
		values[field_of(out, MC_PART_PASSWORD)].text != NULL ||
		values[field_of(out, MC_PART_HOST)].text == NULL ||
		values[field_of(out, MC_PART_AUTH)].number == MAILCFG_AUTH_NONE)
		return;
	if (same)
		/* it passed the gate once, and is warned of once */
		(void)mc_draft_set(p->draft, field_of(out, MC_PART_PASSWORD),
			fetch->text, strlen(fetch->text), MC_TYPE_STRING,
			&fetch->pos, false, NULL);
	else
		mc_back_note(p->back,
			"payload %zu: the password for sending is not inside",
			p->number);
}

void
mc_apple_read_mail(struct mc_apple_payload *p)
{
	const struct side in = {&mc_apple_incoming, read_type(p)};
	const struct side out = {&mc_apple_outgoing, MAILCFG_SUBMISSION};

	p->draft = mc_back_add(p->back, mc_apple_place(p->dict));
	if (p->draft == NULL)
		return;
	(void)mc_back_set(p->back, p->draft, MC_PROTOCOL,
		mc_protocol_word(in.protocol), MC_TYPE_STRING,
		mc_apple_place(p->dict));
	read_addresses(p);
	read_label(p);
	read_text(p, "EmailAccountName", MC_NAME);
	read_text(p, "PayloadOrganization", MC_ORGANIZATION);
	read_server(p, &in);
	read_server(p, &out);
	if (in.protocol == MAILCFG_IMAP)
		read_text(p, in.keys->prefix, MC_IMAP_PREFIX);
	share_password(p, &in, &out);
	read_smime(p);
	mc_apple_common(p);
	mc_apple_rest(p);
}
