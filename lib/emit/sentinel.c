/* SPDX-License-Identifier: ISC */
#include "sentinel.h"

#include <string.h>

#include "../plain.h"
#include "../uuid.h"

static bool
same(const char *a, const char *b)
{
	/* most that differ do so at once */
	return a == b ||
		(a != NULL && b != NULL && *a == *b && strcmp(a, b) == 0);
}

enum mc_like
mc_login_like(const struct mailcfg_account *a, int protocol)
{
	const char *login = a->server[protocol].login;

	if (login == NULL)
		return MC_LIKE_NONE;
	if (same(login, a->mailbox))
		return MC_LIKE_MAILBOX;
	if (same(login, a->local_part))
		return MC_LIKE_LOCAL_PART;
	for (int i = 0; i < protocol; i++)
		if (same(login, a->server[i].login))
			return i == MAILCFG_IMAP ? MC_LIKE_IMAP : MC_LIKE_POP3;
	return MC_LIKE_ITSELF;
}

enum mc_like
mc_password_like(const struct mailcfg_account *a, int protocol)
{
	const char *password = a->server[protocol].password;

	if (password == NULL)
		return MC_LIKE_NONE;
	for (int i = 0; i < protocol; i++)
		if (same(password, a->server[i].password))
			return i == MAILCFG_IMAP ? MC_LIKE_IMAP : MC_LIKE_POP3;
	return MC_LIKE_ITSELF;
}

/* Whether the login begins or ends with the local-part. */
static bool
is_near(const struct mailcfg_account *a, const char *login)
{
	size_t n = strlen(login), local = strlen(a->local_part);

	return n > local &&
		(memcmp(login, a->local_part, local) == 0 ||
			memcmp(login + n - local, a->local_part, local) == 0);
}

/* The same as mc_login_like() where texts that are one are equal at a glance.
 */
static enum mc_like
login_like(const struct mailcfg_account *a, int protocol,
	const enum mc_like likes[MAILCFG_PROTOCOLS])
{
	const char *login = a->server[protocol].login;

	for (int i = 0; login != NULL && i < protocol; i++) {
		if (a->server[i].login != login || a->server[i].host == NULL)
			continue;
		if (likes[i] != MC_LIKE_ITSELF)
			return likes[i];
		return i == MAILCFG_IMAP ? MC_LIKE_IMAP : MC_LIKE_POP3;
	}
	return mc_login_like(a, protocol);
}

unsigned
mc_likes(const struct mailcfg_account *a, unsigned *signs)
{
	unsigned likes = same(a->identity, a->mailbox);
	enum mc_like login[MAILCFG_PROTOCOLS];

	for (int i = 0; i < MAILCFG_PROTOCOLS; i++) {
		if (a->server[i].host == NULL)
			continue;
		login[i] = login_like(a, i, login);
		likes = likes * 64 + (unsigned)login[i] * 8 +
			(unsigned)mc_password_like(a, i);
		if (login[i] == MC_LIKE_ITSELF &&
			is_near(a, a->server[i].login))
			*signs |= MC_SIGN_NEAR;
	}
	return likes;
}

/* Text that is nowhere else, in the letters that no format escapes. */
#define SENTINEL "qz7kx3"

/* Login and password of a server; equal values stay equal. */
static void
make_server(struct mailcfg_account *to, const struct mailcfg_account *a,
	int protocol)
{
	static const char *const logins[] = {
		SENTINEL "l0", SENTINEL "l1", SENTINEL "l2"};
	static const char *const passwords[] = {
		SENTINEL "p0", SENTINEL "p1", SENTINEL "p2"};
	struct mailcfg_server *server = &to->server[protocol];
	const struct mailcfg_server *imap = &to->server[MAILCFG_IMAP];
	const struct mailcfg_server *pop3 = &to->server[MAILCFG_POP3];

	switch (mc_login_like(a, protocol)) {
	case MC_LIKE_NONE: break;
	case MC_LIKE_ITSELF: server->login = logins[protocol]; break;
	case MC_LIKE_MAILBOX: server->login = to->mailbox; break;
	case MC_LIKE_LOCAL_PART: server->login = to->local_part; break;
	case MC_LIKE_IMAP: server->login = imap->login; break;
	case MC_LIKE_POP3: server->login = pop3->login; break;
	}
	switch (mc_password_like(a, protocol)) {
	case MC_LIKE_NONE: break;
	case MC_LIKE_ITSELF:
	case MC_LIKE_MAILBOX:
	case MC_LIKE_LOCAL_PART: server->password = passwords[protocol]; break;
	case MC_LIKE_IMAP: server->password = imap->password; break;
	case MC_LIKE_POP3: server->password = pop3->password; break;
	}
}

/* Puts sentinels in place of what is the person's own. */
bool
mc_make_sentinel(struct mc_arena *arena, struct mc_account *s,
	const struct mailcfg_account *a)
{
	bool lower = same(a->identity, a->mailbox);
	struct mailcfg_account *to = &s->a;

	*s = *mc_account_of(a);
	to->local_part = lower ? SENTINEL "lo" : "qz7KX3lo";
	to->domain = SENTINEL "do.test";
	to->domain_display = same(a->domain, a->domain_display) ? to->domain
								: SENTINEL
		"du.test";
	to->mailbox = mc_arena_printf(
		arena, "%s@%s", to->local_part, to->domain);
	to->mailbox_display = mc_arena_printf(
		arena, "%s@%s", to->local_part, to->domain_display);
	to->identity = mc_arena_printf(arena, SENTINEL "lo@%s", to->domain);
	if (to->identity != NULL)
		s->identifier = mc_identifier(arena, to->identity);
	if (a->name != NULL)
		to->name = SENTINEL "na";
	if (a->given_name != NULL)
		to->given_name = SENTINEL "gi";
	if (a->family_name != NULL)
		to->family_name = SENTINEL "fa";
	if (a->person != NULL)
		to->person = SENTINEL "pe";
	if (a->deliver_to != NULL)
		to->deliver_to = SENTINEL "dt@" SENTINEL "dd.test";
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		make_server(to, a, i);
	return !arena->failed;
}
