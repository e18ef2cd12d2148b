/* SPDX-License-Identifier: ISC */
/* What a thread does: asks a server. */
#include <string.h>

#include "check.h"
#include "guard.h"
#include "text.h"

bool
check_is_stopped(void *context)
{
	const struct check *c = context;

	return stop_signal() != 0 || c->no_memory;
}

/* The address that --resolve has for a host; NULL: none. */
static const char *
address_of(const struct check *c, const char *host)
{
	for (size_t i = 0; i < c->n_resolve; i++) {
		const char *equals = strchr(c->resolve[i], '=');
		size_t n = (size_t)(equals - c->resolve[i]);

		if (strlen(host) == n &&
			mc_strncasecmp(host, c->resolve[i], n) == 0)
			return equals + 1;
	}
	return NULL;
}

struct mc_probe_to
check_question(struct check *c, const struct check_account *a,
	const struct check_server *s)
{
	return (struct mc_probe_to){
		.protocol = s->service <= CHECK_SUBMISSION
			? (enum mailcfg_protocol)s->service
			: MAILCFG_IMAP,
		.tls = s->tls,
		.auth = s->auth,
		.host = s->name,
		.port = s->port,
		.address = address_of(c, s->name),
		.servers = c->name_servers,
		.tls_name = c->tls_name,
		.helo = a->domain,
		.trust = c->trust,
		.stopped = check_is_stopped,
		.context = c,
	};
}

void
check_find(struct mc_probe *p, enum mc_step step, enum mc_reason why)
{
	p->step[step] = (struct mc_finding){
		.verdict = mc_reasons[why].verdict, .reason = why};
}

/* Why nobody logged in, where the probe could not know. */
static void
explain_login(const struct check_account *a, struct check_task *t)
{
	enum mc_reason why = a->mailbox == NULL ? MC_WHY_NO_MAILBOX
		: t->unproved                   ? MC_WHY_UNPROVED
		: t->password == NULL           ? MC_WHY_NO_PASSWORD
						: MC_WHY_LOCK_OUT;

	if (t->probe.step[MC_STEP_LOGIN].reason == MC_WHY_NO_PASSWORD)
		check_find(&t->probe, MC_STEP_LOGIN, why);
}

bool
check_ran_out(struct check *c, const struct mc_probe *p)
{
	bool out = guard_failed();

	for (int step = 0; step < MC_STEPS; step++)
		out = out || p->step[step].reason == MC_WHY_NO_MEMORY;
	if (out)
		c->no_memory = true;
	return out;
}

bool
check_is_sound(const struct mc_probe *p)
{
	return mc_probe_worst(p, MC_STEP_NAME, MC_STEP_MECHANISMS) <=
		MC_VERDICT_WARN &&
		(p->step[MC_STEP_MECHANISMS].verdict == MC_VERDICT_OK ||
			p->step[MC_STEP_SERVICE].verdict == MC_VERDICT_OK);
}

void
check_ask(struct check *c, struct check_account *a, struct check_task *t)
{
	struct check_server *s = t->server;
	struct mc_probe_to to = check_question(c, a, s);
	bool first = s->state == CHECK_BUSY;

	to.login = t->login;
	to.mailbox = a->mailbox;
	if (t->asked_login)
		to.password = t->password;
	if (s->service > CHECK_SUBMISSION)
		mc_probe_dav(&to, s->path, &t->probe);
	else
		mc_probe_run(&to, &t->probe);
	check_give_turn(c, s->host,
		mc_probe_worst(&t->probe, 0, MC_STEPS - 1) == MC_VERDICT_FAIL);
	if (check_ran_out(c, &t->probe))
		return;
	explain_login(a, t);
	/* nobody else touches a server that is being asked */
	if (first && s->service <= CHECK_SUBMISSION && stop_signal() == 0 &&
		(!check_is_sound(&t->probe) || s->tls == MAILCFG_TLS_NONE))
		check_propose(c, a, t);
}
