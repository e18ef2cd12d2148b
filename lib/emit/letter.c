/* SPDX-License-Identifier: ISC */
/*
 * Sheets of paper to be handed out, one for each person: codes for cameras,
 * all values, and the password where it may be embedded.
 */
#include "emit.h"
#include "handout.h"

/* Appends a page of n accounts; none: it is nobody's. */
static bool
write_page(struct mc_emit *e, const struct mailcfg_account *const *list,
	size_t n, const char *file)
{
	struct mc_handout *h = mc_arena_alloc(e->arena, sizeof(*h));

	if (h == NULL)
		return false;
	h->options = e->options;
	h->arena = e->arena;
	for (h->n = 0; h->n < n; h->n++)
		h->accounts[h->n] = list[h->n];
	mc_handout_page(h, &e->out[0], file);
	return !e->out[0].failed;
}

static bool
begin(struct mc_emit *e)
{
	return write_page(e, NULL, 0, "letters-head");
}

static bool
person(struct mc_emit *e, const struct mailcfg_account *const *list, size_t n)
{
	bool ok = true;

	for (size_t i = 0, k; i < n && ok; i += k) {
		k = n - i < MC_HANDOUT_ACCOUNTS ? n - i : MC_HANDOUT_ACCOUNTS;
		ok = write_page(e, list + i, k, "letter");
	}
	return ok;
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	return person(e, &a, 1);
}

static bool
end(struct mc_emit *e)
{
	return e->failed || write_page(e, NULL, 0, "letters-tail");
}

static enum mc_scope
scope(const struct mailcfg_account *a, const struct mc_options *options)
{
	(void)a;
	(void)options;
	return MC_SCOPE_RUN;
}

const struct mc_target mc_target_letter = {
	.name = "letter",
	.summary = "a sheet of paper for each person, to be handed out",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_OAUTH2 | MC_CAN_UTF8 |
		MC_CAN_ALIASES | MC_CAN_CALDAV | MC_CAN_CARDDAV |
		MC_CAN_PREFIX | MC_CAN_BOTH | MC_CAN_SECRET |
		MC_CAN_SMTP_SECRET | MC_BY_NAME_ONLY | MC_ONE_LIST | MC_SPEAKS,
	.scope = scope,
	.docs = {{.role = "letters",
		.suffix = "letters.html",
		.type = "text/html",
		.secret = true,
		.at_link = MC_AT_LINK_SAYS}},
	.heeds = MC_HEEDS_SIGNS,
	.begin = begin,
	.item = item,
	.person = person,
	.end = end,
};
