/* SPDX-License-Identifier: ISC */
/* Words that people meet when something goes wrong. */
#include <string.h>

#include "handout.h"

static const char mailru[] = "mail.ru";

/* A provider's own come first. */
static const struct mc_trouble troubles[] = {
	{"application-password", "Application password is REQUIRED", mailru},
	{"sending-disabled", "Message sending for this account is disabled",
		mailru},
	{"full", "Mailbox full", NULL},
	{"unknown-user", "User not found", NULL},
	{"maildrop", "No such message, only 1000 messages in maildrop", mailru},
	{"dynamic-ip", "We do not accept mail from dynamic IP", mailru},
	{"spam", "550 Spam message rejected", mailru},
	{"disabled", "Access to this account is disabled", mailru},
	{"login", NULL, NULL},
	{"connect", NULL, NULL},
	{"certificate", NULL, NULL},
};
enum { TROUBLES = sizeof(troubles) / sizeof(troubles[0]) };

size_t
mc_troubles_of(const struct mailcfg_provider *p, const struct mc_trouble *out[],
	size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < TROUBLES && n < most; i++)
		if (troubles[i].provider == NULL ||
			(p != NULL && strcmp(troubles[i].provider, p->id) == 0))
			out[n++] = &troubles[i];
	return n;
}
