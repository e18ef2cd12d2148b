/* SPDX-License-Identifier: ISC */
/* Payloads of calendars and contacts on their way back. */
#include <string.h>

#include "../text.h"
#include "apple_profile.h"

/* What one says. */
struct service {
	const struct mc_apple_dav *kind;
	const struct mc_plist *host;
	const struct mc_plist *user;
	const char *port; /* NULL: none */
	const char *principal;
	const char *password;
	enum mc_field_id id;
	bool tls;
};

/* Whether both identifiers are the same up to their last label. */
static bool
same_stem(const char *a, const char *b)
{
	const char *end = a == NULL ? NULL : strrchr(a, '.');
	size_t n = end == NULL ? 0 : (size_t)(end - a) + 1;

	return n > 0 && b != NULL && strncmp(a, b, n) == 0 &&
		strchr(b + n, '.') == NULL;
}

/* The only one of which it is true; NULL: none or several. */
static struct mc_apple_payload *
by_stem(const struct mc_apple_payload *p, struct mc_apple_payload *all,
	size_t n)
{
	struct mc_apple_payload *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (all[i].draft == NULL ||
			!same_stem(p->identifier, all[i].identifier))
			continue;
		if (found != NULL)
			return NULL;
		found = &all[i];
	}
	return found;
}

static bool
is_user(const struct mc_draft *draft, const char *user)
{
	static const enum mc_field_id ids[] = {
		MC_ADDRESS, MC_IMAP_LOGIN, MC_POP3_LOGIN};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const char *text = draft->value[ids[i]].text;

		if (text != NULL && mc_strcasecmp(text, user) == 0)
			return true;
	}
	return false;
}

/* By its user: one that has none yet before one that has. */
static struct mc_apple_payload *
by_user(const struct service *s, struct mc_apple_payload *all, size_t n)
{
	struct mc_apple_payload *found = NULL;

	for (size_t i = 0; i < n && s->user != NULL; i++) {
		if (all[i].draft == NULL ||
			!is_user(all[i].draft, s->user->text))
			continue;
		if (all[i].draft->value[s->id].text == NULL)
			return &all[i];
		if (found == NULL)
			found = &all[i];
	}
	return found;
}

/* NULL: there are several, or none. */
static struct mc_apple_payload *
only_one(struct mc_apple_payload *all, size_t n)
{
	struct mc_apple_payload *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (all[i].draft == NULL)
			continue;
		if (found != NULL)
			return NULL;
		found = &all[i];
	}
	return found;
}

/*
 * The account that it belongs to: by its identifier, as ours does; by its
 * user; or the only one.  NULL: none.
 */
static struct mc_apple_payload *
owner_of(const struct mc_apple_payload *p, const struct service *s,
	struct mc_apple_payload *all, size_t n)
{
	struct mc_apple_payload *owner = by_stem(p, all, n);

	if (owner == NULL)
		owner = by_user(s, all, n);
	return owner == NULL ? only_one(all, n) : owner;
}

/* An account with no more than this. */
static struct mc_draft *
found_account(struct mc_apple_payload *p, const struct service *s)
{
	const struct mc_back_place place = mc_apple_place(p->dict);
	struct mc_draft *draft = mc_back_add(p->back, place);

	if (draft == NULL)
		return NULL;
	p->draft = draft;
	mc_back_note(p->back,
		"payload %zu: no mail account of the profile belongs to it",
		p->number);
	if (s->user != NULL && strchr(s->user->text, '@') != NULL)
		(void)mc_back_set(p->back, draft, MC_ADDRESS, s->user->text,
			MC_TYPE_STRING, mc_apple_place(s->user));
	else
		mc_back_say(p->back, MC_MSG_NO_ADDRESS, place,
			mc_field_at(MC_ADDRESS)->name,
			"payload %zu: %s is no address", p->number,
			s->kind->user);
	return draft;
}

