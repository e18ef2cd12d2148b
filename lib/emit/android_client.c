/* SPDX-License-Identifier: ISC */
#include "android_client.h"

#include <string.h>

#include "../text.h"

/*
 * Hosts that both programs have OAuth2 data for; there is no other way to tell
 * them where to ask for a token.
 */
static const char *const oauth2_hosts[] = {
	"imap.aol.com",
	"imap.fastmail.com",
	"imap.gmail.com",
	"imap.googlemail.com",
	"imap.mail.yahoo.com",
	"outlook.office365.com",
	"smtp-mail.outlook.com",
	"smtp.aol.com",
	"smtp.fastmail.com",
	"smtp.gmail.com",
	"smtp.googlemail.com",
	"smtp.mail.yahoo.com",
	"smtp.office365.com",
};

static bool
knows_oauth2(const char *host)
{
	const size_t n = sizeof(oauth2_hosts) / sizeof(oauth2_hosts[0]);

	for (size_t i = 0; i < n; i++)
		if (strcmp(oauth2_hosts[i], host) == 0)
			return true;
	return false;
}

static void
check_server(struct mc_check *c, const struct mailcfg_server *s)
{
	enum mc_field_id id = mc_server_field(s->protocol, MC_PART_AUTH);

	if (s->auth != MAILCFG_AUTH_OAUTH2)
		return;
	if (s->protocol == MAILCFG_POP3)
		mc_refuse(c, id,
			"Thunderbird for Android and K-9 Mail have OAuth2 for "
			"IMAP only: choose IMAP");
	else if (!knows_oauth2(s->host))
		mc_refuse(c, id,
			"Thunderbird for Android and K-9 Mail have no OAuth2 "
			"data for %s: set the account up as its provider says",
			s->host);
}

void
mc_android_check(struct mc_check *c)
{
	const struct mailcfg_account *a = c->account;

	check_server(c, mc_incoming(a));
	check_server(c, mc_submission(a));
	for (size_t i = 0; i < a->n_aliases; i++)
		if (!mc_is_ascii(a->aliases[i]))
			mc_refuse(c, MC_ALIASES,
				"it cannot carry an address beyond ASCII");
}

const char *
mc_android_password(const struct mailcfg_server *s, const struct mc_options *o)
{
	return o->embed_password && s->auth != MAILCFG_AUTH_OAUTH2 ? s->password
								   : NULL;
}
