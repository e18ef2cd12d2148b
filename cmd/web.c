/* SPDX-License-Identifier: ISC */
/* --profile-url and --token-key: where documents will lie on the web. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "gen.h"

static const char key_option[] = "--token-key";

/* Whether some target makes something of it. */
static bool
is_used(const struct gen_options *o)
{
	for (size_t i = 0; i < o->n_targets; i++) {
		const struct mc_target *t = o->targets[i].target;

		for (size_t k = 0; k < mc_target_rows(t); k++)
			if (t->docs[k].at_link != MC_AT_LINK_NOTHING)
				return true;
	}
	return false;
}

/* Under `all`, what tells where documents lie is made when that is known. */
static void
leave_out(struct gen_options *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n_targets; i++)
		if (!o->targets[i].lenient ||
			(o->targets[i].target->can & MC_IS_LINK) == 0)
			o->targets[n++] = o->targets[i];
	o->n_targets = n;
}

void
web_check(struct gen *g)
{
	struct gen_options *o = &g->o;
	const char *why;
	bool token;

	if (o->profile_url == NULL) {
		leave_out(o);
		if (o->token_key != NULL)
			complain_usage(g->program,
				"--token-key goes with --profile-url");
		return;
	}
	why = mc_link_fault(o->profile_url);
	if (why != NULL) {
		complain_usage(g->program, "--profile-url: %s", why);
		return;
	}
	token = mc_link_has_token(o->profile_url);
	if (token && o->token_key == NULL)
		complain_usage(g->program,
			"{token} in --profile-url is made from a secret: give "
			"--token-key FILE");
	if (!token && o->token_key != NULL)
		complain_usage(g->program,
			"--token-key goes with {token} in --profile-url");
	if (!token && o->embed_password)
		complain_usage(g->program,
			"with --embed-password --profile-url wants {token}: "
			"anybody could guess where the passwords lie");
}

/* Reads the site's secret.  "": it was told already; NULL: it went well. */
static const char *
read_key(struct gen *g, struct password *secret)
{
	const char *path = g->o.token_key, *why;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd == -1)
		return strerror(errno);
	why = secret_is_private(g, g->report, MC_MSG_READABLE_SECRET, fd, path)
		? password_read(secret, fd, 0)
		: "";
	(void)close(fd);
	return why;
}

static bool
take_key(struct gen *g)
{
	const struct mailcfg_pos pos = {key_option, 0, 0};
	struct password secret = {NULL, 0};
	const char *why = read_key(g, &secret);
	bool ok = why == NULL && secret.size >= MC_LINK_SECRET;

	if (ok)
		mc_hmac_key(&g->link.key, secret.bytes, secret.size);
	else if (why == password_no_memory)
		mc_say(g->report, MC_MSG_NO_MEMORY, &pos, NULL, NULL,
			"for the key");
	else if (why != NULL && *why != '\0')
		mc_say(g->report, MC_MSG_NO_INPUT, &pos, NULL, NULL, "%s: %s",
			g->o.token_key, why);
	else if (why == NULL)
		mc_say(g->report, MC_MSG_WEAK_KEY, &pos, NULL, NULL,
			"%s has %zu bytes, and %d are wanted: head -c 32 "
			"/dev/urandom > %s",
			g->o.token_key, secret.size, (int)MC_LINK_SECRET,
			shell_word(&g->arena, g->o.token_key));
	password_free(&secret);
	return ok;
}

bool
web_prepare(struct gen *g)
{
	const struct mailcfg_pos pos = {"--profile-url", 0, 0};

	if (g->o.profile_url == NULL)
		return true;
	if (!is_used(&g->o))
		mc_say(g->report, MC_MSG_OPTION_UNUSED, &pos, NULL, NULL,
			"no target of this run lies there, or says what does");
	if (g->o.token_key != NULL && !take_key(g))
		return false;
	g->link.pattern = g->o.profile_url;
	g->emit.link = &g->link;
	return true;
}
