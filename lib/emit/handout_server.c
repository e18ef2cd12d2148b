/* SPDX-License-Identifier: ISC */
/* Names that stand for what a server has. */
#include <string.h>

#include "handout.h"

static const char *
yes(bool is)
{
	return is ? "" : NULL;
}

/* A server's values, for "in-", "out-" and "other-". */

static const char *
security_of(enum mailcfg_tls tls)
{
	switch (tls) {
	case MAILCFG_TLS_IMPLICIT: return "SSL/TLS";
	case MAILCFG_TLS_STARTTLS: return "STARTTLS";
	case MAILCFG_TLS_NONE: return NULL;
	}
	return NULL;
}

static const char *
protocol_of(enum mailcfg_protocol protocol)
{
	switch (protocol) {
	case MAILCFG_IMAP: return "IMAP";
	case MAILCFG_POP3: return "POP3";
	case MAILCFG_SUBMISSION: return "SMTP";
	}
	return NULL;
}

enum part {
	PART_HOST = 0,
	PART_PORT,
	PART_PROTOCOL,
	PART_SECURITY,
	PART_IMPLICIT,
	PART_STARTTLS,
	PART_CLEAR,
	PART_PLAIN,
	PART_ENCRYPTED,
	PART_OAUTH,
	PART_NONE,
	PART_TYPES,
	PART_LOGIN,
	PARTS
};
static const char *const parts[PARTS] = {"host", "port", "protocol", "security",
	"implicit", "starttls", "clear", "plain", "encrypted", "oauth", "none",
	"types", "login"};

static const char *
part_of(struct mc_arena *arena, const struct mailcfg_server *s, enum part part)
{
	switch (part) {
	case PART_HOST: return s->host;
	case PART_PORT: return mc_arena_printf(arena, "%u", s->port);
	case PART_PROTOCOL: return protocol_of(s->protocol);
	case PART_SECURITY: return security_of(s->tls);
	case PART_IMPLICIT: return yes(s->tls == MAILCFG_TLS_IMPLICIT);
	case PART_STARTTLS: return yes(s->tls == MAILCFG_TLS_STARTTLS);
	case PART_CLEAR: return yes(s->tls == MAILCFG_TLS_NONE);
	case PART_PLAIN: return yes(s->auth == MAILCFG_AUTH_PASSWORD);
	case PART_ENCRYPTED: return yes(s->auth == MAILCFG_AUTH_ENCRYPTED);
	case PART_OAUTH: return yes(s->auth == MAILCFG_AUTH_OAUTH2);
	case PART_NONE: return yes(s->auth == MAILCFG_AUTH_NONE);
	case PART_TYPES:
		return yes(s->auth == MAILCFG_AUTH_PASSWORD ||
			s->auth == MAILCFG_AUTH_ENCRYPTED);
	case PART_LOGIN: return s->auth == MAILCFG_AUTH_NONE ? NULL : s->login;
	case PARTS: break;
	}
	return NULL;
}

static const char *const prefixes[] = {"in-", "out-", "other-", "at-"};
enum { SERVERS = sizeof(prefixes) / sizeof(prefixes[0]) };

static const struct mailcfg_server *
server_of(const struct mc_handout *h, size_t which)
{
	const struct mailcfg_account *a = mc_handout_account(h);

	switch (which) {
	case 0: return mc_incoming(a);
	case 1: return mc_submission(a);
	case 2: return mc_other_incoming(a);
	case 3: return h->at;
	default: return NULL;
	}
}

bool
mc_handout_server(
	struct mc_handout *h, const char *name, size_t n, const char **text)
{
	for (size_t i = 0; i < SERVERS; i++) {
		size_t k = strlen(prefixes[i]);

		if (n <= k || memcmp(name, prefixes[i], k) != 0)
			continue;
		for (size_t part = 0; part < PARTS; part++) {
			const struct mailcfg_server *s;

			if (strlen(parts[part]) != n - k ||
				memcmp(parts[part], name + k, n - k) != 0)
				continue;
			s = h == NULL ? NULL : server_of(h, i);
			*text = s == NULL
				? NULL
				: part_of(h->arena, s, (enum part)part);
			return true;
		}
	}
	return false;
}
