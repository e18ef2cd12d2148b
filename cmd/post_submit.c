/* SPDX-License-Identifier: ISC */
/* --submit: a server for submission, over TLS. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "net/submit.h"
#include "post.h"

_Static_assert((int)MC_SUBMIT_TEXT == (int)POST_TEXT, "one is the other");

static bool
cannot(struct post *p, const char *why)
{
	mc_say(p->g->report, MC_MSG_SUBMISSION, NULL, NULL, NULL, "%s", why);
	return false;
}

/* The password, as a string.  false: reported. */
static bool
read_password(struct post *p)
{
	const struct mailcfg_pos pos = {"--submit-password-from", 0, 0};
	struct password *password = &p->password;

	if (p->login == NULL)
		return true;
	if (!source_read(
		    p->g, &p->source, p->g->report, p->from, &pos, password))
		return false;
	if (memchr(password->bytes, '\0', password->size) != NULL) {
		mc_say(p->g->report, MC_MSG_PASSWORD_SOURCE, &pos, NULL, NULL,
			"a NUL is in it");
		return false;
	}
	/* there is room behind it */
	password->bytes[password->size] = '\0';
	return true;
}

static bool
open_submit(struct post *p)
{
	struct mc_submit_to *to;

	if (!read_password(p))
		return false;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return cannot(p, "libcurl does not start");
	to = mc_arena_alloc(&p->g->arena, sizeof(*to));
	if (to != NULL) {
		*to = (struct mc_submit_to){.host = p->host,
			.port = p->port,
			.implicit = p->implicit,
			.login = p->login,
			.password = p->password.bytes,
			.ca_file = p->ca_file,
			.helo = strrchr(p->from, '@') + 1};
		p->submit = mc_submit_open(to);
	}
	if (p->submit != NULL)
		return true;
	complain_memory(p->g->program);
	return false;
}

static bool
before(void *context)
{
	return post_before(context);
}

static enum post_fate
send_submit(struct post *p, const struct document *doc, const char *bytes,
	size_t n, char text[POST_TEXT + 1])
{
	const struct mc_submit_mail mail = {.from = p->from,
		.to = doc->envelope->to,
		.bytes = bytes,
		.size = n,
		.before = before,
		.context = p};

	switch (mc_submit_send(p->submit, &mail, text)) {
	case MC_SUBMIT_SENT: return POST_SENT;
	case MC_SUBMIT_REFUSED: return POST_REFUSED;
	case MC_SUBMIT_WAITS: return POST_WAITS;
	case MC_SUBMIT_BUSY: return POST_BUSY;
	case MC_SUBMIT_DOUBTFUL: return POST_DOUBTFUL;
	case MC_SUBMIT_FAILED: return POST_FAILED;
	case MC_SUBMIT_NO_MEMORY: return POST_NO_MEMORY;
	case MC_SUBMIT_STOPPED: break;
	}
	return POST_STOPPED;
}

static void
close_submit(struct post *p)
{
	if (p->submit != NULL)
		mc_submit_close(p->submit);
	p->submit = NULL;
	password_free(&p->password);
	curl_global_cleanup();
}

const struct carrier carrier_submit = {
	.verified = true,
	.open = open_submit,
	.send = send_submit,
	.close = close_submit,
};
