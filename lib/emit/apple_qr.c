/* SPDX-License-Identifier: ISC */
/*
 * The QR code of the URL where an account's profile lies.  A code holds the
 * URL and never the profile, which a camera would not install.
 */
#include <stdio.h>
#include <string.h>

#include "code.h"
#include "emit.h"

/* Why there is no profile for the account. */
struct heard {
	char why[512];
	enum mc_field_id field;
	bool refused;
};

static void
hear(void *context, const struct mailcfg_diag *d)
{
	struct heard *heard = context;
	const char *why = d->detail, *colon;
	int id = d->field == NULL ? -1 : mc_field_find(d->field);

	if (d->level != MAILCFG_ERROR || heard->refused)
		return;
	/* "target: field: words" */
	for (int i = 0; i < 2 && (colon = strstr(why, ": ")) != NULL; i++)
		why = colon + 2;
	heard->refused = true;
	heard->field = id < 0 ? MC_ADDRESS : (enum mc_field_id)id;
	(void)snprintf(heard->why, sizeof(heard->why), "%s", why);
}

/* A code for a profile that cannot be made would lead nowhere. */
static void
check_profile(struct mc_check *c)
{
	struct heard heard = {.refused = false};
	struct mc_report report = {.fn = hear, .context = &heard};
	unsigned long long shape;

	if (mc_target_admit(&mc_target_apple, c->account, c->options, false,
		    c->arena, &report, &shape) == NULL &&
		!c->arena->failed)
		mc_refuse(c, heard.field, "there can be no profile: %s",
			heard.why);
}

static void
check(struct mc_check *c)
{
	const char *url;

	if (c->options->link == NULL) {
		mc_refuse(c, MC_ADDRESS,
			"give --profile-url: the code leads to where the "
			"profile lies");
		return;
	}
	check_profile(c);
	url = mc_link_url(c->arena, c->options->link, c->account);
	if (url != NULL && !c->refused)
		mc_code_check(c, strlen(url));
}

static const char *
code(struct mc_arena *arena, const struct mailcfg_account *a,
	const struct mc_options *options, size_t *n)
{
	const char *url = mc_link_url(arena, options->link, a);

	*n = url == NULL ? 0 : strlen(url);
	return url;
}

static bool
item(struct mc_emit *e, const struct mailcfg_account *a)
{
	const char *url, *title;

	/* accounts in one profile: it lies where the first one's would */
	if (e->count > 1)
		return true;
	url = mc_link_url(e->arena, e->options->link, a);
	title = mc_arena_printf(
		e->arena, "Mail settings of %s", a->mailbox_display);
	return url != NULL && title != NULL &&
		mc_code_draw(e, a, url, strlen(url), title, url);
}

static const char *const limits[] = {
	"it holds a URL: where no profile can be made, there is no code",
	"a person who has no network at hand cannot use it", NULL};

static const char *const clients[] = {"iphone", NULL};

/*
 * It can what the profile can, but is no place for a password: a unit test
 * compares.
 */
const struct mc_target mc_target_apple_qr = {
	.name = "apple-qr",
	.summary = "QR code of the URL where a configuration profile lies",
	.can = MC_CAN_USUAL | MC_CAN_ENCRYPTED | MC_CAN_SEVERAL |
		MC_CAN_ALIASES | MC_CAN_CALDAV | MC_CAN_CARDDAV |
		MC_CAN_PREFIX | MC_IS_LINK,
	.oauth2_way = "on the device add the account as the vendor's own type",
	.limits = limits,
	.clients = clients,
	.code = code,
	.docs = {[MC_CODE_PNG] = {.role = "code",
			 .suffix = ".profile-qr.png",
			 .type = "image/png",
			 .binary = true,
			 .at_link = MC_AT_LINK_SAYS},
		[MC_CODE_SVG] = {.role = "code",
			.suffix = ".profile-qr.svg",
			.type = "image/svg+xml",
			.at_link = MC_AT_LINK_SAYS},
		[MC_CODE_TEXT] = {.role = "code",
			.suffix = ".profile-qr.txt",
			.type = "text/plain",
			.at_link = MC_AT_LINK_SAYS},
		[MC_CODE_PAYLOAD] = {.role = "link",
			.suffix = ".profile-url.txt",
			.type = "text/plain",
			.at_link = MC_AT_LINK_SAYS}},
	.form = mc_code_form,
	.fields = mc_code_fields,
	.check = check,
	.item = item,
};
