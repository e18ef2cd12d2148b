/* SPDX-License-Identifier: ISC */
#include "heed.h"

#include <stdlib.h>
#include <string.h>

#include "emit/sentinel.h"

/* What the values look like, as a plan tells it. */
static unsigned
signs_of(const struct mailcfg_account *a, bool embed)
{
	const char *const names[] = {
		a->name, a->given_name, a->family_name, a->person};
	unsigned signs = 0, found;
	bool upper;

	if (!mc_plain_local(a->local_part, strlen(a->local_part), &upper))
		return MC_SIGN_ODD;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i] == NULL)
			continue;
		found = mc_plain_signs(names[i], strlen(names[i]));
		signs |= found << MC_SIGN_NAMES | (found & MC_SIGN_ODD);
	}
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++) {
		const char *login = a->server[i].login;
		const char *password = a->server[i].password;

		if (mc_login_like(a, i) == MC_LIKE_ITSELF)
			signs |= mc_plain_signs(login, strlen(login));
		if (password == NULL)
			continue;
		found = mc_plain_signs(password, strlen(password));
		signs |= embed ? found : found & MC_SIGN_ODD;
	}
	(void)mc_likes(a, &signs);
	return signs;
}

/* The values of somebody else, with none of the signs. */
static bool
become_calm(struct mc_arena *arena, struct mc_account *to,
	const struct mailcfg_account *a)
{
	const char *domain = a->domain, *shown = a->domain_display;

	if (!mc_make_sentinel(arena, to, a))
		return false;
	to->a.domain = domain;
	to->a.domain_display = shown;
	to->a.deliver_to = a->deliver_to;
	to->a.mailbox = mc_arena_printf(
		arena, "%s@%s", to->a.local_part, domain);
	to->a.mailbox_display = mc_arena_printf(
		arena, "%s@%s", to->a.local_part, shown);
	for (int i = 0; i < MAILCFG_PROTOCOLS; i++)
		if (mc_login_like(a, i) == MC_LIKE_MAILBOX)
			to->a.server[i].login = to->a.mailbox;
	return !arena->failed;
}

struct answer {
	unsigned long long shape, sum;
	const struct mailcfg_account *a;
	enum mc_scope scope;
};

static struct answer
ask(const struct mc_target *target, const struct mailcfg_account *a,
	const struct mc_options *options, struct mc_arena *arena)
{
	struct mc_report mute = {0};
	struct answer answer = {0};

	answer.a = mc_target_admit(
		target, a, options, true, arena, &mute, &answer.shape);
	answer.sum = mute.sum;
	if (answer.a == NULL)
		answer.shape = 0;
	else
		answer.scope = mc_target_scope(target, answer.a, options);
	return answer;
}

enum heed
heed(const struct mc_target *target, const struct mailcfg_account *a,
	const struct mc_options *options)
{
	unsigned signs = signs_of(a, options->embed_password);
	struct mc_arena arena = {0};
	struct mc_account *other;
	struct answer one, two;
	enum heed kept = HEED_BROKEN;

	if ((target->heeds & MC_HEEDS_SIGNS) == 0 ||
		(signs & (target->heeds | MC_SIGN_ODD)) != 0)
		return HEED_SILENT;
	other = mc_arena_alloc(&arena, sizeof(*other));
	if (other != NULL && become_calm(&arena, other, a)) {
		one = ask(target, a, options, &arena);
		two = ask(target, &other->a, options, &arena);
		if ((one.a == NULL) == (two.a == NULL) &&
			one.shape == two.shape && one.sum == two.sum &&
			one.scope == two.scope)
			kept = HEED_KEPT;
	}
	mc_arena_free(&arena);
	return kept;
}
