/* SPDX-License-Identifier: ISC */
/* --sign-cert, --sign-key, --sign-passphrase-from: what signs documents. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"
#include "guard.h"

/* The last second that a certificate could name. */
#define TIME_MAX 253402300799LL

static bool
is_signable(const struct mc_target *target)
{
	bool signable = false;

	for (size_t i = 0; i < mc_target_docs(target); i++)
		signable = signable || target->docs[i].sign;
	return signable;
}

void
signing_check(struct gen *g)
{
	const struct gen_options *o = &g->o;
	bool any = o->n_targets == 0;

	if (o->sign_source.has_address)
		complain_usage(g->program,
			"--sign-passphrase-from: {address} has no place in it");
	if (o->sign_cert == NULL) {
		if (o->sign_key != NULL || o->sign_source.kind != SOURCE_NONE)
			complain_usage(g->program, "%s goes with --sign-cert",
				o->sign_key != NULL ? "--sign-key"
						    : o->sign_source.option);
		return;
	}
	for (size_t i = 0; i < o->n_targets; i++)
		any = any || is_signable(o->targets[i].target);
	if (!any)
		complain_usage(g->program,
			"--sign-cert: no target here makes what can be signed");
}

/* What is read, and wiped when the signer is made of it. */
struct material {
	struct gen *g;
	struct password cert;
	struct password key;
	struct password passphrase;
	bool asked;
};

/* Of mc_signer_source. */
static const char *
passphrase(void *context)
{
	struct material *m = context;
	const struct gen_options *o = &m->g->o;
	const struct mailcfg_pos pos = {o->sign_source.option, 0, 0};
	struct password *p = &m->passphrase;

	m->asked = true;
	if (!source_read(m->g, &o->sign_source, m->g->report,
		    o->sign_key != NULL ? o->sign_key : o->sign_cert, &pos, p))
		return NULL;
	if (memchr(p->bytes, '\0', p->size) != NULL) {
		mc_say(m->g->report, MC_MSG_PASSWORD_SOURCE, &pos, NULL, NULL,
			"a NUL is in it");
		return NULL;
	}
	p->bytes[p->size] = '\0';
	return p->bytes;
}

/* for_key: if there is one in it, nobody else may read it. */
static bool
read_file(struct gen *g, const char *path, bool for_key, struct password *into)
{
	const struct mailcfg_pos pos = {path, 0, 0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	const char *why;
	bool ok;

	if (fd == -1) {
		mc_say(g->report, MC_MSG_NO_INPUT, &pos, NULL, NULL, "%s",
			strerror(errno));
		return false;
	}
	why = password_read(into, fd, 0);
	ok = why == NULL;
	if (into->bytes == NULL)
		complain_memory(g->program);
	else if (why != NULL)
		mc_say(g->report, MC_MSG_NO_INPUT, &pos, NULL, NULL, "%s", why);
	if (ok && for_key &&
		mc_signer_has_key(&(const struct mc_signer_file){
			path, into->bytes, into->size}))
		ok = secret_is_private(
			g, g->report, MC_MSG_READABLE_KEY, fd, path);
	(void)close(fd);
	return ok;
}

/* The time that signatures tell: now, or what SOURCE_DATE_EPOCH says. */
static bool
signing_time(struct gen *g, long long *seconds)
{
	const char *text = getenv("SOURCE_DATE_EPOCH"), *c = text;
	long long time = 0;

	if (text == NULL || *text == '\0')
		return true;
	for (; *c >= '0' && *c <= '9' && time <= TIME_MAX; c++)
		time = time * 10 + (*c - '0');
	if (*c == '\0' && time <= TIME_MAX) {
		*seconds = time;
		return true;
	}
	complain_usage(g->program,
		"SOURCE_DATE_EPOCH wants a number of seconds since 1970");
	return false;
}

static bool
alike(const void *context, const char *there, size_t n_there, const char *made,
	size_t n_made)
{
	return mc_signed_alike(context, there, n_there, made, n_made);
}

/*
 * A mailcfg_report_fn: what libcrypto makes of a lack of memory is not what
 * was wrong.
 */
static void
pass_on(void *context, const struct mailcfg_diag *diag)
{
	struct mc_report *report = context;

	if (!guard_failed())
		report->fn(report->context, diag);
}

static void
load(struct gen *g, struct material *m)
{
	struct mc_report report = {.fn = pass_on, .context = g->report};
	const struct gen_options *o = &g->o;
	bool secret = o->sign_source.kind != SOURCE_NONE;
	struct mc_signer_source source = {
		.cert = {o->sign_cert, m->cert.bytes, m->cert.size},
		.key = {o->sign_key, m->key.bytes, m->key.size},
		.passphrase = secret ? passphrase : NULL,
		.context = m,
		.now = (long long)time(NULL),
	};
	const struct mailcfg_pos pos = {o->sign_source.option, 0, 0};

	source.time = source.now;
	if (!signing_time(g, &source.time))
		return;
	guard_crypto();
	g->signer = mc_signer_load(&source, &report);
	g->report->errors += report.errors;
	g->report->warnings += report.warnings;
	if (guard_failed())
		complain_memory(g->program);
	if (g->signer != NULL && secret && !m->asked)
		mc_say(g->report, MC_MSG_OPTION_UNUSED, &pos, NULL, NULL,
			"the key is not encrypted");
}

bool
signing_open(struct gen *g)
{
	const struct gen_options *o = &g->o;
	struct material m = {.g = g};

	if (o->sign_cert == NULL)
		return true;
	if (read_file(g, o->sign_cert, o->sign_key == NULL, &m.cert) &&
		(o->sign_key == NULL ||
			read_file(g, o->sign_key, true, &m.key)))
		load(g, &m);
	password_free(&m.cert);
	password_free(&m.key);
	password_free(&m.passphrase);
	mc_arena_reset(&g->work);
	g->sink.alike = alike;
	g->sink.context = g->signer;
	g->sink.binary = g->signer != NULL;
	return g->signer != NULL && !guard_failed();
}
