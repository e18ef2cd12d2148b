/* SPDX-License-Identifier: ISC */
/* Words that people meet when something goes wrong. */
#include <string.h>

#include "handout.h"

static const char mailru[] = "mail.ru";

/* What is said of a provider's takes the place of what everybody says. */
static const struct mc_trouble troubles[] = {
	{"Application password is REQUIRED", "mail.ru/application-password",
		NULL, mailru},
	{"550 not local sender over smtp", "mail.ru/not-local-sender", NULL,
		mailru},
	{"Message sending for this account is disabled",
		"mail.ru/sending-disabled", NULL, mailru},
	{"Mailbox full", "mail.ru/mailbox-full", NULL, mailru},
	{"Mailbox full", "smtp/mailbox-full", NULL, NULL},
	{"User not found", "mail.ru/no-such-user", NULL, mailru},
	{"User not found", "smtp/no-such-mailbox", NULL, NULL},
	{"No such message, only 1000 messages in maildrop",
		"mail.ru/pop3-window", NULL, mailru},
	{"We do not accept mail from dynamic IP", "mail.ru/dynamic-ip", NULL,
		mailru},
	{"550 Spam message rejected", "mail.ru/spam", NULL, mailru},
	{"Access to this account is disabled", "mail.ru/access-disabled", NULL,
		mailru},
	{NULL, NULL, "login", NULL},
	{NULL, NULL, "connect", NULL},
	{NULL, NULL, "certificate", NULL},
};
enum { TROUBLES = sizeof(troubles) / sizeof(troubles[0]) };

static bool
is_listed(const struct mc_trouble *const *list, size_t n, const char *words)
{
	for (size_t i = 0; words != NULL && i < n; i++)
		if (list[i]->words != NULL &&
			strcmp(list[i]->words, words) == 0)
			return true;
	return false;
}

size_t
mc_troubles_of(const struct mailcfg_provider *p, const struct mc_trouble *out[],
	size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < TROUBLES && n < most; i++) {
		const struct mc_trouble *t = &troubles[i];

		if (t->provider == NULL
				? !is_listed(out, n, t->words)
				: p != NULL && strcmp(t->provider, p->id) == 0)
			out[n++] = t;
	}
	return n;
}

const struct mc_rule *
mc_trouble_rule(const struct mc_rules *rules, const struct mc_trouble *t)
{
	for (size_t i = 0; rules != NULL && t->rule != NULL && i < rules->n;
		i++)
		if (strcmp(rules->rule[i].id, t->rule) == 0)
			return &rules->rule[i];
	return NULL;
}
