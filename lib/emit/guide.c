/* SPDX-License-Identifier: ISC */
/*
 * A page of HTML for a person: what to do on each device, with the values of
 * all accounts, codes for cameras, and the other files by name.  It asks for
 * nothing from anywhere, and is read without a script.
 */
#include "emit.h"
#include "handout.h"

/*
 * More make a page that is too large, and that nobody finds their way in; the
 * others go into further pages, which the first leads to.
 */
enum { MOST = 5 };

static size_t
fit(struct mc_arena *arena, const struct mailcfg_account *const *list, size_t n,
	const struct mc_options *options)
{
	(void)arena;
	(void)list;
	(void)options;
	return n < MOST ? n : MOST;
}

static bool
begin(struct mc_emit *e)
{
	struct mc_handout *h = mc_arena_alloc(e->arena, sizeof(*h));

	e->state = h;
	if (h == NULL)
		return false;
	h->options = e->options;
	h->arena = e->arena;
	h->made = e->made;
	h->n_made = e->n_made;
	return true;
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	struct mc_handout *h = e->state;

	if (h->n == MC_HANDOUT_ACCOUNTS)
		return false;
	h->accounts[h->n++] = a;
	return true;
}

static bool
end(struct mc_emit *e)
{
	if (!e->failed)
		mc_handout_page(e->state, &e->out[0], "page");
	return !e->out[0].failed;
}

static const char *const limits[] = {
	"five accounts on a page; the others have further pages", NULL};

const struct mc_target mc_target_guide = {
	.name = "guide",
	.summary = "page of HTML that leads a person through every device",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_OAUTH2 | MC_CAN_UTF8 |
		MC_CAN_ALIASES | MC_CAN_CALDAV | MC_CAN_CARDDAV |
		MC_CAN_PREFIX | MC_CAN_BOTH | MC_CAN_SECRET |
		MC_CAN_SMTP_SECRET | MC_CAN_SEVERAL | MC_WANTS_MANIFEST |
		MC_SPEAKS | MC_EXPLAINS,
	.docs = {{.role = "guide",
		.suffix = ".guide.html",
		.own_name = "index.html",
		.type = "text/html",
		.secret = true,
		.at_link = MC_AT_LINK_SAYS}},
	.limits = limits,
	.fit = fit,
	.heeds = MC_HEEDS_SIGNS,
	.begin = begin,
	.item = item,
	.end = end,
};