/* What of the principal's URL is a path, as records have it. */
static const char *
path_of(struct mc_apple_payload *p, const struct service *s)
{
	static const char scheme[] = "https://";
	const char *text = s->principal;

	if (text == NULL)
		return "";
	if (strncmp(text, scheme, sizeof(scheme) - 1) == 0)
		text += sizeof(scheme) - 1 +
			strcspn(text + sizeof(scheme) - 1, "/");
	if (text[0] == '/' || text[0] == '\0')
		return text;
	mc_back_note(p->back, "payload %zu: %s is no path", p->number,
		s->kind->principal);
	return "";
}

static void
set_url(struct mc_apple_payload *p, const struct service *s,
	struct mc_draft *draft)
{
	const char *port = s->port != NULL && strcmp(s->port, "443") != 0
		? s->port
		: NULL;
	const char *url = mc_arena_printf(p->back->arena, "https://%s%s%s%s",
		s->host->text, port == NULL ? "" : ":",
		port == NULL ? "" : port, path_of(p, s));

	if (url != NULL)
		(void)mc_back_set(p->back, draft, s->id, url, MC_TYPE_STRING,
			mc_apple_place(s->host));
}

/* What a record has no word for. */
static void
tell_rest(struct mc_apple_payload *p, const struct service *s,
	const struct mc_draft *draft, const char *password)
{
	const char *name = mc_field_at(s->id)->name;

	if (s->user != NULL && !is_user(draft, s->user->text))
		mc_back_note(p->back,
			"payload %zu: no record says the login of %s, \"%s\"",
			p->number, name, s->user->text);
	if (s->password != NULL &&
		(password == NULL || strcmp(password, s->password) != 0))
		mc_back_note(p->back,
			"payload %zu: %s has a password of its own, which no "
			"record says",
			p->number, name);
}

static void
read_service(struct mc_apple_payload *p, const struct service *s,
	struct mc_apple_payload *all, size_t n)
{
	struct mc_apple_payload *owner = owner_of(p, s, all, n);
	const char *name = mc_field_at(s->id)->name;
	struct mc_draft *draft = owner == NULL ? found_account(p, s)
					       : owner->draft;

	if (draft == NULL)
		return;
	if (s->host == NULL)
		mc_back_say(p->back, MC_MSG_NO_SERVER, mc_apple_place(p->dict),
			name, "%s: %s is missing or empty", name,
			s->kind->host);
	else if (!s->tls)
		mc_back_say(p->back, MC_MSG_LEFT_OUT, mc_apple_place(p->dict),
			name, "%s: %s is false, and no record says that", name,
			s->kind->use_ssl);
	else if (draft->value[s->id].text != NULL)
		mc_back_say(p->back, MC_MSG_LEFT_OUT, mc_apple_place(p->dict),
			name, "%s: the account has one already", name);
	else
		set_url(p, s, draft);
	tell_rest(p, s, draft, owner == NULL ? NULL : owner->password);
}

void
mc_apple_read_dav(struct mc_apple_payload *p, const struct mc_apple_dav *kind,
	struct mc_apple_payload *all, size_t n)
{
	struct service s = {.kind = kind,
		.id = kind == &mc_apple_caldav ? MC_CALDAV : MC_CARDDAV};

	s.host = mc_apple_text(p, kind->host);
	s.user = mc_apple_text(p, kind->user);
	(void)mc_apple_port(p, kind->port, &s.port);
	s.principal = mc_apple_word(p, kind->principal);
	s.password = mc_apple_word(p, kind->password);
	s.tls = mc_apple_switch(p, kind->use_ssl, true);
	if (s.password != NULL)
		p->back->secret = true;
	if (s.port != NULL && *s.port == '\0')
		s.port = NULL;
	(void)mc_apple_find(p, kind->description);
	mc_apple_common(p);
	read_service(p, &s, all, n);
	mc_apple_rest(p);
}
