/* SPDX-License-Identifier: ISC */
/* A target that only the tests know: one line for each account. */
#include "emit.h"

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	const struct mailcfg_server *s = mc_incoming(a);

	mc_buf_printf(&e->out[0], "%s %s %u\n", a->mailbox, s->host, s->port);
	return !e->out[0].failed;
}

const struct mc_target mc_target_toy = {
	.name = "toy",
	.summary = "a line of text, for the tests",
	.can = MC_CAN_USUAL | MC_CAN_UTF8,
	.docs = {{.role = "line", .suffix = ".toy", .type = "text/plain"}},
	.item = item,
};
