/* SPDX-License-Identifier: ISC */
/* Autodiscover: the XML alone, for who answers at autodiscover.DOMAIN. */
#include "pox.h"
#include "pox_read.h"

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	return mc_pox_write(&e->out[0], a);
}

static void
check(struct mc_check *c)
{
	mc_pox_check(c);
	if (c->account->incoming == MAILCFG_POP3)
		mc_warn(c, MC_MSG_POP3_DELETES, MC_PROTOCOL,
			"Outlook removes it after 14 days unless the person "
			"tells it not to: the answer has no word for it");
}

static const struct mc_hole holes[] = {MC_POX_HOLES, {NULL, NULL}};

const struct mc_target mc_target_autodiscover = {
	.name = "autodiscover",
	.summary = "Autodiscover XML, for the owner of the mail domain",
	.can = MC_CAN_USUAL | MC_CAN_UTF8 | MC_CAN_BOTH,
	.oauth2_way = "add the account in the client by its address, which "
		      "opens the provider's own sign-in",
	.docs = {{.role = "answer",
		.suffix = ".autodiscover.xml",
		.type = "application/xml"}},
	.holes = holes,
	.heeds = MC_HEEDS_SIGNS,
	.check = check,
	.item = item,
	.publication = &mc_pox_publication,
};
