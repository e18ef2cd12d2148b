/* SPDX-License-Identifier: ISC */
/* What a thread does: asks a server, and looks for what works instead. */
#include <string.h>

#include "check.h"
#include "guard.h"
#include "host.h"
#include "text.h"
#include "url.h"

static bool
is_stopped(void *context)
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

/* The question about a server, without a person. */
static struct mc_probe_to
question(struct check *c, const struct check_account *a,
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
		.stopped = is_stopped,
		.context = c,
	};
}

static void
set(struct mc_probe *p, enum mc_step step, enum mc_reason why)
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
		set(&t->probe, MC_STEP_LOGIN, why);
}

/*
 * Whether memory ran out: then no verdict is worth anything.  Libraries tell
 * of it as of a bad certificate, or a handshake that failed.
 */
static bool
ran_out(struct check *c, const struct mc_probe *p)
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
	struct mc_probe_to to = question(c, a, s);
	bool first = s->state == CHECK_BUSY;

	to.login = t->login;
	to.mailbox = a->mailbox;
	if (t->asked_login)
		to.password = t->password;
	if (s->service > CHECK_SUBMISSION)
		mc_probe_dav(&to, s->path, &t->probe);
	else
		mc_probe_run(&to, &t->probe);
	if (ran_out(c, &t->probe))
		return;
	explain_login(a, t);
	/* nobody else touches a server that is being asked */
	if (first && s->service <= CHECK_SUBMISSION && stop_signal() == 0 &&
		(!check_is_sound(&t->probe) || s->tls == MAILCFG_TLS_NONE))
		check_propose(c, a, t, s->proposal, &s->n_proposals);
}

/* Milliseconds for an answer, where another port is tried. */
enum { PATIENCE = 5000 };

/* Proposals in the making. */
struct search {
	struct check *c;
	const struct check_account *account;
	const struct check_server *server;
	struct mc_arena *arena; /* for what is proposed */
	struct check_proposal *out;
	size_t *n;
};

static const char *const options[] = {"--imap", "--pop3", "--smtp"};

static void
propose(struct search *s, const char *option, const char *value,
	const char *field, const char *text)
{
	if (value == NULL || text == NULL) {
		s->c->no_memory = true;
		return;
	}
	if (*s->n < CHECK_PROPOSALS)
		s->out[(*s->n)++] = (struct check_proposal){
			option, value, field, text};
}

/* Whether a server such as this one works; then it is proposed. */
static bool
try(struct search *s, const struct check_server *like)
{
	struct mc_probe_to to = question(s->c, s->account, like);
	struct mc_probe probe;
	const char *option = options[like->service], *url;

	to.patience = PATIENCE;
	mc_probe_run(&to, &probe);
	if (ran_out(s->c, &probe) || !check_is_sound(&probe))
		return false;
	url = mc_url_write(s->arena, (enum mailcfg_protocol)like->service,
		like->tls, like->name, like->port);
	propose(s, option, url, option + 2, url);
	return true;
}

/* The other way to begin TLS at the same port, then the usual ports. */
static void
try_ports(struct search *s)
{
	static const enum mailcfg_tls modes[] = {
		MAILCFG_TLS_IMPLICIT, MAILCFG_TLS_STARTTLS};
	const struct check_server *is = s->server;
	struct check_server like = *is;

	for (size_t i = 0; i < 2; i++) {
		like.tls = modes[i];
		if (like.tls != is->tls && try(s, &like))
			return;
	}
	for (size_t i = 0; i < 2; i++) {
		like.tls = modes[i];
		like.port = mc_default_port(
			(enum mailcfg_protocol)is->service, like.tls);
		/* both at the same port were tried */
		if (like.port != is->port && try(s, &like))
			return;
	}
}

/* The names that the certificate has. */
static void
try_names(struct search *s, const char *names)
{
	struct check_server like = *s->server;
	char name[256];

	for (int tries = 0; *names != '\0' && tries < CHECK_PROPOSALS;
		tries++) {
		size_t n = strcspn(names, " ");

		if (n > 0 && n < sizeof(name) &&
			memchr(names, '*', n) == NULL) {
			memcpy(name, names, n);
			name[n] = '\0';
			like.name = name;
			if (mc_host_is_ldh(name) && try(s, &like))
				return;
		}
		names += n + (names[n] == ' ');
	}
}

/* What the server offers instead of what is set. */
static void
try_auth(struct search *s, const struct mc_finding *mechanisms)
{
	static const struct {
		const char *mechanism, *auth;
	} rows[] = {{"SCRAM-", "encrypted"}, {"CRAM-MD5", "encrypted"},
		{"PLAIN", "password"}, {"LOGIN", "password"},
		{"OAUTH", "oauth2"}};
	const char *field = options[s->server->service] + 2;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name, *set;

		if (strstr(mechanisms->detail, rows[i].mechanism) == NULL)
			continue;
		name = mc_arena_printf(s->arena, "%s.auth", field);
		set = mc_arena_printf(
			s->arena, "%s.auth=%s", field, rows[i].auth);
		propose(s, "--set", set, name, rows[i].auth);
		return;
	}
}

void
check_propose(struct check *c, const struct check_account *a,
	const struct check_task *t, struct check_proposal *out, size_t *n)
{
	struct search s = {c, a, t->server, &t->server->arena, out, n};
	const struct mc_probe *p = &t->probe;
	enum mc_reason connect = p->step[MC_STEP_CONNECT].reason,
		       greeting = p->step[MC_STEP_GREETING].reason;

	if (p->step[MC_STEP_NAME].verdict == MC_VERDICT_FAIL)
		return;
	if (p->step[MC_STEP_CERTIFICATE].reason == MC_WHY_HOST) {
		try_names(&s, p->names);
	} else if (p->step[MC_STEP_MECHANISMS].reason == MC_WHY_MECHANISM) {
		try_auth(&s, &p->step[MC_STEP_MECHANISMS]);
	} else if (connect == MC_WHY_REFUSED || connect == MC_WHY_TIMEOUT ||
		greeting == MC_WHY_SILENT ||
		t->server->tls == MAILCFG_TLS_NONE ||
		greeting == MC_WHY_OTHER_PROTOCOL ||
		(p->step[MC_STEP_TLS].verdict == MC_VERDICT_FAIL &&
			p->step[MC_STEP_TLS].reason != MC_WHY_INJECTED) ||
		p->step[MC_STEP_MECHANISMS].reason == MC_WHY_NO_LOGIN) {
		try_ports(&s);
	}
}
